#!/bin/sh
# README's examples print what README shows: each line that begins with "$ " is
# run, in this order, in one directory with the files of data/readme.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

# shellcheck source=tests/examples.sh
. "$ROOT/tests/examples.sh"

mkdir "$TMP/work"
cp "$DATA"/readme/* "$TMP/work" && chmod 600 "$TMP/work/rsa.pem" || exit 1
run_examples "$ROOT/README" "$TMP/work"

cd "$TMP/examples" || exit 1
set -- *.command
ok "README has examples" test $# -ge 5
# Those that the README lists at its beginning.
tools=$(sed -n -e '/^$/n' -e 's/^	\([a-z]*-[a-z]*\)	.*/\1/p' "$ROOT/README")
ok "README lists tools" test "$(echo "$tools" | wc -l)" -ge 6
for tool in $tools; do
	ok "$tool is a tool" test -f "$ROOT/cmd/$tool/main.c"
	ok "$tool is in an example" grep -q -e "$tool" -- *.command
done

# README's command that brings the files.
cp_line='vouch/tests/data/readme/* . && chmod 600 rsa.pem'
has "README says which files they need" "	cp $cp_line" "$ROOT/README"

# The README of what is installed.
installed() {
	"$ROOT/scripts/installed-readme" /opt/doc/vouch >"$TMP/README"
}
ok "README is written for what is installed" installed
has "it says where the files are then" \
	'	cp /opt/doc/vouch/examples/* . && chmod 600 rsa.pem' "$TMP/README"
for word in 'tests/' 'scripts/' 'common/' 'cmd/' 'man/' 'make ' 'COPYING'; do
	lacks "it does not name $word, which is not there" "$word" "$TMP/README"
done
has "it has the licence" "$(sed -n '$p' "$ROOT/COPYING")" "$TMP/README"
sed -n '/^Eight examples/,/^Further/p' "$ROOT/README" | grep -v '^	cp ' \
	>"$TMP/want"
sed -n '/^Eight examples/,/^Further/p' "$TMP/README" | grep -v '^	cp ' \
	>"$TMP/got"
same "and the same examples" "$TMP/want" "$TMP/got"
sed -n 's/^	man \([a-z-]*\).*/\1/p' "$TMP/README" >"$TMP/pages"
ok "it names pages" test -s "$TMP/pages"
while read -r page; do
	set -- "$ROOT/man/$page".[1-8]
	ok "$page is a page" test -f "$1"
done <"$TMP/pages"
exits 64 "without a directory it is not written" "$ROOT/scripts/installed-readme"
finish
