#!/bin/sh
# What make prints: a line for each file that it makes, commands by V=1, nothing
# by -s; and what to type where something is missing.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

command -v make >/dev/null || skip_all "no make"
unset MAKEFLAGS MFLAGS MAKELEVEL V
OBJECT=$TMP/build/common/base/arena.o
mkdir "$TMP/with"
cd "$ROOT" || exit 1

# Nothing is compiled: that takes true.
make_object() {		# make_object ARG...
	make BUILD="$TMP/build" CC=true "$@" "$OBJECT"
}

exits 0 "make compiles" make_object
echo 'CC common/base/arena.o' >"$TMP/want"
same "it prints what it makes" "$TMP/want" "$TMP/out"
same "standard error is quiet" /dev/null "$TMP/err"
exits 0 "make -s compiles" make_object -s
same "it prints nothing" /dev/null "$TMP/out"
exits 0 "make -s -j2 compiles" make_object -s -j2
same "it prints nothing, either" /dev/null "$TMP/out"
exits 0 "make V=1 compiles" make_object V=1
has "it prints the command" "true -std=c11" "$TMP/out"
lacks "and no other line for it" 'CC ' "$TMP/out"
has "it fortifies" -D_FORTIFY_SOURCE=2 "$TMP/out"
exits 0 "make with another level compiles" make_object V=1 \
	CFLAGS=-D_FORTIFY_SOURCE=3
has "that is the level" -D_FORTIFY_SOURCE=3 "$TMP/out"
lacks "and the only one" -D_FORTIFY_SOURCE=2 "$TMP/out"

fake() {		# fake PROGRAM: what is on stdin
	{
		echo '#!/bin/sh'
		cat
	} >"$TMP/with/$1"
	chmod +x "$TMP/with/$1"
}

with() {		# with TARGET: the programs that are faked come first
	PATH=$TMP/with:$PATH make BUILD="$TMP/none" "$1"
}

echo 'exit 1' | fake pkg-config
exits 2 "make without libraries fails" with all
has "it names setup" 'is missing: run scripts/setup.' "$TMP/err"
ok "that is all it says" lines 1 "$TMP/err"
exits 2 "make demo without libraries fails, too" with demo
has "it names setup, too" 'is missing: run scripts/setup.' "$TMP/err"
ok "make -n clean needs none" env PATH="$TMP/with:$PATH" make -n clean
exits 2 "make without a compiler fails" make BUILD="$TMP/none" \
	CC="$TMP/no-compiler" all
has "it names setup for that" 'is missing: run scripts/setup.' "$TMP/err"
echo 'case $* in *cmocka*) exit 1 ;; *--libs*) echo -lm ;; esac' |
	fake pkg-config
for target in check check-all; do
	exits 2 "make $target without cmocka fails" with $target
	has "make $target names setup --tests" \
		'is missing: run scripts/setup --tests.' "$TMP/err"
done
ok "nothing was compiled" test ! -e "$TMP/none"
finish
