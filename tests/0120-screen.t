#!/bin/sh
# What people see on a terminal: each screen of data/screens, at 80 and at 132
# columns, as it was read and found good; no line of one is wider, and no word
# broken. Then what decides width and colours. VOUCH_SCREENS=update writes the
# screens anew, to be read before they are committed.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

SCREENS=$DATA/screens
if ! at_terminal true; then
	skip_all 'no terminal by script(1)'
fi
mkdir "$TMP/work" "$TMP/got" && cd "$TMP/work" || exit 1
cp "$DATA"/readme/* . && chmod 600 rsa.pem || exit 1
vbr-insert -T transaction -t certifier-a.example <message |
	dkim-sign -k r1=rsa.pem --no-timestamp >signed
sed 's/way/bay/' signed >forged
sed 's/^Subject: /List-Id: <dev.example.net>\n&[dev] /; $a dev list' signed >listed
mkdir box empty lists
cp forged listed signed lists || exit 1
cp signed box/1-signed && cp forged box/2-forged &&
	cp message box/3-unsigned && echo garbage >box/4-none || exit 1
cp "$DATA/spf-golden/04-over-by-far.zone" over
{ sed -n '/^DKIM-/,/^VBR/p' signed | sed '/^VBR/d' && cat forged; } >one
{
	for selector in x1 x2 x3 x4 x5 x6; do
		sed -n '/^DKIM-/,/^VBR/p' signed |
			sed "/^VBR/d; s/s=r1/s=$selector/"
		sed -n '/^DKIM-/,/^VBR/p' signed |
			sed "/^VBR/d; s/rsa-sha256/x/"
	done
	cat one
} >many
printf 'example. TXT "v=spf1 include:%050d.%050d.example -all"\n' 0 0 >long

# shows NAME COMMAND: a screen, at each width.
widths='80 132 1000'
shows() {
	for width in $widths; do
		COLUMNS=$width at_terminal "$2"
		tr -d '\r' <"$TMP/out" >"$TMP/got/$1.$width"
	done
}

plain() {			# plain FILE: without colours
	sed 's/'"$(printf '\033')"'\[[0-9;]*m//g' "$1"
}

words_of() {			# words_of FILE: one a line
	plain "$1" | tr ' ' '\n' | grep .
}

for tool in "$ROOT"/cmd/*/main.c; do
	tool=$(basename "${tool%/main.c}")
	shows "$tool-h" "$tool -h"
	shows "$tool-help" "$tool --help"
done
envelope='-i 192.0.2.1 -f bounce@example.org -e mx.example.org'
shows dkim-verify 'dkim-verify -z zone signed'
shows dkim-verify-forged 'dkim-verify -v -z zone forged'
shows dkim-verify-table 'dkim-verify -z zone box empty'
shows dkim-verify-explain 'dkim-verify --explain -z zone listed'
shows dkim-verify-explain-table 'dkim-verify --explain -z zone lists'
shows dkim-verify-many 'dkim-verify -z zone many signed'
shows dmarc-eval-many "dmarc-eval -z zone $envelope many signed"
shows dkim-sign 'dkim-sign -v -H -k r1=rsa.pem --no-timestamp <message'
shows vbr-insert 'vbr-insert -v -H --verify -z zone -t certifier-a.example <message'
shows vbr-check "vbr-check -v -z zone -t certifier-a.example $envelope signed"
shows vbr-check-table "vbr-check -z zone -t certifier-a.example $envelope box"
shows spf-query "spf-query -Q -v -z zone $envelope"
shows spf-query-tree "spf-query -Q --tree -z over $envelope"
shows spf-query-domain 'spf-query --tree -d example.org -z over'
shows domain-check-spf 'domain-check --only=spf example.org -z over'
shows dmarc-eval "dmarc-eval -z zone $envelope forged"
shows dmarc-eval-verbose "dmarc-eval -v -z zone $envelope forged"
shows dmarc-eval-table "dmarc-eval -z zone $envelope box"
shows domain-check-policy 'domain-check --policy news.example.org -z zone'
shows domain-check-dmarc 'domain-check --only=dmarc example.org -z zone'
# A domain that is sound; one with a no; one whose DNS fails in part; two, one of
# which publishes nothing.
sed 's/p=reject; sp=quarantine/p=reject; rua=mailto:mx@example.org/' zone >sound
sed 's/^_spf.*/;!SERVFAIL _spf TXT/' zone >failing
shows domain-check-sound 'domain-check -s r1 example.org -z sound'
shows domain-check-no 'domain-check -s r1 example.org -z zone'
shows domain-check-failing 'domain-check -s r1 example.org -z failing'
shows domain-check-two 'domain-check example.org another.example -z sound'
shows spf-flatten 'spf-flatten example.org -z zone'
shows usage 'dkim-verify --require-domain'

# A line may be as wide as the terminal. A word is what is between blanks: all
# are as they are where nothing is folded.
for screen in "$TMP"/got/*.80; do
	name=$(basename "${screen%.80}")
	words_of "$TMP/got/$name.1000" >"$TMP/words.want"
	for width in 80 132; do
		# Lines to be copied into a zone are not folded.
		wide=$(plain "$TMP/got/$name.$width" |
			awk -v width=$width \
				'!/^    (add   |remove) / && length > width')
		ok "$name fits $width columns" [ -z "$wide" ] || note "$wide"
		# A tree is laid out for its width.
		case $name in
		spf-query-tree | spf-query-domain) continue ;;
		esac
		words_of "$TMP/got/$name.$width" >"$TMP/words"
		same "no word of it is broken" "$TMP/words.want" "$TMP/words"
	done
done
rm "$TMP"/got/*.1000
for screen in "$TMP"/got/*; do
	name=$(basename "$screen")
	[ "${VOUCH_SCREENS:-}" != update ] || cp "$screen" "$SCREENS/$name"
	ok "the screen $name is the one that was read" \
		diff -u "$SCREENS/$name" "$screen" || cat "$TMP/ok.out"
done
for screen in "$SCREENS"/*.*; do
	name=$(basename "$screen")
	[ -f "$TMP/got/$name" ] || result 1 "there is a screen $name"
done

# --- -h and --help ---

cp -R . ../examples

for tool in "$ROOT"/cmd/*/main.c; do
	tool=$(basename "${tool%/main.c}")
	"$tool" -h >"$TMP/out"
	ok "$tool -h fits a screen of 24 lines" [ "$(wc -l <"$TMP/out")" -le 24 ]
	"$tool" --help >"$TMP/out"
	# Own options last, and the examples at the top.
	ok "$tool --help ends with its own options" [ "$(grep -n '^[A-Z].*:$' \
		"$TMP/out" | tail -n 1 | sed 's/.*://; s/^$/Options/')" = Options ]
	sed -n "/^Examples:/,/^\$/s/^  //p" "$TMP/out" >"$TMP/lines"
	ok "$tool --help has two examples" lines 2 "$TMP/lines"
	while IFS= read -r example; do
		status=0
		# No test queries the real DNS.
		case $example in
		*--verify* | *[-]check* | *-query* | *-eval* | *-flatten*)
			example="$example -z zone" ;;
		dkim-verify*) example="$example -z zone" ;;
		esac
		(cd ../examples && exec sh -c "$example") >"$TMP/out" \
			2>"$TMP/err" </dev/null || status=$?
		ok "they run: $example" [ "$status" -ne 64 ] ||
			note "$(cat "$TMP/err")"
	done <"$TMP/lines"
done

# --- width ---

query="spf-query -Q --tree -z over $envelope"
# wide TITLE WIDTH COMMAND: its screen is the one of that width.
wide() {
	at_terminal "$3"
	tr -d '\r' <"$TMP/out" >"$TMP/screen"
	same "$1" "$SCREENS/spf-query-tree.$2" "$TMP/screen"
}
wide 'a terminal that does not tell its width has 80 columns' 80 \
	"stty cols 0; $query"
wide 'it may tell it' 132 "stty cols 132; $query"
wide 'COLUMNS is taken instead' 80 "stty cols 132; COLUMNS=80 $query"
wide 'not if it is no number' 132 "stty cols 132; COLUMNS=x $query"
wide 'nor 0' 132 "stty cols 132; COLUMNS=0 $query"
COLUMNS=30 at_terminal 'spf-query -Q -v -z long -i 192.0.2.1 -f a@example'
plain "$TMP/out" | tr -d '\r' | awk 'length > 30' >"$TMP/wide"
ok 'a word that is longer than a line is broken' [ ! -s "$TMP/wide" ]
COLUMNS=40 domain-check --only=spf example.org -z over >"$TMP/out"
COLUMNS=120 domain-check --only=spf example.org -z over >"$TMP/same"
same 'in a pipe nothing is folded' "$TMP/out" "$TMP/same"
ok 'a finding is one line there' grep -q '^example.org: error: .* 17 (' \
	"$TMP/out"

# --- colours ---

# coloured WHAT TITLE COMMAND: WHAT is yes or no.
coloured() {
	at_terminal "$3"
	if grep -q "$(printf '\033')" "$TMP/out"; then
		found=yes
	else
		found=no
	fi
	ok "$2" [ "$found" = "$1" ]
}
verify='dkim-verify -z zone signed'
coloured yes 'a terminal has colours' "$verify"
coloured no 'not with NO_COLOR' "NO_COLOR=1 $verify"
coloured yes 'an empty one does not count' "NO_COLOR= $verify"
coloured yes '--color=always outdoes it' "NO_COLOR=1 $verify --color=always"
coloured no '--color=never has none' "$verify --color=never"
coloured no 'nor on a terminal that is dumb' "TERM=dumb $verify"
coloured no 'a pipe has none' "$verify | cat"
coloured yes 'but with --color=always' "$verify --color=always | cat"
coloured no 'JSON never has' "$verify -j --color=always"
coloured no 'nor has a message' 'dkim-verify -z zone --color=always <signed'
coloured yes 'the explanation on stderr has' \
	'dkim-verify -v -H -z zone <signed >/dev/null'

# --- tables and summaries ---

dkim-verify -z zone box >"$TMP/out" 2>"$TMP/err"
ok 'in a pipe there is no table' [ "$(sed 's/:.*//' "$TMP/out" | sort -u |
	tr '\n' ' ')" = 'box/1-signed box/2-forged box/3-unsigned ' ]
has 'a line counts the messages' \
	'dkim-verify: 3 messages: 1 pass, 1 fail, 1 none; 1 not evaluated' \
	"$TMP/err"
for run in "spf-query $envelope" "vbr-check -t certifier-a.example $envelope" \
	"dmarc-eval $envelope"; do
	# shellcheck disable=SC2086
	$run -z zone box >"$TMP/out" 2>"$TMP/err"
	has "so does ${run%% *}" "${run%% *}: 3 messages: " "$TMP/err"
	has 'and those that were none' '; 1 not evaluated' "$TMP/err"
done
dkim-verify -q -z zone signed forged 2>"$TMP/err"
has 'in status mode, too' 'dkim-verify: 2 messages: 1 pass, 1 fail' "$TMP/err"
dkim-verify -j -z zone signed forged 2>"$TMP/err" >"$TMP/out"
has 'and with JSON' 'dkim-verify: 2 messages: 1 pass, 1 fail' "$TMP/err"
dkim-verify -z zone signed >"$TMP/out" 2>"$TMP/err"
ok 'one message is not counted' [ ! -s "$TMP/err" ]
exits 3 'a folder without messages is none' dkim-verify -z zone empty
has 'it is named' 'dkim-verify: empty: no messages in this folder' "$TMP/err"
dkim-verify -z zone signed box/4-none forged >"$TMP/both" 2>&1
ok 'in one file the summary comes last' [ "$(tail -n 1 "$TMP/both" |
	cut -c 1-23)" = 'dkim-verify: 2 messages' ]
mkdir -p Maildir/new Maildir/cur
exits 0 'also an empty Maildir beside a message' \
	dkim-verify -z zone Maildir signed
has 'it is named' 'dkim-verify: Maildir: no messages in this folder' "$TMP/err"
at_terminal 'dkim-verify -z zone --with-filename signed forged'
lacks '--with-filename wants lines' RESULTS "$TMP/out"
at_terminal 'dkim-verify -v -z zone signed forged'
lacks 'so does -v' RESULTS "$TMP/out"
# Blanks that a sender wrote do not decide where its text goes on.
printf 'From: x %70s dmarc=pass spf=pass\n\nx\n' '' >spoof
COLUMNS=60 at_terminal "dmarc-eval -z zone signed spoof"
has 'blanks are one in a table' 'parsed: x dmarc=pass' "$TMP/out"
printf 'From: a@b.example\n\nx\n' >"$(printf 'na\033[2Jme')"
at_terminal "dkim-verify -z zone na* signed"
has 'a name is escaped there' 'na\x1b[2Jme' "$TMP/out"
finish
