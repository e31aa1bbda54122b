#!/bin/sh
# What one message may make the DNS do, and what its answers may take, in memory
# and in JSON: what is over a limit takes a pass away, never a fail, and says so.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
needs_helpers
PEAK=$BUILD/tests/helper/peak
PUBLIC=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=
cd "$TMP" || exit 1

# run TOOL ARG...: offline, for this host
run() {
	tool=$1
	shift
	$tool --authserv-id=mx.example.net --now="$NOW" "$@"
}

# --- queries ---

# Ten signatures of domains with five labels of their own below org.example, the
# lowest one with $1: ten keys and ten walks, topmost first. All are organizations
# of their own, but the lowest one.
printf 'From: ceo@org.example\nSubject: s\n\nhi\n' >unsigned

# field DOMAIN: a signature of it
field() {
	dkim-sign -H -d "$1" --now="$NOW" -k "s=$TMP/keys/ed25519.pem" \
		<unsigned 2>/dev/null
}

field l4.l3.l2.l1.s0.org.example >field5
field l5.l4.l3.l2.l1.s0.org.example >field6
for i in 9 8 7 6 5 4 3 2 1; do
	field l4.l3.l2.l1.s$i.org.example
done >fields
cat fields field5 unsigned >sixty.eml
cat fields field6 unsigned >over.eml
{
	echo '_dmarc.org.example. 60 IN TXT "v=DMARC1; p=reject;' \
		'rua=mailto:r@far.example"'
	for i in 0 1 2 3 4 5 6 7 8 9; do
		for l in '' l5.; do
			echo "s._domainkey.${l}l4.l3.l2.l1.s$i.org.example." \
				"60 IN TXT \"v=DKIM1; k=ed25519; p=$PUBLIC\""
		done
		[ $i -eq 0 ] || echo "_dmarc.s$i.org.example. 60 IN TXT" \
			'"v=DMARC1; psd=n"'
	done
	echo 'mail.org.example. 60 IN TXT "v=spf1 -all"'
	echo 'sync.test. 60 IN TXT "v=spf1 -all"'
} >zone
if ! serve dns zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

# queried COMMAND...: the distinct queries of a run, in the file queried; the
# answer to the last query comes when all before are in the log
queried() {
	before=$(wc -l <dns.log)
	"$@"
	spf-query -Q -i 192.0.2.1 -f a@sync.test -n "$SERVER" >sync 2>&1
	tail -n "+$((before + 1))" dns.log | cut -d ' ' -f 3,4 |
		grep -v '^sync\.test' | sort >all
	sort -u all >queried
	queries=$(wc -l <queried)
}

for from in network zone; do
	where="-z zone"
	[ $from = zone ] || where="-n $SERVER --timeout=60"
	# shellcheck disable=SC2086
	run dmarc-eval -r $where sixty.eml >out 2>err &&
		grep -q '^dmarc=pass' out && ! grep -q identifier-limit out
	result $? "60 queries from a $from: the last walk passes" ||
		note "$(cat out err)"
	# shellcheck disable=SC2086
	run dmarc-eval -r $where over.eml >out 2>err
	[ $? -eq 6 ] && grep -q '^dmarc=fail reason="not-aligned' out
	result $? "61 queries from a $from: the last identifier is unaligned" ||
		note "$(cat out err)"
	has "a note says so ($from)" "identifier-limit: 1 identifier" out
	[ "$(grep -c '^dkim=pass' out)" -eq 10 ]
	result $? "the signatures pass ($from)"
done

# Two more are of the author domain's own walk.
queried run dmarc-eval -r -n "$SERVER" --timeout=60 over.eml >out 2>err
[ "$queries" -le 62 ] && cmp -s all queried
result $? "no more than 60 were sent, each once" ||
	note "$queries queries" "$(uniq -d all)"
queried run dmarc-eval -r -v -n "$SERVER" --timeout=60 over.eml \
	>out 2>err
[ "$queries" -le 62 ]
result $? "nor with -v" || note "$queries queries"
has "which says what was not queried" \
	'TXT: over the limit, not queried' out
has "of an identifier" \
	'not known, as _dmarc.s0.org.example has over the limit' out
has "and of a report address" 'over the query limit' out
run dmarc-eval -r -v -z zone over.eml >got 2>err
sed '/^  dns: /s/, .*//' out >want
sed '/^  dns: /s/, .*//' got >got2
same "a zone leads to the same explanation" want got2
run dmarc-eval -j -z zone over.eml >out 2>err
has "JSON says of the identifier" '"aligned":"over the limit"' out

# A fail stays one, and its policy: SPF and the author domain's walk have limits
# of their own.
sed 's/^From:.*/From: ceo@mail.org.example/' over.eml >fails.eml
run dmarc-eval -r -z zone -i 192.0.2.66 -f x@mail.org.example fails.eml >out
has "SPF is evaluated" 'spf=fail' out
has "a fail stays a fail" 'dmarc=fail' out
has "with its policy" 'policy.dmarc=reject' out
lacks "and nothing fails at present" temperror out

# Keys: --max-signatures may allow more of them.
set --
i=0
while [ $i -lt 61 ]; do
	echo "k$i._domainkey.org.example. 60 IN TXT" \
		"\"v=DKIM1; k=ed25519; p=$PUBLIC\""
	set -- "$@" -k "k$i=$TMP/keys/ed25519.pem"
	i=$((i + 1))
done >keyzone
dkim-sign -d org.example --now="$NOW" "$@" <unsigned >keys.eml 2>/dev/null
run dkim-verify -r --max-signatures=100 -z keyzone keys.eml >out
[ "$(grep -c '^dkim=pass' out)" -eq 60 ]
result $? "60 keys are queried" || note "$(grep -c '^dkim=pass' out)"
tail -n 1 out | grep -q '^dkim=neutral reason="dns-limit: .*header.s=k60'
result $? "the 61st signature is neutral, and says why" || note "$(tail -n 1 out)"
exits 2 "if all must pass, it takes the pass away" run dkim-verify -q \
	--all --max-signatures=100 -z keyzone keys.eml

# Certifiers, in a message; a query has as many as it names.
i=0
while [ $i -lt 61 ]; do
	echo "-t c$i.example"
	i=$((i + 1))
done >certifiers
echo 'org.example._vouch.c60.example. 60 IN TXT "all"' >>keyzone
dkim-sign -d org.example --now="$NOW" -k "k0=$TMP/keys/ed25519.pem" \
	<unsigned >vouched.eml 2>/dev/null
# shellcheck disable=SC2046
exits 1 "what a certifier over the limit says does not count" run vbr-check -j \
	--no-vbr-info $(cat certifiers) -z keyzone vouched.eml
has "and the reason is given" '"id":"dns-limit"' out
# shellcheck disable=SC2046
exits 0 "a query has no such limit" run vbr-check -Q -d org.example \
	$(cat certifiers) -z keyzone

# --- memory: zones of a megabyte, so in make check-all ---
full || finish

# Keys of 64 KiB: strings without any octet, which take the most.
awk -v p="$PUBLIC" 'BEGIN {
	printf "*._domainkey.evil.example. 60 IN TXT \"v=DKIM1; p=\""
	for (i = 0; i < 60000; i++)
		printf " \"\""
	print ""
	printf "_dmarc.own.example. 60 IN TXT \"v=DMARC1; p=reject; x=\""
	for (i = 0; i < 60000; i++)
		printf " \"\""
	print ""
	printf "*.spf.example. 60 IN TXT \"v=spf1 ip4:192.0.2.66\""
	for (i = 0; i < 60000; i++)
		printf " \"\""
	print ""
	print "large.example. 60 IN TXT \"v=spf1 include:0.spf.example" \
		" include:1.spf.example include:2.spf.example" \
		" include:3.spf.example include:4.spf.example" \
		" include:5.spf.example include:6.spf.example" \
		" include:7.spf.example -all\""
	print "bank.example. 60 IN TXT \"v=spf1 ip4:192.0.2.1 -all\""
	print "_dmarc.bank.example. 60 IN TXT \"v=DMARC1; p=reject\""
	print "sync.test. 60 IN TXT \"v=spf1 -all\""
}' >large
# Text of octets that each take five in JSON: a walk of an author domain.
awk 'BEGIN {
	for (i = 0; i < 240; i++)
		text = text "\\001"
	printf "*.many.example. 60 IN TXT"
	for (i = 0; i < 250; i++)
		printf " \"%s\"", text
	print ""
}' >>large
if ! serve big large; then
	echo "Bail out! tests/dnsd does not start: $(cat big.err)"
	exit 1
fi
{
	for i in 0 1 2 3 4 5 6 7 8 9; do
		echo "DKIM-Signature: v=1; a=rsa-sha256; d=evil.example; s=s$i;"
		echo " h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;"
		echo " b=AAAA"
	done
	printf 'From: ceo@bank.example\nSubject: s\n\nhi\n'
} >hostile.eml
run "$PEAK peak dmarc-eval" -r -n "$SERVER" -i 192.0.2.66 -f x@bank.example \
	hostile.eml >out
[ $? -eq 6 ] && grep -q 'dmarc=fail.*policy.dmarc=reject' out
result $? "answers of 64 KiB take no fail away" || note "$(cut -c1-200 out)"
[ "$(grep -c 'dkim=neutral reason="dns-limit: ' out)" -eq 4 ]
result $? "6 MiB are used, and what is over it says so" ||
	note "$(cut -c1-70 out)"
lacks "nothing of it is temporary" temperror out
read -r kib _ <peak
note "$kib KiB"
if grep -q "__[at]san_init" "$BUILD/bin/dmarc-eval"; then
	skip "it takes less than 32 MiB" 'sanitizer'
else
	ok "it takes less than 32 MiB" [ "$kib" -lt 32768 ]
fi
run dmarc-eval -r -z large -i 192.0.2.66 -f x@bank.example hostile.eml >got
same "a zone has the same results" out got
# None of its includes matches, so that all are needed, in whatever order they come.
run dmarc-eval -r -n "$SERVER" -i 192.0.2.77 -f x@large.example hostile.eml >out
has "an SPF record that leads to such answers is an error" \
	'spf=permerror reason="dns-limit: ' out
has "and the author domain fails" 'policy.dmarc=reject' out
sed 's/^From:.*/From: a@own.example/' hostile.eml >own.eml
run dmarc-eval -r -z large own.eml >out
has "an author domain whose own record is over it does not pass" \
	'dmarc=permerror reason="dns-limit: ' out
sed 's/^From:.*/From: a@own.example, ceo@bank.example/' hostile.eml >two.eml
run dmarc-eval -r -z large two.eml >out
has "beside it, another one's fail stays one" 'dmarc=fail' out
has "with its policy" 'policy.dmarc=reject' out

# --- JSON ---

# valid FILE: one object on a line, of 4 MiB at most, with its results
valid() {
	[ "$(wc -l <"$1")" -eq 1 ] && [ "$(wc -c <"$1")" -le 4194305 ] &&
		grep -q '"results":\[{"method":"dmarc","result":"' "$1" &&
		tail -c 2 "$1" | grep -q '}' || return
	! command -v jq >/dev/null || jq -e .schema "$1" >/dev/null
}

for author in a.a.a.a.a.a.many.example b.many.example; do
	printf 'From: '
	i=0
	while [ $i -lt 10 ]; do
		[ $i -eq 0 ] || printf ', '
		printf 'a@n%d.%s' $i $author
		i=$((i + 1))
	done
	printf '\nSubject: s\n\nhi\n'
done | tee all.eml | sed '5,$d' >authors.eml
run dmarc-eval -j -v -z large authors.eml >out 2>err
ok "an object that would be too large is still one" valid out ||
	note "$(wc -c <out)"
has "and says what was left out" '"truncated":["dns"' out
run dmarc-eval -j -z large authors.eml >out 2>err
ok "without -v it is not too large" valid out
lacks "and has no queries" '"dns":' out
lacks "and nothing was left out" '"truncated"' out
finish
