#!/bin/sh
# The recipe of vouch-recipes(7) by which dkim-key rotate publishes keys, with
# real name servers on loopback, bind and knot, and nsupdate and knsupdate: from
# a new key to one that no server has any more.
# shellcheck source=tests/lib.sh disable=SC2317,SC2154
. "${0%/*}/../lib.sh"
# shellcheck source=tests/nameservers.sh
. "${0%/*}/../nameservers.sh"
cd "$TMP" || exit 1
D=example.org

# rotate TIME: a run, which publishes by the recipe
rotate() {
	timeout 60 dkim-key rotate --table=table --every=30d --queue=7d \
		--keep=30d --publish="sh $DATA/recipes/publish-key" \
		--server="127.0.0.1#$port" --now="$1"
}
# answers: does the server have the zone?
answers() {
	dkim-key check -d "$D" -s old --timeout=1 --server="127.0.0.1#$port" \
		>out 2>err
}
# start SERVER
start() {
	rm -rf "$1" && mkdir "$1" && {
		printf '%s\n' "\$TTL 300" \
			'@ IN SOA ns1 hostmaster 1 3600 600 86400 300' \
			'@ IN NS ns1' 'ns1 IN A 127.0.0.1'
		dkim-key record -k old.pem -d $D -s old
	} >"$1/zone" && start_server "$1" answers
}
# The recipe calls nsupdate with the key file of the server, which here takes
# updates by the address.
mkdir bin
use() {			# PROGRAM
	cat >bin/nsupdate <<-EOF
	#!/bin/sh
	exec $(command -v "$1")
	EOF
	chmod +x bin/nsupdate
}

rotates() {		# SERVER PROGRAM
	rm -f table.* 2*.pem
	echo "$D $D old old.pem" >table
	start "$1" || {
		result 1 "$1 starts"
		note "$(tail -n 5 "$1.log")"
		return
	}
	use "$2"
	DNS_SERVER="127.0.0.1 $port"
	(
	PATH=$TMP/bin:$PATH
	export PATH DNS_SERVER
	rotate 2026-01-01T00:00:00Z >out1 2>err1 &&
	rotate 2026-02-01T00:00:00Z >out2 2>err2 &&
	rotate 2026-02-01T00:01:00Z >out3 2>err3 &&
	rotate 2026-02-01T00:06:00Z >out4 2>err4 &&
	rotate 2026-02-01T00:07:00Z >out5 2>err5 &&
	rotate 2026-02-08T00:07:00Z >out6 2>err6 &&
	rotate 2026-03-02T00:00:00Z >out7 2>err7 &&
	rotate 2026-03-10T00:07:00Z >out8 2>err8 &&
	rotate 2026-03-10T00:08:00Z >out9 2>err9
	)
	result $? "$1, $2: keys are made, published, revoked and removed" ||
		note "$(cat out? err?)"
	has "the new key is published" \
		"  published  202602r._domainkey.$D. 3600 IN TXT" out2
	has "and found at once" 'when no cache has "no such name" any more' out3
	has "it signs" "202602r._domainkey.$D: active" out5
	has "the old one is revoked" "  replaced   old._domainkey.$D." out6
	has "as the server says" "old._domainkey.$D: revoked: its record stays" \
		out7
	has "then removed" "  removed    old._domainkey.$D. TXT" out8
	has "as the server says, too" "old._domainkey.$D: gone: no server has it" \
		out9
	exits 0 "the key that signs is well" dkim-key check --table=table \
		--server="127.0.0.1#$port"
	stop_server
}

dkim-key new -d $D -s old -o old.pem >/dev/null || exit 1
for server in named knotd; do
	for program in nsupdate knsupdate; do
		if ! command -v $server >log || ! command -v $program >log; then
			skip "rotation in $server by $program" "it is not here"
		else
			rotates $server $program
		fi
	done
done
finish
