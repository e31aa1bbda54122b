#!/bin/sh
# Authentication-Results under our name are removed, all others stay octet for
# octet (RFC 8601 section 5), and no sender can write into the new field. What is
# one field a message, many of them, or too large a header, is in tests/full.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
# shellcheck source=tests/removal.sh
. "${0%/*}/removal.sh"
AUTHRES=$BUILD/tests/helper/authres
needs "$AUTHRES"

# --- the fields of data/removal, all of an ID in one message ---

# compose EOL PART: the message; or, as PART, what is left of it: "rest", or
# "kept" with --keep-authres. A line X-Case: NUMBER is in front of each field.
compose() {
	printf '%b' "$(OTHER=$OTHER END=$END BODY=$BODY awk -F "$tab" \
		-v id="$id" -v eol="$1" -v part="$2" -v method="$method" '
	function lines(text, crlf, mixed) {
		while (index(text, "~")) {
			sub(/~/, crlf ? "\\r\\n" : "\\n", text)
			crlf = mixed ? !crlf : crlf
		}
		return text
	}
	function swap(text) {
		if (method == "dkim")
			return text
		gsub(/dkim/, "\001", text)
		gsub(method, "dkim", text)
		gsub(/\001/, method, text)
		gsub(/DKIM/, toupper(method), text)
		return text
	}
	BEGIN {
		first = eol == "CRLF"
		last = eol != "LF"
		printf "%s", lines(ENVIRON["OTHER"], first)
	}
	$1 == id {
		printf "%s", lines("X-Case: " ++n "~", last)
		if (part == "message" || $2 == "other" ||
		    part == "kept" && $2 == "kept")
			printf "%s", lines(swap($4), first, eol == "mixed")
	}
	END {
		printf "%s", lines("X-Case: end~" ENVIRON["OTHER"] \
		    ENVIRON["END"], last)
		printf "%s", lines(ENVIRON["BODY"], first)
	}' "$DATA/removal/fields")"
}

# compare HOW: $TMP/out with $TMP/want, case by case; if all is equal, each is
compare() {
	: >"$TMP/out.text"
	: >"$TMP/want.text"
	if ! cmp "$TMP/want" "$TMP/out" >"$TMP/difference" 2>&1; then
		tr '\000' '\002' <"$TMP/want" >"$TMP/want.text"
		tr '\000' '\002' <"$TMP/out" >"$TMP/out.text"
	fi
	awk -F "$tab" -v id="$id" -v how="$1" '
	FILENAME != was { was = FILENAME; file++; at = 0 }
	file == 1 && $1 == id { title[++n] = $2 ", " $3 }
	file == 1 { next }
	/^X-Case: / { at = substr($0, 9) + 0 }
	{ text[file, at] = text[file, at] $0 "\n" }
	END {
		for (i = 0; i <= n; i++) {
			good = text[2, i] == text[3, i] && \
			    (file == 1 || text[2, i] != "")
			print (good ? 0 : 1) "\t" how ", " (i ? title[i] : \
			    "all else") ": the rest is untouched"
			gsub(/\n/, "\n#\t", text[3, i])
			if (!good)
				print "#\t" text[3, i]
		}
	}' "$DATA/removal/fields" "$TMP/want.text" "$TMP/out.text" \
		>>"$TMP/compared"
}

# remove HOW NUMBER OPTION...: from $TMP/message so many; $TMP/rest is left
remove() {
	remove_how=$1 remove_number=$2
	shift 2
	removed "$remove_how" "$TMP/rest" "$@"
	compare "$remove_how"
	if [ "$remove_number" -eq 0 ]; then
		ok "$remove_how: -H has nothing to say" [ ! -s "$TMP/warning" ]
	else
		has "$remove_how: -H says that it cannot remove them" \
			"$checker: $remove_number Auth" "$TMP/warning"
	fi
}

# number VERDICT...: how many fields of the ID are any of these
number() {
	awk -F "$tab" -v id="$id" -v verdicts=" $* " '
		$1 == id && index(verdicts, " " $2 " ") { n++ }
		END { print n + 0 }' "$DATA/removal/fields"
}

grep -v '^#' "$DATA/removal/fields" | cut -f 1 | sort -u >"$TMP/ids"
while read -r id; do
	ours=$(number ours) both=$(number ours kept)
	for as in ${VOUCH_FULL:+'dkim-verify dkim LF' 'dkim-verify dkim CRLF'} \
		'dkim-verify dkim mixed' 'spf-query spf CRLF' \
		'dmarc-eval dmarc LF' 'vbr-check vbr mixed'; do
		eol=${as##* } checker=${as%% *} method=${as#* }
		method=${method% *}
		compose "$eol" message >"$TMP/message"
		compose "$eol" rest >"$TMP/rest"
		remove "$checker, $id, $eol" "$both"
		compose "$eol" kept >"$TMP/rest"
		remove "$checker, $id, $eol, --keep-authres" "$ours" \
			--keep-authres
	done
done <"$TMP/ids"
tally "$TMP/compared"
checker=dkim-verify id=$ID

# --- what a sender writes does not get into the field ---

grep -v '^#' "$DATA/removal/injections" >"$TMP/injections"
begin_record
while IFS=$tab read -r _ field; do
	text LF "$field$END$BODY" >"$TMP/message"
	verify -H <"$TMP/message" >>"$TMP/fields" 2>/dev/null ||
		echo 'no field' >>"$TMP/fields"
	record verify -r <"$TMP/message"
	record verify -j <"$TMP/message"
	record verify -r -v <"$TMP/message"
done <"$TMP/injections"

# Each field has one result, dkim and not pass, under our name; its lines are
# short, and of printable ASCII. A report is one line, and so is an object.
"$AUTHRES" <"$TMP/fields" >"$TMP/rows"
awk -F "$tab" '
	function is_line(text) {
		return sub(/\n$/, "", text) && text != "" &&
		    text !~ /[^ -~]/ && text !~ /^dkim=pass/
	}
	function report(good, title, text) {
		print (good ? 0 : 1) "\t" name[i] ": " title
		gsub(/\n/, "\n#\t", text)
		if (!good)
			print "#\t" text
	}
	FNR == 1 { file++ }
	file == 1 { name[++n] = $1 }
	file == 2 && ($2 != "mx.example.org" || $4 != 1 || $5 != "dkim" ||
	    $7 == "pass") { bad[$1] = 1 }
	file == 2 { rows[$1]++ }
	file == 3 && /^Authentication-Results: / { fields++ }
	file == 3 && (length > 998 || /[^\t -~]/ ||
	    !/^(\t|Authentication-Results: )/) { bad[fields] = 1 }
	file == 3 { field[fields] = field[fields] $0 "\n" }
	file == 4 && FNR % 2 { out[++outs] = $0 }
	END {
		for (i = 1; i <= n; i++) {
			report(rows[i] && !bad[i],
			    "the field is one result, not a pass", field[i])
			report(is_line(out[3 * i - 2]),
			    "the report is one line of printable ASCII",
			    out[3 * i - 2])
			report(is_line(out[3 * i - 1]),
			    "the object is one line of printable ASCII",
			    out[3 * i - 1])
			report(out[3 * i] !~ /[^\n\t -~]/ && out[3 * i] != "",
			    "the explanation is printable", out[3 * i])
		}
		i = 0
		name[0] = "each"
		report(n && fields == n && outs == 3 * n,
		    "has a field and three reports")
	}' "$TMP/injections" "$TMP/rows" "$TMP/fields" RS='\001' "$TMP/outs" \
	>"$TMP/compared"
tally "$TMP/compared"

one_line() {
	[ "$(wc -l <"$1")" -eq 1 ] &&
		[ "$(tr -d '\n\040-\176' <"$1" | wc -c)" -eq 0 ]
}

# Nor into the fields of inserters, whose domain is the author's.
while read -r from; do
	text LF "From: $from~~text~" >"$TMP/message"
	exits 65 "vbr-insert takes no domain from $from" \
		vbr-insert -t v.example <"$TMP/message"
	exits 65 "dkim-sign takes no domain from $from" dkim-sign -s r2048 \
		-k "$TMP/keys/rsa2048.pem" <"$TMP/message"
	ok "it writes nothing for $from" [ ! -s "$TMP/out" ]
	ok "it says why in one printable line for $from" one_line "$TMP/err"
done <<'END'
a@example.org;mv=evil.example
a@"example.org; mv=evil.example"
a@[192.0.2.1]
a@example.org\r\rX: y
a@example.org\0000
a@\033[2Jexample.org
a@exam ple.org
a@b@example.org
a@example..org
<a@example.org> <b@example.org>
nobody
END

finish
