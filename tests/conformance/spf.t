#!/bin/sh
# The openspf suite for RFC 7208 and the examples of RFC 7208 appendix A, as the
# conformance suite has them: result, explanation and status of each case by
# zone; and, for check-all, with --tree (the same), and through the resolver from
# a server that has the zone.
# Slow: some servers do not answer.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
SUITES=${VOUCH_CONFORMANCE:-$ROOT/../shared/conformance}
TAB='	'
[ -r "$SUITES/spf/rfc7208/cases.tsv" ] || skip_all 'no conformance suites'
needs_helpers
cd "$TMP" || exit 1

# evaluate CASES OPTION...: a row for each case: status, result, explanation
evaluate() {
	evaluate_cases=$1
	shift
	while IFS=$TAB read -r _ _ ip helo sender _; do
		[ "$sender" = '""' ] && sender=
		[ "$helo" = '""' ] && helo=
		spf-query -Q -j --now="$NOW" -i "$ip" -e "$helo" \
			-f "$sender" "$@" 2>>errors
		echo "{\"status\":$?}"
	done <"$evaluate_cases" |
		"$MEMBERS" status results/0/result results/0/explanation |
		awk -F "$TAB" -v OFS="$TAB" '
			BEGIN { print "#status", "result", "explanation" }
			$1 == "?" { row = $2 OFS $3; next }
			{ print $1, row; row = "" }'
}

# wanted CASES ROWS: a table of the cases. The status depends on the result,
# where there may be several (vouch(7), EXIT STATUS), and only a fail has an
# explanation.
wanted() {
	awk -F "$TAB" -v OFS="$TAB" '
	function status(result) {
		return result == "pass" ? 0 : result == "fail" ? 1 : \
		    result == "softfail" || result == "neutral" ? 2 : \
		    result == "none" ? 3 : result == "permerror" ? 4 : 75
	}
	BEGIN { print "#id", "zone", "status", "result", "explanation", "title" }
	NR == FNR { got[FNR - 1] = $2; next }
	{
		explanation = got[FNR] != "fail" || $7 == "-" ? "*" : \
		    $7 == "DEFAULT" ? "-" : $7
		print $1, $2, status(got[FNR]), "~^(" $6 ")$", explanation, $6
	}' "$2" "$1"
}

# spf_cases CASES ROWS HOW
spf_cases() {
	wanted "$1" "$2" >want
	compare_table want "$2" "$3"
}

total=0
for suite in spf rfc; do
	dir=$SUITES/$suite/rfc7208
	grep -v '^#' "$dir/cases.tsv" >"$suite.cases"
	total=$((total + $(wc -l <"$suite.cases")))
	awk -F "$TAB" -v suite="$suite" '
		{ print >(suite "." $2) }' "$suite.cases"
done
[ "$total" -ge 241 ] && [ "$(cat ./*.zone | wc -l)" -eq "$total" ]
result $? 'the suites have 241 cases' || note "$total cases"

# Through the resolver, which make check has no time for: all cases of a zone run
# in turn, the zones side by side: those whose server is silent wait for
# --timeout.
waits=
for list in ./*.zone; do
	full || break
	name=${list#./}
	if ! serve "$name" "$SUITES/${name%%.*}/rfc7208/${name#*.}"; then
		echo "Bail out! dnsd does not start for $name"
		exit 1
	fi
	evaluate "$list" --timeout=10 -n "$SERVER" >"net.$name.rows" &
	waits="$waits $!"
done
for list in ./*.zone; do
	name=${list#./}
	file=$SUITES/${name%%.*}/rfc7208/${name#*.}
	evaluate "$list" -z "$file" >rows
	spf_cases "$list" rows "by zone, ${name#*.}"
	full || continue
	evaluate "$list" -z "$file" --tree >tree
	same "--tree changes nothing in ${name#*.} of ${name%%.*}" rows tree
done
# shellcheck disable=SC2086 # words
[ -z "$waits" ] || wait $waits
for list in ./*.zone; do
	full || break
	spf_cases "$list" "net.${list#./}.rows" 'through the resolver'
done
# Some cases want a server that is silent.
grep -v '^spf-query: DNS server [0-9.#]*: no answer in [0-9]* s$' errors >others
ok 'nothing else is on stderr' [ ! -s others ] || note "$(cat others)"
finish
