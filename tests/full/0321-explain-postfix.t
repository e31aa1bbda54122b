#!/bin/sh
# dkim-verify --explain and what a real Postfix makes of signed messages: lines
# split at smtp_line_length_limit, 8-bit text made quoted-printable for a relay
# without 8BITMIME, and a disclaimer by a content filter.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/postfix.sh
. "$ROOT/tests/postfix.sh"
mkdir "$TMP/bin" && : >"$TMP/bin/nothing" # postfix_mounts moves what is there
cd "$TMP" || exit 1

# signed NAME: made of stdin
signed() {
	dkim-sign --no-warnings --now=2026-11-20T10:00:00Z -d example.org \
		-k "r2048=$TMP/keys/rsa2048.pem" -c relaxed/relaxed >"$TMP/$1"
}
signed eight <"$DATA/shapes/utf8.eml"
signed parts <"$DATA/shapes/alt8.eml"
signed plain <"$DATA/shapes/plain.eml"
signed long <"$DATA/shapes/long.eml"

# It announces nothing, and writes each message to a file.
cat >"$TMP/sink" <<'E2'
use IO::Socket::INET;
my $listen = IO::Socket::INET->new(LocalAddr => "127.0.0.1:2525",
    Listen => 5, ReuseAddr => 1) or die;
my $n = 0;
while (my $smtp = $listen->accept) {
	print $smtp "220 sink\r\n";
	while (my $line = <$smtp>) {
		print($smtp "354 go on\r\n"), data($smtp), next
		    if $line =~ /^DATA/i;
		print $smtp $line =~ /^EHLO/i ? "502 no\r\n" : "250 ok\r\n";
	}
}
sub data {
	my $smtp = shift;
	open(my $file, ">:raw", "$ENV{TMP}/part") or die;
	while (my $line = <$smtp>) {
		$line =~ s/\r\n/\n/;
		last if $line eq ".\n";
		$line =~ s/^\.//;
		print $file $line;
	}
	close $file;
	$n++;
	rename "$ENV{TMP}/part", "$ENV{TMP}/sunk.$n";
	print $smtp "250 taken\r\n";
}
E2
perl "$TMP/sink" &
serve_pids="$serve_pids $!"
postfix_recipe=''
postfix_begin 'local_transport = smtp:[127.0.0.1]:2525' \
	'relayhost = [127.0.0.1]:2525' 'smtp_host_lookup = native'

# sunk N: waits until the sink has so many messages
sunk() {
	i=0
	while [ $i -lt 300 ] && [ ! -e "$TMP/sunk.$1" ]; do
		sleep 0.1
		i=$((i + 1))
	done
}

# explained TITLE FILE WORDS
explained() {
	dkim-verify -r -z "$ZONE" --now="$NOW" "$2" >/dev/null 2>&1
	exits $? "$1: the status remains" dkim-verify --explain -z "$ZONE" \
		--now="$NOW" --repaired="$TMP/repaired" "$2"
	has "$1: the sentence" "$3" "$TMP/out"
	exits 0 "$1: the repaired message verifies" dkim-verify -z "$ZONE" \
		--now="$NOW" "$TMP/repaired"
}
send long
sunk 1
explained 'long lines' sunk.1 \
	'broke up overlong text in 5 places from line 1 of the body on; the rest is as example.org signed it.'
send eight
sunk 2
has 'Postfix encodes 8-bit text' 'quoted-printable' sunk.2
explained '8-bit text' sunk.2 'converted the text to another encoding (quoted-printable)'
send parts
sunk 3
explained '8-bit parts' sunk.3 'quoted-printable'

# --- a content filter ---

if command -v altermime >/dev/null; then
	cat >local/libexec/disclaim <<E2
#!/bin/sh
umask 077
file=\$(mktemp "$TMP/spool/XXXXXX") || exit 75
trap 'rm -f "\$file"' EXIT
cat >"\$file" || exit 75
altermime --input="\$file" --disclaimer="$TMP/disclaimer" >/dev/null || exit 75
/usr/sbin/sendmail -G -i "\$@" <"\$file"
E2
	chmod 755 local/libexec/disclaim
	printf '%s\n' '--' 'This message is confidential.' >"$TMP/disclaimer"
	sed -i 's/^smtp inet n - n - - smtpd$/&\n  -o content_filter=disclaim:/' \
		etc/master.cf
	cat >>etc/master.cf <<E2
disclaim unix - n n - 10 pipe
  flags=Rq user=filter argv=/usr/local/libexec/disclaim -f \${sender} -- \${recipient}
E2
	postfix reload >>"$TMP/postfix.out" 2>&1
	sleep 1
	send plain
	sunk 4
	explained 'a disclaimer' sunk.4 'added a 2-line footer after line 9 of the body'
else
	skip 'a content filter' 'no altermime'
fi
postfix_end
finish
