#!/bin/sh
# Cases of vbr-check as data (data/vbr): what RFC 5518 and RFC 6212 and the
# manual have for them, and what a filter adds and removes. A case more needs
# nothing here.
#
# Columns of cases.tsv: a name; the exit status; of each result, between bars:
# result, identifier, header.md and header.mv; the notes; the VBR-Info fields
# ("~" between them, escapes of printf's %b; "@FILE": the whole message; "+":
# whole fields, $MANY are 1000 results that are no pass; "-": none); the
# options, in which $SPF makes SPF pass for example.org, $SERVER is a DNS server
# that has the zone, and $LONG is a long name; a title.
#
# Columns of filters.tsv: a name; what is added, or "-"; the options; the header
# fields ("~" is a line end), and those that are left of them; a title.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
CASES=$DATA/vbr
AUTHRES=$BUILD/tests/helper/authres
TAB='	'
ID=mx.example.net
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

# expand TEXT: with $ID, $LONG, $MANY
expand() {
	printf %s "$1" |
		sed "s/\\\$ID/$ID/g; s/\\\$LONG/$LONG/g; s/\\\$MANY/$MANY/g"
}

# lines TEXT BEFORE: what it stands for; BEFORE is put before each "~" part
lines() {
	printf '%b' "$(printf '%s~' "$1" | sed "s/^/$2/; s/~\\(.\\)/~$2\\1/g
		s/~/\\\\n/g")"
}

make_message() {	# make_message FIELDS
	case $1 in
	@*) cat "$CASES/${1#@}" && return ;;
	+*) lines "$(expand "${1#+}")" '' ;;
	-) ;;
	'""') echo 'VBR-Info:' ;;
	*) lines "$(expand "$1")" 'VBR-Info: ' ;;
	esac
	cat "$DATA/message.eml"
}

# outcome REPORT: result, identifiers, header.md, header.mv, notes, as they
# stand in a case
outcome() {
	awk '
	function one_more(list, word) {
		return list (n > 1 ? "|" : "") word
	}
	function value(name) {
		if (!match($0, " " name "=[^ ]*"))
			return "-"
		return substr($0, RSTART + length(name) + 2,
		    RLENGTH - length(name) - 2)
	}
	/^vbr=/ {
		n++
		result = substr($1, 5)
		id = "-"
		if (match($0, / reason="[^"]*"/)) {
			many = split(substr($0, RSTART + 9, RLENGTH - 10),
			    part, "; ")
			for (i = 1; i <= many; i++) {
				sub(/:.*/, "", part[i])
				if (i == 1 && result != "pass")
					id = part[i]
				else
					notes = notes (notes ? " " : "") part[i]
			}
		}
		results = one_more(results, result)
		ids = one_more(ids, id)
		md = one_more(md, value("header.md"))
		mv = one_more(mv, value("header.mv"))
	}
	END { print results, ids, md, mv, notes ? notes : "-" }' OFS='\t' "$1"
}

# in_field FIELD: result, header.md and header.mv of its first result
in_field() {
	"$AUTHRES" <"$1" | awk -F '\t' '
		$4 == 1 && $5 == "vbr" { result = $7 }
		$4 == 1 && $10 == "md" { md = $11 }
		$4 == 1 && $10 == "mv" { mv = $11 }
		END { print result, md ? md : "-", mv ? mv : "-" }' OFS='\t'
}

grep -v '^#' "$CASES/cases.tsv" >cases
while IFS=$TAB read -r name status code id md mv notes fields options title; do
	eval "set -- $(printf %s "$options" | sed "s/\\\$SPF/$SPF/")"
	case $options in
	*\$SERVER* | *-n\ *) set -- --timeout=5 "$@" ;;
	*) set -- -z "$CASES/cases.zone" -z "$ZONE" "$@" ;;
	esac
	case $options in
	-Q*)
		check "$@" >out 2>err
		;;
	*)
		make_message "$fields" >message
		check -r "$@" <message >out 2>err
		;;
	esac
	got=$?
	want=$(printf '%s\t%s\t%s\t%s\t%s' "$code" "$id" "$md" \
		"$(expand "$mv")" "$notes")
	[ "$got" -eq "$status" ] && [ ! -s err ] &&
		[ "$(outcome out)" = "$want" ]
	result $? "$name: $title: $code" ||
		note "wanted $status: $want" "got $got: $(outcome out)" \
			"$(cat out err)"
	case $options in -Q*) continue ;; esac
	check -H "$@" <message >field 2>err &&
		[ "$(in_field field)" = "$(printf '%s\t%s\t%s' "$code" \
			"$md" "$(expand "$mv")")" ]
	result $? "$name: the field says the same" || note "$(cat field err)"
done <cases

# header-too-large: no file of that size is kept.
{
	yes 'A: b' | head -n 100001
	echo
} >message
exits 4 'a header that is too large is a permerror' \
	check -r -z "$CASES/cases.zone" -t all.example <message
outcome out | cut -f 2 >large
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

grep -v '^#' "$CASES/filters.tsv" >cases
while IFS=$TAB read -r name added options before after title; do
	eval "set -- $(printf %s "$options" | sed "s/\\\$SPF/$SPF/")"
	set -- -z "$CASES/cases.zone" "$@"
	{
		lines "$(expand "$before")" ''
		cat "$DATA/message.eml"
	} >message
	: >rest
	[ "$after" = - ] || lines "$(expand "$after")" '' >rest
	cat "$DATA/message.eml" >>rest
	exits 0 "$name: $title" check "$@" <message
	check -H "$@" <message >field 2>err
	cat field rest >want
	same "$name: the new fields and the rest, nothing else" want out
	sed '/^Authentication-Results:/d; /^[ \t]/d' field >extra
	[ "$added" = - ] && : >want || printf '%s\n' "$added" >want
	same "$name: added is: $added" want extra
done <cases
finish
