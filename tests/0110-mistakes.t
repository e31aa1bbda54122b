#!/bin/sh
# Mistakes that are often made: the message, the status and the hint, at a
# terminal and elsewhere. The cases are in data/mistakes.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

cases=$DATA/mistakes/cases
mkdir "$TMP/here" && cd "$TMP/here" || exit 1
cp "$DATA/message.eml" "$TMP/keys/ed25519.pem" .
cat >zone <<'END'
example.org.        TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.org. TXT "v=DMARC1; p=reject"
END
VOUCH_AUTHSERV_ID=mx.example.com
export VOUCH_AUTHSERV_ID

# Runs each command: its stderr is between two lines with "@".
cat >"$TMP/run" <<'END'
n=0
while IFS= read -r command; do
	echo "@ $((n += 1))" >&2
	(eval "$command") <&3 >"$TMP/stdout"
	echo "@ status $?" >&2
done <"$TMP/commands"
END

# want ALL, got FILE: what is wanted, or was written, in a block a case: the command,
# the status, the lines of stderr. Hints are wanted if ALL is 1.
want() {
	awk -v all="$1" '
	/^#/ || !NF { next }
	/^\$ / { print; next }
	/^hint: / { if (all) print; next }
	{ print "status " $1; if (sub(/^[0-9]+ /, "")) print }' "$cases"
}

# Lines that were folded at a terminal are one again.
got() {
	tr -d '\r' <"$1" | awk -v commands="$TMP/commands" '
	/^@ status / { print "status " $3; printf "%s", text; next }
	/^@ / {
		text = ""
		getline line <commands
		print "$ " line
		next
	}
	sub(/^    /, " ") { sub(/\n$/, "", text) }
	{ text = text $0 "\n" }'
}

# compare TITLE WANT GOT: a test a case.
compare() {
	awk -v title="$1" '
	/^\$ / { n += NR == FNR; k += NR != FNR }
	NR == FNR { want[n] = want[n] $0 "\n"; if (/^\$ /) name[n] = $0; next }
	{ got[k] = got[k] $0 "\n" }
	END {
		for (i = 1; i <= n; i++) {
			good = want[i] == got[i]
			print !good "\t" title ": " substr(name[i], 3)
			if (good)
				continue
			text = "want:\n" want[i] "got:\n" got[i]
			gsub(/\n/, "\n#\t", text)
			print "#\t" text
		}
	}' "$2" "$3" >"$TMP/compared"
	tally "$TMP/compared"
}

sed -n 's/^\$ //p' "$cases" >"$TMP/commands"
ok 'there are at least 30 mistakes' test "$(wc -l <"$TMP/commands")" -ge 30
awk '/^hint: / && length > 80' "$cases" >"$TMP/wide"
ok 'no hint is over 80 columns' test ! -s "$TMP/wide"

if at_terminal true; then
	at_terminal "sh '$TMP/run' 3<&0"
	tr -d '\r' <"$TMP/out" | awk 'length > 80' >"$TMP/wide"
	ok 'no line is over 80 columns at a terminal' test ! -s "$TMP/wide"
	want 1 >"$TMP/want"
	got "$TMP/out" >"$TMP/got"
	compare 'at a terminal' "$TMP/want" "$TMP/got"
	at_terminal "sh '$TMP/run' 3<&0 2>'$TMP/err'"
	want 0 >"$TMP/want"
	got "$TMP/err" >"$TMP/got"
	compare 'stderr is a file' "$TMP/want" "$TMP/got"
else
	skip 'mistakes at a terminal' 'no script(1)'
fi
spf-query -v -i 192.0.2.1 -f a@example.org </dev/null 2>"$TMP/err"
has '-v shows a hint anywhere' 'hint: -Q evaluates' "$TMP/err"
spf-query --bogus --v -v 2>"$TMP/err" </dev/null
ok 'one usage error is shown' lines 1 "$TMP/err"
printf '%s\n' '-' >'x.example'
exits 65 'a file whose name looks like a domain is a file' \
	spf-query -v x.example
lacks 'so there is no hint' hint: "$TMP/err"
spf-query -v "$(printf 'a\033@example.org')" 2>"$TMP/err"
lacks 'an operand that sh would not take as a word is in no hint' hint: \
	"$TMP/err"
finish
