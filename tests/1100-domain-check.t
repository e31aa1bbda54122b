#!/bin/sh
# domain-check: options, and the exit status.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

cat >zone <<'EOT'
good.example. MX 10 mx.good.example.
good.example. TXT "v=spf1 mx -all"
mx.good.example. A 192.0.2.25
mx.good.example. AAAA 2001:db8::25
warning.example. TXT "v=spf1 ip4:192.0.2.0/24 ?all"
error.example. TXT "v=spf1 +all"
;!SERVFAIL failed.example. TXT
;!SERVFAIL failed.example. MX
none.example. A 192.0.2.1
_dmarc.policy.example. TXT "v=DMARC1; p=reject; rua=mailto:in@good.example"
a.policy.example. A 192.0.2.1
x._domainkey.good.example. TXT "v=DKIM1; p="
EOT

printf ';!SERVFAIL _dmarc.failed.policy.example. *\n' >failed

check() {
	domain-check -z zone "$@"
}

spf() {
	check --only=spf "$@"
}

# misused WORDS ARG...: these options are a usage error, with these words.
misused() {
	misused_words=$1
	shift
	exits 64 "usage error: $misused_words" check "$@" &&
		has '  which says so' "domain-check: $misused_words" err
}

# refused STATUS WORDS ARG...: the same for another status.
refused() {
	refused_status=$1 refused_words=$2
	shift 2
	exits "$refused_status" "refused: $refused_words" check "$@" &&
		has '  which says so' "domain-check: $refused_words" err
}

# in_order DOMAIN...: the output has these, in this order.
in_order() {
	sed -n 's/^\([a-z]*\.example\)\(:.* of .*\)*$/\1/p' out >order
	printf '%s\n' "$@" | cmp - order
}

#
# Domains.
#
misused 'a domain is missing'
misused 'operand: not a domain: a..b' a..b
misused '_dmarc.good.example is the name of a record: give the domain good.example' \
	_dmarc.good.example
misused 'r1._domainkey.good.example is the name of a key: give -s r1._domainkey.good.example, and the domain good.example' \
	r1._domainkey.good.example

exits 4 'several domains are all checked' \
	spf warning.example error.example good.example
ok '  in the order given' in_order warning.example error.example good.example
exits 1 'a domain may have any form' spf Warning.Example.
has '  and is shown in one' 'warning.example: warning: spf/neutral-all' out

cat >list <<'EOT'
# The domains of a site.
  warning.example

error.example	# its old one
EOT
exits 4 '--domains-from has domains, comments and blanks' \
	spf --domains-from=list good.example
ok '  which follow the operands' \
	in_order good.example warning.example error.example
printf 'warning.example' >stdin
piped() {
	spf --domains-from=- <stdin
}
exits 1 '--domains-from=- reads standard input' piped
printf 'good.example\n\nnot a domain\n' >list
refused 78 'list:3: not a domain: not a domain' --domains-from=list
printf 'good.example\0evil.example\n' >list
refused 78 'list:1: not a domain: good.example' --domains-from=list
printf '# none\n' >list
refused 78 'list: there is no domain in it' --domains-from=list
refused 66 'absent: No such file' --domains-from=absent

#
# Sections.
#
exits 0 '--only checks one section' check --only=spf good.example
exits 0 '  or several' check --only=spf,mx good.example
misused '--only: unknown value: dmrac; did you mean dmarc?' \
	--only=spf,dmrac good.example
misused '--only: not spf, dmarc, dkim, vbr, mx or tls: all' \
	--only=all good.example
misused '-s has no effect: --only leaves out dkim' \
	--only=spf -s r1 good.example
misused '-t has no effect: --only leaves out vbr' \
	--only=spf -t vouch.example good.example
misused '--mta-sts-policy has no effect: --only leaves out tls' \
	--only=spf --mta-sts-policy=zone good.example

#
# Selectors, certifiers, policies.
#
misused '-s: not a domain: a b' -s 'a b' good.example
misused '-s r1 needs one domain; with several, give r1._domainkey.DOMAIN' \
	-s r1 good.example error.example
misused '-s r1._domainkey.other.example: other.example is not a domain to check' \
	-s r1._domainkey.other.example good.example
misused '-t: not a domain: a b' -t 'a b' good.example
misused '-t, --mta-sts-policy and --selectors-from need a domain' \
	--record='v=spf1 -all' -t vouch.example
misused '--mta-sts-policy needs one domain' \
	--mta-sts-policy=zone good.example error.example
refused 66 'absent: No such file' --mta-sts-policy=absent good.example

#
# What-if records.
#
exits 1 '--record replaces the record of the domain' \
	spf --record='v=spf1 mx ?all' good.example
has '  whose name is in the finding' \
	'good.example: warning: spf/neutral-all' out
exits 4 '--record needs no domain' check --record='v=spf1 ip4:192.0.2.1 +all'
has '  then it is of nobody' 'record.invalid: error: spf/pass-all' out
lacks '  and nothing else is checked' dmarc out
exits 4 'two records of different protocols need none, either' \
	check --record='v=spf1 ip4:192.0.2.1 +all' --record='v=DMARC1; p=rejct'
has '  the first is checked' 'record.invalid: error: spf/pass-all' out
has '  and the second' 'record.invalid: error: dmarc/policy-invalid' out
check --record='v=spf1, mx -all' >out
has 'a misspelt version tells the protocol' 'record.invalid: ' out
lacks '  that alone' dmarc out
for record in 'v=STSv1; id=1' 'p=reject' 'v=' '' 'mx -all' 'spf2.0/pra -all'; do
	misused "--record: begins with none of v=spf1, v=DMARC1 and v=DKIM1: $record" \
		--record="$record" good.example
done
misused '--record: more than one record of SPF' \
	--record='v=spf1 -all' --record='v=spf1 ~all' good.example
misused '--record: a record of DMARC, which --only leaves out' \
	--only=spf --record='v=DMARC1; p=none' good.example
misused '--record needs one domain, or none' \
	--record='v=spf1 -all' good.example error.example
misused 'a DKIM record of --record needs one domain and one -s' \
	--record='v=DKIM1; p=' good.example
misused 'a DKIM record of --record needs one domain and one -s' \
	--record='v=DKIM1; p=' -s r1 -s r2 good.example
misused '--record: more than one record of DKIM' \
	--record='v=DKIM1; p=' --record='v=DKIM1; p=' -s r1 good.example
exits 0 '--set, too, is what if' \
	spf --set='error.example TXT v=spf1 -all' error.example

#
# Organizational domains.
#
printf 'example\npolicy.example\n' >psl
org() {
	check -j --only=dmarc "$@" a.policy.example >out 2>err
	"$MEMBERS" dmarc/organizational_domain <out
}
ok 'the walk finds the organizational domain' \
	test "$(org)" = policy.example
ok 'with --org-domain=psl, the suffix list does' \
	test "$(org --org-domain=psl --psl=psl)" = a.policy.example
ok '  as with --rfc7489' \
	test "$(org --rfc7489 --psl=psl)" = a.policy.example
misused '--psl needs --org-domain=psl or --rfc7489' --psl=psl good.example
misused '--rfc7489 works only with --org-domain=psl' \
	--rfc7489 --org-domain=walk good.example
refused 78 'zone:7: not a rule of a public suffix list' \
	--rfc7489 --psl=zone good.example

#
# --policy.
#
exits 0 '--policy shows which policy applies' \
	check --policy a.policy.example
has '  of whose record' 'a.policy.example: policy reject, by p= of policy.example' \
	out
has '  what is at the names of the walk' '  _dmarc.a.policy.example: no such name' out
has '  and the organizational domain' \
	'  organizational domain: policy.example (' out
exits 3 'of several domains the worst decides' \
	check --policy a.policy.example none.example
has '  each is shown' 'none.example: no-record: ' out
exits 0 'a what-if record is the own one of the domain' check --policy -j \
	--record='v=DMARC1; p=quarantine; t=y' none.example
ok '  in JSON, too' test "$("$MEMBERS" policy tag policy_domain id walk/0/found \
	<out | tr '\t' ' ')" = 'none p none.example - record'
exits 75 'a DNS failure is one' \
	check --policy --set='policy.example TXT x' failed.policy.example \
	-z failed
misused '--policy checks nothing: it goes with --record' \
	--policy --only=dmarc good.example
misused 'a domain is missing' --policy --record='v=DMARC1; p=none'

#
# Modes.
#
exits 4 '-q writes nothing' spf -q error.example
ok '  at all' test ! -s out -a ! -s err
exits 4 '-v shows queries, too' spf -v error.example
has '  with their answers' '  dns: error.example TXT: data, from zone' out
misused 'at most one of -j, --sarif, --github and -q' -j -q good.example
misused 'at most one of -j, --sarif, --github and -q' \
	--sarif --github good.example
exits 64 '--sarif needs a zone file' domain-check --sarif good.example
has '  and says so' '--sarif needs --zone' err
misused '--now: neither seconds nor an RFC 3339 time: noon' \
	--now=noon good.example

#
# The exit status.
#
exits 0 'status 0: nothing is found' spf good.example
exits 1 'status 1: a warning' spf warning.example
exits 4 'status 4: an error' spf error.example
exits 75 'status 75: nothing but a DNS failure' spf failed.example
exits 3 'status 3: there is no record at all' check none.example
exits 4 'of several, an error is first' \
	check --only=spf,dmarc,dkim,mx none.example failed.example error.example
exits 3 '  then nothing at all' \
	check --only=spf,mx none.example failed.example warning.example
exits 1 '  then a warning' spf good.example failed.example warning.example
exits 75 '  then a DNS failure' spf good.example failed.example good.example
exits 0 '--exit-map=temperror=0 keeps a build green' \
	spf --exit-map=temperror=0 failed.example good.example
exits 9 '  and permerror is an error' \
	spf --exit-map=permerror=9 error.example
exits 8 '  fail a warning' spf --exit-map=fail=8 warning.example
exits 7 '  none no record' check --exit-map=none=7 none.example
exits 75 '--defer exits 75 after a DNS failure' spf --defer failed.example
ok '  and writes nothing' test ! -s out

#
# The least score.
#
exits 0 '--min: the score is as required' spf --min=1 good.example
exits 0 '  findings do not matter then' spf --min=0 error.example
exits 4 '  or it is not' spf --min=1 error.example
exits 75 '  or not known, as the DNS failed' spf --min=1 failed.example
exits 0 '  or not known, as no selector is known' \
	check --only=dkim --min=1 good.example
exits 4 '  of several the worst decides' \
	spf --min=1 good.example failed.example error.example
misused '--min: the score is out of 1, and never 2' \
	--only=spf --min=2 good.example
misused '--min: the score is out of 5, and never 6' --min=6 good.example
misused '--min: the score is out of 3, and never 4' \
	--only=dmarc --min=4 good.example
misused '--min: not a number from 0 to 2147483647: x' --min=x good.example
finish
