#!/bin/sh
# Policies, walks, alignment, records, DNS errors, From fields and RFC 7489: the
# cases of data/dmarc/cases.tsv, each a query or a message; what is a query
# gives the same as a message. Columns:
#	case
#	author		a domain, or a message's fields, as printf %b has them
#	results		MECHANISM=RESULT:DOMAIN,...; those of a message are in
#			its Authentication-Results field
#	options
#	result, identifier, header.from
#	policy		policy.dmarc, after sp, np, errors and t
#	disposition	what the exit status says of a fail, too
#	notes, title
# cases.sh says how they are compared; "-": none.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
CASES=$DATA/dmarc
TAB='	'
needs_helpers
cd "$TMP" || exit 1
cat "$CASES"/*.zone >zone
cp "$CASES/suffixes.dat" .
set -f

# "cases": with the status that each ends with (vouch(7), EXIT STATUS). "runs":
# options of it, author, and the results as a field has them.
awk -F '\t' -v OFS='\t' '
	/^#/ && NR > 1 { next }
	{
		status = NR == 1 ? "status" : $5 == "pass" ? 0 : $5 == "none" ? 3 : \
		    $5 == "permerror" ? 4 : $5 == "temperror" ? 75 : \
		    $8 == "none" ? 1 : $8 == "quarantine" ? 5 : 6
		print $1, $2, status, substr($0, length($1 $2) + 3)
		if (NR == 1)
			next
		query = $3 == "-" ? "" : " --" $3
		gsub(/,/, " --", query)
		field = $3 == "-" ? "dkim=none" : $3
		gsub(/,/, "; ", field)
		gsub(/spf=[a-z]*:/, "&smtp.mailfrom=", field)
		gsub(/dkim=[a-z]*:/, "&header.d=", field)
		gsub(/:/, " ", field)
		options = $4 == "-" ? "" : $4 " --psl=suffixes.dat "
		if ($2 ~ /:/)
			options = options "--trust-authres --authserv-id=mx.example"
		else
			options = options "-Q --author=" $2 query
		print options, $2, field >"runs"
	}' "$CASES/cases.tsv" >cases

# write_message FILE: the case as one
write_message() {
	{
		printf 'Authentication-Results: mx.example;\n\t%s\n' "$field"
		case $author in
		*:*) printf '%b\n' "$author" ;;
		*) printf 'From: Name <user@%s>\n' "$author" ;;
		esac
		printf 'Subject: test\n\nbody\n'
	} >"$1"
}

evaluate() {
	# shellcheck disable=SC2086 # words
	dmarc-eval -j --now="$NOW" -z zone $options "$@" 2>>errors
}

# rows <ANSWERS: what was got; each status follows the object that it is of
rows() {
	json_rows status=status result=results/0/result \
		identifier=results/0/id \
		policy=results/0/properties/policy.dmarc authors=evaluations \
		disposition=evaluations/0/disposition \
		header.from=results/0/properties/header.from \
		notes=results/0/notes/0 note=results/0/notes/1 \
		note=results/0/notes/2 |
		awk -F '\t' -v OFS='\t' '
	NR == 1 {
		print $1, $2, $3, $4, $6, $7, $8
		next
	}
	{ gsub(/\?/, "-") }
	$1 != "-" { print $1, answer; answer = ""; next }
	{
		# Of several authors it is what the status says.
		disposition = $5 == 1 ? $6 : "*"
		notes = $8 " " $9 " " $10
		sub(/ -.*/, "", notes)
		answer = $2 OFS $3 OFS $4 OFS disposition OFS $7 OFS notes
	}'
}

while IFS=$TAB read -r options author field; do
	case $options in
	*-Q*) evaluate ;;
	*) write_message message && evaluate message ;;
	esac
	echo "{\"status\":$?}"
done <runs >answers
rows <answers >got
compare_table cases got 'a query'

# The queries as messages: those of the same options at once, without a status.
message=0
while IFS=$TAB read -r options author field; do
	case $options in
	*-Q*)
		message=$((message + 1))
		write_message "$message.eml"
		;;
	esac
done <runs
awk -F '\t' -v OFS='\t' '
	/^#/ { heading = $0 }
	$2 ~ /:/ || /^#/ { next }
	!($5 in n) {
		options = $5 == "-" ? "" : $5 " --psl=suffixes.dat"
		print $5, options >"groups"
		print heading >("cases." $5)
	}
	{
		print >("cases." $5)
		print ++message ".eml" >("list." $5)
		n[$5]++
	}' cases
while IFS=$TAB read -r group options; do
	options="$options --trust-authres --authserv-id=mx.example"
	evaluate --files-from="list.$group" | sed 's/$/\
{"status":"*"}/' | rows >got
	compare_table "cases.$group" got 'a message'
done <groups
grep -v '^dmarc-eval: [0-9]* messages: ' errors >words
ok 'stderr has how many messages there were, and nothing else' [ ! -s words ]

[ "$(grep -c -v '^#' cases)" -ge 150 ]
result $? 'there are 150 cases or more'
[ -z "$(cut -f 1 cases | sort | uniq -d)" ]
result $? 'each has a name of its own'
finish
