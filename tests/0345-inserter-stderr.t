#!/bin/sh
# What inserters write on stderr: -v explains what was chosen, --no-warnings
# leaves out the warnings; neither changes the message. There is no -q.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/sign.sh
. "${0%/*}/sign.sh"
cd "$TMP" || exit 1
cp "$K/rsa2048.pem" "$K/ed25519.pem" "$K/rsa1024.pem" "$K/rsa512.pem" .

# explains TITLE TOOL ARG... <MESSAGE: -v writes what is in the file want, but for
# the times of DNS queries, and the message as without it
explains() {
	explains_title=$1 explains_tool=$2
	shift 2
	cat >input
	"$explains_tool" "$@" <input >plain 2>/dev/null
	explains_status=$?
	"$explains_tool" -v "$@" <input >out 2>err
	[ $? -eq $explains_status ] && cmp plain out &&
		sed 's/ in [0-9.]* s$//' err | diff want - >differ
	result $? "$explains_title" || note "$(cat differ)"
}

# --- dkim-sign -v ---

style='  canonicalization: header relaxed, body relaxed (RFC 6376 3.4)
  signed at 1795176000
  header fields signed: From To Subject Date Message-ID MIME-Version Content-Type (RFC 6376 5.4)
  oversigned: From Sender Reply-To To Cc Subject Date Message-ID In-Reply-To References MIME-Version Content-Type Content-Transfer-Encoding (RFC 6376 8.15)'
cat >want <<END
  domain: example.org, from the From field
  key: r2048._domainkey.example.org, rsa, 2048 bits, from rsa2048.pem
  key: ed._domainkey.example.org, ed25519, 256 bits, from ed25519.pem
$style
END
explains "-v shows the author domain, each key and what is signed" \
	sign -k r2048=rsa2048.pem -k ed=ed25519.pem <"$MAIL"
exits 0 "--verbose" sign --verbose -H -k r2048=rsa2048.pem -k ed=ed25519.pem \
	<"$MAIL"
same "is the same, and so is that of -H" want err

cat >want <<END
  domain: a.example, from -d
  key: ed._domainkey.a.example, ed25519, 256 bits, from ed25519.pem
  canonicalization: header simple, body relaxed (RFC 6376 3.4)
  i=: user@b.a.example
  expires at 1795348800
  header fields signed: From To (RFC 6376 5.4)
  oversigned: none (RFC 6376 8.15)
dkim-sign: domain: d= is neither the domain of From nor a parent or child of it
END
explains "options are shown, among them -d, c=, i= and x=" \
	sign -s ed -k ed25519.pem -d A.example -c simple/relaxed -x 2d \
	--auid user@B.a.example --no-timestamp --sign-headers From,To \
	--oversign= <"$MAIL"
{
	echo 'X-A: 1'
	echo 'X-A: 2'
	cat "$MAIL"
} >twice
sign -v -k ed=ed25519.pem --sign-headers From,X-A --oversign X-A,X-B \
	<twice >out 2>err
has "each field of a name is signed" "signed: From X-A X-A (" err
has "a name that has one field more in h= is oversigned" \
	"oversigned: X-A X-B (" err
[ "$(tag h out)" = From:X-A:X-A:X-A:X-B ]
result $? "and h= has them all"

cat >table <<'END'
# author	domain		selector key
net		x.example	s	ed25519.pem
.org		a.example.org	r1	rsa2048.pem
example.org	example.org	ed	ed25519.pem
END
cat >want <<END
  domain: a.example.org, from table:3
  key: r1._domainkey.a.example.org, rsa, 2048 bits, from table:3: rsa2048.pem
  domain: example.org, from table:4
  key: ed._domainkey.example.org, ed25519, 256 bits, from table:4: ed25519.pem
$style
END
explains "a table is shown with the line of each domain" \
	sign --table=table <"$MAIL"
sed 's/^From:.*/From: a@example.net/' "$MAIL" >other
sed '/^From:/d' "$MAIL" >nobody
not_listed='dkim-sign: not-listed: the table does not list the author domain'
echo "$not_listed: example.net" >want
explains "that it does not list the author domain" sign --table=table <other
echo "$not_listed: there is no From field" >want
explains "that there is no author domain" sign --table=table <nobody
echo '  not signed: table does not list example.net' >want
explains "without warnings, too" sign --no-warnings --table=table <other
echo '  not signed: no author domain: there is no From field' >want
explains "both" sign --no-warnings --table=table <nobody
echo "$not_listed: example.net" >want
exits 65 "what is refused for it" sign -v --require --no-warnings \
	--table=table <other
same "says so once" want err

printf '\033[31mFrom' >odd && cp ed25519.pem "$(cat odd)"
sign -v -k "ed=$(cat odd)" <"$MAIL" >out 2>err
has "what could control a terminal is escaped" 'from \x1b[31mFrom' err
sign -v -k 'ed=pkcs11:token=none;object=x?pin-value=4711' <"$MAIL" >out 2>err
lacks "no PIN is shown" 4711 err

# --- --check-dns ---

cat >want <<END
  domain: example.org, from the From field
  key: ed._domainkey.example.org, ed25519, 256 bits, from ed25519.pem
$style
  published: ed._domainkey.example.org
  dns: ed._domainkey.example.org TXT: data, from --set
    ed._domainkey.example.org. IN TXT "v=DKIM1; k=ed25519; p=$PUBLIC"
END
explains "--check-dns shows the key that is published" sign -k ed=ed25519.pem \
	--check-dns --set="ed._domainkey.example.org TXT \"v=DKIM1; k=ed25519; p=$PUBLIC\"" \
	<"$MAIL"
for set in 'no-key|ed._domainkey.example.org TXT' \
	"key-service|ed._domainkey.example.org TXT \"k=ed25519; s=x; p=$PUBLIC\"" \
	"key-differs|ed._domainkey.example.org TXT \"k=rsa; p=AAAA\""; do
	exits 65 "what is refused: ${set%%|*}" sign -v -k ed=ed25519.pem \
		--check-dns --set="${set#*|}" <"$MAIL"
	has "is shown as the DNS has it" \
		"  dns: ed._domainkey.example.org TXT: " err
	has "before the error" ": ${set%%|*}: " err
	[ ! -s out ]
	result $? "nothing is written"
done

# --- vbr-insert -v ---

cat >want <<'END'
  domain: example.org, from the From field
  type: all, the default
  certifiers: b.example a.example, from -t
END
explains "vbr-insert -v shows domain, type and certifiers" vbr-insert \
	-t b.example -t a.example -t B.example <"$MAIL"
cat >want <<'END'
  domain: x.example, from -d
  type: list, from -T
  certifiers: b.example, from -t
END
explains "and which options they are from" vbr-insert \
	-d X.example -T list -t b.example <"$MAIL"
cat >hosts <<'END'
# domain	type		certifiers
example.net	list		a.example
example.org	transaction	b.example c.example
END
cat >want <<'END'
  domain: example.org, from the From field
  type: transaction, from hosts:3
  certifiers: b.example c.example, from hosts:3
END
explains "a table is shown with the line" vbr-insert --table=hosts <"$MAIL"
cat >want <<'END'
  domain: x.example, from -d
  no field: hosts does not list x.example
END
explains "that it does not list the domain" vbr-insert --table=hosts \
	-d x.example <"$MAIL"
echo '  no domain: there is no From field' >want
explains "that there is no domain" vbr-insert --table=hosts <nobody
cat >want <<'END'
  domain: example.org, from the From field
  type: list, from -T
  certifiers: b.example c.example, from -t
  b.example about example.org, type list: "all": vouches (RFC 5518 5)
  c.example about example.org, type list: "transaction": not-this-type (RFC 5518 5)
vbr-insert: c.example: not-this-type: the certifier vouches for other types of mail: transaction
  dns: example.org._vouch.b.example TXT: data, from --set
    example.org._vouch.b.example. IN TXT "all"
  dns: example.org._vouch.c.example TXT: data, from --set
    example.org._vouch.c.example. IN TXT "transaction"
END
explains "--verify shows each answer" vbr-insert -T list -t b.example \
	-t c.example --verify --set='example.org._vouch.b.example TXT all' \
	--set='example.org._vouch.c.example TXT transaction' <"$MAIL"
{
	echo 'VBR-Info: md=example.net; mc=list; mv=a.example'
	echo 'VBR-Info: md=example.org; mc=all; mv=a.example:b.example'
	cat "$MAIL"
} >there
cat >want <<'END'
  domain: example.org, from the From field
  type: list, from -T
  certifiers: b.example, from -t
  replaced: VBR-Info with md=example.org, mc=all
END
explains "--replace shows what is replaced" vbr-insert -T list -t b.example \
	--replace <there

# --- --no-warnings ---

# silent TITLE TOOL ARG... <MESSAGE: the tool warns, with --no-warnings it does
# not, and what it writes is the same
silent() {
	silent_title=$1 silent_tool=$2
	shift 2
	cat >input
	"$silent_tool" "$@" <input >plain 2>warned &&
		"$silent_tool" --no-warnings "$@" <input >out 2>err &&
		[ -s warned ] && [ ! -s err ] && [ -s out ] && cmp plain out
	result $? "$silent_title" || note "$(cat warned err)"
}

sed '/^Date:/d' "$MAIL" >undated
silent "--no-warnings: of the message" sign -k ed=ed25519.pem <undated
silent "--no-warnings: of a small key" sign -k ed=rsa1024.pem <"$MAIL"
silent "--no-warnings: of names that are never signed" \
	sign -k ed=ed25519.pem --sign-headers From,Bcc <"$MAIL"
cp ed25519.pem open.pem && chmod 644 open.pem
silent "--no-warnings: of a key that others can read" sign -k ed=open.pem <"$MAIL"
echo password >open.pw && chmod 644 open.pw
silent "--no-warnings: of a password file that others can read" \
	sign -k ed=ed25519.pem --password-file=open.pw <"$MAIL"
silent "--no-warnings: of a key being tested" sign -k ed=ed25519.pem --check-dns \
	--set="ed._domainkey.example.org TXT \"k=ed25519; t=y; p=$PUBLIC\"" <"$MAIL"
silent "--no-warnings: of a type that is not known" \
	vbr-insert -T foo -t a.example <"$MAIL"
silent "--no-warnings: of a VBR-Info that cannot be parsed" \
	vbr-insert -t a.example <<'END'
VBR-Info: none
From: a@example.org

END
silent "--no-warnings: of a certifier that is left out" vbr-insert -t a.example \
	--verify --set='example.org._vouch.a.example TXT' <"$MAIL"
for tool in "sign -k ed=ed25519.pem" "vbr-insert -t a.example"; do
	# shellcheck disable=SC2086 # words
	{
		exits 0 "--no-warnings with -v: $tool" $tool --no-warnings -v \
			<undated
		has "the explanation is written" "  domain: example.org, " err
	}
done
refuses 78 key-too-small "--no-warnings: errors are written" --no-warnings \
	-k ed=rsa512.pem <"$MAIL"
refuses 64 "at most one of --strict, which makes warnings errors, and --no-w" \
	"--no-warnings with --strict is refused" --no-warnings --strict \
	-k ed=ed25519.pem <"$MAIL"
exits 75 "--no-warnings: an answer that --defer waits for is an error" \
	vbr-insert --no-warnings --defer --verify -t a.example \
	-n 127.0.0.1#1 --timeout=2 <"$MAIL"
has "and is written" "vbr-insert: a.example: dns-" err

# --- no -q ---

for option in -q --quiet; do
	refuses 64 "dkim-sign: -q, --quiet: an inserter always writes the message; --no-warnings leaves out the warnings" \
		"dkim-sign $option is refused and names --no-warnings" \
		"$option" -k ed=ed25519.pem <"$MAIL"
	exits 64 "vbr-insert $option is refused" \
		vbr-insert "$option" -t a.example <"$MAIL"
	has "and names --no-warnings" --no-warnings err
	for tool in dkim-sign vbr-insert; do
		"$tool" --help >help
		lacks "$tool --help does not have $option" " $option" help
	done
done
finish
