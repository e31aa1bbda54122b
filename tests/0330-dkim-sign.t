#!/bin/sh
# dkim-sign: what is signed and how; each option, identifier and exit status
# of that. Keys are in 0335-dkim-sign-keys.t.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/sign.sh
. "${0%/*}/sign.sh"
cd "$TMP" || exit 1

# --- one signature ---

exits 0 "a message is signed" sign -s r2048 -k "$K/rsa2048.pem" <"$MAIL"
[ ! -s err ]
result $? "silently"
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
same "which is what would be on top" signed out
{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	echo '>From b@example.org Fri Nov 20 10:00:00 2026'
	cat "$MAIL"
} >mbox
exits 0 "a message after From lines is signed" \
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
names "--sign-headers is a list" From:From:Subject:Subject --sign-headers From:Subject
names "commas separate, too" From:From:Subject:Subject --sign-headers From,Subject
names "names are written as given" from:from:SUBJECT:SUBJECT --sign-headers from,SUBJECT
names "+ adds to the profile" "$list:X-A" --profile=list --sign-headers +X-A --oversign +X-A
sed '1s/^/X-A: 1\nX-A: 2\n/' "$MAIL" >mail
names "every field of a name is signed" "$list:X-A:X-A" --profile=list --sign-headers +X-A
names "- takes from the profile" From:From:Date:Date \
	--sign-headers -Sender,-Reply-To,-To,-Cc,-Subject,-Message-ID,-In-Reply-To,-References,-MIME-Version,-Content-Type,-Content-Transfer-Encoding
names "-Subject takes Subject out of h= altogether" \
	"$(echo "$over" | sed 's/:Subject//g')" --sign-headers -Subject
names "nothing but the list is signed" From:From:To:To --sign-headers From:To
names "+ and - go together" From:From:Date:Date:X-A:X-A \
	--sign-headers +X-A,-Sender,-Reply-To,-To,-Cc,-Subject,-Message-ID,-In-Reply-To,-References,-MIME-Version,-Content-Type,-Content-Transfer-Encoding
names "--oversign is a list" From:To:To:X-A:X-A:X-A \
	--sign-headers From,To,X-A --oversign To,X-A
names "what is oversigned is signed" From:To:X-A:X-A:X-A \
	--sign-headers From,To --oversign X-A
names "--oversign adds with +" From:From:X-A:X-A:X-A \
	--sign-headers From,X-A --oversign +X-A
names "blanks around names are not part of them" From:To:X-A:X-A:X-A \
	--sign-headers ' From, To ' --oversign 'X-A '
names "nor is one after a sign" From:To:X-A:X-A:X-A \
	--sign-headers 'From , To' --oversign '+ X-A, -From, - To'
names "--oversign= oversigns none" From:To:X-A:X-A --sign-headers From,To,X-A --oversign=
names "nor does a blank" From:To:X-A:X-A --sign-headers From,To,X-A --oversign ' '
names "none of the profile, either" \
	From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:X-A:X-A \
	--profile=list --sign-headers +X-A --oversign=
names "--oversign takes with -" From:X-A:X-A \
	--sign-headers From,X-A --oversign -From
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
	--sign-headers From,Return-Path,Received,received-spf,DKIM-Signature,ARC-Seal,arc-foo,Delivered-To,BCC,To
names "nor oversigned" From:From --sign-headers From \
	--oversign From,Return-Path,Received,Bcc,ARC-Seal
names "Authentication-Results is signed if named" \
	From:From:Authentication-Results --sign-headers From,Authentication-Results
names "and only then" "$over"
refuses 64 "--sign-headers" "From must be signed" -s ed -k "$K/ed25519.pem" --sign-headers To \
	--oversign To <mail
refuses 64 "--sign-headers" "From cannot be taken away" -s ed -k "$K/ed25519.pem" \
	--sign-headers -From <mail
for list in '' 'From,' 'From,+To' '+To,Cc' 'a b' 'a;b' '?a,From' 'From,=?a'; do
	refuses 64 "--sign-headers: " "--sign-headers '$list' is not a list" -s ed -k "$K/ed25519.pem" \
		--sign-headers "$list" <mail
	[ -z "$list" ] || refuses 64 "--oversign: " \
		"--oversign '$list' is not a list either" \
		-s ed -k "$K/ed25519.pem" --oversign "$list" <mail
done
refuses 64 "--profile" "another profile is refused" \
	-s ed -k "$K/ed25519.pem" --profile=foo <mail
awk 'BEGIN { for (i = 0; i < 998; i++) print "X-A: " i }' >many
cat many "$MAIL" >mail
exits 0 "1000 names are signed" sign -s ed -k "$K/ed25519.pem" \
	--sign-headers From,X-A --oversign From <mail
verifies "and verify" pass
sed '1s/^/X-A: x\n/' mail >toomany
refuses 65 too-many-fields "1001 are too-many-fields" -s ed \
	-k "$K/ed25519.pem" --sign-headers From,X-A --oversign From <toomany

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
exits 0 "--now after 2038" sign --now=2050-01-01T00:00:00Z -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
tagged t 2524608000 "t= is that time"
refuses 64 "--now" "--now wants a time" --now=yesterday -s ed \
	-k "$K/ed25519.pem" <"$MAIL"
refuses 64 "--now" "received is not a time here" --now=received -s ed \
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
	--sign-headers From,Subject,X-Odd --oversign From <mail
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
	--copied-headers -s ed -k "$K/ed25519.pem" --sign-headers From,X-A \
	--oversign From <mail

# --- preflight ---

# preflight ID TITLE SCRIPT: a sed script on the message
preflight() {
	sed "$3" "$MAIL" >mail
	warns "dkim-sign: $1: " "$1: $2" -d example.org -s ed \
		-k "$K/ed25519.pem" <mail
	lines 1 err
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
	refuses 64 "--sign-headers: --profile=bulk must sign" \
		"bulk: --sign-headers $list leaves out one of the pair" \
		--profile=bulk --sign-headers "$list" -s ed -k "$K/ed25519.pem" <mail
done
exits 0 "bulk: --sign-headers may name the pair" sign --profile=bulk \
	--sign-headers From,List-Unsubscribe,List-Unsubscribe-Post -s ed \
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
		refuses 65 "no signing domain" "$1" -s ed \
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
author "what is not an address is refused" 'a@' -
author "an address literal is refused" 'a@[192.0.2.1]' -
sed '/^From/d' "$MAIL" >nofrom
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
	xn--tda._domainkey.xn--bcher-kva.example TXT "k=ed25519; p=$PUBLIC"
EOT
verifies "it verifies" pass -z zone

# --- input and usage ---

try_input -s ed -k "$K/ed25519.pem"
verifies "and verify, with one field more: header-too-large" permerror
refuses 64 "--timeout" "--timeout=0 is refused" --check-dns -z "$ZONE" \
	--timeout=0 -s ed -k "$K/ed25519.pem" <"$MAIL"
try_full -s ed -k "$K/ed25519.pem"
try_help --copied-headers
# --- time ---

if [ -f /usr/share/zoneinfo/right/UTC ]; then
	TZ=right/UTC dkim-sign -H -d example.org -k ed="$TMP/keys/ed25519.pem" \
		--now=2024-01-01T00:00:00Z <"$DATA/message.eml" >"$TMP/out"
	has "a time zone with leap seconds changes no time" 't=1704067200;' \
		"$TMP/out"
else
	skip "a time zone with leap seconds changes no time" 'no right/UTC here'
fi
finish
