#!/bin/sh
# All certifiers are asked at once, and at once with what authenticates: with a
# server that takes 50 ms for each answer, five of them cost no more than one
# round trip more than none, as a ratio to a single lookup.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

{
	echo ';!DELAY 0 sync.test. TXT'
	echo ';!DELAY 50 * *'
	cat "$ZONE"
	echo 'example.org. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"'
	echo 'example.org._vouch.all.test. 60 IN TXT "all"'
	for i in 1 2 3 4 5; do
		echo "example.org._vouch.c$i.test. 60 IN TXT \"list\""
		echo "example.org._vouch.c$i.test. 60 IN A 127.0.0.1"
	done
} >zone
if ! serve dns zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

FIVE='-t c1.test -t c2.test -t c3.test -t c4.test -t c5.test'
SPF='-i 192.0.2.1 -f a@example.org'
vbr-insert -t c1.test -t c2.test -t c3.test -t c4.test -t c5.test \
	<"$DATA/message.eml" >fields
dkim-sign -d example.org -k ed=keys/ed25519.pem --now "$NOW" <fields >signed ||
	exit 1

# NAME TRIPS STATUS MESSAGE OPTIONS: how many round trips it may take. With SPF
# and DKIM it is still one: the questions of all are known from the header.
cat >cases <<END
query1 1 1 - -Q -d example.org -t c1.test
query5 1 1 - -Q -d example.org $FIVE
query10 1 1 - -Q -d example.org $FIVE -t c1.test/a -t c2.test/a -t c3.test/a -t c4.test/a -t c5.test/a
spf1 1 1 fields $SPF -t c1.test
spf5 1 1 fields $SPF $FIVE
dkim1 1 1 signed -t c1.test
dkim5 1 1 signed $FIVE
both5 1 1 signed $SPF $FIVE
without5 1 1 signed --no-vbr-info --ignore-mv $SPF $FIVE
trusted5 1 1 trusted --trust-authres $FIVE
END
{
	echo 'Authentication-Results: mx.example.net; dkim=pass header.d=example.org'
	cat fields
} >trusted

# run FILE OPTION...
run() {
	run_file=$1
	shift
	[ "$run_file" = - ] || set -- -r "$@" "$run_file"
	vbr-check --authserv-id=mx.example.net --now "$NOW" --timeout=10 \
		-n "$SERVER" "$@" >out 2>&1
}

# took FILE OPTION...: milliseconds from its first question until it is done,
# when the question for sync.test comes; the best of three
took() {
	for _ in 1 2 3; do
		before=$(wc -l <dns.log)
		run "$@"
		echo $? >status
		spf-query -Q --now="$NOW" -i 192.0.2.1 -f x@sync.test \
			-n "$SERVER" >/dev/null 2>&1
		tail -n "+$((before + 1))" dns.log |
			awk 'NR == 1 { t = $1 } / sync/ { print $1 - t }'
	done | sort -n | head -n 1
}

# What authenticates, without a certifier: one round trip.
none=$(took - -Q -d example.org -t none.test)
[ "$none" -ge 45 ]
result $? "a round trip takes its 50 ms" || note "$none ms"

# Half a round trip is for what is no waiting.
while read -r name trips want file options; do
	# shellcheck disable=SC2086 # words
	time=$(took "$file" $options)
	[ "$(cat status)" -eq "$want" ]
	result $? "$name: its verdict" || note "$(cat status out)"
	[ $((time * 2)) -le $(((trips * 2 + 1) * none)) ]
	result $? "$name: no more than $trips round trip(s)" ||
		note "$time ms; one is $none ms"
done <cases

# --- and only who matters ---

before=$(wc -l <dns.log)
run signed -i 192.0.2.1 -f a@example.org -t c1.test -t c2.test -t c3.test \
	-t c4.test -t c5.test
asked=$(tail -n "+$((before + 1))" dns.log | grep -c '_vouch')
[ "$asked" -eq 5 ]
result $? "each of five certifiers is asked once" || note "$asked questions"
before=$(wc -l <dns.log)
run signed -i 192.0.2.1 -f a@example.org -t none.test
[ "$(tail -n "+$((before + 1))" dns.log | wc -l)" -eq 0 ]
result $? "nobody is asked anything when no trusted certifier is named" ||
	note "$(tail -n "+$((before + 1))" dns.log)"
before=$(wc -l <dns.log)
run fields -i 192.0.2.1 -f a@example.com -t c1.test
tail -n "+$((before + 1))" dns.log >questions
lacks "no certifier about a domain that cannot be authenticated" _vouch questions
finish
