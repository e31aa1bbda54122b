# dmarc.sh: dmarc-eval and vbr-check on 2,000 messages; a part of run. Those of
# the Maildir have the results of a chain; those of the mbox are signed, and
# pass. Of VBR there is no peer; opendmarc is a milter, so its library is here.
# shellcheck shell=sh
count=2000
suffixes=$DATA/dmarc/suffixes.dat

mkdir maildir maildir/cur maildir/new maildir/tmp
awk -v count=$count -v domains=200 -v signed=20 -f "$BENCH/mail.awk" || exit 1
key=$(sed -n 's/^r2048\._domainkey\.example\.org\. .* TXT //p' "$ZONE")
for n in 00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19; do
	d=d${n#0}.test
	echo "r2048._domainkey.$d. 60 IN TXT $key" >>zone
	echo "From a@bounce.$d Fri Nov 20 10:00:00 2026"
	dkim-sign -d "$d" -k r2048=keys/rsa2048.pem --no-timestamp \
		<"maildir/new/00$n" || exit 1
	echo
done >some
i=0
while [ $((i += 1)) -le $((count / 20)) ]; do
	cat some
done >mbox
start dmarc zone

trusted='--trust-authres -r --authserv-id=mx.test maildir'
trusted="--exit-map=none=0,fail=0 $trusted"
full='-r --authserv-id=mx.test -z zone mbox'
old="dmarc-eval --rfc7489 --psl=$suffixes -n $SERVER $trusted 2>counts"
vouched="-t c1.test -t c2.test"

measure "dmarc-eval, $count messages with results, to reading them" \
	-n $count 10 /dev/null "dmarc-eval -z zone $trusted 2>counts" \
	'cat maildir/new/*'
measure "vbr-check, $count messages with results, to reading them" \
	-n $count 10 /dev/null "vbr-check -z zone $vouched $trusted 2>counts" \
	'cat maildir/new/*'
for tool in dmarc-eval "vbr-check $vouched"; do
	measure "${tool%% *}, $count messages with SPF and DKIM, to dkim-verify" \
		-n $count 10 /dev/null "$tool $full 2>counts" \
		"dkim-verify $full 2>counts"
done

# against NAME LIST COMMAND...
against() {
	against_name=$1 against_list=$2
	shift 2
	"$@" "$port" "$suffixes" "$against_list" >theirs 2>theirs.err
	cut -f 1 theirs >results.theirs
	agree "$against_name" results.ours results.theirs
	measure "dmarc-eval --rfc7489, $count messages, to $against_name" \
		-n $count 1 /dev/null "$old" \
		"$* $port $suffixes $against_list 2>theirs.err"
}

sh -c "$old" | sed 's/.*: dmarc=//; s/ .*//' >results.ours
if has_python 'authheaders, dns.resolver'; then
	cat >authheaders <<-END
		#!/bin/sh
		exec "$python" "$PEERS/dmarc-authheaders.py" "\$@" \
			/dev/stdout /dev/null
	END
	chmod +x authheaders
	against authheaders messages ./authheaders
else
	absent 'dmarc-eval to authheaders' 'authheaders with dnspython'
fi
if has_perl Mail::DMARC::PurePerl; then
	against Mail::DMARC messages perl "$PEERS/dmarc-maildmarc.pl"
else
	absent 'dmarc-eval to Mail::DMARC' Mail::DMARC
fi
# It reads no messages: it is told the author domain, too.
if "$python" -c 'import ctypes; ctypes.CDLL("libopendmarc.so.2")' 2>theirs.err
then
	against 'libopendmarc (domains)' domains \
		"$python" "$PEERS/dmarc-opendmarc.py"
else
	absent 'dmarc-eval to libopendmarc' 'libopendmarc.so.2, or no Python'
fi
