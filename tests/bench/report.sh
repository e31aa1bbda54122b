# shellcheck shell=sh
# Part of tests/bench/run: aggregate reports, read in memory, against expat with
# handlers that only count. One of 22 MB, and small ones by one reader.

awk -v records=30000 -f "$BENCH/report.awk" </dev/null >large.xml
awk -v records=3 -f "$BENCH/report.awk" </dev/null >small.xml
reader=$BUILD/tests/bench/aggregate
measure 'reading a report of 22 MB, against expat' 9 large.xml \
	"$reader -r 3" "$reader -x -r 3"
measure 'dmarc-report -j of a report of 22 MB, against expat' 9 large.xml \
	"dmarc-report -j" "$reader -x"
measure 'reading 5,000 reports of 3 KB, against expat' -n 5000 9 small.xml \
	"$reader -r 5000" "$reader -x -r 5000"
