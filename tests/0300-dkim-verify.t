#!/bin/sh
# dkim-verify: each result, identifier and note by a signature that earns it,
# from data/dkim-verify/cases; then the options, and the ways in and out.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

MKSIG=$BUILD/tests/helper/mksig
HERE=$DATA/dkim-verify
MAIL=$DATA/message.eml
if [ ! -x "$MKSIG" ]; then
	echo "Bail out! tests/helper/mksig is not built: make check"
	exit 1
fi

cp "$HERE"/*.pem "$TMP/keys" || exit 1
sed -n 's/^\([a-z].*\) \(.*\)/s|@\1@|\2|/p' "$HERE/public" >"$TMP/public.sed"

# begin: a case in which all is right. The values are those of its lines.
# shellcheck disable=SC2034 # compose() looks at all tag_*
begin() {
	key=rsa2048 tags='' plus='' before='' after='' options='' result=''
	tag_v=1 tag_a='' tag_c=relaxed/relaxed tag_d=example.org tag_s=r2048
	tag_h=from:to:subject:date:message-id
	: >"$TMP/records" && : >"$TMP/zone" && : >"$TMP/has" && : >"$TMP/lacks"
}

compose() {
	[ -n "$tag_a" ] || tag_a=rsa-sha256
	[ -n "$tags" ] && return
	for name in v a c d s h; do
		eval "tag=\$tag_$name"
		# shellcheck disable=SC2154 # tag is set there
		[ "$tag" = - ] || tags="$tags$name=$tag; "
	done
	tags="$tags$plus bh=%BH%; b="
}

status_of() {
	case $1 in
	pass) echo 0 ;;
	fail) echo 1 ;;
	neutral | policy) echo 2 ;;
	none) echo 3 ;;
	permerror) echo 4 ;;
	temperror) echo 75 ;;
	esac
}

# RESULT IDENTIFIER... of each line of a report
outcome() {
	sed -e 's/^dkim=//' -e 's/ header\.[a-z]=.*//' \
		-e 's/ reason="\(.*\)"$/; \1/' \
		-e 's/; \([a-z0-9-]*\): [^;]*/ \1/g' "$1"
}

message() {
	sed "$before" "$MAIL" | "$MKSIG" "$TMP/keys/$key.pem" "$tags" |
		sed "$after" >"$TMP/signed"
}

judge() {
	set -- -z "$ZONE" -z "$TMP/zone" --now="$NOW"
	# shellcheck disable=SC2086 # words
	set -- "$@" -r $options
	while IFS= read -r record; do
		set -- "$@" --set="k._domainkey.example.org TXT $record"
	done <"$TMP/records"
	dkim-verify "$@" <"$TMP/signed" >"$TMP/out" 2>"$TMP/err"
}

# Does the output show what the case wants?
shows() {
	while IFS= read -r text; do
		grep -q -F -e "$text" "$TMP/out" || return
	done <"$TMP/has"
	while IFS= read -r text; do
		! grep -q -F -e "$text" "$TMP/out" || return
	done <"$TMP/lacks"
}

run() {
	[ -n "$result" ] || return
	compose
	sed -i -f "$TMP/public.sed" "$TMP/records" "$TMP/zone"
	message
	judge
	status=$?
	got=$(outcome "$TMP/out")
	[ $status -eq "$(status_of "${result%% *}")" ] &&
		[ "$got" = "$result" ] && [ ! -s "$TMP/err" ] && shows
	result $? "$title" && return
	note "$got, status $status; not $result"
	note "$(cat "$TMP/out" "$TMP/err")"
}

title=
result=
while IFS= read -r line; do
	value=${line#*:}
	value=${value# }
	case $line in
	'#'* | '') ;;
	case:*)
		run </dev/null
		begin
		title=$value
		;;
	key:*) key=$value ;;
	[vacdsh]:*) eval "tag_${line%%:*}=\$value" ;;
	plus:*) plus=$value ;;
	tags:*) tags=$value ;;
	record:*)
		# shellcheck disable=SC2034 # as above
		tag_s=k
		printf '%s\n' "$value" >>"$TMP/records"
		;;
	zone:*) printf '%s\n' "$value" >>"$TMP/zone" ;;
	before:*) before=$value ;;
	after:*) after=$value ;;
	options:*) options=$value ;;
	result:*) result=$value ;;
	has:*) printf '%s\n' "$value" >>"$TMP/has" ;;
	lacks:*) printf '%s\n' "$value" >>"$TMP/lacks" ;;
	*) result 1 "the cases have a line: $line" ;;
	esac
done <"$HERE/cases"
run </dev/null

# sign KEY TAGS: a signature on a message, which goes on top of it.
sign() {
	"$MKSIG" "$TMP/keys/$1.pem" "$2"
}

# verify ARG...: with the zone of the keys and the time of all tests.
verify() {
	dkim-verify -z "$ZONE" --now="$NOW" "$@"
}

R2048='v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=r2048; h=from:to; bh=%BH%; b='
ED='v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=ed; h=from:to; bh=%BH%; b='

# judged FILE RESULTS TITLE ARG...: all results of a message, joined by commas.
judged() {
	judged_file=$1 judged_want=$2 judged_title=$3
	shift 3
	verify -r "$@" "$judged_file" >"$TMP/out" 2>"$TMP/err"
	judged_got=$(outcome "$TMP/out" | tr '\n' ,)
	[ "${judged_got%,}" = "$judged_want" ]
	result $? "$judged_title" && return
	note "$judged_got"
	note "$(cat "$TMP/out" "$TMP/err")"
}

# --- sizes ---

sign rsa2048 "${R2048%bh=*}zz=%R1{a}; bh=%BH%; b=" <"$MAIL" >"$TMP/one"
n=$((65537 - $(sed -n '1s/^[^:]*://p' "$TMP/one" | tr -d '\n' | wc -c)))
sign rsa2048 "${R2048%bh=*}zz=%R${n}{a}; bh=%BH%; b=" <"$MAIL" >"$TMP/fit"
n=$((n + 1))
sign rsa2048 "${R2048%bh=*}zz=%R${n}{a}; bh=%BH%; b=" <"$MAIL" >"$TMP/over"
judged "$TMP/fit" pass "a signature field of 64 KiB is read"
judged "$TMP/over" "permerror signature-too-large" \
	"one octet more is signature-too-large"

{
	sign ed25519 "$ED" <"$MAIL" | sed '/^$/,$d'
	awk 'BEGIN { for (i = 9; i < 100000; i++) print "X-A: " i }'
	sed -n '/^$/,$p' "$MAIL"
} >"$TMP/fit"
sed '1s/^/X-A: 0\n/' "$TMP/fit" >"$TMP/over"
n=$(sed '/^$/,$d' "$TMP/fit" | grep -c '^[^ 	]')
[ "$n" -eq 100000 ]
result $? "a message of 100000 fields"
judged "$TMP/fit" pass "is judged"
judged "$TMP/over" "permerror header-too-large" \
	"one field more is header-too-large"
exits 4 "which is a permerror" verify -q "$TMP/over"
# 8 MiB: a signed message, and as much in one more field
sign ed25519 "$ED" <"$MAIL" >"$TMP/m"
n=$(((8 << 20) - $(sed '/^$/,$d' "$TMP/m" | wc -c)))
for size in $n $((n + 1)); do
	{
		printf 'X-A:'
		head -c $((size - 5)) /dev/zero | tr '\0' x
		echo
		cat "$TMP/m"
	} >"$TMP/big.$size"
done
judged "$TMP/big.$n" pass "a header of 8 MiB is judged"
judged "$TMP/big.$((n + 1))" "permerror header-too-large" \
	"one octet more is header-too-large"
rm "$TMP"/big.*

# --- fields of which readers show one ---

for name in Subject Date To Cc Reply-To Sender Message-ID In-Reply-To \
	References MIME-Version Content-Type Content-Transfer-Encoding \
	Content-Disposition Content-ID Content-Description; do
	{
		printf '%s: one\n' "$name"
		grep -v -i "^$name:" "$MAIL"
	} | sign rsa2048 "${R2048% h=*} h=from:$name; bh=%BH%; b=" |
		sed "1s/^/$name: two\\n/" >"$TMP/m"
	judged "$TMP/m" "pass unsigned-duplicate" "a second $name is noted"
done

# --- several signatures ---

sign rsa2048 "$R2048" <"$MAIL" | sign ed25519 "$ED" >"$TMP/two"
judged "$TMP/two" "pass,pass" "two signatures are judged, each"
has "the topmost comes first" "header.s=ed header.a=ed25519" "$TMP/out"
sed '1s/from:to/from:cc/' "$TMP/two" >"$TMP/half"
judged "$TMP/half" "fail signature,pass" "one that fails, one that passes"
exits 0 "one pass is a pass" verify -q "$TMP/half"
exits 1 "but not with --all" verify -q --all "$TMP/half"
exits 0 "--all passes if all pass" verify -q --all "$TMP/two"
judged "$TMP/half" "fail signature,neutral too-many-signatures" \
	"--max-signatures=1 judges the topmost alone" --max-signatures=1
exits 1 "what is not judged cannot pass" verify -q --max-signatures=1 "$TMP/half"

cp "$MAIL" "$TMP/ten"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	sign ed25519 "$ED" <"$TMP/ten" >"$TMP/next" && mv "$TMP/next" "$TMP/ten"
done
sign ed25519 "${ED%s=*}s=none; h=from; bh=%BH%; b=" <"$MAIL" >"$TMP/eleven"
{
	sed '/^Received/,$d' "$TMP/ten"
	cat "$TMP/eleven"
} >"$TMP/m"
mv "$TMP/m" "$TMP/eleven"
ten=pass,pass,pass,pass,pass,pass,pass,pass,pass,pass
judged "$TMP/ten" $ten "10 signatures are judged"
judged "$TMP/eleven" "$ten,neutral too-many-signatures" \
	"the eleventh is not judged"
has "it is named" "header.d=example.org header.s=none" "$TMP/out"
judged "$TMP/eleven" "$ten,permerror no-key" \
	"--max-signatures=11 judges it" --max-signatures=11
verify -r -v "$TMP/eleven" >"$TMP/out"
lacks "the DNS is not asked for what is not judged" \
	"dns: none._domainkey" "$TMP/out"
verify -r -v --max-signatures=11 "$TMP/eleven" >"$TMP/out"
has "it is asked for what is judged" "dns: none._domainkey" "$TMP/out"

# No more results than an Authentication-Results field may have.
for n in 1000 1001; do
	yes 'DKIM-Signature: v=1' | head -n "$n" >"$TMP/many"
	cat "$MAIL" >>"$TMP/many"
	verify "$TMP/many" >"$TMP/out"
	ok "of $n signatures 1000 have a result" \
		test "$(grep -c '' "$TMP/out")" -eq 1000
	sed -n '$p' "$TMP/out" >"$TMP/last"
	[ "$n" -ne 1000 ] || lacks "the last of 1000 stands for itself" \
		"more below" "$TMP/last"
done
has "the last of 1001 says how many there are more" \
	"too-many-signatures: not judged, like 1 more below it" "$TMP/last"

sign rsa2048 "$R2048" <"$MAIL" |
	sign ed25519 "${ED% h=*} h=from:dkim-signature; bh=%BH%; b=" >"$TMP/m"
judged "$TMP/m" "pass,pass" \
	"h= may name DKIM-Signature: the field below, and not itself"
sed '2d' "$TMP/m" >"$TMP/gone"
judged "$TMP/gone" "fail signature" "taking that one away is a change"

# header.b: enough of b= to tell signatures apart (RFC 6008 3)
{
	printf 'DKIM-Signature: %s%s\n' "$R2048" AAAAAAAAAABCDEFG
	printf 'DKIM-Signature: %s%s\n' "$R2048" AAAAAAAAAACDEFGH
	printf 'DKIM-Signature: %s%s\n' "$R2048" BAAAAAAAAACDEFGH
	cat "$MAIL"
} | sed 's/%BH%/uwRbTFCCYFhcolFOhAjx9qCFnNXYyz\/1XiP6A\/r51No=/' >"$TMP/m"
verify "$TMP/m" >"$TMP/out"
sed -n 's/.*header\.b=//p' "$TMP/out" >"$TMP/b"
printf '%s\n' AAAAAAAAAAB AAAAAAAAAAC BAAAAAAA >"$TMP/want"
same "header.b has 8 characters, and more where two begin alike" \
	"$TMP/want" "$TMP/b"
sed 3,4d "$TMP/m" | sed 1p >"$TMP/twins"
verify "$TMP/twins" | sed -n 's/.*header\.b=//p' >"$TMP/b"
printf '%s\n' AAAAAAAA AAAAAAAA >"$TMP/want"
sed -i 2p "$TMP/twins"
same "equal signatures keep 8" "$TMP/want" "$TMP/b"

# --- the verdict of one message ---

# of RESULT,RESULT...: a message with signatures of those results.
with_results() {
	cp "$MAIL" "$TMP/m"
	for wanted in "$@"; do
		case $wanted in
		pass) tags=$ED ;;
		fail) tags="${ED% h=*} h=from:x-a; bh=%BH%; b=" ;;
		policy) tags="${ED%bh=*}l=1; bh=%BH%; b=" ;;
		neutral) tags="v=2${ED#v=1}" ;;
		permerror) tags="${ED%bh=*}q=foo; bh=%BH%; b=" ;;
		temperror) tags="v=1; a=ed25519-sha256; d=example.org; s=down; h=from; bh=%BH%; b=" ;;
		esac
		sign ed25519 "$tags" <"$TMP/m" >"$TMP/next"
		mv "$TMP/next" "$TMP/m"
	done
	sed -i '/^Received/s/^/X-A: 1\n/' "$TMP/m"
}
echo ';!TIMEOUT down._domainkey.example.org. TXT' >"$TMP/down.zone"

while read -r status list; do
	# shellcheck disable=SC2086 # words
	with_results $list
	exits "$status" "the status of $list is $status" \
		verify -q -z "$TMP/down.zone" "$TMP/m"
done <<-'EOT'
	0 pass temperror fail policy permerror neutral
	75 neutral permerror policy fail temperror
	1 neutral permerror policy fail
	2 neutral permerror policy
	4 neutral permerror
	2 neutral
EOT
with_results neutral pass
exits 2 "--all: the status is of what did not pass" verify -q --all "$TMP/m"

exits 0 "--require-domain: a pass of the domain passes" \
	verify -q --require-domain=Example.ORG "$TMP/two"
exits 3 "--require-domain: a pass of another domain is none" \
	verify -q --require-domain=example.com "$TMP/two"
exits 3 "--require-domain: a domain above is another one" \
	verify -q --require-domain=org "$TMP/two"
exits 1 "--require-domain: a failure is one whosever it is" \
	verify -q --require-domain=example.com "$TMP/half"

# --- --now=received ---

T='v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=ed; h=from'
# Fri, 20 Nov 2026 10:00:05 +0000 by mx.example.net is 1795168805.
sign ed25519 "$T; x=1795168505; bh=%BH%; b=" <"$MAIL" >"$TMP/x0"
sign ed25519 "$T; x=1795168504; bh=%BH%; b=" <"$MAIL" >"$TMP/x1"
by='--now=received --received-by=mx.example.net'
judge_received() {
	judged_file=$1 judged_want=$2 judged_title=$3
	shift 3
	dkim-verify -z "$ZONE" -r "$@" "$judged_file" >"$TMP/out"
	[ "$(outcome "$TMP/out")" = "$judged_want" ]
	result $? "$judged_title" || note "$(cat "$TMP/out")"
}
# shellcheck disable=SC2086 # words
{
	judge_received "$TMP/x0" pass \
		"--now=received: the date of the trusted Received counts" $by
	judge_received "$TMP/x1" "permerror expired" \
		"a second earlier had expired then" $by
	judge_received "$TMP/x0" "permerror expired no-received-date" \
		"without a trusted Received the clock counts: no-received-date" \
		--now=received --received-by=other.example.net
	judge_received "$TMP/x0" pass \
		"--received-by is the authserv-id if not given" \
		--now=received --authserv-id=MX.example.net.
	sed '1s/^/Received: from mx.example.net (mx.example.net [192.0.2.20])\n\tby in.example.net; Fri, 20 Nov 2026 11:30:00 +0000\n/' \
		"$TMP/x0" >"$TMP/relayed"
	by='--now=received --received-by=in.example.net'
	judge_received "$TMP/relayed" "permerror expired" \
		"the topmost trusted Received counts" $by
	judge_received "$TMP/relayed" pass \
		"--trusted-relays: past our own relays" \
		$by --trusted-relays=2001:db8::/32,192.0.2.20/32
}
exits 64 "--received-by goes with --now=received" \
	verify -r --received-by=mx.example.net "$TMP/x0"
exits 64 "--trusted-relays goes with --now=received" \
	verify -r --trusted-relays=192.0.2.0/24 "$TMP/x0"
exits 64 "--trusted-relays wants networks" dkim-verify -z "$ZONE" -r \
	--now=received --trusted-relays=192.0.2.0/33 "$TMP/x0"

# --- --canonical ---

sign rsa2048 "v=1; a=rsa-sha256; c=relaxed/simple; d=example.org; s=r2048; h=subject:from; l=7; bh=%BH%; b=" <"$MAIL" |
	sign ed25519 "v=1; a=ed25519-sha256; c=simple/relaxed; d=example.org; s=ed; h=subject; bh=%BH%; b=" |
	sed '1s/h=subject/h=subject/' >"$TMP/m"
exits 0 "--canonical=body writes what was hashed, up to l=" \
	verify --canonical=body --index=2 --allow-body-length "$TMP/m"
printf 'Dear re' >"$TMP/want"
same "these octets" "$TMP/want" "$TMP/out"
verify --canonical=header --index=2 "$TMP/m" >"$TMP/out" 2>"$TMP/err"
{
	printf 'subject:Your order has left our house\r\n'
	printf 'from:Notices <notices@example.org>\r\n'
	printf 'dkim-signature:v=1; a=rsa-sha256; c=relaxed/simple; '
	printf 'd=example.org; s=r2048; h=subject:from; l=7; '
	sed -n '2s/.*\(bh=[^;]*; b=\).*/\1/p' "$TMP/m" | tr -d '\n'
} >"$TMP/want"
same "--canonical=header: the fields, then the signature without b=" \
	"$TMP/want" "$TMP/out"
sign ed25519 "v=1; a=ed25519-sha256; c=simple/relaxed; d=example.org; s=ed; h=from; bh=%BH%; b=" <"$MAIL" >"$TMP/m"
verify --canonical=body <"$TMP/m" >"$TMP/out"
printf 'Dear reader,\r\n\r\nyour order is on its way.\r\n\r\nNotices\r\n' \
	>"$TMP/want"
same "--canonical alone is of the topmost, and reads stdin" \
	"$TMP/want" "$TMP/out"
verify --canonical=header --index=2 "$TMP/m" >"$TMP/out" 2>"$TMP/err"
[ ! -s "$TMP/out" ]
result $? "--index of no signature writes nothing"
has "and says so" "signature 2 is not there" "$TMP/err"
for mode in -a -H -j -q; do
	exits 64 "--canonical with $mode is refused" \
		verify --canonical=body $mode </dev/null
done
exits 64 "--index goes with --canonical" verify -r --index=1 "$TMP/m"
exits 64 "--canonical wants header or body" verify --canonical=all </dev/null

# --- modes ---

sign rsa2048 "$R2048" <"$MAIL" >"$TMP/good"
sed 's/order is/odder is/' "$TMP/good" >"$TMP/bad"
exits 0 "-r reports stdin" verify -r <"$TMP/good"
has "as an RFC 8601 result" "dkim=pass header.d=example.org header.s=r2048" \
	"$TMP/out"
exits 1 "an operand is reported" verify "$TMP/bad"
exits 1 "- is stdin" verify - <"$TMP/bad"
exits 1 "-q says nothing" verify -q "$TMP/bad"
[ ! -s "$TMP/out" ] && [ ! -s "$TMP/err" ]
result $? "not a word"
exits 0 "a filter ends with 0, whatever the result is" \
	verify --authserv-id=mx.example.net <"$TMP/bad"
has "the field has the result" 'dkim=fail' "$TMP/out"
has "and its identifier" 'reason="body-hash:' "$TMP/out"
cp "$TMP/out" "$TMP/filtered"
exits 0 "-a filters, too" verify -a --authserv-id=mx.example.net <"$TMP/bad"
same "with the same output" "$TMP/filtered" "$TMP/out"
exits 0 "-H writes the field" verify -H --authserv-id=mx.example.net <"$TMP/bad"
cat "$TMP/out" "$TMP/bad" >"$TMP/want"
same "the field and the message are what the filter writes" \
	"$TMP/want" "$TMP/filtered"
VOUCH_AUTHSERV_ID=env.example.net verify -H <"$TMP/good" >"$TMP/out"
has "VOUCH_AUTHSERV_ID names us" "Authentication-Results: env.example.net;" \
	"$TMP/out"
sed '1s/^/Authentication-Results: MX.example.net.; dkim=pass\nAuthentication-Results: mx.example.net; spf=pass\nAuthentication-Results: mx.example.com; dkim=pass\n/' \
	"$TMP/bad" >"$TMP/forged"
verify --authserv-id=mx.example.net <"$TMP/forged" >"$TMP/out"
[ "$(grep -c -i '^Authentication-Results: mx.example.net' "$TMP/out")" -eq 1 ]
result $? "fields under our name are removed"
has "fields of others stay" "mx.example.com; dkim=pass" "$TMP/out"
verify --keep-authres --authserv-id=mx.example.net <"$TMP/forged" >"$TMP/out"
has "--keep-authres keeps those of other methods" \
	"mx.example.net; spf=pass" "$TMP/out"
lacks "and none of dkim" "MX.example.net" "$TMP/out"
verify -H --authserv-id=mx.example.net <"$TMP/forged" >"$TMP/out" 2>"$TMP/err"
has "-H says what it cannot remove" "2 Authentication-Results" "$TMP/err"

exits 1 "-j writes JSON" verify -j "$TMP/bad"
for text in '"schema":1' '"method":"dkim"' '"result":"fail"' \
	'"id":"body-hash"' '"notes":[]' '"header.d":"example.org"' \
	'"name":"r2048._domainkey.example.org"' '"status":"data"'; do
	has "with $text" "$text" "$TMP/out"
done
[ "$(wc -l <"$TMP/out")" -eq 1 ]
result $? "on one line"
exits 1 "-j of two messages writes two lines" \
	verify -j "$TMP/good" "$TMP/bad"
[ "$(wc -l <"$TMP/out")" -eq 2 ]
result $? "two"
# Octets of a message, a record and a name: a C1 control, others beyond ASCII,
# and what is no UTF-8.
name=$(printf '\303\251 \302\205 \360\237\230\200 \033[31m "')
sed '1s/d=example\.org/d=b\xc3\xbccher.example; i=\xc3\xa9@b\xc3\xbccher.example/' \
	"$TMP/good" >"$TMP/$name"
cp "$TMP/$name" "$TMP/$name$(printf '\377')"
exits 4 "-j of hostile octets writes JSON" verify -j \
	--set="$(printf 'r2048._domainkey.xn--bcher-kva.example TXT \303\251\302\205\377')" \
	"$TMP/$name" "$TMP/$name$(printf '\377')"
[ "$(wc -l <"$TMP/out")" -eq 2 ] && ! grep -q '[^ -~]' "$TMP/out"
result $? "all of it ASCII" || note "$(cat "$TMP/out")"
has "other characters are escaped" \
	'/\u00E9 \u0085 \uD83D\uDE00 \u001B[31m \""' "$TMP/out"
has "what is no UTF-8 is shown" '\\xc2\\x85 ' "$TMP/out"
if command -v python3 >/dev/null; then
	ok "other programs can read it" python3 -c '
import json, sys
first, second = map(json.loads, open(sys.argv[1], encoding="ascii"))
assert first["file"].endswith(
    "/\u00e9 \u0085 \U0001f600 \x1b[31m \""), first["file"]
assert second["file"].endswith("\\xff"), second["file"]
assert second["results"][0]["result"] == "permerror"
' "$TMP/out"
else
	skip "other programs can read it" "no python3"
fi

exits 1 "-v explains" verify -v "$TMP/bad"
for text in "canonicalization: header relaxed, body relaxed (RFC 6376 3.4)" \
	"key: r2048._domainkey.example.org" \
	"header fields signed: from to (RFC 6376 5.4)" \
	"body: 54 octets in canonical form" "body hash: signed uwRb" \
	"dns: r2048._domainkey.example.org TXT: data, from zone"; do
	has "with $text" "  $text" "$TMP/out"
done
sign rsa2048 "${R2048% h=*} h=from:x-no; t=1; x=2000000000; l=54; bh=%BH%; b=" \
	<"$MAIL" >"$TMP/m"
verify -v "$TMP/m" >"$TMP/out"
for text in "signed at 1" "expires at 2000000000" "signed: from [x-no]" \
	"l=54"; do
	has "also $text" "$text" "$TMP/out"
done
exits 0 "-v as a filter explains on stderr" verify -v <"$TMP/bad"
has "there" "body hash: signed" "$TMP/err"
lacks "and not in the message" "body hash: signed" "$TMP/out"

# --- several messages ---

exits 1 "several files: the status is of the first that did not pass" \
	verify "$TMP/good" "$TMP/bad" "$MAIL"
has "each line has its file" "$TMP/good: dkim=pass" "$TMP/out"
has "also the last" "$MAIL: dkim=none" "$TMP/out"
exits 0 "all pass" verify -q "$TMP/good" "$TMP/two"
exits 66 "a file that is not there is 66" verify "$TMP/none" "$TMP/good"
has "the rest goes on" "$TMP/good: dkim=pass" "$TMP/out"
has "it is named" "dkim-verify: $TMP/none: No such file" "$TMP/err"
: >"$TMP/empty"
exits 65 "an empty file is 65" verify "$TMP/empty"
echo 'no field' >"$TMP/text"
exits 65 "a file that is no message is 65" verify "$TMP/text" "$TMP/good"
exits 65 "stdin that is no message is 65, too" verify <"$TMP/text"
[ ! -s "$TMP/out" ]
result $? "and nothing is written"
exits 65 "an empty stdin is 65" verify </dev/null

mkdir -p "$TMP/Maildir/cur" "$TMP/Maildir/new" "$TMP/Maildir/tmp" "$TMP/folder"
cp "$TMP/good" "$TMP/Maildir/cur/1:2,S"
cp "$TMP/bad" "$TMP/Maildir/new/2"
cp "$TMP/text" "$TMP/Maildir/tmp/3"
cp "$TMP/text" "$TMP/Maildir/cur/.hidden"
exits 1 "a Maildir is read" verify "$TMP/Maildir"
has "cur" "$TMP/Maildir/cur/1:2,S: dkim=pass" "$TMP/out"
has "new" "$TMP/Maildir/new/2: dkim=fail" "$TMP/out"
[ "$(wc -l <"$TMP/out")" -eq 2 ]
result $? "and nothing else"
cp "$TMP/good" "$TMP/folder/1"
cp "$TMP/two" "$TMP/folder/2"
exits 0 "a folder of files is read" verify "$TMP/folder"
has "all of it" "$TMP/folder/2: dkim=pass" "$TMP/out"

{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	cat "$TMP/good"
	echo
	echo 'From b@example.org Fri Nov 20 10:00:00 2026'
	cat "$TMP/bad"
} >"$TMP/mbox"
exits 1 "a file that begins with a From line is an mbox" verify "$TMP/mbox"
has "messages are numbered" "$TMP/mbox#1: dkim=pass" "$TMP/out"
has "from one on" "$TMP/mbox#2: dkim=fail" "$TMP/out"
exits 1 "stdin is one message, From lines and all" verify -r <"$TMP/mbox"
[ "$(outcome "$TMP/out")" = "fail body-hash" ]
result $? "with all that follows as its body"
exits 1 "--mbox: stdin is an mbox" verify --mbox <"$TMP/mbox"
has "its messages are numbered" "-#2: dkim=fail" "$TMP/out"
# shellcheck disable=SC2002 # a pipe is the point
cat "$TMP/mbox" | verify --mbox >"$TMP/out"
has "also from a pipe" "-#2: dkim=fail" "$TMP/out"

# mboxrd: From lines of the body are quoted, quoted ones once more
{
	cat "$MAIL"
	printf '%s\n' 'From here on' '>From there' 'x' '' \
		'From me Fri Nov 20 10:00:00 2026'
} >"$TMP/plain"
sign rsa2048 "$R2048" <"$TMP/plain" >"$TMP/signed"
{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	sed 's/^>*From />&/' "$TMP/signed"
	echo
} >"$TMP/mbox"
exits 0 "mboxrd: the quotes of From lines are taken away" verify "$TMP/mbox"

# mboxcl2: Content-Length tells the end, nothing is quoted
{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	awk -v n="$(sed '1,/^$/d' "$TMP/signed" | wc -c)" \
		'!done && /^$/ { print "Content-Length: " n; done = 1 } 1' \
		"$TMP/signed"
	echo
	echo 'From b@example.org Fri Nov 20 10:00:00 2026'
	cat "$TMP/good"
} >"$TMP/mbox"
exits 0 "mboxcl2: Content-Length tells the end" verify "$TMP/mbox"
[ "$(wc -l <"$TMP/out")" -eq 2 ]
result $? "two messages"

printf '%s\n' "$TMP/good" "$TMP/bad" >"$TMP/list"
exits 1 "--files-from reads names" verify --files-from="$TMP/list"
has "one a line" "$TMP/bad: dkim=fail" "$TMP/out"
exits 1 "--files-from=- reads them from stdin" verify --files-from=- <"$TMP/list"
tr '\n' '\0' <"$TMP/list" >"$TMP/list0"
exits 1 "-0: NUL separates them" verify -0 --files-from="$TMP/list0"
has "each" "$TMP/bad: dkim=fail" "$TMP/out"
exits 66 "a list that is not there is 66" verify --files-from="$TMP/none"
exits 64 "-0 goes with --files-from" verify -0 "$TMP/good"

# --- statuses ---

exits 100 "--exit-map=fail=100" verify -q --exit-map=fail=100 "$TMP/bad"
exits 0 "--exit-map=none=0" verify -q --exit-map=fail=100,none=0 "$MAIL"
exits 7 "--exit-map=pass=7" verify -q --exit-map=pass=7 "$TMP/good"
exits 1 "a mapped pass among others does not count" \
	verify -q --exit-map=pass=7 "$TMP/good" "$TMP/bad"
exits 111 "--exit-map=noinput=111" verify -q --exit-map=noinput=111 "$TMP/none"
exits 5 "--exit-map=usage=5" verify --exit-map=usage=5 -r -q
for map in fail fail= foo=1 fail=256 fail=-1 ''; do
	exits 64 "--exit-map='$map' is refused" \
		verify -q "--exit-map=$map" "$TMP/good"
done
with_results temperror
exits 0 "a temperror passes as a filter" verify -z "$TMP/down.zone" <"$TMP/m"
has "in the field" "dkim=temperror" "$TMP/out"
exits 75 "with --defer it is 75" verify --defer -z "$TMP/down.zone" <"$TMP/m"
[ ! -s "$TMP/out" ]
result $? "and nothing is written"
exits 111 "--exit-map=temperror goes with --defer" \
	verify --defer --exit-map=temperror=111 -z "$TMP/down.zone" <"$TMP/m"
exits 0 "--defer does not defer a failure" verify --defer <"$TMP/bad"
exits 66 "a zone that is not there is 66" verify -z "$TMP/none" -r "$TMP/good"
exits 75 "with --defer it is 75" verify --defer -z "$TMP/none" -r "$TMP/good"
exits 78 "a malformed zone is 78" verify -z "$TMP/text" -r "$TMP/good"
has "with file and line" "$TMP/text:1:" "$TMP/err"
exits 78 "a malformed --set is 78" verify --set='x TXT' -r "$TMP/good"
exits 75 "with --defer it is 75" verify --defer --set='x TXT' -r "$TMP/good"
exits 66 "a --dns-log that cannot be made is 66" \
	verify --dns-log="$TMP/none/log" -r "$TMP/good"
exits 64 "but usage is 64 with --defer, too" verify --defer -r -q

# A zone that is also the log is read before it is emptied.
cp "$ZONE" "$TMP/again"
for run in first second; do
	exits 0 "--dns-log may be the zone that answers, $run time" \
		dkim-verify -z "$TMP/again" --dns-log="$TMP/again" \
		--now="$NOW" -r "$TMP/good"
done
has "the answer is in it" "r2048._domainkey.example.org" "$TMP/again"
lacks "the rest of the zone is not" "ed._domainkey" "$TMP/again"

if [ -c /dev/full ]; then
	dkim-verify -z "$ZONE" -r "$TMP/good" >/dev/full 2>"$TMP/err"
	[ $? -eq 74 ]
	result $? "a full disk is 74"
	dkim-verify --help >/dev/full 2>"$TMP/err"
	[ $? -eq 74 ]
	result $? "also for --help"
else
	skip "a full disk is 74" "no /dev/full"
fi

# --- colour: only on a terminal ---

if script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
	esc=$(printf '\033')
	unset NO_COLOR
	script -q -e -c "dkim-verify -z '$ZONE' '$TMP/good'" /dev/null \
		</dev/null >"$TMP/out" 2>&1
	has "a terminal has colours" "${esc}[32mdkim=pass${esc}[0m" "$TMP/out"
	NO_COLOR=1 script -q -e -c "dkim-verify -z '$ZONE' '$TMP/good'" \
		/dev/null </dev/null >"$TMP/out" 2>&1
	lacks "not with NO_COLOR" "$esc" "$TMP/out"
	exits 64 "a terminal on stdin gets no silent prompt" \
		script -q -e -c "dkim-verify" /dev/null </dev/null
else
	skip "a terminal has colours" "no script(1)"
fi
verify "$TMP/good" >"$TMP/out"
lacks "a file has none" "$(printf '\033')" "$TMP/out"

# --- what a message says never is more than text ---

printf 'DKIM-Signature: v=1; a=x"\033[31m; d=example.org; s=s; h=from; bh=x; b=x\n' |
	cat - "$MAIL" >"$TMP/m"
exits 2 "controls of a message are escaped" verify "$TMP/m"
lacks "on the terminal" "$(printf '\033')" "$TMP/out"

# --- usage ---

# usage TITLE ARG...: 64, one line that names the tool, nothing on stdout
usage() {
	usage_title=$1
	shift
	dkim-verify "$@" <"$TMP/good" >"$TMP/out" 2>"$TMP/err"
	[ $? -eq 64 ] && [ ! -s "$TMP/out" ] &&
		[ "$(wc -l <"$TMP/err")" -eq 1 ] &&
		grep -q '^dkim-verify: ' "$TMP/err"
	result $? "$usage_title" || note "$(cat "$TMP/out" "$TMP/err")"
}
usage "two modes are refused" -r -j
usage "all pairs of them" -a -H
usage "-q and -r" -q -r
usage "-a with an operand is refused" -a "$TMP/good"
usage "-H with an operand is refused" -H "$TMP/good"
usage "-H with --files-from is refused" -H --files-from="$TMP/list"
usage "-a with --mbox is refused" -a --mbox
usage "an unknown option is refused" --no-such-option
usage "long names are not abbreviated" --quie
usage "an option without its value is refused" --zone
usage "--max-signatures=0 is refused" -r --max-signatures=0
usage "--max-signatures wants a number" -r --max-signatures=x
usage "--timeout=0 is refused" -r --timeout=0
usage "--timeout wants a number" -r --timeout=1.5
usage "--index=0 is refused" --canonical=body --index=0
usage "--now wants a time" -r --now=tomorrow
usage "--require-domain wants a domain" -r --require-domain=a..b
usage "--legacy does not go with the filter" --legacy
usage "nor with -H" --legacy -H
usage "--keep-authres goes with the field" -r --keep-authres
usage "--authserv-id that cannot be written is refused" \
	"--authserv-id=$(printf 'a\nb')"
usage "--authserv-id that is empty is refused" --authserv-id=
usage "--nameserver wants an address" -r --nameserver=ns.example.net
usage "a port of 65536 is none" -r --nameserver=127.0.0.1#65536
exits 0 "--legacy goes with -r" verify --legacy -r <"$TMP/good"
exits 0 "--legacy goes with -j" verify --legacy -j <"$TMP/good"
exits 0 "--legacy goes with -q" verify --legacy -q <"$TMP/good"
exits 0 "--help" dkim-verify --help
has "lists the options" "--allow-body-length" "$TMP/out"
exits 0 "--version" dkim-verify --version
has "names the toolkit" "dkim-verify (vouch) " "$TMP/out"
finish
