#!/bin/sh
# Trusted Authentication-Results fields as mail systems write them: the cases of
# data/trusted-fields (see there), each above a message of shop.example, which
# requests rejection.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
TAB='	'
printf '_dmarc.shop.example. TXT "v=DMARC1; p=reject"\n' >"$TMP/zone"

evaluate() {
	dmarc-eval -r --authserv-id=mx.example.org --zone "$TMP/zone" \
		--now "$NOW" "$@"
}

# message EOL
message() {
	text "$1" "Authentication-Results: $field~"
	text "$1" 'From: Shop <news@shop.example>~~text~'
}

begin_record
while IFS=$TAB read -r name _ _ options _ field; do
	case $name in
	'#'*) continue ;;
	esac
	message LF >"$TMP/message"
	message CRLF >"$TMP/message.crlf"
	# shellcheck disable=SC2086 # words
	{
		record evaluate $options <"$TMP/message"
		record evaluate $options -v <"$TMP/message"
		record evaluate $options <"$TMP/message.crlf"
	}
done <"$DATA/trusted-fields/cases"
awk -F "$TAB" '
	FNR == 1 { file++ }
	file == 1 && !/^#/ {
		name[++n] = $1
		status[n] = $2
		words[n] = $3
		said[n] = $5
	}
	file == 2 && FNR % 2 { out[++outs] = $0 }
	file == 2 && FNR % 2 == 0 { got[outs] = $0 }
	function report(good, title, r, text) {
		print (good ? 0 : 1) "\t" name[i] ": " title
		text = got[r] ": " out[r]
		gsub(/\n/, "\n#\t", text)
		if (!good)
			print "#\t" text
	}
	function has_all(text, list, many, part, k) {
		many = split(list, part, "|")
		for (k = 1; k <= many; k++)
			if (!index(text, part[k]))
				return 0
		return many > 0
	}
	END {
		for (i = 1; i <= n; i++) {
			r = 3 * i - 2
			report(got[r] == status[i], "status " status[i], r)
			report(index(out[r], "dmarc=" words[i]),
			    "dmarc=" words[i], r)
			report(has_all(out[r + 1], said[i]),
			    "-v says what is taken", r + 1)
			report(got[r + 2] == status[i], "in CRLF, too", r + 2)
			report(index(out[r + 2], "dmarc=" words[i]),
			    "with the same result", r + 2)
		}
		print (n >= 30 && outs == 3 * n ? 0 : 1) \
		    "\tthere are at least 30 cases"
	}' "$DATA/trusted-fields/cases" RS='\001' "$TMP/outs" >"$TMP/compared"
tally "$TMP/compared"
finish
