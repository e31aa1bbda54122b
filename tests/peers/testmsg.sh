#!/bin/sh
# Verifies with opendkim-testmsg, which queries the system's resolver: so in a
# network and with a resolv.conf of its own, where dnsd answers from a zone.
#	testmsg.sh DNSD ZONE DIR LIST
# runs itself in new namespaces and prints each file of LIST with pass or fail.
# DIR is for its own files. Ends with 77 if there can be no namespaces.
set -u
if [ "${TESTMSG_INSIDE-}" != yes ]; then
	unshare -rnm true 2>/dev/null || exit 77
	TESTMSG_INSIDE=yes exec unshare -rnm "$0" "$@"
fi
dnsd=$1 zone=$2 dir=$3 list=$4
ip link set lo up || exit 77
echo nameserver 127.0.0.1 >"$dir/resolv.conf"
mount --bind "$dir/resolv.conf" /etc/resolv.conf || exit 77
mkfifo "$dir/port" || exit 77
"$dnsd" -p 53 "$zone" >"$dir/port" &
server=$!
read -r _ <"$dir/port"
while read -r file; do
	if opendkim-testmsg <"$file" >/dev/null 2>&1; then
		printf '%s\tpass\n' "$file"
	else
		printf '%s\tfail\n' "$file"
	fi
done <"$list"
kill "$server"
