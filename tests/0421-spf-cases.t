#!/bin/sh
# Cases of data/spf-cases: the result, the identifier and the explanation that
# RFC 7208 has for them, from the zones there and from a DNS server. Most are
# what other implementations judge otherwise (0420).
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
CASES=$DATA/spf-cases/cases.tsv
TAB='	'
cd "$TMP" || exit 1
needs_helpers

# judge OPTION...: result, identifier and explanation of each case
judge() {
	spf-query --batch=list -j --now "$NOW" "$@" >json 2>errors
	"$MEMBERS" results/0/result results/0/id results/0/explanation <json
}

cat "$DATA"/spf-cases/*.zone >zone
if ! serve dns zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

sed '/^#/d' "$CASES" >cases
awk -F '\t' '{ print $2, $3, $4 }' cases >list
judge --zone zone >got
# Often: answers come in another order each time.
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	judge --nameserver "$SERVER" >served
	cmp -s got served || break
done
[ "$(wc -l <got)" -eq "$(wc -l <cases)" ]
result $? 'every case is judged'
same 'a DNS server makes no difference, nor when its answers come' got served

paste cases got >both
while IFS=$TAB read -r name _ _ _ result id words title got got_id got_words; do
	[ "$result $id $words" = "$got $got_id $got_words" ]
	result $? "$name: $title" ||
		note "wanted: $result $id $words; got: $got $got_id $got_words"
done <both

awk -F '\t' '!/^#/ { print $2 }' "$DATA/peers/spf-differs.tsv" |
	sort -u >named
cut -f 1 cases | sort >have
comm -23 named have >missing
ok 'every known difference from a peer has its case' [ ! -s missing ]
finish
