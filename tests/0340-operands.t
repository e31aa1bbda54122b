#!/bin/sh
# Which messages dkim-verify finds in its operands: pipes with a name, mboxes
# from the middle of a file, folders that cannot be read, lists.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

needs_helpers
FROM='From a@example.org Fri Nov 20 10:00:00 2026'

verify() {
	dkim-verify -z "$ZONE" --now "$NOW" "$@"
}

dkim-sign -d example.org -k r2048="$TMP/keys/rsa2048.pem" --now "$NOW" \
	<"$DATA/message.eml" >"$TMP/signed" || exit 1

# An mbox: a message that passes, one without a signature, one that fails.
entry() {
	echo "$FROM"
	cat
	echo
}
{
	entry <"$TMP/signed"
	entry <"$DATA/message.eml"
	sed 's/order is/odder is/' "$TMP/signed" | entry
} >"$TMP/mbox"

# results LABEL: are these those of the mbox, and no more?
results() {
	cut -d ' ' -f 1,2 <"$TMP/out" >"$TMP/results"
	printf "%s#%d: dkim=%s\n" "$1" 1 pass "$1" 2 none "$1" 3 fail |
		cmp - "$TMP/results"
}

exits 3 "an mbox of three messages is read" verify "$TMP/mbox"
ok "these three" results "$TMP/mbox"

# --- a pipe that has a name ---

mkfifo "$TMP/fifo"
# from_fifo FILE COMMAND: the FIFO holds the file while the command runs
from_fifo() {
	cat "$1" >"$TMP/fifo" &
	writer=$!
	shift
	timeout 120 "$@"
	set -- $?
	kill "$writer" 2>/dev/null
	wait "$writer" 2>/dev/null
	return "$1"
}
exits 3 "a pipe with a name may hold an mbox" \
	from_fifo "$TMP/mbox" dkim-verify -z "$ZONE" --now "$NOW" "$TMP/fifo"
ok "these three messages" results "$TMP/fifo"
exits 0 "a pipe with a name may hold a message" \
	from_fifo "$TMP/signed" dkim-verify -z "$ZONE" --now "$NOW" "$TMP/fifo"
ok "that one" grep -q '^dkim=pass ' "$TMP/out"
printf '%s\n' "$TMP/fifo" >"$TMP/list"
exits 3 "a list may name it" from_fifo "$TMP/mbox" \
	dkim-verify -z "$ZONE" --now "$NOW" --files-from="$TMP/list"
ok "three messages again" results "$TMP/fifo"
exits 66 "without a place for its copy an mbox cannot be read" \
	from_fifo "$TMP/mbox" env TMPDIR="$TMP/none" \
	dkim-verify -z "$ZONE" --now "$NOW" "$TMP/fifo"
exits 0 "a message in a pipe needs none" \
	from_fifo "$TMP/signed" env TMPDIR="$TMP/none" \
	dkim-verify -z "$ZONE" --now "$NOW" "$TMP/fifo"
# Its first line comes in pieces, of which none is longer than one of an mbox.
in_pieces() {
	{
		printf 'From a@example.org Fri Nov 20'
		sleep 0.2
		printf ' 10:00:00'
		sleep 0.2
		printf ' 2026\n'
		sed 1d "$TMP/mbox"
	} >"$TMP/fifo" &
	"$@"
}
exits 3 "an mbox may come in pieces" in_pieces verify "$TMP/fifo"
ok "these three, too" results "$TMP/fifo"
: >"$TMP/nothing"
exits 65 "an empty pipe is empty" from_fifo "$TMP/nothing" \
	dkim-verify "$TMP/fifo"

# --- operands without end ---

# endless COMMAND: the FIFO holds what the command writes, which does not end
endless() {
	"$@" >"$TMP/fifo" 2>/dev/null &
	timeout 120 dkim-verify -r -z "$ZONE" "$TMP/fifo" "$TMP/signed"
	set -- $?
	wait "$!"
	return "$1"
}
field() {
	printf 'X: '
	exec cat /dev/zero
}
garbage() {
	echo garbage
	exec cat /dev/zero
}
mbox_line() {
	echo "From a@example.org"
	exec yes x
}
exits 65 "/dev/zero is not a message" timeout 120 \
	dkim-verify -r -z "$ZONE" --now "$NOW" /dev/zero "$TMP/signed"
has "what follows is verified" "$TMP/signed: dkim=pass" "$TMP/out"
exits 65 "a pipe of zeros is not a message" endless cat /dev/zero
has "what follows is verified, too" "$TMP/signed: dkim=" "$TMP/out"
exits 65 "a pipe of empty lines is not a message" endless yes ''
exits 65 "nor is one of garbage" endless garbage
exits 65 "nor is one of garbage after a From line" endless mbox_line
exits 4 "a field without end is a header that is too large" endless field
has "that is what is reported" "header-too-large" "$TMP/out"
exits 4 "fields without end are, too" endless yes 'X: y'
has "that is reported, too" "header-too-large" "$TMP/out"
exits 4 "so are From lines without end" endless yes "From a"

# What writes into stdin does not lose its reader.
writes_on() {
	{
		"$@"
		echo $? >"$TMP/writer"
	} | verify -r - >"$TMP/out" 2>&1
	[ "$(cat "$TMP/writer")" -eq 0 ]
}
big_garbage() {
	head -c 20000000 /dev/zero
}
big_header() {
	yes 'X: y' | head -c 20000000
}
ok "a writer of garbage into stdin can write on" writes_on big_garbage
ok "a writer of a header that is too large, too" writes_on big_header
exits 65 "/dev/zero on stdin is not a message" timeout 120 \
	dkim-verify -r -z "$ZONE" - </dev/zero

# --- which messages are named ---

one() {
	echo "$FROM"
	cat "$TMP/signed"
}
one >"$TMP/one"
mkdir "$TMP/folder" "$TMP/box" "$TMP/box/new" "$TMP/box/cur"
cp "$TMP/signed" "$TMP/folder/1"
cp "$TMP/signed" "$TMP/box/new/1"
echo "$TMP/signed" >"$TMP/names"
# named NAME ARG...: is the one line, of stdin or of operands, NAME's?
named() {
	named_want=${1:+$1: }dkim=pass
	shift
	verify "$@" <"$TMP/one" >"$TMP/out" 2>"$TMP/err"
	[ "$(cut -d ' ' -f 1,2 <"$TMP/out" | sed 's/ header.*//')" = \
		"$named_want" ]
	result $? "${named_want%dkim=pass}named: $*" || note "$(cat "$TMP/out")"
}
# spelled NAME ARG...: so without options; and as they say
spelled() {
	spelled_name=$1
	shift
	named "$spelled_name" "$@"
	named "$spelled_name" --with-filename "$@"
	named '' --no-filename "$@"
}
named '' "$TMP/signed"
named '' -r
named '' -r -
named "$TMP/signed" --with-filename "$TMP/signed"
named - --with-filename -r
named '' --no-filename -r
spelled "$TMP/folder/1" "$TMP/folder"
spelled "$TMP/box/new/1" "$TMP/box"
spelled "$TMP/one#1" "$TMP/one"
spelled "-#1" --mbox
spelled "$TMP/signed" --files-from="$TMP/names"
verify --no-filename "$TMP/signed" "$TMP/mbox" >"$TMP/out" 2>/dev/null
ok "--no-filename is for several, too" \
	[ "$(cut -c 1-5 "$TMP/out" | sort -u)" = dkim= ]
exits 64 "both are a usage error" \
	verify --with-filename --no-filename "$TMP/signed"
for option in --with-filename --no-filename; do
	for mode in -a -H -j -q; do
		exits 64 "$option is not for $mode" \
			verify $option $mode <"$TMP/signed"
	done
	exits 64 "$option is not for a filter" verify $option <"$TMP/signed"
	exits 64 "$option is not for a query" spf-query -Q $option \
		-i 192.0.2.1 -f a@example.org
done
verify -j "$TMP/one" | "$MEMBERS" file >"$TMP/out"
ok "JSON names a message of an mbox" [ "$(cat "$TMP/out")" = "$TMP/one#1" ]

# --- operands that are not a message, in JSON ---

echo garbage >"$TMP/garbage"
printf '\n%s\n' 'A: b' >"$TMP/spaced"
verify -j "$TMP/none" "$TMP/nothing" "$TMP/garbage" "$TMP/signed" \
	"$TMP/spaced" >"$TMP/out" 2>"$TMP/err"
ok "the status is that of the first" [ $? -eq 66 ]
ok "each has a line on stderr, and all together" lines 5 "$TMP/err"
has "which tells the messages that are none" \
	"dkim-verify: 1 message: 1 pass; 4 not evaluated" "$TMP/err"
"$MEMBERS" schema file error results/0/result <"$TMP/out" >"$TMP/got"
{
	printf '1\t%s\tNo such file or directory\t?\n' "$TMP/none"
	printf '1\t%s\tthe input is empty\t?\n' "$TMP/nothing"
	printf '1\t%s\tnot a message: it does not begin with a field\t?\n' \
		"$TMP/garbage"
	printf '1\t%s\t?\tpass\n' "$TMP/signed"
	printf '1\t%s\tnot a message: it begins with an empty line\t?\n' \
		"$TMP/spaced"
} >"$TMP/want"
same "and an object, in its place" "$TMP/want" "$TMP/got"
verify -r "$TMP/none" >"$TMP/out" 2>/dev/null
ok "in a report there is none" [ ! -s "$TMP/out" ]

# --- messages in disguise ---

# disguised NAME WORDS UNDO...: $TMP/NAME is not a message, and UNDO makes the
# message of it
disguised() {
	disguised=$TMP/$1 words=$2
	shift 2
	exits 65 "a message in disguise: $words" verify "$disguised"
	has 'it says which' "$disguised: not a message: $words" "$TMP/err"
	exits 65 'as a filter, too' dkim-verify -z "$ZONE" <"$disguised"
	has 'it says which' "the input is not a message: $words" "$TMP/err"
	"$@" <"$disguised" >"$TMP/undone"
	same 'what it says to use gives the message' "$TMP/signed" "$TMP/undone"
}
while read -r name program undo words; do
	if command -v "$program" >/dev/null; then
		"$program" -c <"$TMP/signed" >"$TMP/$name"
		disguised "$name" "$words" "$undo"
	else
		skip "a message in disguise: $words" "no $program"
	fi
done <<-'EOT'
	gz gzip zcat it is compressed by gzip: use zcat
	bz2 bzip2 bzcat it is compressed by bzip2: use bzcat
	xz xz xzcat it is compressed by xz: use xzcat
	zst zstd zstdcat it is compressed by zstd: use zstdcat
EOT
for form in UTF-16 UTF-16LE UTF-16BE; do
	if iconv -f UTF-8 -t $form <"$TMP/signed" >"$TMP/$form" 2>/dev/null
	then
		disguised $form "it is in UTF-16: use iconv -f $form -t UTF-8" \
			iconv -f $form -t UTF-8
	else
		skip "a message in $form" "no iconv that makes it"
	fi
done
sed 's/^/> /' "$TMP/signed" >"$TMP/quoted"
disguised quoted "it is quoted with '> ': use sed 's/^> //'" sed 's/^> //'

# --- stdin as an mbox ---

{
	sed 's/^Subject: .*/Subject: skipped/' "$TMP/signed" | entry
} >"$TMP/skipped"
cat "$TMP/skipped" "$TMP/mbox" >"$TMP/more"

# after_first COMMAND: with the first message of the mbox on stdin read before
after_first() {
	{
		dd bs="$(wc -c <"$TMP/skipped")" count=1 of=/dev/null 2>/dev/null
		"$@"
	} <"$TMP/more"
}
exits 3 "--mbox begins at stdin's offset" after_first verify --mbox
ok "with the second message" results -
# shellcheck disable=SC2002 # a pipe is the point
piped() {
	cat "$TMP/mbox" | "$@"
}
exits 3 "--mbox reads a pipe from its first octet" piped verify --mbox
ok "all three" results -
at_end() {
	{
		cat >/dev/null
		"$@"
	} <"$TMP/mbox"
}
exits 3 "--mbox at the end of stdin finds nothing" at_end verify --mbox
ok "nothing at all" [ ! -s "$TMP/out" ]

# --- long lines in an mbox ---

{
	printf '%s\n' "$FROM" 'X: y' ''
	head -c 65536 /dev/zero | tr '\0' x
	printf '\n%s\n%s\n' 'From x at 12:00 in 2024' 'X: z'
} >"$TMP/long"
exits 3 "a line of 64 KiB does not end a message" verify "$TMP/long"
ok "there is one" lines 1 "$TMP/out"

# --- a folder that cannot be read ---

mkdir -p "$TMP/Maildir/new" "$TMP/Maildir/cur"
cp "$TMP/signed" "$TMP/Maildir/new/1"
cp "$TMP/signed" "$TMP/Maildir/cur/2"
chmod 755 "$TMP" "$TMP/Maildir"
chmod 000 "$TMP/Maildir/cur"
as_is() { "$@"; }
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
tool=$(command -v dkim-verify)
user=
if [ "$(id -u)" -ne 0 ]; then
	user=as_is
elif as_nobody "$tool" --version >/dev/null 2>&1 &&
	as_nobody test -r "$TMP/signed" -a -r "$ZONE"; then
	user=as_nobody
fi
if [ -z "$user" ]; then
	skip "a Maildir whose cur cannot be read is 66" \
		"root reads everything, and cannot be another user"
else
	exits 66 "a Maildir whose cur cannot be read is 66" \
		"$user" "$tool" -z "$ZONE" --now "$NOW" "$TMP/Maildir"
	has "it is named" "$TMP/Maildir/cur: Permission denied" "$TMP/err"
	has "new is read" "dkim=pass" "$TMP/out"
	chmod 755 "$TMP/Maildir/cur" && chmod 000 "$TMP/Maildir/new"
	exits 66 "a Maildir whose new cannot be read is 66" \
		"$user" "$tool" -z "$ZONE" --now "$NOW" "$TMP/Maildir"
	has "it is named, too" "$TMP/Maildir/new: Permission denied" "$TMP/err"
	has "cur is read" "dkim=pass" "$TMP/out"
fi
chmod 755 "$TMP/Maildir/new" "$TMP/Maildir/cur"
exits 0 "with both it is read" verify "$TMP/Maildir"
rm -r "$TMP/Maildir/new"
exits 0 "with one it is a Maildir, too" verify "$TMP/Maildir"
has "of one message" "dkim=pass" "$TMP/out"
rm -r "$TMP/Maildir/cur" && : >"$TMP/Maildir/cur"
cp "$TMP/signed" "$TMP/Maildir/cur"
exits 0 "a file of that name makes no Maildir" verify "$TMP/Maildir"
has "but is in the folder" "dkim=pass" "$TMP/out"

# --- lists ---

printf '%s\0' "$TMP/signed" "$TMP/mbox" >"$TMP/nul"
exits 3 "-0: NULs separate the names of a list" \
	verify -0 --files-from="$TMP/nul"
ok "four messages" lines 4 "$TMP/out"
exits 66 "names with NULs between are not a list of lines" \
	verify --files-from="$TMP/nul"
ok "nothing of it is verified" [ ! -s "$TMP/out" ]
ok "that is one line" lines 1 "$TMP/err"
has "list and line are named" "dkim-verify: $TMP/nul:1: a NUL character, \
which only ends names with -0" "$TMP/err"
{
	printf '%s\n' "$TMP/signed" ''
	printf '%s\0x\n' "$TMP/signed"
	printf '%s' "$TMP/mbox"
} >"$TMP/list"
exits 66 "a name with a NUL is an error" verify --files-from="$TMP/list"
ok "the others are verified" lines 4 "$TMP/out"
has "its line is named" "dkim-verify: $TMP/list:3: a NUL" "$TMP/err"
printf '%s\n' "$TMP/signed" | tr '\n' '\0' >"$TMP/nul"
from_stdin() { "$@" --files-from=- <"$TMP/nul"; }
exits 66 "also from stdin" from_stdin verify
has "which has a name" "dkim-verify: stdin:1: a NUL" "$TMP/err"
exits 0 "with -0 it is right" from_stdin verify -0

# says_list TITLE ARG...: what stderr has before the summary is in $TMP/want
says_list() {
	says_title=$1
	shift
	exits 66 "$says_title" verify "$@"
	sed "/: [0-9]* messages*[:;] /d" "$TMP/err" >"$TMP/got"
	same "it names the line" "$TMP/want" "$TMP/got"
}
printf '%s\n' "$TMP/signed" '' nowhere "$TMP/garbage" "$TMP/none/" >"$TMP/list"
{
	echo "dkim-verify: $TMP/list:3: nowhere: No such file or directory"
	echo "dkim-verify: $TMP/garbage: not a message: it does not begin with a field"
	echo "dkim-verify: $TMP/list:5: $TMP/none/: No such file or directory"
} >"$TMP/want"
says_list "a name in a list that cannot be opened" --files-from="$TMP/list"
tr '\n' '\0' <"$TMP/list" >"$TMP/nul"
sed "s|list:|nul:|" "$TMP/want" >"$TMP/t" && mv "$TMP/t" "$TMP/want"
says_list "one between NULs, which are counted" -0 --files-from="$TMP/nul"
sed "s|$TMP/nul:|stdin:|" "$TMP/want" >"$TMP/t" && mv "$TMP/t" "$TMP/want"
says_list "one on stdin" -0 --files-from=- <"$TMP/nul"
sed "/:[35]:/d" "$TMP/want" >"$TMP/t"
{
	echo "dkim-verify: nowhere: No such file or directory"
	cat "$TMP/t"
} >"$TMP/want"
says_list "an operand has no line" nowhere --files-from=- <<-END
	$TMP/garbage
END
verify -j --files-from="$TMP/list" 2>/dev/null |
	"$MEMBERS" schema file error | sed -n 2p >"$TMP/got"
printf '1\tnowhere\tNo such file or directory\n' >"$TMP/want"
same "JSON has the operand alone" "$TMP/want" "$TMP/got"

finish
