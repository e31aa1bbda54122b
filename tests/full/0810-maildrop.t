#!/bin/sh
# The recipes of vouch-recipes(7) in a real maildrop, and the traps it names.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
command -v maildrop >/dev/null || skip_all 'no maildrop here'
# shellcheck source=tests/delivery.sh
. "$ROOT/tests/delivery.sh"
cd "$TMP" || exit 1
# SPF needs the envelope: here it is a field that this host wrote.
for name in plain signed forged broken; do
	(echo 'Return-Path: <notices@example.org>' && cat $name) >m &&
		mv m $name
done
# Another MAIL FROM, so that SPF cannot replace the signature.
sed '1s/notices@example.org/x@other.example/' broken >m && mv m broken
sed '/^Authentication-Results:/d' forged >clean

mkdir spool
# deliver STATUS TITLE RECIPE MESSAGE: into the Maildirs of $TMP/home
deliver() {
	rm -rf home
	for folder in . .Suspect .Certified; do
		set -- "$@" home/Maildir/$folder/new home/Maildir/$folder/cur \
			home/Maildir/$folder/tmp
	done
	(shift 4 && mkdir -p "$@") || exit 1
	{
		# Its own PATH has /usr/local/bin last or not at all.
		echo "PATH=\"$TMP/bin:/usr/bin:/bin\""
		echo "HOME=\"$TMP/home\""
		echo 'SHELL="/bin/sh"'
		echo "TMPDIR=\"$TMP/spool\""
		echo "DEFAULT=\"$TMP/home/Maildir/.\""
		sed "s|/usr/local/bin/|$TMP/bin/|" "$3"
	} >rc
	chmod 600 rc
	(cd home && maildrop ../rc) <"$4" >out 2>err
	deliver_got=$?
	find home -type f >list
	[ ! -s list ] || cp "$(sed q list)" delivered
	[ $deliver_got -eq "$1" ]
	result $? "$2" || note "status $deliver_got: $(cat list out err)"
}

# --- the chain; what cannot be evaluated waits ---

chain=$RECIPES/maildrop
deliver 0 "a certified message is delivered" "$chain" signed
in_folder home/Maildir/.Certified
has_verdicts "the four verdicts are on top; all else is as it was" \
	delivered "$PASS" signed
deliver 0 "a changed message of another sender is delivered" "$chain" broken
in_folder home/Maildir/.Suspect
has_verdicts "nothing vouches for it" delivered \
	'vbr=none dmarc=fail dkim=fail spf=none' broken
sed 's/^From: .*/From: <a@nobody.example/' plain >unread
deliver 0 "one whose From field cannot be read is delivered" "$chain" unread
in_folder home/Maildir/.Suspect
sed 's/^From: .*/&\
no field\
&/' plain >unread
deliver 0 "one with a second From for some readers is delivered" "$chain" unread
in_folder home/Maildir/.Suspect
deliver 0 "a message with forged fields is delivered" "$chain" forged
in_folder home/Maildir
has_verdicts "none of them counts or stays" delivered \
	'vbr=none dmarc=pass dkim=none spf=pass' clean

waits maildrop "$chain" signed
find spool -mindepth 1 >left
[ ! -s left ]
result $? "and no file is left over" || note "$(cat left)"

# --- the chain; what cannot be evaluated is delivered ---

deliver=$RECIPES/maildrop-deliver
deliver 0 "the recipe that delivers always" "$deliver" signed
has_verdicts "has the four verdicts" delivered "$PASS" signed
dns dead
deliver 0 "dead DNS: it is delivered" "$deliver" signed
in_folder home/Maildir
has_verdicts "unevaluated" delivered '' signed
dns alive
for tool in $CHECKERS; do
	lame "$tool"
	deliver 0 "$tool killed in the middle: delivered" "$deliver" forged
	has_verdicts "all of it, unevaluated, and without forged fields" \
		delivered '' clean
done
lame none

# --- the traps ---

cat >recipe <<'EOT'
xfilter "cat >/dev/null; exit 1"
EOT
deliver 75 "a filter that fails ends maildrop, whatever its status" recipe signed
nothing "and nothing is delivered"
cat >recipe <<'EOT'
exception {
    xfilter "cat >/dev/null; exit 1"
}
EOT
deliver 0 "but not in exception{}" recipe signed
has_verdicts "where the message stays as it was" delivered '' signed

# In backticks: the whole message, and the status.
deliver_by_status() {	# deliver_by_status STATUS TITLE MESSAGE
	cat >recipe <<'EOT'
`dkim-verify -q`
if ($RETURNCODE == WANT)
{
    to "Maildir/.Certified/."
}
EOT
	sed "s/WANT/$1/" recipe >m && mv m recipe
	deliver 0 "$2" recipe "$3"
	in_folder home/Maildir/.Certified
}
deliver_by_status 0 "backticks give a program all of the message" signed
deliver_by_status 1 "and its status: 1 for a broken signature" broken
deliver_by_status 3 "3 for none" plain
dns dead
deliver_by_status 75 "75 for dead DNS" signed
dns alive

# A Maildir keeps a From_ line, an mbox has it as ">From ".
(echo 'From notices@example.org Fri Nov 20 10:00:05 2026' && cat signed) >from
cat >recipe <<'EOT'
xfilter "cat >seen; cat seen"
to "mbox"
EOT
deliver 0 "a message with a From_ line is delivered to an mbox" recipe from
same "a filter sees that line first" home/seen from
sed -n 2p home/mbox >got
has "the mbox has it after its own" '>From notices@example.org' got
sed 1d home/mbox >quoted
deliver 0 "a message with that line is delivered" "$chain" quoted
[ "$(sed q delivered)" = "$(sed q quoted)" ] &&
	[ "$(verdicts delivered)" = 'vbr=pass dmarc=pass dkim=fail spf=pass' ]
result $? "it stays first; the lines that maildrop quoted do not verify" ||
	note "$(sed 9q delivered)"
deliver 0 "a message with a From_ line is delivered to a Maildir" "$chain" from
has_verdicts "the fields follow the line" delivered "$PASS" from
[ "$(sed q delivered)" = "$(sed q from)" ]
result $? "which stays first"
finish
