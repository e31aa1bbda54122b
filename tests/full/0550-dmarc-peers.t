#!/bin/sh
# Agreement with authheaders, Mail::DMARC, libopendmarc and opendmarc-check,
# through a DNS server, on the cases of data/dmarc, domains and messages: the
# same result, the policy of a fail, and the domain whose record applies, but
# for the differences of data/peers/dmarc-differs.tsv, each with the section
# that decides it. Peers of RFC 7489 are held against --rfc7489, the walk of
# authheaders (a draft's) against RFC 9989. permerror, which few have, is as
# none: DMARC does not apply (RFC 7489 6.6.3, step 6).
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/peers.sh
. "$ROOT/tests/peers.sh"
# shellcheck source=tests/alone.sh
. "$ROOT/tests/alone.sh"
CASES=$DATA/dmarc
SUFFIXES=$CASES/suffixes.dat
TAB='	'
cd "$TMP" || exit 1
needs_helpers

# Peers do not wait for what never answers. Mail::DMARC has no policy for a
# domain without an address (RFC 7489 A.4 tells why none is queried), so what
# has a record has one, but for soft.test.
make_zone() {
	sed 's/^;!TIMEOUT/;!SERVFAIL/' "$CASES"/*.zone
	awk '/^_dmarc[.]/ && !/^_dmarc[.]soft[.]/ && !seen[$1]++ {
		sub(/^_dmarc[.]/, "", $1)
		print $1 " 60 IN A 192.0.2.1"
	}' "$CASES"/*.zone
}

# FILE, author, results: each once; and the messages.
make_list() {
	mkdir m
	awk -F '\t' '!/^#/ && !seen[$2 FS $3]++ {
		text = $3
		sub(/^-$/, "dkim=none", text)
		gsub(/,/, "; ", text)
		for (n = split("spf:smtp.mailfrom dkim:header.d", pairs, " ");
		    n; n--) {
			split(pairs[n], pair, ":")
			while (match(text, pair[1] "=[a-z]*:"))
				text = substr(text, 1, RSTART + RLENGTH - 2) \
					" " pair[2] "=" \
					substr(text, RSTART + RLENGTH)
		}
		print $1 FS $2 FS $3 FS text
	}' "$CASES/cases.tsv" >rows
	while IFS=$TAB read -r name author results text; do
		case $author in
		*:*) field=$author ;;
		*) field="From: Name <user@$author>" ;;
		esac
		printf 'Authentication-Results: mx.test;\n %s\n%b\n%s\n\n%s\n' \
			"$text" "$field" 'Subject: test' body >"m/$name"
		printf 'm/%s\t%s\t%s\n' "$name" "$author" "$results"
	done <rows >list
}

# start PEER COMMAND...
start() {
	start_peer=$1
	shift
	"$@" >"$start_peer" 2>"$start_peer.errors" &
	serve_pids="$serve_pids $!"
	eval "${start_peer}_pid=$!"
}

# evaluate NAME OPTION...: rows of vouch: result, policy, disposition, the
# domain whose record applies; the last two are of the first author domain.
evaluate() {
	judge_name=$1
	shift
	# shellcheck disable=SC2046 # words
	dmarc-eval -j --now="$NOW" -n "127.0.0.1#$port" --trust-authres \
		--authserv-id=mx.test "$@" $(cut -f 1 list) 2>errors |
		"$MEMBERS" results/0/result results/0/properties/policy.dmarc \
			evaluations/0/disposition evaluations/0/policy_domain \
			>"$judge_name"
	[ "$(wc -l <"$judge_name")" -eq "$(wc -l <list)" ]
}

# compare PEER ROWS COLUMN TITLE: differences that are not listed, and listed
# ones that do not occur. COLUMN: 2, the policy, or 3, the disposition.
compare() {
	paste list "$2" "$1" | awk -F '\t' -v peer="$1" -v column="$3" '
	function report(text) {
		print text
		bad = 1
	}
	FILENAME != "-" {
		if (!/^#/ && $1 == peer)
			for (n = split($3, cases, " "); n; n--)
				gives[cases[n]] = $4
		next
	}
	$8 == "skipped" { next }
	{
		seen++
		result = $4 == "permerror" ? "none" : $4
		applies = result == "pass" || result == "fail"
		policy = $2 ~ /:/ ? $5 : $(3 + column)
		ours = result " " (result == "fail" ? policy : "-")
		their_result = $8 == "permerror" ? "none" : $8
		theirs = their_result " " ($8 == "fail" ? $9 : "-")
		if ($10 != "-" && $2 !~ /:/) {
			ours = ours " " (applies ? $7 : "none")
			theirs = theirs " " $10
		}
		if (ours == tolower(theirs))
			next
		differ++
		name = substr($1, 3)
		if (name in gives && theirs ~ gives[name])
			found[name] = 1
		else
			report("differs: " name ": " $2 " " $3 "\n  ours: " \
				ours "\n  " peer ": " theirs " " $11)
	}
	END {
		for (name in gives)
			if (!(name in found))
				report("no longer true: " name)
		print differ + 0 " of " seen + 0 " differ" >"counts"
		exit seen < 50 ? 2 : bad
	}' "$DATA/peers/dmarc-differs.tsv" - >differences
	compared $? "$1" "$4"
	note "$1: $(cat counts)"
}

make_zone >zone && make_list
result $? 'there are a zone, and messages'
serve dnsd zone
port=${SERVER#*#}

# All peers at once: this takes seconds.
authheaders_pid='' maildmarc_pid='' opendmarc_pid='' check_pid=''
if "$PEERS/has" python authheaders dns; then
	start authheaders "$PEERS/python" "$PEERS/dmarc-authheaders.py" \
		"$port" "$SUFFIXES" list old walk
fi
if "$PEERS/has" perl Mail::DMARC::PurePerl; then
	start maildmarc perl "$PEERS/dmarc-maildmarc.pl" "$port" "$SUFFIXES" \
		list
fi
if "$PEERS/python" -c 'import ctypes; ctypes.CDLL("libopendmarc.so.2")' 2>errors
then
	start opendmarc "$PEERS/python" "$PEERS/dmarc-opendmarc.py" "$port" \
		"$SUFFIXES" list
fi
PATH=$PATH:/usr/sbin
if ! command -v opendmarc-check >errors; then
	why_not='no opendmarc-check'
elif ! can_be_alone; then
	why_not='no namespaces, so that it queries the resolver of this machine'
else
	start check alone "$PEERS/dmarc-check.sh" list zone
fi

evaluate ours-old --rfc7489 --psl="$SUFFIXES"
result $? 'every one of them is evaluated as before RFC 9989'
evaluate ours
result $? 'and as by RFC 9989'

# against PID PEER ROWS COLUMN NAME REASON
against() {
	if [ "$1" ]; then
		wait "$1"
		compare "$2" "$3" "$4" "$5 agrees, but for what is explained"
	else
		skip "$5 agrees" "$6"
	fi
}
against "$authheaders_pid" old ours-old 2 authheaders \
	'no authheaders with dnspython'
against "$authheaders_pid" walk ours 2 'the walk of authheaders' \
	'no authheaders with dnspython'
against "$maildmarc_pid" maildmarc ours-old 3 Mail::DMARC 'no Mail::DMARC'
against "$opendmarc_pid" opendmarc ours-old 2 libopendmarc \
	'no libopendmarc.so.2, or no Python'
against "$check_pid" check ours-old 2 opendmarc-check "${why_not-}"
finish
