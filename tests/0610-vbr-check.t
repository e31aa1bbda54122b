#!/bin/sh
# vbr-check: the main modes, with real signatures and SPF.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
cd "$TMP" || exit 1

# The sender: example.org, whose keys sign, and whose SPF permits 192.0.2.1.
{
	cat "$ZONE"
	cat <<'EOT'
example.org. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"
helo.example. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"
example.org._vouch.a.example. 60 IN TXT "transaction list"
example.org._vouch.b.example. 60 IN TXT "all"
news.example.org._vouch.b.example. 60 IN TXT "all"
helo.example._vouch.b.example. 60 IN TXT "all"
example.org._vouch.dwl.example. 60 IN A 127.0.2.3
;!SERVFAIL example.org._vouch.late.example. TXT
;!SERVFAIL late.example. TXT
late.example._vouch.b.example. 60 IN TXT "all"
EOT
} >zone

check() {
	vbr-check --authserv-id mx.example.net --now "$NOW" --zone zone "$@"
}

# sign NAME ARG...: the message, with a VBR-Info of ARGs, signed.
sign() {
	sign_name=$1
	shift
	vbr-insert "$@" <"$DATA/message.eml" | tee "$sign_name.unsigned" |
		dkim-sign -d example.org -k r2048=keys/rsa2048.pem \
			--now "$NOW" >"$sign_name"
}

# says LINE TITLE ARG...: the report of vbr, and its status
says() {
	says_line=$1 says_title=$2
	shift 2
	check -r "$@" >out 2>err
	says_status=$?
	case $says_line in
	vbr=pass*) says_want=0 ;;
	vbr=fail*) says_want=1 ;;
	vbr=none*) says_want=3 ;;
	vbr=permerror*) says_want=4 ;;
	*) says_want=75 ;;
	esac
	[ $says_status -eq $says_want ] && [ ! -s err ] &&
		[ "$(sed -n 1p out)" = "$says_line" ]
	result $? "$says_title" && return
	note "status $says_status: $(cat out err)"
}

# usage TITLE TEXT ARG...: a usage error that has the text
usage() {
	usage_title=$1 usage_text=$2
	shift 2
	exits 64 "$usage_title" check "$@" && has "and says so" "$usage_text" err
}

sign one -t b.example -t a.example && sign list -T list -t a.example &&
	sign sub -d news.example.org -t b.example || exit 1

# --- messages ---

pass='vbr=pass header.md=example.org header.mv'
says "$pass=b.example" "a signed message that is vouched for" -t b.example one
says "$pass=a.example" "a certifier that vouches for the type" -t a.example list
says "$pass=b.example" "the first that passes counts" -t a.example \
	-t b.example one
says "$pass=b.example" "names in any case" -t B.Example. one
says 'vbr=none reason="no-trusted-certifier: no trusted certifier is named"' \
	"a certifier that nobody trusts" -t c.example one
says 'vbr=none reason="no-trusted-certifier: no trusted certifier is named"' \
	"and without any" one
says 'vbr=none reason="no-vbr-info: the message has no VBR-Info field"' \
	"a message without the field" -t b.example "$DATA/message.eml"
sed 's/your order/your 0rder/' one >broken
says 'vbr=none reason="not-authenticated: no domain that could be vouched for is authenticated here: example.org; spf-not-evaluated: SPF could not be evaluated: the client or MAIL FROM is not known"' \
	"a broken signature" -t b.example broken
says 'vbr=none reason="not-authenticated: no domain that could be vouched for is authenticated here: news.example.org; spf-not-evaluated: SPF could not be evaluated: the client or MAIL FROM is not known"' \
	"another's domain, though a subdomain" -t b.example sub
dkim-sign -d example.org --auid=@news.example.org -k r2048=keys/rsa2048.pem \
	--now "$NOW" <sub.unsigned >sub.i
says 'vbr=pass header.md=news.example.org header.mv=b.example' \
	"which i= of the signature makes its own" -t b.example sub.i
dkim-sign -d example.org --auid=@news.example.org -k r2048=keys/rsa2048.pem \
	--now "$NOW" <one.unsigned >one.i
says 'vbr=none reason="not-authenticated: no domain that could be vouched for is authenticated here: example.org; spf-not-evaluated: SPF could not be evaluated: the client or MAIL FROM is not known"' \
	"and then d= counts no more" -t b.example one.i
dkim-sign -d example.org -k r2048=keys/rsa2048.pem --now "$NOW" \
	--sign-headers=-VBR-Info <one.unsigned >loose
says 'vbr=pass reason="vbr-info-unsigned: no passing signature of the domain covers the VBR-Info field" header.md=example.org header.mv=b.example' \
	"a field that the signature does not cover" -t b.example loose
{
	echo 'VBR-Info: md=example.org; mc=all; mv=b.example;'
	cat list
} >mixed
says 'vbr=fail reason="mixed-types: VBR-Info fields of the message have different mc="' \
	"fields of different types" -t b.example mixed
says 'vbr=temperror reason="dns-servfail: the DNS returned SERVFAIL" header.md=example.org header.mv=late.example' \
	"a DNS failure" --ignore-mv -t late.example one
says "$pass=dwl.example" "a certifier that is queried for an address" \
	--ignore-mv -t dwl.example/a one
printf '# whom we trust\n\n c.example # nobody\nb.example\t\r\nA.example/a\n' \
	>trusted
says "$pass=b.example" "certifiers of a file" --certifiers=trusted one

# SPF
says "$pass=b.example" "MAIL FROM authenticates, too" -t b.example \
	-i 192.0.2.1 -f a@example.org one.unsigned
says 'vbr=none reason="not-authenticated: no domain that could be vouched for is authenticated here: example.org"' \
	"if SPF passes" -t b.example -i 192.0.2.2 -f a@example.org one.unsigned
printf 'VBR-Info: md=helo.example; mc=all; mv=b.example\nFrom: a@b.c\n\n' >helo
says 'vbr=none reason="not-authenticated: no domain that could be vouched for is authenticated here: helo.example"' \
	"HELO authenticates nothing" -t b.example -i 192.0.2.1 -e helo.example \
	-f '<>' helo
says 'vbr=pass header.md=helo.example header.mv=b.example' \
	"a postmaster's MAIL FROM does" -t b.example -i 192.0.2.1 \
	-f postmaster@helo.example helo
printf 'VBR-Info: md=late.example; mc=all; mv=b.example\nFrom: a@b.c\n\n' >late
says 'vbr=temperror reason="authentication-temperror: the certifier vouches, but the domain cannot be authenticated now" header.md=late.example header.mv=b.example' \
	"who may be authenticated later" -t b.example -i 192.0.2.1 \
	-f a@late.example late

# --no-vbr-info
dkim-sign -d example.org -k r2048=keys/rsa2048.pem --now "$NOW" \
	<"$DATA/message.eml" >bare
says "$pass=dwl.example" "--no-vbr-info queries by domain" --no-vbr-info \
	-t dwl.example/a bare
says 'vbr=fail reason="not-this-type: the certifier vouches for other types of mail: transaction list" header.md=example.org header.mv=a.example' \
	"for all mail" --no-vbr-info -t a.example bare

# --- trusted results ---

# trusts EXPECT TITLE RESULT: what a field of this host authenticates for helo
trusts() {
	{
		echo "Authentication-Results: mx.example.net; $3"
		cat helo
	} >trusting
	says "$1" "$2" --trust-authres -t b.example trusting
}

pass='vbr=pass header.md=helo.example header.mv=b.example'
none='vbr=none reason="not-authenticated: no domain that could be vouched for is authenticated here: helo.example"'
trusts "$pass" "a trusted dkim=pass" "dkim=pass header.d=helo.example"
trusts "$none" "not of another domain" "dkim=pass header.d=x.helo.example"
trusts "$none" "nor with another header.i" \
	"dkim=pass header.d=helo.example header.i=@x.helo.example"
trusts "$pass" "header.i counts" "dkim=pass header.d=example header.i=@helo.example"
trusts "$none" "a trusted dkim=fail" "dkim=fail header.d=helo.example"
trusts "$pass" "a trusted spf=pass" "spf=pass smtp.mailfrom=a@helo.example"
trusts "$none" "postmaster authenticates nothing" \
	"spf=pass smtp.mailfrom=PostMaster@helo.example"
trusts "$none" "nor does HELO" "spf=pass smtp.helo=helo.example"
trusts "$pass" "both" \
	"dkim=fail header.d=helo.example; spf=pass smtp.mailfrom=helo.example"
says "$pass" "--trusted-id" --trusted-id=mx.example.net --authserv-id=x \
	-t b.example trusting
says "$pass" "--trust-topmost" --trust-topmost --authserv-id=x -t b.example \
	trusting
says "$none" "another id" --trusted-id=x -t b.example trusting
says "$none" "without trust nothing is taken" -t b.example \
	-i 192.0.2.2 -f a@helo.example trusting

# What a signature covers is told without its key, as in a chain of filters.
chained() {
	dkim-verify --authserv-id mx.example.net --now "$NOW" --zone zone \
		<"$1" >chained
	grep -q 'dkim=pass' chained || return
	sed '/^Auth/,/header\.b/s/ header\.b=[^; ]*//' chained >chained.no-b
}
ok "the chain passes" chained loose
says 'vbr=pass reason="vbr-info-unsigned: no passing signature of the domain covers the VBR-Info field" header.md=example.org header.mv=b.example' \
	"what is not covered is named for trusted results, too" \
	--trust-authres -t b.example chained
says "vbr=pass header.md=example.org header.mv=b.example" \
	"not if nothing says which signature passed" \
	--trust-authres -t b.example chained.no-b
ok "the chain of what is covered passes" chained one
says "vbr=pass header.md=example.org header.mv=b.example" \
	"what is covered is not named" --trust-authres -t b.example chained

# --- filter ---

exits 0 "a filter" check -t b.example <one
tail -n +6 out >rest
printf '%s\n' "Authentication-Results: mx.example.net; vbr=pass header.md=example.org" \
	"	header.mv=b.example; spf=none" >want
head -n 2 out >got
same "writes the result" want got
has "and what it needed: spf" "spf=none" out
has "and dkim" "dkim=pass" out
score='X-VBR-Score: -3.0'
{
	echo 'x-vbr-score : 99'
	cat one
} >scored
exits 0 "--on-pass" check -t b.example --on-pass="$score" <scored
ok "adds a field to what passes" grep -q "^$score\$" out
lacks "and removes what was there" 99 out
echo 'X-VBR-Score: of the body' >>scored
exits 0 "of what does not pass" check -t b.example --on-pass="$score" <scored
lacks "a forged field is removed, too" 99 out
lacks "and none is added" "$score" out
has "but not from the body" "X-VBR-Score: of the body" out
sed '$d' scored >passing
exits 0 "-H writes both fields" check -H -t b.example --on-pass="$score" \
	<passing
ok "and only them" [ "$(tail -n 1 out)" = "$score" ]
has "and says what it cannot remove" "fields X-VBR-Score must be removed" err
{
	yes 'A: b' | head -n 100001
	echo 'X-VBR-Score: 99'
	echo
} >large
exits 0 "of a header that is too large" check -t b.example \
	--on-pass="$score" <large
lacks "it is removed, too" 99 out
has "and that is not verified" "header-too-large" out
for name in From date Sender REPLY-TO To Cc Bcc Message-ID In-Reply-To \
	References Subject Comments Keywords Resent-To Return-Path Received \
	MIME-Version Content-Type DKIM-Signature ARC-Seal VBR-Info \
	Authentication-Results; do
	usage "--on-pass may not be $name" "--on-pass" --on-pass="$name: x" <one
done
for field in X-A 'X-A:' 'X A: b' ': b' 'X-A : b' "X-A: b
c" "X-A: $(printf '\303\274')"; do
	usage "--on-pass may not be '$field'" "--on-pass" --on-pass="$field" <one
done

# --- queries ---

exits 0 "a query passes if one certifier vouches" check -Q -d Example.org \
	-t a.example -t b.example -t c.example -t dwl.example/a
cat >want <<'EOT'
vbr=fail reason="not-this-type: the certifier vouches for other types of mail: transaction list" header.md=example.org header.mv=a.example
vbr=pass header.md=example.org header.mv=b.example
vbr=fail reason="not-listed: the certifier does not know the domain" header.md=example.org header.mv=c.example
vbr=pass header.md=example.org header.mv=dwl.example
EOT
same "and says of each what it says" want out
exits 0 "of a type" check -Q -d example.org -T transaction -t a.example
exits 1 "that is not vouched for" check -Q -d example.org -T foo -t a.example
exits 75 "a failure that passes" check -Q -q -d example.org -t a.example \
	-t late.example
long=$(printf '%060d.%060d.%060d.%060d' 0 0 0 0)
exits 4 "a name that the DNS cannot have" check -Q -d "$long" -t a.example
has "is a permerror" "name-too-long" out
exits 3 "no certifier in the file" check -Q -d example.org --certifiers=/dev/null
exits 0 "JSON" check -Q -j -d example.org -t b.example
has "tells the queries" '"queries":[{"domain":"example.org","type":"all","certifier":"b.example","by_address":false,"result":"pass","id":null,"answer":"all"}]' out
exits 0 "JSON of a message" check -j -t b.example one
has "tells the fields" '"vbr_info":[{"valid":true,"domain":"example.org","type":"all","certifiers":["b.example","a.example"]}]' out

# --- usage ---

usage "-Q needs -d and -t" "-Q needs" -Q -d example.org
usage "-Q needs -d, too" "-Q needs" -Q -t b.example
usage "-d goes with -Q" "-d and -T need -Q" -r -d example.org <one
usage "-T goes with -Q" "-d and -T need -Q" -T all <one
usage "-T is a word" "-T: " -Q -d example.org -t b.example -T 'a b'
usage "-t is a host" "-t: " -t b.example/b <one
usage "--on-pass works only with -a and -H" "--on-pass" -r --on-pass='X-A: b' <one
usage "--ignore-mv is nothing for -Q" "--ignore-mv" -Q -d example.org \
	-t b.example --ignore-mv
usage "trust and an envelope exclude each other" "--trust-authres" \
	--trust-authres -i 192.0.2.1 <one
usage "trust and queries, too" "a query (-Q)" --trust-topmost -Q \
	-d example.org -t b.example
usage "--accept-header-i wants trust" "--accept-header-i" --accept-header-i <one
while IFS='|' read -r line wrong; do
	printf 'b.example/a # one\n%b\n' "$line" >trusted
	exits 78 "--certifiers: the line '$line' is 78" \
		check --certifiers=trusted <one
	has "it says where and why" \
		"vbr-check: trusted:2: neither HOST nor HOST/a: $wrong" err
done <<-'EOT'
	c.example d.example|several words, not one a line
	a..b|'a..b'
	c.example/b|'c.example/b'
	c.ex\0ample|a NUL character
EOT
exits 66 "a file that is not there is 66" check --certifiers=none <one
finish
