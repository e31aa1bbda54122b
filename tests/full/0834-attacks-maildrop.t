#!/bin/sh
# Attacks delivered by a real maildrop with the recipe of vouch-recipes(7), and
# read by Sieve and Python: nothing forged is believed, nothing passes
# unevaluated.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
command -v maildrop >/dev/null || skip_all 'no maildrop here'
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
# shellcheck source=tests/delivery.sh
. "$ROOT/tests/delivery.sh"
# shellcheck source=tests/readers.sh
. "$ROOT/tests/readers.sh"
cd "$TMP" || exit 1
TAB='	'
attacks
mkdir spool

{
	echo "PATH=\"$TMP/bin:/usr/bin:/bin\""
	echo "HOME=\"$TMP/home\""
	echo 'SHELL="/bin/sh"'
	echo "TMPDIR=\"$TMP/spool\""
	echo "DEFAULT=\"$TMP/home/Maildir/.\""
	recipe maildrop | sed "s|/usr/local/bin/|$TMP/bin/|"
} >rc
chmod 600 rc

# deliver MESSAGE DELIVERED: with the recipe; where, is in $TMP/list
deliver() {
	rm -rf home
	for folder in . .Suspect .Certified; do
		set -- "$@" home/Maildir/$folder/new home/Maildir/$folder/cur \
			home/Maildir/$folder/tmp
	done
	deliver_mail=$1 deliver_to=$2
	shift 2
	mkdir -p "$@" || exit 1
	(cd home && exec maildrop ../rc) <"$deliver_mail" >out 2>err
	deliver_got=$?
	find home -type f >list
	while read -r deliver_file; do
		mv "$deliver_file" "$deliver_to"
	done <list
	return $deliver_got
}

# received SENDER HELO: as the host's own server writes it, on top
received() {
	printf 'Return-Path: <%s>\n' "$1"
	printf 'Received: from %s ([192.0.2.66])\n' "$2"
	printf '\tby mx.example.net with ESMTP id 1;'
	printf ' Fri, 20 Nov 2026 10:00:05 +0000\n'
}

deliver signed delivered
result $? 'mail that passes is delivered' || note "$(cat out err)"
see delivered
believed delivered >believers
[ -s believers ] || [ -z "$SIEVE$PYTHON" ]
result $? 'and its pass is believed by those that are here' ||
	note "$(cat sieve.err)"
number=0
while IFS=$TAB read -r name sender helo header; do
	case $name in '#'*) continue ;; esac
	number=$((number + 1))
	{
		received "$sender" "$helo"
		text LF "$header~hi~"
	} >m
	deliver m "delivered.$number"
	result $? "$name: it is delivered" || note "$(cat out err)"
	[ "$(wc -l <list)" -eq 1 ] && grep -q '/.Suspect/' list
	result $? "$name: to the folder for what is suspect" ||
		note "$(cat list)"
done <"$DATA/attacks/delivered"
see delivered.*
number=0
while IFS=$TAB read -r name _; do
	case $name in '#'*) continue ;; esac
	number=$((number + 1))
	[ -e "delivered.$number" ] || continue
	unbelieved "$name: nobody believes it, and it was evaluated" \
		"delivered.$number"
done <"$DATA/attacks/delivered"
finish
