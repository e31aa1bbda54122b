#!/bin/sh
# Cases of vbr-check as data (data/vbr): what RFC 5518 and RFC 6212 and the
# manual have for them, and what a filter adds and removes. A case more needs
# nothing here.
#
# Columns of cases.tsv, which are compared as cases.sh has it: a name; the exit
# status; of each result, between bars: result, identifier, header.md and
# header.mv; the notes; the VBR-Info fields ("~" between them, escapes of
# printf's %b; "@FILE": the whole message; "+": whole fields, $MANY are 1000
# results that do not pass; "-": none); the options, in which $SPF makes SPF pass
# for example.org, $SERVER is a DNS server that has the zone, and $LONG is a long
# name; a title.
#
# Columns of filters.tsv: a name; what is added, or "-"; the options; the header
# fields ("~" is a line end), and those that are left of them; a title.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
CASES=$DATA/vbr
AUTHRES=$BUILD/tests/helper/authres
TAB='	'
ID=mx.example.net
# shellcheck disable=SC2034 # in the options
SPF='-i 192.0.2.1 -f a@example.org'
LONG=$(printf '%060d.%060d.%060d.%060d' 0 0 0 0)
MANY=$(yes '; dkim=fail header.d=a.example' | head -n 1000 | tr -d '\n')
cd "$TMP" || exit 1
needs_helpers
if ! serve dns "$CASES/cases.zone" "$CASES/served.zone" "$ZONE"; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

check() {
	vbr-check --authserv-id="$ID" --now "$NOW" "$@"
}

# "cases": with what their words mean. "runs": options, and the fields as
# printf has them, or "@FILE".
awk -F '\t' -v OFS='\t' -v id="$ID" -v long="$LONG" -v many="$MANY" '
	function expand(text) {
		gsub(/\$ID/, id, text)
		gsub(/\$LONG/, long, text)
		gsub(/\$MANY/, many, text)
		return text
	}
	function lines(text, before, n, i, part, all) {
		n = split(expand(text), part, "~")
		for (i = 1; i <= n; i++)
			all = all before part[i] "\\n"
		return all
	}
	/^#/ && NR > 1 { next }
	{ $6 = expand($6) }
	{ print }
	NR > 1 {
		print $9, $8 ~ /^@/ ? $8 : $8 ~ /^\+/ ? lines(substr($8, 2)) : \
		    $8 == "-" ? "@../message.eml" : $8 == "\"\"" ? "VBR-Info:\\n" : \
		    lines($8, "VBR-Info: ") >"runs"
	}' "$CASES/cases.tsv" >cases
MESSAGE=$(cat "$DATA/message.eml")

# reports: the rows of what record() has of them
reports() {
	awk -v RS='\001' -v OFS='\t' '
	function add(i, text) {
		got[i] = got[i] (n > 1 ? "|" : "") text
	}
	function value(name) {
		if (!match(line, " " name "=[^ ]*"))
			return "-"
		return substr(line, RSTART + length(name) + 2,
		    RLENGTH - length(name) - 2)
	}
	# With those of a pass, and all but the first of others, which are notes.
	function reason(pass, many, part, i) {
		if (!match(line, / reason="[^"]*"/))
			return "-"
		many = split(substr(line, RSTART + 9, RLENGTH - 10), part, "; ")
		for (i = 1; i <= many; i++) {
			sub(/:.*/, "", part[i])
			if (i > 1 || pass)
				got[5] = got[5] (got[5] ? " " : "") part[i]
		}
		return pass ? "-" : part[1]
	}
	function add_result(word) {
		n++
		split(line, word, /[ =]/)
		add(1, word[2])
		add(2, reason(word[2] == "pass"))
		add(3, value("header.md"))
		add(4, value("header.mv"))
	}
	BEGIN { print "#status", "result", "id", "md", "mv", "notes" }
	NR % 2 == 0 {
		print $0, got[1], got[2], got[3], got[4], got[5] ? got[5] : "-"
		next
	}
	{
		split("", got)
		n = 0
		lines = split($0, all, "\n")
		for (k = 1; k <= lines; k++) {
			line = all[k]
			if (line ~ /^vbr=/)
				add_result()
		}
	}' outs
}

# in_fields: result, header.md and header.mv of the first result of each field
in_fields() {
	"$AUTHRES" <fields | awk -F '\t' -v OFS='\t' '
	function end_row() {
		print result, md ? md : "-", mv ? mv : "-"
		result = md = mv = ""
	}
	BEGIN { print "#result", "md", "mv" }
	NR > 1 && $1 != header { end_row() }
	{ header = $1 }
	$4 == 1 && $5 == "vbr" { result = $7 }
	$4 == 1 && $10 == "md" { md = $11 }
	$4 == 1 && $10 == "mv" { mv = $11 }
	END { end_row() }'
}

begin_record
while IFS=$TAB read -r options fields; do
	eval "set -- $options"
	case $options in
	*\$SERVER* | *-n\ *) set -- --timeout=5 "$@" ;;
	*) set -- -z "$CASES/cases.zone" -z "$ZONE" "$@" ;;
	esac
	file=message
	case $fields in
	@*) file=$CASES/${fields#@} ;;
	*) printf '%b%s\n' "$fields" "$MESSAGE" >message ;;
	esac
	case $options in
	-Q*)
		record check "$@"
		continue
		;;
	esac
	record check -r "$@" <"$file"
	check -H "$@" <"$file" >>fields 2>/dev/null ||
		echo "Authentication-Results: $ID; none" >>fields
done <runs
reports >got
compare_table cases got
in_fields >got
awk -F '\t' '$9 !~ /^-Q/' cases >with_fields
compare_table with_fields got 'in the field'
tr -d '\001' <errs >err
ok 'stderr has nothing but the server that refuses' \
	[ "$(cat err)" = 'vbr-check: DNS server 127.0.0.1#1: Connection refused' ] ||
	note "$(cat err)"

# header-too-large: no file of that size is kept.
{
	yes 'A: b' | head -n 100001
	echo
} >message
exits 4 'a header that is too large is a permerror' \
	check -r -z "$CASES/cases.zone" -t all.example <message
{
	cat out
	printf '\001%d\001' 4
} >outs
reports | cut -f 3 >large
has 'header-too-large' 'header-too-large' large

# Each identifier of the manual, each note, has its case; those that are in vouch(7)
# for all tools, too, but for notes that other tests have.
sed -n '/^\.Ss Identifiers/,/^\.Sh/s/^\.It Li \([a-z-]*\)$/\1/p' \
	"$ROOT/man/vbr-check.1" >documented
sed -n '/^\.Sh SHARED IDENTIFIERS/,$s/^\.It Li \([a-z-]*\)$/\1/p' \
	"$ROOT/man/vouch.7" |
	grep -v '^assumed-identities$\|^no-received-date$\|^property-omitted$' \
		>>documented
# Those of the resolver have tests of their own (0700, 0715).
grep -v '^dns-limit$\|^dns-truncated$' documented | sort -u >want
{
	echo header-too-large
	cut -f 4,7 cases | tr -s '\t| ' '\n'
} | sort -u >have
comm -23 want have >missing
[ "$(wc -l <want)" -ge 24 ] && [ ! -s missing ]
result $? 'each identifier and each note has its case' || note "$(cat missing)"
[ "$(wc -l <cases)" -ge 60 ]
result $? 'there are at least 60 cases'

# --- filters: what is added, what is removed ---

awk -F '\t' -v OFS='\t' -v id="$ID" '
	function lines(text) {
		gsub(/\$ID/, id, text)
		gsub(/~/, "\\n", text)
		return text == "-" ? text : text "\\n"
	}
	/^#/ { next }
	{
		$4 = lines($4)
		$5 = lines($5)
		print
	}' "$CASES/filters.tsv" >filters
while IFS=$TAB read -r name added options before after title; do
	eval "set -- $options"
	set -- -z "$CASES/cases.zone" "$@"
	printf '%b%s\n' "$before" "$MESSAGE" >message
	[ "$after" != - ] || after=
	exits 0 "$name: $title" check "$@" <message
	check -H "$@" <message >field 2>err
	{
		cat field
		printf '%b%s\n' "$after" "$MESSAGE"
	} >want
	same "$name: the new fields and the rest, nothing else" want out
	sed '/^Authentication-Results:/d; /^[ \t]/d' field >extra
	[ "$added" = - ] && : >want || printf '%s\n' "$added" >want
	same "$name: added is: $added" want extra
done <filters
finish
