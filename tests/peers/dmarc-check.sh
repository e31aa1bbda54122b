#!/bin/sh
# Shows records with opendmarc-check, which queries the system's resolver.
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
	[ "$domain" = - ] || opendmarc-check "$domain" 2>&1
	echo "=$domain"
done |
awk -F ':[ \t]*' -v OFS='\t' '
	/Domain policy/ { policy = $2 }
	/query_dmarc/ { words = $NF }
	/^=/ {
		result = policy ? "fail" : words ~ /tempfail/ ? \
			"temperror" : "none"
		if ($0 == "=-")
			print "skipped", "-", "-", "-"
		else
			print result, policy ? policy : "-", "-",
				words ? words : "-"
		policy = words = ""
	}'
