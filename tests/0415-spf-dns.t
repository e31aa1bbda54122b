#!/bin/sh
# What fails in the DNS, in each way and at each place of an evaluation: its
# result and identifier, and within --timeout. Ways that have to be waited for
# are left to make check-all.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

# WAY DIRECTIVE IDENTIFIER: for each, bad.PLACE.WAY.test answers all queries
# so, and so does the reverse name of 192.0.2.N, where N is the line. Octets
# that do not answer the query may come from anyone: the right one is
# waited for.
cat >all_ways <<'EOT'
servfail SERVFAIL dns-servfail
refused REFUSED dns-refused
notimp RCODE_4 dns-rcode
short SHORT dns-garbage
closed TCPCLOSE dns-truncated
pointer LOOPPTR dns-garbage
timeout TIMEOUT dns-timeout
garbage GARBAGE dns-timeout
silent TCPSILENT dns-timeout
EOT
if full; then
	cp all_ways ways
else
	grep -v dns-timeout all_ways >ways
fi

# PLACE RESULT TERMS: the record of PLACE.WAY.test; %%W is that without .test.
# "-": none, its domain is bad.PLACE.WAY.test. "error" is a temperror with the
# way's identifier; "late" is one if the way is a timeout, since then no time is
# left for the next query, and else a pass.
cat >places <<'EOT'
itself error -
include error include:bad.%W.test +all
nested error include:include.%W.test +all
redirect error redirect=bad.%W.test
behind error a:good.%W.test redirect=include.%W.test
a error a:bad.%W.test ip4:192.0.2.0/24 -all
mx error mx:bad.%W.test +all
mxhost error mx:m.%W.test +all
exists error exists:bad.%W.test -all
second error a:good.%W.test a:bad.%W.test +all
negative error -a:bad.%W.test +all
ptr pass ptr:%W.test ip4:192.0.2.0/24 -all
ptrname pass ptr:%W.test -all
macro late -exists:%{p}.no.test exists:good.%W.test -all
exp fail -all exp=bad.%W.test
unneeded pass ip4:192.0.2.0/24 a:bad.%W.test include:bad.%W.test -all
matched pass a:match.%W.test a:bad.%W.test include:bad.%W.test -all
EOT

# Names that answer or fail for a place alone, so that nothing of it is known
# from another; "queries" has them in the order of "ways" and "places".
awk '
	function add(name, type, data) {
		print name " 60 IN " type " " data
	}
	function spoil(name, directive, n, type, i) {
		sub(/_/, " ", directive)
		n = split("TXT A AAAA MX PTR", type, " ")
		for (i = 1; i <= n; i++)
			print ";!" directive " " name " " type[i]
		add(name, "TXT", "\"v=spf1 +all\"")
		add(name, "A", "198.51.100.1")
		add(name, "AAAA", "2001:db8::1")
		add(name, "MX", "10 bad.test.")
		add(name, "PTR", "bad.test.")
	}
	function add_place(at, record, client) {
		gsub(/%W/, at, record)
		at = at ".test."
		if (record != "-")
			add(at, "TXT", "\"v=spf1 " record "\"")
		add("include." at, "TXT", "\"v=spf1 include:bad." at " +all\"")
		add("good." at, "A", "198.51.100.1")
		add("match." at, "A", client)
		add("m." at, "MX", "10 good." at)
		add("m." at, "MX", "20 bad." at)
	}
	FILENAME == "places" {
		place[++places] = $1
		result[places] = $2
		record[places] = $0
		sub(/^[^ ]* [^ ]* /, "", record[places])
		next
	}
	{
		ways++
		spoil(ways ".2.0.192.in-addr.arpa.", $2)
		for (i = 1; i <= places; i++) {
			at = place[i] "." $1
			spoil("bad." at ".test.", $2)
			client = "192.0.2." ways
			add_place(at, record[i], client)
			if (place[i] == "ptrname") {
				# It has two names, and the first fails.
				host = 100 + ways
				client = "192.0.2." host
				reverse = host ".2.0.192.in-addr.arpa."
				add(reverse, "PTR", "bad." at ".test.")
				add(reverse, "PTR", "host." at ".test.")
				add("host." at ".test.", "A", client)
			}
			print $1, place[i], result[i], $3, client, \
				"x@" (record[i] == "-" ? "bad." : "") at \
				".test" >"queries"
		}
	}' places ways >zone
if ! serve dns zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

# results <JSON
results() {
	"$MEMBERS" results/0/result results/0/id results/0/explanation |
		tr '\t' ' '
}

query() {
	spf-query -j --now="$NOW" "$@" 2>>err
}

awk '$4 != "dns-timeout" { print $5, $6 }' queries >list
at_once() {
	query "$@" --batch=list --timeout=60 >got.json
}
ok 'what fails at once is there at once' within 11 at_once
results <got.json >got

# Those that wait for an answer that never comes do so side by side.
side_by_side() {
	n=100 waits=
	while read -r _ _ _ id client sender; do
		n=$((n + 1))
		[ "$id" = dns-timeout ] || continue
		query "$@" -Q -i "$client" -f "$sender" --timeout=3 \
			>"late/$n" &
		waits="$waits $!"
	done <queries
	# shellcheck disable=SC2086 # words
	wait $waits
}
if full; then
	mkdir late
	ok 'what never comes is waited for no longer than that' \
		within 9 side_by_side
	cat late/* | results >>got
fi

paste -d ' ' queries got | awk '
	{
		want = "pass - -"
		if ($3 == "error" || ($3 == "late" && $4 == "dns-timeout"))
			want = "temperror " $4 " -"
		else if ($3 == "fail")
			want = "fail not-authorized -"
		got = $7 " " $8 " " $9
		print (got == want ? 0 : 1) "\t" $1 " at " $2 ": " want
		if (got != want)
			print "#\t" got
	}' >compared
tally compared
[ "$(wc -l <got)" -eq "$(wc -l <queries)" ]
result $? 'each of them has its result' || note "$(cat err)"

# --- no server ---

exits 75 "no server that listens" spf-query -Q --now="$NOW" -i 192.0.2.1 \
	-f x@good.test -n 127.0.0.1#1 --timeout=60
has "is dns-network" 'spf=temperror reason="dns-network: ' out
printf ';!TIMEOUT bad.test. *\n;!SERVFAIL fail.test. *\n' >failures
cat >>failures <<'EOT'
one.test. 60 IN TXT "v=spf1 a:bad.test -all"
two.test. 60 IN TXT "v=spf1 a:fail.test -all"
EOT
exits 75 "a zone can time out, too" spf-query -Q --now="$NOW" \
	-i 192.0.2.1 -f x@one.test -z failures
has "that is dns-timeout" 'dns-timeout: ' out
exits 75 "and fail" spf-query -Q --now="$NOW" -i 192.0.2.1 -f x@two.test \
	-z failures
has "that is dns-servfail" 'dns-servfail: ' out
has "the report says where" 'a:fail.test of two.test' out
finish
