#!/bin/sh
# dkim-verify --original: a message compared with the one that was sent.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/verify.sh
. "${0%/*}/verify.sh"

# compare ORIGINAL MESSAGE ARG...
compare() {
	original=$1 message=$2
	shift 2
	verify --explain --original="$original" "$@" "$message"
}

# from FILE: the lines of the comparison
from() {
	sed -n '/^  compared with/,$p' "$1"
}

R1024='v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=r1024; h=from:to:subject:message-id; bh=%BH%; b='
sign rsa1024 "$R1024" <"$MAIL" >"$TMP/good"
{
	echo 'Received: from a by lists.example.net; Fri, 20 Nov 2026 10:00:00 +0000'
	sed 's/^Subject: /&[dev] /; s/^To:/To: /' "$TMP/good"
	echo 'dev list'
} >"$TMP/list"

exits 1 'a message is compared with its original' \
	compare "$TMP/good" "$TMP/list"
from "$TMP/out" >"$TMP/got"
has 'header and body differ' '(c=relaxed/relaxed): the header and the body' \
	"$TMP/got"
has 'a field was changed' '    + signed      Subject: [dev] ' "$TMP/got"
has 'one was added' '    + not signed  Received: from a by' "$TMP/got"
has 'one has other white space' '    To: white space or the case' "$TMP/got"
has 'and a line was added' '    + signed      dev list' "$TMP/got"
lacks 'the signature field is the same' 'DKIM-Signature' "$TMP/got"

exits 1 'the original may be from before it was signed' \
	compare "$MAIL" "$TMP/list"
has 'which is told' '  the original does not have this signature field' \
	"$TMP/out"
from "$TMP/out" | grep -v -e 'the original does not' -e '^  header: ' \
	>"$TMP/unsigned"
grep -v '^  header: ' "$TMP/got" >"$TMP/want"
same 'the rest is the same' "$TMP/want" "$TMP/unsigned"
sed 's/$/\r/' "$TMP/good" >"$TMP/crlf"
compare "$TMP/crlf" "$TMP/list" >"$TMP/out"
from "$TMP/out" >"$TMP/ends"
same 'line ends do not matter' "$TMP/got" "$TMP/ends"

exits 0 'a message that passes' compare "$TMP/good" "$TMP/good"
has 'is the same' 'nothing that this signature covers differs' "$TMP/out"

# A signature that is not verified needs no hash of the body.
sign rsa1024 "t=1; x=2; $R1024" <"$MAIL" >"$TMP/expired"
exits 4 'one that is not verified' compare "$MAIL" "$TMP/expired"
has 'has its body, too' '  body: all lines are the same' "$TMP/out"

if command -v jq >/dev/null; then
	compare "$TMP/good" "$TMP/list" -j >"$TMP/out"
	jq -c '.explain[0].compare | [.header_differs, .body_differs,
	    (.fields[] | select(.state != "same" or .hidden)
	    | .name, .state, .signed), (.lines[] | .after.text)]' \
		"$TMP/out" >"$TMP/got"
	printf '%s%s\n' '[true,true,"To","same",true,"Subject","changed",true,' \
		'"Received","added",false,"\ndev list\n"]' >"$TMP/want"
	same 'JSON has it' "$TMP/want" "$TMP/got"
	verify --explain -j "$TMP/list" | jq -c '.explain[0].compare' \
		>"$TMP/got"
	echo null >"$TMP/want"
	same 'only then' "$TMP/want" "$TMP/got"
fi

exits 64 'it needs --explain' verify --original="$MAIL" "$TMP/list"
exits 66 'a file that is not there' compare "$TMP/none" "$TMP/list"
has 'is named' '--original: ' "$TMP/err"
exits 66 'nor can a directory be read' compare "$TMP" "$TMP/list"
: >"$TMP/empty"
exits 65 'an empty file' compare "$TMP/empty" "$TMP/list"
echo 'no field' >"$TMP/text"
exits 65 'a file that is not a message' compare "$TMP/text" "$TMP/list"
{ cat "$MAIL" && head -c 67108864 /dev/zero; } >"$TMP/large"
exits 65 'a file over 64 MiB' compare "$TMP/large" "$TMP/list"

finish
