#!/bin/sh
# What dkim-verify --explain prints for messages as people meet them: each is in
# data/explain, made by the script there. NAME.80 is the screen of 80 columns,
# NAME.pipe and NAME.json are what programs read; all were read and found good.
# VOUCH_SCREENS=update writes messages and outputs anew, to be read before they
# are committed.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

EXPLAIN=$DATA/explain
MKSIG=$BUILD/tests/helper/mksig
export MKSIG
needs "$MKSIG"
at_terminal true || skip_all 'no terminal by script(1)'
command -v jq >/dev/null || skip_all 'no jq'

mkdir "$TMP/mail"
ok 'the messages are made' "$EXPLAIN/make" "$TMP/mail"
[ "${VOUCH_SCREENS:-}" != update ] || cp "$TMP"/mail/* "$EXPLAIN"
cd "$TMP/mail" || exit 1
explain="dkim-verify --explain --color=never -z $ZONE -z $EXPLAIN/zone --now=$NOW"
# What it is about: JSON and the long lines of a pipe are alike in all.
piped='01-list 27-changed 31-archive'
as_json='01-list 09-eight-bit 20-damaged-hash 21-renamed 28-budget'

# read_before NAME FORM: the output is the one that was read. How much was tried
# depends on what the explainer knows.
read_before() {
	sed 's/of [0-9]* gives/of N gives/
		s/"tries": [0-9]*/"tries": 0/' "$TMP/got" >"$TMP/shown"
	[ "${VOUCH_SCREENS:-}" != update ] || cp "$TMP/shown" "$EXPLAIN/$1.$2"
	ok "$1.$2 is as it was read" diff -u "$EXPLAIN/$1.$2" "$TMP/shown" ||
		note "$(cat "$TMP/ok.out")"
}

for file in *; do
	name=${file%.*}
	same "the message $name is as it was made" "$EXPLAIN/$file" "$file"
	COLUMNS=80 at_terminal "$explain $file"
	tr -d '\r' <"$TMP/out" >"$TMP/got"
	read_before "$name" 80
	wide=$(awk 'length > 80' "$TMP/got")
	ok 'it has 80 columns' [ -z "$wide" ] || note "$wide"
done
for name in $piped; do
	$explain "$name".* >"$TMP/got" 2>/dev/null
	read_before "$name" pipe
done
for name in $as_json; do
	$explain -j "$name".* 2>/dev/null | jq .explain >"$TMP/got"
	read_before "$name" json
done

# Each that is kept is made.
for kept in "$EXPLAIN"/*.*; do
	kept=${kept##*/}
	set -- "${kept%.*}".*
	ok "$kept is tested" [ -f "$1" ]
done
set -- *
ok 'there are 30 messages and an archive' [ $# -eq 31 ]

# What was altered is known: then the message that was signed verifies.
for file in *.eml; do
	case $file in
	1[89]-* | 2[1234578]-* | 29-* | 30-*) continue ;;
	esac
	rm -f "$TMP/original"
	$explain --repaired="$TMP/original" "$file" >/dev/null 2>&1
	dkim-verify -r -z "$ZONE" -z "$EXPLAIN/zone" --now="$NOW" \
		"$TMP/original" >"$TMP/out" 2>/dev/null
	ok "$file was signed as it is reconstructed" \
		grep -q -e '^dkim=pass' -e '^dkim=policy' "$TMP/out"
done

# --- recipes of vouch-recipes(7) ---

mkdir -p "$TMP/recipes/Maildir/.failures/cur" && cd "$TMP/recipes" || exit 1
cp "$EXPLAIN/01-list.eml" message.eml && cp message.eml received.eml
sed 's/^Subject: \[dev\] /Subject: /; /^List-/d; /^____/,$d' message.eml >sent.eml
cp "$EXPLAIN"/0[1-4]*.eml Maildir/.failures/cur
HOME=$TMP/recipes
# The tool as it is called there, with the zones and the time of all tests.
mkdir bin && cat >bin/dkim-verify <<END && chmod +x bin/dkim-verify
#!/bin/sh
exec $(command -v dkim-verify) "\$@" -z $ZONE -z $EXPLAIN/zone --now=$NOW
END
recipe() {		# recipe STATUS NAME
	PATH=$TMP/recipes/bin:$PATH exits "$1" "the recipe $2 runs" \
		sh "$DATA/recipes/$2"
}
recipe 1 explain
has 'it tells who changed what' '"[dev] " to the Subject; the rest' "$TMP/out"
ok 'and has what was signed' grep -q '^Subject: Release' signed.eml
recipe 1 explain-original
has 'a copy of what was sent is compared' 'compared with the original' \
	"$TMP/out"
recipe 0 explain-folder
ok 'a folder has a table' grep -q '^body-footer  *2  list 1, relay 1' "$TMP/out"
lacks 'and nothing else' dkim= "$TMP/out"
recipe 1 explain-job
has 'the log of a job tells why' 'compared with the original' "$TMP/out"
cp sent.eml received.eml
recipe 0 explain-job
ok 'it is silent if all is well' [ ! -s "$TMP/out" ]

# --- the sentences ---

# They are for all people.
awk 'FNR == 1 { n = 0 } /^  [^ ]/ && !n++ { said = 1; print; next }
	/^      / && said { print; next } { said = 0 }' "$EXPLAIN"/*.80 >"$TMP/said"
ok 'there are sentences' [ "$(grep -c '^  [^ ]' "$TMP/said")" -ge 28 ]
for jargon in '[a-z]=' 'octet [0-9]' canonical 'hash' digest selector; do
	ok "no sentence has $jargon" sh -c "! grep '$jargon' '$TMP/said'"
done
finish
