#!/bin/sh
# All certifiers are queried at once, and at once with what authenticates: five
# of them cost no round trip more than one.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/rounds.sh
. "${0%/*}/rounds.sh"
needs_helpers
cd "$TMP" || exit 1

{
	cat "$ZONE"
	echo 'example.org. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"'
	echo 'example.org._vouch.all.test. 60 IN TXT "all"'
	for i in 1 2 3 4 5; do
		echo "example.org._vouch.c$i.test. 60 IN TXT \"list\""
		echo "example.org._vouch.c$i.test. 60 IN A 127.0.0.1"
	done
} >zone
rounds_serve zone

FIVE='-t c1.test -t c2.test -t c3.test -t c4.test -t c5.test'
SPF='-i 192.0.2.1 -f a@example.org'
vbr-insert -t c1.test -t c2.test -t c3.test -t c4.test -t c5.test \
	<"$DATA/message.eml" >fields
dkim-sign -d example.org -k ed=keys/ed25519.pem --now "$NOW" <fields >signed ||
	exit 1

# NAME TRIPS STATUS MESSAGE OPTIONS: how many round trips it may take. With SPF
# and DKIM it is still one: the queries for all are known from the header.
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
	vbr-check --authserv-id=mx.example.net --now "$NOW" --timeout=20 \
		-n "$SERVER" "$@" >out 2>&1
	status=$?
}

while read -r name trips want file options; do
	# shellcheck disable=SC2086 # words
	rounds "$trips" run "$file" $options
	[ "$status" -eq "$want" ]
	result $? "$name: its verdict" || note "$status: $(cat out)"
	[ "$ROUNDS" -eq "$trips" ]
	result $? "$name: $trips round trip(s)" ||
		note "$ROUNDS: $(cat rounds.log)"
done <cases

# --- and only who matters ---

rounds 1 run signed -i 192.0.2.1 -f a@example.org -t c1.test -t c2.test \
	-t c3.test -t c4.test -t c5.test
[ "$(grep -c '_vouch' queried)" -eq 5 ]
result $? "each of five certifiers is queried once" || note "$(cat queried)"
rounds 0 run signed -i 192.0.2.1 -f a@example.org -t none.test
[ ! -s queried ]
result $? "nothing is queried when no trusted certifier is named" ||
	note "$(cat queried)"
rounds 1 run fields -i 192.0.2.1 -f a@example.com -t c1.test
lacks "no certifier about a domain that cannot be authenticated" _vouch queried
finish
