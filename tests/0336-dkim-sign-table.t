#!/bin/sh
# dkim-sign: one line of a table for many domains (%d), quotes in it, and what
# passes unsigned. Other tables are in 0335-dkim-sign-keys.t.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/sign.sh
. "${0%/*}/sign.sh"
cd "$TMP" || exit 1

# from DOMAIN: the message of an author there, in mail
from() {
	sed "s/^From:.*/From: a@$1/" "$MAIL" >mail
}

# unsigned WARNING TITLE ARG...: mail passes as it is, with this line on stderr
unsigned() {
	unsigned_want=$1 unsigned_title=$2
	shift 2
	sign "$@" <mail >out 2>err && cmp -s mail out &&
		[ "$(cat err)" = "$unsigned_want" ]
	result $? "$unsigned_title" || note "$(cat err)"
}
not_listed='dkim-sign: not-listed: the table does not list the author domain'
one_label='dkim-sign: one-label: a domain of one label cannot sign (RFC 6376 3.5)'
form='not PATTERN DOMAIN SELECTOR KEYFILE'

# --- %d ---

mkdir pem
for name in example.org example.net xn--bcher-kva.example; do
	cp "$K/ed25519.pem" "pem/$name.pem"
done
echo '* %d ed pem/%d.pem' >table
from example.org
exits 0 "%d in both columns" sign --strict --table=table <mail
tagged d example.org "is the author domain"
verifies "and that verifies" pass
[ ! -s err ]
result $? "silently"
from EXAMPLE.Net
sign --table=table <mail >out 2>err
tagged d example.net "in lower case"
from "$(printf 'B\303\274cher.example')"
sign --table=table <mail >out 2>err
tagged d xn--bcher-kva.example "in A-labels"
echo 'example.org mail.%d s pem/%d.pem' >t
from example.org
sign --table=t <mail >out 2>err
tagged d mail.example.org "d= may be below it"
echo '* example.com s pem/%d.pem' >t
sign --table=t <mail >out 2>err
tagged d example.com "or another one, with a key each"
echo "* %d s $K/ed25519.pem" >t
from unheard-of.example
sign --table=t <mail >out 2>err
tagged d unheard-of.example "or the author's, with one key for all"
mkdir -p by/example.org && cp "$K/ed25519.pem" by/example.org/ed.pem
echo "* %d ed $TMP/by/%d/ed.pem" >t
from example.org
sign --table=t <mail >out 2>err
tagged d example.org "a folder may be named by it"
from example.com
cp "$K/ed25519.pem" 'pem/100%.pem' && cp "$K/ed25519.pem" 'pem/%d.pem'
for key in 'pem/100%%.pem' 'pem/%%d.pem'; do
	echo "* %d ed $key" >t
	exits 0 "%% is a percent sign: $key" sign --table=t <mail
	tagged d example.com "it signs"
done

# A table from before %d was special: it does not go unnoticed.
for key in 'pem/100%.pem' % 'a%' '%D' '%%%' 'a%20b' '%%d%'; do
	echo "* example.org ed $key" >t
	refuses 78 "t:1: $form: KEYFILE '$key' has a % that is neither %d, \
the author domain, nor %%, a percent sign" "'$key' is 78" --table=t <"$MAIL"
done
for domain in %% %D a%.org -%d %d- %d..org .%d xn--%d 'a/%d'; do
	printf '#\n* %s ed key\n' "$domain" >t
	refuses 78 "t:2: $form: DOMAIN '$domain' is not a domain name" \
		"DOMAIN '$domain' is 78" --table=t <"$MAIL"
done
echo '* %d %d key' >t
refuses 78 "t:1: $form: SELECTOR '%d' is not" "%d is not for selectors" \
	--table=t <"$MAIL"
echo '%d %d ed key' >t
refuses 78 "t:1: $form: '%d' is not a pattern" "nor for patterns" \
	--table=t <"$MAIL"
echo '* %d ed pkcs11:token=none;object=%d0%31' >t
exits 66 "a % in a URL is part of it" sign --table=t <"$MAIL"
has "as it was" 't:1: pkcs11:token=none;object=%d0%31: ' err

# --- a key that is not there ---

from forwarded.example
unsigned "$not_listed: forwarded.example (table:1: pem/forwarded.example.pem \
does not exist)" "no file of this domain: it passes unsigned" --table=table
unsigned "$not_listed: forwarded.example (table:1: pem/forwarded.example.pem \
does not exist)" "and with --strict" --strict --table=table
unsigned "" "silently with --no-warnings" --no-warnings --table=table
refuses 65 "$not_listed: forwarded.example (table:1: " "--require refuses it" \
	--require --table=table <mail
sign -v --no-warnings --table=table <mail >out 2>err
printf '%s\n' '  no file table:1: pem/forwarded.example.pem: the line does not match' \
	'  not signed: table does not list forwarded.example' >want
same "-v names the file" want err
cat >t <<-EOT
	*	%d		s	none/%d.pem
	*	%d		s	pem/example.org.pem/%d
	*	example.org	ed	$K/ed25519.pem
EOT
exits 0 "other lines sign it" sign --table=t <mail
verifies "alone" pass
lacks "then it is listed" not-listed err
long=$(printf '%060d' 0)
from "$long.$long.$long.$long.example"
unsigned "$not_listed: $long.$long.$long.$long.example (table:1: \
pem/$long.$long.$long.$long.example.pem does not exist)" \
	"a domain that makes too long a file name stops no queue" --table=table
echo '* mail.%d ed pem/%d.pem' >t
from "$long.$long.$long.$long.exam.ple"
unsigned "$not_listed: $long.$long.$long.$long.exam.ple" \
	"nor one that makes too long a d=" --table=t
ln -s nowhere pem/link.example.pem
from link.example
refuses 66 'table:1: pem/link.example.pem: No such file' \
	"a link to nothing is 66" --table=table <mail
ln -s loop.example.pem pem/loop.example.pem
from loop.example
refuses 66 'table:1: pem/loop.example.pem: ' "a link to itself is 66" \
	--table=table <mail
echo 'no key' >pem/bad.example.pem && chmod 600 pem/bad.example.pem
from bad.example
refuses 78 'table:1: pem/bad.example.pem: not a private key' \
	"a file that is not a key is 78" --table=table <mail
mkdir pem/folder.example.pem
from folder.example
refuses 66 'table:1: pem/folder.example.pem: Is a directory' \
	"a folder is 66" --table=table <mail
if [ "$(id -u)" -ne 0 ]; then
	cp "$K/ed25519.pem" pem/locked.example.pem
	chmod 0 pem/locked.example.pem
	from locked.example
	refuses 66 'table:1: pem/locked.example.pem: Permission denied' \
		"a key that cannot be read is 66" --table=table <mail
	mkdir shut && chmod 0 shut
	echo '* %d ed shut/%d.pem' >t
	refuses 66 't:1: shut/locked.example.pem: Permission denied' \
		"so is one in a folder that cannot be searched" --table=t <mail
	chmod 700 shut
else
	skip "a key that cannot be read is 66" "root reads everything"
	skip "so is one in a folder that cannot be searched" "root does"
fi
echo '* %d ed none.pem' >t
refuses 66 't:1: none.pem: No such file' "a file without %d must be there" \
	--table=t <mail

# --- what is not a domain name chooses no file ---

cp "$K/ed25519.pem" secret.pem && cp "$K/ed25519.pem" pem/.pem &&
	cp "$K/ed25519.pem" pem/..pem
tried=0
while IFS= read -r domain; do
	printf 'From: a@%b\nSubject: x\n\nx\n' "$domain" >mail
	if ! sign --table=table <mail >out 2>err || ! cmp -s mail out ||
		! contains err "$not_listed: " || contains err secret; then
		note "$domain: $(cat err)"
		tried=-99
	fi
	tried=$((tried + 1))
done <<-'EOT'
	../secret
	./../secret
	..
	.
	.a.example
	a..example
	../../../../etc/passwd
	/etc/passwd
	a/../../secret
	example.org/../../secret
	"../secret"
	"../secret".example
	[../secret]
	[192.0.2.1]
	=2E=2E/secret
	%2e%2e%2fsecret
	..%00.example
	a\000b.example
	a\\b.example
	\\..\\secret
	(c)../secret
	-a.example
	xn--a.example
	a.example/
	%d.example
	\0342\0200\0244\0342\0200\0244/secret
	\0357\0274\0217secret.example
	a\0357\0274\0217b.example
	\0342\0200\0245/secret
	\0302\0255.example
	\0377.example
EOT
[ $tried -eq 31 ]
result $? "31 paths and other texts for a domain open no file"

# --- quotes and backslashes ---

mkdir 'my keys' && cp "$K/ed25519.pem" 'my keys/a "b" c.pem'
cp "$K/ed25519.pem" 'my keys/#1' && cp "$K/ed25519.pem" 'a\b.pem'
cp "$K/ed25519.pem" "my keys/example.org.pem" && cp "$K/ed25519.pem" "it's"
from example.org
while IFS= read -r key; do
	printf '* example.org ed %s # comment\n' "$key" >t
	exits 0 "KEYFILE $key" sign --table=t <mail
	verifies "signs" pass
	printf '* example.org ed %s\r\n' "$key" >t
	exits 0 "in a line with CRLF, too" sign --table=t <mail
done <<-'EOT'
	"my keys/a \"b\" c.pem"
	my\ keys/a\ \"b\"\ c.pem
	"my keys"/a\ \"b\"\ c.pem
	my\ keys/#1
	"my keys/#1"
	a\b.pem
	a\\b.pem
	"a\b.pem"
	it's
	"my keys/%d.pem"
EOT
echo '"*" "example.org" ed "it'"'"'s"' >t
exits 0 "each column may have quotes" sign --table=t <mail
for key in '"my keys' 'a"' '"a\"' '"a" "b'; do
	printf '#\n* example.org ed %s\n' "$key" >t
	refuses 78 "t:2: $form: a quote that is not closed" "$key is 78" \
		--table=t <mail
done

# --- one label ---

refuses 64 "-d: a domain of two labels or more is needed (RFC 6376 3.5)" \
	"a domain of one label in -d is 64" -d localhost -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
exits 0 "a selector may have one" sign -d a.b -s ed -k "$K/ed25519.pem" <mail
echo 'localhost localhost ed key' >t
refuses 78 "t:1: $form: DOMAIN 'localhost' is a domain of one label, which \
cannot sign (RFC 6376 3.5)" "in a table it is 78" --table=t <"$MAIL"
from localhost
unsigned "$one_label: localhost" "an author there passes unsigned" -s ed \
	-k "$K/ed25519.pem"
unsigned "" "silently with --no-warnings" --no-warnings -s ed \
	-k "$K/ed25519.pem"
refuses 65 "$one_label: localhost" "--strict refuses it" --strict -s ed \
	-k "$K/ed25519.pem" <mail
unsigned "$one_label: localhost" "so it is with %d" --table=table
refuses 65 "$one_label: localhost" "--strict refuses it" --strict \
	--table=table <mail
refuses 65 "$one_label: localhost" "--require does" --require --table=table \
	<mail
exits 0 "-d helps" sign -d example.org -s ed -k "$K/ed25519.pem" <mail
verifies "it verifies" pass
echo "localhost example.org ed $K/ed25519.pem" >t
exits 0 "and a line with a DOMAIN of two" sign --table=t <mail
verifies "it verifies" pass
echo '* %d ed pem/%d.pem' >>t
warns "$one_label: localhost" "beside a line that cannot sign" --table=t <mail
verifies "it signs alone" pass
exits 0 "--require is content" sign --require --table=t <mail
refuses 65 "$one_label: localhost" "--strict is not" --strict --table=t <mail
echo "* mail.%d ed $K/ed25519.pem" >t
exits 0 "mail.%d has two labels" sign --table=t <mail
tagged d mail.localhost "it signs"
{
	printf 'DKIM-Signature: v=1; a=ed25519-sha256; d=localhost; s=ed;\n'
	printf '\th=From; bh=eHg=; b=eHg=\n'
	cat mail
} >out
verifies "(dkim-verify accepts no such d=)" neutral
has "(and says why)" 'd= is not a domain name of two labels or more' report

# --- not listed ---

echo "example.org example.org ed $K/ed25519.pem" >t
from example.com
unsigned "$not_listed: example.com" "no line matches: a warning" --table=t
unsigned "$not_listed: example.com" "a mere warning with --strict, too" \
	--strict --table=t
unsigned "" "none with --no-warnings" --no-warnings --table=t
refuses 65 "$not_listed: example.com" "--require alone refuses it" --require \
	--table=t <mail
sed '/^From/d' "$MAIL" >mail
unsigned "$not_listed: there is no From field" "without an author, too" \
	--table=t
refuses 65 "$not_listed: there is no From field" "--require refuses it" \
	--require --table=t <mail
: >t
unsigned "$not_listed: there is no From field" "an empty table lists nobody" \
	--table=t
finish
