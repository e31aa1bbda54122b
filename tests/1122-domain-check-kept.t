#!/bin/sh
# Whatever the lints of spf-query and dmarc-eval found in the zones of tests/data,
# domain-check finds: the same level, but for DNS failures, which are notes now,
# and report addresses without a scheme, which are errors; the same identifier,
# domain and term. data/domain-check/kept has the findings.
# Domains of one zone are checked in one run.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

KEPT=$DATA/domain-check/kept
TAB='	'
cd "$DATA" || exit 1

grep -v '^#' "$KEPT" | cut -f 1,2 | sort -u |
	awk -F '\t' '
	{ list[$1] = list[$1] " " $2 }
	END { for (zone in list) print zone "\t" substr(list[zone], 2) }' |
	sort >"$TMP/runs"
while IFS=$TAB read -r zone domains; do
	# shellcheck disable=SC2086 # names
	domain-check --only=spf,dmarc -z "$zone" $domains 2>>"$TMP/err" |
		sed "s|^|$zone$TAB|"
done <"$TMP/runs" >"$TMP/said"

# A line is DOMAIN: LEVEL: SECTION/ID: WORDS[: WHAT].
awk -F '\t' '
/^#/ { next }
FILENAME == ARGV[1] {
	if (!match($2, /: (error|warning|note): [a-z]+\/[a-z0-9-]+: /))
		next
	key = $1 SUBSEP substr($2, 1, RSTART - 1)
	split(substr($2, RSTART + 2, RLENGTH - 4), part, ": ")
	level = part[2] ~ /\/dns-failure$/ ? "" : part[1]
	key = key SUBSEP level SUBSEP part[2]
	sub(/; did you mean .*\?$/, "", $2)
	said[key, ++n[key]] = $2
	next
}
{
	sub(/; did you mean .*\?$/, "", $7)
	level = $5 == "dns-failure" ? "" : $4
	key = $1 SUBSEP $6 SUBSEP level SUBSEP $3 "/" $5
	good = n[key] && $7 == "-"
	for (i = 1; i <= n[key] && !good; i++) {
		tail = substr(said[key, i], length(said[key, i]) - \
		    length($7) - 1)
		good = tail == ": " $7
	}
	kinds[$3 "/" $5]
	if (good)
		same[$3 "/" $5]++
	else
		print "1\t" $1 ": " $6 ": " level " " $3 "/" $5 ": " $7
}
END {
	for (kind in kinds)
		print 0 "\t" kind " is still found, " same[kind] + 0 " times"
}' "$TMP/said" "$KEPT" >"$TMP/compared"
tally "$TMP/compared"
ok 'there are over 50 zones' [ "$(wc -l <"$TMP/runs")" -gt 50 ]
ok 'and over 30 kinds of findings' [ "$(grep -c 'is still found' \
	"$TMP/compared")" -gt 30 ]
ok 'nothing is on stderr' [ ! -s "$TMP/err" ] || note "$(cat "$TMP/err")"
finish
