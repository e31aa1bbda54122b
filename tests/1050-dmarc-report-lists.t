#!/bin/sh
# What dmarc-report lists, compares and plots: each screen of
# data/report-screens/list-*, on terminals of 80 and of 120 columns and in a
# pipe, as it was read and found good. VOUCH_SCREENS=update writes them anew, to
# be read before they are committed. Then ties, limits and hostile names.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

SCREENS=$DATA/report-screens
if ! at_terminal true; then
	skip_all 'no terminal by script(1)'
fi
mkdir "$TMP/work" "$TMP/got" && cd "$TMP/work" || exit 1

# reports DIR <RECORDS: see reports.awk
reports() {
	mkdir "$1" && awk -v dir="$1" -f "$ROOT/tests/reports.awk"
}

# report OPTION...: in a pipe
report() {
	dmarc-report --now=2027-12-31T00:00:00Z "$@"
}

# cell FILE KEY N: the word N of the row that begins with KEY
cell() {
	awk -v key="$2" -v n="$3" 'index($0, key) == 1 {
		$0 = substr($0, length(key) + 1)
		print $n
	}' "$1"
}

# is TITLE WANT GOT
is() {
	ok "$1" [ "$2" = "$3" ] || note "not '$2' but '$3'"
}

# A small firm, of which nothing is reported on two days; from the 25th on
# somebody else sends in its name, and at the 21st an old server stops.
awk 'BEGIN {
	for (day = 0; day < 30; day++) {
		if (day == 12 || day == 13)
			continue
		weight = day % 7 == 0 || day % 7 == 6 ? 3 : 10
		policy = day < 9 ? "none" : "reject"
		print day, "google.com 203.0.113.25", 40 * weight + day,
		    "none pass pass example.org s1", policy, "example.org"
		print day, "google.com 198.51.100." day % 3 + 1, 5 * weight,
		    "none pass fail example.org news", policy, "example.org"
		print day, "Yahoo 203.0.113.25", 9 * weight,
		    "none pass pass example.org s1", policy, "example.org"
		if (day >= 24)
			print day, "google.com 192.0.2.66", (day - 23) * 100,
			    "reject fail fail - -", policy, "example.org"
		if (day <= 20)
			print day, "Yahoo 192.0.2.9 7 quarantine fail pass - -",
			    policy, "lists.example.org"
		if (day == 4)
			print day, "Yahoo 2001:db8:1:2:3:4:5:6 1 none fail",
			    "fail - -", policy, "example.org"
	}
}' | reports firm
# 400 days: a week too many for a bar for each.
awk 'BEGIN {
	for (day = -369; day <= 30; day++)
		if (day % 100)
			print day, "google.com 203.0.113.25", 500 + day,
			    "none pass pass example.org s1 none example.org"
}' | reports year

# --- screens ---

# shows NAME OPTION...: a screen at each width, and in a pipe.
shows() {
	name=list-$1
	shift
	for width in 80 120; do
		COLUMNS=$width at_terminal "dmarc-report --color=never \
			--now=2027-12-31T00:00:00Z $*"
		tr -d '\r' <"$TMP/out" >"$TMP/got/$name.$width"
	done
	report "$@" >"$TMP/got/$name.pipe"
}

for by in source network domain reporter selector policy disposition day; do
	shows $by --by=$by firm
done
shows top --by=source --top=2 firm
shows compare --compare=7d firm
shows compare-day --compare=7d --by=day firm
shows plot --plot firm
shows plot-fail --plot --fail firm
shows plot-weeks --plot year
for screen in "$TMP"/got/*; do
	name=$(basename "$screen")
	[ "${VOUCH_SCREENS:-}" != update ] || cp "$screen" "$SCREENS/$name"
	ok "the screen $name is the one that was read" \
		diff -u "$SCREENS/$name" "$screen" || cat "$TMP/ok.out"
done
for screen in "$SCREENS"/list-*; do
	name=$(basename "$screen")
	[ -f "$TMP/got/$name" ] || result 1 "there is a screen $name"
done
bars() {			# bars FILE: the lines of a plot's days
	sed -n '/^ *[0-9]* [A-Z][a-z]* 20/p' "$1"
}
bars "$TMP/got/list-plot.80" >terminal
bars "$TMP/got/list-plot.pipe" >pipe
same 'a pipe has the bars of a terminal of 80 columns' terminal pipe
is 'of each day' 30 "$(grep -c . pipe)"
LC_ALL=C.UTF-8 report --plot firm >utf8
same 'and the octets of any locale' "$TMP/got/list-plot.pipe" utf8

# --- sums and shares ---

for by in source network domain reporter selector policy disposition day; do
	report --by=$by --top=1 firm >out
	sum=$(awk 'NR > 2 && !/^total/ && match($0, /  +[0-9,]+  /) {
		n = substr($0, RSTART, RLENGTH)
		gsub(/[ ,]/, "", n)
		sum += n
	} END { print sum }' out)
	is "by $by, a row and the others are the total" 14740 "$sum"
	is "which is that of the head" 14,740 "$(cell out total 1)"
	ok 'three rows are shown' [ "$(sed 1,3d out | grep -c .)" -eq 3 ]
done
report --by=source --top=0 firm >out
ok '--top=0 shows all' [ "$(sed 1,3d out | grep -c .)" -eq 8 ]
lacks 'and no others' other out
report --by=source --top=6 firm >out
has 'one other is named so' '1 other ' out
report --by=day --top=3 firm >out
has 'of days, the last ones are shown' '30 Nov 2026' out
has 'after the earlier ones' '25 earlier days' out
awk 'BEGIN { for (i = 0; i < 25; i++) print 0, "a 192.0.2." i + 1, 5,
	"none pass pass a.example s none a.example" }' | reports many
report --by=source many >out
has 'a list has 20 rows' '5 others ' out
ok 'those of addresses that are equal in messages come in their order' \
	[ "$(sed -n '4,23s/ .*//p' out | tr '\n' ' ')" = "$(awk 'BEGIN {
		for (i = 1; i <= 20; i++) printf "192.0.2.%d ", i }')" ]
is 'and have equal shares' '4.0%' "$(sed -n '4,23p' out |
	awk '{ print $3 }' | sort -u)"
reports thirds <<-'EOF'
	0 a 192.0.2.1 1 none pass pass a.example s none a.example
	0 a 192.0.2.2 1 none pass pass a.example s none a.example
	0 a 192.0.2.3 1 none pass fail a.example s none a.example
EOF
report --by=source thirds >out
is 'shares are rounded down' '33.3% 33.3% 33.3%' \
	"$(sed -n '4,6p' out | awk '{ print $3 }' | xargs)"
is 'only all is all' 66.6% "$(cell out total 4)"
reports zero <<-'EOF'
	0 a 192.0.2.1 0 none pass pass a.example s none a.example
EOF
report --by=source zero >out
has 'a report without messages has no list' \
	'no messages to count in 1 report' out
report --fail --by=source thirds >out
has 'nor have reports of which all is aligned with --fail' \
	'no messages to count in 1 report' out

# More sources than LIMIT_REPORT_GROUPS.
awk 'BEGIN {
	for (i = 0; i < 100100; i++)
		printf "0 a 10.%d.%d.%d %d none pass pass - - none example.org\n",
		    i / 65536, i / 256 % 256, i % 256, i < 3 ? 5 : 1
}' | reports sources
report --by=source --top=3 sources >out
is 'how many sources others are is not known where there are too many' \
	100,097 "$(cell out others 1)"
report --by=source --top=0 sources | tail -n 2 >out
is 'with --top=0 these are one row' 100 "$(cell out others 1)"
is 'the total is right' 100,112 "$(cell out total 1)"

# --- comparisons ---

report --compare=7d --top=0 firm >out
is 'a new source is marked' '0 2,100 +2,100 0.0% - new' \
	"$(sed -n 's/^192.0.2.66 *//p' out | xargs)"
is 'so is one that vanished' '35 0 -35 - - vanished' \
	"$(sed -n 's/^192.0.2.9 *//p' out | xargs)"
is 'the largest change comes first, equal ones by messages' \
	'192.0.2.66 198.51.100.3 198.51.100.2 203.0.113.25' \
	"$(sed -n '9,12s/ .*//p' out | xargs)"
is 'both periods are before the rows' '5,306 60.4% 2,100 14 2 5' \
	"$(sed -n 's/^24 to 30 Nov 2026 *//p' out | xargs)"
is 'with their changes' '+2,114 -39.6 +2,100 0 0 0' \
	"$(sed -n 's/^change *//p' out | xargs)"
report --compare=7d --top=1 firm >out
is 'others have both counts' '3,192 3,206 +14' \
	"$(sed -n 's/^5 others *//p' out | awk '{ print $1, $2, $3 }')"
report --compare=28d --until=2026-11-20 firm >out
has 'without reports of a period it is not known what is new' \
	'No reports of one of the periods: what is new is not known.' out
lacks 'and nothing is marked' '  new' out
report --compare=1d firm >out
has 'a day is named so' ': the last day and the one before' out
report --compare=7d --by=day firm >out
is 'days are compared with those as far before' '562 1,169 +607' \
	"$(sed -n 's/^30 Nov 2026 *//p' out | awk '{ print $1, $2, $3 }')"
report --compare=15d --by=day --top=0 firm >out
is 'also where the day before has no reports' '0 589 +589 32.0% -' \
	"$(sed -n 's/^28 Nov 2026 *//p' out | xargs)"

# --- plots ---

report --plot --since=2026-11-30 firm >out
is 'one day is one bar' 1 "$(bars out | grep -c .)"
report --plot --since=2026-11-12 --until=2026-11-15 firm >out
is 'a day without reports has no number' 13,Nov,2026, \
	"$(sed -n '/^13/p' out | tr -s ' ' ,),"
report --plot --since=2026-10-01 firm >out
ok 'days of the period before all reports are shown' \
	grep -qx ' 1 Oct 2026' out
report --plot --since=62d year >out
is '62 days are days' 62 "$(bars out | grep -c .)"
report --plot --since=63d year >out
has '63 are weeks' 'A bar is a week' out
is 'that begin on Mondays' ' 5 Oct 2026 12 Oct 2026' \
	"$(sed -n '5,6s/\(2026\).*/\1/p' out | tr '\n' ' ' | sed 's/ $//')"
is 'but the first on its first day' '30 Sep 2026' \
	"$(sed -n '4s/\(2026\).*/\1/p' out)"
is 'a week is the sum of its days' 3,381 \
	"$(sed -n 's/^12 Oct 2026 *\([0-9,]*\).*/\1/p' out)"
report --plot --since=2024-01-01 year >out
has 'years of them are months' 'A bar is a month' out
ok 'of which each is shown' grep -qx 'Jan 2024' out
report --plot --since=2010-01-01 year >out
has 'decades are years' 'A bar is a year' out
sed '/<begin>/s/<begin>[0-9]*/<begin>/' firm/google.com-1000.xml >undated
report --plot undated >out
has 'reports without a date have a bar' 'without a date' out

reports vast <<-'EOF'
	0 a 192.0.2.1 9007199254740992 none pass pass - - none a.example
	1 a 192.0.2.1 1 none fail pass - - none a.example
	2 a 192.0.2.1 4503599627370496 none pass pass - - none a.example
	2 a 192.0.2.2 1 none fail fail - - none a.example
EOF
report --plot vast >out
partly=$(printf '\342\226\222') failed=$(printf '\342\226\221')
ok 'one message where the longest bar has 2^53 is one cell' \
	grep -q "^2 Nov 2026  *1  *0  $partly\$" out
ok 'so is one of a bar of half as many' grep -q "  1  .*[^ ]$failed\$" out
is 'which is half as long, rounded up' '111 57' "$(sed -n '4p; 6p' out |
	awk '{ printf "%s%d", n++ ? " " : "", length($NF) }')"

# Random days, of which few have more messages than columns: the parts of each
# bar are the parts of its messages.
awk 'function random(n) {
	seed = (seed * 1109 + 12345) % 65536
	return seed % n
}
BEGIN {
	split("pass pass,pass fail,fail fail", result, ",")
	for (day = -29; day <= 30; day++)
		for (i = 1; i <= 3; i++)
			if (random(3) || day == -29 || day == 30)
				print day, "a 192.0.2." i,
				    random(day % 4 ? 90 : 90000) + 1, "none",
				    result[i], "- - none a.example"
}' >records
reports random <records
report --plot random >out
awk 'NR == FNR {
	part = $6 == "fail" ? 3 : $7 == "fail" ? 2 : 1
	n[$1, part] += $4
	total[$1] += $4
	if (total[$1] > longest)
		longest = total[$1]
	next
}
match($0, /20[0-9][0-9]/) && /^ *[0-9]/ {
	# Days of October are negative.
	day = $1 + ($2 == "Oct" ? -32 : $2 == "Dec" ? 29 : -1)
	bar = $0
	cells[1] = gsub(/\342\226\210/, "x", bar)
	cells[2] = gsub(/\342\226\222/, "y", bar)
	cells[3] = gsub(/\342\226\221/, "z", bar)
	length_of[day] = cells[1] + cells[2] + cells[3]
	if (length_of[day] > widest)
		widest = length_of[day]
	for (i = 1; i <= 3; i++) {
		small[day] += n[day, i] > 0
		if ((n[day, i] > 0) != (cells[i] > 0))
			print day ": part " i ": " n[day, i] ", " cells[i]
		share[day, i] = cells[i]
	}
	if (bar !~ /^[^xyz]*[0-9]  x*y*z*$/ && total[day])
		print day ": not in order: " bar
	seen++
}
END {
	if (seen != 60)
		print seen " days"
	for (day in length_of) {
		exact = total[day] * widest / longest
		want = int(exact + 0.5)
		if (want < small[day])
			want = small[day]
		if (length_of[day] != want)
			print day ": " length_of[day] " cells, not " want
		for (i = 1; i <= 3; i++) {
			part = n[day, i] * widest / longest
			off = share[day, i] - part
			if (n[day, i] && (off > 1 || off < -2))
				print day ": part " i " is off by " off
		}
	}
}' records out >wrong
ok 'bars are as long as their messages, and no part of one is lost' \
	[ ! -s wrong ] || cat wrong

# --- no reports ---

mkdir none
printf 'From: a@b.example\n\nx\n' >none/mail
for option in --by=source --compare=7d --plot; do
	report $option none >out
	is "$option without reports" \
		'no aggregate reports,1 other mail skipped,' \
		"$(tr '\n' , <out)"
	report $option firm/Yahoo-1000.xml >out
	ok "$option of one report" [ "$(grep -c . out)" -gt 3 ]
done
exits 0 'only another domain' report --by=source -d example.net firm
has 'has no messages' 'no messages to count in 56 reports' "$TMP/out"
exits 64 '--plot has days only' report --plot --by=source firm
exits 0 'which may be named' report --plot --by=day firm

# --- hostile names ---

long=$(printf '%0200d' 0)
reports hostile <<-EOF
	0 a 192.0.2.1 3 none pass pass a.example s none a.example
	0 $(printf 'b\302\233\342\200\256[2J') 192.0.2.1 2 none pass pass d s none x
	0 c____9,999__100.0% 192.0.2.1 1 none pass pass d s none x
	0 d$long 192.0.2.1 1 none pass pass d s none x
	0 $(printf '\346\274\242\345\255\227') 192.0.2.1 1 none pass pass d s none x
EOF
report --by=reporter hostile >out
has 'controls are escaped' 'b\xc2\x9b\xe2\x80\xae[2J ' out
has 'blanks of a name make no column' 'c 9,999 100.0%' out
ok 'a long name is one line in a pipe' grep -q "^d$long  *1 " out
COLUMNS=80 at_terminal 'dmarc-report --color=never --by=reporter hostile'
tr -d '\r' <"$TMP/out" >out
has 'and lines of its own at a terminal' \
	"d$(printf '%.79s' "$long")" out
is 'a wide character has two columns' "$(grep '^a  ' out | wc -m)" \
	"$(grep "^$(printf '\346\274\242')" out | sed 's/^....../1234/' |
		wc -m)"
reports forged <<-EOF
	0 total 192.0.2.1 3 none pass pass a.example s none a.example
EOF
report --by=reporter forged >out
is 'a reporter called total is not the last line' 2 "$(grep -c ^total out)"

# --- widths ---

# Lines of each width from 20 to 200, in one terminal; "#" begins those of one.
cat >widths <<-'EOF'
	width=20
	while [ $width -le 200 ]; do
		for option in --by=source --by=reporter --by=policy --by=day \
			--compare=7d --plot; do
			echo "#$width $option"
			COLUMNS=$width dmarc-report --color=never $option \
				--now=2027-12-31T00:00:00Z "$1"
		done
		width=$((width + 12))
	done
EOF
# A block has three octets.
checked() {			# checked FILE: what is wrong with its lines
	tr -d '\r' <"$1" | awk '
	/^#/ { split(substr($0, 2), of); screens++; next }
	{ gsub(/\342\226[\200-\237]/, "x") }
	length > of[1] || / $/ { print of[1] of[2] ": " $0 }
	END { if (screens != 96) print screens " screens" }'
}
for dir in firm many year; do
	at_terminal "sh widths $dir"
	checked "$TMP/out" >wrong
	ok "all lines of $dir fit, whatever the width" [ ! -s wrong ] ||
		note "$(head wrong)"
done
finish
