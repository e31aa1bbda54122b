#!/bin/sh
# dkim-sign: keys: files, encrypted ones, tokens, those of --table; and whether
# the DNS has them.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/sign.sh
. "${0%/*}/sign.sh"
# shellcheck source=tests/token.sh
. "${0%/*}/token.sh"
cd "$TMP" || exit 1

sign -s r2048 -k "$K/rsa2048.pem" <"$MAIL" >signed || exit 1

# --- several keys ---

exits 0 "-k SELECTOR=KEYFILE, twice" \
	sign -k "r2048=$K/rsa2048.pem" -k "ed=$K/ed25519.pem" <"$MAIL"
verifies "both verify" pass,pass
tagged s r2048 "the first is on top"
exits 0 "-s is for keys that name none" \
	sign -s r4096 -k "ed=$K/ed25519.pem" -k "$K/rsa4096.pem" <"$MAIL"
tagged s ed "one names its own"
verifies "both verify" pass,pass
mkdir a=b && cp "$K/ed25519.pem" a=b && cp "$K/ed25519.pem" ./ed=key.pem
exits 0 "a = after a / does not end a selector" \
	sign -s ed -k ./a=b/ed25519.pem <"$MAIL"
exits 0 "a = in the rest is the file's" \
	sign -k ed=./ed=key.pem <"$MAIL"
verifies "it verifies" pass
exits 0 "PKCS#8 keys are read" sign -s r2048 -k "$K/rsa2048.pem" <"$MAIL"
head -n 1 "$K/rsa2048.pem" | grep -q 'BEGIN PRIVATE' &&
	head -n 1 "$DATA/dkim-verify/rsa8192.pem" | grep -q 'BEGIN RSA'
result $? "(it was one, and the next is PKCS#1)"
cp "$DATA"/dkim-verify/*.pem "$K" && chmod 600 "$K"/*.pem
exits 0 "PKCS#1 keys are read" sign -s x -k "$K/rsa8192.pem" <"$MAIL"
refuses 64 "-k" "without a key" -s ed <"$MAIL"
refuses 64 "selector" "without a selector" -k "$K/ed25519.pem" <"$MAIL"
refuses 64 "-s" "an invalid selector" -s a..b -k "$K/ed25519.pem" <"$MAIL"
refuses 64 "-d" "an invalid domain" -d a..b -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
refuses 66 "$TMP/none" "a key that is not there is 66" -s ed \
	-k "$TMP/none" <"$MAIL"
cp "$MAIL" nokey && chmod 600 nokey
refuses 78 "nokey: " "a file that is not a key is 78" -s ed -k nokey <"$MAIL"
refuses 78 "$K/p256.pem" "a key of another kind is 78" -s ed \
	-k "$K/p256.pem" <"$MAIL"
refuses 66 "none" "one of two that is not there: nothing is signed" \
	-k "ed=$K/ed25519.pem" -k r=./none <"$MAIL"
if [ "$(id -u)" -ne 0 ]; then
	cp "$K/ed25519.pem" locked && chmod 0 locked
	refuses 66 "locked" "a key that cannot be read is 66" -s ed \
		-k locked <"$MAIL"
else
	skip "a key that cannot be read is 66" "root reads everything"
fi

cp "$K/ed25519.pem" open
for mode in 640 604 660; do
	chmod $mode open
	warns key-readable "mode $mode is key-readable" -s ed -k open <"$MAIL"
	refuses 77 "open: " "and is refused with --strict" --strict -s ed \
		-k open <"$MAIL"
done
chmod 400 open
exits 0 "mode 400 is not" sign --strict -s ed -k open <"$MAIL"
[ ! -s err ]
result $? "silently"
mkfifo pipe
# from_pipe FILE COMMAND: the pipe holds the file
from_pipe() {
	cat "$1" >pipe &
	shift
	"$@"
}
for mode in 640 604 622; do
	chmod $mode pipe
	from_pipe open \
		warns key-readable "mode $mode of a pipe is key-readable" \
		-s ed -k pipe <"$MAIL"
	from_pipe open refuses 77 "pipe: key-readable" \
		"and is refused with --strict, too" --strict -s ed -k pipe \
		<"$MAIL"
done
chmod 600 pipe
exits 0 "a pipe that only its owner reads is not" \
	from_pipe open sign --strict -s ed -k pipe <"$MAIL"
[ ! -s err ]
result $? "it is not reported"
echo secret >word
for mode in 640 604 660; do
	chmod $mode word
	warns password-readable "mode $mode is password-readable" \
		--password-file=word -s ed -k open <"$MAIL"
	refuses 77 "word: password-readable" "it is refused with --strict" \
		--password-file=word --strict -s ed -k open <"$MAIL"
done
chmod 600 word
exits 0 "mode 600 is not" \
	sign --strict --password-file=word -s ed -k open <"$MAIL"
[ ! -s err ]
result $? "and it is not reported"
chmod 644 pipe
from_pipe word refuses 77 "pipe: password-readable" \
	"a password pipe that others can read is refused with --strict" \
	--strict --password-file=pipe -s ed -k open <"$MAIL"
chmod 644 word
sign --password-file=word -k "ed=open" -k e2=open <"$MAIL" >out 2>err
[ "$(cat err)" = "dkim-sign: word: password-readable: group or others can \
read this password file" ]
result $? "it is reported once for several keys"
chmod 644 open
exits 75 "--defer makes 77 75" \
	sign --defer --strict -s ed -k open <"$MAIL"
exits 111 "--exit-map=noperm=111" \
	sign --exit-map=noperm=111 --strict -s ed -k open <"$MAIL"
exits 75 "--defer makes 66 75" sign --defer -s ed -k none <"$MAIL"
exits 75 "--defer makes 78 75" sign --defer -s ed -k nokey <"$MAIL"
exits 64 "--defer leaves 64" sign --defer -s ed <"$MAIL"
exits 65 "--defer leaves 65" sign --defer -s ed -k "$K/ed25519.pem" </dev/null

refuses 78 key-too-small "RSA of 512 bits is key-too-small" -s r512 \
	-k "$K/rsa512.pem" <"$MAIL"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1023 \
	-out r1023.pem 2>/dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2047 \
	-out r2047.pem 2>/dev/null
if [ -s r2047.pem ]; then
	chmod 600 r1023.pem r2047.pem
	refuses 78 key-too-small "RSA of 1023 bits is, too" -s x \
		-k r1023.pem <"$MAIL"
	warns key-small "RSA of 2047 bits is key-small" -s x \
		-k r2047.pem <"$MAIL"
else
	skip "RSA of 1023 bits is, too" "no openssl"
	skip "RSA of 2047 bits is key-small" "no openssl"
fi
warns key-small "RSA of 1024 bits is key-small" -s r1024 \
	-k "$K/rsa1024.pem" <"$MAIL"
verifies "but verifies" pass
refuses 78 key-small "and is refused with --strict" --strict -s r1024 \
	-k "$K/rsa1024.pem" <"$MAIL"

# --- encrypted keys ---

echo secret >pw && printf 'secret\r\nmore\n' >pw.crlf && echo Secret >wrong
openssl pkcs8 -topk8 -in "$K/rsa2048.pem" -out p8.pem -passout pass:secret \
	2>/dev/null
openssl rsa -aes256 -traditional -in "$K/rsa2048.pem" -out old.pem \
	-passout pass:secret 2>/dev/null
for kind in p8 old; do
	if [ ! -s $kind.pem ]; then
		skip "an encrypted key ($kind)" "no openssl that makes it"
		continue
	fi
	chmod 600 $kind.pem
	grep -q ENCRYPTED $kind.pem
	result $? "an encrypted key ($kind)"
	exits 0 "signs with its password" \
		sign --password-file=pw -s r2048 -k $kind.pem <"$MAIL"
	same "as without encryption" signed out
	exits 0 "the first line counts" \
		sign --password-file=pw.crlf -s r2048 -k $kind.pem <"$MAIL"
	refuses 78 "password" "an incorrect password is 78" \
		--password-file=wrong -s r2048 -k $kind.pem <"$MAIL"
	refuses 78 "--password-file" "no password is 78" \
		-s r2048 -k $kind.pem <"$MAIL"
	refuses 66 "none" "a password file that is not there is 66" \
		--password-file=none -s r2048 -k $kind.pem <"$MAIL"
done
exits 0 "a password for a key without one does no harm" \
	sign --password-file=pw -s r2048 -k "$K/rsa2048.pem" <"$MAIL"

# pad FILE SIZE: text after it, up to that size
pad() {
	cat "$1"
	head -c $(($2 - $(wc -c <"$1"))) /dev/zero | tr '\0' '\n'
}
pad "$K/ed25519.pem" 65535 >fits && pad "$K/ed25519.pem" 65537 >over
chmod 600 fits over
exits 0 "a key file under 64 KiB is read" sign -s ed -k fits <"$MAIL"
refuses 66 "over: " "one over 64 KiB is 66" -s ed -k over <"$MAIL"
if [ -s p8.pem ]; then
	pad pw 1023 >fits && pad pw 1025 >over
	exits 0 "a password file under 1 KiB is read" \
		sign --password-file=fits -s r2048 -k p8.pem <"$MAIL"
	refuses 66 "over: " "one over 1 KiB is 66" \
		--password-file=over -s r2048 -k p8.pem <"$MAIL"
else
	skip "a password file under 1 KiB is read" "no openssl"
fi

# --- secrets in URLs are not shown ---

url='pkcs11:token=none;object=y?pin-value=SECRET&x-pin=SECRET'
echo "example.org example.org e $url" >table
echo "example.org $url e key" >crooked
echo "example.org example.org e $url more" >wide
hides() {		# hides STATUS TITLE ARG...
	hides_want=$1 hides_title=$2
	shift 2
	dkim-sign --now="$NOW" "$@" <"$MAIL" >out 2>err
	[ $? -eq "$hides_want" ] && [ ! -s out ] && [ -s err ] &&
		! grep -q SECRET err
	result $? "no secret is shown: $hides_title" || note "$(cat err)"
}
hides 66 "a token that is not there" -k "e=$url"
has "the rest of the URL is" \
	'pkcs11:token=none;object=y?pin-value=***' err
hides 66 "with --strict" --strict -s e -k "$url"
hides 64 "a key without a selector" -k "$url"
hides 64 "an invalid selector" -s a..b -k "$url"
hides 66 "a key in a table" --table=table
hides 78 "a table whose columns are mixed up" --table=crooked
hides 78 "a table of too many columns" --table=wide
hides 66 "a URL that is taken for a file" -k "e=x=$url"
hides 66 "one that is the password file" --password-file="$url" -s ed -k open
hides 66 "one that is the table" --table="$url"
hides 64 "an option that does not exist" --kez="$url"
hides 64 "one that takes no value" --strict="$url"
hides 64 "one that takes another value" --canonicalization="$url"
hides 64 "--exit-map" --exit-map="$url" -s ed -k open
hides 64 "an operand" -s ed -k open "$url"
for tool in dkim-verify spf-query dmarc-eval; do
	exits 66 "$tool does not find a file of that name" \
		$tool -z "$ZONE" "$url"
	lacks "and shows no secret" SECRET err
done

# --- tables ---

# says_line STATUS TABLE MESSAGE: the table is refused with that message
says_line() {
	printf '%b\n' "$2" >lines
	exits "$1" "--table: $3" sign --table=lines <"$MAIL"
	[ "$(cat err)" = "dkim-sign: $3" ]
	result $? 'it says so' || note "$(cat err)"
}
form='not PATTERN DOMAIN SELECTOR KEYFILE'
pattern='is not a pattern, which is example.org, .example.org (the names below it) or * (all names)'
says_line 78 'example.org e open' "lines:1: $form: 3 columns"
says_line 78 '# x\n\nexample.org example.org e ope n' "lines:3: $form: 5 columns"
says_line 78 'open' "lines:1: $form: 1 column"
says_line 78 '*.org example.org e open' "lines:1: $form: '*.org' $pattern"
says_line 78 'a@b.org example.org e open' "lines:1: $form: 'a@b.org' $pattern"
says_line 78 'x.org x.org e open\nexample.org exa\0mple.org e open' \
	"lines:2: $form: a NUL character"
says_line 78 'x.org x.org e open\nx.org a..b e open' \
	"lines:2: $form: DOMAIN 'a..b' is not a domain name"
says_line 78 'x.org x.org a..b open' \
	"lines:1: $form: SELECTOR 'a..b' is not a domain name"
says_line 66 '#\n* example.org e none' 'lines:2: none: No such file or directory'
says_line 66 '* example.org e pkcs11:none?pin-value=1234' \
	'lines:1: pkcs11:none?pin-value=***'
says_line 78 '#\n* example.org e nokey' \
	"lines:2: nokey: $(sign -s e -k nokey <"$MAIL" 2>&1 | sed 's/.*nokey: //')"
says_line 78 "* example.org e $K/rsa512.pem" "lines:1: $K/rsa512.pem: \
key-too-small: an RSA key of 512 bits is refused (RFC 8301)"
says_line 0 "* example.org e $K/rsa1024.pem" "lines:1: $K/rsa1024.pem: \
key-small: an RSA key should have 2048 bits or more (RFC 8301)"
says_line 0 '* example.org e open' 'lines:1: open: key-readable: group or others can read this private key'

# A KEYFILE is relative to the folder of its table.
mkdir folder folder/keys && cp "$K/ed25519.pem" folder/keys/mine
chmod 600 folder/keys/mine
sign -s ed -k "$K/ed25519.pem" <"$MAIL" >signed.ed
relative='* example.org ed keys/mine'
echo "$relative" >folder/table
exits 0 'a relative KEYFILE is in the folder of the table' \
	sign --table=folder/table <"$MAIL"
same 'it signs' signed.ed out
exits 0 'from any directory' sh -c "cd / && dkim-sign --now=$NOW \
	--table=$TMP/folder/table" <"$MAIL"
same 'it signs' signed.ed out
ok 'the folder is that of the path: of the link, not of the file' \
	ln -s folder/table link
exits 66 'a link elsewhere' sign --table=./link <"$MAIL"
has 'the message has the path that was tried' \
	'./link:1: ./keys/mine: No such' err
mkfifo folder/pipe
exits 0 'a table from a pipe has no folder: the working directory is' \
	sh -c "cd folder && { cat table >pipe & } &&
	dkim-sign --now=$NOW --table=../folder/pipe" <"$MAIL"
same 'it signs' signed.ed out
exits 0 'nor has one that the shell opened' sh -c "cd folder &&
	dkim-sign --now=$NOW --table=/dev/fd/3 3<table" <"$MAIL"
same 'it signs' signed.ed out
echo "* example.org ed $TMP/folder/keys/mine" >table
exits 0 'an absolute KEYFILE is what it is' \
	sh -c "cd folder && dkim-sign --now=$NOW --table=../table" <"$MAIL"
same 'it signs' signed.ed out
echo "* example.org ed pkcs11:keys/mine" >folder/table
exits 66 'a URL is what it is' sign --table=folder/table <"$MAIL"
has 'it says so' 'folder/table:1: pkcs11:keys/mine: ' err

# --- tokens ---

if has_softhsm; then
	make_token "$K/rsa2048.pem"
	echo 4321 >badpin
	if sees_token; then
		exits 0 "a key in a token signs" \
			sign --password-file=pin -s r2048 -k "$url" <"$MAIL"
		same "as the file does" signed out
		exits 0 "-k SELECTOR=pkcs11:" \
			sign --password-file=pin -k "r2048=$url" <"$MAIL"
		same "is the same" signed out
		refuses 66 pkcs11: "an incorrect PIN is 66" \
			--password-file=badpin -s r2048 -k "$url" <"$MAIL"
		refuses 66 pkcs11: "no PIN is 66" -s r2048 -k "$url" <"$MAIL"
		refuses 66 pkcs11: "a key that is not there is 66" \
			--password-file=pin -s r2048 \
			-k 'pkcs11:token=mail;object=none' <"$MAIL"
		exits 0 "--check-dns takes the key of a token" \
			sign --check-dns -z "$ZONE" --password-file=pin \
			-s r2048 -k "$url" <"$MAIL"
		refuses 65 key-differs "--check-dns sees another one" \
			--check-dns -z "$ZONE" --password-file=pin \
			-s r4096 -k "$url" <"$MAIL"
		if softhsm2-util --import "$K/ed25519.pem" --token mail \
			--label ed --id 02 --pin 1234 >>log 2>&1; then
			exits 0 "an Ed25519 key in a token signs" \
				sign --password-file=pin -s ed \
				-k 'pkcs11:token=mail;object=ed;type=private' \
				<"$MAIL"
			verifies "and that verifies" pass
		else
			skip "an Ed25519 key in a token signs" \
				"softhsm2-util cannot import it"
		fi
	else
		skip "a key in a token signs" \
			"p11-kit does not know SoftHSM's module"
	fi
else
	skip "a key in a token signs" "no SoftHSM"
fi

# --- --table ---

cat >table <<-EOT
	# a comment
	example.org   example.org  r2048  $K/rsa2048.pem
	.example.org  example.org  r4096  $K/rsa4096.pem  # below
	b\303\274cher.example x.example s $K/ed25519.pem

	*             example.org  ed     $K/ed25519.pem
EOT
printf '%b\n' "$(cat table)" >t && mv t table
exits 0 "--table signs by the author domain" sign --table=table <"$MAIL"
verifies "by each line that matches" pass,pass
tagged s r2048 "in the order of the lines"
sed 's/notices@example.org/a@sub.example.org/' "$MAIL" >sub
exits 0 "a pattern with a dot" sign --table=table <sub
tagged s r4096 "is for names below"
verifies "that verify" pass,pass
sed 's/notices@example.org/a@anexample.org/' "$MAIL" >other
exits 0 "an asterisk" sign --table=table <other
tagged s ed "is for all others"
verifies "alone" pass
has "which is not their domain: warned" "domain: d= is neither" err
sed 's/notices@example.org/a@xn--bcher-kva.EXAMPLE/' "$MAIL" >idn
exits 0 "names may be U-labels" sign --table=table <idn
tagged d x.example "they are the same as A-labels"
sed '/^\*/d' table >t
exits 0 "a domain that is not listed passes unsigned" sign --table=t <other
same "as it came" other out
exits 0 "-H then writes nothing" sign -H --table=t <other
[ ! -s out ]
result $? "not an octet"
refuses 65 not-listed "--require refuses it" --require --table=t <other
exits 0 "--require signs the others" sign --require --table=t <"$MAIL"
sed '/^From/d' "$MAIL" >nofrom
exits 0 "a message without an author is not listed" sign --table=table <nofrom
same "and passes" nofrom out
refuses 66 none "a table that is not there is 66" --table=none <"$MAIL"
for line in "example.org example.org s" \
	"example.org example.org s key more" \
	"a..b example.org s key" "x a..b s key" "x example.org a..b key"; do
	printf '# one\n\n%s\n' "$line" >t
	refuses 78 "t:3: " "a line '$line' is 78, with its number" \
		--table=t <"$MAIL"
done
refuses 64 "--table" "--table with -k" --table=table -k x <"$MAIL"
refuses 64 "--table" "--table with -d" --table=table -d x.org <"$MAIL"
refuses 64 "--table" "--table with -s" --table=table -s x <"$MAIL"
refuses 64 "--require" "--require without --table" --require -s ed \
	-k "$K/ed25519.pem" <"$MAIL"

# --- --check-dns ---

# published TITLE STATUS TEXT RECORD: for the selector k
published() {
	refuses "$2" "k._domainkey.example.org: $3:" "$1" --check-dns \
		-z "$ZONE" --set="k._domainkey.example.org TXT $4" \
		-s k -k "$K/ed25519.pem" <"$MAIL"
}
exits 0 "--check-dns signs if the key is published" \
	sign --check-dns -z "$ZONE" -s r2048 -k "$K/rsa2048.pem" <"$MAIL"
same "as without" signed out
exits 0 "by --set" sign --check-dns -z "$ZONE" -s k -k "$K/ed25519.pem" \
	--set="k._domainkey.example.org TXT k=ed25519; p=$PUBLIC" <"$MAIL"
refuses 65 "none._domainkey.example.org: no-key:" "no-key" --check-dns \
	-z "$ZONE" -s none -k "$K/ed25519.pem" <"$MAIL"
published "key-differs: another key of the type" 65 key-differs \
	"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
published "key-differs: of another type" 65 key-differs \
	"$(sed -n 's/^rsa2048 /p=/p' "$DATA/dkim-verify/public")"
published "key-revoked" 65 key-revoked "v=DKIM1; p="
published "key-syntax: no tag list" 65 key-syntax "v=DKIM1; p"
published "key-syntax: no key" 65 key-syntax "k=ed25519; p=AAAA"
published "key-service" 65 key-service "k=ed25519; s=tlsrpt; p=$PUBLIC"
published "key-hash" 65 key-hash "k=ed25519; h=sha1; p=$PUBLIC"
refuses 65 "key-strict" "key-strict: i= below d=" --check-dns -z "$ZONE" \
	--set="k._domainkey.example.org TXT k=ed25519; t=s; p=$PUBLIC" \
	--auid=@sub.example.org -s k -k "$K/ed25519.pem" <"$MAIL"
exits 0 "t=s without such an i= is right" sign --check-dns -z "$ZONE" \
	--set="k._domainkey.example.org TXT k=ed25519; t=s; p=$PUBLIC" \
	-s k -k "$K/ed25519.pem" <"$MAIL"
published "key-type" 65 key-type "k=foo; p=$PUBLIC"
refuses 65 multiple-keys "multiple-keys" --check-dns -s k -k "$K/ed25519.pem" \
	-z "$ZONE" --set="k._domainkey.example.org TXT k=ed25519; p=$PUBLIC" \
	--set="k._domainkey.example.org TXT p=$PUBLIC" <"$MAIL"
RSA=$(sed -n 's/^rsa2048 //p' "$DATA/dkim-verify/public")
published "key-quotes" 65 key-quotes \
	"\"\\\"v=DKIM1; k=ed25519; p=$PUBLIC\\\"\""
published "key-backslash" 65 key-backslash \
	"v=DKIM1\\; k=ed25519\\; p=$PUBLIC"
published "key-truncated" 65 key-truncated "p=${RSA%????????????}"
published "key-doubled" 65 key-doubled \
	"v=DKIM1; k=ed25519; p=${PUBLIC}v=DKIM1; k=ed25519; p=$PUBLIC"
published "key-pem" 65 key-pem \
	"p=-----BEGIN PUBLIC KEY-----$RSA-----END PUBLIC KEY-----"
published "key-cname" 65 key-cname "k.mailer.example.net"
published "key-private" 65 key-private \
	"k=ed25519; p=$(sed '/-/d' "$K/ed25519.pem" | tr -d '\n')"
published "key-version" 65 key-version "v=DKIM1 k=ed25519 p=$PUBLIC"
published "unseen-character" 65 unseen-character \
	"k=ed25519; p=$(printf '\342\200\213')$PUBLIC"
echo 'k._domainkey.example.org CNAME gone.example.net' >dangling
refuses 65 "key-dangling:" "key-dangling" --check-dns -z dangling -s k \
	-k "$K/ed25519.pem" <"$MAIL"
printf '%s\n' "k._domainkey.example.org TXT \"k=ed25519; p=\"" \
	"k._domainkey.example.org TXT \"$PUBLIC\"" >halves
refuses 65 "key-truncated:" "key-truncated: two records with a half each" \
	--check-dns -z halves -s k -k "$K/ed25519.pem" <"$MAIL"
printf '%s\n' ';!TIMEOUT t._domainkey.example.org TXT' \
	';!SERVFAIL f._domainkey.example.org TXT' \
	'l._domainkey.example.org CNAME l._domainkey.example.org' >zone
refuses 75 dns-timeout "dns-timeout is 75" --check-dns -z zone -s t \
	-k "$K/ed25519.pem" <"$MAIL"
refuses 75 dns-servfail "dns-servfail is 75" --check-dns -z zone -s f \
	-k "$K/ed25519.pem" <"$MAIL"
refuses 75 dns-loop "dns-loop is 75" --check-dns -z zone -s l \
	-k "$K/ed25519.pem" <"$MAIL"
refuses 65 no-key "one of two keys is not published: nothing is signed" \
	--check-dns -z "$ZONE" -k "ed=$K/ed25519.pem" \
	-k "none=$K/rsa2048.pem" <"$MAIL"
warns key-testing "t=y is a warning" --check-dns -s k -k "$K/ed25519.pem" \
	--set="k._domainkey.example.org TXT k=ed25519; t=y; p=$PUBLIC" \
	-z "$ZONE" <"$MAIL"
warns key-testing "with --strict, too" --strict --check-dns -s k \
	--set="k._domainkey.example.org TXT k=ed25519; t=y; p=$PUBLIC" \
	-k "$K/ed25519.pem" -z "$ZONE" <"$MAIL"
exits 0 "--dns-log writes the answers" sign --check-dns -z "$ZONE" \
	--dns-log=log -s ed -k "$K/ed25519.pem" <"$MAIL"
exits 0 "for --zone" sign --check-dns -z log -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
exits 0 "--timeout and --nameserver are read" sign --check-dns -z "$ZONE" \
	--timeout=1 -n 127.0.0.1 -s ed -k "$K/ed25519.pem" <"$MAIL"
refuses 66 none "a zone that is not there is 66" --check-dns -z none -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
refuses 78 table:1: "a malformed zone is 78" --check-dns -z table -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
for option in "-z=$ZONE" "-n=127.0.0.1" "--dns-log=x" "--set=a TXT b"; do
	refuses 64 "--check-dns" "$option goes with --check-dns" \
		"$option" -s ed -k "$K/ed25519.pem" <"$MAIL"
done

finish
