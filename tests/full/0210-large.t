#!/bin/sh
# A large message costs time, not memory, disk only where it must be written
# back from a pipe, and leaves no files. VOUCH_LARGE is its size in MiB:
# 16, or 1024 for the real thing.
# Slow: it writes and reads some GiB.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"

SIZE=${VOUCH_LARGE:-16}
PEAK=$BUILD/tests/helper/peak
LIMIT=12288		# KiB
[ -x "$PEAK" ] || skip_all 'tests/helper/peak is not built'
mkdir "$TMP/spool"
TMPDIR=$TMP/spool
export TMPDIR

sign() {
	peak dkim-sign -d example.org -k r2048="$TMP/keys/rsa2048.pem" \
		-k ed="$TMP/keys/ed25519.pem" --now "$NOW" "$@"
}

verify() {
	peak dkim-verify --authserv-id mx.example.org --now "$NOW" \
		--zone "$ZONE" "$@"
}

spf() {
	peak spf-query --authserv-id mx.example.org --now "$NOW" \
		--zone "$ZONE" -i 192.0.2.1 -f a@example.org "$@"
}

dmarc() {
	peak dmarc-eval --authserv-id mx.example.org --now "$NOW" \
		--zone "$ZONE" -i 192.0.2.1 -f a@example.org \
		--set='_dmarc.example.org TXT v=DMARC1; p=reject' "$@"
}

vbr() {
	peak vbr-check --authserv-id mx.example.org --now "$NOW" \
		--zone "$ZONE" -t vouch.example --no-vbr-info \
		--set='example.org._vouch.vouch.example TXT all' "$@"
}

peak() {
	"$PEAK" "$TMP/peak" "$@"
}

# Header, and text up to the size: the last line may be cut.
{
	sed '/^$/q' "$DATA/message.eml"
	yes 'A line of text as people write it,  with words and blanks. '
} | head -c "$((SIZE * 1048576))" >"$TMP/text"
text() {
	cat "$TMP/text"
}

# A file that takes no room on the disk: its body is one line of NULs.
sed '/^$/q' "$DATA/message.eml" >"$TMP/file"
truncate -s "${SIZE}M" "$TMP/file"

sanitized=
grep -q __asan_init "$BUILD/bin/dkim-sign" && sanitized=yes
small() {
	read -r kib milliseconds <"$TMP/peak"
	printf '# %s KiB, %s ms\n' "$kib" "$milliseconds"
	if [ "$sanitized" ]; then
		skip "$1 takes less than 12 MiB of memory" 'address sanitizer'
	else
		ok "$1 takes less than 12 MiB of memory, $SIZE MiB of message" \
			[ "$kib" -lt "$LIMIT" ]
	fi
}

# clean TITLE: nothing is left where temporary files go
clean() {
	ok "$1 leaves no files" [ -z "$(ls -A "$TMP/spool")" ]
}

without_spool() {
	(TMPDIR=$TMP/none && export TMPDIR && "$@")
}

# What of the output is not the new field: its checksum, and that field.
split_output() {
	dd bs=1 count="$1" of="$TMP/got.field" 2>/dev/null
	cksum >"$TMP/got.sum"
}

# --- the messages, signed ---

piped_sign() {
	text | sign "$@" 2>/dev/null
}

exits 0 'dkim-sign -H signs a pipe without a spool' \
	without_spool piped_sign -H
small 'dkim-sign -H of a pipe'
cp "$TMP/out" "$TMP/text.field"
exits 0 'dkim-sign -H signs a file without a spool' \
	without_spool sign -H <"$TMP/file"
small 'dkim-sign -H of a file'
cp "$TMP/out" "$TMP/file.field"
signed_text() {
	cat "$TMP/text.field" "$TMP/text"
}
cat "$TMP/file.field" >"$TMP/signed"
# The file again, sparse again.
sed '/^$/q' "$DATA/message.eml" >>"$TMP/signed"
truncate -s "$(($(wc -c <"$TMP/file.field") + SIZE * 1048576))" "$TMP/signed"
cksum <"$TMP/text" >"$TMP/text.sum"
cksum <"$TMP/file" >"$TMP/file.sum"

filter_sign() {		# filter_sign FIELD COMMAND
	field=$1
	shift
	{
		"$@" 2>/dev/null
		echo $? >"$TMP/status"
	} | split_output "$(wc -c <"$field")"
	read -r status <"$TMP/status"
	return "$status"
}

exits 0 'dkim-sign filters a pipe' filter_sign "$TMP/text.field" piped_sign
small 'dkim-sign of a pipe'
same 'dkim-sign of a pipe: the field is that of -H' \
	"$TMP/got.field" "$TMP/text.field"
same 'dkim-sign of a pipe: the rest is the message' \
	"$TMP/got.sum" "$TMP/text.sum"
clean 'dkim-sign of a pipe'
exits 0 'dkim-sign filters a file without a spool' \
	without_spool filter_sign "$TMP/file.field" sign <"$TMP/file"
small 'dkim-sign of a file'
same 'dkim-sign of a file: the field is that of -H' \
	"$TMP/got.field" "$TMP/file.field"
same 'dkim-sign of a file: the rest is the message' \
	"$TMP/got.sum" "$TMP/file.sum"

# --- verified ---

piped_verify() {
	signed_text | verify "$@"
}

signed_text | cksum >"$TMP/text.sum"
cksum <"$TMP/signed" >"$TMP/file.sum"
for mode in -r -j -q -H; do
	exits 0 "dkim-verify $mode of a pipe needs no spool" \
		without_spool piped_verify "$mode"
	small "dkim-verify $mode of a pipe"
	[ "$mode" != -r ] || ok 'both signatures of the pipe pass' \
		[ "$(grep -c '^dkim=pass' "$TMP/out")" -eq 2 ]
done
cp "$TMP/out" "$TMP/field"
exits 0 'dkim-verify filters a pipe' filter_sign "$TMP/field" piped_verify
small 'dkim-verify of a pipe'
same 'dkim-verify of a pipe: the field is that of -H' \
	"$TMP/got.field" "$TMP/field"
same 'dkim-verify of a pipe: the rest is the message' \
	"$TMP/got.sum" "$TMP/text.sum"
clean 'dkim-verify of a pipe'
exits 0 'dkim-verify reads a file operand without a spool' \
	without_spool verify "$TMP/signed"
small 'dkim-verify of an operand'
ok 'both signatures of the file pass' \
	[ "$(grep -c '^dkim=pass' "$TMP/out")" -eq 2 ]
exits 0 'dkim-verify -H reads a file without a spool' \
	without_spool verify -H <"$TMP/signed"
cp "$TMP/out" "$TMP/field"
exits 0 'dkim-verify filters a file without a spool' \
	without_spool filter_sign "$TMP/field" verify <"$TMP/signed"
small 'dkim-verify of a file'
same 'dkim-verify of a file: the field is that of -H' \
	"$TMP/got.field" "$TMP/field"
same 'dkim-verify of a file: the rest is the message' \
	"$TMP/got.sum" "$TMP/file.sum"
printf 'From a@example.org Fri Nov 20 10:00:00 2026\n' >"$TMP/mbox"
sed '/^$/q' "$DATA/message.eml" >>"$TMP/mbox"
truncate -s "${SIZE}M" "$TMP/mbox"
exits 3 'dkim-verify reads an mbox without a spool' \
	without_spool verify -q "$TMP/mbox"
small 'dkim-verify of an mbox'
exits 74 'dkim-verify cannot filter a pipe without a spool' \
	without_spool piped_verify
exits 74 'dkim-sign cannot, either' without_spool piped_sign

# --- evaluated: both ---

piped_dmarc() {
	signed_text | dmarc "$@"
}
dmarc_trusting() {
	signed_text | peak dmarc-eval --zone "$ZONE" --trust-authres "$@"
}

for mode in -r -j -q; do
	exits 0 "dmarc-eval $mode of a pipe needs no spool" \
		without_spool piped_dmarc "$mode"
	small "dmarc-eval $mode of a pipe"
	[ "$mode" != -r ] || ok 'dmarc-eval finds that both signatures pass' \
		[ "$(grep -c '^dkim=pass' "$TMP/out")" -eq 2 ]
done
exits 0 'dmarc-eval -H of a pipe needs no spool' without_spool piped_dmarc -H
cp "$TMP/out" "$TMP/field"
exits 0 'dmarc-eval filters a pipe' filter_sign "$TMP/field" piped_dmarc
small 'dmarc-eval of a pipe'
same 'dmarc-eval of a pipe: the field is that of -H' \
	"$TMP/got.field" "$TMP/field"
same 'dmarc-eval of a pipe: the rest is the message' \
	"$TMP/got.sum" "$TMP/text.sum"
clean 'dmarc-eval of a pipe'
exits 0 'dmarc-eval -H of a file needs no spool' \
	without_spool dmarc -H <"$TMP/signed"
cp "$TMP/out" "$TMP/field"
exits 0 'dmarc-eval filters a file without a spool' \
	without_spool filter_sign "$TMP/field" dmarc <"$TMP/signed"
small 'dmarc-eval of a file'
same 'dmarc-eval of a file: the field is that of -H' \
	"$TMP/got.field" "$TMP/field"
same 'dmarc-eval of a file: the rest is the message' \
	"$TMP/got.sum" "$TMP/file.sum"
exits 6 'dmarc-eval reads an mbox without a spool' \
	without_spool dmarc -q "$TMP/mbox"
small 'dmarc-eval of an mbox'
exits 0 'dmarc-eval -H --trust-authres of a pipe needs no spool' \
	without_spool dmarc_trusting -H
small 'dmarc-eval --trust-authres of a pipe'
exits 74 'dmarc-eval cannot filter a pipe without a spool' \
	without_spool piped_dmarc

# --- vouched for ---

piped_vbr() {
	signed_text | vbr "$@"
}

for mode in -r -j -q; do
	exits 0 "vbr-check $mode of a pipe needs no spool" \
		without_spool piped_vbr "$mode"
	small "vbr-check $mode of a pipe"
done
exits 0 'vbr-check -H of a pipe needs no spool' without_spool piped_vbr -H
cp "$TMP/out" "$TMP/field"
exits 0 'vbr-check filters a pipe' filter_sign "$TMP/field" piped_vbr
small 'vbr-check of a pipe'
same 'vbr-check of a pipe: the field is that of -H' \
	"$TMP/got.field" "$TMP/field"
same 'vbr-check of a pipe: the rest is the message' \
	"$TMP/got.sum" "$TMP/text.sum"
clean 'vbr-check of a pipe'
exits 0 'vbr-check -H of a file needs no spool' \
	without_spool vbr -H <"$TMP/signed"
cp "$TMP/out" "$TMP/field"
exits 0 'vbr-check filters a file without a spool' \
	without_spool filter_sign "$TMP/field" vbr <"$TMP/signed"
small 'vbr-check of a file'
same 'vbr-check of a file: the field is that of -H' \
	"$TMP/got.field" "$TMP/field"
same 'vbr-check of a file: the rest is the message' \
	"$TMP/got.sum" "$TMP/file.sum"
exits 74 'vbr-check cannot filter a pipe without a spool' \
	without_spool piped_vbr

# --- where the body does not matter ---

piped_spf() {
	signed_text | spf "$@"
}

for mode in -r -j -q; do
	exits 3 "spf-query $mode of a pipe needs no spool" \
		without_spool piped_spf "$mode"
	small "spf-query $mode of a pipe"
done
exits 0 'spf-query -H of a pipe needs no spool' without_spool piped_spf -H
cp "$TMP/out" "$TMP/field"
exits 0 'spf-query filters a pipe' filter_sign "$TMP/field" piped_spf
small 'spf-query of a pipe'
same 'spf-query of a pipe: the field is that of -H' \
	"$TMP/got.field" "$TMP/field"
same 'spf-query of a pipe: the rest is the message' \
	"$TMP/got.sum" "$TMP/text.sum"
clean 'spf-query of a pipe'
exits 0 'spf-query filters a file without a spool' \
	without_spool filter_sign "$TMP/field" spf <"$TMP/signed"
small 'spf-query of a file'
same 'spf-query of a file: the rest is the message' \
	"$TMP/got.sum" "$TMP/file.sum"
exits 3 'spf-query reads an mbox without a spool' \
	without_spool spf -q "$TMP/mbox"
small 'spf-query of an mbox'
exits 74 'spf-query cannot filter a pipe without a spool' \
	without_spool piped_spf
yes '192.0.2.1 a@example.org mail.example.org' | head -n 500000 >"$TMP/batch"
exits 3 'a batch of 500,000 lines is evaluated' \
	peak spf-query -z "$ZONE" -q --batch="$TMP/batch"

# --- stopped in the middle ---

# The temporary files of a process that have no name any more.
spools() {
	find "/proc/$1/fd" -lname "$TMP/spool/*" | wc -l
}

# The writer holds the pipe open after so much of the message.
stop() {		# stop TOOL-AND-ARGUMENTS: PID's status
	mkfifo "$TMP/input"
	"$@" <"$TMP/input" >"$TMP/out" 2>"$TMP/err" &
	pid=$!
	exec 9>"$TMP/input"
	text | head -c 16000000 >&9
	spools=$(spools "$pid")
	names=$(ls -A "$TMP/spool")
	kill -TERM "$pid"
	wait "$pid" 2>/dev/null
	status=$?
	exec 9>&-
	rm "$TMP/input"
	[ "$status" -eq 143 ]
}

if [ -d /proc/self/fd ]; then
	for mode in filter -H; do
		for tool in sign verify; do
			case $tool in
			sign) set -- dkim-sign -d example.org -s r2048 \
				-k "$TMP/keys/rsa2048.pem" ;;
			verify) set -- dkim-verify --zone "$ZONE" ;;
			esac
			[ "$mode" = filter ] || set -- "$@" "$mode"
			ok "dkim-$tool, $mode: SIGTERM in the middle ends it" \
				stop "$@"
			ok "dkim-$tool, $mode: the spool has no name while it is used" \
				[ -z "$names" ]
			ok "dkim-$tool, $mode: there is a spool only if it is needed" \
				[ "$spools" -eq "$([ "$mode" = filter ]; echo $((!$?)))" ]
			ok "dkim-$tool, $mode: nothing was written by then" \
				[ ! -s "$TMP/out" ]
			clean "dkim-$tool, $mode, after SIGTERM,"
		done
	done
else
	skip 'SIGTERM in the middle leaves no files' 'no /proc'
fi

# In the middle of writing, too: the reader takes a part and waits.
stop_writing() {
	mkfifo "$TMP/output"
	text | "$@" >"$TMP/output" 2>"$TMP/err" &
	pid=$!
	exec 9<"$TMP/output"
	dd bs=1 count=1 of=/dev/null <&9 2>/dev/null
	names=$(ls -A "$TMP/spool")
	kill -TERM "$pid"
	wait "$pid" 2>/dev/null
	status=$?
	exec 9<&-
	rm "$TMP/output"
	[ "$status" -eq 143 ]
}

ok 'SIGTERM in the middle of writing ends dkim-verify' \
	stop_writing dkim-verify --zone "$ZONE"
ok 'the spool has no name then, either' [ -z "$names" ]
clean 'SIGTERM in the middle of writing'

finish
