#!/bin/sh
# dkim-sign: each option, each identifier, each exit status.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

MAIL=$DATA/message.eml
K=$TMP/keys
cd "$TMP" || exit 1

# sign ARG... <MESSAGE: with the time of all tests
sign() {
	dkim-sign --now="$NOW" "$@"
}

# tag NAME FILE: a tag of its topmost signature, without white space
tag() {
	awk 'NR > 1 && /^[^ \t]/ { exit } { printf "%s", $0 }' "$2" |
		sed 's/^[^:]*://' | tr -d ' \t\r' | tr ';' '\n' |
		sed -n "s/^$1=//p"
}

# tagged NAME VALUE TITLE: in $TMP/out
tagged() {
	[ "$(tag "$1" "$TMP/out")" = "$2" ]
	result $? "$3" && return
	note "$1=$(tag "$1" "$TMP/out"), not $2"
	note "$(cat "$TMP/err")"
}

# verifies TITLE RESULTS ARG...: $TMP/out
verifies() {
	verifies_title=$1 verifies_want=$2
	shift 2
	verifies_got=$(dkim-verify -r -z "$ZONE" --now="$NOW" "$@" <"$TMP/out" |
		sed 's/^dkim=\([a-z]*\).*/\1/' | tr '\n' ,)
	[ "${verifies_got%,}" = "$verifies_want" ]
	result $? "$verifies_title" || note "$verifies_got"
}

# refuses STATUS TEXT TITLE ARG... <MESSAGE: one line with the text, no output
refuses() {
	refuses_want=$1 refuses_text=$2 refuses_title=$3
	shift 3
	sign "$@" >"$TMP/out" 2>"$TMP/err"
	refuses_got=$?
	[ $refuses_got -eq "$refuses_want" ] && [ ! -s "$TMP/out" ] &&
		grep -q -F -e "$refuses_text" "$TMP/err" &&
		! grep -q -v '^dkim-sign: ' "$TMP/err" &&
		{ [ $refuses_got -ne 64 ] || [ "$(wc -l <"$TMP/err")" -eq 1 ]; }
	result $? "$refuses_title" && return
	note "status $refuses_got, not $refuses_want; $(cat "$TMP/err")"
}

# warns TEXT TITLE ARG... <MESSAGE: signed, and the text on stderr
warns() {
	warns_text=$1 warns_title=$2
	shift 2
	sign "$@" >"$TMP/out" 2>"$TMP/err" && [ -s "$TMP/out" ] &&
		grep -q -F -e "$warns_text" "$TMP/err"
	result $? "$warns_title" || note "$(cat "$TMP/err")"
}

# --- one signature ---

exits 0 "a message is signed" sign -s r2048 -k "$K/rsa2048.pem" <"$MAIL"
[ ! -s err ]
result $? "without a word"
cp out signed
tagged v 1 "v=1"
tagged a rsa-sha256 "a= is the key's"
tagged c relaxed/relaxed "c= is relaxed/relaxed"
tagged d example.org "d= is the author's domain"
tagged s r2048 "s= is -s"
tagged t 1795176000 "t= is --now"
tagged x "" "there is no x="
tagged i "" "there is no i="
tagged l "" "there is no l="
tagged z "" "there is no z="
verifies "it verifies" pass
awk '/^[^ \t]/ { n++ } n > 1' out | cmp -s - "$MAIL"
result $? "the rest is the message"
[ "$(awk 'length > 78' out | wc -l)" -eq 0 ]
result $? "no line has over 78 characters"
[ "$(grep -c "$(printf '\r')" out)" -eq 0 ]
result $? "lines end with LF as those of the message"
sed 's/$/\r/' "$MAIL" >crlf
exits 0 "a message of CRLF lines is signed" \
	sign -s r2048 -k "$K/rsa2048.pem" <crlf
[ "$(grep -c -v "$(printf '\r')\$" out)" -eq 0 ]
result $? "then all lines end with CRLF"
verifies "it verifies" pass
sed 's/$/\r/' signed | cmp -s - out
result $? "the signature is the same but for that"
exits 0 "-a writes the message, too" \
	sign -a -s r2048 -k "$K/rsa2048.pem" <"$MAIL"
same "as without" signed out
refuses 64 "-a and -H" "-a and -H are refused" -a -H -s r2048 \
	-k "$K/rsa2048.pem" <"$MAIL"
exits 0 "-H writes the field alone" \
	sign -H -s r2048 -k "$K/rsa2048.pem" <"$MAIL"
cat "$MAIL" >>out
same "which is what would stand on top" signed out
{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	echo '>From b@example.org Fri Nov 20 10:00:00 2026'
	cat "$MAIL"
} >mbox
exits 0 "a message behind From lines is signed" \
	sign -s r2048 -k "$K/rsa2048.pem" <mbox
{
	head -n 2 mbox
	cat signed
} >want
same "below them, and they are not signed" want out
exits 0 "the time may be seconds" \
	dkim-sign --now=1795176000 -s r2048 -k "$K/rsa2048.pem" <"$MAIL"
same "and is the same" signed out
exits 0 "-d, -s in other cases, with a dot" \
	sign -d EXAMPLE.org. -s R2048 -k "$K/rsa2048.pem" <"$MAIL"
same "are the same" signed out
exits 0 "a subdomain may be d=" \
	sign -d mail.example.org -s a.b -k "$K/ed25519.pem" <"$MAIL"
tagged d mail.example.org "as -d says"
tagged s a.b "a selector may have dots"

# --- names ---

over=From:From:Sender:Reply-To:To:To:Cc:Subject:Subject:Date:Date:Message-ID
over=$over:Message-ID:In-Reply-To:References:MIME-Version:MIME-Version
over=$over:Content-Type:Content-Type:Content-Transfer-Encoding
list=From:From:To:Subject:Date:Date:Message-ID:Message-ID:In-Reply-To
list=$list:References:MIME-Version:Content-Type

# names TITLE LIST ARG... : h= of the message in $TMP/mail
names() {
	names_title=$1 names_want=$2
	shift 2
	sign -s ed -k "$K/ed25519.pem" "$@" <mail >out 2>err
	tagged h "$names_want" "$names_title"
}
cp "$MAIL" mail
names "--profile=default" "$over" --profile=default
names "it is the default" "$over"
names "--profile=list" "$list" --profile=list
{
	for name in Resent-Date Resent-From Resent-Sender Resent-To Resent-Cc \
		Resent-Message-ID List-Id List-Help List-Subscribe List-Post \
		List-Owner List-Archive VBR-Info Content-Disposition \
		Content-ID Content-Description; do
		echo "$name: x"
	done
	echo 'List-Unsubscribe: <https://example.org/u>'
	echo 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'
	cat "$MAIL"
} >mail
rest=Content-Disposition:Content-ID:Content-Description:Resent-Date
rest=$rest:Resent-From:Resent-Sender:Resent-To:Resent-Cc:Resent-Message-ID
rest=$rest:List-Id:List-Help
post=List-Subscribe:List-Post:List-Owner:List-Archive:VBR-Info
one=List-Unsubscribe:List-Unsubscribe-Post
two=List-Unsubscribe:List-Unsubscribe:List-Unsubscribe-Post
two=$two:List-Unsubscribe-Post
names "what is there is signed" "$over:$rest:$one:$post"
names "also for lists" "$list:$rest:$one:$post" --profile=list
names "--profile=bulk oversigns the pair of RFC 8058" \
	"$over:$rest:$two:$post" --profile=bulk
cp "$MAIL" mail
names "-h is a list" From:From:Subject:Subject -h From:Subject
names "commas separate, too" From:From:Subject:Subject -h From,Subject
names "names are written as given" from:from:SUBJECT:SUBJECT -h from,SUBJECT
names "+ adds to the profile" "$list:X-A" --profile=list -h +X-A --oversign +X-A
sed '1s/^/X-A: 1\nX-A: 2\n/' "$MAIL" >mail
names "every field of a name is signed" "$list:X-A:X-A" --profile=list -h +X-A
names "- takes from the profile" From:From:Date:Date \
	-h -Sender,-Reply-To,-To,-Cc,-Subject,-Message-ID,-In-Reply-To,-References,-MIME-Version,-Content-Type,-Content-Transfer-Encoding
names "-Subject takes Subject out of h= altogether" \
	"$(echo "$over" | sed 's/:Subject//g')" -h -Subject
names "nothing but the list is signed" From:From:To:To -h From:To
names "+ and - go together" From:From:Date:Date:X-A:X-A \
	-h +X-A,-Sender,-Reply-To,-To,-Cc,-Subject,-Message-ID,-In-Reply-To,-References,-MIME-Version,-Content-Type,-Content-Transfer-Encoding
names "--oversign is a list" From:To:To:X-A:X-A:X-A \
	-h From,To,X-A --oversign To,X-A
names "what is oversigned is signed" From:To:X-A:X-A:X-A \
	-h From,To --oversign X-A
names "--oversign adds with +" From:From:X-A:X-A:X-A \
	-h From,X-A --oversign +X-A
names "--oversign takes with -" From:X-A:X-A \
	-h From,X-A --oversign -From
verifies "that verifies" pass
{
	for name in Return-Path Received Received-SPF DKIM-Signature \
		ARC-Seal ARC-Foo Delivered-To Bcc Authentication-Results; do
		echo "$name: x"
	done
	cat "$MAIL"
} >mail
names "never signed are Return-Path, Received, ..., even if named" \
	From:From:To:To \
	-h From,Return-Path,Received,received-spf,DKIM-Signature,ARC-Seal,arc-foo,Delivered-To,BCC,To
names "nor oversigned" From:From -h From \
	--oversign From,Return-Path,Received,Bcc,ARC-Seal
names "Authentication-Results is signed if named" \
	From:From:Authentication-Results -h From,Authentication-Results
names "and only then" "$over"
refuses 64 "-h" "From must be signed" -s ed -k "$K/ed25519.pem" -h To \
	--oversign To <mail
refuses 64 "-h" "From cannot be taken away" -s ed -k "$K/ed25519.pem" \
	-h -From <mail
for list in '' 'From,' 'From,+To' '+To,Cc' 'a b' 'a;b'; do
	refuses 64 "-h: " "-h '$list' is no list" -s ed -k "$K/ed25519.pem" \
		-h "$list" <mail
	refuses 64 "--oversign: " "--oversign '$list' is none either" \
		-s ed -k "$K/ed25519.pem" --oversign "$list" <mail
done
refuses 64 "--profile" "another profile is refused" \
	-s ed -k "$K/ed25519.pem" --profile=foo <mail
awk 'BEGIN { for (i = 0; i < 998; i++) print "X-A: " i }' >many
cat many "$MAIL" >mail
exits 0 "1000 names are signed" sign -s ed -k "$K/ed25519.pem" \
	-h From,X-A --oversign From <mail
verifies "and verify" pass
sed '1s/^/X-A: x\n/' mail >toomany
refuses 65 too-many-fields "1001 are too-many-fields" -s ed \
	-k "$K/ed25519.pem" -h From,X-A --oversign From <toomany

# --- forms ---

for form in simple/simple simple/relaxed relaxed/simple relaxed/relaxed; do
	exits 0 "-c $form" sign -c $form -s ed -k "$K/ed25519.pem" <"$MAIL"
	tagged c $form "c=$form"
	verifies "verifies" pass
done
exits 0 "-c relaxed" sign -c relaxed -s ed -k "$K/ed25519.pem" <"$MAIL"
tagged c relaxed/simple "means relaxed/simple"
verifies "verifies" pass
for form in foo relaxed/foo relaxed/ /relaxed ''; do
	refuses 64 "-c" "-c '$form' is refused" -c "$form" -s ed \
		-k "$K/ed25519.pem" <"$MAIL"
done

while read -r text seconds; do
	exits 0 "-x $text" sign -x "$text" -s ed -k "$K/ed25519.pem" <"$MAIL"
	tagged x $((1795176000 + seconds)) "is $seconds seconds"
done <<-'EOT'
	3600 3600
	1s 1
	2m 120
	3h 10800
	2d 172800
	1w 604800
EOT
for text in 0 -1 1y x '' 1.5d; do
	refuses 64 "--expire" "-x '$text' is refused" -x "$text" -s ed \
		-k "$K/ed25519.pem" <"$MAIL"
done
exits 0 "--no-timestamp" sign --no-timestamp -x 1d -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
tagged t "" "writes no t="
tagged x 1795262400 "x= still counts from now"
verifies "verifies" pass
refuses 64 "--now" "--now wants a time" --now=yesterday -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
refuses 64 "--now" "received is none here" --now=received -s ed \
	-k "$K/ed25519.pem" <"$MAIL"

exits 0 "--auid" sign --auid=me@mail.Example.org -s ed -k "$K/ed25519.pem" \
	<"$MAIL"
tagged i me@mail.example.org "is i="
verifies "verifies" pass
exits 0 "--auid may have no local part" sign --auid=@example.org -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
tagged i @example.org "then i= has none"
exits 0 "its local part may hold anything" sign --auid='a;=b c@example.org' \
	-s ed -k "$K/ed25519.pem" <"$MAIL"
tagged i 'a=3B=3Db=20c@example.org' "in quoted-printable"
verifies "verifies" pass
refuses 64 "--auid" "--auid outside of d= is refused" \
	--auid=me@example.com -s ed -k "$K/ed25519.pem" <"$MAIL"
refuses 64 "--auid" "--auid without @ is refused" \
	--auid=example.org -s ed -k "$K/ed25519.pem" <"$MAIL"
refuses 64 "--auid" "--auid with one @ too many is refused" \
	--auid=a@b@example.org -s ed -k "$K/ed25519.pem" <"$MAIL"
exits 0 "in quotes it is none" sign --auid='"a@b"@example.org' -s ed \
	-k "$K/ed25519.pem" <"$MAIL"

printf 'X-Odd: a|b:c;d=e\377\nSubject: first\n' | cat - "$MAIL" >mail
exits 0 "--copied-headers" sign --copied-headers -s ed -k "$K/ed25519.pem" \
	-h From,Subject,X-Odd --oversign From <mail
tag z out | tr '|' '\n' >copies
printf '%s\n' 'From:=20Notices=20<notices@example.org>' \
	'Subject:=20Your=20order=0D=0A=20=20has=20left=20our=20house' \
	'Subject:=20first' 'X-Odd:=20a=7Cb=3Ac=3Bd=3De=FF' >want
same "copies each field once, bottom up, encoded" want copies
verifies "verifies" pass
[ "$(awk '/^From/ { exit } length > 78' out | wc -l)" -eq 0 ]
result $? "in lines of 78"
{
	awk 'BEGIN { while (i++ < 900) printf "X-A: %080d\n", i }'
	cat "$MAIL"
} >mail
refuses 65 signature-too-large "a field over 64 KiB is signature-too-large" \
	--copied-headers -s ed -k "$K/ed25519.pem" -h From,X-A \
	--oversign From <mail

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
exits 0 "a = after a / is no selector's" \
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
refuses 64 "-s" "a selector that is none" -s a..b -k "$K/ed25519.pem" <"$MAIL"
refuses 64 "-d" "a domain that is none" -d a..b -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
refuses 66 "$TMP/none" "a key that is not there is 66" -s ed \
	-k "$TMP/none" <"$MAIL"
cp "$MAIL" nokey && chmod 600 nokey
refuses 78 "nokey: " "a key that is none is 78" -s ed -k nokey <"$MAIL"
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
result $? "and nothing is said"
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
	refuses 78 "password" "the wrong password is 78" \
		--password-file=wrong -s r2048 -k $kind.pem <"$MAIL"
	refuses 78 "--password-file" "no password is 78" \
		-s r2048 -k $kind.pem <"$MAIL"
	refuses 66 "none" "a password file that is not there is 66" \
		--password-file=none -s r2048 -k $kind.pem <"$MAIL"
done
exits 0 "a password for a key without one does no harm" \
	sign --password-file=pw -s r2048 -k "$K/rsa2048.pem" <"$MAIL"

# pad FILE SIZE: text behind it, up to that size
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

# --- tokens ---

module=
for file in /usr/lib/softhsm/libsofthsm2.so \
	/usr/lib/*/softhsm/libsofthsm2.so /usr/lib*/pkcs11/libsofthsm2.so \
	/usr/local/lib/softhsm/libsofthsm2.so; do
	[ -f "$file" ] && module=$file && break
done
if command -v softhsm2-util >/dev/null && [ -n "$module" ] &&
	command -v p11tool >/dev/null; then
	mkdir tokens
	SOFTHSM2_CONF=$TMP/softhsm.conf
	export SOFTHSM2_CONF
	printf 'directories.tokendir = %s\nobjectstore.backend = file\n' \
		"$TMP/tokens" >"$SOFTHSM2_CONF"
	softhsm2-util --init-token --free --label mail --pin 1234 \
		--so-pin 5678 >log 2>&1
	softhsm2-util --import "$K/rsa2048.pem" --token mail --label r2048 \
		--id 01 --pin 1234 >>log 2>&1
	echo 1234 >pin && echo 4321 >badpin
	url='pkcs11:token=mail;object=r2048;type=private'
	# The token is found through p11-kit, if it knows the module.
	if p11tool --list-tokens 2>/dev/null | grep -q 'token=mail'; then
		exits 0 "a key in a token signs" \
			sign --password-file=pin -s r2048 -k "$url" <"$MAIL"
		same "as the file does" signed out
		exits 0 "-k SELECTOR=pkcs11:" \
			sign --password-file=pin -k "r2048=$url" <"$MAIL"
		same "is the same" signed out
		refuses 66 pkcs11: "a wrong PIN is 66" \
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
p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=
exits 0 "--check-dns signs if the key is published" \
	sign --check-dns -z "$ZONE" -s r2048 -k "$K/rsa2048.pem" <"$MAIL"
same "as without" signed out
exits 0 "by --set" sign --check-dns -z "$ZONE" -s k -k "$K/ed25519.pem" \
	--set="k._domainkey.example.org TXT k=ed25519; p=$p" <"$MAIL"
refuses 65 "none._domainkey.example.org: no-key:" "no-key" --check-dns \
	-z "$ZONE" -s none -k "$K/ed25519.pem" <"$MAIL"
published "key-differs: another key of the type" 65 key-differs \
	"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
published "key-differs: of another type" 65 key-differs \
	"$(sed -n 's/^rsa2048 /p=/p' "$DATA/dkim-verify/public")"
published "key-revoked" 65 key-revoked "v=DKIM1; p="
published "key-syntax: no tag list" 65 key-syntax "v=DKIM1; p"
published "key-syntax: no key" 65 key-syntax "k=ed25519; p=AAAA"
published "key-service" 65 key-service "k=ed25519; s=tlsrpt; p=$p"
published "key-hash" 65 key-hash "k=ed25519; h=sha1; p=$p"
refuses 65 "key-strict" "key-strict: i= below d=" --check-dns -z "$ZONE" \
	--set="k._domainkey.example.org TXT k=ed25519; t=s; p=$p" \
	--auid=@sub.example.org -s k -k "$K/ed25519.pem" <"$MAIL"
exits 0 "t=s without such an i= is right" sign --check-dns -z "$ZONE" \
	--set="k._domainkey.example.org TXT k=ed25519; t=s; p=$p" \
	-s k -k "$K/ed25519.pem" <"$MAIL"
published "key-type" 65 key-type "k=foo; p=$p"
refuses 65 several-keys "several-keys" --check-dns -s k -k "$K/ed25519.pem" \
	-z "$ZONE" --set="k._domainkey.example.org TXT k=ed25519; p=$p" \
	--set="k._domainkey.example.org TXT p=$p" <"$MAIL"
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
	--set="k._domainkey.example.org TXT k=ed25519; t=y; p=$p" \
	-z "$ZONE" <"$MAIL"
warns key-testing "with --strict, too" --strict --check-dns -s k \
	--set="k._domainkey.example.org TXT k=ed25519; t=y; p=$p" \
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

# --- preflight ---

# preflight ID TITLE SCRIPT: a sed script on the message
preflight() {
	sed "$3" "$MAIL" >mail
	warns "dkim-sign: $1: " "$1: $2" -d example.org -s ed \
		-k "$K/ed25519.pem" <mail
	[ "$(wc -l <err)" -eq 1 ]
	result $? "that alone"
	verifies "it is signed all the same" pass
	refuses 65 "dkim-sign: $1: " "--strict refuses it" --strict \
		-d example.org -s ed -k "$K/ed25519.pem" <mail
}
clear() {
	sed "$2" "$MAIL" >mail
	exits 0 "$1" sign --strict -d example.org -s ed \
		-k "$K/ed25519.pem" <mail
}
x998=$(printf '%0998d' 0)
preflight long-line "999 octets in the body" "s/^Notices/${x998}0/"
preflight long-line "999 octets in the header" "s/^Subject: Your.*/X: ${x998%???}0/"
clear "998 octets are none" "s/^Notices/$x998/"
preflight eight-bit "in the body" 's/^Notices/\xff/'
preflight eight-bit "in the header" 's/Your order/\xc3\xbc/'
preflight bare-cr "in a line" 's/^Notices/a\rb/'
preflight mixed-line-ends "of both kinds" 's/^Notices/&\r/'
preflight date "no Date" '/^Date/d'
preflight date "two" 's/^Date.*/&\n&/'
preflight message-id "no Message-ID" '/^Message-ID/d'
preflight message-id "two" 's/^Message-ID.*/&\n&/'
preflight from "no From" '/^From/d'
preflight domain "another domain" 's/notices@example.org/a@example.com/'
clear "a domain above is right" 's/notices@example.org/a@a.b.example.org/'
clear "a domain below is right" 's/notices@example.org/a@org/'
sed 's/^From.*/&\n&/' "$MAIL" >mail
warns "dkim-sign: from: " "from: two of them" -d example.org -s ed \
	-k "$K/ed25519.pem" <mail
verifies "both are signed" pass
refuses 65 "dkim-sign: from: " "--strict refuses it" --strict -d example.org \
	-s ed -k "$K/ed25519.pem" <mail
sed 's/$/\r/' "$MAIL" >mail
exits 0 "CRLF alone is not mixed" sign --strict -s ed \
	-k "$K/ed25519.pem" <mail
{
	tr -d '\n' <"$MAIL" | head -c 20
	printf '\r'
} >mail
warns bare-cr "bare-cr: as the last octet" -d example.org -s ed \
	-k "$K/ed25519.pem" <mail

# bulk: the pair of RFC 8058
url='List-Unsubscribe: <mailto:u@example.org>, <https://example.org/u>\n'
post='List-Unsubscribe-Post: List-Unsubscribe=One-Click\n'
{
	# shellcheck disable=SC2059 # formats
	printf "$url$post" && cat "$MAIL"
} >mail
exits 0 "bulk: with the pair" sign --profile=bulk -s ed \
	-k "$K/ed25519.pem" <mail
verifies "it verifies" pass
for list in From,To -List-Unsubscribe -List-Unsubscribe-Post \
	From,List-Unsubscribe; do
	refuses 64 "-h: --profile=bulk must sign" \
		"bulk: -h $list leaves out one of the pair" \
		--profile=bulk -h "$list" -s ed -k "$K/ed25519.pem" <mail
done
exits 0 "bulk: -h may name the pair" sign --profile=bulk \
	-h From,List-Unsubscribe,List-Unsubscribe-Post -s ed \
	-k "$K/ed25519.pem" <mail
while read -r head; do
	{
		# shellcheck disable=SC2059 # a format
		printf "$head" && cat "$MAIL"
	} >mail
	refuses 65 one-click "bulk: one-click without it: $head" \
		--profile=bulk -s ed -k "$K/ed25519.pem" <mail
done <<-'EOT'

	List-Unsubscribe: <https://example.org/u>\n
	List-Unsubscribe-Post: List-Unsubscribe=One-Click\n
	List-Unsubscribe: <http://example.org/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n
	List-Unsubscribe: <https://a/u>\nList-Unsubscribe: <https://a/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n
	List-Unsubscribe: <https://a/u>\nList-Unsubscribe-Post: yes\\n
EOT

# --- the domain ---

# author TITLE FROM WANT: d= for this From field; "-": refused
author() {
	sed "s/^From:.*/From: $2/" "$MAIL" >mail
	if [ "$3" = - ]; then
		refuses 65 "no domain to sign as" "$1" -s ed \
			-k "$K/ed25519.pem" <mail
		exits 0 "-d then says it" sign -d example.org -s ed \
			-k "$K/ed25519.pem" <mail
		return
	fi
	sign -s ed -k "$K/ed25519.pem" <mail >out 2>err
	tagged d "$3" "$1"
}
author "the author's domain" 'A <a@example.net>' example.net
author "a U-label is signed as its A-label" \
	'A <a@B\xc3\xbccher.example>' xn--bcher-kva.example
author "a group of one" 'G: a@example.net;' example.net
author "two addresses of one domain" 'a@example.net, b@Example.NET' example.net
author "two addresses of two domains are refused" \
	'a@example.net, b@example.com' -
author "no address is refused" 'nobody:;' -
author "what is no address is refused" 'a@' -
author "an address literal is refused" 'a@[192.0.2.1]' -
refuses 65 "no From" "no From is refused" -s ed -k "$K/ed25519.pem" <nofrom
sed 's/^From.*/&\n&/' "$MAIL" >mail
refuses 65 "several From" "two From are refused" -s ed \
	-k "$K/ed25519.pem" <mail
exits 0 "-d may have U-labels" \
	sign -d "$(printf 'B\303\274cher.example')" -s "$(printf '\303\274')" \
	-k "$K/ed25519.pem" <"$MAIL"
tagged d xn--bcher-kva.example "they are written as A-labels"
tagged s xn--tda "also in s="
cat >zone <<-EOT
	xn--tda._domainkey.xn--bcher-kva.example TXT "k=ed25519; p=$p"
EOT
verifies "it verifies" pass -z zone

# --- input and usage ---

awk 'BEGIN { for (i = 1; i < 100000; i++) print "X-A: " i }' >many
{
	echo 'From: a@example.org'
	cat many
} >mail
exits 0 "a header of 100000 fields is signed" \
	sign -s ed -k "$K/ed25519.pem" <mail
verifies "and verifies, with one field more: header-too-large" permerror
echo 'X-A: 0' >>mail
refuses 65 header-too-large "one more is header-too-large" -s ed \
	-k "$K/ed25519.pem" <mail

refuses 65 "empty" "an empty input is 65" -s ed -k "$K/ed25519.pem" </dev/null
echo 'no field' >text
refuses 65 "no message" "an input that is no message is 65" -s ed \
	-k "$K/ed25519.pem" <text
refuses 64 "no operands" "operands are refused" -s ed -k "$K/ed25519.pem" \
	message.eml <"$MAIL"
refuses 64 "--no-such" "unknown options are refused" --no-such <"$MAIL"
refuses 64 "--timeout" "--timeout=0 is refused" --check-dns -z "$ZONE" \
	--timeout=0 -s ed -k "$K/ed25519.pem" <"$MAIL"
if [ -c /dev/full ]; then
	sign -s ed -k "$K/ed25519.pem" <"$MAIL" >/dev/full 2>err
	[ $? -eq 74 ]
	result $? "a full disk is 74"
	dkim-sign --help >/dev/full 2>err
	[ $? -eq 74 ]
	result $? "also for --help"
else
	skip "a full disk is 74" "no /dev/full"
fi
exits 0 "--help" dkim-sign --help
has "lists the options" "--copied-headers" out
exits 0 "--version" dkim-sign --version
has "names the toolkit" "dkim-sign (vouch) " out
finish
