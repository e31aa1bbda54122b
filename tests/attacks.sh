# attacks.sh: what tests of messages have in common that want to be taken for
# another's. Source it after lib.sh, in $TMP.
#
#	$TAB, $MKSIG		a tab; tests/helper/mksig
#	text_of SELECTOR	the strings of the record of one of the keys
#	eval "set -- $(sent_as WORD)"
#				options: "-": evil.example sends it; "none"; or
#				the word itself
#	printable METHOD REPORT	each line begins with METHOD, spf or dkim
#	harmless METHOD RESULT FIELD
#				it is ours, and has one result of METHOD, first,
#				which is RESULT; others are of spf or dkim; its
#				lines are short, and of printable ASCII. The
#				results are in $TMP/rows, as helper/authres has
#				them
#
# shellcheck shell=sh disable=SC2034
TAB='	'
MKSIG=$BUILD/tests/helper/mksig
AUTHRES=$BUILD/tests/helper/authres
needs "$MKSIG" "$AUTHRES"

text_of() {
	sed -n "s/^$1\._domainkey\.example\.org\. .* TXT //p" "$ZONE"
}

sent_as() {
	case $1 in
	-) echo '-i 192.0.2.66 -e mail.evil.example -f x@evil.example' ;;
	none) ;;
	*) printf '%s\n' "$1" ;;
	esac
}

printable() {
	[ "$(tr -d '\n\040-\176' <"$2" | wc -c)" -eq 0 ] &&
		! grep -q -v "^\\($1\\|spf\\|dkim\\)=" "$2"
}

harmless() {
	"$AUTHRES" <"$3" >"$TMP/rows" || return
	awk -F '\t' -v method="$1" -v want="$2" -v id="$ID" '
		$1 != 1 || $2 != id || $3 != 1 || $4 < 1 { bad = 1 }
		$5 != method && $5 != "spf" && $5 != "dkim" { bad = 1 }
		$5 == method && ($4 != 1 || $7 != want) { bad = 1 }
		$4 == 1 && $5 != method { bad = 1 }
		bad { print; exit 1 }
		END { exit bad || !NR }' "$TMP/rows" || return
	[ "$(tr -d '\t\n\040-\176' <"$3" | wc -c)" -eq 0 ] || return
	awk 'length > 998 || NR > 1 && !/^\t/ ||
	    NR == 1 && !/^Authentication-Results: / { exit 1 }' "$3"
}
