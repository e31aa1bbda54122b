#!/bin/sh
# The examples of RFC 9989 (appendix B, and the tree walks of 4.10, 4.10.2 and
# 5.1.2) and the public suffix list's own tests, as the conformance suite has
# them.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
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

# examples RFC: the table of them, with the status of each; without those that
# are not in this RFC
examples() {
	awk -F "$TAB" -v OFS="$TAB" -v rfc="$1" '
	BEGIN {
		print "#id", "from", "status", "result", "policy", \
		    "disposition", "policy_domain", "by_spf", "by_dkim", \
		    "organization", "title"
	}
	/^#/ || rfc == 7489 && $13 == 9989 { next }
	{
		status = $6 == "pass" ? 0 : $8 == "quarantine" ? 5 : \
		    $8 == "reject" ? 6 : 1
		print $1, $3, status, $6, $7, $8, $9, $11, $12, $10, \
		    $6 ", and " $3 " is of " $10 " (" $14 ")"
	}' "$EXAMPLES/cases.tsv"
}

# arguments: what spf and dkim mean
arguments() {
	for argument in "--spf=$spf" "--dkim=$dkim"; do
		case $argument in
		*=none) ;;
		*,*) echo "${argument%%,*} ${argument%%=*}=${argument#*,}" ;;
		*) echo "$argument" ;;
		esac
	done
}

# evaluate RFC OPTION...: of each example the verdict, the status, and what
# --policy says
evaluate() {
	evaluate_rfc=$1
	shift
	while IFS=$TAB read -r id zone from spf dkim _ _ _ _ _ _ _ rfc _; do
		case $id.$rfc.$evaluate_rfc in
		'#'* | *.9989.7489) continue ;;
		esac
		zone=$(zone_of "$zone")
		# shellcheck disable=SC2046 # words
		dmarc-eval -Q -j -z "$zone" --author="$from" $(arguments) \
			"$@" 2>>errors
		echo "{\"status\":$?}"
		domain-check --policy -j -z "$zone" "$from" "$@" 2>>errors
	done <"$EXAMPLES/cases.tsv"
}

# rows <OUTPUTS: a row for each three lines
rows() {
	"$MEMBERS" status results/0/result evaluations/0/policy \
		evaluations/0/disposition evaluations/0/policy_domain \
		evaluations/0/identifiers/0/mechanism \
		evaluations/0/identifiers/0/result \
		evaluations/0/identifiers/0/aligned \
		evaluations/0/identifiers/1/mechanism \
		evaluations/0/identifiers/1/result \
		evaluations/0/identifiers/1/aligned organizational_domain |
		awk -F "$TAB" -v OFS="$TAB" '
	function aligned(mechanism, i) {
		for (i = 6; i <= 9; i += 3)
			if ($i == mechanism && $(i + 1) == "pass" &&
			    $(i + 2) ~ /^(equal|organizational domain)$/)
				return "yes"
		return "no"
	}
	BEGIN {
		print "#status", "result", "policy", "disposition", \
		    "policy_domain", "by_spf", "by_dkim", "organization"
	}
	NR % 3 == 1 {
		row = $2 OFS $3 OFS $4 OFS $5 OFS aligned("spf") OFS \
		    aligned("dkim")
	}
	NR % 3 == 2 { status = $1 }
	NR % 3 == 0 { print status, row, $12 }'
}

: >errors
for rfc in 9989 7489; do
	set --
	[ "$rfc" = 9989 ] || set -- --rfc7489 --psl="$LIST"
	examples "$rfc" >wanted
	evaluate "$rfc" "$@" | rows >got
	compare_table wanted got "RFC $rfc"
done
cases=$(grep -c -v '^#' "$EXAMPLES/cases.tsv")
[ "$cases" -ge 16 ]
result $? 'there are 16 examples of verdicts' || note "$cases"

# --- tree walks: the names queried, in order ---

while IFS=$TAB read -r id zone domain _; do
	case $id in '#'*) continue ;; esac
	domain-check --policy -j -z "$(zone_of "$zone")" "$domain" 2>>errors
done <"$EXAMPLES/treewalk.tsv" | "$MEMBERS" organizational_domain walk/0/domain \
	walk/1/domain walk/2/domain walk/3/domain walk/4/domain walk/5/domain \
	walk/6/domain walk/7/domain walk/8/domain | awk -F "$TAB" '
	BEGIN { print "#queries\torganization" }
	{
		queries = ""
		for (i = 2; i <= NF && $i != "?"; i++)
			queries = queries (i > 2 ? "," : "") "_dmarc." $i
		print queries "\t" $1
	}' >got
awk -F "$TAB" -v OFS="$TAB" '
	BEGIN { print "#id", "domain", "queries", "organization", "title" }
	/^#/ { next }
	{
		print $1, $3, $4, $5 == "-" ? "*" : $5, \
		    "the walk of " $3 " queries each name in its turn, and" \
		    " ends at " $5 " (RFC 9989 " $6 ")"
	}' "$EXAMPLES/treewalk.tsv" >wanted
compare_table wanted got
cases=$(grep -c -v '^#' "$EXAMPLES/treewalk.tsv")
[ "$cases" -ge 12 ]
result $? 'there are 12 examples of walks' || note "$cases"
ok 'nothing is on stderr' [ ! -s errors ] || note "$(cat errors)"

# --- the public suffix list ---

# The organizational domain of what is not a registrable domain, and below none,
# is the domain itself (RFC 9989 4.10.2). A domain begins with no dot.
# Names are reported as A-labels: what a U-label is, an evaluation says.
grep -v '^#' "$SUITES/psl/cases.tsv" >cases
mkdir messages
i=0
while IFS=$TAB read -r domain registrable; do
	case $domain in
	.*)
		domain-check --policy -j -z /dev/null --org-domain=psl \
			--psl="$LIST" "$domain" >out 2>err
		status=$?
		[ "$status" -eq 64 ] && [ ! -s out ]
		result $? "$domain is not a domain" || note "status $status"
		continue
		;;
	esac
	i=$((i + 1))
	title="the registrable domain is $registrable"
	if [ "$registrable" = - ]; then
		registrable=$domain title='there is no registrable domain'
	fi
	printf 'From: a@%s\n\ntext\n' "$domain" >"messages/$i"
	printf 'From: a@%s\n\ntext\n' "$registrable" >"messages/$i.want"
	printf '%s\t%s\n' "$domain" "$title" >>domains
	echo "messages/$i" >>list
	echo "messages/$i.want" >>list.want
done <cases

# authors LIST OPTION...: author domain and organizational domain of each message
authors() {
	authors_list=$1
	shift
	dmarc-eval -j --authserv-id=mx.test -z /dev/null \
		--files-from="$authors_list" "$@" 2>err |
		"$MEMBERS" evaluations/0/author_domain \
			evaluations/0/organizational_domain
}
{
	echo '#organization'
	authors list --org-domain=psl --psl="$LIST" | cut -f 2
} >got
{
	printf '#domain\t\torganization\ttitle\n'
	authors list.want | cut -f 1 | paste domains - |
		awk -F "$TAB" -v OFS="$TAB" '
			{ print $1, "", $3 ~ /./ ? $3 : "none", $2 }'
} >wanted
compare_table wanted got
[ "$(wc -l <cases)" -ge 77 ]
result $? "there are 77 of the list's tests" || note "$(wc -l <cases)"
finish
