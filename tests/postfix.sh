# postfix.sh: a real Postfix for a test, alone with it: in namespaces of its own
# for processes, network and mounts, so that nothing listens outside, nothing is
# written outside, and all is gone when the test ends. Source it after lib.sh,
# before delivery.sh; it runs the test a second time, inside.
#
#	postfix_begin [LINE...]	configures Postfix: mx.example.net, at port 25
#				of 192.0.2.10 and others, with master.cf as the
#				recipe in $postfix_recipe has it, if any, and
#				LINEs of main.cf; starts it
#	send FILE [CLIENT [SENDER]]	by SMTP; from notices@example.org
#	speaks FILE CLIENT SENDER HELO	the same, and no test
#	settled			waits until nothing but deferred mail is queued
#	queued N		that much is, and Postfix has bounced nothing
#	flush			tries again what is deferred
#	mailbox			lists what user@example.net has
#	postfix_end
#
# What recipes call is in /usr/local, as they say; configuration is in
# /etc/postfix, users in /etc/passwd, mailboxes that agents make themselves in
# /var/mail: mounts of what is below $TMP.
# shellcheck shell=sh disable=SC2034,SC2154
postfix_needs() {
	[ "$(id -u)" -eq 0 ] || skip_all 'only root can run Postfix'
	for needed in postfix perl unshare ip mount; do
		command -v $needed >/dev/null || skip_all "no $needed here"
	done
	perl -MIO::Socket::INET -e 0 2>/dev/null ||
		skip_all 'no IO::Socket here'
	[ -f /etc/postfix/postfix-files ] ||
		skip_all 'Postfix is not as Debian has it'
	unshare --fork --pid --mount --net --mount-proc true 2>/dev/null ||
		skip_all 'no namespaces here'
}

PATH=$PATH:/usr/sbin:/sbin
if [ -z "${VOUCH_INSIDE-}" ]; then
	postfix_needs
	VOUCH_INSIDE=1 timeout -k 5 900 unshare --fork --pid --kill-child \
		--mount --net --mount-proc "$0"
	exit
fi

# Tools where other users can run them.
chmod 755 "$TMP"
mkdir "$TMP/tools" "$TMP/local" "$TMP/local/bin" "$TMP/local/libexec" \
	"$TMP/etc" "$TMP/queue" "$TMP/home" "$TMP/spool" "$TMP/mail" &&
	cp -p "${VOUCH_BIN:-$BUILD/bin}"/* "$TMP/tools" &&
	chmod 1777 "$TMP/spool" "$TMP/mail" || exit 1
VOUCH_BIN=$TMP/tools
USER_ID=64001
FILTER_ID=64002

postfix_users() {
	cp /etc/passwd "$TMP/passwd"
	cp /etc/group "$TMP/group"
	echo "user:x:$USER_ID:$USER_ID::$TMP/home/user:/bin/sh" >>"$TMP/passwd"
	echo "filter:x:$FILTER_ID:$FILTER_ID::$TMP:/bin/sh" >>"$TMP/passwd"
	echo "user:x:$USER_ID:" >>"$TMP/group"
	echo "filter:x:$FILTER_ID:" >>"$TMP/group"
	mkdir "$TMP/home/user" && chown $USER_ID:$USER_ID "$TMP/home/user"
}

postfix_mounts() {
	mv "$TMP"/bin/* "$TMP/local/bin"
	chmod -R a+rX "$TMP/local" "$TMP/tools"
	mount --bind "$TMP/passwd" /etc/passwd &&
		mount --bind "$TMP/group" /etc/group &&
		mount --bind "$TMP/local" /usr/local &&
		mount --bind "$TMP/mail" /var/mail &&
		mount --bind "$TMP/etc" /etc/postfix || exit 1
	ip link set lo up
	for address in 192.0.2.10 192.0.2.66; do
		ip address add $address/32 dev lo
	done
}

postfix_begin() {
	postfix_users
	cp -R /etc/postfix/. "$TMP/etc"
	cat >"$TMP/etc/main.cf" <<EOT
compatibility_level = 3.6
queue_directory = $TMP/queue
data_directory = $TMP/data
myhostname = mx.example.net
mydestination = example.net
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
alias_maps =
smtpd_peername_lookup = no
disable_dns_lookups = yes
maillog_file_prefixes = $TMP
maillog_file = $TMP/maillog
export_environment = TZ MAIL_CONFIG LANG TMPDIR=$TMP/spool
EOT
	printf '%s\n' "$@" >>"$TMP/etc/main.cf"
	postfix_services >"$TMP/etc/master.cf"
	install -d -o postfix "$TMP/data"
	postfix_mounts
	postfix start >"$TMP/postfix.out" 2>&1
	result $? 'Postfix runs' || note "$(cat "$TMP/postfix.out")"
}

# Those of Debian, not in a chroot, but for the one that the recipe replaces.
postfix_services() {
	if [ "$postfix_recipe" ]; then
		recipe "$postfix_recipe"
	else
		echo 'smtp inet n - n - - smtpd'
	fi
	cat <<'EOT'
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
EOT
}

postfix_end() {
	postfix stop >>"$TMP/postfix.out" 2>&1
	[ "$test_failed" -eq 0 ] || note "$(tail -n 30 "$TMP/maillog")"
}

# In octets as they are, which a library would not always send.
speaks() {
	perl -MIO::Socket::INET -e '
		my ($path, $client, $sender, $helo) = @ARGV;
		open(my $file, "<:raw", $path) or die "$path: $!";
		my $text = do { local $/; <$file> };
		$text =~ s/^\./../mg;
		$text =~ s/\n/\r\n/g;
		my $smtp = IO::Socket::INET->new(PeerAddr => "$client:25",
		    Timeout => 10) or die "$client: $@";
		for my $line ("", "HELO $helo", "MAIL FROM:<$sender>",
		    "RCPT TO:<user\@example.net>", "DATA", "$text.", "QUIT") {
			print $smtp "$line\r\n" if length $line;
			my $answer = <$smtp> // die "no answer to $line";
			$answer =~ /^[23]/ or die "$line: $answer";
		}' "$@"
}

send() {
	speaks "$1" "${2:-192.0.2.10}" "${3-notices@example.org}" \
		mail.example.org
	result $? "$1 is sent${2:+ by $2}"
}

in_queue() {	# in_queue NAME...: how many files
	for queue; do
		find "$TMP/queue/$queue" -type f
	done | wc -l
}

# Up to 60 s. Deferred mail counts only once its reason is written.
settled() {
	i=0
	sleep 0.2
	while [ $i -lt 600 ]; do
		[ "$(in_queue maildrop incoming active)" -ne 0 ] || return 0
		sleep 0.1
		i=$((i + 1))
	done
	note 'the queue did not settle'
}

queued() {
	[ "$(in_queue maildrop incoming active deferred)" -eq "$1" ] &&
		! grep -q 'status=bounced\|sender non-delivery' "$TMP/maillog"
	result $? "$2" || note "$(tail -n 20 "$TMP/maillog")"
}

# It is tried again as soon as the log has one more attempt.
attempts() {
	grep -c ' status=' "$TMP/maillog"
}

flush() {
	flush_before=$(attempts)
	postqueue -f
	i=0
	while [ $i -lt 600 ] && [ "$(attempts)" -eq "$flush_before" ]; do
		sleep 0.1
		i=$((i + 1))
	done
	settled
}

mailbox() {
	find "$TMP/home/user" -type f ! -name '.*' | sort
}

# arrived TITLE VERDICTS SENT FOLDER: it is all that is in the mailbox
arrived() {
	mailbox >"$TMP/list"
	sed 1q "$(sed q "$TMP/list")" >"$TMP/list.first"
	tail -c "$(wc -c <"$3")" "$(sed q "$TMP/list")" >"$TMP/tail"
	arrived_got=$(sed '/^$/q' "$(sed q "$TMP/list")" | sed -n \
	    's/^Authentication-Results: mx[^;]*; \([a-z]*=[a-z]*\).*/\1/p' |
		tr '\n' ' ' | sed 's/ $//')
	[ "$(wc -l <"$TMP/list")" -eq 1 ] && cmp -s "$TMP/tail" "$3" &&
		[ "$arrived_got" = "$2" ] && grep -q "/$4new/" "$TMP/list"
	result $? "$1" && return
	note "$(cat "$TMP/list") $arrived_got"
	note "$(cmp "$TMP/tail" "$3" 2>&1)"
	return 1
}

empty() {
	[ -z "$(mailbox)" ]
	result $? "$1" || note "$(mailbox)"
}
