#!/bin/sh
# The aggregate reports of several readers' suites: what cases.tsv says of each
# that is plain XML. Those that are not well-formed, of which it says nothing,
# are mended; what they have was read by eye.

here=$(cd "$(dirname "$0")" && pwd) || exit 1
root=$here/../..
suite=${VOUCH_CONFORMANCE:-$root/../shared/conformance}/reports/aggregate
helper=${BUILD:-$root/build}/tests/helper/aggregate
case $helper in
/*) ;;
*) helper=$root/$helper ;;
esac

if ! [ -r "$suite/cases.tsv" ]; then
	echo '1..0 # SKIP no conformance suites'
	exit 0
fi

tab=$(printf '\t')
count=0
failed=0

# mended NAME: the columns of a report that is not well-formed, and its note
mended() {
	case $1 in
	ikea.com*) echo 'ikea.com:aggr_report_2018_10_05_5bc7e9b4f3e8a:' \
		'example.de:none:1538690400:1538776800:1:1:unclosed-tag' ;;
	invalid_utf_8.xml) echo '-:example.com@1538463741:' \
		'example.com:none:1538413632:1538413632:1:1:bad-utf8' ;;
	invalid_xml.xml) echo 'veeam.com:sonexushealth.com@1530233361:' \
		'example.com:none:1530133200:1530219600:1:1:stray-markup' ;;
	esac | tr -d ' ' | tr ':@' '\t:'
}

# ok TITLE WANTED GOT
ok() {
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		failed=1
		echo "not ok $count - $1"
		printf '# %s\n# not %s\n' "$3" "$2"
	fi
}

grep -v '^#' "$suite/cases.tsv" >"${work:=$(mktemp)}" || exit 1
trap 'rm -f "$work"' EXIT

while IFS=$tab read -r file container valid rest; do
	[ "$container" = xml ] || continue
	got=$("$helper" -s <"$suite/$file" | cut -f 2-)
	if [ "$valid" = yes ]; then
		ok "$file has what the suite says" "${rest%"$tab"*}" "$got"
		continue
	fi
	wanted=$(mended "$file")
	note=${wanted##*"$tab"}
	ok "$file is mended" "${wanted%"$tab"*}" "$got"
	ok "$file has the note $note" "$note" \
		"$("$helper" <"$suite/$file" | cut -f 3 | grep -x "$note")"
done <"$work"
echo "1..$count"
exit $failed
