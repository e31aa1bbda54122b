#!/bin/sh
# The recipes of vouch-recipes(7) in a real procmail, and the traps it names.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
command -v procmail >/dev/null || skip_all 'no procmail here'
[ -x /bin/bash ] || skip_all 'no /bin/bash here'
# shellcheck source=tests/delivery.sh
. "$ROOT/tests/delivery.sh"
cd "$TMP" || exit 1
(echo 'From notices@example.org Fri Nov 20 10:00:05 2026' && cat signed) >mbox
for name in plain forged broken; do
	(head -n 1 mbox && cat $name) >m && mv m $name
done
mv mbox signed
# Another MAIL FROM, so that SPF cannot replace the signature.
sed '1s/notices@example.org/x@other.example/' broken >m && mv m broken
unset SENDER CLIENT HELO

# deliver STATUS TITLE RECIPE MESSAGE [ARGUMENT...]: into the folders of $TMP/in
deliver() {
	deliver_want=$1 deliver_title=$2 deliver_recipe=$3 deliver_mail=$4
	shift 4
	rm -rf in && mkdir in in/Inbox in/.Suspect in/.Certified || exit 1
	{
		echo "PATH=$TMP/bin:/usr/bin:/bin LOGFILE=$TMP/log MAILDIR=$TMP/in ORGMAIL=$TMP/lost"
		echo 'DEFAULT=Inbox/ SHELL=/bin/sh LOCKFILE='
		cat "$deliver_recipe"
	} >rc
	: >log
	procmail -m "$TMP/rc" "$@" <"$deliver_mail" 2>err
	deliver_got=$?
	find in -type f >list
	[ ! -s list ] || cp "$(sed q list)" delivered
	[ $deliver_got -eq "$deliver_want" ] && [ ! -e lost ]
	result $? "$deliver_title" ||
		note "status $deliver_got: $(cat list log err)"
}

# A Maildir has no From_ line.
received() {	# received TITLE VERDICTS MESSAGE
	sed 1d "$3" >original
	has_verdicts "$1" delivered "$2" original
}

# --- the chain; what cannot be evaluated waits ---

chain=$RECIPES/procmail
deliver 0 "a certified message is delivered" "$chain" signed
in_folder in/.Certified
received "the four verdicts are on top; all else is as it was" "$PASS" signed
deliver 0 "a changed message of another sender is delivered" "$chain" broken
in_folder in/.Suspect
received "nothing vouches for it" 'vbr=none dmarc=fail dkim=fail spf=none' broken
sed 's/^From: .*/From: <a@nobody.example/' plain >unread
deliver 0 "one whose From field cannot be read is delivered" "$chain" unread
in_folder in/.Suspect
sed 's/^From: .*/&\
no field\
&/' plain >unread
deliver 0 "one with a second From for some readers is delivered" "$chain" unread
in_folder in/.Suspect
deliver 0 "a message with forged fields is delivered" "$chain" forged
in_folder in/Inbox
sed '/^Authentication-Results:/d' forged >clean
received "none of them counts or stays" \
	'vbr=none dmarc=pass dkim=none spf=pass' clean
sed 's/^DEFAULT=.*/DEFAULT=mbox/' rc >mbox.rc
deliver 0 "an mbox is delivered to" "$chain" signed
grep -v '^DEFAULT' "$chain" | sed '/^:0$/,$d' >recipe
echo 'DEFAULT=mbox' >>recipe
deliver 0 "the chain without conditions, and an mbox" recipe signed
[ "$(sed q in/mbox)" = "$(sed q signed)" ]
result $? "the From_ line stays first"
[ "$(grep -c '^>From here on' in/mbox)" -eq 1 ]
result $? "a line of the body that looks like it is quoted by procmail"

waits procmail "$chain" signed
chmod -x bin/vbr-check
deliver 75 "a tool that is not there: 75" "$chain" signed
nothing "and nothing is delivered"
chmod +x bin/vbr-check

# Without pipefail, half a message counts as the whole.
sed 's/^| set -o pipefail; /| /' "$chain" >recipe
lame dkim-verify
deliver 0 "without pipefail nobody sees the killed tool" recipe signed
[ "$(wc -c <"$(sed q list)")" -lt "$(wc -c <signed)" ]
result $? "and the message is cut short: why the recipe has it"
lame none

# --- the chain; what cannot be evaluated is delivered ---

deliver=$RECIPES/procmail-deliver
set -- 192.0.2.10 mail.example.org notices@example.org
deliver 0 "a message with its envelope in words is delivered" "$deliver" \
	signed "$@"
in_folder in/Inbox
received "with the four verdicts" "$PASS" signed
deliver 0 "another client" "$deliver" signed 192.0.2.66 "$2" "$3"
received "is evaluated as that" 'vbr=pass dmarc=pass dkim=pass spf=fail' signed
deliver 0 "without words that name the client" "$deliver" signed '' '' "$3"
received "it is not known, and not looked for in the message" \
	'vbr=pass dmarc=pass dkim=pass spf=none' signed
dns dead
deliver 0 "dead DNS: it is delivered" "$deliver" signed "$@"
in_folder in/Inbox
received "with four temporary errors" \
	'vbr=temperror dmarc=temperror dkim=temperror spf=temperror' signed
dns alive
for tool in $CHECKERS; do
	lame "$tool"
	deliver 0 "$tool killed in the middle: delivered" "$deliver" forged "$@"
	received "all of it, unevaluated, and without forged fields" '' clean
done
lame none

# --- the traps ---

cat >recipe <<'EOT'
:0 fhw
| dkim-verify --authserv-id=mx.example.net
EOT
deliver 0 "a filter with the flag h" recipe signed
received "sees no body: a good signature fails" 'dkim=fail' signed

conditions() {	# conditions FLAGS: does dkim-verify -q pass?
	printf ':0 %s\n* ? dkim-verify -q\n.Certified/\n' "$1" >recipe
}
sed 1,3d plain | sed 1d | dkim-sign -d example.org -c relaxed/relaxed \
	-k r2048=keys/rsa2048.pem --now "$NOW" 2>err >relaxed
conditions ''
deliver 0 "a program in a condition" recipe relaxed
in_folder in/Inbox
conditions HB
deliver 0 "with HB" recipe relaxed
in_folder in/.Certified
deliver 0 "with HB, and a signature with c=simple" recipe signed
in_folder in/Inbox

cat >recipe <<'EOT'
:0 fw
| dkim-verify --authserv-id=mx.example.net
:0 fw
| cat >/dev/null; exit 75
EOT
deliver 0 "a filter that fails" recipe signed
received "leaves the message as it was" 'dkim=pass' signed

cat >recipe <<'EOT'
:0 fw
| cat >seen; cat seen
EOT
deliver 0 "a filter is run" recipe signed
same "the From_ line is the first that it sees" in/seen signed
# An mbox whose messages begin with our field, which is folded.
{
	for n in 1 2 3; do
		{
			echo "From a@example.org Fri Nov 20 10:00:0$n 2026"
			cat "$DATA/message.eml"
		} | dmarc-eval -a --authserv-id=mx.example.net -z /dev/null
		echo
	done
} >"$TMP/ours.mbox"
ok "our field is folded" grep -q '^	' "$TMP/ours.mbox"
# shellcheck disable=SC2317 # ok() calls it
divided() {		# divided NUMBER ARG...: formail finds so many messages
	want=$1
	shift
	[ "$(formail "$@" -s sh -c 'cat >/dev/null; echo x' \
		<"$TMP/ours.mbox" | wc -l)" -eq "$want" ]
}
ok "formail does not divide it by itself" divided 1
ok "with -m 1 it does" divided 3 -m 1
finish
