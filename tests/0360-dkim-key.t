#!/bin/sh
# dkim-key: keys that are made, in files that are whole or not there; records in
# all forms; what show tells.
# shellcheck source=tests/lib.sh disable=SC2317,SC2012
. "${0%/*}/lib.sh"
cd "$TMP" || exit 1
K=$TMP/keys
MAIL=$DATA/message.eml

# new: dkim-key new at the time of all tests
new() {
	dkim-key new --now="$NOW" "$@"
}
record() {
	dkim-key record -d example.org -s s1 "$@"
}
# mode FILE MODE
mode() {
	[ "$(stat -c %a "$1")" = "$2" ]
}
# nothing: the folder "here" is as empty as it was
nothing() {
	[ -z "$(ls -A here)" ]
}
# says STATUS TEXT TITLE COMMAND...: it ends so, with the text in one line of
# stderr, and prints nothing
says() {
	says_status=$1 says_text=$2 says_title=$3
	shift 3
	"$@" >out 2>err </dev/null
	says_got=$?
	[ $says_got -eq "$says_status" ] && [ ! -s out ] && lines 1 err &&
		contains err "$says_text"
	result $? "$says_title" || note "$says_got: $(cat out err)"
}

# --- subcommands ---

exits 64 "a command is needed" dkim-key
has "it says so" "dkim-key: a command is missing (try --help)" err
exits 64 "a command that does not exist" dkim-key recrd
has "the one that was meant is named" "did you mean record?" err
exits 64 "one that is far from any" dkim-key x
has "all are named" "not new, record, check, rotate or show: x" err
exits 64 "options before the command" dkim-key -d example.org new
has "they come after it" "dkim-key: -d: options come after the command" err
for command in new record check show; do
	exits 0 "$command --help" dkim-key $command --help
	has "is about it" "Usage: dkim-key $command " out
	ok "its own options come last" [ "$(grep '^[A-Z].*:$' out |
		tail -n 1)" = "Options of $command:" ]
	exits 0 "$command -h" dkim-key $command -h
	ok "fits a screen of 24 lines" [ "$(wc -l <out)" -le 24 ]
	exits 0 "$command --version" dkim-key $command --version
	exits 64 "$command --bogus" dkim-key $command --bogus
	has "messages name the command" \
		"dkim-key $command: --bogus: unknown option" err
	exits 64 "$command without what it needs" dkim-key $command </dev/null
done
for wrong in '-d org' '-d a..b' '-d a.b -s -x' '-d a.b -b 1023' \
	'-d a.b -b 1023 --weak' '-d a.b -b 2047' '-d a.b -b 4097' \
	'-d a.b -T ed25519 -b 2048' '-d a.b -T ed25519 --weak' '-d a.b -T dsa' \
	'-d a.b -T both -o -' '-d a.b -T both -o f' '-d a.b more' \
	'-d a.b --timeout=3' '-d a.b --now=x'; do
	# shellcheck disable=SC2086
	says 64 'dkim-key new: ' "new $wrong" new $wrong
done
for wrong in '-s s' '-d a.b' '-d org -s s' '-d a.b -s s more' \
	'-d a.b -s s --format=bind' '-d a.b -s s -j --format=zone' \
	'-d a.b -s s --ttl=2147483648'; do
	# shellcheck disable=SC2086
	says 64 'dkim-key record: ' "record $wrong" \
		dkim-key record -k "$K/rsa2048.pem" $wrong
done
says 64 'has over 253 octets' "a name that is too long" dkim-key record \
	-k "$K/rsa2048.pem" -s s -d "$(printf '%060d.%060d.%060d.%060d' 1 2 3 4)"

# --- new ---

mkdir here && cd here || exit 1
exits 0 "a key is made" new -d Example.ORG.
cp "$TMP/out" "$TMP/made.zone"
ok "under its default name" [ "$(ls -A)" = 202611r.example.org.pem ]
ok "for its owner alone" mode 202611r.example.org.pem 600
ok "in PKCS#8" grep -qx -e '-----BEGIN PRIVATE KEY-----' \
	202611r.example.org.pem
has "the record is printed" \
	'202611r._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=rsa; p=MII' \
	"$TMP/out"
ok "and nothing else" [ ! -s "$TMP/err" ]
exits 0 "once more" new -d example.org
ok "is the second of that month" [ -f 202611r2.example.org.pem ]
exits 0 "and so on" new -d example.org
ok "third" [ -f 202611r3.example.org.pem ]
exits 0 "another domain has numbers of its own" new -d bücher.example -T ed25519
ok "an e for Ed25519" [ -f 202611e.xn--bcher-kva.example.pem ]
exits 0 "the month is that of UTC" \
	dkim-key new -d example.org -T ed25519 --now=2026-12-01T00:30:00+02:00
ok "whatever the offset" [ -f 202611e.example.org.pem ]
month=$(date -u +%Y%m)
exits 0 "without --now" sh -c 'umask 777 && dkim-key new -d a.example -T ed25519'
# One may begin meanwhile.
case $(echo *e.a.example.pem) in
"${month}e.a.example.pem" | "$(date -u +%Y%m)e.a.example.pem") ;;
*) false ;;
esac
result $? "it is this month"
ok "0600, whatever the umask is" mode "$(echo *e.a.example.pem)" 600
cd .. && rm -r here && mkdir here

exits 0 "both keys" new -d example.org -T both -o here -s x
ok "with an r and an e" [ "$(ls -A here | tr '\n' ' ')" = \
	'xe.example.org.pem xr.example.org.pem ' ]
ok "two records" lines 2 out
has "of RSA" 'xr._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=rsa;' out
has "and of Ed25519" 'xe._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=ed' out
cp out both.zone
dkim-sign -k "xr=here/xr.example.org.pem" -k "xe=here/xe.example.org.pem" \
	--strict --check-dns -z both.zone --now="$NOW" <"$MAIL" >signed
exits 0 "they sign, and verify by these records" \
	dkim-verify -q --all -z both.zone --now="$NOW" signed
exits 0 "a file of another name" new -d example.org -s s -o here/mine
ok "is that file" mode here/mine 600
exits 0 "a folder with a slash" new -d example.org -T ed25519 -s s -o here/
ok "has the file" mode here/s.example.org.pem 600
says 74 'none/' "a folder that is not there" new -d example.org -o none/
says 74 'none/key' "nor is that of a file" new -d example.org -o none/key
exits 0 "a key for stdout" new -d example.org -s s -o -
ok "is there" grep -q 'BEGIN PRIVATE KEY' out
has "its record is on stderr" 's._domainkey.example.org. 3600 IN TXT' err
lacks "not on stdout" DKIM1 out
cp out s.pem && chmod 600 s.pem && cp err s.zone
ok "it is the record of that key" sh -c \
	'dkim-key record -k s.pem -d example.org -s s | cmp - s.zone'
for bits in 2049 3072 4096; do
	exits 0 "--bits=$bits" new -d example.org -s s -o - --bits=$bits
	dkim-key show -j - <out >shown
	has "has so many" "\"bits\":$bits," shown
done
exits 0 "-b 1024 --weak" new -d example.org -s s -o - -b 1024 --weak
dkim-key show -j - <out >shown
has "has 1024" '"bits":1024,' shown
has "and is weak" '"id":"key-small"' shown

# Nothing is overwritten, nothing followed, nothing left.
rm -r here && mkdir here && echo keep >target
ln -s ../target here/link && ln -s nowhere here/dangling && mkdir here/folder
echo keep >here/file && mkfifo here/pipe
for name in file link dangling pipe; do
	says 74 "here/$name: File exists" "a $name is not overwritten" \
		new -d example.org -o here/$name
done
ok "the file is as it was" [ "$(cat here/file)" = keep ]
ok "so is what the link leads to" [ "$(cat target)" = keep ]
ok "nothing was made through the other" [ ! -e here/nowhere ]
says 74 '/dev/full: File exists' "nor is a device" new -d a.b -o /dev/full
ln -s ../elsewhere here/202611r.example.org.pem
exits 0 "a default name that is taken by a link" new -d example.org -o here
ok "is the next" [ -f here/202611r2.example.org.pem ]
ok "the link is not followed" [ ! -e elsewhere ]
rm -r here && mkdir here
: >here/xe.example.org.pem
says 74 'here/xe.example.org.pem: File exists' "one of two that exists" \
	new -d example.org -T both -s x -o here
ok "the other is not left" [ ! -e here/xr.example.org.pem ]
rm here/*
# shellcheck disable=SC3045
small() {		# small COMMAND: files of at most 1 block
	(ulimit -f 1 && "$@")
}
says 74 'here/key: File too large' "a full disk" \
	small new -d example.org -b 4096 -o here/key
ok "leaves nothing" nothing
says 74 'here/x' "a full disk at the first of two" \
	small new -d example.org -b 4096 -T both -s x -o here
ok "leaves nothing" nothing
new -d example.org -s s -o here/key >/dev/full 2>err
[ $? -eq 74 ]
result $? "a record that cannot be printed"
ok "leaves the key" grep -q 'END PRIVATE KEY' here/key
has "and says how to print it" \
	"here/key: the key is made; its record can be had from" err
has "and why" "cannot write to stdout: No space left on device" err
rm here/key
new -d example.org -s s -o - >/dev/full 2>err
[ $? -eq 74 ]
result $? "a key that cannot be written to stdout"
lacks "has no record" DKIM1 err
says 74 '/proc/key: ' "a folder that takes no files" \
	new -d example.org -o /proc/key
if [ "$(id -u)" -ne 0 ]; then
	chmod 500 here
	says 74 'here/key: Permission denied' "a read-only folder" \
		new -d example.org -o here/key
	ok "leaves nothing" nothing
	chmod 700 here
else
	skip "a read-only folder" "root writes everywhere"
fi

rm -f here/*

# --- the DNS ---

cat >taken.zone <<'END'
202611r._domainkey.example.org. TXT "v=DKIM1; p="
202611r2._domainkey.example.org. CNAME nowhere.example.
;!SERVFAIL 202611r._domainkey.example.net TXT
END
exits 0 "records in the DNS" new -d example.org -o here -z taken.zone
ok "also take a selector, CNAMEs too" [ -f here/202611r3.example.org.pem ]
exits 0 "without -z" new -d example.org -o here
ok "they do not" [ -f here/202611r.example.org.pem ]
says 75 'SERVFAIL' "a DNS that fails" new -d example.net -o here -z taken.zone
says 65 '202611r._domainkey.example.org: the DNS has a record' \
	"-s of a name that has a record" \
	new -d example.org -s 202611r -o here/x -z taken.zone
ok "is not made" [ ! -e here/x ]
rm here/*

# --- passwords ---

echo 'pass word' >pw && : >empty && chmod 600 pw empty
exits 0 "a key with a password" new -d example.org -s s -o here/key \
	--password-file=pw
cp out s.zone
ok "is encrypted" grep -qx -e '-----BEGIN ENCRYPTED PRIVATE KEY-----' here/key
exits 0 "dkim-sign reads it" dkim-sign --strict -k s=here/key \
	--password-file=pw --check-dns -z s.zone <"$MAIL"
exits 78 "not without" dkim-sign -k s=here/key <"$MAIL"
says 78 'password-file' "show needs it, too" dkim-key show here/key
exits 0 "show reads it" dkim-key show --password-file=pw here/key
says 78 'empty: the password is empty' "an empty password is refused" \
	new -d example.org -o here/none --password-file=empty
says 66 'nofile' "so is one that is not there" \
	new -d example.org -o here/none --password-file=nofile
ok "no key is made" [ ! -e here/none ]
chmod 644 pw
exits 0 "a password that others can read" \
	new -d example.org -o here/readable --password-file=pw
has "is reported" 'pw: password-readable: ' err

# --- record ---

for pair in 'rsa1024 r' 'rsa2048 r' 'rsa4096 r' 'ed25519 e'; do
	key=$K/${pair% *}.pem
	exits 0 "${pair% *} as plain text" record -k "$key" --format=plain
	cp out plain
	exits 0 "in a zone" record -k "$key"
	cp out zone
	ok "is read back identical" sh -c "dkim-key show -j zone |
		jq -r .record | cmp - plain"
	exits 0 "as JSON" record -k "$key" -j
	ok "too" sh -c 'jq -r .record <out | cmp - plain'
	ok "in strings that are joined" \
		sh -c "jq -r '.strings | add' <out | cmp - plain"
	ok "of at most 255 octets" jq -e \
		'.strings | map(utf8bytelength <= 255) | all' out
	exits 0 "for Route 53" record -k "$key" --format=route53
	jq -r '.Changes[0].ResourceRecordSet |
		"\(.Name) \(.Type) \(.ResourceRecords[0].Value)"' out >back.zone
	ok "too" sh -c "dkim-key show -j back.zone | jq -r .record |
		cmp - plain"
	exits 0 "for nsupdate" record -k "$key" --format=nsupdate
	sed -n 's/^update add //p' out | cmp -s - zone &&
		[ "$(tail -n 1 out)" = send ]
	result $? "adds the line of the zone"
	exits 0 "for tinydns" record -k "$key" --format=tinydns --testing \
		--strict-domain
	sed 's/:3600$//; s/^[^:]*://; s/\\072/:/g' out >back
	record -k "$key" --format=plain --testing --strict-domain | cmp -s - back
	result $? "has colons in octal"
	exits 0 "for octoDNS" record -k "$key" --format=octodns
	sed -n "s/^  value: '\(.*\)'/\1/p" out | sed 's/\\;/;/g' | cmp -s - plain
	result $? "has backslashes before semicolons"
	if command -v named-checkzone >/dev/null; then
		{
			echo '@ 3600 IN SOA ns h 1 1 1 1 1'
			echo '@ 3600 IN NS ns'
			echo 'ns 3600 IN A 192.0.2.1'
			cat zone
		} >whole
		ok "named-checkzone loads it" named-checkzone -o dump \
			example.org whole
		ok "and writes back the same" sh -c \
			"grep _domainkey dump | dkim-key show -j - |
			jq -r .record | cmp - plain"
	else
		skip "named-checkzone loads it" "no named-checkzone"
	fi
done
exits 0 "--ttl=60" record -k "$K/ed25519.pem" --ttl=60
has "is in the zone" 's1._domainkey.example.org. 60 IN TXT "v=DKIM1; k=ed' out
exits 0 "--testing --strict-domain" record -k "$K/ed25519.pem" --testing \
	--strict-domain --format=plain
has "tags are in order" 'v=DKIM1; k=ed25519; t=y:s; p=' out
exits 0 "--testing" record -k "$K/ed25519.pem" --testing --format=plain
has "t=y" '; t=y; p=' out
exits 0 "--strict-domain" record -k "$K/ed25519.pem" --strict-domain \
	--format=plain
has "t=s" '; t=s; p=' out
exits 0 "a key from stdin" record -k - <"$K/rsa2048.pem"
record -k "$K/rsa2048.pem" >want
same "is the same" want out
exits 74 "a record that cannot be written" sh -c \
	"dkim-key record -k '$K/ed25519.pem' -d a.b -s s >/dev/full"
chmod 644 "$K/rsa1024.pem"
exits 0 "a key that others can read" record -k "$K/rsa1024.pem"
has "is reported" "key-readable: " err
chmod 600 "$K/rsa1024.pem"
if command -v openssl >/dev/null; then
	openssl pkey -in "$K/rsa2048.pem" -pubout -out public.pem
	openssl rsa -in "$K/rsa2048.pem" -RSAPublicKey_out -out public1.pem \
		2>/dev/null
	openssl pkey -in "$K/ed25519.pem" -pubout -out publice.pem
	for file in public public1; do
		exits 0 "a public key ($file)" record -k $file.pem
		same "has the record of the private one" want out
	done
	record -k "$K/ed25519.pem" >want
	exits 0 "of Ed25519, too" record -k publice.pem
	same "it is the same" want out
	exits 78 "dkim-sign takes no public key" dkim-sign -k s=public.pem <"$MAIL"
	has "it says so" 'public.pem: a public key' err
	openssl pkey -in "$K/rsa2048.pem" -pubout -outform DER | base64 -w 0 >want
	record -k "$K/rsa2048.pem" --format=plain | tr -d '\n' |
		sed 's/.*p=//' | cmp -s - want
	result $? "p= is what openssl has of an RSA key"
	openssl pkey -in "$K/ed25519.pem" -pubout -outform DER | tail -c 32 |
		base64 -w 0 >want
	record -k "$K/ed25519.pem" --format=plain | tr -d '\n' |
		sed 's/.*p=//' | cmp -s - want
	result $? "and of an Ed25519 key"
	echo "SHA256:$(openssl pkey -in "$K/rsa2048.pem" -pubout -outform DER |
		openssl dgst -sha256 -binary | base64 | tr -d =)" >want
	dkim-key show -j "$K/rsa2048.pem" | jq -r .fingerprint | cmp -s - want
	result $? "the fingerprint is that of openssl"
else
	skip "a public key" "no openssl"
fi
finish
