#!/bin/sh
# The examples of RFC 7208 7.4, each expanded in a domain-spec and in an
# explanation, as data/spf-macros/cases.tsv has them.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
CASES=$DATA/spf-macros/cases.tsv
TAB='	'
needs_helpers
cd "$TMP" || exit 1

cat >names.zone <<'EOT'
3.2.0.192.in-addr.arpa. 60 IN PTR mx.example.org.
1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 60 IN PTR mx.example.org.
mx.example.org. 60 IN A 192.0.2.3
mx.example.org. 60 IN AAAA 2001:db8::cb01
EOT

# For case N: N.yes.zone has the name that it expands to; N.no.zone has another
# one, and an explanation that has the macro.
awk -F '\t' '!/^#/ {
	n++
	name = $3
	sub(/@/, "\\@", name)
	print name ". 60 IN A 127.0.0.2" >(n ".yes.zone")
	print "x" name ". 60 IN A 127.0.0.2" >(n ".no.zone")
	text = $2
	sub(/@/, "\\@", text)
	print "why.example. 60 IN TXT \"<" text ">\"" >(n ".no.zone")
}' "$CASES"

# query IP RECORD ZONE
query() {
	spf-query -Q -j --now="$NOW" -i "$1" -e helo.example.net \
		-f strong-bad@email.example.com -z names.zone -z "$3" \
		--record="$2" 2>>err
}

n=0
while IFS=$TAB read -r ip macro _; do
	case $ip in '#'*) continue ;; esac
	n=$((n + 1))
	query "$ip" "v=spf1 exists:$macro -all" $n.yes.zone
	query "$ip" "v=spf1 exists:$macro -all exp=why.example" $n.no.zone
done <"$CASES" |
	"$MEMBERS" results/0/result results/0/tree/terms/0/target \
		results/0/explanation >rows

# Names have no case, and the RFC writes nibbles in lower case.
awk -F '\t' '
	function report(good, title) {
		print (good ? 0 : 1) "\t" title
		if (!good)
			print "#\t" $0
	}
	FNR == NR {
		if (!/^#/) {
			macro[++n] = $2
			want[n] = $3
		}
		next
	}
	FNR % 2 {
		i++
		report($1 == "pass" && tolower($2) == want[i],
			"exists:" macro[i] " queries " want[i])
		next
	}
	{
		report($1 == "fail" && tolower($3) == "<" want[i] ">",
			"no other name will do; as an explanation " macro[i] \
			" is the same")
	}
	END { report(n && i == n, "each is expanded") }' "$CASES" rows >compared
tally compared
[ "$test_failed" -eq 0 ] || note "$(cat err)"
finish
