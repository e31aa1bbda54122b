#!/bin/sh
# dkim-verify --explain finds what tests/alter/ does to messages: a few
# alterations here, each of them in tests/full/0316. Every alteration in the
# page has one that is made independently of the explainer.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
perl -MJSON::PP -MDigest::SHA -e 1 2>/dev/null || skip_all 'no Perl'

"$ROOT/tests/helper/alter" -l >"$TMP/ids"
sed -n '/^\.Ss Alterations/,/^\.Ss Remarks/s/^\.It Li //p' \
	"$ROOT/man/dkim-verify.1" >"$TMP/page"
# A wrapper changes both.
{ grep -vx header-mime "$TMP/page"; } | LC_ALL=C sort >"$TMP/want"
same 'each alteration in the page is made' "$TMP/want" "$TMP/ids"

printf '%s\n' 'From: a@example.org' 'Subject: order' '' 'It is on its way.' |
	dkim-sign -k r2048="$TMP/keys/rsa2048.pem" --now="$NOW" >"$TMP/good"
exits 0 'a message is altered' \
	"$ROOT/tests/helper/alter" "$TMP/good" subject-tag body-footer
mv "$TMP/out" "$TMP/altered"
dkim-verify --explain -z "$ZONE" --now="$NOW" "$TMP/altered" >"$TMP/out"
has 'it is found' '  body-footer: ' "$TMP/out"
has 'both are' '  subject-tag: ' "$TMP/out"
exits 65 'what changes nothing is refused' \
	"$ROOT/tests/helper/alter" "$TMP/good" body-trailing-added
exits 64 'as is what is not known' "$ROOT/tests/helper/alter" "$TMP/good" x

"$ROOT/tests/alter/trials" -i "body-footer|body-wrapper|body-from-quoted|\
body-quoted-printable-decoded|body-charset|subject-tag|from-rewritten|\
header-unfolded|header-words-encoded|header-completed|signature-bh" \
	singles 1 >"$TMP/trials"
tally "$TMP/trials"
"$ROOT/tests/alter/trials" 20 2 | grep -v '^found' >"$TMP/trials"
tally "$TMP/trials"
finish
