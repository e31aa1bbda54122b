#!/bin/sh
# The demo shows what it runs, in the folder that it names, on one screen of
# each width; every command that it shows or proposes works there.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# A build of its own: links to the tools.
mkdir "$TMP/build" && ln -s "$(dirname "$(command -v dkim-sign)")" \
	"$TMP/build/bin" || exit 1
exits 0 'the demo works' "$ROOT/scripts/demo" "$TMP/build/bin"
cp "$TMP/out" "$TMP/demo"
ok 'it is under 60 lines' [ "$(wc -l <"$TMP/demo")" -lt 60 ]
has 'it names its folder' "In $TMP/build/demo:" "$TMP/demo"
ok 'which stays' [ -s "$TMP/build/demo/signed" ]
exits 0 'a second time, too' "$ROOT/scripts/demo" "$TMP/build/bin"
same 'with the same output' "$TMP/demo" "$TMP/out"

# What is shown, typed in again, writes the same.
cp -R "$TMP/build/demo" "$TMP/again" && cd "$TMP/again" && rm signed forged ./*.example.org.pem
awk '
	/^\$ / { on = 1; n = sprintf("%02d", n + 1); sub(/^\$ /, "") }
	/^Now try/ { exit }
	on { print >("command" n); on = /[|\\]$/ }' "$TMP/demo"
set -- command*
ok 'it shows commands' [ $# -ge 6 ]
for command in "$@"; do
	echo
	printf '$ '
	cat "$command"
	sh "$command"
	status=$?
	[ $status -eq 0 ] || echo "(exit status $status)"
done >"$TMP/typed" 2>&1
"$ROOT/scripts/demo" "$TMP/build/bin" 2>&1 | sed '1d; /^Now try/,$d' |
	sed '$d' >"$TMP/shown"
same 'what it shows is what it runs' "$TMP/shown" "$TMP/typed"

# What it proposes: a page, the folder, commands.
sed '1,/^Now try/d; s/^  //' "$TMP/demo" >"$TMP/proposed"
has 'it proposes a page' 'man man/vouch.7' "$TMP/proposed"
sed -n 's/^cd //p' "$TMP/proposed" >"$TMP/cd"
grep -v -e '^man ' -e '^cd ' "$TMP/proposed" >"$TMP/lines"
ok 'and commands' [ "$(wc -l <"$TMP/lines")" -ge 3 ]
while IFS= read -r line; do
	(cd "$ROOT" && sh -c "PATH=/usr/bin:/bin; cd $(cat "$TMP/cd"); $line") \
		>"$TMP/out" 2>"$TMP/err" </dev/null
	ok "$line works there" [ $? -lt 64 ] || note "$(cat "$TMP/err")"
done <"$TMP/lines"

# On a terminal. The folder is in the golden screens by another name.
if at_terminal true; then
	for width in 80 132; do
		COLUMNS=$width at_terminal "$ROOT/scripts/demo $TMP/build/bin"
		tr -d '\r' <"$TMP/out" |
			sed "s/$(printf '\033')\[[0-9;]*m//g" >"$TMP/screen"
		sed "s|$TMP/||" "$TMP/screen" >"$TMP/shown"
		ok "at $width columns it is under 60 lines" \
			[ "$(wc -l <"$TMP/shown")" -lt 60 ]
		ok 'none of them wider' \
			[ -z "$(awk -v w=$width 'length > w' "$TMP/shown")" ]
		[ "${VOUCH_SCREENS:-}" != update ] ||
			cp "$TMP/shown" "$DATA/screens/demo/$width"
		ok 'as it was read' diff -u "$DATA/screens/demo/$width" \
			"$TMP/shown" || cat "$TMP/ok.out"
	done
else
	skip 'on a terminal' 'no script(1)'
fi
finish
