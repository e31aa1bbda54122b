#!/bin/sh
# From the sender to the folder: vbr-insert, dkim-sign, a real Postfix, and
# procmail or maildrop with the recipes of vouch-recipes(7).
# Slow: mail waits in a queue.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
command -v procmail >/dev/null || skip_all 'no procmail here'
command -v maildrop >/dev/null || skip_all 'no maildrop here'
[ -x /bin/bash ] || skip_all 'no /bin/bash here'
# shellcheck source=tests/postfix.sh
. "$ROOT/tests/postfix.sh"
# shellcheck source=tests/delivery.sh
. "$ROOT/tests/delivery.sh"
cd "$TMP" || exit 1
for name in signed broken forged; do
	sed '/^Received:/,/reader@/d' $name >m && mv m $name
done
sed '/^Authentication-Results/d' forged >clean
postfix_recipe=
postfix_begin 'mailbox_command = /bin/false'

# agent LINE FILE: who delivers now, a line of main.cf, and what the user says
agent() {
	rm -rf home/user/.procmailrc home/user/.mailfilter
	sed '/^mailbox_command/,$d' etc/main.cf >main.cf
	echo "$1" >>main.cf
	cat main.cf >etc/main.cf
	postfix reload 2>>postfix.out
	cat >"home/user/$2"
	chown $USER_ID:$USER_ID "home/user/$2"
	chmod 600 "home/user/$2"
	fresh
}

fresh() {
	rm -rf home/user/Maildir
	set --
	for folder in . .Suspect .Certified; do
		set -- "$@" home/user/Maildir/$folder/new \
			home/user/Maildir/$folder/cur \
			home/user/Maildir/$folder/tmp
	done
	mkdir -p "$@"
	chown -R $USER_ID:$USER_ID home/user/Maildir
}

# journeys AGENT: that of each message ends where it should
journeys() {
	send signed
	settled
	arrived "$1: certified mail, with four verdicts, in its folder" \
		"$PASS" signed .Certified/
	fresh
	send signed 192.0.2.66
	settled
	arrived "$1: forwarded mail; the signature holds" \
		'vbr=pass dmarc=pass dkim=pass spf=fail' signed .Certified/
	fresh
	send broken 192.0.2.66
	settled
	arrived "$1: what nothing authenticates is suspect" \
		'vbr=none dmarc=fail dkim=fail spf=fail' broken .Suspect/
	fresh
	send forged 192.0.2.66
	settled
	arrived "$1: and forged results do not help it" \
		'vbr=none dmarc=fail dkim=none spf=fail' clean .Suspect/
	fresh
}

# waits AGENT: what dead DNS does
waits() {
	dns dead
	send signed
	settled
	empty "$1: dead DNS: nothing is delivered"
	queued 1 "$1: it waits, and nobody gets a bounce"
	dns alive
	flush
	arrived "$1: and arrives once when the DNS is back" "$PASS" signed \
		.Certified/
	queued 0 "$1: nothing is left"
	fresh
}

mail_folders="MAILDIR=$TMP/home/user/Maildir DEFAULT=$TMP/home/user/Maildir/"
(echo "$mail_folders" && recipe procmail) |
	agent 'mailbox_command = /usr/bin/procmail' .procmailrc
journeys procmail
waits procmail

(echo "$mail_folders" && recipe procmail-deliver) |
	agent "$(recipe procmail-postfix)" .procmailrc
send signed
settled
arrived "procmail, the envelope in words: four verdicts" "$PASS" signed ''
fresh
dns dead
send signed
settled
arrived "procmail, dead DNS: delivered at once, with four temporary errors" \
	'vbr=temperror dmarc=temperror dkim=temperror spf=temperror' signed ''
queued 0 "nothing is left"
fresh
dns alive

recipe maildrop | agent 'mailbox_command = /usr/bin/maildrop' .mailfilter
journeys maildrop
waits maildrop

recipe maildrop-deliver | agent 'mailbox_command = /usr/bin/maildrop' .mailfilter
send signed
settled
arrived "maildrop, delivering always: four verdicts" "$PASS" signed ''
fresh
dns dead
send forged
settled
arrived "maildrop, dead DNS: delivered at once, without forged fields" \
	'' clean ''
queued 0 "nothing is left"
postfix_end
finish
