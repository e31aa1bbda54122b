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
	awk -v name="$1" '
	NR > 1 && /^[^ \t]/ { exit }
	{ field = field $0 }
	END {
		sub(/^[^:]*:/, "", field)
		gsub(/[ \t\r]/, "", field)
		n = split(field, tags, ";")
		for (i = 1; i <= n; i++)
			if (index(tags[i], name "=") == 1)
				print substr(tags[i], length(name) + 2)
	}' "$2"
}

tagged() {
	tagged_value=$(tag "$1" "$TMP/out")
	[ "$tagged_value" = "$2" ]
	result $? "$3" && return
	note "$1=$tagged_value, not $2"
	note "$(cat "$TMP/err")"
}

verifies() {
	verifies_title=$1 verifies_want=$2
	shift 2
	verifies_got=
	dkim-verify -r -z "$ZONE" --now="$NOW" "$@" <"$TMP/out" >"$TMP/report"
	while read -r verifies_result _; do
		verifies_got=$verifies_got${verifies_got:+,}${verifies_result#dkim=}
	done <"$TMP/report"
	[ "$verifies_got" = "$verifies_want" ]
	result $? "$verifies_title" || note "$verifies_got"
}

warns() {
	warns_text=$1 warns_title=$2
	shift 2
	sign "$@" >"$TMP/out" 2>"$TMP/err" && [ -s "$TMP/out" ] &&
		contains "$TMP/err" "$warns_text"
	result $? "$warns_title" || note "$(cat "$TMP/err")"
}
