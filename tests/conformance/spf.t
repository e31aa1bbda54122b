#!/bin/sh
# The openspf suite for RFC 7208 and the examples of RFC 7208 appendix A, as the
# conformance suite has them: result, explanation and status of each case by
# zone, with --tree (the same), and through the resolver from a server that has the zone.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
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
		line=$(spf-query -Q -j --now="$NOW" -i "$ip" -e "$helo" \
			-f "$sender" "$@" 2>&1)
		printf '%d\t' $?
		printf '%s\n' "${line:-{\}}" | tail -n 1 |
			"$MEMBERS" results/0/result results/0/explanation
	done <"$evaluate_cases"
}

# is_right STATUS GOT EXPLAINED WANT EXPLANATION
is_right() {
	case "|$4|" in *"|$2|"*) ;; *) return 1 ;; esac
	case $2 in
	pass) [ "$1" -eq 0 ] ;;
	fail) [ "$1" -eq 1 ] ;;
	softfail | neutral) [ "$1" -eq 2 ] ;;
	none) [ "$1" -eq 3 ] ;;
	permerror) [ "$1" -eq 4 ] ;;
	*) [ "$1" -eq 75 ] ;;
	esac || return 1
	[ "$2" = fail ] || return 0
	case $5 in
	-) ;;
	DEFAULT) [ "$3" = - ] ;;
	*) [ "$3" = "$5" ] ;;
	esac
}

# judge CASES ROWS HOW
judge() {
	paste "$2" "$1" >joined
	while IFS=$TAB read -r status got explained id zone ip helo sender \
		want explanation _ why; do
		is_right "$status" "$got" "$explained" "$want" "$explanation"
		result $? "$id $3: $want" || note "$why" \
			"$zone $ip $helo $sender: $got, status $status" \
			"explanation: $explained; wanted: $explanation"
	done <joined
}

# All network cases of a zone run in turn, the zones side by side: those whose
# server is silent wait for --timeout.
total=0
for suite in spf rfc; do
	dir=$SUITES/$suite/rfc7208
	grep -v '^#' "$dir/cases.tsv" >"$suite.cases"
	total=$((total + $(wc -l <"$suite.cases")))
	for file in "$dir"/*.zone; do
		zone=${file##*/}
		awk -F '\t' -v zone="$zone" '$2 == zone' "$suite.cases" \
			>"$suite.$zone"
		if ! serve "$suite.$zone" "$file"; then
			echo "Bail out! dnsd does not start for $zone"
			exit 1
		fi
	done
done
waits=
for list in ./*.zone; do
	name=${list#./}
	evaluate "$list" --timeout=2 -n "127.0.0.1#$(cat "$name.port")" \
		>"net.$name.rows" &
	waits="$waits $!"
done
for list in ./*.zone; do
	name=${list#./}
	file=$SUITES/${name%%.*}/rfc7208/${name#*.}
	evaluate "$list" -z "$file" >rows
	judge "$list" rows 'by zone'
	evaluate "$list" -z "$file" --tree >tree
	same "--tree changes nothing in ${name#*.} of ${name%%.*}" rows tree
done
# shellcheck disable=SC2086 # words
wait $waits
for list in ./*.zone; do
	judge "$list" "net.${list#./}.rows" 'through the resolver'
done
[ "$(cat ./net.*.rows | wc -l)" -eq "$total" ] && [ "$total" -ge 241 ]
result $? 'the suites have 241 cases, and all ran' || note "$total cases"
finish
