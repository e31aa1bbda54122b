#!/bin/sh
# Independent lookups overlap: how many round trips an evaluation takes.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
# shellcheck source=tests/rounds.sh
. "${0%/*}/../rounds.sh"
needs_helpers
cd "$TMP" || exit 1

# NAME TRIPS RESULT TERMS: how many round trips the record of NAME.test takes.
# A term that ends in "*N" is there N times, with 1 to N for %W. Queries that
# follow from an answer (the hosts of an MX, the terms of an include) are sent
# as soon as it is there, whatever is evaluated then: so the depth counts. The
# last hosts of "deep" are those of the exchangers, which are queried first.
cat >records <<'EOT'
one 1 fail -all
a 2 fail a:%W.a.test*10 -all
include 2 fail include:%W.include.test*10 -all
mixed 3 fail a:%W.a.test*4 mx:many.mx.test include:%W.include.test*4 redirect=one.test
mx 3 fail mx:many.mx.test -all
ptr 3 fail ptr:ptr.test -all
mxs 3 fail mx:%W.mx.test*10 -all
tree 3 fail include:%W.tree.test*5 -all
twice 3 fail a:1.a.test*2 include:1.tree.test*2 mx:many.mx.test*2 -all
deep 3 fail include:%W.deep.test*3 mx:many.mx.test -all
chain1 2 fail include:0.chain.test -all
chain4 5 fail include:3.chain.test -all
chain9 10 fail include:8.chain.test -all
EOT

{
	while read -r name _ _ terms; do
		printf '%s.test. 60 IN TXT "v=spf1 "' "$name"
		for term in $terms; do
			i=1
			while [ $i -le "${term##*[*]}" ] 2>/dev/null; do
				echo "${term%[*]*}" | sed "s/%W/$i/; s/.*/ \"& \"/"
				i=$((i + 1))
			done | tr -d '\n'
			case $term in *[*]*) ;; *) printf ' "%s "' "$term" ;; esac
		done
		echo
	done <records
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "$i.a.test. 60 IN A 198.51.100.$i"
		echo "$i.include.test. 60 IN TXT \"v=spf1 -all\""
		echo "$i.mx.test. 60 IN MX 10 $i.a.test."
		echo "many.mx.test. 60 IN MX 10 $i.a.test."
		echo "1.2.0.192.in-addr.arpa. 60 IN PTR $i.ptr.test."
		echo "$i.ptr.test. 60 IN A 198.51.100.$i"
		echo "$i.tree.test. 60 IN TXT \"v=spf1 a:$i.a.test -all\""
		echo "$i.deep.test. 60 IN TXT \"v=spf1 include:$i.tree.test -all\""
		echo "$i.chain.test. 60 IN TXT \"v=spf1" \
			"include:$((i - 1)).chain.test -all\""
	done
	echo '0.chain.test. 60 IN TXT "v=spf1 -all"'
} >zone

rounds_serve zone

query() {
	spf-query -Q --now="$NOW" -i 192.0.2.1 -f "x@$1.test" -n "$SERVER" \
		--timeout=20 >"$1.out" 2>&1
}

while read -r name trips want _; do
	rounds "$trips" query "$name"
	grep -q "^spf=$want " "$name.out"
	result $? "$name: $want" || note "$(cat "$name.out")"
	[ "$ROUNDS" -eq "$trips" ]
	result $? "$name: $trips round trip(s)" ||
		note "$ROUNDS: $(cat rounds.log)"
done <records
finish
