#!/bin/sh
# Attacks delivered by a real maildrop with the recipe of vouch(7), and read by
# Sieve and Python: nothing forged is believed, nothing passes unjudged.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
command -v maildrop >/dev/null || skip_all 'no maildrop here'
# shellcheck source=tests/delivery.sh
. "${0%/*}/delivery.sh"
# shellcheck source=tests/readers.sh
. "${0%/*}/readers.sh"
cd "$TMP" || exit 1
TAB='	'
attacks
mkdir spool

# deliver MESSAGE: with the recipe; what is delivered is in $TMP/delivered, and
# where, in $TMP/list
deliver() {
	rm -rf home delivered && mkdir home || exit 1
	for folder in . .Suspect .Certified; do
		mkdir -p home/Maildir/$folder/new home/Maildir/$folder/cur \
			home/Maildir/$folder/tmp || exit 1
	done
	{
		echo "PATH=\"$TMP/bin:/usr/bin:/bin\""
		echo "HOME=\"$TMP/home\""
		echo 'SHELL="/bin/sh"'
		echo "TMPDIR=\"$TMP/spool\""
		echo "DEFAULT=\"$TMP/home/Maildir/.\""
		recipe maildrop | sed "s|/usr/local/bin/|$TMP/bin/|"
	} >rc
	chmod 600 rc
	(cd home && maildrop ../rc) <"$1" >out 2>err
	deliver_got=$?
	find home -type f >list
	[ ! -s list ] || cp "$(sed q list)" delivered
	return $deliver_got
}

# received SENDER HELO: as the host's own server writes it, on top
received() {
	printf 'Return-Path: <%s>\n' "$1"
	printf 'Received: from %s ([192.0.2.66])\n' "$2"
	printf '\tby mx.example.net with ESMTP id 1;'
	printf ' Fri, 20 Nov 2026 10:00:05 +0000\n'
}

deliver signed
result $? 'mail that passes is delivered' || note "$(cat out err)"
believed delivered >believers
[ -s believers ] || [ -z "$SIEVE$PYTHON" ]
result $? 'and its pass is believed by those that are here' ||
	note "$(cat sieve.err)"
while IFS=$TAB read -r name sender helo header; do
	case $name in '#'*) continue ;; esac
	{
		received "$sender" "$helo"
		printf '%b~hi~' "$(printf %s "$header" | sed 's/~/\\n/g')" |
			tr '~' '\n'
	} >m
	deliver m
	result $? "$name: it is delivered" || note "$(cat out err)"
	[ "$(wc -l <list)" -eq 1 ] && grep -q '/.Suspect/' list
	result $? "$name: to the folder for what is suspect" ||
		note "$(cat list)"
	[ -e delivered ] || continue
	unbelieved "$name: nobody believes it, and it was judged" delivered
done <"$DATA/attacks/delivered"
finish
