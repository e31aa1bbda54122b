#!/bin/sh
# What fails in the DNS, in each way and at each place of an evaluation: its
# result and identifier, and within --timeout.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

# WAY DIRECTIVE IDENTIFIER: for each, bad.WAY.test answers all questions so, and
# so does the reverse name of 192.0.2.N, where N is the line. Octets that are
# no answer to the question may come from anyone: the right one is waited for.
cat >ways <<'EOT'
servfail SERVFAIL dns-servfail
refused REFUSED dns-refused
notimp RCODE_4 dns-rcode
short SHORT dns-garbage
closed TCPCLOSE dns-truncated
pointer LOOPPTR dns-garbage
timeout TIMEOUT dns-timeout
garbage GARBAGE dns-timeout
silent TCPSILENT dns-timeout
EOT

# PLACE RESULT TERMS: the record of PLACE.WAY.test; %%W is the way. "error" is
# a temperror with the way's identifier; "late" is one if the way is a timeout,
# since then no time is left for the next question, and else a pass.
cat >places <<'EOT'
include error include:bad.%W.test +all
nested error include:include.%W.test +all
redirect error redirect=bad.%W.test
behind error a:good.%W.test redirect=include.%W.test
a error a:bad.%W.test ip4:192.0.2.0/24 -all
mx error mx:bad.%W.test +all
mxhost error mx:m.%W.test +all
exists error exists:bad.%W.test -all
second error a:good.%W.test a:bad.%W.test +all
negative error -a:bad.%W.test +all
ptr pass ptr:%W.test ip4:192.0.2.0/24 -all
ptrname pass ptr:%W.test -all
macro late -exists:%{p}.no.test exists:good.%W.test -all
exp fail -all exp=bad.%W.test
unneeded pass ip4:192.0.2.0/24 a:bad.%W.test include:bad.%W.test -all
matched pass a:match.%W.test a:bad.%W.test include:bad.%W.test -all
EOT

n=0
while read -r way directive _; do
	n=$((n + 1))
	reverse=$n.2.0.192.in-addr.arpa.
	for name in bad.$way.test. $reverse; do
		for type in TXT A AAAA MX PTR; do
			printf ';!%s %s %s\n' "$directive" "$name" $type
		done | tr _ ' '
		printf '%s 60 IN TXT "v=spf1 +all"\n' "$name"
		printf '%s 60 IN A 198.51.100.1\n' "$name"
		printf '%s 60 IN AAAA 2001:db8::1\n' "$name"
		printf '%s 60 IN MX 10 bad.%s.test.\n' "$name" "$way"
		printf '%s 60 IN PTR bad.%s.test.\n' "$name" "$way"
	done
	# 192.0.2.100+N has two names, and the first fails
	printf '%d.2.0.192.in-addr.arpa. 60 IN PTR bad.%s.test.\n' \
		$((100 + n)) "$way"
	printf '%d.2.0.192.in-addr.arpa. 60 IN PTR host.%s.test.\n' \
		$((100 + n)) "$way"
	printf 'host.%s.test. 60 IN A 192.0.2.%d\n' "$way" $((100 + n))
	printf 'match.%s.test. 60 IN A 192.0.2.%d\n' "$way" $n
	printf 'good.%s.test. 60 IN A 198.51.100.1\n' "$way"
	printf 'm.%s.test. 60 IN MX 10 good.%s.test.\n' "$way" "$way"
	printf 'm.%s.test. 60 IN MX 20 bad.%s.test.\n' "$way" "$way"
	while read -r place _ terms; do
		printf '%s.%s.test. 60 IN TXT "v=spf1 %s"\n' "$place" "$way" \
			"$terms"
	done <places | sed "s/%W/$way/g"
done <ways >zone

if ! serve dns zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

# ask PLACE WAY IP TIMEOUT
ask() {
	date +%s >"$1.$2.start"
	spf-query -Q -j --now="$NOW" -i "$3" -f "x@$1.$2.test" -n "$SERVER" \
		--timeout="$4" >"$1.$2.out" 2>"$1.$2.err"
	echo $? >"$1.$2.status"
	date +%s >"$1.$2.end"
}

# wanted RESULT IDENTIFIER: status, result, identifier and explanation
wanted() {
	case $1.$2 in
	error.* | late.dns-timeout) echo "75 temperror $2 -" ;;
	fail.*) echo '1 fail not-authorized -' ;;
	*) echo '0 pass - -' ;;
	esac
}

# judge PLACE WAY WANT TIMEOUT
judge() {
	got=$("$MEMBERS" results/0/result results/0/id results/0/explanation \
		<"$1.$2.out" | tr '\t' ' ')
	got="$(cat "$1.$2.status") $got"
	[ "$got" = "$3" ]
	result $? "$2 at $1: $3" || note "$got" "$(cat "$1.$2.err")"
	took=$(($(cat "$1.$2.end") - $(cat "$1.$2.start")))
	[ $took -le $(($4 + 6)) ]
	result $? "it is there in time" || note "$took s"
}

# Those that wait for an answer that never comes do so side by side.
timeout_of() {
	case $1 in
	dns-timeout) echo 3 ;;
	*) echo 5 ;;
	esac
}

{ echo bad error; cat places; } >all
n=0 waits=
while read -r way _ id; do
	n=$((n + 1))
	timeout=$(timeout_of "$id")
	while read -r place _; do
		ip=192.0.2.$n
		[ "$place" = ptrname ] && ip=192.0.2.$((100 + n))
		ask "$place" "$way" "$ip" "$timeout" &
		waits="$waits $!"
		[ "$id" = dns-timeout ] || wait $!
	done <all
done <ways
# shellcheck disable=SC2086 # words
wait $waits
while read -r way _ id; do
	while read -r place want _; do
		judge "$place" "$way" "$(wanted "$want" "$id")" \
			"$(timeout_of "$id")"
	done <all
done <ways

# --- no server ---

exits 75 "no server that listens" spf-query -Q --now="$NOW" -i 192.0.2.1 \
	-f x@good.test -n 127.0.0.1#1 --timeout=5
has "is dns-network" 'spf=temperror reason="dns-network: ' out
printf ';!TIMEOUT bad.test. *\n;!SERVFAIL fail.test. *\n' >failures
cat >>failures <<'EOT'
one.test. 60 IN TXT "v=spf1 a:bad.test -all"
two.test. 60 IN TXT "v=spf1 a:fail.test -all"
EOT
exits 75 "a zone can time out, too" spf-query -Q --now="$NOW" \
	-i 192.0.2.1 -f x@one.test -z failures
has "that is dns-timeout" 'dns-timeout: ' out
exits 75 "and fail" spf-query -Q --now="$NOW" -i 192.0.2.1 -f x@two.test \
	-z failures
has "that is dns-servfail" 'dns-servfail: ' out
has "the report says where" 'a:fail.test of two.test' out
finish
