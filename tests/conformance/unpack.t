#!/bin/sh
# The archives of the suite's reports unpack to what gzip(1) and Python's
# zipfile make of them, whatever their names say; bad.zip is refused.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
suite=${VOUCH_CONFORMANCE:-$ROOT/../shared/conformance}/reports/aggregate
UNPACK=$BUILD/tests/helper/unpack
[ -r "$suite/cases.tsv" ] || skip_all 'no conformance suites'
needs "$UNPACK"

by_gzip() {
	gzip -dc <"$1" >"$TMP/wanted"
}

by_zipfile() {
	python3 -c '
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
for member in archive.infolist():
	sys.stdout.buffer.write(archive.read(member))' "$1" >"$TMP/wanted"
}

# unpacks FILE BY: to the same as BY does, in one stream that is XML
unpacks() {
	name=${1##*/}
	ok "$name: the other one reads it" "$2" "$1"
	for copy in "$1" "$TMP/other-name.txt"; do
		[ "$copy" = "$1" ] || cp -f "$1" "$copy"
		exits 0 "$name is unpacked" "$UNPACK" 67108864 "$copy"
		same "$name: to the same octets" "$TMP/wanted" "$TMP/out"
		ok "$name: it is one XML stream, and whole" \
			one_xml "$(wc -c <"$TMP/wanted")"
	done
}

one_xml() {
	lines 2 "$TMP/err" && contains "$TMP/err" ' xml 1' &&
		contains "$TMP/err" "whole $1"
}

for file in "$suite"/*.gz; do
	unpacks "$file" by_gzip
done
for file in "$suite"/*.zip; do
	if [ "${file##*/}" = bad.zip ]; then
		exits 0 'bad.zip is unpacked' "$UNPACK" 67108864 "$file"
		ok 'its member is refused, as it has no octets' \
			contains "$TMP/err" 'refused empty 0 bad.xml: '
		ok 'nothing of it comes out' [ ! -s "$TMP/out" ]
	elif command -v python3 >/dev/null; then
		unpacks "$file" by_zipfile
	else
		skip "${file##*/} is unpacked" 'no python3'
	fi
done
for file in "$suite"/*.xml; do
	exits 0 "${file##*/} passes" "$UNPACK" 67108864 "$file"
	same "${file##*/}: as it is" "$file" "$TMP/out"
done
finish
