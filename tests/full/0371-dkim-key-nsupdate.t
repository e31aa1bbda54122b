#!/bin/sh
# The record of dkim-key, put by nsupdate into a real name server on loopback,
# is what dkim-key check looks for: bind and knot, nsupdate and knsupdate.
# Real servers do not follow a CNAME out of their zones, either.
# shellcheck source=tests/lib.sh disable=SC2317,SC2086,SC2094
. "${0%/*}/../lib.sh"
# shellcheck source=tests/nameservers.sh
. "${0%/*}/../nameservers.sh"
needs_helpers
cd "$TMP" || exit 1
D=example.org

for bits in 2048 3072 4096; do
	dkim-key new -d $D -s "r$bits" -b "$bits" -o . >/dev/null
done
dkim-key new -d $D -s ed -T ed25519 -o . >/dev/null
ok "the keys are made" [ -s ed.$D.pem ]
ED=$(dkim-key record -k ed.$D.pem -d $D -s ed --format=plain)
echo "key.example.net. 300 IN TXT \"$ED\"" >resolver.zone
serve resolver resolver.zone || exit 1
RESOLVER=$SERVER

zone() {
	cat <<-EOF
	\$TTL 300
	@ IN SOA ns1 hostmaster 1 3600 600 86400 300
	@ IN NS ns1
	ns1 IN A 127.0.0.1
	alias._domainkey IN CNAME key.example.net.
	mangled._domainkey IN TXT "\\"v=DKIM1; k=ed25519; p=${ED#*p=}\\""
	EOF
}
check() {
	timeout 60 dkim-key check -d $D --server="127.0.0.1#$port" \
		-n "$RESOLVER" "$@"
}
# answers: does the server have the zone? One that lacks a key has answered.
answers() {
	check -s none --timeout=1 >out 2>err
	[ $? -eq 1 ] && contains out 'serial 1'
}
# update PROGRAM: the records on stdin, which dkim-key has written
update() {
	{
		echo "server 127.0.0.1 $port"
		echo "zone $D."	# which knsupdate does not find out
		cat
	} >script
	timeout 60 "$1" <script >out 2>err
}
# updates PROGRAM SELECTOR: from nothing to ok
updates() {
	key=$2.$D.pem
	exits 1 "$1 has not yet published $2" check -k "$key" -s "$2-$1"
	dkim-key record -k "$key" -d $D -s "$2-$1" --format=nsupdate >update
	ok "$1 takes the script" update "$1" <update || note "$(cat err)"
	exits 0 "then check says ok" check -k "$key" -s "$2-$1"
	has "to that key" "$2-$1._domainkey.$D: ok: " out
}
# mends PROGRAM: the record that is proposed, in place of the one that is there
mends() {
	exits 1 "a mangled record" check -j -k ed.$D.pem -s mangled
	text=$("$MEMBERS" proposed <out)
	ok "is named" [ "$("$MEMBERS" id <out)" = key-quotes ]
	ok "$1 replaces it" update "$1" <<-EOF
	update delete mangled._domainkey.$D. TXT
	update add mangled._domainkey.$D. 300 IN TXT "$text"
	send
	EOF
	exits 0 "what was proposed mends it" check -k ed.$D.pem -s mangled
}

for server in named knotd; do
	if ! command -v $server >log; then
		skip "records by nsupdate in $server" "no $server"
		continue
	fi
	mkdir -p $server && zone >$server/zone
	ok "$server starts" start_server $server answers || {
		note "$(tail -n 5 $server.log)"
		continue
	}
	exits 0 "a CNAME out of the zone: the resolver knows its end" \
		check -k ed.$D.pem -s alias
	first=
	for program in nsupdate knsupdate; do
		if ! command -v $program >log; then
			skip "$program with $server" "no $program"
			continue
		fi
		[ -n "$first" ] || mends $program
		first=$program
		for selector in r2048 r3072 r4096 ed; do
			updates $program $selector
		done
	done
	stop_server
done
finish
