#!/bin/sh
# A name that nobody answers for, of a stranger, never keeps the record of
# another author domain, or its key or SPF record, from being queried and
# answered in time: a message's silent names together take no policy away.
# Slow: it waits for names that do not answer.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
needs_helpers
cd "$TMP" || exit 1

# All is silent but what has a record here.
cat >zone <<'EOT'
;!TIMEOUT * *
bank.example. 60 IN TXT "v=spf1 include:_spf.bank.example -all"
_spf.bank.example. 60 IN TXT "v=spf1 include:_net.bank.example -all"
_net.bank.example. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.bank.example. 60 IN TXT "v=DMARC1; p=reject"
s._domainkey.bank.example. 60 IN TXT "v=DKIM1; p="
_dmarc.l1.bank.example. 60 IN TXT "none"
_dmarc.l2.l1.bank.example. 60 IN TXT "none"
_dmarc.example. 60 IN TXT "none"
evil.example. 60 IN TXT "v=spf1 +all"
_dmarc.evil.example. 60 IN TXT "v=DMARC1; p=none"
_dmarc.np.test. 60 IN TXT "v=DMARC1; p=none; sp=reject; np=none"
_dmarc.there.np.test. 60 IN TXT "none"
there.np.test. 60 IN A 192.0.2.9
_dmarc.test. 60 IN TXT "none"
EOT
serve dns zone || {
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
}

# authors N AUTHOR: a From field of N silent domains and that one
authors() {
	printf 'From: '
	i=0
	while [ $i -lt "$1" ]; do
		i=$((i + 1))
		printf 'x@a.b.c.d.e.f.g.h%d.slow.example,\n ' $i
	done
	printf 'ceo@%s\n' "$2"
}

# signature DOMAIN
signature() {
	echo "DKIM-Signature: v=1; a=rsa-sha256; d=$1; s=s;"
	echo " h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;"
	echo " b=AAAA"
}

# NAME RESULT POLICY MAILFROM IP SIGNATURES AUTHORS AUTHOR: of how many silent
# domains there are signatures, and in front of the author.
cat >messages <<'EOT'
few fail reject evil.example 192.0.2.66 0 3 bank.example
many fail reject evil.example 192.0.2.66 0 9 bank.example
signed fail reject evil.example 192.0.2.66 9 2 bank.example
all fail reject slow.example 192.0.2.66 9 9 bank.example
below fail reject evil.example 192.0.2.66 9 9 l2.l1.bank.example
exists fail reject evil.example 192.0.2.66 9 3 there.np.test
unparsed fail reject evil.example 192.0.2.66 0 3 bank.example (
spf fail reject bank.example 192.0.2.66 9 0 bank.example
both fail reject bank.example 192.0.2.66 9 9 bank.example
passes pass reject bank.example 192.0.2.1 9 0 bank.example
EOT

# The last signature is the author's own.
make() {
	i=0
	while [ $i -lt "$1" ]; do
		i=$((i + 1))
		signature k.l.m.n.o.p$i.slow.example
	done
	signature bank.example
	authors "$2" "$3"
	printf 'Subject: s\n\nhi\n'
}

waits=
while read -r name _ _ sender ip signatures number author; do
	make "$signatures" "$number" "$author" >"$name"
	dmarc-eval -r --authserv-id=mx.test --now="$NOW" -i "$ip" -e h \
		-f "x@$sender" -n "$SERVER" --timeout=8 "$name" \
		>"$name.out" 2>&1 &
	waits="$waits $!"
done <messages
# shellcheck disable=SC2086 # words
wait $waits

while read -r name want policy _; do
	grep -q "^dmarc=$want .*policy.dmarc=$policy\$" "$name.out"
	result $? "$name: $want, $policy" || note "$(cat "$name.out")"
done <messages
finish
