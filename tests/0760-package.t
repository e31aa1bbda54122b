#!/bin/sh
# The Debian package: it is made, lintian finds nothing, what is in it works,
# and it is installed and removed below $TMP. Takes a minute, as all is compiled
# again: only with VOUCH_PACKAGE=yes.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/examples.sh
. "$ROOT/tests/examples.sh"

[ "${VOUCH_PACKAGE:-}" = yes ] || skip_all "takes a minute: VOUCH_PACKAGE=yes"
for need in dpkg-buildpackage dh lintian git; do
	command -v $need >/dev/null || skip_all "no $need"
done
git -C "$ROOT" rev-parse 2>/dev/null || skip_all "no git checkout"

unset VOUCH_FULL # the package runs make check
tools=$(cd "$ROOT/cmd" && printf '%s\n' */main.* | sed 's|/main\.[a-z]*$||')
x=$TMP/x

ok "the package is made, and its tests pass" \
	"$ROOT/scripts/package" "$TMP/made" || {
	note "$(tail -n 30 "$TMP/ok.out")"
	finish
}
deb=$(echo "$TMP"/made/vouch_*.deb)
ok "lintian finds no errors and no warnings" \
	lintian --allow-root --fail-on error,warning "$TMP"/made/*.changes
ok "it can be unpacked" dpkg-deb -x "$deb" "$x"

shares=$x/usr/share
holds() {		# holds TOOL: all that belongs to a tool
	test -x "$x/usr/bin/$1" &&
		gzip -dc "$shares/man/man1/$1.1.gz" | cmp - "$ROOT/man/$1.1" &&
		cmp "$shares/bash-completion/completions/$1" \
			"$BUILD/completion/bash/$1" &&
		cmp "$shares/zsh/vendor-completions/_$1" \
			"$BUILD/completion/zsh/_$1" &&
		cmp "$shares/fish/vendor_completions.d/$1.fish" \
			"$BUILD/completion/fish/$1.fish"
}
for tool in $tools; do
	ok "$tool is in it, with page and completions" holds "$tool"
	exits 0 "the packaged $tool runs" "$x/usr/bin/$tool" --version
done
for page in "$ROOT"/man/*.[2-8]; do
	name=$(basename "$page")
	ok "$name is in it" test -f "$shares/man/man${name##*.}/$name.gz"
done
same "its copyright file is that of the recipe" "$ROOT/scripts/debian/copyright" \
	"$shares/doc/vouch/copyright"
sed -n '3,$p' "$ROOT/COPYING" >"$TMP/licence"
sed -n -e '/^License:/,$s/^ //p' "$ROOT/scripts/debian/copyright" |
	sed 's/^\.$//' >"$TMP/copyright"
same "the licence there is that of COPYING" "$TMP/licence" "$TMP/copyright"
ok "the README is in it" test -f "$shares/doc/vouch/README.gz"
gzip -dc "$shares/doc/vouch/README.gz" >"$TMP/README"
"$ROOT/scripts/installed-readme" /usr/share/doc/vouch >"$TMP/want"
same "as it is for those who have the package" "$TMP/want" "$TMP/README"
sed -n 's/^	man \([a-z-]*\).*/\1/p' "$TMP/README" >"$TMP/pages"
while read -r page; do
	set -- "$shares/man"/man?/"$page".?.gz
	ok "it names $page, which is a page in it" test -f "$1"
done <"$TMP/pages"
mkdir "$TMP/work" && cp "$shares"/doc/vouch/examples/* "$TMP/work" &&
	chmod 600 "$TMP/work/rsa.pem"
result $? "the files of its examples are in it"
(
	PATH=$x/usr/bin:$PATH
	run_examples "$TMP/README" "$TMP/work"
	echo $test_count $test_failed >"$TMP/tally"
)
read -r test_count test_failed <"$TMP/tally"
(cd "$shares/doc/vouch" && find . -type f ! -name 'changelog*') | sort >"$TMP/got"
{
	printf '%s\n' ./README.gz ./copyright
	(cd "$DATA/readme" && printf './examples/%s\n' *)
} | sort >"$TMP/want"
same "no other file is in its documentation" "$TMP/want" "$TMP/got"

printf 'From: a@rsa.example\nSubject: x\n\nHello\n' >"$TMP/mail"
signs() {
	"$x/usr/bin/dkim-sign" -d example.org -s packaged --now "$NOW" \
		-k "$TMP/keys/rsa2048.pem" <"$TMP/mail" >"$TMP/signed"
}
ok "the packaged dkim-sign signs" signs

page=$shares/man/man1/dkim-verify.1.gz
if command -v man >/dev/null; then
	MANWIDTH=80 man --warnings -l "$page" >"$TMP/page" 2>"$TMP/warnings"
	has "man dkim-verify reads well" "verify the DKIM signatures" \
		"$TMP/page"
	same "man warns of nothing" /dev/null "$TMP/warnings"
else
	skip "man dkim-verify reads well" "no man"
fi

below=$TMP/root
mkdir -p "$below/var/lib/dpkg/updates" "$below/var/lib/dpkg/info"
: >"$below/var/lib/dpkg/status"
: >"$below/var/lib/dpkg/available"

# dpkg below another root, as root or as if.
dpkg_below() {
	set -- dpkg --root="$below" --log="$TMP/log" --force-depends \
		--force-bad-path --force-not-root "$@"
	[ "$(id -u)" -eq 0 ] || set -- fakeroot "$@"
	HOME=$TMP "$@"
}
if [ "$(id -u)" -eq 0 ] || command -v fakeroot >/dev/null; then
	ok "dpkg installs it" dpkg_below --install "$deb"
	exits 0 "an installed tool runs" "$below/usr/bin/spf-query" --version
	ok "dpkg removes it" dpkg_below --purge vouch
	find "$below" ! -type d ! -path '*/var/*' >"$TMP/left"
	same "nothing is left" /dev/null "$TMP/left"
else
	skip "dpkg installs and removes it" "neither root nor fakeroot"
fi
finish
