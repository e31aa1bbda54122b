#!/bin/sh
# Authentication-Results under our name are removed, all others stay octet for
# octet (RFC 8601 section 5): one field a message, a thousand, headers that end
# for us and not for all, and headers too large to be verified.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
# shellcheck source=tests/removal.sh
. "$ROOT/tests/removal.sh"

# --- one field of each kind, with another host's above and below ---

# left TITLE REST OPTION...: of $TMP/message the filter leaves that text, below
# the field that is in $TMP/field
left() {
	left_title=$1 left_text=$2
	shift 2
	{
		cat "$TMP/field"
		text LF "$left_text"
	} >"$TMP/want"
	exits 0 "$left_title" verify "$@" <"$TMP/message"
	same "$left_title: the rest is untouched" "$TMP/want" "$TMP/out"
	[ ! -s "$TMP/err" ]
	result $? "$left_title: the filter has nothing to say"
}

# one VERDICT NAME FIELD
one() {
	one_title="$checker, $id, $1, $2"
	with=$OTHER$3$OTHER$END$BODY without=$OTHER$OTHER$END$BODY
	text LF "$with" >"$TMP/message"
	verify -H <"$TMP/message" >"$TMP/field" 2>"$TMP/warning"
	if [ "$1" = other ]; then
		without=$with
		[ ! -s "$TMP/warning" ]
		result $? "$one_title: -H has nothing to say"
	else
		has "$one_title: -H says that it cannot remove it" \
			"$checker: 1 Authentication-Results field(s) with the authserv-id" \
			"$TMP/warning"
	fi
	left "$one_title" "$without"
	[ "$1" != kept ] || without=$with
	left "$one_title, --keep-authres" "$without" --keep-authres
}

while IFS=$tab read -r id verdict name field; do
	case $id in
	'#'*) continue ;;
	esac
	one "$verdict" "$name" "$field"
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

# mixture COUNT: so many of this host, one of another host in front of each
mixture() {
	: >"$TMP/of_all"
	: >"$TMP/of_others"
	i=0
	while [ "$i" -lt "$1" ]; do
		echo "$TMP/other.$((i % others + 1))" >>"$TMP/of_others"
		printf '%s\n' "$TMP/other.$((i % others + 1))" \
			"$TMP/ours.$((i % ours + 1))" >>"$TMP/of_all"
		i=$((i + 1))
	done
	{
		xargs cat <"$TMP/of_all"
		cat "$TMP/end"
	} >"$TMP/message"
	{
		xargs cat <"$TMP/of_others"
		cat "$TMP/end"
	} >"$TMP/without"
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
same "the rest is without this host's" "$TMP/out" "$TMP/want"
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
# line ends. What is this host's goes up to the first empty line.
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
		removed "$checker, $eol, after $line" "$TMP/without"
		has "$checker, $eol, after $line: -H cannot remove it" \
			"$checker: 1 Authentication-Results field(s) with the authserv-id" \
			"$TMP/warning"
	done
	removed "--on-pass, $eol, after $line" "$TMP/clean" \
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
exits 0 'a CRLF message after a From line that ends in LF' \
	verify <"$TMP/message"
same 'its body is left alone' "$TMP/out" "$TMP/want"

# --- a header too large to be verified ---

repeat() {		# repeat COUNT TEXT: lines
	yes "$2" | head -n "$1"
}

# Fields over 64 KiB: the first is this host's, the second another's, the third
# has its name too late.
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
	removed "this host's are removed from a header of too many $fill" \
		"$TMP/without"
	has "too many $fill: the result is permerror" \
		'dkim=permerror' "$TMP/field"
	has "too many $fill: the reason is header-too-large" \
		'reason="header-too-large: ' "$TMP/field"
	checker=spf-query
	removed "spf-query removes this host's with too many $fill" \
		"$TMP/without"
	has "too many $fill: the result of spf-query is permerror" \
		'spf=permerror' "$TMP/field"
	checker=dmarc-eval
	removed "dmarc-eval removes this host's with too many $fill" \
		"$TMP/without"
	has "too many $fill: the result of dmarc-eval is permerror" \
		'dmarc=permerror' "$TMP/field"
	checker=vbr-check
	removed "vbr-check removes this host's with too many $fill" \
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
# limit_case TITLE: $TMP/below is within the limit, $TMP/over is not
limit_case() {
	for file in below over; do
		verify -H <"$TMP/$file" >"$TMP/field"
		if [ "$file" = below ]; then
			lacks "$1 are verified" header-too-large "$TMP/field"
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
} >"$TMP/below"
{
	echo 'X: y'
	cat "$TMP/below"
} >"$TMP/over"
limit_case '100,000 fields'
{
	repeat 65536 "$(printf 'X-Fill: %0119d' 0)"
	printf '\ntext\n'
} >"$TMP/below"
octets=$(sed '/^$/,$d' "$TMP/below" | wc -c)
note "the header has $octets octets"
ok 'the header of the next test has 8 MiB' [ "$octets" -eq 8388608 ]
sed '1s/$/!/' "$TMP/below" >"$TMP/over"
limit_case '8 MiB of header'


finish
