# sign.sh: what the tests of dkim-sign have in common. Source it after lib.sh.
# The time is that of all tests; $MAIL is a message, $K has the keys, $PUBLIC is
# what the DNS has of ed25519.pem.
#
#	sign ARG... <MESSAGE	insert() of inserter.sh, see there
#	tag NAME FILE		a tag of its topmost signature, without white
#				space
#	tagged NAME VALUE TITLE	that of $TMP/out is this
#	verifies TITLE RESULTS ARG...
#				the signatures of $TMP/out, joined by commas
#	warns TEXT TITLE ARG... <MESSAGE
#				it is signed, and the text is on stderr
#
# shellcheck shell=sh disable=SC2034
# shellcheck source=tests/inserter.sh
. "${0%/*}/inserter.sh"
INSERTER=dkim-sign
MAIL=$DATA/message.eml
K=$TMP/keys
PUBLIC=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=

sign() {
	dkim-sign --now="$NOW" "$@"
}

insert() {
	sign "$@"
}

tag() {
	awk 'NR > 1 && /^[^ \t]/ { exit } { printf "%s", $0 }' "$2" |
		sed 's/^[^:]*://' | tr -d ' \t\r' | tr ';' '\n' |
		sed -n "s/^$1=//p"
}

tagged() {
	[ "$(tag "$1" "$TMP/out")" = "$2" ]
	result $? "$3" && return
	note "$1=$(tag "$1" "$TMP/out"), not $2"
	note "$(cat "$TMP/err")"
}

verifies() {
	verifies_title=$1 verifies_want=$2
	shift 2
	verifies_got=$(dkim-verify -r -z "$ZONE" --now="$NOW" "$@" <"$TMP/out" |
		sed 's/^dkim=\([a-z]*\).*/\1/' | tr '\n' ,)
	[ "${verifies_got%,}" = "$verifies_want" ]
	result $? "$verifies_title" || note "$verifies_got"
}

warns() {
	warns_text=$1 warns_title=$2
	shift 2
	sign "$@" >"$TMP/out" 2>"$TMP/err" && [ -s "$TMP/out" ] &&
		grep -q -F -e "$warns_text" "$TMP/err"
	result $? "$warns_title" || note "$(cat "$TMP/err")"
}
