#!/bin/sh
# What is not a domain, and names, local parts and macros with odd octets: the
# senders and the terms of data/spf-names, by zone; in make check-all from
# tests/dnsd, too.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
CASES=$DATA/spf-names
TAB='	'
needs_helpers
cd "$TMP" || exit 1

query() {
	spf-query -Q -j --now="$NOW" -i 192.0.2.1 "$@" 2>>err
}

# answers OPTION...: result, identifier and explanation of each sender, and then
# of each term
answers() {
	{
		while IFS=$TAB read -r sender helo _; do
			case $sender in '#'*) continue ;; esac
			[ "$sender" = '""' ] && sender=
			case $sender$helo in
			*\\*)
				sender=$(printf %b "$sender")
				helo=$(printf %b "$helo")
				;;
			esac
			query -f "$sender" -e "$helo" "$@"
		done <"$CASES/cases.tsv"
		while IFS=$TAB read -r term _; do
			case $term in '#'*) continue ;; esac
			query -f x@dom.test -e dom.test \
				--record="v=spf1 $term -all" "$@"
		done <"$CASES/records.tsv"
	} | "$MEMBERS" results/0/result results/0/id results/0/explanation
}

# What is wanted, and a title.
awk -F '\t' -v OFS='\t' '
	/^#/ { next }
	FILENAME ~ /cases/ { print $3, $4, $5, $6 ": " $3; next }
	{ print $2, $3, "-", $1 ", " $4 ": " $2 }
	' "$CASES/cases.tsv" "$CASES/records.tsv" >wanted

# compare HOW: the rows in the file got
compare() {
	paste wanted got | awk -F '\t' -v how="$1" '
	{
		good = $1 == $5 && $2 == $6 && $3 == $7
		print (good ? 0 : 1) "\t" $4 how
		if (!good)
			print "#\t" $5 " " $6 " " $7 ", not " $1 " " $2 " " $3
	}' >compared
	tally compared
}

answers -z "$CASES/names.zone" >got
compare ''
[ "$(wc -l <got)" -eq "$(wc -l <wanted)" ]
result $? 'each sender and each term has its result' || note "$(cat err)"
full || finish

if ! serve dns "$CASES/names.zone"; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi
answers -n "$SERVER" --timeout=10 >got
compare ', the same from a server'
finish
