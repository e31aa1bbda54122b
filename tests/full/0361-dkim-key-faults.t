#!/bin/sh
# dkim-key new, killed at any system call, and where one fails: a whole key is
# left, or none; also on a file system that has no files without a name.
# shellcheck source=tests/lib.sh disable=SC2317,SC2181
. "${0%/*}/../lib.sh"
cd "$TMP" || exit 1

strace -o log true 2>errors || skip_all "no strace that works"
grep -q __asan_init "$(command -v dkim-key)" &&
	skip_all "leaks cannot be found under strace"
mkdir here

# inject WHAT...: makes a key under strace, which injects that
inject() {
	for inject_what in "$@"; do
		set -- "$@" -e "trace=${inject_what%%:*}" -e \
			"inject=$inject_what"
		shift
	done
	rm -f here/*
	strace -qq -o log "$@" dkim-key new -d a.b -s s -T ed25519 \
		-o here/key >out 2>err
}

nothing() {
	[ -z "$(ls -A here)" ]
}

# The calls that occur, and how often.
strace -qq -o calls dkim-key new -d a.b -s s -T ed25519 -o here/key >out 2>err
result $? "a key can be made under strace"
named=$(awk -F '(' '$1 == "openat" { n++ } /O_TMPFILE/ { print n }' calls)
ok "it is made without a name" [ "$named" ]
without=openat:error=EOPNOTSUPP:when=$named
awk -F '(' '$1 ~ /^[a-z_0-9]+$/ && $1 != "execve" && $1 != "exit_group" {
	n[$1]++
}
END {
	for (call in n)
		for (i = 1; i <= n[call]; i++)
			print call, i
}' calls >points

whole=0 none=0 half=0
while read -r call number; do
	inject "$call:signal=KILL:when=$number"
	if nothing; then
		none=$((none + 1))
	elif [ "$(ls -A here)" = key ] && dkim-key show here/key >shown 2>&1
	then
		whole=$((whole + 1))
	else
		half=$((half + 1))
		note "killed at $call $number: $(ls -lA here)"
	fi
done <points
note "killed $(wc -l <points) times: $none without a key, $whole with one"
ok "killed at any system call it leaves no half of a key" [ $half -eq 0 ]
ok "sometimes none" [ $none -gt 20 ]
ok "sometimes a whole one" [ $whole -gt 2 ]

for call in write:error=ENOSPC:when=1 write:retval=0:when=1 \
	fsync:error=EIO:when=1 linkat:error=EIO:when=1 fsync:error=EIO:when=2 \
	fchmod:error=EPERM:when=1; do
	inject "$call"
	[ $? -eq 74 ] && nothing
	result $? "where this fails, nothing is left: $call" || note "$(cat err)"
	has "it says so" "dkim-key new: here/key: " err
done
inject fsync:error=EINVAL:when=2
[ $? -eq 0 ] && ! nothing
result $? "a folder that cannot be synced has the key all the same"

inject "$without"
[ $? -eq 0 ] && [ "$(stat -c %a here/key)" = 600 ]
result $? "a file system without nameless files has the key"
for call in write:error=ENOSPC:when=1 fsync:error=EIO:when=1 \
	fchmod:error=EPERM:when=1; do
	inject "$without" "$call"
	[ $? -eq 74 ] && nothing
	result $? "where this fails there, nothing is left: $call"
done
inject access:error=ENOENT:when=2
[ $? -eq 0 ] && dkim-key show here/key >shown
result $? "so it has without /proc"
finish
