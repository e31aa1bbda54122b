# attacks.sh: what tests of messages have in common that want to be taken for
# another's. Source it after lib.sh and cases.sh, in $TMP.
#
#	$TAB, $MKSIG		a tab; tests/helper/mksig
#	text_of SELECTOR	the strings of the record of one of the keys
#	eval "set -- $(sent_as WORD)"
#				options: "-": evil.example sends it; "none"; or
#				the word itself
#	evaluate_attacks METHOD CASES
#				tests of all cases, rows of a name, a status and
#				what the report begins with after "METHOD=".
#				Their reports have been recorded, and the fields
#				written to $TMP/fields. For each case: the
#				status; these words; the report is of printable
#				lines, each of them a result; the field is
#				this host's, has one result of METHOD, the
#				first, and no others but of spf, then dkim; its
#				lines are short, and of printable ASCII. For
#				dmarc, no other passes for bank.example unless it
#				does
#
# shellcheck shell=sh disable=SC2034
TAB='	'
MKSIG=$BUILD/tests/helper/mksig
AUTHRES=$BUILD/tests/helper/authres
needs "$MKSIG" "$AUTHRES"

text_of() {
	sed -n "s/^$1\._domainkey\.example\.org\. .* TXT //p" "$ZONE"
}

sent_as() {
	case $1 in
	-) echo '-i 192.0.2.66 -e mail.evil.example -f x@evil.example' ;;
	none) ;;
	*) printf '%s\n' "$1" ;;
	esac
}

evaluate_attacks() {
	"$AUTHRES" <fields >rows
	awk -F '\t' -v method="$1" -v id="$ID" '
	FNR == 1 { file++ }
	file == 1 && !/^#/ {
		name[++cases] = $1
		status[cases] = $2
		words[cases] = $3
	}

	# Reports, each with its status after it.
	file == 2 && FNR % 2 { report[++reports] = $0 }
	file == 2 && FNR % 2 == 0 { got[reports] = $0 }

	# Results in the fields.
	file == 3 { fields = $1 }
	file == 3 && ($2 != id || $3 != 1 || $4 < 1 ||
	    ($5 == method) != ($4 == 1) ||
	    $4 == 2 && $5 != "spf" ||
	    $4 > 2 && $5 != "dkim") { disorder[$1] = $0 }
	file == 3 && $4 == 1 { result[$1] = $7 }
	file == 3 && $7 == "pass" && $11 ~ /(^|[@.])bank\.example$/ {
		passes[$1] = $0
	}

	# Their lines.
	file == 4 && /^Authentication-Results: / { n++ }
	file == 4 && (length > 998 || /[^\t -~]/ ||
	    !/^(\t|Authentication-Results: )/) { ugly[n] = $0 }

	function report_test(good, title) {
		print (good ? 0 : 1) "\t" name[i] ": " title
		if (good)
			return
		text = got[i] ": " report[i] disorder[i] ugly[i]
		gsub(/\n/, "\n#\t", text)
		print "#\t" text
	}
	function is_of_results(text, part, k, many) {
		many = split(text, part, "\n")
		for (k = 1; k < many; k++)
			if (part[k] !~ "^(" method "|spf|dkim)=" ||
			    part[k] ~ /[^ -~]/)
				return 0
		return part[many] == ""
	}
	function evaluate(word) {
		split(words[i], word, " ")
		report_test(got[i] == status[i], "status " status[i])
		report_test(index(report[i], method "=" words[i]) == 1,
		    method "=" words[i])
		report_test(is_of_results(report[i]),
		    "the report is of printable lines, each a result")
		report_test(result[i] == word[1] && !(i in disorder) &&
		    !(i in ugly),
		    "the field has this result, and nothing of the sender")
		if (method == "dmarc")
			report_test(word[1] == "pass" || !(i in passes),
			    "and no other that is a pass instead")
	}
	END {
		for (i = 1; i <= cases; i++)
			evaluate()
		i = 0
		name[0] = "every case"
		report_test(cases && reports == cases && fields == cases &&
		    n == cases, "has a report and a field")
	}' "$2" RS='\001' outs RS='\n' rows fields >compared
	tally compared
}
