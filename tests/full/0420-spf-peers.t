#!/bin/sh
# Agreement with pyspf and Mail::SPF, through a DNS server, on 2,000 identities
# and the records of data/peers/spf.grammar: the same result and the same
# explanation, but for the differences that data/peers/spf-differs.tsv explains
# by the RFC. Each has a case in data/spf-cases (0421), which must still differ.
# SPF_SEED: another 2,000.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/peers.sh
. "$ROOT/tests/peers.sh"
GRAMMAR=$DATA/peers/spf.grammar
CASES=$DATA/spf-cases/cases.tsv
PHRASES=$BUILD/tests/helper/phrases
SEED=${SPF_SEED:-7208}
cd "$TMP" || exit 1
needs "$PHRASES"
needs_helpers

# Records, and the queries for them; each kind with a seed of its own.
make_zone() {
	number=$((SEED * 100))
	for kind in host:60 mx:20 fail:4 reverse4:16 reverse6:10 alias:20 \
		list:400 leaf:40 explain:40 domain:400; do
		number=$((number + 1))
		"$PHRASES" "$number" "$GRAMMAR" "${kind%:*}" "${kind#*:}" ||
			return
	done
	cat "$DATA"/spf-cases/*.zone
}
make_list() {
	"$PHRASES" "$SEED" "$GRAMMAR" query 2000
	awk -F '\t' '!/^#/ { print $2, $3, $4 }' "$CASES"
}

# One line a query: itself, and the text of the records that it may lead to.
describe() {
	awk '
	function name_of(text) {
		text = tolower(text)
		sub(/\.$/, "", text)
		return text
	}
	# The strings of a TXT record, as one.
	function content(line) {
		sub(/^[^"]*"/, "", line)
		gsub(/" "/, "", line)
		sub(/"[^"]*$/, "", line)
		return line
	}
	function follow(name, all, rest, target) {
		if (seen[name]++)
			return ""
		all = records[name]
		rest = tolower(all)
		while (match(rest, /(include:|redirect=|exp=|->)[^ ]+/)) {
			target = substr(rest, RSTART, RLENGTH)
			rest = substr(rest, RSTART + RLENGTH)
			sub(/^(include:|redirect=|exp=|->)/, "", target)
			sub(/%[{][do]}/, domain, target)
			sub(/%[{]l1r-}/, part[1], target)
			all = all follow(name_of(target))
		}
		return all
	}
	FNR == 1 { file++ }
	file == 1 && $4 == "TXT" {
		records[name_of($1)] = records[name_of($1)] \
			content($0) " | "
	}
	file == 1 && $4 == "CNAME" {
		records[name_of($1)] = "->" name_of($5) " | "
	}
	file == 1 { next }
	{
		split("", seen)
		domain = $2 == "<>" ? $3 : $2
		split(domain ~ /@/ ? domain : "postmaster@", part, "[-@]")
		sub(/.*@/, "", domain)
		domain = name_of(domain)
		print $0 " | " follow(domain)
	}' zone list
}

# compare PEER: differences that are not explained, and explanations that are
# no longer true. Rows of vouch: result, identifier, explanation.
compare() {
	paste described ours "$1" >both
	awk -F '\t' -v peer="$1" -v generated=2000 '
	function report(text) {
		print text
		bad = 1
	}
	FILENAME ~ /differs/ {
		if ($1 == peer)
			known[++n] = $0
		next
	}
	FILENAME ~ /cases/ {
		if (!/^#/)
			name[generated + ++cases] = $1
		next
	}
	{
		seen++
		sub(/^""$/, "-", $4) # explains nothing, either
		ours = tolower($2) == "fail" ? $2 "\t" $4 : $2 "\t-"
		theirs = $5 == "fail" ? $5 "\t" $6 : $5 "\t-"
		if (tolower(ours) == tolower(theirs))
			next
		explained = 0
		for (i = 1; i <= n; i++) {
			split(known[i], want, FS)
			if ($2 " " $3 " " $4 !~ want[3] ||
			    $5 " " $6 !~ want[4] || $1 !~ want[5])
				continue
			explained = 1
			count[i]++
			if (name[FNR] == want[2])
				kept[i] = 1
		}
		differ++
		if (!explained)
			report("differs: " $1 "\n  ours: " $2 " " $3 " " $4 \
				"\n  " peer ": " $5 " " $6)
	}
	END {
		for (i = 1; i <= n; i++) {
			split(known[i], want, FS)
			print want[2] ": " count[i] + 0 >"counts"
			if (!kept[i])
				report("no longer true: " known[i])
		}
		print differ + 0 " of " seen " differ" >"counts"
		exit seen < generated ? 2 : bad
	}' "$DATA/peers/spf-differs.tsv" "$CASES" both >differences
	compared $? "$1" "$2"
	note "$1: $(tail -n 1 counts)"
}

make_zone >zone && make_list >list
result $? 'records and identities can be made'
serve dnsd zone
port=${SERVER#*#}
describe >described

# Both peers at once: this takes seconds.
if "$PEERS/has" python spf dns; then
	"$PEERS/python" "$PEERS/spf-pyspf.py" "$port" list >pyspf 2>errors &
	pyspf=$!
	serve_pids="$serve_pids $!"
fi
if "$PEERS/has" perl Mail::SPF Net::DNS; then
	perl "$PEERS/spf-mailspf.pl" "$port" list >mailspf 2>errors &
	mailspf=$!
	serve_pids="$serve_pids $!"
fi
spf-query --batch=list -n "127.0.0.1#$port" --authserv-id=mx.test -j >json \
	2>errors
"$BUILD/tests/helper/members" results/0/result results/0/id \
	results/0/explanation <json >ours
[ "$(wc -l <ours)" -eq "$(wc -l <list)" ]
result $? 'every one of them is evaluated'

if [ -n "${pyspf-}" ]; then
	wait "$pyspf"
	compare pyspf 'pyspf agrees, but for what is explained'
else
	skip 'pyspf agrees' 'no pyspf with dnspython'
fi
if [ -n "${mailspf-}" ]; then
	wait "$mailspf"
	compare mailspf 'Mail::SPF agrees, but for what is explained'
else
	skip 'Mail::SPF agrees' 'no Mail::SPF'
fi
finish
