#!/bin/sh
# Key files of other programs, which dkim-sign and dkim-key read, and those that
# are refused with the command that converts them; what dkim-key show finds in
# files that are not keys.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/token.sh
. "${0%/*}/token.sh"
cd "$TMP" || exit 1
umask 077
K=$TMP/keys
MAIL=$DATA/message.eml

# RFC 8032 7.1, TEST 1: the seed and the public key.
SEED=nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=
BOTH=nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==
HALF=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
echo "s._domainkey.example.org. TXT \"v=DKIM1; k=ed25519; p=$HALF\"" >zone

# reads TITLE FILE: dkim-sign signs with it, and the record is that of the seed
reads() {
	exits 0 "dkim-sign reads $1" dkim-sign --strict --check-dns -z zone \
		--now="$NOW" -s s -k "$2" <"$MAIL"
	dkim-verify -q -z zone --now="$NOW" <out
	result $? "what it signs verifies"
	dkim-key record -k "$2" -d example.org -s s --format=plain >plain
	has "dkim-key has its record" "v=DKIM1; k=ed25519; p=$HALF" plain
}

printf %s "$SEED" >raw && reads "32 octets without a line end" raw
printf '%s\n' "$SEED" >raw && reads "with LF" raw
printf '%s\r\n' "$SEED" >raw && reads "with CRLF" raw
printf '%s\r' "$SEED" >raw && reads "with CR" raw
printf '%s\n' "${SEED%=}" >raw && reads "without padding" raw
printf '%s\n' "$BOTH" >raw && reads "64 octets" raw
printf %s "${BOTH%==}" >raw && reads "without padding" raw
chmod 644 raw
exits 77 "a raw key that others can read is refused, too" \
	dkim-sign --strict -s s -k raw <"$MAIL"
chmod 600 raw

# refuses FILE TEXT: both tools do, in the same words
refuses() {
	exits 78 "dkim-sign refuses $1" dkim-sign -s s -k "$1" <"$MAIL"
	has "it says why" "dkim-sign: $1: $2" err
	ok "it signs nothing" [ ! -s out ]
	exits 78 "dkim-key does, too" dkim-key record -k "$1" -d a.b -s s
	has "in the same words" "dkim-key record: $1: $2" err
}
printf %s "$SEED" | base64 -d >octets
printf %s "$HALF" | base64 -d >half
cat octets octets | base64 -w 0 >not-its-half
refuses not-its-half '64 octets in base64, but the second half is not the Ed25519'
PEM='not a private key in PEM form'
{ cat octets && printf x; } | base64 -w 0 >33-octets
head -c 31 octets | base64 -w 0 >31-octets
{ cat octets half && printf x; } | base64 -w 0 >65-octets
printf '%s\n\n' "$SEED" >two-line-ends
printf '%s\n%s\n' "$SEED" "$SEED" >two-lines
printf ' %s\n' "$SEED" >with-a-blank
printf '%.20s*%s\n' "$SEED" "${SEED#????????????????????}" >with-a-star
: >empty
for file in 33-octets 31-octets 65-octets two-line-ends two-lines with-a-blank \
	with-a-star empty octets; do
	refuses $file "$PEM"
done

# --- what others write ---

if command -v dknewkey >/dev/null; then
	dknewkey dk --ktype ed25519 >log 2>&1
	dknewkey dr --ktype rsa >>log 2>&1
	for key in dk dr; do
		exits 0 "the key of dknewkey" dkim-key record -k $key.key \
			-d example.org -s s --format=plain
		sed 's/.*p=//' $key.dns | tr -d '\n' >want
		sed 's/.*p=//' out | tr -d '\n' >got
		same "has its record" want got
		exits 0 "that is shown" dkim-key show -j $key.dns
		has "as a record" '"what":"record"' out
	done
else
	skip "the key of dknewkey" "no dkimpy"
fi
if command -v openssl >/dev/null; then
	openssl rsa -in "$K/rsa2048.pem" -traditional -out pkcs1 2>/dev/null
	openssl pkcs8 -topk8 -nocrypt -in pkcs1 -out pkcs8
	openssl pkey -in pkcs8 -outform DER -out rsa.der
	openssl pkey -in "$K/ed25519.pem" -outform DER -out ed.der
	openssl rsa -in pkcs8 -traditional -outform DER -out pkcs1.der 2>/dev/null
	openssl pkey -in pkcs8 -pubout -outform DER -out public.der
	dkim-key record -k "$K/rsa2048.pem" -d a.b -s s >want
	for file in pkcs1 pkcs8; do
		exits 0 "$file" dkim-key record -k $file -d a.b -s s
		same "is read" want out
	done
	openssl req -x509 -key pkcs8 -subj /CN=x -out crt 2>/dev/null
	openssl pkey -in pkcs8 -pubout -out public
	for other in crt public; do
		cat $other pkcs8 >after
		cat pkcs8 $other >before
		exits 0 "a key after its $other" dkim-key record -k after \
			-d a.b -s s
		same "is read" want out
		exits 0 "a key before its $other" dkim-key record -k before \
			-d a.b -s s
		same "is read, too" want out
	done
	grep -q 'BEGIN RSA' pkcs1 && grep -q 'BEGIN PRIVATE' pkcs8
	result $? "(they are that)"
	for file in rsa.der ed.der pkcs1.der public.der; do
		refuses $file 'in DER form; a private key is converted to PEM by "openssl pkey -inform DER -in FILE -out NEW"'
	done
	for file in rsa.der ed.der pkcs1.der; do
		openssl pkey -inform DER -in $file -out new.pem
		exits 0 "$file is what that command makes of it" \
			dkim-key record -k new.pem -d a.b -s s
	done
else
	skip "PKCS#1 is read" "no openssl"
fi
if command -v ssh-keygen >/dev/null; then
	ssh-keygen -q -t rsa -b 2048 -N '' -C '' -f ssh-rsa
	ssh-keygen -q -t ed25519 -N '' -C '' -f ssh-ed
	for file in ssh-rsa ssh-ed; do
		refuses $file 'a key in the form of OpenSSH; of RSA, a copy is converted by "ssh-keygen -p -m PKCS8 -f COPY"'
		refuses $file.pub 'a public key in the form of OpenSSH; of RSA, it is converted by "ssh-keygen -e -m PKCS8 -f FILE >NEW"'
	done
	cp ssh-rsa copy && ssh-keygen -q -p -m PKCS8 -N '' -f copy >log
	exits 0 "that converts it" dkim-key record -k copy -d a.b -s s
	cp out want
	ssh-keygen -e -m PKCS8 -f ssh-rsa.pub >new
	exits 0 "and its public key" dkim-key record -k new -d a.b -s s
	same "they are one" want out
else
	skip "keys of OpenSSH are refused" "no ssh-keygen"
fi

# --- tokens ---

if has_softhsm; then
	make_token "$K/rsa2048.pem"
	if sees_token; then
		exits 0 "a key in a token" dkim-key record -k "$url" \
			--password-file=pin -d a.b -s s
		dkim-key record -k "$K/rsa2048.pem" -d a.b -s s >want
		same "has the record of the file" want out
		exits 66 "it needs the PIN" dkim-key record -k "$url" \
			-d a.b -s s
		exits 0 "show takes it, too" dkim-key show -j "$url" \
			--password-file=pin
		has "as a private key" '"what":"private key"' out
	else
		skip "a key in a token" "p11-kit does not know SoftHSM"
	fi
else
	skip "a key in a token" "no SoftHSM"
fi

# --- show ---

cp "$K/rsa2048.pem" r.pem && cp "$K/ed25519.pem" e.pem
record=$(dkim-key record -k r.pem -d a.b -s s --format=plain)
print=$(dkim-key show -j r.pem | jq -r .fingerprint)
cat >want <<END
r.pem: private key, rsa, 2048 bits
  fingerprint  $print
  record       $record
END
exits 0 "a key" dkim-key show r.pem
same "is shown" want out
exits 0 "several" dkim-key show -j r.pem e.pem
ok "are an object each" lines 2 out
jq -c '[keys_unsorted, .schema, .what, .kind, .bits, .weak]' out >got
same "with these members" - got <<'END'
[["schema","file","what","name","kind","bits","fingerprint","record","weak"],1,"private key","rsa",2048,[]]
[["schema","file","what","name","kind","bits","fingerprint","record","weak"],1,"private key","ed25519",256,[]]
END
printf '%s\n' "$record" >plain
dkim-key record -k r.pem -d example.org -s s1 >one.zone
dkim-key record -k e.pem -d example.org -s s2 >>one.zone
echo 'example.org. TXT "v=spf1 -all"' >>one.zone
sed -n '1s/.*TXT //p' one.zone >quoted
for file in plain quoted; do
	exits 0 "a $file record" dkim-key show -j $file
	jq -e --arg print "$print" --arg record "$record" '.what == "record" and
		.fingerprint == $print and .record == $record' out >log
	result $? "is that of the key"
	dkim-key show -j - <$file | jq .fingerprint >got
	jq .fingerprint out | cmp -s - got
	result $? "from a pipe, too"
done
exits 0 "a zone file" dkim-key show -j one.zone
jq -r .name out >got
same "has the records of keys, in its order" - got <<'END'
s1._domainkey.example.org
s2._domainkey.example.org
END
printf 'k=rsa; p=\n' >revoked
exits 0 "a revoked key" dkim-key show -j revoked
has "is weak" '"id":"key-revoked"' out
chmod 644 e.pem
exits 0 "a private key that others can read" dkim-key show -j e.pem
has "is weak" '"id":"key-readable"' out
chmod 600 e.pem
exits 0 "RSA of 512 bits" dkim-key show -j "$K/rsa512.pem"
has "is weak" '"id":"key-too-small"' out
exits 0 "RSA of 1024 bits" dkim-key show "$K/rsa1024.pem"
has "is, too" '  weak         key-small: ' out

dkim-sign -k s1=r.pem -k s2=e.pem -k "s3=$K/rsa1024.pem" --now="$NOW" \
	<"$MAIL" >signed 2>err
exits 0 "a message" dkim-key show -j signed
jq -c '[.what, .name, .kind, .bits, .fingerprint, .weak[].id]' out >got
same "has its signatures" - got <<'END'
["signature","s1._domainkey.example.org","rsa",2048,null]
["signature","s2._domainkey.example.org","ed25519",256,null]
["signature","s3._domainkey.example.org","rsa",1024,null,"key-small"]
END
dkim-key show -j - <signed | jq -c .name >got
jq -c .name out | cmp -s - got
result $? "from a pipe, too"
{ cat signed && yes 'a long body' | head -c 200000; } >long
exits 0 "a long message" dkim-key show -j long
ok "too" lines 3 out
jq -c .name out >want
ok "and from a pipe" sh -c 'cat long | dkim-key show -j - | jq -c .name |
	cmp - want'
zeros=$(head -c 20 /dev/zero | base64)
cat >old <<END
DKIM-Signature: v=1; a=rsa-sha1; d=example.org; s=s1; h=From; l=1;
 bh=$zeros; b=$(head -c 64 /dev/zero | base64 -w 0)
From: a@example.org

END
exits 0 "signatures by SHA-1, and of a part of the body" dkim-key show -j old
has "are weak" '"id":"rsa-sha1"' out
has "both" '"id":"unsigned-body"' out
has "so is a small key" '"id":"key-too-small"' out
sed 's/v=1;/v=2;/' signed >v2
exits 0 "a signature that cannot be parsed" dkim-key show -j v2
has "says why" '"id":"version"' out

for file in "$MAIL" empty none; do
	dkim-key show -j "$file" >out 2>err
	status=$?
	case $file in none) want=66 ;; *) want=65 ;; esac
	[ $status -eq $want ] && is_failure out
	result $? "${file##*/} is $want"
	exits $want "without -j it is on stderr" dkim-key show "$file"
	has "it says so" "dkim-key show: $file: " err
done
exits 66 "a failure among others" dkim-key show r.pem none e.pem
has "the others are shown" "e.pem: private key" out
head -c 3000 /dev/urandom >garbage
exits 65 "garbage is refused" dkim-key show garbage
printf 'x\033[31m._domainkey.a. TXT "p=\033[0m"\n' >hostile
dkim-key show hostile plain >out 2>err
ok "no control character is written" sh -c "! grep -q '$(printf '\033')' out"
finish
