#!/bin/sh
# Cases of data/spf-cases: the result, the identifier and the explanation that
# RFC 7208 has for them, from the zones there and from a DNS server. Most are
# what other implementations evaluate otherwise (0420).
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
CASES=$DATA/spf-cases/cases.tsv
cd "$TMP" || exit 1
needs_helpers

# answers OPTION...: rows of each case
answers() {
	spf-query --batch=list -j --now "$NOW" "$@" 2>errors |
		json_rows result=results/0/result id=results/0/id \
			explanation=results/0/explanation
}

cat "$DATA"/spf-cases/*.zone >zone
if ! serve dns zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

awk -F '\t' '!/^#/ { print $2, $3, $4 }' "$CASES" >list
answers --zone zone >got
# Often: answers come in another order each time.
rounds='1 2'
full && rounds='1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20'
for _ in $rounds; do
	answers --nameserver "$SERVER" >served
	cmp -s got served || break
done
same 'a DNS server makes no difference, nor when its answers come' got served
compare_table "$CASES" got

awk -F '\t' '!/^#/ { print $2 }' "$DATA/peers/spf-differs.tsv" |
	sort -u >named
cut -f 1 "$CASES" | sort >have
comm -23 named have >missing
ok 'every known difference from a peer has its case' [ ! -s missing ]
finish
