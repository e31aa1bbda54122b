#!/bin/sh
# Shows records with opendmarc-check, which asks the system's resolver.
#	dmarc-check.sh LIST ZONE
# See dmarc-authheaders.py. It knows no public suffixes, and no results: others
# than queries without results, of domains with a record of their own in the
# file ZONE, are skipped. The result of what has a policy: fail.
set -u
awk -F '[ \t]' '
	FNR == NR {
		if (/^_dmarc/ || /^;!/)
			own[tolower($1 ~ /^;/ ? $2 : $1)] = 1
		next
	}
	{ print $3 == "-" && ("_dmarc." tolower($2) ".") in own ? $2 : "-" }
' "$2" "$1" |
while read -r domain; do
	if [ "$domain" = - ]; then
		printf 'skipped\t-\t-\t-\n'
		continue
	fi
	opendmarc-check "$domain" 2>&1 | awk -F ':[ \t]*' '
	/Domain policy/ { policy = $2 }
	/query_dmarc/ { words = $NF }
	END {
		print policy ? "fail" : words ~ /tempfail/ ? \
			"temperror" : "none", policy ? policy : "-", "-",
			words ? words : "-"
	}' OFS='\t'
done
