#!/bin/sh
# Recipes in vouch-recipes(7) are those that tests run; those for programs that are not
# here are run as these programs would.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/delivery.sh
. "${0%/*}/delivery.sh"
# shellcheck source=tests/archives.sh
. "${0%/*}/archives.sh"
cd "$TMP" || exit 1

# --- the page ---

# A comment names the recipe of the block that follows.
mkdir page
awk '
/^\.\\" recipe: / { name = $3; next }
name && /^\.Ed/ { close("page/" name); name = "" }
name && !/^\.Bd/ { print >("page/" name) }' "$ROOT/man/vouch-recipes.7"
for file in page/*; do
	sed -e 's/\\&//g' -e "s/\\\\(aq/'/g" -e 's/\\(ga/`/g' \
		-e 's/\\(ha/^/g' -e 's/\\(ti/~/g' -e 's/\\e/\\/g' \
		"$file" >m && mv m "$file"
done
for file in "$RECIPES"/*; do
	same "vouch-recipes(7) prints ${file##*/} as it is tested" \
		"page/${file##*/}" "$file"
done
(cd page && ls) >have
(cd "$RECIPES" && ls) >want
same "and has no other" have want

# --- vouch-chain ---

mkdir spool
TMPDIR=$TMP/spool
export TMPDIR
envelope='-i 192.0.2.10 -e mail.example.org -f notices@example.org'
# shellcheck disable=SC2086
exits 0 "vouch-chain passes options on to spf-query" \
	vouch-chain $envelope <signed
has_verdicts "all four pass" "$TMP/out" "$PASS" signed
dns dead
exits 75 "dead DNS: 75" vouch-chain <signed
[ ! -s out ] && [ -z "$(ls spool)" ]
result $? "and nothing is written, nothing is left over"
dns alive
exits 65 "what is not a message: 65" vouch-chain </dev/null

# --- a first key ---

mkdir first && cp "$DATA/message.eml" first
cat >first/run <<'END'
rndc() { cp example.org.zone loaded; }
dkim-sign() { command dkim-sign -z loaded "$@"; }
END
recipe first-key >>first/run
exits 0 "a first key signs at once" bash -e -c 'cd first && . ./run'
exits 0 "and what it signs verifies" \
	"$TOOLS_DIR/dkim-verify" -q -z first/loaded first/signed.eml

# --- Exim: standard input and output, LF, no shell ---

argv=$(recipe exim | sed -n 's/^transport_filter = //p')
[ "$argv" = /usr/local/bin/vouch-chain ]
result $? "Exim's filter is vouch-chain, by its full name"
(
	printf 'Return-path: <notices@example.org>\n'
	sed -e '1s/.*/Received: from [192.0.2.10] (helo=mail.example.org)/' \
		-e '2s/by.*/by mx.example.net with esmtp (Exim 4.96)/' \
		-e '3s/.*/	id 1; Fri, 20 Nov 2026 10:00:05 +0000/' signed
) >exim
exits 0 "a message as Exim delivers it" "${argv##*/}" <exim
has_verdicts "has four verdicts" "$TMP/out" "$PASS" exim
recipe exim-sign | sed -e '/^#/d' -e 's/\\$//' -e 's/^transport_filter = //' \
	-e "s|/etc/exim4/r1.pem|$TMP/keys/rsa2048.pem|" \
	-e 's|/usr/local/bin/||' -e 's/ r1/ r2048/' | tr -d '\n' >argv
# shellcheck disable=SC2046
exits 0 "its filter for sending signs" $(cat argv) --now "$NOW" <plain
ok "and what it signs verifies" dkim-verify -q - <out

# --- Pigeonhole: CRLF ---

sed 's/$/\r/' signed >crlf
exits 0 "a message with CRLF, as Dovecot gives it" vouch-chain <crlf
fields_on_top 1 out >fields
[ "$(grep -c . fields)" -eq "$(grep -c "$(printf '\r')\$" fields)" ]
result $? "the fields have CRLF, too"
fields_on_top '' out >rest
same "and the rest is as it was" rest crlf

# --- qmail: 0, 99, 100, 111 ---

# As qmail-local reads a line: the statuses that it returns mail for, and those
# after which it tries again (qmail-command(8)).
cat >bin/preline <<'EOT'
#!/bin/sh
{
	echo 'From notices@example.org Fri Nov 20 10:00:05 2026'
	echo 'Return-Path: <notices@example.org>'
	echo 'Delivered-To: user@example.net'
	cat
} >"$TMP/preline"
exec "$@" <"$TMP/preline"
EOT
chmod 755 bin/preline
(
	echo 'Received: (qmail 1 invoked from network); 20 Nov 2026 10:00:05 -0000'
	echo 'Received: from unknown (HELO mail.example.org) (192.0.2.10)'
	echo '  by mx.example.net with SMTP; 20 Nov 2026 10:00:05 -0000'
	sed 1,3d signed
) >qmail
sed -e 's/192.0.2.10/192.0.2.66/' -e 's/your order/your 0rder/' qmail >failing

qmail() {	# qmail WANT TITLE LINE MESSAGE
	sh -c "$3" <"$4" >out 2>err
	qmail_status=$?
	case $qmail_status in
	0) qmail_got=delivers ;;
	99) qmail_got=stops ;;
	100 | 64 | 65 | 70 | 76 | 77 | 78 | 112) qmail_got=returns ;;
	*) qmail_got=waits ;;
	esac
	[ "$qmail_got" = "$1" ] && [ ! -s out ]
	result $? "$2" || note "$qmail_status, $qmail_got: $(cat out err)"
}

line=$(recipe qmail | sed -n 's/^|//p')
qmail delivers "qmail delivers a message that is authorized" "$line" qmail
qmail delivers "and one that is not" "$line" failing
dns dead
qmail waits "with dead DNS it waits" "$line" qmail
[ $qmail_status -eq 111 ]
result $? "with 111: --exit-map maps what --defer defers, too"
undeferred=$(printf '%s\n' "$line" | sed 's/ --defer//')
qmail waits "and without --defer, too" "$undeferred" qmail
[ $qmail_status -eq 111 ]
result $? "then with 111"
dns alive
returning=$(printf '%s\n' "$line" | sed 's/fail=0/fail=100/')
qmail returns "fail=100 returns a message that is not authorized" \
	"$returning" failing
[ $qmail_status -eq 100 ]
result $? "with 100, whatever its domain requests"
qmail delivers "and no other" "$returning" qmail
qmail waits "a mistake in the line returns nothing" "$line --psl=x -d" qmail

# --- chasquid: the field alone; 20 is permanent ---

recipe chasquid >post-data
chasquid() {	# chasquid ADDRESS [AUTHENTICATED]
	REMOTE_ADDR=$1 EHLO_DOMAIN=mail.example.org AUTH_AS=${2-} \
		MAIL_FROM=notices@example.org sh post-data <signed
}
exits 0 "chasquid's hook" chasquid 192.0.2.10:4711
cp out field
(cat field signed) >with
fields_on_top '' with >rest
same "writes a field and nothing else" rest signed
has "which has the results" 'dmarc=pass' field
has "with SPF for the client's address, without the port" 'spf=pass' field
exits 0 "a client with an IPv6 address" chasquid '[2001:db8::1]:4711'
has "which may not send for the domain" 'spf=fail' out
exits 0 "nothing" chasquid 192.0.2.10:4711 user
[ ! -s out ]
result $? "for mail of our users"
dns dead
exits 75 "dead DNS: a temporary error" chasquid 192.0.2.10:4711
[ ! -s out ]
result $? "and no field"
dns alive

# --- readers: lists of files ---

mkdir -p Maildir/cur Maildir/new Maildir/tmp
cp signed Maildir/cur/1:2,S
cp broken Maildir/cur/2:2,S
printf '#!/bin/sh\nls "$1"/cur/*\n' >bin/mlist
printf '#!/bin/sh\n[ "$3" = --format=text0 ] && find Maildir -type f -print0\n' \
	>bin/notmuch
chmod 755 bin/mlist bin/notmuch
for reader in mblaze notmuch; do
	recipe $reader >script
	exits 1 "the line for $reader ends with the reason" sh script
	sort out | sed 's/ reason.*//; s/ header.*//' >got
	printf 'Maildir/cur/1:2,S: dkim=pass\nMaildir/cur/2:2,S: dkim=fail\n' \
		>want
	same "and says it for each message" got want
done
recipe mutt | sed -n 's/.*<pipe-message>\(.*\)<enter>.*/\1/p' >script
exits 0 "what mutt pipes to" sh script <signed
has "says the result" 'dkim=pass' out

# --- rotation of keys ---

mkdir rotation && cd rotation || exit 1
cp "$TMP/keys/rsa2048.pem" old.pem
echo 'example.org example.org old old.pem' >table
dkim-key record -k old.pem -d example.org -s old >zone
echo 'example.org. 900 IN SOA ns h 1 1 1 1 900' >>zone
mkdir bin
cat >bin/dkim-key <<END
#!/bin/sh
exec "$BUILD/bin/dkim-key" "\$@" -z zone --now="\$WHEN"
END
cat >bin/nsupdate <<'END'
#!/bin/sh
[ "$1" = -k ] && cat >updates && [ ! -e broken ]
END
chmod +x bin/*
recipe publish >./publish && chmod +x ./publish
{
	recipe cron-rotate | sed -n -e '3,4s,/etc/dkim/,./,p' \
		-e '5s/^[0-9 *]*//p'
} >script
exits 0 "the line for cron that rotates keys" env PATH="$PWD/bin:$PATH" \
	WHEN=2026-01-01T00:00:00Z sh script
ok "says nothing as long as nothing has failed" [ ! -s "$TMP/out" ]
exits 0 "a new key" env PATH="$PWD/bin:$PATH" WHEN=2026-07-01T00:00:00Z \
	sh script
grep -v 'TXT "' updates >got
cat >want <<'END'
server 127.0.0.1
zone example.org
update delete 202607r._domainkey.example.org. TXT
send
END
same "is published by nsupdate" got want
sed -n 's/^update add \(.*\)/\1/p' updates >>zone
exits 0 "with a record that can be loaded" dkim-key check -d example.org \
	-s 202607r -z zone -k 202607r.example.org.pem
for when in 07-01T01:00 07-01T01:15 07-01T01:16; do
	exits 0 "a run at $when" env PATH="$PWD/bin:$PATH" \
		WHEN=2026-${when}:00Z sh script
done
has "the new key signs" 'example.org 202607r 202607r.example.org.pem' table
touch broken
exits 0 "an update that fails" env PATH="$PWD/bin:$PATH" \
	WHEN=2026-07-08T01:16:00Z sh script
has "is told by mail" 'the command of --publish has failed (replace): status 1' \
	"$TMP/out"
cd .. || exit 1

# --- cron ---

needs "$BUILD/tests/helper/pack"
mkdir home
archive firm "$TMP/home/dmarc" 1730419200 || exit 1 # 2024-11-01
cp signed home/dmarc/new/1
recipe cron | sed -n '3s/^[^a-z]*//p' >script
exits 1 "the line for cron ends with a source that is new" \
	env HOME="$TMP/home" sh script
has "compares the week with the one before" '22 to 28 Nov 2024' out
has "and names the source" '203.0.113.140' out
has "the expectation is not met" '--expect=new-sources=0: not met' err
finish
