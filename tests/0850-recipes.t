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
recipe publish-key >./publish && chmod +x ./publish
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

# --- domain-check in CI, before publishing: zone files ---

# The jobs of the tests have the tools as they are, without a zone of their own.
PATH=$TOOLS_DIR:$PATH
mkdir ci && cd ci || exit 1
sed '/^\$ORIGIN certifier-a/,$d' "$DATA/readme/zone" >whole.zone
# sound, warned, invalid: a zone without findings, with warnings, with an error.
zones() {
	sed "$1" whole.zone | awk '
	/^\$ORIGIN mailer/ { others = 1; print >"others.zone"; next }
	{ print >(others ? "others.zone" : "example.zone") }'
}
sound() {
	zones 's/p=reject; sp=quarantine/p=reject; rua=mailto:postmaster@example.org/'
}
warned() {
	zones ''
}
invalid() {
	zones 's/v=spf1 mx/v=spf1 mxx/'
}

# others-zone: what the DNS has, without what is the domain's own.
sed 's/^domain-check/& -z whole.zone/' "$RECIPES/others-zone" >script
warned && cp others.zone want
exits 0 "the zone of what others publish is made" sh script
grep -v '^[;$]' others.zone >got
echo '_spf.mailer.example. IN TXT "v=spf1 ip4:198.51.100.0/24 ~all"' >want
same "and has the included record, and none of the domain's own" want got

# The commands of a workflow for GitHub: each is "run:", and may go on.
awk '
/^  (before|after):/ { job = $1; sub(/:/, "", job) }
/^    if:/ { print >(job ".if") }
sub(/^      - run: /, "") { on = 1; printf "" >(job ".run") }
/^      - |^  [a-z]/ { on = 0 }
on { sub(/^ +/, ""); printf "%s%s", /^(sudo|domain-check)/ ? "\n" : " ", $0 >(job ".run") }
' "$RECIPES/github"
has "one job is for pull requests" pull_request before.if
has "one for each day" schedule after.if
for job in before after; do
	grep '^domain-check' $job.run >$job.sh
	ok "$job: a command checks the domain" lines 1 $job.sh
	has "$job: by annotations" ' --github ' $job.sh
done

mkdir stubs && printf '#!/bin/sh\necho "copied $2"\n' >stubs/cp &&
	printf '#!/bin/sh\necho "reloaded $2"\n' >stubs/nsd-control &&
	chmod 755 stubs/* || exit 1
while read -r zone status github gitlab; do
	$zone
	exits "$status" "GitHub, $zone: status $status" sh before.sh
	cut -d ' ' -f 1 "$TMP/out" | sort -u | tr '\n' ' ' >got
	echo "$github" | sed 's/,/ ::/; s/.*/::& /; s/::- //' | tr -d '\n' >want
	same "GitHub, $zone: annotated as $github" want got
	exits "$status" "publish, $zone: status $status" \
		env PATH="$PWD/stubs:$PATH" sh "$RECIPES/publish"
	case $status in
	0) has "the zone is published" 'reloaded example.org' "$TMP/out" ;;
	*) lacks "the zone is not published" reloaded "$TMP/out" ;;
	esac

	sed -n 's/^    - \(domain-check\|jq\|exit\)/\1/p' "$RECIPES/gitlab" |
		sed 's|ci/quality.jq|quality.jq|' >gitlab.sh
	recipe gitlab-quality >quality.jq
	# As GitLab runs it: it ends with the first failure, of a pipeline, too.
	exits "$gitlab" "GitLab, $zone: status $gitlab" \
		env CHECK="$(sed -n 's/^    CHECK: //p' "$RECIPES/gitlab")" \
		bash -eo pipefail gitlab.sh
	jq -r '.[] | select((.description | length) > 20 and
		(.check_name | test("^[a-z]+/[a-z0-9-]+$")) and
		(.location.lines.begin | type) == "number") |
		.severity + " " + .location.path' quality.json | sort -u >got
	case $gitlab in
	0) : >want ;;
	1) echo 'minor example.zone' >want ;;
	4) printf 'major example.zone\nminor example.zone\n' >want ;;
	esac
	same "GitLab, $zone: its report has severity and file" want got
	jq '(map(.fingerprint) | unique | length) == length' quality.json >got
	echo true >want
	same "GitLab, $zone: a finding has a fingerprint of its own" want got
done <<'END'
sound 0 - 0
warned 0 warning 1
invalid 4 error,warning 4
END
has "GitLab lets warnings pass, and no error" 'exit_codes: 1' "$RECIPES/gitlab"

# --- and after: the DNS ---

# published.sh and the job of each day, with a zone for the DNS, and with none
# that answers.
cp "$RECIPES/published" published.sh
for job in after published; do
	warned
	cat example.zone others.zone >dns.zone
	sed 's/$/ --zone=dns.zone/' $job.sh >alive.sh
	exits 0 "$job: warnings pass" sh alive.sh
	has "but are shown" dmarc/no-reports "$TMP/out"
	invalid
	cat example.zone others.zone >dns.zone
	exits 4 "$job: an error does not" sh alive.sh
	sed 's/$/ --nameserver=127.0.0.1#9 --timeout=5/' $job.sh >dead.sh
	exits 0 "$job: nor is dead DNS a failure of the build" sh dead.sh
done

# --- cron: domain-news ---

mkdir domains && printf 'example.org\nother.example\n' >domains/list
recipe domain-news >news.sh
cat >>whole.zone <<'END'
$ORIGIN other.example.
@	MX	0 .
	TXT	"v=spf1 -all"
_dmarc	TXT	"v=DMARC1; p=reject"
END
has "cron runs domain-news" domain-news "$RECIPES/domain-cron"
# news TITLE DNS: runs it with these options for the DNS.
mkdir wrapped
news() {
	printf '#!/bin/sh\nexec %s/domain-check "$@" %s\n' "$TOOLS_DIR" "$2" \
		>wrapped/domain-check
	chmod 755 wrapped/domain-check
	exits 0 "$1" env HOME="$PWD" PATH="$PWD/wrapped:$PATH" sh news.sh
	grep -v 'DNS server 127.0.0.1#9: ' "$TMP/err" >got
	same "without an error but that of the DNS server" /dev/null got
}
alive="-z $PWD/whole.zone"
news "the first mail" "$alive"
has "has all findings" dmarc/no-reports "$TMP/out"
news "the second one" "$alive"
same "is not written, as nothing is new" /dev/null "$TMP/out"
news "nor is one when the DNS is dead" '-n 127.0.0.1#9 --timeout=2'
same "as that is not new" /dev/null "$TMP/out"
news "nor the one after that" "$alive"
same "as what was known is kept" /dev/null "$TMP/out"
sed 's/v=spf1 mx/v=spf1 mxx/' whole.zone >m && mv m whole.zone
news "a change for the worse" "$alive"
has "is in the mail" spf/syntax "$TMP/out"
lacks "without what is known" dmarc/no-reports "$TMP/out"
news "and once only" "$alive"
same "is it mailed" /dev/null "$TMP/out"
finish
