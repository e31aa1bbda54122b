#!/bin/sh
# The examples of RFC 7208 7.4, each expanded in a domain-spec and in an
# explanation, as data/spf-macros/cases.tsv has them.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
TAB='	'
cd "$TMP" || exit 1
[ -x "$MEMBERS" ] || skip_all 'tests/helper/members is not built'

cat >names.zone <<'EOT'
3.2.0.192.in-addr.arpa. 60 IN PTR mx.example.org.
1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. 60 IN PTR mx.example.org.
mx.example.org. 60 IN A 192.0.2.3
mx.example.org. 60 IN AAAA 2001:db8::cb01
EOT

# query IP RECORD ZONE: its JSON is in out
query() {
	spf-query -Q -j --now="$NOW" -i "$1" -e helo.example.net \
		-f strong-bad@email.example.com -z names.zone -z "$3" \
		--record="$2" >out 2>err
}

# lower TEXT: case is nothing in names, and the RFC has nibbles in lower case
lower() {
	printf '%s\n' "$1" | tr '[:upper:]' '[:lower:]'
}

# is IP MACRO EXPANSION
is() {
	printf '%s. 60 IN A 127.0.0.2\n' "$3" | sed 's/@/\\@/' >yes.zone
	printf 'x%s. 60 IN A 127.0.0.2\nwhy.example. 60 IN TXT "<%s>"\n' "$3" \
		"$2" | sed 's/@/\\@/' >no.zone
	query "$1" "v=spf1 exists:$2 -all" yes.zone
	"$MEMBERS" results/0/result results/0/tree/terms/0/target <out >row
	IFS=$TAB read -r got target <row
	[ "$got" = pass ] && [ "$(lower "$target")" = "$3" ]
	result $? "exists:$2 asks for $3" || note "$got, $target" "$(cat err)"
	query "$1" "v=spf1 exists:$2 -all exp=why.example" no.zone
	"$MEMBERS" results/0/result results/0/explanation <out >row
	IFS=$TAB read -r got text <row
	[ "$got" = fail ] && [ "$(lower "$text")" = "<$3>" ]
	result $? "no other name will do; as an explanation $2 is the same" ||
		note "$got, $text" "$(cat err)"
}

while IFS=$TAB read -r ip macro expansion; do
	case $ip in '#'*) continue ;; esac
	is "$ip" "$macro" "$expansion"
done <"$DATA/spf-macros/cases.tsv"
finish
