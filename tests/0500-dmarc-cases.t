#!/bin/sh
# Policies, walks, alignment, records, DNS errors, From fields and RFC 7489: the
# cases of data/dmarc/cases.tsv, each a query or a message; what is a query
# gives the same as a message. Columns:
#	case
#	author		a domain, or a message's fields, as printf %b has them
#	results		MECHANISM=RESULT:DOMAIN,...; those of a message are in
#			its Authentication-Results field
#	options
#	result		and the identifier
#	policy		policy.dmarc, after sp, np, errors and t
#	disposition	what the exit status says of a fail, too
#	header.from	=: the author
#	notes		!NOTE: it is not among them
#	title
# "-": none, "*": anything.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
CASES=$DATA/dmarc
TAB='	'
needs_helpers
cd "$TMP" || exit 1
grep -v '^#' "$CASES/cases.tsv" >cases
cat "$CASES"/*.zone >zone

# run ARG...: a row's status and JSON go to statuses and answers of $how
run() {
	case $options in
	-) ;;
	*) set -- "$options" --psl="$CASES/suffixes.dat" "$@" ;;
	esac
	line=$(dmarc-eval -j --now="$NOW" -z zone "$@" 2>>"$how.err")
	echo $? >>"$how.statuses"
	printf '%s\n' "${line:-{\}}" >>"$how.answers"
}

# query: the case as one
query() {
	# shellcheck disable=SC2046 # words
	run -Q --author="$author" \
		$([ "$results" = - ] || printf '%s' "$results" | tr , '\n' |
			sed 's/^/--/')
}

# message: the case as one
message() {
	{
		printf 'Authentication-Results: mx.example;\n\t'
		printf '%s\n' "$results" | sed '
			s/^-$/dkim=none/
			s/,/; /g
			s/\(spf=[a-z]*\):/\1 smtp.mailfrom=/g
			s/\(dkim=[a-z]*\):/\1 header.d=/g'
		case $author in
		*:*) printf '%b\n' "$author" ;;
		*) printf 'From: Name <user@%s>\n' "$author" ;;
		esac
		printf 'Subject: test\n\nbody\n'
	} >"$how.eml"
	run --trust-authres --authserv-id=mx.example "$how.eml"
}

# collect HOW CASES: a query for each that is one, or messages alone
collect() {
	how=$1
	while IFS=$TAB read -r _ author results options _; do
		case $how.$author in
		message.* | *:*) message ;;
		*) query ;;
		esac
	done <"$2"
}

# judge HOW CASES: the rows against the cases; nulls and what is absent are "-"
judge() {
	"$MEMBERS" results/0/result results/0/id \
		results/0/properties/policy.dmarc evaluations \
		evaluations/0/disposition results/0/properties/header.from \
		results/0/notes/0 results/0/notes/1 results/0/notes/2 \
		<"$1.answers" | sed "s/?/-/g" >rows
	paste "$1.statuses" rows "$2" >joined
	while IFS=$TAB read -r status result id policy authors disposition \
		from note1 note2 note3 name author _ _ want_result want_id \
		want_policy want_disposition want_from notes title; do
		[ "$want_from" != = ] || want_from=$author
		got="$status $result $id $from"
		set_status "$want_result" "$want_disposition"
		want="$want_status $want_result $want_id $want_from"
		[ "$got" = "$want" ] &&
			is "$want_policy" "$policy" &&
			{ [ "$authors" != 1 ] ||
				is "$want_disposition" "$disposition"; } &&
			are_noted "$notes" "$note1 $note2 $note3"
		result $? "$name, a $1: $title" || note "wanted $want," \
			"$want_policy, $want_disposition, $notes;" \
			"got $got, $policy, $disposition," \
			"$note1 $note2 $note3"
	done <joined
	[ "$(wc -l <"$1.answers")" -eq "$(wc -l <"$2")" ] && [ ! -s "$1.err" ]
	result $? "each case has an answer, and nothing else, as a $1" ||
		note "$(head "$1.err")"
}

# is WANT GOT
is() {
	[ "$1" = '*' ] || [ "$1" = "$2" ]
}

# are_noted WANT NOTES: a pattern of those that there are
are_noted() {
	are_noted_got=${2%% -*}
	case $1 in
	!*)
		case " $are_noted_got " in *" ${1#!} "*) return 1 ;; esac
		;;
	*)
		# shellcheck disable=SC2254 # a pattern
		case $are_noted_got in $1) ;; *) return 1 ;; esac
		;;
	esac
}

# set_status RESULT DISPOSITION: want_status (vouch(7), EXIT STATUS)
set_status() {
	case $1.$2 in
	pass.*) want_status=0 ;;
	fail.none) want_status=1 ;;
	fail.quarantine) want_status=5 ;;
	fail.reject) want_status=6 ;;
	none.*) want_status=3 ;;
	permerror.*) want_status=4 ;;
	*) want_status=75 ;;
	esac
}

# Those that are queries, as messages, too.
awk -F '\t' '$2 !~ /:/' cases >queries
collect message queries &
collect query cases
wait $!
judge query cases
judge message queries

[ "$(wc -l <cases)" -ge 150 ]
result $? 'there are 150 cases or more'
[ -z "$(cut -f 1 cases | sort | uniq -d)" ]
result $? 'each has a name of its own'
finish
