#!/bin/sh
# Attacks sent to a real Postfix with the content filter of vouch-recipes(7), and
# read by Sieve and Python: nothing forged is believed, nothing passes
# unevaluated.
# Slow: mail waits in a queue.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/postfix.sh
. "$ROOT/tests/postfix.sh"
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
# shellcheck source=tests/delivery.sh
. "$ROOT/tests/delivery.sh"
# shellcheck source=tests/readers.sh
. "$ROOT/tests/readers.sh"
cd "$TMP" || exit 1
TAB='	'
attacks
recipe vouch-filter >local/libexec/vouch-filter
chmod 755 local/libexec/vouch-filter
postfix_recipe=postfix
postfix_begin 'home_mailbox = Maildir/'

# All are sent, and then looked at: each says which it is.
number=0
while IFS=$TAB read -r name sender helo header; do
	case $name in '#'*) continue ;; esac
	number=$((number + 1))
	text LF "X-Case: $number~$header~hi~" >m
	speaks m 192.0.2.66 "$sender" "$helo"
	result $? "$name: it is sent"
done <"$DATA/attacks/delivered"
settled
number=0
while IFS=$TAB read -r name sender helo header; do
	case $name in '#'*) continue ;; esac
	number=$((number + 1))
	find home/user/Maildir -type f -exec grep -l "^X-Case: $number\$" {} + \
		>list
	[ "$(wc -l <list)" -eq 1 ]
	result $? "$name: it is delivered, once" ||
		note "$(cat list; tail -n 5 maillog)"
	[ -s list ] || continue
	# Above what the filter wrote is what local(8) did.
	sed -n '/^Auth/,$p' "$(sed q list)" >"delivered.$number"
done <"$DATA/attacks/delivered"
see delivered.*
number=0
while IFS=$TAB read -r name _; do
	case $name in '#'*) continue ;; esac
	number=$((number + 1))
	delivered=delivered.$number
	[ -e "$delivered" ] || continue
	case $name in
	'another From after a bare CR')
		has "$name: Postfix makes a blank of the CR" \
			'X-A: b From: ceo@bank.example' "$delivered"
		continue
		;;
	esac
	unbelieved "$name: nobody believes it, and it was evaluated" \
		"$delivered"
done <"$DATA/attacks/delivered"
postfix_end
finish
