# shellcheck shell=sh
# Part of tests/bench/run: aggregate reports, read in memory, against expat with
# handlers that only count. One of 22 MB, and small ones by one reader. Then mails
# with such reports in gzip, against expat on the XML in them.

awk -v records=30000 -f "$BENCH/report.awk" </dev/null >large.xml
awk -v records=3 -f "$BENCH/report.awk" </dev/null >small.xml
reader=$BUILD/tests/bench/aggregate
measure 'reading a report of 22 MB, against expat' 9 large.xml \
	"$reader -r 3" "$reader -x -r 3"
measure 'dmarc-report of a report of 22 MB, against expat' 9 large.xml \
	"dmarc-report" "$reader -x"
measure 'dmarc-report -j of a report of 22 MB, against expat' 9 large.xml \
	"dmarc-report -j" "$reader -x"
# dmarc-cat (-N: without looking up names) wants the name of a report. Its sum is
# compared first.
cat="example.net!example.org!1793491200!1793577599.xml"
ln -s large.xml "$cat"
if ! command -v dmarc-cat >/dev/null; then
	absent 'dmarc-report of a report of 22 MB, against dmarc-cat' dmarc-cat
elif [ "$(dmarc-cat -N "$cat" 2>/dev/null |
	awk '$1 ~ /^192\./ { n += $2 } END { print n + 0 }')" = \
	"$(dmarc-report -j large.xml | jq -n '[inputs | .count] | add')" ]; then
	measure 'dmarc-report of a report of 22 MB, against dmarc-cat' 3 \
		large.xml "dmarc-report" "dmarc-cat -N $cat"
else
	printf '%-62s the sums differ\n' 'dmarc-cat on a report of 22 MB:'
fi
measure 'reading 5,000 reports of 3 KB, against expat' -n 5000 9 small.xml \
	"$reader -r 5000" "$reader -x -r 5000"

mkdir mails && cd mails || exit 1
for records in 1 2 3 4 8; do
	awk -v records=$records -f "$BENCH/report.awk" </dev/null >$records.xml
	gzip -n <$records.xml | base64 -w 76 >$records.packed
done
awk -v count=14600 -f "$BENCH/mails.awk" 1.packed 2.packed 3.packed 4.packed \
	8.packed
# numbered FIRST LAST: the mails of these numbers
numbered() {
	seq -f 'mail-%.0f' "$1" "$2"
}
# In the same order, 400 times.
for _ in $(seq 400); do
	echo 1.xml 2.xml 3.xml 4.xml 8.xml
done >xml
reader=$BUILD/tests/helper/reader
measure 'reading 2,000 reports of 3 KB in mails, against expat' -n 2000 9 xml \
	"$reader -q $(numbered 1 2000 | tr '\n' ' ')" \
	"xargs $BUILD/tests/bench/expat"
numbered 1 14600 >all
numbered 1 1000 >some
"$BUILD/tests/helper/peak" peak xargs -s 2000000 "$reader" -q <all >sums ||
	exit 1
grep -q '^14600 reports, .* 0 refused, 0 skipped$' sums || exit 1
printf '%-62s %s KiB\n' 'reading 14,600 mails: memory' "$(cut -d ' ' -f 1 peak)"
measure 'reading 14,600 mails, against 1,000 of them' -n 14600 5 /dev/null \
	"xargs -s 2000000 $reader -q <all" "xargs $reader -q <some"
tr '\n' '\0' <all >all0
"$BUILD/tests/helper/peak" peak dmarc-report -0 --files-from=all0 >screen ||
	exit 1
grep -q '^14,595 duplicates$' screen || exit 1
printf '%-62s %s KiB\n' 'dmarc-report of 14,600 mails: memory' \
	"$(cut -d ' ' -f 1 peak)"
cd .. || exit 1
