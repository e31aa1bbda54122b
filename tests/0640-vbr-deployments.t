#!/bin/sh
# Vouching as sites that send and receive certified mail set it up: a table of
# domains, types and certifiers on the way out; trusted providers, and what a
# spam filter may read, on the way in; the sender's test before the field is
# added; and lists that are queried for a text or an address.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
cd "$TMP" || exit 1
ID=mx.example.net

text_of() {	# text_of SELECTOR: the record's strings
	sed -n "s/^$1\._domainkey\.example\.org\. .* TXT //p" "$ZONE"
}

cat >zone <<END
s._domainkey.somebank.com. TXT $(text_of ed)
s._domainkey.shop.example. TXT $(text_of ed)
somebank.com. TXT "v=spf1 ip4:192.0.2.1 -all"
somebank.com._vouch.certifier-a.com. TXT "transaction list"
somebank.com._vouch.certifier-b.com. TXT "all"
shop.example._vouch.certifier-a.com. TXT "list"
somebank.com._vouch.dwl.example. TXT "transaction"
somebank.com._vouch.dwl.example. A 127.0.2.3
shop.example._vouch.public.example. A 127.255.255.254
END

check() {
	vbr-check --authserv-id="$ID" --now "$NOW" -z zone "$@"
}

# from ADDRESS: a message
from() {
	sed "s/^From:.*/From: $1/" "$DATA/message.eml"
}

# --- the sender's guide ---

# Before the field is added: will who is to be named vouch?
exits 0 'a sender queries whether all would vouch' check -Q -d somebank.com \
	-T transaction -t certifier-a.com -t certifier-b.com
cat >want <<'END'
vbr=pass header.md=somebank.com header.mv=certifier-a.com
vbr=pass header.md=somebank.com header.mv=certifier-b.com
END
same 'each answers in its line' want out
exits 1 'one that vouches for other types says which' check -Q \
	-d somebank.com -T all -t certifier-a.com
has 'transaction list' ': transaction list"' out
exits 1 'one that does not know the domain' check -Q -d shop.example \
	-t certifier-b.com
has 'says so' 'not-listed: ' out
exits 0 '-j tells what the record says' check -Q -j -d somebank.com \
	-T list -t certifier-a.com
has 'as it is there' '"answer":"transaction list"' out
exits 0 '--set: a record that is not published yet' check -Q \
	-d shop.example -T transaction -t certifier-b.com \
	--set='shop.example._vouch.certifier-b.com TXT transaction'
exits 0 '-v shows the name that is queried' check -Q -v -d somebank.com \
	-t certifier-b.com
has 'domain, _vouch, certifier' 'somebank.com._vouch.certifier-b.com' out

# The field of the guide, as it is there, and as we write it.
GUIDE='md=somebank.com; mc=transaction; mv=certifier-a.com:certifier-b.com'
from 'alerts@somebank.com' | vbr-insert -T transaction -t certifier-a.com \
	-t certifier-b.com >guide
tr -d '\n' <guide | tr -s '\t ' ' ' | head -c 200 >unfolded
has 'vbr-insert writes the field of the guide' "VBR-Info: $GUIDE" unfolded
dkim-sign -k s=keys/ed25519.pem --now "$NOW" <guide >signed
exits 0 'the signed message is vouched for' check -r -t certifier-a.com signed
{
	echo "VBR-Info: $GUIDE"
	from 'alerts@somebank.com'
} | dkim-sign -k s=keys/ed25519.pem --now "$NOW" >signed
exits 0 'so is one with the field of the guide, letter by letter' \
	check -r -t certifier-b.com signed
exits 0 'and by SPF alone' check -r -t certifier-b.com -i 192.0.2.1 \
	-f bounce@somebank.com guide

# --- certified mail out: a table by domain, with type and several providers ---

cat >table <<'END'
# domain       type         providers
somebank.com   transaction  certifier-a.com certifier-b.com
shop.example   list         certifier-a.com
.shop.example  list         certifier-b.com
END

# out ADDRESS FIELD: what a message of this author gets
out() {
	from "$1" >message
	exits 0 "$1 passes the table" vbr-insert --table=table <message
	tr -d '\n' <"$TMP/out" | tr -s '\t ' ' ' >unfolded
	if [ "$2" = - ]; then
		same "$1 gets no field" message out
	else
		has "$1 gets $2" "VBR-Info: $2" unfolded
	fi
}
out alerts@somebank.com \
	'md=somebank.com; mc=transaction; mv=certifier-a.com:certifier-b.com;'
out news@shop.example 'md=shop.example; mc=list; mv=certifier-a.com;'
out news@mail.shop.example 'md=mail.shop.example; mc=list; mv=certifier-b.com;'
out somebody@example.org -
exits 0 '--verify leaves out who does not vouch' vbr-insert --table=table \
	--verify -z zone <<END
$(from a@mail.shop.example)
END
has 'and says so' 'certifier-b.com: not-listed: ' err

# --- certified mail in: trusted providers; exempt, or score ---

printf 'certifier-a.com\ncertifier-b.com\n' >providers
SCORE='X-VBR-Score: -3.0'

# in ADDRESS RESULT [CHANGE]: out by the table, signed; in with the providers
in_of() {
	from "$1" | vbr-insert --table=table |
		dkim-sign -k s=keys/ed25519.pem --now "$NOW" 2>err |
		sed "${3-}" >signed
	exits 0 "$1 comes in: $2" check --certifiers=providers \
		--on-pass="$SCORE" <signed
	has "$1: the field says $2" "vbr=$2" out
	grep -c "^$SCORE\$" out >count
	case $2 in
	pass*) echo 1 ;;
	*) echo 0 ;;
	esac >want
	same "$1: and the filter reads that score if it passes" want count
}
in_of alerts@somebank.com 'pass header.md=somebank.com'
in_of news@shop.example 'pass header.md=shop.example'
in_of somebody@shop.example none 's/your order/Your order/'
in_of alerts@somebank.com none "s/^Subject: /&$SCORE /; 1i$SCORE
s/on its way/lost/"
in_of alerts@somebank.com fail '1iVBR-Info: md=x.example; mc=all; mv=x.example'

# Exempt: a recipe tests the field, or the status.
exits 0 'a status decides: exempt' check -q --certifiers=providers "$TMP/guide" \
	-i 192.0.2.1 -f a@somebank.com
exits 3 'or not' check -q -t certifier-c.com guide -i 192.0.2.1 -f a@somebank.com
exits 0 "this host's provider, whomever the sender names" check -q \
	--ignore-mv -t dwl.example -i 192.0.2.1 -f a@somebank.com guide

# --- lists of domains, by text and by address ---

from alerts@somebank.com | dkim-sign -k s=keys/ed25519.pem --now "$NOW" >plain
from news@shop.example | dkim-sign -k s=keys/ed25519.pem --now "$NOW" >other
exits 0 'a list of addresses: the signing domain is on it' check -r \
	--no-vbr-info -t dwl.example/a plain
has 'header.mv is without /a' 'header.mv=dwl.example' out
exits 1 'another domain is not' check -r --no-vbr-info -t dwl.example/a other
exits 1 'by text it has its types' check -r --no-vbr-info -t dwl.example plain
has 'and says which' ': transaction"' out
exits 0 'which a message of that type needs' check -r --ignore-mv \
	-t dwl.example -i 192.0.2.1 -f a@somebank.com guide
exits 0 'as a query by text' check -Q -d somebank.com -T transaction \
	-t dwl.example
exits 0 'and by address' check -Q -d somebank.com -T transaction \
	-t dwl.example/a
exits 4 'a list that does not answer a public resolver' check -r \
	--no-vbr-info -t public.example/a other
has 'says so' 'query-refused: ' out
has 'and which answer that was' ': 127.255.255.254' out
exits 0 'it never exempts' check --on-pass="$SCORE" --no-vbr-info \
	-t public.example/a <other
lacks 'nor scores' "$SCORE" out
finish
