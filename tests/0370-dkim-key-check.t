#!/bin/sh
# dkim-key check: mangled records, servers that lag, are silent or differ; with
# the record that it proposes the key is well.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1
K=$TMP/keys
D=example.org

# soa SERIAL: the SOA record of example.org
soa() {
	echo "$D. 300 IN SOA ns1.$D. hostmaster.$D. $1 3600 600 86400 300"
}
# txt SELECTOR TEXT...: TXT records, each in strings of at most 255 octets
txt() {
	txt_name=$1._domainkey.$D.
	shift
	for txt_text; do
		printf '%s\n' "$txt_text" | sed 's/[\\"]/\\&/g' |
			awk -v name="$txt_name" '{
				printf "%s 3600 IN TXT", name
				# No string ends inside of an escape.
				for (; length($0); $0 = substr($0, n + 1)) {
					n = 200
					while (substr($0, n, 1) == "\\")
						n--
					printf " \"%s\"", substr($0, 1, n)
				}
				print ""
			}'
	done
}
# plain KEYFILE: the text of its record
plain() {
	dkim-key record -k "$1" -d $D -s x --format=plain
}
check() {
	dkim-key check -d $D "$@"
}
# run STATUS TITLE ARGUMENT...: check ends so, within a minute
run() {
	run_status=$1 run_title=$2
	shift 2
	exits "$run_status" "$run_title" timeout 60 dkim-key check "$@"
}
# is PATH... = VALUE...: members of the object in out
is() {
	is_paths=
	while [ "$1" != = ]; do
		is_paths="$is_paths $1"
		shift
	done
	shift
	# shellcheck disable=SC2086
	is_row=$("$MEMBERS" $is_paths <out | tr '\t' ' ')
	ok "  $is_paths: $*" [ "$is_row" = "$*" ] || note "$is_row"
}
# refused TEXT ARGUMENT...: a usage error
refused() {
	refused_text=$1
	shift
	run 64 "refused: $*" "$@"
	has "  it is said: $refused_text" "$refused_text" err
}

RSA=$(plain "$K/rsa2048.pem")
ED=$(plain "$K/ed25519.pem")
P=${RSA#*p=}

# --- options ---

refused '-d DOMAIN is missing' -s s1
refused '-s SELECTOR is missing' -d $D
refused 'a domain of one label cannot sign' -d org -s s1
refused "unexpected operand" -d $D -s s1 file
refused "--table names the keys" --table=t -d $D
refused "--table names the keys" --table=t -s s1
refused "--table names the keys" --table=t -k key
refused "--server: 'ns1.example.org' is not ADDRESS[#PORT]" -d $D -s s1 \
	--server=ns1.example.org
refused "--server: '127.0.0.1#0' is not" -d $D -s s1 --server=127.0.0.1#0
refused "at most one of --server and --zone" -d $D -s s1 --server=127.0.0.1 -z zone
run 66 "a key file that is not there" -d $D -s s1 -k none -z /dev/null
has "it is named" "none: No such file" err

# --- two servers, one of which lags ---

{
	soa 8
	txt s1 "$RSA"
	txt both "$RSA"
	txt other "$RSA"
	txt ed "$ED"
	echo "slow._domainkey.$D. 300 IN TXT \"$ED\""
} >new.zone
{
	soa 6
	txt both "$RSA"
	txt other "$ED"
	echo ";!TIMEOUT slow._domainkey.$D. *"
	echo ";!SERVFAIL fail._domainkey.$D. *"
} >old.zone
sed '/^;!/d; s/ 6 3600/ 4294967295 3600/' old.zone >before.zone
serve new new.zone || exit 1
NEW=$SERVER
serve old old.zone || exit 1
OLD=$SERVER
serve before before.zone || exit 1
BEFORE=$SERVER

run 0 "a key that both servers have" -k "$K/rsa2048.pem" -d $D -s both \
	--server="$NEW" --server="$OLD"
has "it says ok" "both._domainkey.$D: ok: RSA 2048, 2 servers" out
has "and that one has an older zone" \
	"server   $OLD, serial 6, late by 2: ok" out
run 0 "one server" -k "$K/rsa2048.pem" -d $D -s s1 --server="$NEW"
ok "one line is enough" [ "$(cat out)" = \
	"s1._domainkey.$D: ok: RSA 2048, 1 server, serial 8" ]
run 0 "any sound key will do without -k" -d $D -s ed --server="$NEW"
has "it is named" "ok: Ed25519, 1 server" out
run 1 "a server that lags" -k "$K/rsa2048.pem" -d $D -s s1 --server="$NEW" \
	--server="$OLD"
has "it is named" "s1._domainkey.$D: no-key: the key is not yet well" out
has "with the server that has the key" "server   $NEW, serial 8: ok" out
has "and by what serial" "server   $OLD, serial 6, late by 2: no-key" out
has "the mend is to wait" "mend     wait until serial 8 is at $OLD" out
lacks "and nothing is to be published" publish out
run 1 "the same in JSON" -j -k "$K/rsa2048.pem" -d $D -s s1 --server="$NEW" \
	--server="$OLD"
ok "is one object" lines 1 out
is schema domain selector name line id source zone servers = 1 $D s1 \
	s1._domainkey.$D - no-key given - 2
is servers/0/address servers/0/serial servers/0/lag servers/0/id = "$NEW" 8 0 -
is servers/1/address servers/1/serial servers/1/lag servers/1/id \
	servers/1/record = "$OLD" 6 2 no-key -
is proposed = "$RSA"
is servers/0/record = "$RSA"
run 1 "serials compare around their end (RFC 1982)" -j -d $D -s s1 \
	--server="$BEFORE" --server="$NEW"
is servers/0/serial servers/0/lag servers/1/lag = 4294967295 9 0
run 1 "without -k, servers that have different keys" -j -d $D -s other \
	--server="$NEW" --server="$OLD"
is id servers/0/id servers/1/id = key-differs - key-differs
run 1 "a newer zone without the key is no lag" -d $D -s gone \
	-k "$K/rsa2048.pem" --server="$NEW" --server="$OLD"
has "the record is to be published" \
	"publish  gone._domainkey.$D. IN TXT \"v=DKIM1; k=rsa; p=" out

# --- servers that do not answer ---

run 75 "a server that fails" -j -d $D -s fail --server="$OLD"
is id servers/0/id = dns-failure dns-failure
run 75 "one server that is silent" -d $D -s slow --timeout=2 \
	--server="$NEW" --server="$OLD"
has "it is said" "slow._domainkey.$D: dns-failure" out
has "the server is named" "no answer of $OLD: timeout" out
run 1 "but if anything else is wrong, that counts" -d $D -s slow --timeout=2 \
	-k "$K/rsa2048.pem" --server="$NEW" --server="$OLD"
has "and is named" "slow._domainkey.$D: key-differs" out
printf '%s\n' "$D $D slow $K/ed25519.pem" "$D $D ed $K/ed25519.pem" \
	"$D $D s1 $K/rsa2048.pem" >failing
run 75 "of several keys, too" --table=failing --timeout=2 --server="$NEW" \
	--server=127.0.0.1#9
ok "each has its line" [ "$(grep -c 'dns-failure: the DNS' out)" -eq 3 ]

# --- mangled records ---

selectors='quotes backslash truncated doubled version pem cname several differs
private service hash'
half=${P%"${P#??????????????????????????????????????????????????}"}
private=$(sed '/^-/d' "$K/rsa2048.pem" | tr -d '\n')
{
	soa 1
	txt good "$RSA"
	txt quotes "\"v=DKIM1; k=rsa; p=$half\" \"${P#"$half"}\""
	txt backslash "v=DKIM1\\; k=rsa\\; p=$P"
	txt truncated "v=DKIM1; k=rsa; p=$half"
	txt doubled "$RSA$RSA"
	txt version "v=DKIM2; k=rsa; p=$P"
	txt pem "v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----$P-----END PUBLIC KEY-----"
	txt cname "s1.dkim.example.net."
	txt several "$RSA" "$ED"
	txt differs "$ED"
	txt private "v=DKIM1; k=rsa; p=$private"
	txt service "v=DKIM1; k=rsa; s=tlsrpt; p=$P"
	txt hash "v=DKIM1; k=rsa; h=sha1; p=$P"
} >mangled.zone
for s in $selectors good none; do
	echo "$D $D $s $K/rsa2048.pem"
done >mangled.table
serve one mangled.zone || exit 1
ONE=$SERVER
serve two mangled.zone || exit 1
run 1 "a table of mangled records, at two servers" -j --table=mangled.table \
	--server="$ONE" --server="$SERVER"
ok "has a line each" lines 14 out
"$MEMBERS" selector id servers/0/id servers/1/id proposed mend <out >got
tab=$(printf '\t')
for s in $selectors; do
	case $s in
	several) want=several-keys ;;
	*) want=key-$s ;;
	esac
	ok "named at both servers: $want" \
		grep -q "^$s$tab$want$tab$want$tab$want$tab" got
	ok "  with the mend" [ "$(awk -F "$tab" -v s="$s" \
		'$1 == s && length($6) > 20' got | wc -l)" -eq 1 ]
done
ok "the one that is well is not" grep -q "^good$tab-$tab-$tab-$tab-$tab-$" got
ok "for a private key nothing is proposed" [ \
	"$(awk -F "$tab" '$1 == "private" { print $5 }' got)" = - ]

# The closed loop: each record that is proposed, in place of what was there.
{
	soa 2
	txt good "$RSA"
	while IFS=$tab read -r s _ _ _ text _; do
		[ "$text" = - ] || txt "$s" "$text"
	done <got
} >mended.zone
grep -v ' private ' mangled.table >mended.table
run 0 "the records proposed mend them all" --table=mended.table -z mended.zone
ok "each is ok" [ "$(grep -c ': ok: RSA 2048, serial 2$' out)" -eq 13 ]
run 1 "before, they were not" --table=mended.table -z mangled.zone
ok "but for one" [ "$(grep -c ': ok: RSA 2048, serial 1$' out)" -eq 1 ]

# Without -k there is less to know, and what can be proposed mends, too.
: >loop.zone
for s in quotes backslash doubled version pem service hash; do
	check -s "$s" -z mangled.zone -j >out
	ok "$s is named without -k" [ "$("$MEMBERS" id <out)" = "key-$s" ]
	text=$("$MEMBERS" proposed <out)
	txt "$s" "$text" >loop.zone
	ok "  what is proposed mends it" check -s "$s" -k "$K/rsa2048.pem" \
		-z loop.zone
done
{
	txt good "$RSA"
	echo "good._domainkey.$D. 300 IN CNAME x.example.net."
} >beside.zone
run 1 "a CNAME beside a TXT record" -j -d $D -s good -z beside.zone
is id proposed = key-cname "$RSA"
run 1 "a CNAME that leads nowhere" -j -d $D -s s -k "$K/rsa2048.pem" \
	--set="s._domainkey.$D CNAME x.$D" -z mangled.zone
is id proposed = key-dangling "$RSA"
run 1 "a key that was revoked" -j -d $D -s s -k "$K/rsa2048.pem" \
	--set="s._domainkey.$D TXT v=DKIM1; p=" -z mangled.zone
is id proposed = key-revoked -
run 1 "a key that is being tested is not well" -j -d $D -s s \
	--set="s._domainkey.$D TXT v=DKIM1; t=y; p=$P" -z mangled.zone
is id = key-testing
run 1 "a small key neither" -j -d $D -s s -k "$K/rsa1024.pem" \
	--set="s._domainkey.$D TXT $(plain "$K/rsa1024.pem")" -z mangled.zone
is id proposed = key-small -

# --- tables ---

dkim-key new -d $D -s sec --password-file=/dev/stdin -o sec.pem \
	<<-'EOF' >sec.zone || exit 1
	secret
	EOF
echo secret >password
chmod 600 password
{
	soa 3
	cat sec.zone
	txt s1 "$RSA"
	txt '*' "$RSA"
} >table.zone
cat >table <<EOF
$D	$D	s1	keys/rsa2048.pem	# a comment
*	%d	s1	"keys/%d.pem"
.$D	$D	s1	keys/%d.pem
x.$D	$D	s1	keys/rsa2048.pem
y.$D	$D	token	pkcs11:token=none;object=none
EOF
run 0 "a table" --table=table -z table.zone
ok "a key under the same name is checked once" [ "$(cat out)" = \
"s1._domainkey.$D: ok: RSA 2048, serial 3
  queried  the zone files alone
token._domainkey.$D: ok: RSA 2048, serial 3
  queried  the zone files alone" ]
ok "three lines have no key here" lines 3 err
has "one for any domain" "table:2: keys/%d.pem: not checked: the line is for" \
	err
has "one for any key" "table:3: keys/%d.pem: any key that is sound" err
has "a token that is not here" \
	"table:5: pkcs11:token=none;object=none: any key that is sound" err
run 0 "the same in JSON" -j --table=table -z table.zone
ok "says so in JSON, too" lines 5 out
is file error = 'table:2: keys/%d.pem not checked: the line is for any number of domains (%d): check each with -k, -d and -s
table:3: keys/%d.pem any key that is sound is taken for it: the line is for any number of keys (%d)
table:5: pkcs11:token=none;object=none '"$("$MEMBERS" error <out |
	sed -n 3p)
keys/rsa2048.pem ?
pkcs11:token=none;object=none ?"
ok "and nothing on stderr" [ ! -s err ]
cp keys/rsa2048.pem "keys/100%.$D.pem"
printf '%s\n' "$D %d s1 keys/100%%.%d.pem" "localhost %d s1 keys/%d.pem" >table
run 1 "%d where the pattern is a name" --table=table -z table.zone
has "the one key is checked" "s1._domainkey.$D: ok: RSA 2048, serial 3" out
has "a name that cannot sign is told" "table:2: keys/localhost.pem: not chec" err
ok "and nothing else" lines 1 err
echo "$D $D sec sec.pem" >table
run 1 "an encrypted key without its password" --table=table -z table.zone
has "is named" "table:1: sec.pem: not checked: the key is encrypted" err
run 0 "with it" --table=table -z table.zone --password-file=password
has "it is ok" "sec._domainkey.$D: ok" out
echo "$D $D s1 keys/none.pem" >>table
run 1 "a key file that is not there" --table=table -z table.zone \
	--password-file=password
has "is named" "table:2: keys/none.pem: not checked: No such file" err
has "and the others are checked" "sec._domainkey.$D: ok" out
echo "$D org s1 keys/rsa2048.pem" >>table
run 78 "a line that dkim-sign refuses" --table=table -z table.zone

# --- servers by NS records, on port 53 of another network ---

inside() {
	unshare -rn --fork --pid --kill-child sh -c \
		'ip link set lo up && exec "$@"' sh "$@"
}
cat >inside.sh <<'EOF'
# inside.sh ZONE4 ZONE6 RESOLVERZONE ARGUMENT...
"$DNSD" -p 53 "$1" >one.up 2>/dev/null &
"$DNSD" -6 -p 53 "$2" >two.up 2>/dev/null &
"$DNSD" -p 5300 "$3" >three.up 2>/dev/null &
tries=0
until [ -s one.up ] && [ -s two.up ] && [ -s three.up ]; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || exit 99
	sleep 0.1
done
shift 3
timeout 60 dkim-key check -n 127.0.0.1#5300 "$@"
EOF
export DNSD
cat >ns.zone <<EOF
$D. 300 IN NS ns1.$D.
$D. 300 IN NS ns2.$D.
ns1.$D. 300 IN A 127.0.0.1
ns2.$D. 300 IN AAAA ::1
example.com. 300 IN NS ns.example.com.
ns.example.com. 300 IN A 127.0.0.1
ns.example.com. 300 IN AAAA 2001:db8::1
s1._domainkey.example.com. 300 IN CNAME s1._domainkey.$D.
example.net. 300 IN NS ns.example.net.
$(txt cached "$RSA")
;!SERVFAIL example.edu. *
EOF
ns() {
	ns_status=$1 ns_title=$2
	shift 2
	rm -f ./*.up
	exits "$ns_status" "$ns_title" inside sh inside.sh new.zone old.zone \
		ns.zone "$@"
}
if inside true 2>/dev/null; then
	ns 0 "servers by NS records" -d $D -s both
	has "are all asked" ": ok: RSA 2048, 2 servers" out
	has "one by IPv6" "server   ::1#53, ns2.$D, serial 6, late by 2: ok" out
	ns 1 "one that lags" -j -d $D -s s1
	is id source zone servers = no-key ns $D 2
	is servers/0/name servers/0/address servers/1/name servers/1/address = \
		ns1.$D 127.0.0.1#53 ns2.$D ::1#53
	ns 1 "what the resolver's cache has is of no account" -d $D -s cached
	ns 1 "after a CNAME, the servers of its target" -j -d example.com -s s1
	is zone servers servers/0/id servers/1/serial = $D 2 - 6
	ns 1 "an IPv6 address that cannot be reached" -d example.com -s no
	has "is said, but ignored" "2001:db8::1#53, ns.example.com: not reached" \
		out
	ns 75 "a name server without an address" -d example.net -s s1
	has "is named" "have an A or AAAA record published at ns.example.net" \
		out
	ns 75 "NS records that are not to be had" -d example.edu -s s1 \
		--set="s1._domainkey.example.edu TXT $RSA"
	has "are named" "NS records of example.edu: SERVFAIL" out
	ns 0 "no NS records" -d example.info -s s1 \
		--set="s1._domainkey.example.info TXT $RSA"
	has "the resolver alone is queried, and that is said" \
		"queried  the resolver alone, no name server: no name above" out
else
	skip "servers by NS records" "there is no other network (unshare)"
fi
finish
