#!/bin/sh
# dkim-verify: each result, identifier and note by a signature that earns it,
# from data/dkim-verify/cases; sizes, several signatures, the time, --canonical.
# Modes, operands and statuses are in 0305-dkim-verify-use.t.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/verify.sh
. "${0%/*}/verify.sh"
HERE=$DATA/dkim-verify
sed -n 's/^\([a-z].*\) \(.*\)/s|@\1@|\2|/p' "$HERE/public" >"$TMP/public.sed"
sed -f "$TMP/public.sed" "$HERE/cases" >"$TMP/cases"

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

# status_of RESULT: $want, its exit status
status_of() {
	case $1 in
	pass) want=0 ;;
	fail) want=1 ;;
	neutral | policy) want=2 ;;
	none) want=3 ;;
	permerror) want=4 ;;
	temperror) want=75 ;;
	esac
}

# $signed is the message of the case. The signature of the last one serves again
# where nothing else is signed.
made=
message() {
	mail=$MAIL
	if [ "$before" ]; then
		mail=$TMP/mail
		sed "$before" "$MAIL" >"$mail"
	fi
	if [ "$made" != "$key $before $tags" ]; then
		made="$key $before $tags"
		sign "$key" "$tags" <"$mail" >"$TMP/made"
	fi
	signed=$TMP/made
	if [ "$after" ]; then
		signed=$TMP/signed
		sed "$after" "$TMP/made" >"$signed"
	fi
}

verify_case() {
	set -- -z "$ZONE" -z "$TMP/zone" --now="$NOW"
	# shellcheck disable=SC2086 # words
	set -- "$@" -r $options
	while IFS= read -r record; do
		set -- "$@" --set="k._domainkey.example.org TXT $record"
	done <"$TMP/records"
	dkim-verify "$@" <"$signed" >"$TMP/out" 2>"$TMP/err"
}

run() {
	[ -n "$result" ] || return
	compose
	message
	verify_case
	status=$?
	outcome "$TMP/out"
	status_of "${result%% *}"
	[ $status -eq "$want" ] &&
		[ "$outcome" = "$result" ] && [ ! -s "$TMP/err" ] &&
		shows "$TMP/out" "$TMP/has" "$TMP/lacks"
	result $? "$title" && return
	note "$outcome, status $status; not $result"
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
done <"$TMP/cases"
run </dev/null

# --- sizes ---

sign rsa2048 "${R2048%bh=*}zz=%R1{a}; bh=%BH%; b=" <"$MAIL" >"$TMP/one"
n=$((65537 - $(sed -n '1s/^[^:]*://p' "$TMP/one" | tr -d '\n' | wc -c)))
sign rsa2048 "${R2048%bh=*}zz=%R${n}{a}; bh=%BH%; b=" <"$MAIL" >"$TMP/fit"
n=$((n + 1))
sign rsa2048 "${R2048%bh=*}zz=%R${n}{a}; bh=%BH%; b=" <"$MAIL" >"$TMP/over"
verified "$TMP/fit" pass "a signature field of 64 KiB is read"
verified "$TMP/over" "permerror signature-too-large" \
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
verified "$TMP/fit" pass "is verified"
verified "$TMP/over" "permerror header-too-large" \
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
verified "$TMP/big.$n" pass "a header of 8 MiB is verified"
verified "$TMP/big.$((n + 1))" "permerror header-too-large" \
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
	verified "$TMP/m" "pass unsigned-duplicate" "a second $name is noted"
done

# --- several signatures ---

sign rsa2048 "$R2048" <"$MAIL" | sign ed25519 "$ED" >"$TMP/two"
verified "$TMP/two" "pass,pass" "two signatures are verified, each"
has "the topmost comes first" "header.s=ed header.a=ed25519" "$TMP/out"
sed '1s/from:to/from:cc/' "$TMP/two" >"$TMP/half"
verified "$TMP/half" "fail signature,pass" "one that fails, one that passes"
exits 0 "one pass is a pass" verify -q "$TMP/half"
exits 1 "but not with --all" verify -q --all "$TMP/half"
exits 0 "--all passes if all pass" verify -q --all "$TMP/two"
verified "$TMP/half" "fail signature,neutral too-many-signatures" \
	"--max-signatures=1 verifies the topmost alone" --max-signatures=1
exits 1 "what is not verified cannot pass" \
	verify -q --max-signatures=1 "$TMP/half"

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
verified "$TMP/ten" $ten "10 signatures are verified"
verified "$TMP/eleven" "$ten,neutral too-many-signatures" \
	"the eleventh is not verified"
has "it is named" "header.d=example.org header.s=none" "$TMP/out"
verified "$TMP/eleven" "$ten,permerror no-key" \
	"--max-signatures=11 verifies it" --max-signatures=11
verify -r -v "$TMP/eleven" >"$TMP/out"
lacks "the DNS is not queried for what is not verified" \
	"dns: none._domainkey" "$TMP/out"
verify -r -v --max-signatures=11 "$TMP/eleven" >"$TMP/out"
has "it is queried for what is verified" "dns: none._domainkey" "$TMP/out"

# No more results than an Authentication-Results field may have.
for n in 1000 1001; do
	yes 'DKIM-Signature: v=1' | head -n "$n" >"$TMP/many"
	cat "$MAIL" >>"$TMP/many"
	verify "$TMP/many" >"$TMP/out"
	ok "of $n signatures 1000 have a result" \
		test "$(grep -c '' "$TMP/out")" -eq 1000
	sed -n '$p' "$TMP/out" >"$TMP/last"
	[ "$n" -ne 1000 ] || lacks "the last of 1000 is not left out" \
		"more below" "$TMP/last"
done
has "the last of 1001 says how many there are more" \
	"too-many-signatures: not checked, like 1 more below it" "$TMP/last"

sign rsa2048 "$R2048" <"$MAIL" |
	sign ed25519 "${ED% h=*} h=from:dkim-signature; bh=%BH%; b=" >"$TMP/m"
verified "$TMP/m" "pass,pass" \
	"h= may name DKIM-Signature: the field below, and not itself"
sed '2d' "$TMP/m" >"$TMP/gone"
verified "$TMP/gone" "fail signature" "taking that one away is a change"

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
sed 1p "$TMP/m" >"$TMP/twins"
verify "$TMP/twins" | sed -n 's/.*header\.b=//p' >"$TMP/b"
printf '%s\n' AAAAAAAAAAB AAAAAAAAAAB AAAAAAAAAAC BAAAAAAA >"$TMP/want"
same "and have as many as a third one needs" "$TMP/want" "$TMP/b"

# --- the verdict of one message ---

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
exits 3 "--require-domain: a pass of another domain does not count" \
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
verified_received() {
	verified_file=$1 verified_want=$2 verified_title=$3
	shift 3
	dkim-verify -z "$ZONE" -r "$@" "$verified_file" >"$TMP/out"
	outcome "$TMP/out" && [ "$outcome" = "$verified_want" ]
	result $? "$verified_title" || note "$(cat "$TMP/out")"
}
# shellcheck disable=SC2086 # words
{
	verified_received "$TMP/x0" pass \
		"--now=received: the date of the trusted Received counts" $by
	verified_received "$TMP/x1" "permerror expired" \
		"a second earlier had expired then" $by
	verified_received "$TMP/x0" "permerror expired no-received-date" \
		"without a trusted Received the clock counts: no-received-date" \
		--now=received --received-by=other.example.net
	verified_received "$TMP/x0" pass \
		"--received-by is the authserv-id if not given" \
		--now=received --authserv-id=MX.example.net.
	sed '1s/^/Received: from mx.example.net (mx.example.net [192.0.2.20])\n\tby in.example.net; Fri, 20 Nov 2026 11:30:00 +0000\n/' \
		"$TMP/x0" >"$TMP/relayed"
	by='--now=received --received-by=in.example.net'
	verified_received "$TMP/relayed" "permerror expired" \
		"the topmost trusted Received counts" $by
	verified_received "$TMP/relayed" pass \
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
has "and says so" "signature 2 does not exist" "$TMP/err"
for mode in -a -H -j -q; do
	exits 64 "--canonical with $mode is refused" \
		verify --canonical=body $mode </dev/null
done
exits 64 "--index needs --canonical" verify -r --index=1 "$TMP/m"
exits 64 "--canonical wants header or body" verify --canonical=all </dev/null
finish
