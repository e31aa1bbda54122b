#!/bin/sh
# Filters change nothing but what they add: data/pass-through/shapes in all
# line ends, from a file, a pipe, the middle of a file, octet by octet. What is
# no message is refused, and a file that changes in between.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

SHAPES=$DATA/pass-through
DRIP=$BUILD/tests/helper/drip
tab=$(printf '\t')

vbr() {
	vbr-insert -d example.org -t vouch.example "$@"
}

sign() {
	dkim-sign -d example.org -k r2048="$TMP/keys/rsa2048.pem" \
		-k ed="$TMP/keys/ed25519.pem" --now "$NOW" "$@"
}

verify() {
	dkim-verify --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		"$@"
}

# It writes all that it can.
spf() {
	spf-query --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		-i 192.0.2.1 -f a@example.org -e mail.example.org \
		--scope=both --received-spf "$@"
}

dmarc() {
	dmarc-eval --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		-i 192.0.2.1 -f a@example.org -e mail.example.org "$@"
}

# It is vouched for, and both fields are written.
check() {
	vbr-check --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		--set='spf.example TXT v=spf1 +all' \
		--set='spf.example._vouch.vouch.example TXT all' \
		-i 192.0.2.1 -f a@spf.example -t vouch.example --no-vbr-info \
		--on-pass='X-VBR-Score: -3.0' "$@"
}

# What to put for the line ends "~" of a shape; "mixed" begins with LF.
line_ends() {
	case $1 in
	LF) sed 's/~/\\n/g' ;;
	CRLF) sed 's/~/\\r\\n/g' ;;
	mixed) sed 's/~\([^~]*\)~/\\n\1\\r\\n/g; s/~/\\n/' ;;
	esac
}

# message EOL BEGINNING COUNT REPEATED END >FILE
message() {
	printf '%b' "$({
		printf %s "${2#-}"
		[ "$3" -gt 0 ] && yes "$4" | head -n "$3" | tr -d '\n'
		printf %s "${5#-}"
	} | line_ends "$1")"
}

# added MBOX-LINES FIELD MESSAGE: the message with the field where it belongs
added() {
	head -n "$1" <"$3"
	cat "$2"
	tail -n "+$(($1 + 1))" <"$3"
}

# unchanged TOOL MBOX-LINES MESSAGE: from a file, and from a pipe
unchanged() {
	"$1" -H <"$3" >"$TMP/field" && [ -s "$TMP/field" ] &&
		added "$2" "$TMP/field" "$3" >"$TMP/want" &&
		"$1" <"$3" >"$TMP/got" && cmp "$TMP/got" "$TMP/want" &&
		cat <"$3" | "$1" >"$TMP/got" && cmp "$TMP/got" "$TMP/want"
}

# ends_as EOL FILE: the lines of an added field end as the message's first line
ends_as() {
	tr -d '\r' <"$2" >"$TMP/ends"
	[ "$1" != CRLF ] || sed -i 's/$/\r/' "$TMP/ends"
	cmp "$TMP/ends" "$2"
}

each_shape() {		# each_shape FILE COMMAND: with its columns in order
	while IFS=$tab read -r name mbox begin count repeated end; do
		case $name in
		'#'*) ;;
		*) "$2" "$name" "$mbox" "$begin" "$count" "$repeated" "$end" ;;
		esac
	done <"$1"
}

pass_shape() {
	for eol in LF CRLF mixed; do
		message "$eol" "$3" "$4" "$5" "$6" >"$TMP/message"
		for tool in vbr sign verify spf dmarc check; do
			ok "$tool: $1 passes unchanged, $eol" \
				unchanged "$tool" "$2" "$TMP/message" &&
				ok "$tool: the new field ends with $eol, $1" \
				ends_as "$eol" "$TMP/field"
			[ "$tool" != sign ] || cp "$TMP/got" "$TMP/signed"
		done
		for tool in verify dmarc check; do
			ok "$tool: the signed message passes unchanged: $1, $eol" \
				unchanged "$tool" "$2" "$TMP/signed"
		done
	done
}
each_shape "$SHAPES/shapes" pass_shape

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
yes 'more and more text' | head -n 100000 >>"$TMP/message"
cat "$TMP/message" >>"$TMP/offset"
printf 'x: y\n\nz\n' | cat - "$TMP/message" >"$TMP/offset.small"
for tool in vbr sign verify spf dmarc check; do
	"$tool" <"$TMP/message" >"$TMP/want"
	exits 0 "$tool reads a file on stdin from where it stands" \
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

if [ -x "$DRIP" ]; then
	sed 's/$/\r/' "$DATA/message.eml" >"$TMP/message"
	{
		printf 'From a@example.org Fri Nov 20 10:00:00 2026\n'
		sed 's/^From: /&\r\n /' "$DATA/message.eml"
		printf 'a\0b\r\r\n\377'
	} >"$TMP/odd"
	for tool in vbr sign verify spf dmarc check; do
		for file in message odd; do
			"$tool" <"$TMP/$file" >"$TMP/want"
			exits 0 "$tool reads an octet at a time ($file)" \
				drip_message "$tool" "$TMP/$file"
			same "$tool: that changes nothing ($file)" \
				"$TMP/out" "$TMP/want"
		done
	done
else
	skip 'each tool reads an octet at a time' 'tests/helper/drip is not built'
fi

# --- a file that changes between the two readings ---

# Nothing is written before all was read and judged: when the first octet comes
# out, the file has been read once. Less than half of it can be in the pipe.
# shellcheck disable=SC2094
change_file() {		# change_file TOOL CHANGE
	{
		"$1" 2>"$TMP/err"
		echo $? >"$TMP/status"
	} <"$TMP/changing" | {
		dd bs=1 count=1 of=/dev/null 2>/dev/null
		"$2" "$TMP/changing"
		cat >"$TMP/out"
	}
	return "$(cat "$TMP/status")"
}

append() { printf x >>"$1"; }
cut_short() { dd if=/dev/null of="$1" bs=1 seek=900000 2>/dev/null; }
empty() { : >"$1"; }
overwrite() {
	printf x | dd of="$1" bs=1 seek=1000000 conv=notrunc 2>/dev/null
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
yes 'more and more text' | head -n 100000 >>"$TMP/message"
touch -d 2026-01-01T00:00:00 "$TMP/message"
cp -p "$TMP/message" "$TMP/changing"
for tool in vbr sign verify spf dmarc check; do
	for change in append cut_short empty overwrite overwrite_secretly; do
		cp "$TMP/message" "$TMP/changing"
		touch -r "$TMP/message" "$TMP/changing"
		ok "$tool exits 74 when the file changes while it is read ($change)" \
			eval "change_file $tool $change; [ \$? -eq 74 ]"
		ok "$tool says that in one line ($change)" \
			[ "$(wc -l <"$TMP/err")" -eq 1 ]
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

# --- what is no message ---

# refuses TOOL-AND-ARGUMENTS: 65, one line, no output but the object of -j
refuses() {
	for input in file pipe; do
		if [ "$input" = file ]; then
			"$@" <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
		else
			cat <"$TMP/message" | "$@" >"$TMP/out" 2>"$TMP/err"
		fi
		status=$?
		[ "$status" -eq 65 ] || { echo "status $status" && return 1; }
		case " $* " in
		*' -j '*) is_failure "$TMP/out" ;;
		*) [ ! -s "$TMP/out" ] ;;
		esac || { echo 'output' && return 1; }
		[ "$(wc -l <"$TMP/err")" -eq 1 ] || { cat "$TMP/err" && return 1; }
	done
}

refuse_shape() {
	for eol in LF CRLF; do
		message "$eol" "$3" "$4" "$5" "$6" >"$TMP/message"
		for tool in vbr sign verify spf dmarc check; do
			ok "$tool refuses $1, $eol" refuses "$tool"
			ok "$tool -H refuses $1, $eol" refuses "$tool" -H
		done
		for mode in -r -j -q; do
			ok "dkim-verify $mode refuses $1, $eol" \
				refuses verify "$mode"
			ok "spf-query $mode refuses $1, $eol" \
				refuses spf-query -z "$ZONE" "$mode"
			ok "dmarc-eval $mode refuses $1, $eol" \
				refuses dmarc-eval -z "$ZONE" "$mode"
			ok "vbr-check $mode refuses $1, $eol" \
				refuses vbr-check -z "$ZONE" "$mode"
		done
	done
}
each_shape "$SHAPES/not-messages" refuse_shape

finish
