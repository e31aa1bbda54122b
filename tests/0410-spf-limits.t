#!/bin/sh
# The limits of RFC 7208 4.6.4 and our own: the records of data/spf-limits by
# zone; in make check-all from tests/dnsd, too, which counts the queries: how
# many there are, and what is never queried before its turn.
# Slow: in make check-all it waits for answers.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
CASES=$DATA/spf-limits
TAB='	'
needs_helpers
cd "$TMP" || exit 1

# --- records too long to be written down ---

# record NAME: the words on stdin as a TXT record
record() {
	awk -v name="$1" 'BEGIN { printf "%s. 60 IN TXT", name }
	{ text = text (NR > 1 ? " " : "") $0 }
	END {
		for (; text != ""; text = substr(text, 256))
			printf " \"%s\"", substr(text, 1, 255)
		print ""
	}'
}

# words N WORD: that often
words() {
	awk -v n="$1" -v word="$2" 'BEGIN { while (n--) print word }'
}

x50=$(printf '%050d' 0)
{
	{ echo v=spf1; words 999 x=1; echo ip4:192.0.2.1; } |
		record terms1000.test
	{ echo v=spf1; words 1000 x=1; echo ip4:192.0.2.1; } |
		record terms1001.test
	{ echo v=spf1; words 985 "x=$x50$x50"; echo ip4:192.0.2.1; } |
		cut -c 1-65 | record large.test
	{ echo v=spf1; words 985 "x=$x50$x50"; echo ip4:192.0.2.1 wrong; } |
		cut -c 1-65 | record large-wrong.test
	{ printf 'v=spf1 ip4:192.0.2.1 '; words 1290 "$x50" | tr -d '\n'; } |
		record large-word.test
	{ printf 'v=spf1 exists:'; words 16000 '%{d}' | tr -d '\n'; } |
		record large-macros.test
	{ printf 'v=spf1 exists:'; words 20 '%{s}' | tr -d '\n'; } |
		record expansion.test
	echo 'v=spf1 ptr:ptr.test -all' | record ptr.test
	{ echo v=spf1; words 10 ptr:ptr.test; echo -all; } | record ptrs.test
	{ echo v=spf1 -ip4:192.0.2.1; awk 'BEGIN {
		for (i = 1; i <= 110; i++)
			print "mx:" i ".mxs.test"
	}'; } | record mxs.test
	awk 'BEGIN {
		for (i = 0; i <= 100; i++)
			print i ".deep.test. 60 IN TXT \"v=spf1 redirect=" \
				i + 1 ".deep.test\""
		print "101.deep.test. 60 IN TXT \"v=spf1 ip4:192.0.2.1\""
		for (i = 1; i <= 100; i++) {
			name = i ".ptr.test."
			print "10.2.0.192.in-addr.arpa. 60 IN PTR " name
			print "11.2.0.192.in-addr.arpa. 60 IN PTR " name
			print name " 60 IN A " (i == 10 || i == 11 ? \
				"192.0.2." i : "198.51.100.1")
		}
		for (i = 1; i <= 110; i++)
			for (k = 1; k <= 10; k++) {
				name = k "." i ".mxs.test."
				print i ".mxs.test. 60 IN MX 10 " name
				print name " 60 IN A 198.51.100.1"
			}
	}'
	echo '*.sync.test. 60 IN TXT "v=spf1 -all"'
} >long.zone
large=$(awk '/^large.test/ { sub(/[^"]*/, ""); gsub(/" "/, ""); print }' \
	long.zone | wc -c)
[ "$large" -gt 64000 ]
result $? "the large record is one" || note "$large octets"

# --- each case, by zone ---

# query LIST OPTION...: JSON of queries, one a line of LIST; a tree is of the
# first
query() {
	query_list=$1
	shift
	case " $* " in
	*' --tree '*)
		read -r query_ip query_sender query_helo <"$query_list"
		set -- -Q -i "$query_ip" -f "$query_sender" \
			-e "$query_helo" "$@"
		;;
	*) set -- --batch="$query_list" "$@" ;;
	esac
	spf-query -j --now="$NOW" "$@" 2>>err
}

# results <JSON: result, identifier, lookups and voids
results() {
	"$MEMBERS" results/0/result results/0/id results/0/lookups \
		results/0/voids | tr '\t' ' '
}

# "cases": the list line of each, the result that it must have, how many
# DNS queries, and a title. Those of the same options run as one, but for
# trees: "groups" has a group's number and options, N.list its lines, and
# N.index the numbers of its cases.
long=$(words 18 "$x50" | tr -d '\n')
awk -F '\t' -v OFS='\t' -v long="$long" '
	/^#/ { next }
	{
		n++
		key = $3 ($3 ~ /--tree/ ? n : "")
		if (!(key in group)) {
			group[key] = ++groups
			print groups, $3 >"groups"
		}
		sender = ($1 == "expansion.test" ? long "@" : "") $1
		line = $2 " " sender " h.other.test"
		print line >(group[key] ".list")
		print n >(group[key] ".index")
		print line, $3, $4 " " $5 " " $6 " " $7, $8, $9 >"cases"
	}' "$CASES/cases.tsv"
while IFS=$TAB read -r group options; do
	[ "$options" != - ] || options=
	# shellcheck disable=SC2086 # no word, or some
	query "$group.list" $options -z "$CASES/limits.zone" -z long.zone
done <groups | results >got
while read -r group _; do
	cat "$group.index"
done <groups | paste - got | sort -n | cut -f 2 | paste - cases |
	awk -F '\t' '{
		print ($1 == $4 ? 0 : 1) "\t" $6 ": " $4
		if ($1 != $4)
			print "#\t" $2 " " $3 ": " $1
	}' >compared
tally compared
[ "$(wc -l <cases)" -ge 96 ] && [ "$(wc -l <got)" -eq "$(wc -l <cases)" ]
result $? 'each case has its result' || note "$(cat err)"
full || finish

# --- from a server ---

# A DNS that takes its time, so that what is prefetched is really queried.
cat >slow.zone <<'EOT'
;!DELAY 300 match.ahead.test. *
;!DELAY 300 before.ahead.test. *
;!DELAY 0 *.sync.test. TXT
;!DELAY 5 * *
EOT
if ! serve dns "$CASES/limits.zone" long.zone slow.zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

# queried WANT HOW QUERIES TITLE LINE OPTION...: a query, and what is wanted of
# it: its results; "most", "are" or "those", and how many DNS queries, or which.
# A process of its own, as each begins with nothing known. The server reads in
# turn, so when the query for RUN.sync.test is answered all before it are in
# the log.
runs=0
queried() {
	runs=$((runs + 1))
	printf '%d\t%s\t%s\t%s\t%s\n' $runs "$1" "$2" "$3" "$4" >>wanted
	printf '%s\n%s\n' "$5" "192.0.2.1 $runs.sync.test h.other.test" >list
	shift 5
	query list "$@" -n "$SERVER" >json
	lines 2 json || {
		sed 1d list >sync
		query sync -n "$SERVER" >>json
	}
	cat json >>answers
}

# Of the queries: a record that is made to waste them gets 21 at most (mx and
# ptr, which have ten names each, left out). One is for the record itself, ten
# are for terms that are evaluated. Terms are prefetched only as far as the ten
# lookups suffice for them and for all that was prefetched before, in vain or
# not; so at most ten are queried in vain.
while IFS=$TAB read -r line options want most title; do
	[ "$options" != - ] || options=
	# shellcheck disable=SC2086 # no word, or some
	queried "$want" most "$most" "$title" "$line" $options
done <cases

# More could be prefetched than there is left, and is not; what is left is used.
mxs='192.0.2.1 mxs.test h.other.test'
for most in 1 2 3 12 50 100; do
	queried 'fail not-authorized 0 0' are $most \
		"a tree with --tree-limit=$most makes so many queries" \
		"$mxs" --tree --tree-limit=$most
done
queried 'fail not-authorized 1 0' are 20 \
	'a record from the command line takes no query' \
	'192.0.2.1 other.test h.other.test' \
	--record='v=spf1 redirect=mxs.test' --tree --tree-limit=20

# The first answer comes late, so that all is prefetched that ever will be:
# neither exists, ptr and macros, nor what is after a term that matches without
# a query.
while IFS=$TAB read -r domain ip queries title; do
	case $domain in '#'*) continue ;; esac
	queried '*' those "$queries" "$title" "$ip $domain h.other.test"
done <"$CASES/prefetch.tsv"

results <answers | sed 'n;d' >got
sed 's/\. / /' dns.log | cut -d ' ' -f 3,4 | awk -F '\t' '
	function report(good, title, got) {
		print (good ? 0 : 1) "\t" title
		if (!good)
			print "#\t" got
	}
	# Each once, in whatever order.
	function same_set(list, run, n, part, i) {
		n = split(list, part, " ")
		for (i = 1; i <= n; i++) {
			sub("/", " ", part[i])
			if (!((run, part[i]) in seen))
				return 0
		}
		return n == count[run]
	}
	FILENAME == "-" {
		if ($0 ~ /^[0-9]*[.]sync[.]test /)
			run = run > int($0) ? run : int($0)
		else if (!seen[run + 1, $0]++) {
			count[run + 1]++
			queries[run + 1] = queries[run + 1] "; " $0
		}
		next
	}
	FILENAME == "got" { got[FNR] = $0; next }
	{
		good = $2 == "*" || $2 == got[$1]
		n = count[$1] + 0
		all = got[$1] "; " n queries[$1]
		if ($3 == "most") {
			report(good, $5 ": the same from a server", all)
			report(n && n <= $4, $5 ": queries: " $4 " at most",
			    all)
		} else if ($3 == "are")
			report(good && n == $4, $5, all)
		else
			report(same_set($4, $1), $5, all)
	}' - got wanted >compared
tally compared
finish
