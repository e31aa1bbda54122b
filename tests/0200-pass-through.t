#!/bin/sh
# Filters change nothing but what they add: data/pass-through/shapes in all
# line ends, from a file, a pipe, the middle of a file, octet by octet. What is
# no message is refused, and a file that changes in between.
# Slow: it runs the tools some thousand times.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

SHAPES=$BUILD/tests/helper/shapes
FILTER=$BUILD/tests/helper/filter
DRIP=$BUILD/tests/helper/drip
needs "$SHAPES" "$FILTER" "$DRIP"

run() { "$@"; }

vbr() {
	run vbr-insert -d example.org -t vouch.example "$@"
}

sign() {
	run dkim-sign -d example.org -k r2048="$TMP/keys/rsa2048.pem" \
		-k ed="$TMP/keys/ed25519.pem" --now "$NOW" "$@"
}

verify() {
	run dkim-verify --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		"$@"
}

# It writes all that it can.
spf() {
	run spf-query --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		-i 192.0.2.1 -f a@example.org -e mail.example.org \
		--scope=both --received-spf "$@"
}

dmarc() {
	run dmarc-eval --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		-i 192.0.2.1 -f a@example.org -e mail.example.org "$@"
}

# It is vouched for, and both fields are written.
check() {
	run vbr-check --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		--set='spf.example TXT v=spf1 +all' \
		--set='spf.example._vouch.vouch.example TXT all' \
		-i 192.0.2.1 -f a@spf.example -t vouch.example --no-vbr-info \
		--on-pass='X-VBR-Score: -3.0' "$@"
}

# some N LIST: $TMP/list is every Nth line of it, other ones each time, so that in
# the end each shape was in it; in check-all it has all lines
turn=0
some() {
	turn=$((turn + 5))
	if full; then
		cp "$2" "$TMP/list"
	else
		awk "NR % $1 == $turn % $1" "$2" >"$TMP/list"
	fi
}

# filter WAY LABEL FUNCTION ARG...: the tool that one of these functions runs gets
# what is in $TMP/list
filter() {
	way=$1 label=$2
	shift 2
	run() { "$FILTER" "$way" "$label" "$TMP/list" "$@"; }
	"$@" >"$TMP/tried" || result 1 "$label ends with $?"
	run() { "$@"; }
	tally "$TMP/tried"
}

mkdir "$TMP/shapes"
"$SHAPES" "$DATA/pass-through/shapes" "$TMP/shapes" >"$TMP/all" || exit 1
for tool in vbr verify spf dmarc check sign; do
	some 12 "$TMP/all"
	filter unchanged "$tool" "$tool"
done
sed -i 's/\t/.out&/; s/$/, signed,/' "$TMP/list"
for tool in verify dmarc check; do
	filter unchanged "$tool" "$tool"
done

# --- a filter with nothing to add or to check changes nothing at all ---

printf 'other.example all vouch.example\n' >"$TMP/vbr.table"
printf 'other.example other.example s %s\n' "$TMP/keys/rsa2048.pem" \
	>"$TMP/dkim.table"
sed 's/$/\r/' "$DATA/message.eml" >"$TMP/message"
exits 0 'vbr-insert passes a message that its table does not list' \
	vbr-insert --table "$TMP/vbr.table" <"$TMP/message"
same 'it is the same message' "$TMP/out" "$TMP/message"
exits 0 'dkim-sign passes a message that its table does not list' \
	dkim-sign --table "$TMP/dkim.table" <"$TMP/message"
same 'it is the same message, too' "$TMP/out" "$TMP/message"

# --- where the message comes from ---

# The message begins in the middle of a file: that is where it is read again.
at_offset() {		# at_offset TOOL SKIPPED FILE
	{
		dd bs="$2" count=1 of=/dev/null 2>/dev/null
		"$1"
	} <"$3"
}

head -c 70001 /dev/zero >"$TMP/offset"
cp "$DATA/message.eml" "$TMP/message"
yes 'more and more text' | head -n 20000 >>"$TMP/message"
cat "$TMP/message" >>"$TMP/offset"
printf 'x: y\n\nz\n' | cat - "$TMP/message" >"$TMP/offset.small"
for tool in vbr sign verify spf dmarc check; do
	"$tool" <"$TMP/message" >"$TMP/want"
	exits 0 "$tool reads a file on stdin from its offset" \
		at_offset "$tool" 70001 "$TMP/offset"
	same "$tool: that is the message" "$TMP/out" "$TMP/want"
	exits 0 "$tool reads a file from its eighth octet on" \
		at_offset "$tool" 8 "$TMP/offset.small"
	same "$tool: that is the message, too" "$TMP/out" "$TMP/want"
	exits 65 "$tool finds a file at its end empty" \
		at_offset "$tool" 70000000 "$TMP/offset"
	cp "$TMP/message" "$TMP/both"
	exits 0 "$tool leaves a file on stdin as it is" \
		"$tool" <"$TMP/both"
	same "$tool: the file is what it was" "$TMP/both" "$TMP/message"
done

drip_message() {	# drip_message TOOL MESSAGE
	"$DRIP" <"$2" | "$1"
}

sed 's/$/\r/' "$DATA/message.eml" >"$TMP/message"
{
	printf 'From a@example.org Fri Nov 20 10:00:00 2026\n'
	sed 's/^From: /&\r\n /' "$DATA/message.eml"
	printf 'a\0b\r\r\n\377'
} >"$TMP/odd"
for tool in vbr sign verify spf dmarc check; do
	for file in message odd; do
		"$tool" <"$TMP/$file" >"$TMP/want" 2>"$TMP/err"
		exits 0 "$tool reads an octet at a time ($file)" \
			drip_message "$tool" "$TMP/$file"
		same "$tool: that changes nothing ($file)" \
			"$TMP/out" "$TMP/want"
	done
done

# --- a file that changes between the two readings ---

# Nothing is written before all was read and verified: when the first line comes
# out, the file has been read once. Less than half of it can be in the pipe.
# shellcheck disable=SC2094
change_file() {		# change_file TOOL CHANGE
	{
		"$1" 2>"$TMP/err"
		echo $? >"$TMP/status"
	} <"$TMP/changing" | {
		read -r _
		"$2" "$TMP/changing"
		exec cat >/dev/null
	}
	read -r status <"$TMP/status"
	return "$status"
}

append() { printf x >>"$1"; }
cut_short() { dd if=/dev/null of="$1" bs=1 seek=200000 2>/dev/null; }
empty() { : >"$1"; }
overwrite() {
	printf x | dd of="$1" bs=1 seek=300000 conv=notrunc 2>/dev/null
}
overwrite_secretly() {
	touch -r "$1" "$TMP/time"
	overwrite "$1"
	touch -r "$TMP/time" "$1"
}
nothing() { :; }
rename() { mv "$1" "$1.new"; }
change_mode() { chmod 400 "$1"; }
add_link() { ln "$1" "$1.new"; }

cp "$DATA/message.eml" "$TMP/message"
yes 'more and more text' | head -n 20000 >>"$TMP/message"
touch -d 2026-01-01T00:00:00 "$TMP/message"
cp -p "$TMP/message" "$TMP/changing"
for tool in vbr sign verify spf dmarc check; do
	for change in append cut_short empty overwrite overwrite_secretly; do
		cp "$TMP/message" "$TMP/changing"
		touch -r "$TMP/message" "$TMP/changing"
		ok "$tool exits 74 when the file changes while it is read ($change)" \
			eval "change_file $tool $change; [ \$? -eq 74 ]"
		ok "$tool says that in one line ($change)" \
			lines 1 "$TMP/err"
		has "$tool says what happened ($change)" \
			'stdin: the file changed while it was read' "$TMP/err"
	done
	for change in nothing rename change_mode add_link; do
		rm -f "$TMP/changing" "$TMP/changing.new"
		cp "$TMP/message" "$TMP/changing"
		ok "$tool exits 0 when the file's octets do not change ($change)" \
			change_file "$tool" "$change"
	done
	rm -f "$TMP/changing" "$TMP/changing.new"
done

# --- what is not a message ---

# refused LABEL TOOL-AND-ARGUMENTS: 65, one line, no output but the object of -j
refused() {
	some 16 "$TMP/none"
	filter refused "$@"
}

mkdir "$TMP/not-messages"
"$SHAPES" "$DATA/pass-through/not-messages" "$TMP/not-messages" >"$TMP/all" &&
	grep -v '\.mixed' "$TMP/all" >"$TMP/none" || exit 1
for tool in vbr sign verify spf dmarc check; do
	refused "$tool" "$tool"
	refused "$tool -H" "$tool" -H
done
for mode in -r -j -q; do
	refused "dkim-verify $mode" verify "$mode"
	for tool in spf-query dmarc-eval vbr-check; do
		refused "$tool $mode" run "$tool" -z "$ZONE" "$mode"
	done
done

finish
