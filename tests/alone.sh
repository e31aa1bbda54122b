# alone.sh: a network whose resolver is dnsd, for programs that query port 53
# alone. Source it after lib.sh; it works in the current directory.
#
#	can_be_alone		Can there be such a network here? To be called
#				first; if not, the file "errors" has why
#	alone COMMAND...	runs it there; dnsd has the file "zone"
# shellcheck shell=sh

# What unshare takes for it.
can_be_alone() {
	for namespace in -mn -rmn; do
		unshare "$namespace" sh -c 'ip link set lo up &&
			mount --bind /dev/null /etc/resolv.conf' 2>errors &&
			return
	done
	return 1
}

alone() {
	printf 'nameserver 127.0.0.1\n' >resolv.conf
	rm -f inside
	# shellcheck disable=SC2016 # for that shell
	unshare "$namespace" sh -c '
		ip link set lo up && mkfifo inside &&
			mount --bind resolv.conf /etc/resolv.conf || exit
		"$0" -p 53 zone >inside &
		read -r _ <inside
		"$@"
		status=$?
		kill $!
		exit $status' "$DNSD" "$@"
}
