#!/bin/sh
# What a run may take: the memory of DNS answers that are kept between messages,
# and of records that lead to each other; and what becomes of a message where
# there is no memory at all.
# shellcheck source=tests/lib.sh disable=SC2317,SC2119,SC2120
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools.sh
. "${0%/*}/../tools.sh"
needs_helpers
PEAK=$BUILD/tests/helper/peak
cd "$TMP" || exit 1

sanitized() {
	grep -q __asan_init "$BUILD/bin/dkim-verify"
}

# takes_little NAME: what ran under $PEAK
takes_little() {
	read -r kib _ <peak
	note "$kib KiB"
	if sanitized; then
		skip "$1: less than 32 MiB of memory" 'address sanitizer'
	else
		ok "$1: less than 32 MiB of memory" [ "$kib" -lt 32768 ]
	fi
}

# --- answers that are kept ---

# Answers of 64 KiB: "full" is text, "empty" is strings without any, which take
# more than they are; "small" is what answers are like.
awk 'BEGIN {
	for (i = 0; i < 249; i++)
		text = text "x"
	printf "*.full.test. 60 IN TXT \"v=spf1 -all\""
	for (i = 0; i < 255; i++)
		printf " \" x=%s\"", text
	printf "\n*.empty.test. 60 IN TXT \"v=spf1 -all\""
	for (i = 0; i < 60000; i++)
		printf " \"\""
	print "\n*.small.test. 60 IN TXT \"v=spf1 -all\""
	print "sync.test. 60 IN TXT \"v=spf1 -all\""
	print "again.test. 60 IN TXT \"v=spf1 ip4:192.0.2.1 a:late.test" \
		" include:again.test include:again.test -all\""
	for (i = 0; i < 40; i++)
		print i ".pair.test. 60 IN TXT \"v=spf1 ip4:192.0.2.1" \
			" include:" i + 1 ".pair.test" \
			" include:" i + 1 ".pair.test a:" i ".late.test -all\""
	print "40.pair.test. 60 IN TXT \"v=spf1 -all\""
	print "*.late.test. 60 IN A 198.51.100.1"
}' >zone
if ! serve dns zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

# kind NAMES TIMES: the first name is queried again after so many others; then
# it has been queried so many times
while read -r kind names times title; do
	{
		echo "192.0.2.1 a@first.$kind.test h"
		awk -v n="$names" -v kind="$kind" 'BEGIN {
			while (n--)
				print "192.0.2.1 a@n" n "." kind ".test h"
		}'
		echo "192.0.2.1 a@first.$kind.test h"
	} >queries
	"$PEAK" peak spf-query -n "$SERVER" --batch=queries >out 2>err
	# The answer to the last query comes when all before are in the log.
	spf-query -Q -i 192.0.2.1 -f a@sync.test -n "$SERVER" >sync 2>&1
	ok "$kind: each has its result" \
		[ "$(grep -c '^spf=fail.*-all of' out)" -eq "$((names + 2))" ]
	got=$(grep -c " udp first\.$kind\.test\. TXT" dns.log)
	[ "$got" -eq "$times" ]
	result $? "$kind: $title" ||
		note "queried $got times" "$(head -n 2 err)"
	takes_little "$kind"
done <<-END
	full 400 2 answers that take too much are forgotten between messages
	empty 65 2 so are those that take more than they are
	small 400 1 as many small ones are kept
END

# --- records that lead to each other ---

# What they lead to is queried once, so that it takes no queries to go on; but
# the ways are as many as the leaves of a tree. timeout tells an end from a
# hang, and ulimit spares the machine where there is none.
while read -r domain title; do
	(
		# shellcheck disable=SC3045 # shells count in KiB
		sanitized || ulimit -v 2000000
		exec timeout 60 "$PEAK" peak spf-query -Q --tree \
			-i 192.0.2.1 -f "a@$domain" -n "$SERVER" >out 2>err
	)
	result $? "$domain: $title" || note "$(cat err)"
	takes_little "$domain"
done <<-END
	again.test a tree of a record that leads to itself twice ends
	0.pair.test a tree of records that lead to the next one twice ends
END

# --- no memory ---

spf() {
	spf-query --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		--set='spf.example TXT v=spf1 a:b.spf.example all' \
		-i 192.0.2.1 -f a@spf.example "$@"
}

check() {
	vbr-check --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		--set='example.org._vouch.vouch.example TXT all' \
		-t vouch.example --no-vbr-info "$@"
}

# A header of 3 MiB, which takes memory while it is read, and a body that goes
# to a file.
sign <"$DATA/message.eml" >signed
{
	awk 'BEGIN {
		for (i = 0; i < 40000; i++)
			print "X-Field: " i " of many that take some memory"
	}'
	cat signed
} >large
awk 'BEGIN { for (i = 0; i < 60000; i++) print "a line of the body" }' >>large

# within KIB COMMAND...: shells count memory in KiB
# shellcheck disable=SC3045
within() {
	(ulimit -v "$1" && shift && "$@")
}

# Does a run at all begin in so much? Else the system or a library ends it.
begins() {
	within "$1" "$tool" --version </dev/null >out 2>err
}

# The one line, with nothing of the message.
is_starved() {
	[ ! -s out ] || return
	lines=
	while IFS= read -r line; do
		case $line in
		'Error in GnuTLS init'*) ;;
		*) lines="$lines$line." ;;
		esac
	done <err
	[ "$lines" = "$tool: out of memory." ]
}

# count STATUS: counts how a run ended, or reports the fault in it
count() {
	if [ "$1" -eq 0 ] && cmp -s out want && [ ! -s err ]; then
		good=$((good + 1))
	elif [ "$1" -eq 75 ] && is_starved; then
		starved=$((starved + 1))
	elif [ ! -s out ] && [ "$1" -ne 0 ] && ! begins "$kib"; then
		early=$((early + 1))
	else
		echo "$kib KiB: status $1, $(wc -c <out) octets:" \
			"$(head -n 1 err)" >>faults
	fi
}

# Does it get as far as to say that this is too little?
loads() {
	begins "$1" || [ $? -eq 75 ]
}

# From what is too little for anything up to what is enough.
starve() {
	kib=4000 good=0 starved=0 early=0
	: >faults
	while [ "$kib" -lt 100000 ] && ! loads $((kib + 1024)); do
		kib=$((kib + 1024))
	done
	while [ "$kib" -lt 100000 ] && [ "$good" -lt 3 ]; do
		piped "$kib" "$@" >out 2>err
		count $?
		kib=$((kib + step))
	done
}

piped() {
	cat -- "$input" 2>cat.err | within "$@"
}

while read -r tool step input mode; do
	title="$mode, $input message"
	if sanitized || [ -n "${VOUCH_BIN:-}" ]; then
		skip "$title: without memory it fails" 'sanitizer or wrapper'
		continue
	fi
	# shellcheck disable=SC2086
	{
		$mode <"$input" >want 2>err
		starve $mode
	}
	note "$early early, $starved starved, $good good"
	[ ! -s faults ]
	result $? "$title: without memory it says so in a line, with 75" ||
		note "$(cat faults)"
	ok "$title: it does so before it writes" [ $starved -gt 0 ]
	ok "$title: with enough memory it works" [ $good -gt 0 ]
done <<-END
	vbr-insert 128 signed vbr
	vbr-insert 800 large vbr
	dkim-sign 128 signed sign
	dkim-sign 800 large sign
	dkim-verify 128 signed verify
	dkim-verify 800 large verify
	dkim-verify 128 signed verify -j
	spf-query 128 signed spf
	spf-query 800 large spf
	spf-query 128 signed spf -j
	dmarc-eval 128 signed dmarc
	dmarc-eval 800 large dmarc
	dmarc-eval 128 signed dmarc -j
	vbr-check 128 signed check
	vbr-check 800 large check
	vbr-check 128 signed check -j
END
finish
