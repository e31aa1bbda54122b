#!/bin/sh
# Authentication-Results under our name are removed, all others stay octet for
# octet (RFC 8601 section 5), also from headers too large to be judged; and no
# sender can write into the new field.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

tab=$(printf '\t')
ID=mx.example.org	# what most cases are about
id=$ID

checker=dkim-verify
verify() {
	"$checker" --authserv-id="$id" --now "$NOW" --zone "$ZONE" "$@"
}

# text EOL TEXT: "~" is the line end; "mixed" begins with LF
text() {
	case $1 in
	LF) line_ends='s/~/\\n/g' ;;
	CRLF) line_ends='s/~/\\r\\n/g' ;;
	mixed) line_ends='s/~\([^~]*\)~/\\n\1\\r\\n/g; s/~/\\n/' ;;
	esac
	printf '%b' "$(printf %s "$2" | sed "$line_ends")"
}

END='From: a@example.org~Subject: s~'
BODY='~Authentication-Results: mx.example.org; dkim=pass~~'

# with_field MESSAGE: what the filter must write for it. The new field stands
# in $TMP/field.
with_field() {
	cat "$TMP/field" "$1"
}

# removed TITLE REST OPTION...: of $TMP/message, a header without mbox lines,
# the filter leaves the file REST, and -H says that it cannot do that.
removed() {
	removed_title=$1 rest=$2
	shift 2
	verify -H "$@" <"$TMP/message" >"$TMP/field" 2>"$TMP/warning"
	with_field "$rest" >"$TMP/want"
	exits 0 "$removed_title" verify "$@" <"$TMP/message"
	cmp "$TMP/out" "$TMP/want" >"$TMP/difference" 2>&1
	result $? "$removed_title: the rest is untouched" ||
		note "$(cat "$TMP/difference")"
	ok "$removed_title: the filter has nothing to say" [ ! -s "$TMP/err" ]
}

# --- one field of each kind, with another host's above and below ---

OTHER='Authentication-Results: mx.example.net;~\tdkim=pass header.d=example.net~'

# one VERDICT NAME FIELD EOL
one() {
	case $4 in
	mixed) first=LF last=CRLF ;;
	*) first=$4 last=$4 ;;
	esac
	{
		text "$last" "$OTHER$END"
		text "$first" "$BODY"
	} >"$TMP/end"
	text "$first" "$OTHER" >"$TMP/without"
	cp "$TMP/without" "$TMP/message"
	text "$4" "$3" >>"$TMP/message"
	cat "$TMP/end" >>"$TMP/message"
	cat "$TMP/end" >>"$TMP/without"
	with=$TMP/message without=$TMP/without
	case $1 in
	ours) keep=$without ;;
	kept) keep=$with ;;
	other) keep=$with without=$with ;;
	esac
	case_title="$checker, $id, $1, $2, $4"
	removed "$case_title" "$without"
	if [ "$1" = other ]; then
		ok "$case_title: -H has nothing to say" [ ! -s "$TMP/warning" ]
	else
		has "$case_title: -H says that it cannot remove it" \
			"$checker: 1 Authentication-Results field(s) under" \
			"$TMP/warning"
	fi
	removed "$case_title, --keep-authres" "$keep" --keep-authres
}

# What a field of dkim is to dkim-verify, one of spf is to spf-query, one of
# dmarc to dmarc-eval, and one of vbr to vbr-check.
swap_methods() {	# swap_methods METHOD METHOD-IN-CAPITALS FIELD
	printf %s "$3" | sed "s/dkim/@/g; s/$1/dkim/g; s/@/$1/g; s/DKIM/$2/g"
}

while IFS=$tab read -r id verdict name field; do
	case $id in
	'#'*) continue ;;
	esac
	for eol in LF CRLF mixed; do
		one "$verdict" "$name" "$field" "$eol"
	done
	checker=spf-query
	one "$verdict" "$name" "$(swap_methods spf SPF "$field")" CRLF
	checker=dmarc-eval
	one "$verdict" "$name" "$(swap_methods dmarc DMARC "$field")" LF
	checker=vbr-check
	one "$verdict" "$name" "$(swap_methods vbr VBR "$field")" mixed
	checker=dkim-verify
done <"$DATA/removal/fields"

# --- many ---

id=$ID
ours=0 others=0
while IFS=$tab read -r of verdict name field; do
	[ "$of" = "$ID" ] || continue
	if [ "$verdict" = other ]; then
		others=$((others + 1))
		text LF "$field" >"$TMP/other.$others"
	else
		ours=$((ours + 1))
		text LF "$field" >"$TMP/ours.$ours"
	fi
done <"$DATA/removal/fields"
text LF "$END$BODY" >"$TMP/end"

# mixture COUNT: so many of ours, one of another host in front of each
mixture() {
	: >"$TMP/message"
	: >"$TMP/without"
	i=0
	while [ "$i" -lt "$1" ]; do
		other=$TMP/other.$((i % others + 1))
		cat "$other" "$TMP/ours.$((i % ours + 1))" >>"$TMP/message"
		cat "$other" >>"$TMP/without"
		i=$((i + 1))
	done
	cat "$TMP/end" >>"$TMP/message"
	cat "$TMP/end" >>"$TMP/without"
}

for count in 0 1 2 50 1000; do
	mixture "$count"
	removed "$count between those of other hosts are removed" "$TMP/without"
	[ "$count" -eq 0 ] ||
		has "-H counts $count" "dkim-verify: $count Auth" "$TMP/warning"
done
checker=spf-query
removed '1000 between those of other hosts are removed by spf-query' \
	"$TMP/without"
has "spf-query -H counts 1000" "spf-query: 1000 Auth" "$TMP/warning"
checker=dmarc-eval
removed '1000 between those of other hosts are removed by dmarc-eval' \
	"$TMP/without"
has "dmarc-eval -H counts 1000" "dmarc-eval: 1000 Auth" "$TMP/warning"
checker=vbr-check
removed '1000 between those of other hosts are removed by vbr-check' \
	"$TMP/without"
has "vbr-check -H counts 1000" "vbr-check: 1000 Auth" "$TMP/warning"
checker=dkim-verify
verify <"$TMP/message" >"$TMP/want"
cp "$TMP/without" "$TMP/twice"
cp "$TMP/want" "$TMP/message"
removed 'a second run removes the field of the first' "$TMP/twice"
mixture 50
printf 'From a@example.org Fri Nov 20 10:00:00 2026\n' |
	cat - "$TMP/message" >"$TMP/mbox"
exits 0 'mbox lines stay above the new field' verify <"$TMP/mbox"
verify -H <"$TMP/mbox" >"$TMP/field" 2>/dev/null
{
	head -n 1 "$TMP/mbox"
	with_field "$TMP/without"
} >"$TMP/want"
same 'the rest is without ours' "$TMP/out" "$TMP/want"
for mode in -r -j -q; do
	exits 3 "dkim-verify $mode says nothing of them" verify "$mode" \
		<"$TMP/message"
	ok "dkim-verify $mode: nothing on stderr" [ ! -s "$TMP/err" ]
done
VOUCH_AUTHSERV_ID=$ID
export VOUCH_AUTHSERV_ID
dkim-verify --zone "$ZONE" --now "$NOW" <"$TMP/message" >"$TMP/out"
with_field "$TMP/without" >"$TMP/want"
same 'the name may come from VOUCH_AUTHSERV_ID' "$TMP/out" "$TMP/want"
unset VOUCH_AUTHSERV_ID
(id=$(uname -n) && verify <"$TMP/message" >"$TMP/want")
dkim-verify --zone "$ZONE" --now "$NOW" <"$TMP/message" >"$TMP/out"
same 'without a name it is the name of the host' "$TMP/out" "$TMP/want"

# --- a header that ends for us, and not for all who read the message ---

# Each is a line that some take for the end of the header, in messages with both
# line ends. What is ours goes up to the first empty line.
while read -r eol line; do
	text "$eol" "$OTHER$END" >"$TMP/start"
	printf '%b' "$line" >>"$TMP/start"
	text "$eol" "$OTHER" >"$TMP/rest"
	text "$eol" "$BODY" >>"$TMP/rest"
	{
		cat "$TMP/start"
		text "$eol" 'Authentication-Results: mx.example.org;~ dkim=pass~'
		text "$eol" 'X-Score: 5~'
		cat "$TMP/rest"
	} >"$TMP/message"
	cat "$TMP/start" "$TMP/rest" >"$TMP/clean"
	{
		cat "$TMP/start"
		text "$eol" 'X-Score: 5~'
		cat "$TMP/rest"
	} >"$TMP/without"
	for checker in spf-query dkim-verify dmarc-eval vbr-check; do
		removed "$checker, $eol, behind $line" "$TMP/without"
		has "$checker, $eol, behind $line: -H cannot remove it" \
			"$checker: 1 Authentication-Results field(s) under" \
			"$TMP/warning"
	done
	removed "--on-pass, $eol, behind $line" "$TMP/clean" \
		--on-pass='X-Score: -3'
done <<'EOT'
LF no field\n
LF >From a@example.org\n
LF From a@example.org\n
LF : no name\n
LF \r\n
LF \0\n
CRLF no field\r\n
CRLF >From a@example.org\r\n
EOT
checker=dkim-verify

# The line end of a From line in front does not count.
{
	printf 'From a@example.org Sun Nov 22 12:00:00 2026\n'
	text CRLF "$OTHER$END$BODY"
} >"$TMP/message"
verify -H <"$TMP/message" >"$TMP/field"
{
	head -n 1 "$TMP/message"
	cat "$TMP/field"
	sed 1d "$TMP/message"
} >"$TMP/want"
exits 0 'a CRLF message behind a From line that ends in LF' \
	verify <"$TMP/message"
same 'its body is left alone' "$TMP/out" "$TMP/want"

# --- a header too large to be judged ---

repeat() {		# repeat COUNT TEXT: lines
	yes "$2" | head -n "$1"
}

# Fields over 64 KiB: the first is ours, the second another's, the third has
# its name too late.
{
	printf 'Authentication-Results: mx.example.org; dkim=pass\n'
	repeat 4000 ' header.d=bank.example'
} >"$TMP/long.ours"
{
	printf 'Authentication-Results: mx.example.net; dkim=pass\n'
	repeat 4000 ' header.d=example.net'
} >"$TMP/long.other"
{
	printf 'Authentication-Results: (\n'
	repeat 4000 ' a long, long comment'
	printf ' ) mx.example.net; dkim=pass\n'
} >"$TMP/long.late"
repeat 100001 'X: y' >"$TMP/fill.fields"
repeat 90000 'X-Fill: more than eight mebibytes are made of these lines, which say nothing at all but that' \
	>"$TMP/fill.octets"

# large FILL: both kinds around what makes it large
large() {
	cat "$TMP/fill.$1" "$TMP/message.head" "$TMP/long.ours" \
		"$TMP/long.other" "$TMP/long.late" "$TMP/message.head" \
		"$TMP/end" >"$TMP/message"
	cat "$TMP/fill.$1" "$TMP/without.head" "$TMP/long.other" \
		"$TMP/without.head" "$TMP/end" >"$TMP/without"
	cat "$TMP/message.head" "$TMP/message" >"$TMP/large"
	cat "$TMP/without.head" "$TMP/without" >"$TMP/large.without"
	mv "$TMP/large" "$TMP/message"
	mv "$TMP/large.without" "$TMP/without"
}

header_of() {
	lines=$(($(wc -l <"$1") - $(wc -l <"$TMP/end")))
	head -n "$lines" "$1"
}

piped() {
	cat | "$@"
}

mixture 60
header_of "$TMP/message" >"$TMP/message.head"
header_of "$TMP/without" >"$TMP/without.head"
for fill in fields octets; do
	large "$fill"
	removed "ours are removed from a header with too many $fill" \
		"$TMP/without"
	has "too many $fill: the result is permerror" \
		'dkim=permerror' "$TMP/field"
	has "too many $fill: the reason is header-too-large" \
		'reason="header-too-large: ' "$TMP/field"
	checker=spf-query
	removed "spf-query removes ours from a header with too many $fill" \
		"$TMP/without"
	has "too many $fill: the result of spf-query is permerror" \
		'spf=permerror' "$TMP/field"
	checker=dmarc-eval
	removed "dmarc-eval removes ours from a header with too many $fill" \
		"$TMP/without"
	has "too many $fill: the result of dmarc-eval is permerror" \
		'dmarc=permerror' "$TMP/field"
	checker=vbr-check
	removed "vbr-check removes ours from a header with too many $fill" \
		"$TMP/without"
	has "too many $fill: the result of vbr-check is permerror" \
		'vbr=permerror' "$TMP/field"
	checker=dkim-verify
	verify <"$TMP/message" >"$TMP/want"
	exits 0 "too many $fill: it can come from a pipe" \
		piped verify <"$TMP/message"
	same "too many $fill: that makes no difference" "$TMP/out" "$TMP/want"
	exits 4 "too many $fill: a report exits 4" verify -r <"$TMP/message"
	has "too many $fill: the report says why" 'header-too-large' "$TMP/out"
	exits 65 "too many $fill: vbr-insert refuses" \
		vbr-insert -d example.org -t v.example <"$TMP/message"
	has "too many $fill: vbr-insert says why" 'header-too-large: ' "$TMP/err"
	ok "too many $fill: vbr-insert writes nothing" [ ! -s "$TMP/out" ]
	exits 65 "too many $fill: dkim-sign refuses" \
		dkim-sign -d example.org -s r2048 \
		-k "$TMP/keys/rsa2048.pem" <"$TMP/message"
	has "too many $fill: dkim-sign says why" 'header-too-large: ' "$TMP/err"
	ok "too many $fill: dkim-sign writes nothing" [ ! -s "$TMP/out" ]
done

# The limits themselves.
limit_case() {		# limit_case TITLE: $TMP/fits is in it, $TMP/over is not
	for file in fits over; do
		verify -H <"$TMP/$file" >"$TMP/field"
		if [ "$file" = fits ]; then
			lacks "$1 are judged" header-too-large "$TMP/field"
			exits 0 "$1 get a VBR-Info" vbr-insert -d example.org \
				-t v.example <"$TMP/$file"
		else
			has "$1 and one more are not" header-too-large \
				"$TMP/field"
			exits 65 "$1 and one more get none" vbr-insert \
				-d example.org -t v.example <"$TMP/$file"
		fi
	done
}
{
	repeat 99999 'X: y'
	printf 'From: a@example.org\n\ntext\n'
} >"$TMP/fits"
{
	echo 'X: y'
	cat "$TMP/fits"
} >"$TMP/over"
limit_case '100,000 fields'
{
	repeat 65536 "$(printf 'X-Fill: %0119d' 0)"
	printf '\ntext\n'
} >"$TMP/fits"
octets=$(sed '/^$/,$d' "$TMP/fits" | wc -c)
note "the header has $octets octets"
ok 'the header of the next test has 8 MiB' [ "$octets" -eq 8388608 ]
sed '1s/$/!/' "$TMP/fits" >"$TMP/over"
limit_case '8 MiB of header'

# --- what a sender writes does not get into the field ---

# The field has one result, dkim and not pass, under our name; its lines are
# short, and of printable ASCII.
harmless() {
	"$BUILD/tests/helper/authres" <"$1" >"$TMP/rows" || return
	awk -F '\t' '
		$1 != 1 || $2 != "mx.example.org" || $4 != 1 ||
		    $5 != "dkim" || $7 == "pass" { print; bad = 1 }
		END { exit bad || !NR }' "$TMP/rows" || return
	# Not one octet but tabs, line ends and printable ASCII.
	[ "$(tr -d '\t\n\040-\176' <"$1" | wc -c)" -eq 0 ] || return
	awk 'length > 998 || NR > 1 && !/^\t/ ||
	    NR == 1 && !/^Authentication-Results: / { exit 1 }' "$1"
}

one_line() {
	[ "$(wc -l <"$1")" -eq 1 ] &&
		[ "$(tr -d '\n\040-\176' <"$1" | wc -c)" -eq 0 ] &&
		! grep -q '^dkim=pass' "$1"
}

while IFS=$tab read -r name field; do
	case $name in
	'#'*) continue ;;
	esac
	text LF "$field$END$BODY" >"$TMP/message"
	exits 0 "$name: there is a field" verify -H <"$TMP/message"
	if [ -x "$BUILD/tests/helper/authres" ]; then
		ok "$name: it is one result that is no pass" harmless "$TMP/out"
	else
		skip "$name: it is one result that is no pass" \
			'tests/helper/authres is not built'
	fi
	note "$(tr '\n' ' ' <"$TMP/out")"
	verify -r <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
	ok "$name: the report is one line of printable ASCII" \
		one_line "$TMP/out"
	verify -j <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
	ok "$name: the object is one line of printable ASCII" \
		one_line "$TMP/out"
	verify -r -v <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
	ok "$name: the explanation is printable" \
		[ "$(tr -d '\n\t\040-\176' <"$TMP/out" | wc -c)" -eq 0 ]
done <"$DATA/removal/injections"

# Nor into the fields of inserters, whose domain is the author's.
while read -r from; do
	text LF "From: $from~~text~" >"$TMP/message"
	exits 65 "vbr-insert takes no domain from $from" \
		vbr-insert -t v.example <"$TMP/message"
	exits 65 "dkim-sign takes no domain from $from" dkim-sign -s r2048 \
		-k "$TMP/keys/rsa2048.pem" <"$TMP/message"
	ok "it writes nothing for $from" [ ! -s "$TMP/out" ]
	ok "it says why in one printable line for $from" one_line "$TMP/err"
done <<'END'
a@example.org;mv=evil.example
a@"example.org; mv=evil.example"
a@[192.0.2.1]
a@example.org\r\rX: y
a@example.org\0000
a@\033[2Jexample.org
a@exam ple.org
a@b@example.org
a@example..org
<a@example.org> <b@example.org>
nobody
END

finish
