#!/bin/sh
# The resolver against tests/dnsd: each way in which a server can answer, or
# not, gives its result and identifier, within --timeout; --dns-log replays it.
# What has to be waited for is left to make check-all.
# Slow: there it waits for silence.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

needs_helpers
MAIL=$DATA/message.eml
cd "$TMP" || exit 1

# --- the zone ---

p='"k=ed25519; p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM="'
at=_domainkey.example.org.

# key NAME...: selectors that have the key
key() {
	for name; do
		printf '%s.%s 60 IN TXT %s\n' "$name" "$at" "$p"
	done
}

# chain NAME N: CNAMEs in a row, then the key
chain() {
	from=$1.$at i=1
	while [ $i -le "$2" ]; do
		printf '%s 60 IN CNAME %s%d.%s\n' "$from" "$1" $i "$at"
		from=$1$i.$at i=$((i + 1))
	done
	printf '%s 60 IN TXT %s\n' "$from" "$p"
}

# spoil DIRECTIVE NAME
spoil() {
	printf ';!%s %s.%s TXT\n' "$1" "$2" "$at"
}

{
	key plain tc silent closed garbage short wrongid wrongq noq ptr case \
		ad lost lost2 slow servfail refused notimp formerr notauth \
		timeout several
	spoil TRUNCATE tc
	spoil TCPSILENT silent
	spoil TCPCLOSE closed
	spoil GARBAGE garbage
	spoil SHORT short
	spoil WRONGID wrongid
	spoil WRONGQUESTION wrongq
	spoil NOQUESTION noq
	spoil LOOPPTR ptr
	spoil CASE case
	spoil AD ad
	spoil 'LOSS 1' lost
	spoil 'LOSS 2' lost2
	spoil 'DELAY 500' slow
	spoil SERVFAIL servfail
	spoil REFUSED refused
	spoil 'RCODE 4' notimp
	spoil 'RCODE 1' formerr
	spoil 'RCODE 9' notauth
	spoil TIMEOUT timeout
	printf 'several.%s 60 IN TXT "k=ed25519; p="\n' "$at"
	printf 'nodata.%s 60 IN A 192.0.2.1\n' "$at"
	printf 'spf.%s 60 IN TXT "v=spf1 -all"\nspf.%s 60 IN TXT %s\n' \
		"$at" "$at" "$p"
	chain one 1
	chain eight 8
	chain nine 9
	printf 'loop.%s 60 IN CNAME loop2.%s\n' "$at" "$at"
	printf 'loop2.%s 60 IN CNAME loop.%s\n' "$at" "$at"
	printf 'self.%s 60 IN CNAME self.%s\n' "$at" "$at"
	printf 'gone.%s 60 IN CNAME nowhere.%s\n' "$at" "$at"
	printf 'tofail.%s 60 IN CNAME servfail.%s\n' "$at" "$at"
	# 4 KiB in one record, and in several
	x=$(printf '%0250d' 0)
	printf 'large.%s 60 IN TXT "n=" ' "$at"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		printf '"%s" ' "$x"
	done
	printf '"; " %s\n' "$p"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		printf 'many.%s 60 IN TXT "v=other%d; %s"\n' "$at" $i \
			"${x%??????????????????}"
	done
	key many
	printf 'example.org._vouch.v.example. 60 IN TXT "all"\n'
	for word in REFUSED 'RCODE 4' SHORT; do
		printf ';!%s example.org._vouch.%s.example. TXT\n' "$word" \
			"$(echo "${word%% *}" | tr '[:upper:]' '[:lower:]')"
	done
	printf 'example.org._vouch.short.example. 60 IN TXT "all"\n'
} >zone
printf ';!TIMEOUT * *\nx. 60 IN A 192.0.2.1\n' >silence

if ! serve dns zone || ! serve dead silence; then
	echo "Bail out! tests/dnsd does not start: $(cat ./*.err)"
	exit 1
fi
SERVER=127.0.0.1#$(cat dns.port)
DEAD=127.0.0.1#$(cat dead.port)

# --- each way, all at once ---

# NAME TIMEOUT STATUS RESULT: what is reported. An answer with another id or to
# another query may come from anyone: it is dropped (RFC 5452 9.1), and the
# right one waited for.
cat >all_cases <<-'EOT'
	plain 60 0 pass: data
	tc 60 0 pass: a truncated answer is queried again over TCP
	large 60 0 pass: a record of 4 KiB
	many 60 0 pass: 4 KiB in many records
	one 60 0 pass: a CNAME
	eight 60 0 pass: 8 CNAMEs in a row
	nine 60 75 temperror dns-loop: 9 CNAMEs in a row
	loop 60 75 temperror dns-loop: CNAMEs in a circle
	self 60 75 temperror dns-loop: a CNAME to itself
	gone 60 4 permerror no-key: a CNAME to nowhere
	tofail 60 75 temperror dns-servfail: a CNAME to what fails
	servfail 60 75 temperror dns-servfail: SERVFAIL
	refused 60 75 temperror dns-refused: REFUSED
	notimp 60 75 temperror dns-rcode: NOTIMP
	formerr 60 75 temperror dns-rcode: FORMERR
	notauth 60 75 temperror dns-rcode: NOTAUTH
	timeout 2 75 temperror dns-timeout: no answer
	nothing 60 4 permerror no-key: no such name
	nodata 60 4 permerror no-key: no data
	several 60 4 permerror multiple-keys: two keys
	spf 60 0 pass: a key and another record
	wrongid 2 75 temperror dns-timeout: an answer with another id is none
	garbage 2 75 temperror dns-timeout: octets that are no answer to this
	short 60 75 temperror dns-garbage: an answer that ends in the middle
	wrongq 2 75 temperror dns-timeout: an answer to another question
	noq 2 75 temperror dns-timeout: an answer without its question
	ptr 60 75 temperror dns-garbage: a name that points to itself
	silent 2 75 temperror dns-timeout: truncated, and silence over TCP
	closed 60 75 temperror dns-truncated: truncated, and TCP is closed
	case 60 0 pass: names in the other case
	ad 60 0 pass: an answer with the AD bit
	lost 60 0 pass: the first question is lost
	lost2 60 0 pass: the first two are
	slow 60 0 pass: an answer that takes its time
EOT
if full; then
	cp all_cases cases
else
	# Silence, and what is queried again after it.
	grep -v -e dns-timeout -e '^lost' all_cases >cases
fi

# NAME.eml: the message with a signature of that selector.
set --
while read -r name _; do
	set -- "$@" -k "$name=keys/ed25519.pem"
done <cases
dkim-sign -H --now="$NOW" "$@" <"$MAIL" | awk '
	function put() {
		match(field, /[ \t]s=[a-z0-9]*/)
		name = substr(field, RSTART + 3, RLENGTH - 3)
		printf "%s", field >(name ".field")
	}
	/^[^\t]/ && NR > 1 { put(); field = "" }
	{ field = field $0 "\n" }
	END { put() }'
while read -r name _; do
	cat "$name.field" "$MAIL" >"$name.eml"
done <cases

# outcomes <REPORTS: RESULT IDENTIFIER of each line
outcomes() {
	sed -e '/^ /d' -e 's/^dkim=//' -e 's/ header\.[a-z]=.*//' \
		-e 's/ reason="\(.*\)"$/; \1/' \
		-e 's/; \([a-z0-9-]*\): [^;]*/ \1/g'
}

# verify_all TIMEOUT ARGUMENT...: what was signed by the selectors that have so
# long, at once
verify_all() {
	limit=$1 waits=
	shift
	while read -r name timeout _; do
		[ "$timeout" -eq "$limit" ] || continue
		{
			dkim-verify --now="$NOW" "$@" --timeout="$timeout" -v -r \
				--dns-log="$name.zone" "$name.eml" \
				>"$name.out" 2>"$name.err"
			echo $? >"$name.status"
		} &
		waits="$waits $!"
	done <cases
	# shellcheck disable=SC2086 # words
	wait $waits
}
verify_all 60 -n "$SERVER"
ok 'what answers in the end is there long before --timeout' \
	[ "$(cat ./*.out | sed -n 's/.* in \([0-9]*\)[.0-9]* s.*/\1/p' |
		awk '$1 >= 30' | wc -l)" -eq 0 ]
! full || ok 'what never does is waited for no longer than --timeout=2' \
	within 6 verify_all 2

while read -r name _; do
	cat "$name.out" >>reports
	dkim-verify --now="$NOW" -z "$name.zone" -r "$name.eml" 2>>err
	echo $? >"$name.replayed"
done <cases >again
outcomes <reports >got
outcomes <again | paste got - >both
while read -r name _; do
	read -r status <"$name.status"
	read -r replayed <"$name.replayed"
	echo "$status $replayed"
done <cases >statuses
paste statuses both | awk -F '\t' '
	function report(good, title) {
		print (good ? 0 : 1) "\t" title
		if (!good)
			print "#\t" $0
	}
	FILENAME == "cases" {
		split($0, word, " ")
		status[FNR] = word[3]
		want[FNR] = title[FNR] = $0
		sub(/^[^ ]* [^ ]* [^ ]* /, "", want[FNR])
		sub(/: .*/, "", want[FNR])
		sub(/^[^:]*: /, "", title[FNR])
		next
	}
	{
		n++
		report($2 == want[n] && $1 ~ "^" status[n] " ",
			title[n] ": " want[n])
		# The log does not have the reason of a temperror.
		sub(/^temperror .*/, "temperror", want[n])
		sub(/^temperror .*/, "temperror", $3)
		report($3 == want[n] && $1 == status[n] " " status[n],
			title[n] ": --dns-log replays it")
	}
	END { report(n && length(want) == n, "each has its result") }' cases - \
	>compared
tally compared

cat plain.zone several.zone refused.zone gone.zone eight.zone >log
for name in plain several refused gone eight; do
	dkim-verify --now="$NOW" -r -n "$SERVER" $name.eml
done >want
for name in plain several refused gone eight; do
	dkim-verify --now="$NOW" -r -z log $name.eml
done >got
sed -i 's/reason="dns-[^"]*" //' want got
same "several logs are one zone" want got
has "REFUSED is logged as SERVFAIL" \
	";!SERVFAIL refused._domainkey.example.org" refused.zone
! full || has "a timeout as that" \
	";!TIMEOUT timeout._domainkey.example.org" timeout.zone
dkim-verify --now="$NOW" -r -n "$SERVER" --dns-log=all.zone plain.eml \
	several.eml nothing.eml >want 2>err
dkim-verify --now="$NOW" -r -z all.zone plain.eml several.eml nothing.eml >got \
	2>err
same "the log of several messages replays them" want got

# --- how it was queried ---

grep -q 'udp plain._domainkey.example.org.* edns=1232' dns.log
result $? "a query has EDNS0, and offers 1232 octets"
grep -q 'tcp tc._domainkey' dns.log
result $? "a truncated answer was queried over TCP"
grep -q 'tcp large._domainkey' dns.log
result $? "a large one, too"
! grep -q 'tcp plain._domainkey' dns.log
result $? "a small one was not"
grep 'udp notimp._domainkey' dns.log | grep -q 'edns=-'
result $? "NOTIMP was queried again without EDNS0"
[ "$(grep -c 'plain._domainkey' plain.zone)" -eq 1 ]
result $? "each answer is logged once"

has "-v says which server answered" "data, from $SERVER in " plain.out
has "-v says AD" ", AD" ad.out
lacks "and only then" ", AD" plain.out
has "-v shows each record" "k=ed25519; p=" plain.out
has "-v says why there is none" "no such name" nothing.out
has "-v says no data" "no data" nodata.out
has "-v says REFUSED" "REFUSED" refused.out
dkim-verify --now="$NOW" -j -v -n "$SERVER" ad.eml >json
has "JSON has the AD bit" '"ad":true' json
has "JSON has the server" "\"server\":\"$SERVER\"" json

# --- without a thread, or with one ---

# The rest of the body comes once the key was queried, within 20 s.
# shellcheck disable=SC2317 # exits calls it
slow_pipe() {
	before=$(grep -c 'udp plain._domainkey' dns.log)
	{
		sed '/^$/q' plain.eml
		tries=0
		until [ "$(grep -c 'udp plain._domainkey' dns.log)" -gt \
			"$before" ] || [ "$tries" -eq 200 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
		echo "$tries" >tries
		sed '1,/^$/d' plain.eml
	} | dkim-verify --now="$NOW" -n "$SERVER" -r
}
exits 0 "a body that a pipe still has to bring" slow_pipe
ok "does not delay the query of the key" [ "$(cat tries)" -lt 200 ]
queried=$(grep -c 'udp plain._domainkey' dns.log)
exits 0 "the system's configuration may want TCP" env RES_OPTIONS=use-vc \
	dkim-verify --now="$NOW" -n "$SERVER" -r plain.eml
grep -q 'tcp plain._domainkey' dns.log
result $? "which is used then"
[ "$(grep -c 'udp plain._domainkey' dns.log)" -eq "$queried" ]
result $? "and UDP is not"

# started COMMAND...: how many threads it starts, if it exits with 0, is in the
# file "threads"
started() {
	rm -f threads
	strace -e trace=clone,clone3 -o trace "$@" >out || return
	grep -c clone trace >threads
}
keyed="dkim-sign -k plain=keys/ed25519.pem --check-dns -n $SERVER"
if [ -n "${VOUCH_BIN:-}" ] || ! strace true 2>errors ||
	grep -q -e __asan_init -e __tsan_init "$BUILD/bin/dkim-verify"; then
	skip 'a query alone takes no thread' 'strace cannot count them here'
else
	sed 's/[rm]1</plain</' "$DATA/readme/report.xml" >report.xml
	while read -r command; do
		# shellcheck disable=SC2086 # words
		started ${command%% <*} <"${command##*<}"
		ok "${command%% *}: a query alone takes no thread" \
			[ "$(cat threads)" -eq 0 ]
	done <<-EOT
		dkim-verify --now=$NOW -n $SERVER -q <plain.eml
		$keyed <$MAIL
		vbr-insert -T all -t v.example --verify -n $SERVER <$MAIL
		dmarc-report --dkim -q -n $SERVER report.xml </dev/null
	EOT
	# shellcheck disable=SC2086 # words
	started $keyed -k one=keys/ed25519.pem <"$MAIL"
	ok 'two are sent at once, by threads' [ "$(cat threads)" -ge 2 ]
fi

# --- servers ---

closed=127.0.0.1#1
exits 75 "no server that listens" \
	dkim-verify --now="$NOW" --timeout=60 -n $closed -r plain.eml
has "is dns-network" "dns-network: " out
exits 0 "the second server is queried if the first is closed" \
	dkim-verify --now="$NOW" --timeout=60 -n $closed -n "$SERVER" -r plain.eml
if full; then
	exits 0 "and if the first is silent" dkim-verify --now="$NOW" \
		--timeout=60 -n "$DEAD" -n "$SERVER" -r plain.eml
	exits 75 "not if the first says REFUSED and the second is silent" \
		dkim-verify --now="$NOW" --timeout=3 -n "$SERVER" -n "$DEAD" \
		-r refused.eml
fi
exits 0 "127.0.0.1 alone is port 53; --timeout holds" \
	dkim-verify --now="$NOW" --timeout=1 -n 127.0.0.1 -n "$SERVER" -r \
	--set="plain.${at%.} TXT k=ed25519; p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=" \
	plain.eml
if serve six -6 zone; then # SERVER is another's then
	SERVER=127.0.0.1#$(cat dns.port)
	exits 0 "a server with an IPv6 address" dkim-verify --now="$NOW" \
		--timeout=60 -n "::1#$(cat six.port)" -v -r plain.eml
	has "is named" "from ::1#$(cat six.port)" out
else
	skip "a server with an IPv6 address" "no ::1 here"
fi
for server in 127.0.0.1# 127.0.0.1#0 127.0.0.1#65536 127.0.0.1:53 \
	localhost 256.0.0.1 ''; do
	exits 64 "--nameserver='$server' is refused" \
		dkim-verify --now="$NOW" -n "$server" -r plain.eml
done

# --- a server that fails is named, once a run ---

while read -r name _; do
	cat "$name.field"
done <cases | cat - "$MAIL" >many.eml

# unsummed: stderr without the summary
unsummed() {
	sed '/: [0-9]* messages: /d' err
}

# tells TEXT TITLE COMMAND...: that is the only line on stderr but the summary
tells() {
	tells_text=$1
	shift
	exits 75 "$@"
	unsummed >lines
	has 'stderr has the server and what failed' \
		"DNS server $tells_text" lines
	ok 'once' lines 1 lines
}
refused="$closed: Connection refused"
for mode in -r -j; do
	tells "$refused" "a server that refuses, many queries and messages ($mode)" \
		dkim-verify --now="$NOW" --all -n $closed $mode many.eml \
		plain.eml many.eml
done
ok 'all results are there' [ "$(grep -c 'dns-network' out)" -eq 3 ]
tells "$refused" 'a query' spf-query -Q --now="$NOW" -n $closed -i 192.0.2.1 \
	-f a@example.org -e mx.example.org --scope=both
tells "$refused" 'with -q' dkim-verify --now="$NOW" -n $closed -q many.eml
tells "$refused" 'with --defer' dkim-verify --now="$NOW" -n $closed --defer \
	<many.eml
exits 0 'a filter passes the message' dkim-verify --now="$NOW" -n $closed \
	<many.eml
ok 'and names the server once' \
	[ "$(cat err)" = "dkim-verify: DNS server $refused" ]
exits 75 'two servers that refuse' dkim-verify --now="$NOW" -n $closed \
	-n 127.0.0.1#2 -r many.eml plain.eml
{
	echo "dkim-verify: DNS server $refused"
	echo 'dkim-verify: DNS server 127.0.0.1#2: Connection refused'
} >want
unsummed >got
same 'are a line each' want got
tells "$DEAD: no answer in " 'a server that is silent' dkim-verify \
	--now="$NOW" --all --timeout=1 -n "$DEAD" -r many.eml
exits 0 'one server of two that refuses' dkim-verify --now="$NOW" \
	-n $closed -n "$SERVER" -r plain.eml
ok 'is not reported while the other answers' [ ! -s err ]
exits 75 'a name that fails' dkim-verify --now="$NOW" -n "$SERVER" -r \
	servfail.eml refused.eml
ok 'is not a failure of the server' [ -z "$(unsummed)" ]

# configured FILE TEXT: what stderr has where resolv.conf is this file, in a
# network that reaches nothing
configured() {
	if ! unshare -rmn sh -c "mount --bind $1 /etc/resolv.conf" \
		2>/dev/null; then
		skip "resolv.conf: $2" 'no namespaces'
		return
	fi
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare -rmn sh -c 'mount --bind "$1" /etc/resolv.conf && shift &&
		exec "$@"' sh "$1" dkim-verify --now="$NOW" --timeout=2 -r \
		plain.eml plain.eml >out 2>err
	ok "resolv.conf: $2" [ "$(unsummed)" = "dkim-verify: DNS server $2" ] ||
		note "$(cat err)"
}
echo 'search example.org' >no-server
echo 'nameserver 192.0.2.9' >one-server
configured no-server '127.0.0.1#53: Network is unreachable (/etc/resolv.conf names no server)'
configured one-server '192.0.2.9#53: Network is unreachable'

# --- what if ---

exits 4 "--set lies over the network" dkim-verify --now="$NOW" -n "$SERVER" \
	--set="plain.${at%.} TXT p=" -r plain.eml
has "with the record given" "key-revoked: " out
grep -c plain._domainkey dns.log >before
dkim-verify --now="$NOW" -n "$SERVER" --set="plain.${at%.} TXT p=" -r \
	plain.eml >out
grep -c plain._domainkey dns.log >after
same "and nothing is queried for it" before after
exits 0 "--set as a CNAME leads into the network" dkim-verify --now="$NOW" \
	-n "$SERVER" --set="nothing.${at%.} CNAME plain.${at%.}" -r nothing.eml
exits 4 "--set lies over a zone" dkim-verify --now="$NOW" -z plain.zone \
	--set="plain.${at%.} TXT p=" -r plain.eml
exits 0 "-z queries no server" dkim-verify --now="$NOW" -z plain.zone \
	-n "$DEAD" -r plain.eml

# --- the inserters ---

while read -r name id; do
	exits 0 "vbr-insert --verify: $id" vbr-insert --verify -n "$SERVER" \
		--timeout=60 -t "$name.example" -t v.example <"$MAIL"
	has "with its warning" "vbr-insert: $name.example: $id: " err
	has "the others are queried" "mv=v.example;" out
	exits 75 "with --defer it is 75" vbr-insert --defer --verify \
		-n "$SERVER" --timeout=60 -t "$name.example" <"$MAIL"
done <<-'EOT'
	refused dns-refused
	rcode dns-rcode
	short dns-garbage
EOT
exits 0 "vbr-insert --verify: dns-network" vbr-insert --verify -n $closed \
	--timeout=60 -t v.example <"$MAIL"
has "with its warning" "v.example: dns-network: " err
if full; then
	exits 0 "vbr-insert --verify: dns-timeout" vbr-insert --verify \
		-n "$DEAD" --timeout=1 -t v.example <"$MAIL"
	has "with its warning" "v.example: dns-timeout: " err
	exits 75 "dkim-sign --check-dns: dns-timeout" dkim-sign --check-dns \
		-n "$DEAD" --timeout=1 -s plain -k keys/ed25519.pem <"$MAIL"
	has "says so" "dns-timeout: " err
fi
while read -r name id; do
	exits 75 "dkim-sign --check-dns: $id is 75" dkim-sign --check-dns \
		-n "$SERVER" --timeout=60 -s "$name" -k keys/ed25519.pem <"$MAIL"
	has "and says so" "dkim-sign: $name._domainkey.example.org: $id: " err
done <<-'EOT'
	refused dns-refused
	notimp dns-rcode
	short dns-garbage
	nine dns-loop
	servfail dns-servfail
	closed dns-truncated
EOT
exits 0 "dkim-sign --check-dns: a published key" dkim-sign --check-dns \
	-n "$SERVER" -s plain -k keys/ed25519.pem <"$MAIL"
exits 75 "dkim-sign --check-dns: dns-network" dkim-sign --check-dns \
	-n $closed --timeout=60 -s plain -k keys/ed25519.pem <"$MAIL"
has "says so" "dns-network: " err
finish
