#!/bin/sh
# The examples of RFC 9989 (appendix B, and the tree walks of 4.10, 4.10.2 and
# 5.1.2) and the public suffix list's own tests, as the conformance suite has
# them.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
SUITES=${VOUCH_CONFORMANCE:-$ROOT/../shared/conformance}
EXAMPLES=$SUITES/rfc/dmarc
LIST=$SUITES/psl/public_suffix_list.dat
TAB='	'
[ -r "$EXAMPLES/cases.tsv" ] || skip_all 'no conformance suites'
needs_helpers
cd "$TMP" || exit 1

# zone_of NAME: the path of a zone of the examples
zone_of() {
	if [ "$1" = - ]; then
		echo /dev/null
	else
		echo "$EXAMPLES/$1"
	fi
}

# --- appendix B: verdicts ---

# given: the arguments that spf and dkim stand for, one a line
given() {
	printf '%s\n' "$spf" | tr , '\n' | sed '/^none$/d; s/^/--spf=/'
	printf '%s\n' "$dkim" | tr , '\n' | sed '/^none$/d; s/^/--dkim=/'
}

# aligned MECHANISM: "yes" if a pass of it is aligned
aligned() {
	aligned_yes=no
	for n in 0 1; do
		row=$("$MEMBERS" "evaluations/0/identifiers/$n/mechanism" \
			"evaluations/0/identifiers/$n/result" \
			"evaluations/0/identifiers/$n/aligned" <out)
		case $row in
		"$1${TAB}pass${TAB}equal" | \
			"$1${TAB}pass${TAB}organizational domain")
			aligned_yes=yes
			;;
		esac
	done
	echo $aligned_yes
}

# judge HOW OPTION...: result, policy, disposition, status, policy domain,
# alignment; and the organizational domain as --policy has it
judge() {
	judge_how=$1
	shift
	# shellcheck disable=SC2046 # words
	dmarc-eval -Q -j -z "$(zone_of "$zone")" --author="$from" \
		$(given) "$@" >out 2>err
	judge_status=$?
	got="$judge_status $("$MEMBERS" results/0/result evaluations/0/policy \
		evaluations/0/disposition evaluations/0/policy_domain <out |
		tr '\t' ' ') $(aligned spf) $(aligned dkim)"
	case $expect.$disposition in
	pass.*) status=0 ;;
	*.quarantine) status=5 ;;
	*.reject) status=6 ;;
	*) status=1 ;;
	esac
	want="$status $expect $policy $disposition $policy_domain $by_spf $by_dkim"
	[ "$got" = "$want" ]
	result $? "$id, $judge_how: $expect" ||
		note "$spec: got $got, wanted $want" "$(cat err)"
	dmarc-eval --policy -j -z "$(zone_of "$zone")" -d "$from" "$@" \
		>out 2>err
	got=$("$MEMBERS" organizational_domain <out)
	[ "$got" = "$organization" ]
	result $? "$id, $judge_how: $from is of $organization" ||
		note "$spec: got $got" "$(cat err)"
}

cases=0
while IFS=$TAB read -r id zone from spf dkim expect policy disposition \
	policy_domain organization by_spf by_dkim rfc spec _; do
	case $id in '#'*) continue ;; esac
	cases=$((cases + 1))
	judge 'RFC 9989'
	[ "$rfc" = 9989 ] || judge 'RFC 7489' --rfc7489 --psl="$LIST"
done <"$EXAMPLES/cases.tsv"
[ "$cases" -ge 16 ]
result $? 'there are 16 examples of verdicts, and all ran' || note "$cases"

# --- tree walks: the names asked, in order ---

cases=0
while IFS=$TAB read -r id zone domain queries organization spec _; do
	case $id in '#'*) continue ;; esac
	cases=$((cases + 1))
	dmarc-eval --policy -j -z "$(zone_of "$zone")" -d "$domain" >out 2>err
	got=$("$MEMBERS" walk/0/domain walk/1/domain walk/2/domain \
		walk/3/domain walk/4/domain walk/5/domain walk/6/domain \
		walk/7/domain walk/8/domain <out | tr '\t' '\n' |
		sed '/^?$/d; s/^/_dmarc./' | paste -s -d , -)
	[ "$got" = "$queries" ]
	result $? "$id: the walk of $domain asks for each name in its turn" ||
		note "RFC 9989 $spec: got $got, wanted $queries" "$(cat err)"
	[ "$organization" = - ] && continue
	got=$("$MEMBERS" organizational_domain <out)
	[ "$got" = "$organization" ]
	result $? "$id: the organizational domain is $organization" ||
		note "RFC 9989 $spec: got $got"
done <"$EXAMPLES/treewalk.tsv"
[ "$cases" -ge 12 ]
result $? 'there are 12 examples of walks, and all ran' || note "$cases"

# --- the public suffix list ---

# The organizational domain of what is no registrable domain, and below none,
# is the domain itself (RFC 9989 4.10.2). What begins with a dot is no domain.
# Names are reported as A-labels: what a U-label is, --policy says.
cases=0
while IFS=$TAB read -r domain registrable; do
	case $domain in '#'*) continue ;; esac
	cases=$((cases + 1))
	dmarc-eval --policy -j -z /dev/null --org-domain=psl --psl="$LIST" \
		-d "$domain" >out 2>err
	status=$?
	case $domain.$registrable in
	.*.-)
		[ "$status" -eq 64 ] && [ ! -s out ]
		result $? "$domain is no domain" || note "status $status"
		continue
		;;
	*.-) want=$domain title="$domain has no registrable domain" ;;
	*)
		want=$registrable
		title="the registrable domain of $domain is $registrable"
		;;
	esac
	want=$(dmarc-eval --policy -j -z /dev/null -d "$want" |
		"$MEMBERS" domain)
	got=$("$MEMBERS" organizational_domain <out)
	[ -n "$want" ] && [ "$got" = "$want" ]
	result $? "$title" || note "got $got, wanted $want" "$(cat err)"
done <"$SUITES/psl/cases.tsv"
[ "$cases" -ge 77 ]
result $? "there are 77 of the list's tests, and all ran" || note "$cases"
finish
