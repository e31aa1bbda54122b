#!/bin/sh
# dkim-verify --explain of messages made to mislead it: nothing is told of the
# signer that the hashes do not prove, no octet of a message acts on the
# terminal or looks like a line of the tool, and no message keeps it busy.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/verify.sh
. "${0%/*}/verify.sh"

explain() {
	verify --explain "$@"
}

# tags NAMES [TAG]: the tags of a signature over fields of these names
tags() {
	echo "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=r1024; h=$1; ${2-}bh=%BH%; b="
}
ALL=$(tags from:to:subject:reply-to)
message() {
	printf '%s\n' 'From: a@example.org' 'To: dev@example.net' \
		'Subject: order' '' "$1"
}
message 'Pay 1.' | sign rsa1024 "$ALL" >"$TMP/good"

# --- what the signer did not sign ---

# A signature of example.org, with bh= of a body that a stranger wrote.
bh=$(printf 'Pay 1000.\r\n' | openssl dgst -sha256 -binary | openssl base64)
sed -e "s|bh=[^;]*|bh=$bh|" -e 's/order/no order at all/' -e 's/Pay 1\./Pay 1000./' \
	"$TMP/good" >"$TMP/m"
exits 1 'a body hash that was replaced' explain "$TMP/m"
lacks 'the body is not said to be as signed' 'body is as' "$TMP/out"
lacks 'nor proven' 'proven as signed' "$TMP/out"
has 'but as bh= has it' 'the body is the one that the signature describes.' \
	"$TMP/out"
printf '%s\n' '-- ' 'footer' >>"$TMP/m"
exits 1 'the same, and a footer' explain "$TMP/m"
has 'the footer is told' 'added a 2-line footer after line 1' "$TMP/out"
lacks "and not that the rest is the signer's" 'as example.org signed it.' \
	"$TMP/out"

{ echo 'Subject: mine' && cat "$TMP/good"; } >"$TMP/m"
exits 0 'a valid signature below a Subject that it does not cover' \
	explain "$TMP/m"
lacks 'the message is not said to be as signed' 'The message is as' "$TMP/out"
has 'the Subject is named' \
	'not every field named Subject is signed, so anyone can have added' \
	"$TMP/out"
has 'and not proven as a whole' 'to, subject (not each)' "$TMP/out"

message 'Pay 1.' | sign rsa1024 "$(tags from:to:subject 'l=8; ')" >"$TMP/m"
echo 'and 1000 more' >>"$TMP/m"
exits 0 'a text after l=' explain --allow-body-length "$TMP/m"
lacks 'the message is not said to be as signed' 'The message is as' "$TMP/out"
has 'how much is signed is told' \
	'of the body only the first 8 octets are signed' "$TMP/out"

sed 's/^From: a@/From: mallory@/' "$TMP/good" >"$TMP/m"
exits 1 'From that was changed' explain "$TMP/m"
lacks 'is not proven' 'proven as signed: from' "$TMP/out"
exits 1 'and there is nothing to be repaired' \
	explain --repaired="$TMP/repaired" "$TMP/m"
ok 'so no file is made' [ ! -e "$TMP/repaired" ]

# What a stranger has altered, signed so, with the signature below the other.
stranger() {		# stranger SCRIPT: of sed
	sed '/^From: /,$d' "$TMP/good"
	sed -n -e "$1" -e '/^From: /,$p' "$TMP/good" | sign rsa1024 \
		'v=1; a=rsa-sha256; d=example.net; s=r1024; t=1; h=from:to:subject; bh=%BH%; b='
}
sed -n 's/example\.org/example.net/p' "$ZONE" >"$TMP/stranger.zone"
stranger 's/^From: a@/From: mallory@/' >"$TMP/m"
exits 0 'a valid signature of another domain over a changed From' \
	explain -z "$TMP/stranger.zone" "$TMP/m"
has 'is no proof of From' 'signed, but not proven to be unchanged: from' \
	"$TMP/out"
stranger 's/^Subject: /&[x] /' >"$TMP/m"
exits 0 'one over a tag in the Subject' \
	explain -z "$TMP/stranger.zone" "$TMP/m"
has 'does not hide the tag' 'added "[x] " to the Subject' "$TMP/out"

# --- what reaches the terminal ---

# printed FILE: each octet is printable ASCII, and each line is one of the tool:
# what a message says is in quotes
printed() {
	! LC_ALL=C grep -q '[^ -~]' "$1" &&
		[ "$(grep -c '^dkim=' "$1")" -eq 1 ] &&
		! grep -q '^ *proven as signed: mallory' "$1"
}
{
	cat "$TMP/good"
	printf '%s\n' 'dkim=pass header.d=bank.example' \
		'  The message is as bank.example signed it.' \
		'  proven as signed: mallory'
	printf '\033[2J\033]0;x\007 \342\200\256 evil \342\200\250 \302\205\n'
	printf 'over\r  proven as signed: mallory\r\n'
} >"$TMP/m"
exits 1 'a footer that looks like lines of the tool' explain "$TMP/m"
ok 'is in quotes' printed "$TMP/out"
has 'and told as one' 'added a 5-line footer after line 1' "$TMP/out"
sed "s/^Subject: /&$(printf '[\033[31m\342\200\256"\\r  dkim=pass] ')/" \
	"$TMP/good" >"$TMP/m"
exits 1 'a tag of controls' explain "$TMP/m"
ok 'is escaped' printed "$TMP/out"
for json in -j '-j --original=/dev/null'; do
	# shellcheck disable=SC2086 # words
	explain $json "$TMP/m" >"$TMP/out" 2>"$TMP/err"
	jq -e . "$TMP/out" >"$TMP/object" 2>/dev/null
	ok "JSON is valid: $json" [ $? -lt 5 ]
done
{
	printf 'Received: from \033[31m by lists.example.net (\342\200\256);\n'
	printf '\tFri, 20 Nov 2026 11:00:00 +0000\n'
	printf 'X-Mailman-Version: 3\033[31m\342\200\256.3\nList-Id: <\0337>\n'
	sed 's/^Subject: /&[x] /' "$TMP/good"
} >"$TMP/m"
exits 1 'fields of software with controls' explain "$TMP/m"
ok 'are escaped' printed "$TMP/out"

# --- what takes long ---

# Of the processor's time: load does not count.
quickly() (
	# shellcheck disable=SC3045 # every sh here has it
	ulimit -t 100
	exec dkim-verify --explain --now "$NOW" -z "$ZONE" -r "$@"
)
{
	sed '/^$/,$d' "$TMP/good"
	echo 'Content-Type: multipart/mixed; boundary=b;'
	yes ' a=b;' | head -n 150000
	printf '%s\n' ' c=d' '' '--b' '' 'other' '--b--'
} >"$TMP/m"
exits 1 '150,000 parameters of a Content-Type field' quickly "$TMP/m"
{
	sed '/^$/q' "$TMP/good"
	yes '' | head -n 2000000
	echo x
} >"$TMP/m"
exits 1 '2,000,000 empty lines' quickly "$TMP/m"
has 'the budget tells so' 'the budget was spent' "$TMP/out"

# --- what does not suffice ---

# scarce FILE: with so little memory, the status is that of the message, or 75
scarce() {
	for kib in 9000 12000 14000 16000 20000 30000 60000; do
		(
			# shellcheck disable=SC3045 # every sh here has it
			ulimit -v "$kib" 2>/dev/null
			quickly "$1"
		) >"$TMP/scarce" 2>&1
		scarce=$?
		# The program itself may not be loaded.
		[ "$scarce" -eq 1 ] || [ "$scarce" -eq 75 ] ||
			[ "$scarce" -eq 127 ] || return
	done
}
if grep -q __asan_init "$(command -v dkim-verify)"; then
	skip 'little memory' 'address sanitizer'
else
	ok 'little memory ends it with 75' scarce "$TMP/m"
	sed '1,/^$/s/order/other/' "$TMP/good" >"$TMP/m"
	ok 'whatever the message is' scarce "$TMP/m"
fi

# --- where --repaired goes ---

sed 's/^Subject: /&[x] /' "$TMP/good" >"$TMP/m"
cp "$TMP/m" "$TMP/copy"
ln -s m "$TMP/link"
ln "$TMP/m" "$TMP/hard"
exits 64 'not to a link to the message' explain --repaired="$TMP/link" "$TMP/m"
exits 64 'not to another name of it' explain --repaired="$TMP/hard" "$TMP/m"
same 'which is as it was' "$TMP/m" "$TMP/copy"
mkdir "$TMP/folder"
cp "$TMP/m" "$TMP/folder/1"
cp "$TMP/m" "$TMP/folder/2"
cp "$TMP/good" "$TMP/sent"
echo more >>"$TMP/sent"
ln -s folder/2 "$TMP/second"
ln "$TMP/sent" "$TMP/original"
exits 64 'not to a message that would be read after it' \
	explain --repaired="$TMP/second" "$TMP/m" "$TMP/folder/2"
exits 64 'nor to one of a folder' \
	explain --repaired="$TMP/second" "$TMP/folder"
echo "$TMP/folder" >"$TMP/names"
exits 64 'nor to one of a list' \
	explain --repaired="$TMP/second" --files-from="$TMP/names"
same 'which is as it was' "$TMP/m" "$TMP/folder/2"
exits 64 'not to the original' \
	explain --repaired="$TMP/sent" --original="$TMP/sent" "$TMP/m"
has 'it is named' "--repaired: $TMP/sent is the file of --original" "$TMP/err"
exits 64 'nor to another name of it' \
	explain --repaired="$TMP/original" --original="$TMP/sent" "$TMP/m"
ok 'which is as it was' grep -qx more "$TMP/sent"
exits 1 'but to another file beside it' \
	explain --repaired="$TMP/fixed" --original="$TMP/sent" "$TMP/m"
same 'which gets it' "$TMP/good" "$TMP/fixed"
exits 66 'not to a directory' explain --repaired="$TMP" "$TMP/m"
exits 74 'nor to a full disk' explain --repaired=/dev/full "$TMP/m"
exits 74 'nor are results' sh -c "dkim-verify --explain -j -z '$ZONE' \
	--now $NOW '$TMP/m' >/dev/full"
finish
