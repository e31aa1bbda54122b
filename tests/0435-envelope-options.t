#!/bin/sh
# Words of the client never decide whether there is a verdict: in every mode that
# evaluates a message, what -i, -e and -f cannot be is not known, and says why.
# A query has nothing else: there it is a usage error.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

cat >zone <<'END'
example.org. TXT "v=spf1 ip4:192.0.2.1 -all"
mx.example.org. TXT "v=spf1 ip4:192.0.2.1 -all"
evil.example. TXT "v=spf1 +all"
_dmarc.example.org. TXT "v=DMARC1; p=reject"
END
# What this host wrote says another client than the options do.
cat >message <<'END'
Return-Path: <b@evil.example>
Received: from evil.example (evil.example [192.0.2.6])
	by mx.example.net; Fri, 20 Nov 2026 10:00:00 +0000
From: a@example.org
Subject: s

text
END
long=$(head -c 1001 /dev/zero | tr '\0' a)
most=$(head -c 1000 /dev/zero | tr '\0' a)
escape=$(printf '\033')
control="a${escape}[2J"
line=$(printf 'a.example\r\nX-Forged: yes')

run() {			# run TOOL ARG...
	tool=$1
	shift
	[ "$tool" != vbr-check ] || set -- -t b.example "$@"
	"$tool" --authserv-id=mx.example.net -z zone --defer "$@"
}

# is_filtered FILE: our field is on top, the body is there, and nothing of what
# an option says is in a field of its own, or raw
is_filtered() {
	filtered_part=top
	while IFS= read -r filtered; do
		case $filtered_part,$filtered in
		*X-Forged* | *"$escape"*) return 1 ;;
		top,'Authentication-Results: mx.example.net; '*)
			filtered_part=header
			;;
		top,*) return 1 ;;
		header,) filtered_part=body ;;
		body,text) filtered_part=text ;;
		esac
	done <"$1"
	[ "$filtered_part" = text ]
}

# evaluated TOOL OPTION VALUE STATUS: every mode has a verdict; the modes
# without a message are of all tools in make check-all, which share their code
evaluated() {
	run "$1" -a "$2" "$3" <message >filtered 2>err || return
	[ ! -s err ] && is_filtered filtered || return
	run "$1" -H "$2" "$3" <message >header 2>err || return
	[ -s header ] && [ ! -s err ] || return
	modes=-r
	[ "$1" != spf-query ] && ! full || modes='-r -j -q'
	for mode in $modes; do
		run "$1" "$mode" "$2" "$3" message >out 2>err
		[ $? -eq "$4" ] && [ ! -s err ] || return
		[ "$mode" = -q ] || [ -s out ] || return
	done
}

# source_of MEMBER OPTION VALUE: what JSON says of where an identity is from
source_of() {
	run spf-query -j "$2" "$3" message |
		"$MEMBERS" "envelope/$1" "envelope/$1_source" >out
	cat out
}

# shows MEMBER OPTION VALUE WHY
is_not_known() {
	printf -- '-\toption %s, whose value %s\n' "$2" "$4" >want
	source_of "$1" "$2" "$3" >got
	diff want got
}

check() {		# check OPTION MEMBER VALUE WHY WHAT
	for tool in spf-query dmarc-eval vbr-check; do
		case $tool$1 in
		spf-query-e) status=0 ;; # MAIL FROM is in the message
		dmarc-eval*) status=6 ;;
		*) status=3 ;;
		esac
		ok "$tool has a verdict where $1 $5, in each mode" \
			evaluated $tool "$1" "$3" $status
	done
	ok "it is not known, because it $4" is_not_known "$2" "$1" "$3" "$4"
}
check -i ip '' 'is empty' 'is empty'
check -i ip "$long" 'is not an address' 'is too long'
check -i ip "$control" 'is not an address' 'has control octets'
check -i ip 192.0.2.1.6 'is not an address' 'is not an address'
check -i ip '192.0.2.1 x' 'is not an address' 'has more than an address'
check -e helo '' 'is empty' 'is empty'
check -e helo ' ' 'is empty' 'is blank'
check -e helo "$long" 'is too long' 'is too long'
check -e helo "$control" 'has control characters' 'has control octets'
check -e helo "$line" 'has control characters' 'has a line end'
check -f mail_from "$long@example.org" 'is too long' 'is too long'
check -f mail_from "$control@example.org" 'has control characters' \
	'has control octets'
check -f mail_from "$line@example.org" 'has control characters' \
	'has a line end'

source_of helo -e "$most" >got
printf '%s\toption -e\n' "$most" >want
same 'a HELO of 1000 octets is known' want got

# After its last "@" there is no domain: SPF has the result none (RFC 7208 4.3).
for sender in 'a b' '@' 'a@' 'a@b c' 'a@[192.0.2.1]'; do
	ok "dmarc-eval has a verdict where -f is '$sender', in each mode" \
		evaluated dmarc-eval -f "$sender" 6
done

# The null reverse-path.
for sender in '' '<>' ' '; do
	run spf-query -j -i 192.0.2.1 -e mx.example.org -f "$sender" message |
		"$MEMBERS" results/0/properties/smtp.mailfrom >got
	echo postmaster@mx.example.org >want
	same "-f '$sender' is the null reverse-path" want got
done
exits 3 'the null reverse-path needs a HELO that is known' \
	run spf-query -r -i 192.0.2.1 -e "$long" -f '' message
has 'it says why it is not' \
	'HELO, which the null MAIL FROM needs: option -e, whose value is too long' out
exits 0 'another MAIL FROM does not' \
	run spf-query -r -i 192.0.2.1 -e "$long" -f a@example.org message

# The message is not looked at for what an option has without success.
exits 6 'a client cannot have its Received field believed by a HELO' \
	run dmarc-eval -r -i 192.0.2.66 -e "$long" -f x@example.org message
has 'SPF is that of the options' 'spf=fail' out
exits 3 'nor by an invalid address' \
	run spf-query -r -v -i 192.0.2.66.1 -f x@evil.example message
has 'the client is not known' \
	'  client: not known: option -i, whose value is not an address' out
exits 3 'nor its Return-Path by a MAIL FROM' \
	run spf-query -r -v -i 192.0.2.66 -f "$long" message
has 'the sender is not known' \
	'  MAIL FROM: not known: option -f, whose value is too long' out

# Queries.
refused() {		# refused WORDS ARG...
	words=$1
	shift
	"$@" -Q -z zone >out 2>err
	[ $? -eq 64 ] && lines 1 err && IFS= read -r error <err &&
		[ "$error" = "$1: $words (try --help)" ]
}
ok 'a query wants an address of -i' refused '-i: the value is not an address' \
	spf-query -i x -f a@example.org
ok 'a HELO that is not too long' refused '-e: the value is too long' \
	spf-query -i 192.0.2.1 -e "$long"
ok 'a MAIL FROM without controls' \
	refused '-f: the value has control characters' \
	spf-query -i 192.0.2.1 -f "$control"
ok 'an empty -i is as if it were not given' \
	refused '-Q needs -i, and -f or -e' spf-query -i '' -f a@example.org
ok 'an empty -e, too' refused '-Q needs -i, and -f or -e' \
	spf-query -i 192.0.2.1 -e ''
finish
