#!/bin/sh
# dkim-verify --explain and what real mail software makes of signed messages:
# each is explained, and the message as it was signed comes back. A program that
# is not there is skipped. tests/data/shapes has messages; those in mailman/ are
# what Mailman 3.3.8 has made of them (tests/helper/mailman).
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
command -v jq >/dev/null || skip_all 'no jq'
SHAPES=$DATA/shapes
RELAYS=$ROOT/tests/helper/relays
MAILMAN=$ROOT/tests/helper/mailman
SOURCES='plain bare utf8 qp base64 alt html mixed alt8 long'
full_of dkim-verify || SOURCES='plain bare qp alt8 long'
cp "$SHAPES"/*.eml "$TMP"

# signed SOURCE CANON [KEY]: $TMP/signed
signed() {
	dkim-sign --no-warnings --now=2026-11-20T10:00:00Z -d example.org \
		-k "${3-r2048=$TMP/keys/rsa2048.pem}" -c "$2/$2" \
		<"$TMP/$1.eml" >"$TMP/signed"
}

verify() {
	dkim-verify -z "$ZONE" --now="$NOW" "$@"
}

# is_explained FILE: the status remains, header and body are known, and the
# repaired message verifies. $sentence is what is told first.
is_explained() {
	verify -r "$1" >/dev/null 2>&1
	is_status=$?
	rm -f "$TMP/repaired"
	verify --explain -j --repaired="$TMP/repaired" "$1" >"$TMP/json" \
		2>"$TMP/err"
	[ $? -eq $is_status ] || return
	sentence=$(jq -r '.explain[0].sentence' "$TMP/json")
	[ $is_status -ne 0 ] || return 0
	[ "$(jq -r '.explain[0] | [.header, .body] | map(. == "intact" or
		. == "repaired") | all' "$TMP/json")" = true ] &&
		verify "$TMP/repaired" >/dev/null
}

# explained TITLE FILE [WORDS...]: and the sentence has these words
explained() {
	explained_title=$1 explained_file=$2
	shift 2
	sentence='not explained'
	is_explained "$explained_file" && (
		for words; do
			case $sentence in
			*"$words"*) ;;
			*) exit 1 ;;
			esac
		done
	)
	result $? "$explained_title" || note "$sentence"
}

# by NAME COMMAND...: what a program makes of each message that it changes,
# signed in both ways, is explained. The count is a test of its own.
by() {
	by_name=$1 by_count=0
	shift
	for source in $SOURCES; do
		for canon in relaxed simple; do
			signed "$source" $canon
			"$@" <"$TMP/signed" >"$TMP/got" 2>/dev/null
			case $? in
			0) ;;
			*) skip "$by_name, $source" 'it cannot here' && return ;;
			esac
			cmp -s "$TMP/signed" "$TMP/got" && continue
			by_count=$((by_count + 1))
			explained "$by_name, $source, $canon" "$TMP/got"
		done
	done
	ok "$by_name changed messages" [ $by_count -gt 0 ]
}

has_program() {
	command -v "$1" >/dev/null && return
	skip "$1" 'it is not here'
	return 1
}

# --- Mailman ---

list_software() {	# list_software NAME WORDS...
	list_name=$1
	shift
	explained "Mailman: $list_name" "$SHAPES/mailman/$list_name.eml" \
		'The list software ' "$@"
}
list_software plain-footer 'added a 3-line footer after line 9' \
	'"[dev] " to the Subject'
list_software plain-base64 'converted the text to another encoding (base64)' \
	'a 3-line footer after line 9 of that text' '"[dev] " to the Subject'
list_software plain-latin 'converted the text to another encoding (quoted-printable)' \
	'"[dev:214] " to the Subject' 'the field Reply-To'
list_software plain-munged 'replaced the author in From' 'a 3-line footer after line 9'
list_software bare-footer 'a 3-line footer after line 3' 'the fields that describe the text'
list_software bare-base64 'replaced the author in From' 'a 3-line footer after line 3 of that text'
list_software bare-header '2 lines at the start of the body' \
	'a 3-line footer after line 5'
list_software utf8-footer 'converted the text to another encoding (base64)' \
	'a 3-line footer after line 5 of that text'
list_software utf8-munged 'replaced the author in From' '"[dev] " to the Subject'
list_software qp-footer 'changed the encoding of the text from quoted-printable to base64' \
	'"[dev] " to the Subject'
list_software base64-footer '"[dev] " to the Subject'
list_software alternative-wrapped 'made the message a part of a larger one'
list_software html-wrapped 'made the message a part of a larger one' 'replaced the author in From'
list_software mixed-part 'added a part of 10 lines after line 13'
list_software eight-bit-wrapped '"[dev:214] " to the Subject' \
	'made the message a part of a larger one'

# An anonymous list drops the author and makes another Message-ID: nothing has
# them any more, and so only the body is found.
exits 1 'Mailman: an anonymous list' verify --explain \
	"$SHAPES/mailman/plain-anonymous.eml"
has 'only the body is found' 'The list software added a 3-line footer after line 9 of the body; the header was changed, too, and how is not known' "$TMP/out"

# The real one, where it is.
"$MAILMAN" tag <"$SHAPES/plain.eml" >/dev/null 2>&1
case $? in
77) skip 'Mailman itself' 'it is not here' ;;
*)
	for kind in tag+footer tag+footer+utf-8 header+footer tag+footer+munge \
		reply-to+tag-number+footer+latin-1; do
		for source in $SOURCES; do
			signed "$source" relaxed
			"$MAILMAN" $kind <"$TMP/signed" >"$TMP/got"
			explained "Mailman itself: $kind, $source" "$TMP/got" \
				'The list software '
		done
	done
	;;
esac

# --- Python's package email ---

for kind in compat32 compat32_crlf compat32_mangled compat32_seven_bit default \
	smtp unixfrom text_set mbox; do
	if has_program python3; then
		by "python3, $kind" "$RELAYS" $kind
	fi
done

# --- sendmail, made after its documentation ---

if has_program python3; then
	by 'sendmail, addresses' "$RELAYS" sendmail
	by 'sendmail, lines' "$RELAYS" sendmail_lines
fi

# --- procmail's and maildrop's tools ---

if has_program formail; then
	by 'formail, as it is' formail
	by 'formail, -s' formail -s cat
	by 'formail, a field added' formail -f -A 'X-Loop: user@example.net'
	by 'formail, a field if it is not there' formail -a 'Sender: x@y.example'
	by 'formail, another Message-ID, the old one kept' \
		formail -f -i 'Message-ID: <new@example.net>'
	by 'formail, another Subject, the old one kept' \
		formail -i 'Subject: other' -i 'From: dev@lists.example.net'
	by 'formail, joined lines' formail -f -c
	signed bare relaxed
	formail -f -i 'Subject: order of [dev]' -I 'Reply-To: x@y.example' \
		<"$TMP/signed" >"$TMP/got"
	explained 'formail, two at once' "$TMP/got" \
		'replaced Subject (the old one was kept in another field)' \
		'the field Reply-To'
	signed plain relaxed
	formail <"$TMP/signed" >"$TMP/got"
	exits 0 'formail, an mbox is read as it was quoted' verify "$TMP/got"
	sed 1d "$TMP/got" >"$TMP/one"
	explained 'formail, a message out of it' "$TMP/one" \
		'put ">" before "From " in line 3'
fi
if has_program reformail; then
	by 'reformail, a field added' reformail -A 'X-Loop: user@example.net'
	by 'reformail, another Message-ID, the old one kept' \
		reformail -i 'Message-ID: <new@example.net>'
fi
if has_program maildrop; then
	signed plain relaxed
	echo "to \"$TMP/box\"" >"$TMP/filter" && chmod 600 "$TMP/filter"
	maildrop "$TMP/filter" <"$TMP/signed"
	exits 0 'maildrop, an mbox is read as it was quoted' verify "$TMP/box"
	sed 1d "$TMP/box" >"$TMP/one"
	explained 'maildrop, a message out of it' "$TMP/one" \
		'put ">" before "From " in line 3'
fi

# --- disclaimers and marks ---

disclaimer() {
	cat >"$TMP/disclaimed"
	printf '%s\n' '--' 'This message is confidential.' \
		'If it is not for you, delete it.' >"$TMP/disclaimer"
	printf '%s\n' '<p>--<br>' 'This message is confidential.</p>' \
		>"$TMP/disclaimer.html"
	altermime --input="$TMP/disclaimed" --disclaimer="$TMP/disclaimer" \
		--disclaimer-html="$TMP/disclaimer.html" >/dev/null &&
		cat "$TMP/disclaimed"
}
if has_program altermime; then
	by 'altermime' disclaimer
	signed bare relaxed
	disclaimer <"$TMP/signed" >"$TMP/got"
	explained 'altermime, plain text' "$TMP/got" \
		'Something on the way added a 3-line footer after line 3 of the body; the rest is as example.org signed it.'
fi
if has_program spamassassin; then
	signed bare relaxed
	spamassassin -L -x --cf='required_score -100' --cf='report_safe 0' \
		--cf='rewrite_header Subject *****SPAM*****' \
		<"$TMP/signed" >"$TMP/got" 2>/dev/null
	explained 'SpamAssassin, a mark' "$TMP/got" \
		'A mail gateway added "*****SPAM***** " to the Subject; the rest is as example.org signed it.'
fi

# --- by Ed25519 ---

for source in plain alt; do
	signed "$source" relaxed "ed=$TMP/keys/ed25519.pem"
	if has_program altermime; then
		disclaimer <"$TMP/signed" >"$TMP/got"
		explained "Ed25519, a disclaimer, $source" "$TMP/got"
	fi
	if has_program formail; then
		formail -i 'Subject: other' <"$TMP/signed" >"$TMP/got"
		explained "Ed25519, another Subject, $source" "$TMP/got"
	fi
done
finish
