#!/bin/sh
# What --explain takes is bounded, whatever the message is: memory by 64 MiB
# beyond it, work by the budget, which counts what is hashed and read and not
# the time, so that the answer does not depend on what else the machine does.
# Slow: it searches in messages of 25 MB, all in vain.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"

PEAK=$BUILD/tests/helper/peak
SIZE=25000000
BEYOND=71680		# KiB: 64 MiB, and 6 of the program itself
[ -x "$PEAK" ] || skip_all 'tests/helper/peak is not built'
sanitized=
grep -q __asan_init "$BUILD/bin/dkim-verify" && sanitized=yes

explain() {
	"$PEAK" "$TMP/peak" dkim-verify --explain --now "$NOW" -z "$ZONE" "$@"
}

header() {
	printf '%s\n' 'From: Alice <a@example.org>' 'To: dev@example.net' \
		'Subject: order' 'Date: Fri, 20 Nov 2026 10:00:00 +0000' \
		'Message-ID: <1@example.org>' "$@" ''
}

# signature KEY FIELD...: the field of another body
signature() {
	signature_key=$1
	shift
	{ header "$@" && echo 'not this'; } |
		dkim-sign -H -d example.org -k "$signature_key" --now "$NOW"
}
R2048=r2048=$TMP/keys/rsa2048.pem
ED=ed=$TMP/keys/ed25519.pem

# hostile TITLE FIELD...: a message whose body is stdin, and whose From and body
# are not those that were signed, is searched within the bounds
hostile() {
	hostile=$1
	shift
	{
		signature "$R2048" "$@"
		header "$@" | sed 's/^From: Alice/From: Eve/'
		cat
	} >"$TMP/m"
	exits 1 "$hostile: it ends" explain -j "$TMP/m"
	read -r kib milliseconds <"$TMP/peak"
	more=$((kib - $(wc -c <"$TMP/m") / 1024))
	note "$milliseconds ms, $more KiB beyond the message"
	if [ "$sanitized" ]; then
		skip "$hostile: memory" 'address sanitizer'
	else
		ok "$hostile: memory" [ $more -lt $BEYOND ]
	fi
	has "$hostile: it is not explained" '"repairs":[]' "$TMP/out"
}

# lines TEXT, octets TEXT: as many as make 25 MB
lines_of() {
	yes -- "$1" | head -c $SIZE
}
octets_of() {
	yes -- "$1" | tr -d '\n' | head -c $SIZE
}
zeros() {
	head -c $SIZE /dev/zero
}
MIXED='Content-Type: multipart/mixed; boundary=b'
QP='Content-Transfer-Encoding: quoted-printable'
LINK='https://a.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fa&data=05%7C01&reserved=0'
PART='--b
Content-Type: text/plain; charset=utf-8

x'

lines_of '' >"$TMP/body"
hostile 'nothing but empty lines' <"$TMP/body"
zeros >"$TMP/body"
hostile 'nothing but NUL' <"$TMP/body"
zeros | tr '\0' '\r' >"$TMP/body"
hostile 'nothing but CR' <"$TMP/body"
zeros | tr '\0' '\351' >"$TMP/body"
hostile 'nothing but 8-bit octets' <"$TMP/body"
octets_of x >"$TMP/body"
hostile 'one line' <"$TMP/body"
octets_of 'a ' >"$TMP/body"
hostile 'one line of words' <"$TMP/body"
octets_of '>From ' >"$TMP/body"
hostile 'one line of >From' <"$TMP/body"
lines_of '>From ' >"$TMP/body"
hostile 'lines of >From' <"$TMP/body"
lines_of .. >"$TMP/body"
hostile 'lines of dots' <"$TMP/body"
lines_of '=' >"$TMP/body"
hostile 'soft line ends' "$QP" <"$TMP/body"
lines_of "$LINK" >"$TMP/body"
hostile 'links' <"$TMP/body"
octets_of "$LINK " >"$TMP/body"
hostile 'links in one line' <"$TMP/body"
lines_of '--b' >"$TMP/body"
hostile 'delimiters' "$MIXED" <"$TMP/body"
octets_of '--b' >"$TMP/body"
hostile 'delimiters in one line' "$MIXED" <"$TMP/body"
yes -- "$PART" | head -n 400000 >"$TMP/body"
hostile '100,000 parts' "$MIXED" <"$TMP/body"
yes 'Content-Type: message/rfc822

' | head -n 200000 >"$TMP/body"
hostile 'messages in messages' 'Content-Type: message/rfc822' <"$TMP/body"
i=0
while [ $i -lt 100 ]; do
	printf -- '--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n' \
		$i $((i + 1))
	i=$((i + 1))
done >"$TMP/body"
hostile '100 multiparts in each other' \
	'Content-Type: multipart/mixed; boundary=b0' <"$TMP/body"
echo x >"$TMP/body"
hostile '150,000 parameters' "$MIXED;$(yes '
 a=b;' | head -n 300000)
 c=d" <"$TMP/body"
echo x >"$TMP/body"
hostile '90,000 fields' "$(yes 'X: y' | head -n 90000)" <"$TMP/body"
echo x >"$TMP/body"
hostile '90,000 Received fields' \
	"$(yes 'Received: from a.example by b.example; Fri, 20 Nov 2026' |
		head -n 90000)" <"$TMP/body"

# --- many signatures ---

signature "$R2048" >"$TMP/one"
for i in 1 2 3 4 5 6 7 8 9 10; do
	cat "$TMP/one" "$TMP/one" "$TMP/one" "$TMP/one" "$TMP/one"
	cat "$TMP/one" "$TMP/one" "$TMP/one" "$TMP/one" "$TMP/one"
done >"$TMP/hundred"
for i in 1 2 3 4 5 6 7 8 9 10; do
	cat "$TMP/hundred"
done >"$TMP/m"
{ header | sed 's/^From: Alice/From: Eve/' && lines_of 'line'; } >>"$TMP/m"
exits 1 '1,000 signatures: it ends' explain -j "$TMP/m"
read -r kib milliseconds <"$TMP/peak"
note "$milliseconds ms, $kib KiB"

# --- the answer depends on the message and the budget alone ---

{
	signature "$ED"
	signature "$R2048"
	header | sed 's/^From: Alice/From: Eve/'
	yes 'A line of text as people write it,  with words and blanks. ' |
		head -c 1000000
} >"$TMP/m"
exits 1 'two signatures that are searched in vain' explain -j "$TMP/m"
cp "$TMP/out" "$TMP/want"
for i in 1 2 3 4; do
	nice -n $((4 * i)) dkim-verify --explain -j --now "$NOW" -z "$ZONE" \
		"$TMP/m" >"$TMP/got.$i" &
done
wait
for i in 1 2 3 4; do
	same "the same beside three others, with less priority ($i)" \
		"$TMP/want" "$TMP/got.$i"
done

tries() {
	explain -j "$@" "$TMP/m" | jq '[.explain[].tries] | add'
}
one=$(tries) two=$(tries --budget=2)
note "$one tries, and $two with --budget=2"
ok 'more budget, more tries' [ "$two" -gt "$one" ]
ok 'but in proportion' [ "$two" -lt $((one * 5 / 2)) ]
finish
