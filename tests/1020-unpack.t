#!/bin/sh
# Archives that inflate to much more than they are: unpacking them ends at the
# limit, in little memory and bounded time, and leaves no files.
# Slow: it makes the archives.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
UNPACK=$BUILD/tests/helper/unpack
PACK=$BUILD/tests/helper/pack
PEAK=$BUILD/tests/helper/peak
needs "$UNPACK" "$PACK" "$PEAK"
mkdir "$TMP/spool"
TMPDIR=$TMP/spool
export TMPDIR
cd "$TMP" || exit 1

MIB=1048576
MAX=$((64 * MIB))	# octets that may come out
MEMORY=16384		# KiB
sanitized=
grep -q __asan_init "$UNPACK" && sanitized=yes

# unpack FILE...: the number of octets that came out is in $count, what was told
# in err; memory and time are in $kib and $milliseconds.
unpack() {
	"$PEAK" peak "$UNPACK" "$MAX" "$@" 2>err | wc -c >octets
	read -r kib milliseconds <peak
	read -r count <octets
	note "$* ($(wc -c <"$1") octets): $kib KiB, $milliseconds ms"
}

small() {
	if [ "$sanitized" ]; then
		skip "$1: less than 16 MiB of memory" 'address sanitizer'
	else
		ok "$1: less than 16 MiB of memory" [ "$kib" -lt "$MEMORY" ]
	fi
}

zeros() {
	head -c "$1" /dev/zero
}

# --- the limit, and one octet more ---

zeros "$MAX" | "$PACK" gzip >most.gz
unpack most.gz
ok 'a gzip of 64 MiB comes out' [ "$count" -eq "$MAX" ]
has 'it is whole' "whole $MAX" err
small 'it'
most=$milliseconds

zeros $((MAX + 1)) | "$PACK" gzip >more.gz
unpack more.gz
ok 'of one octet more, 64 MiB come out' [ "$count" -eq "$MAX" ]
has 'it is refused' 'refused too-large ' err
has 'it is broken' "broken $MAX" err

# --- bombs ---

zeros $((100 * MIB)) | "$PACK" gzip >b.gzip
"$PACK" gzip <b.gzip >b.gzip-gzip
"$PACK" zip <b.gzip >b.gzip-zip
zeros $((100 * MIB)) | "$PACK" zip >b.zip
"$PACK" stored 2 <b.zip >b.zip-zip
"$PACK" gzip <b.zip >b.zip-gzip
zeros $((2 * MIB)) | "$PACK" zip 50 >b.members
"$PACK" stored 45 <b.gzip >b.gzip-members
zeros $((60 * MIB)) | "$PACK" stored >b.stored
"$PACK" gzip <b.stored >b.stored-gzip
# Blocks of deflate that have tables but no output take the longest for their
# size: four of them, 2^20 times.
printf '\004\300\201\000\000\000\000\000\220\377\153\020\000\007\002\000' >block
printf '\000\000\000\100\376\257\101\000\034\010\000\000\000\000' >>block
printf '\000\371\277\006\001\160\040\000\000\000\000\000\344\377\032' >>block
times=20
while [ $times -gt 0 ]; do
	cat block block >blocks
	mv blocks block
	times=$((times - 1))
done
{
	printf '\037\213\010\000\000\000\000\000\000\377'
	cat block
	printf '\003\000\000\000\000\000\000\000\000\000'
} >slow
"$PACK" gzip <slow >b.slow-gzip

for bomb in b.*; do
	[ "$bomb" != b.stored ] || continue
	unpack "$bomb"
	ok "$bomb: no more than 64 MiB come out" [ "$count" -le "$MAX" ]
	has "$bomb: it is refused" 'refused too-large ' err
	small "$bomb"
	# The slow blocks take 16 times as long, and 86 times without a limit.
	ok "$bomb: its time is bounded by that of 64 MiB that are whole" \
		[ "$milliseconds" -le $((30 * most)) ]
	ok "$bomb: no files are left" [ -z "$(ls -A "$TMPDIR")" ]
done

# --- archives that are larger than memory ---

head -c $((3 * MIB)) "$UNPACK" >program
seq 1000000 >>program
"$PACK" stored 3 <program >large
unpack large
ok 'a zip that is kept in a file comes out' \
	[ "$count" -eq $((3 * $(wc -c <program))) ]
lacks 'nothing of it is refused' refused err
small 'a zip that is kept in a file'
ok 'no files are left' [ -z "$(ls -A "$TMPDIR")" ]
"$UNPACK" "$MAX" large 2>/dev/null | head -c "$(wc -c <program)" >first
same 'its first member is as it was' first program
zeros $((MAX + 1)) >too-large
printf 'PK\003\004' | dd of=too-large conv=notrunc 2>/dev/null
unpack too-large
has 'one of over 64 MiB is refused' 'refused too-large ' err
small 'one of over 64 MiB'
TMPDIR=$TMP/none
exits 74 'one that cannot be kept is told' "$UNPACK" "$MAX" large
has 'and why' 'refused unreadable 0 large: ' err

finish
