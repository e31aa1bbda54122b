# limit.sh: how near vouch is to what the machine allows; a part of run. Each row
# has its aim. The reference is what cannot be avoided, or what is used today.
# shellcheck shell=sh
mkdir limit && cd limit || exit 1
hash='openssl dgst -sha256'
zone="-z $PWD/zone"
size=${BENCH_MIB:-100}

# letter NAME: of 4 KB
letter() {
	printf 'From: a@example.org\nTo: b@example.net\nSubject: %s\n' "$1"
	printf 'Date: Fri, 20 Nov 2026 10:00:00 +0000\n'
	printf 'Message-ID: <%s@example.org>\nMIME-Version: 1.0\n\n' "$1"
	yes 'The quick brown fox jumps over the lazy dog, and it does so again.' |
		head -n 50
}
# signed ARG...: stdin below a signature of 2048 bits
signed() {
	dkim-sign -d example.org -k r2048=../keys/rsa2048.pem --no-timestamp "$@"
}
{
	cat "$ZONE"
	echo 'example.org. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"'
	echo '_dmarc.example.org. 60 IN TXT "v=DMARC1; p=reject"'
	echo 'example.org._vouch.c1.test. 60 IN TXT "all"'
} >zone
mkdir maildir maildir/cur maildir/new maildir/tmp
for i in $(seq 50); do
	letter "$i" | signed >message || exit 1
	for copy in $(seq 20); do
		cp message "maildir/cur/$i-$copy:2,S"
	done
done
{
	letter large | sed '/^The/d'
	yes 'A line of text as people write it, with blanks, of 64 octets.' |
		head -c "$((size << 20))"
} >large
signed <large >relaxed && signed -c simple/simple <large >simple || exit 1

# --- many messages ---

aim='at least 0.50'
measure 'RSA alone, 1,000 signatures, to dkim-verify of 1,000 messages' \
	-n 1000 15 ../keys/rsa2048.pem "$BUILD/tests/bench/rsa 1000" \
	"dkim-verify -r $zone maildir 2>counts"
aim='at most 1.60'
measure 'dmarc-eval -j, 1,000 messages, to dkim-verify -j' -n 1000 15 \
	/dev/null "dmarc-eval -j $zone -i 192.0.2.1 -f a@example.org \
--authserv-id=mx.test maildir 2>counts" \
	"dkim-verify -j $zone maildir 2>counts"
aim=
theirs=$PWD/opendkim
# shellcheck disable=SC2046 # words
if ${CC:-cc} -O2 -o "$theirs" "$PEERS/opendkim.c" \
	$(pkg-config --cflags --libs opendkim 2>/dev/null) 2>theirs.err; then
	sed 's/^\([^ ;]*\)\. .* TXT /\1 /; s/" "//g; s/"//g; /^;/d' "$ZONE" \
		>keys
	measure 'dkim-verify, 1,000 messages, to a loop over libopendkim' \
		-n 1000 5 /dev/null "dkim-verify -r $zone maildir 2>counts" \
		"$theirs keys maildir/cur/*"
else
	absent 'dkim-verify to libopendkim' libopendkim-dev
fi

# --- one message of 4 KB ---

for operands in 1.70:spf-query:'-Q -i 192.0.2.1 -f a@example.org' \
	3.40:vbr-check:'-Q -d example.org -t c1.test' \
	3.40:dmarc-eval:'-Q --author=example.org --dkim=pass:example.org' \
	3.40:dkim-verify:'-q message'; do
	aim="at most ${operands%%:*}"
	operands=${operands#*:}
	measure "${operands%%:*}, the process, to an empty one" -x 51 /dev/null \
		"${operands%%:*} ${operands#*:} $zone" "$BUILD/tests/bench/empty"
done
aim='at most 0.75'
if ! command -v opendkim-testmsg >found; then
	absent 'dkim-verify, live, to opendkim-testmsg' opendkim-testmsg
elif ! can_be_alone; then
	absent 'dkim-verify, live, to opendkim-testmsg' unshare
else
	within=alone
	measure 'dkim-verify, live resolver, wall, to opendkim-testmsg' -wx 51 \
		message 'dkim-verify -q' opendkim-testmsg
	within=
fi

# --- one large message ---

# For a CPU with SHA instructions.
aim='at most 1.40'
for c in relaxed simple; do
	measure "dkim-verify of a file of $size MiB, $c, to openssl dgst" 9 $c \
		"dkim-verify -r $zone $c" "$hash"
done
aim='at most 2.20'
filter="dkim-verify -a --authserv-id=mx.test $zone"
measure "dkim-verify -a, pipe to pipe, $size MiB, to openssl dgst" -p 9 relaxed \
	"$filter" "$hash"
measure 'the same, wall' -pw 9 relaxed "$filter" "$hash"
aim='at most 1.50'
measure "dkim-sign of a file of $size MiB, to openssl dgst and cat" 9 large \
	'dkim-sign -d example.org -k r2048=../keys/rsa2048.pem' \
	"$hash large; cat large"

# --- two processors ---

# With other work on the machine, only the CPU time tells.
aim='at least 1.80, idle'
find maildir maildir maildir maildir -type f -print0 >names
measure 'dkim-verify -j, 4,000 messages, wall, to xargs -P2 of it' -w 9 \
	names "dkim-verify -j $zone --files-from=- -0 2>counts" \
	"xargs -0 -n 1000 -P2 dkim-verify -j $zone 2>counts"
aim='at least 0.90'
measure 'the same, CPU' 9 names \
	"dkim-verify -j $zone --files-from=- -0 2>counts" \
	"xargs -0 -n 1000 -P2 dkim-verify -j $zone 2>counts"
aim=
cd .. || exit 1
