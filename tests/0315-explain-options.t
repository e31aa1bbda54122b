#!/bin/sh
# dkim-verify --explain: options, statuses that remain the same, --repaired, the
# table of several messages, JSON. What can be found is tested by the unit tests
# of common/repair/ and common/explain/.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/verify.sh
. "${0%/*}/verify.sh"

explain() {
	verify --explain "$@"
}

R1024='v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=r1024; h=from:to:subject:message-id; bh=%BH%; b='
# Empty lines at the end are not signed: none that is there is brought back.
printf '%s\n' 'From: a@example.org' 'To: dev@example.net' 'Subject: order' \
	'Message-ID: <1@example.org>' '' 'The order is on its way.' 'Bye.' |
	sign rsa1024 "$R1024" >"$TMP/good"
{ sed 's/^Subject: /&[dev] /' "$TMP/good" && printf '%s\n' '___' 'dev list'
} >"$TMP/list"
sed 's/order is/odder is/' "$TMP/good" >"$TMP/forged"

# --- what is told is so, whichever way it was altered ---

sed 's/^To: dev@example/To: Dev@Example/' "$TMP/good" >"$TMP/m"
exits 1 'an address that was written with capitals' explain "$TMP/m"
has 'is in another case' \
	'Something on the way changed the letter case of the addresses in To;' \
	"$TMP/out"
printf '%s\n' 'From: a@example.org' 'Subject: an order' ' of the week' '' x |
	sign rsa1024 'v=1; a=rsa-sha256; c=simple; d=example.org; s=r1024; h=from:subject; bh=%BH%; b=' |
	sed '/^Subject: /{N;s/\n//;}' >"$TMP/m"
exits 1 'a field whose lines were joined' explain "$TMP/m"
has 'has other line breaks' \
	'Something on the way changed the line breaks of Subject;' "$TMP/out"

# --- the result and the status remain the same ---

# unchanged FILE ARG...: the lines of results and the status do not depend on
# --explain, nor do those of --json.
unchanged() {
	unchanged=$1
	shift
	verify -r "$@" "$unchanged" >"$TMP/want" 2>/dev/null
	want=$?
	explain --budget=1 "$@" "$unchanged" 2>/dev/null >"$TMP/out"
	[ $? -eq "$want" ] || return
	grep -v '^  ' "$TMP/want" >"$TMP/results"
	grep -v '^  ' "$TMP/out" | cmp - "$TMP/results" || return
	verify -j "$@" "$unchanged" >"$TMP/want"
	explain -j "$@" "$unchanged" >"$TMP/out"
	[ $? -eq "$want" ] || return
	jq -c 'del(.explain)' "$TMP/out" >"$TMP/less"
	jq -c . "$TMP/want" | cmp - "$TMP/less"
}
command -v jq >/dev/null || skip_all 'no jq'
set -- "$DATA"/*/*.eml
# shellcheck disable=SC2046 # names without blanks
full || set -- $(grep -l '^DKIM-Signature' "$@")
for file in "$@" "$MAIL" "$TMP/good" "$TMP/list" "$TMP/forged"; do
	ok "the result is the same: ${file##*/}" unchanged "$file"
done
with_results pass fail policy neutral permerror temperror
ok 'also with signatures of every kind' unchanged "$TMP/m" -z "$TMP/down.zone"
ok 'with --all' unchanged "$TMP/m" -z "$TMP/down.zone" --all
ok 'with -v' unchanged "$TMP/list" -v

# --- options ---

# usage TITLE WORDS ARG...: 64 and these words, nothing on stdout
usage() {
	usage_title=$1 usage_words=$2
	shift 2
	exits 64 "$usage_title" verify "$@" <"$TMP/list"
	has 'it says why' "$usage_words" "$TMP/err"
	ok 'and nothing else' [ ! -s "$TMP/out" ]
}
usage '--explain reports: not with -a' 'no option that implies -r' --explain -a
usage 'nor with -H' 'no option that implies -r' --explain -H
usage 'nor with -q' '--explain takes none of -a, -H and -q' --explain -q
usage 'nor with --canonical' '--canonical and --explain exclude each other' \
	--explain --canonical=body
usage '--repaired needs it' '--repaired needs --explain' --repaired="$TMP/x"
usage '--budget needs it' '--budget needs --explain' --budget=2
usage '--budget is a number' budget --explain --budget=x
usage 'which is not 0' budget --explain --budget=0
usage '--repaired never overwrites the message' 'is a message to be read' \
	--explain --repaired="$TMP/list"
usage 'also where it is an operand' 'is a message to be read' \
	--explain --repaired="$TMP/list" "$TMP/list"
exits 1 '--explain implies -r' explain <"$TMP/list"
has 'it writes a line' 'dkim=fail reason="body-hash' "$TMP/out"
lacks 'without what -v shows' '  canonicalization: ' "$TMP/out"
cp "$TMP/out" "$TMP/from_file"
# shellcheck disable=SC2002 # a pipe is the point
cat "$TMP/list" | explain >"$TMP/out"
same 'a pipe gives the same' "$TMP/from_file" "$TMP/out"
explain "$TMP/list" >"$TMP/out"
same 'and an operand' "$TMP/from_file" "$TMP/out"
explain --budget=3 "$TMP/list" >"$TMP/out"
same 'what was found is found with a larger budget, too' \
	"$TMP/from_file" "$TMP/out"
explain -v "$TMP/list" >"$TMP/out"
has 'with -v the rest is below it' '  canonicalization: ' "$TMP/out"
sed 1d "$TMP/from_file" >"$TMP/want"
sed '1d; /^  canonicalization/,$d' "$TMP/out" >"$TMP/got"
same 'what explains comes first' "$TMP/want" "$TMP/got"
sed 's/$/\r/' "$TMP/list" >"$TMP/crlf"
exits 1 'lines may end in CRLF' explain "$TMP/crlf"

# --- --repaired ---

exits 1 'a message is repaired' explain --repaired="$TMP/fixed" "$TMP/list"
exits 0 'it verifies' verify "$TMP/fixed"
same 'and is the one that was signed' "$TMP/good" "$TMP/fixed"
exits 1 'also one with CRLF' explain --repaired="$TMP/fixed" "$TMP/crlf"
exits 0 'it verifies, too' verify "$TMP/fixed"
{ echo 'From x@example.org Fri Nov 20 10:00:00 2026' && cat "$TMP/list" && echo
} >"$TMP/mbox"
echo 'something that is longer than the message' >"$TMP/fixed"
yes | head -n 1000 >>"$TMP/fixed"
exits 1 'the message of an mbox' explain --repaired="$TMP/fixed" "$TMP/mbox"
same 'replaces what is in the file, and has no mbox line' \
	"$TMP/good" "$TMP/fixed"
mkfifo "$TMP/fifo"
timeout 60 cat "$TMP/fifo" >"$TMP/read" &
exits 1 'the file may be a pipe' explain --repaired="$TMP/fifo" "$TMP/list"
wait
same 'which gets it' "$TMP/good" "$TMP/read"
rm "$TMP/fixed"
exits 1 'a forged message cannot be repaired' \
	explain --repaired="$TMP/fixed" "$TMP/forged"
ok 'no file is made' [ ! -e "$TMP/fixed" ]
has 'stderr says so' 'the message as it was signed is not known' "$TMP/err"
exits 0 'one that passes needs no repair' \
	explain --repaired="$TMP/fixed" "$TMP/good"
ok 'no file is made' [ ! -e "$TMP/fixed" ]
has 'stderr says so' 'a signature covers the message as it is' "$TMP/err"
exits 3 'one without a signature neither' \
	explain --repaired="$TMP/fixed" "$MAIL"
ok 'no file is made' [ ! -e "$TMP/fixed" ]
exits 66 'a file that cannot be made is 66' \
	explain --repaired="$TMP/none/x" "$TMP/list"
has 'it is named' "--repaired: $TMP/none/x: No such file" "$TMP/err"
if [ -c /dev/full ]; then
	exits 74 'a full disk is 74' explain --repaired=/dev/full "$TMP/list"
else
	skip 'a full disk is 74' 'no /dev/full'
fi
exits 64 'several messages are a usage error' \
	explain --repaired="$TMP/fixed" "$TMP/forged" "$TMP/list"
has 'it says so' '--repaired takes a single message' "$TMP/err"

# --- several signatures ---

sign ed25519 "$ED" <"$TMP/list" >"$TMP/two"
exits 0 'the list has signed, too' explain "$TMP/two"
exits 0 'its signature passes' explain --repaired="$TMP/fixed" "$TMP/two"
verify -r "$TMP/fixed" >"$TMP/out"
has 'the one below it is the one that is repaired' \
	'dkim=pass header.d=example.org header.s=r1024' "$TMP/out"
cp "$TMP/list" "$TMP/m"
for i in 1 2 3 4 5 6 7 8; do
	sed "1s/d=example/i=x$i@example/" "$TMP/list" | sed -n '/^DKIM/p' |
		cat - "$TMP/m" >"$TMP/next"
	mv "$TMP/next" "$TMP/m"
done
exits 1 'many signatures are explained' explain --max-signatures=100 "$TMP/m"
explain -j --max-signatures=100 "$TMP/m" >"$TMP/out"
ok 'each has an explanation' [ "$(jq '.explain | length' "$TMP/out")" = \
	"$(jq '.results | length' "$TMP/out")" ]

# --- several messages ---

mkdir -p "$TMP/Maildir/cur" "$TMP/Maildir/new"
cp "$TMP/list" "$TMP/Maildir/cur/1"
cp "$TMP/list" "$TMP/Maildir/cur/2"
cp "$TMP/forged" "$TMP/Maildir/cur/3"
cp "$TMP/good" "$TMP/Maildir/new/4"
cp "$MAIL" "$TMP/Maildir/new/5"
exits 3 'a Maildir is explained' explain "$TMP/Maildir"
sed -n '/^ALTERATION/,$p' "$TMP/out" >"$TMP/table"
has 'and ends with a table' 'ALTERATION' "$TMP/table"
has 'of what was altered' 'subject-tag ' "$TMP/table"
ok 'how often' grep -Eq '^subject-tag +2  ' "$TMP/table"
has 'what was not found has its reason' 'body-hash ' "$TMP/table"
lacks 'what passes is not in it' r1024 "$TMP/table"
ok 'the commonest first' [ "$(awk 'NR > 1 { print $2 }' "$TMP/table" |
	tr '\n' ' ')" = "$(awk 'NR > 1 { print $2 }' "$TMP/table" | sort -rn |
	tr '\n' ' ')" ]
{ echo 'Received: from a by b; Fri, 20 Nov 2026 10:00:00 +0000' &&
	sign rsa1024 "t=1; x=2; $R1024" <"$MAIL"
} >"$TMP/expired"
exits 4 'where nothing was altered' explain "$TMP/expired" "$TMP/good"
ok 'no software is to blame' grep -Eqx 'expired +1' "$TMP/out"
exits 3 'JSON' explain -j "$TMP/Maildir"
lacks 'has no table' ALTERATION "$TMP/out"
ok 'but an object for each message' [ "$(jq -s length "$TMP/out")" = 5 ]
exits 1 'nor has a single message' explain "$TMP/list"
lacks 'a table' ALTERATION "$TMP/out"
exits 0 'nor have messages that pass' explain "$TMP/good" "$TMP/good"
lacks 'one' ALTERATION "$TMP/out"
exits 3 'without --explain' verify "$TMP/Maildir"
lacks 'there is none' ALTERATION "$TMP/out"

# --- what a message has is never more than text ---

{
	sed 's/^Subject: /&['"$(printf '\033')"'[31m] /' "$TMP/good"
	printf '\033[31m\n'
} >"$TMP/m"
exits 1 'controls of a message are escaped' explain "$TMP/m"
lacks 'on the terminal' "$(printf '\033')" "$TMP/out"
finish
