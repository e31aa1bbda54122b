#!/bin/sh
# make install, make uninstall, make dist.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
# shellcheck source=tests/examples.sh
. "$ROOT/tests/examples.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL

# What is built is not made again: it may have been built in another way.
run_make() {
	make -s -C "$ROOT" BUILD="$BUILD" -o all DESTDIR="$TMP/root" \
		PREFIX=/opt/vouch "$@"
}

installed() {
	(cd "$TMP/root/opt/vouch" && find . -type f) | sort
}

wanted() {
	for path in "$ROOT"/cmd/*/main.*; do
		tool=$(basename "${path%/main.*}")
		echo "./bin/$tool"
		echo "./share/bash-completion/completions/$tool"
		echo "./share/zsh/site-functions/_$tool"
		echo "./share/fish/vendor_completions.d/$tool.fish"
	done
	for path in "$ROOT"/man/*.[1-8]; do
		echo "./share/man/man${path##*.}/${path##*/}"
	done
	echo ./share/doc/vouch/README
	for path in "$DATA"/readme/*; do
		echo "./share/doc/vouch/examples/${path##*/}"
	done
}

if command -v make >/dev/null; then
	ok "make install succeeds" run_make install
	wanted | sort >"$TMP/want"
	installed >"$TMP/got"
	same "it installs tools, pages, completions and examples, where they are sought" \
		"$TMP/want" "$TMP/got" || note "$(diff "$TMP/want" "$TMP/got")"
	has "its README says where the examples' files are" \
		'cp /opt/vouch/share/doc/vouch/examples/* . && ' \
		"$TMP/root/opt/vouch/share/doc/vouch/README"
	exits 0 "an installed tool runs" \
		"$TMP/root/opt/vouch/bin/dkim-sign" --version
	ok "make uninstall succeeds" run_make uninstall
	installed >"$TMP/got"
	same "it leaves no file" /dev/null "$TMP/got"
	ok "and not its own directory" test ! -e \
		"$TMP/root/opt/vouch/share/doc/vouch"

	# As README says, with what is installed and nothing else.
	ok "make install without DESTDIR succeeds" run_make install DESTDIR= \
		PREFIX="$TMP/there"
	readme=$TMP/there/share/doc/vouch/README
	sed -n 's/^	\(cp .*\)/\1/p' "$readme" >"$TMP/copy"
	mkdir "$TMP/work"
	ok "the files of the examples can be copied" \
		sh -c "cd '$TMP/work' && . '$TMP/copy'"
	(
		PATH=$TMP/there/bin:$PATH
		run_examples "$readme" "$TMP/work"
		echo $test_count $test_failed >"$TMP/tally"
	)
	read -r test_count test_failed <"$TMP/tally"

	: >"$TMP/there/share/doc/vouch/note"
	ok "make uninstall without DESTDIR succeeds" run_make uninstall DESTDIR= \
		PREFIX="$TMP/there"
	(cd "$TMP/there" && find . -type f) >"$TMP/got"
	echo ./share/doc/vouch/note >"$TMP/want"
	same "it leaves what somebody else put there" "$TMP/want" "$TMP/got"
else
	skip "make install" "no make"
fi

dist() {		# dist DIRECTORY
	mkdir "$TMP/$1" && "$ROOT/scripts/dist" vouch-1 "$TMP/$1"
}

git -C "$ROOT" ls-files 2>/dev/null | sort >"$TMP/want"
if [ ! -s "$TMP/want" ]; then
	skip "make dist" "no git here, or no checkout"
	finish
fi
ok "a distribution is made" dist a
ok "another is made" dist b
same "they are equal, octet for octet" \
	"$TMP/a/vouch-1.tar.gz" "$TMP/b/vouch-1.tar.gz"
tar -t -z -f "$TMP/a/vouch-1.tar.gz" | sed 's|^vouch-1/||' | sort >"$TMP/got"
same "it has the files that git knows, below one directory" \
	"$TMP/want" "$TMP/got" || note "$(diff "$TMP/want" "$TMP/got")"
tar -t -v -z -f "$TMP/a/vouch-1.tar.gz" >"$TMP/list"
lacks "nobody's name is in it" "$(id -un)/" "$TMP/list"
mkdir "$TMP/c" && tar -x -z -f "$TMP/a/vouch-1.tar.gz" -C "$TMP/c"
same "its files are those of the tree" \
	"$ROOT/scripts/setup" "$TMP/c/vouch-1/scripts/setup"
ok "its scripts are executable" test -x "$TMP/c/vouch-1/scripts/setup"
finish
