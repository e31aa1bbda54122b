#!/bin/sh
# spf-flatten as its users see it: records, the names of new ones, statuses,
# JSON, invalid use; from the tables in data/spf/flatten. Whether clients get the
# same results by the flattened records is a matter of 0440-spf-golden.t.
# shellcheck source=tests/lib.sh disable=SC2317,SC2119,SC2120
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"

needs_helpers

HERE=$DATA/spf/flatten
MAIL=$DATA/message.eml
cd "$HERE" || exit 1

flatten() {
	spf-flatten -z ../query/zone "$@"
}

# networks N: so many that cannot be joined
networks() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf " ip4:192.0.%d.%d", 2 + int(i / 100),
			    1 + i % 100 * 2
	}'
}
# Words of the tables.
# shellcheck disable=SC2034
{
	LONG=$(networks 40)
	MANY=$(networks 400)
}
echo ';!SERVFAIL _spf1.d.example.org. TXT' >"$TMP/failing"
echo '*.d.example.org. TXT "v=spf1 -all"' >"$TMP/wildcard"

try_usage spf-flatten flatten
try_cases flatten
try_options spf-flatten 14 cases usage "$ROOT/tests/0417-spf-flatten.t"

# --- what it writes can be read ---

flatten d.example.org >"$TMP/want" 2>"$TMP/err" \
	--record='v=spf1 exists:a"b\.%{i}.example.org -all'
spf-flatten -z "$TMP/want" d.example.org >"$TMP/got" 2>"$TMP/err"
ok 'a flattened record with a quote and a backslash can be read' [ -s "$TMP/got" ]
same 'it is the same when it is flattened again' "$TMP/want" "$TMP/got"
flatten d.example.org --record="v=spf1$LONG -all" >"$TMP/split" 2>"$TMP/err"
ok 'records that are split can be read' \
	spf-query -z "$TMP/split" -Q -i 192.0.2.79 -f a@d.example.org
flatten d.example.org -j --record="v=spf1$LONG -all" |
	"$MEMBERS" records/0 records/1 >"$TMP/got"
tr '\n' '\t' <"$TMP/split" | sed 's/\t$//' >"$TMP/want"
echo >>"$TMP/want"
same 'JSON has the same lines' "$TMP/want" "$TMP/got"
spf-flatten -z ../query/zone example.org --dns-log="$TMP/log" >"$TMP/want" \
	2>"$TMP/err"
spf-flatten -z "$TMP/log" example.org >"$TMP/got" 2>"$TMP/err"
same 'the log of a run replays it' "$TMP/want" "$TMP/got"

# --- nothing raw ---

for domain in controls octets exp why why8 mx ptr include lookalike odd nul; do
	for mode in -v -jv; do
		flatten $domain.hostile.example $mode 2>&1
	done
done >"$TMP/shown"
ok 'eleven domains are shown' [ "$(grep -c schema "$TMP/shown")" -eq 11 ]
grep -a -n '[^ -~]' "$TMP/shown" >"$TMP/raw"
ok 'nothing of them is raw' [ ! -s "$TMP/raw" ] || note "$(cat -v "$TMP/raw")"

# --- in the network ---

awk 'BEGIN {
	print "example.org. 300 IN TXT \"v=spf1 include:a.example " \
	    "include:b.example -all\""
	for (k = 1; k <= 2; k++) {
		printf "%s.example. 300 IN TXT \"v=spf1", k == 1 ? "a" : "b"
		for (i = 0; i < 24; i++)
			printf "%s ip4:192.0.%d.%d", i % 10 == 9 ? "\" \"" : "",
			    k, i * 2
		print " -all\""
	}
}' >"$TMP/dns.zone"
if serve dns "$TMP/dns.zone"; then
	spf-flatten -n "$SERVER" example.org >"$TMP/got" 2>"$TMP/err"
	spf-flatten -z "$TMP/dns.zone" example.org >"$TMP/want" 2>"$TMP/err"
	same 'a server gives what its zone does' "$TMP/want" "$TMP/got"
	ok 'in several records' [ "$(wc -l <"$TMP/got")" -gt 1 ]
else
	note "$(cat "$TMP/dns.err")"
	result 1 'the server runs'
fi
finish
