#!/bin/sh
# dkim-verify: the ways in and out: modes, operands, statuses, colour; usage.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/verify.sh
. "${0%/*}/verify.sh"

# --- modes ---

sign rsa2048 "$R2048" <"$MAIL" >"$TMP/good"
sign ed25519 "$ED" <"$TMP/good" >"$TMP/two"
sed 's/order is/odder is/' "$TMP/good" >"$TMP/bad"
exits 0 "-r reports stdin" verify -r <"$TMP/good"
has "as an RFC 8601 result" "dkim=pass header.d=example.org header.s=r2048" \
	"$TMP/out"
exits 1 "an operand is reported" verify "$TMP/bad"
exits 1 "- is stdin" verify - <"$TMP/bad"
exits 1 "-q says nothing" verify -q "$TMP/bad"
[ ! -s "$TMP/out" ] && [ ! -s "$TMP/err" ]
result $? "not a word"
exits 0 "a filter ends with 0, whatever the result is" \
	verify --authserv-id=mx.example.net <"$TMP/bad"
has "the field has the result" 'dkim=fail' "$TMP/out"
has "and its identifier" 'reason="body-hash:' "$TMP/out"
cp "$TMP/out" "$TMP/filtered"
exits 0 "-a filters, too" verify -a --authserv-id=mx.example.net <"$TMP/bad"
same "with the same output" "$TMP/filtered" "$TMP/out"
exits 0 "-H writes the field" verify -H --authserv-id=mx.example.net <"$TMP/bad"
cat "$TMP/out" "$TMP/bad" >"$TMP/want"
same "the field and the message are what the filter writes" \
	"$TMP/want" "$TMP/filtered"
VOUCH_AUTHSERV_ID=env.example.net verify -H <"$TMP/good" >"$TMP/out"
has "VOUCH_AUTHSERV_ID names us" "Authentication-Results: env.example.net;" \
	"$TMP/out"
sed '1s/^/Authentication-Results: MX.example.net.; dkim=pass\nAuthentication-Results: mx.example.net; spf=pass\nAuthentication-Results: mx.example.com; dkim=pass\n/' \
	"$TMP/bad" >"$TMP/forged"
verify --authserv-id=mx.example.net <"$TMP/forged" >"$TMP/out"
[ "$(grep -c -i '^Authentication-Results: mx.example.net' "$TMP/out")" -eq 1 ]
result $? "fields under our name are removed"
has "fields of others stay" "mx.example.com; dkim=pass" "$TMP/out"
verify --keep-authres --authserv-id=mx.example.net <"$TMP/forged" >"$TMP/out"
has "--keep-authres keeps those of other methods" \
	"mx.example.net; spf=pass" "$TMP/out"
lacks "and none of dkim" "MX.example.net" "$TMP/out"
verify -H --authserv-id=mx.example.net <"$TMP/forged" >"$TMP/out" 2>"$TMP/err"
has "-H says what it cannot remove" "2 Authentication-Results" "$TMP/err"

exits 1 "-j -v writes JSON" verify -j -v "$TMP/bad"
for text in '"schema":1' '"method":"dkim"' '"result":"fail"' \
	'"id":"body-hash"' '"notes":[]' '"header.d":"example.org"' \
	'"name":"r2048._domainkey.example.org"' '"status":"data"'; do
	has "with $text" "$text" "$TMP/out"
done
lines 1 "$TMP/out"
result $? "on one line"
{
	printf 'Message-ID: (a comment)\n\t<1.2@example.org>\n'
	sed '1s/d=example\.org/d=example.org; i=a=20=22b@example.org/' "$TMP/good"
} >"$TMP/whole"
exits 1 "-j without -v" verify -j "$TMP/whole"
for text in '"time":"2026-11-20T12:00:00Z"' '"message_id":"1.2@example.org"' \
	"\"size\":$(wc -c <"$TMP/whole" | tr -d ' ')," \
	'"header.i":"a \"b@example.org"'; do
	has "with $text" "$text" "$TMP/out"
done
lacks "and no queries" '"dns":' "$TMP/out"
verify "$TMP/whole" >"$TMP/out"
has "a field has no such local part" ' header.i=@example.org ' "$TMP/out"
sed '/^Message-ID:/d' "$TMP/bad" >"$TMP/without"
verify -j "$TMP/without" >"$TMP/out"
has "a message without a Message-ID has null" '"message_id":null' "$TMP/out"
{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	cat "$TMP/whole"
	echo
} >"$TMP/in.mbox"
exits 1 "-j of an mbox" verify -j "$TMP/in.mbox"
has "the size is that of the message" \
	"\"size\":$(wc -c <"$TMP/whole" | tr -d ' ')," "$TMP/out"
exits 1 "-j of two messages writes two lines" \
	verify -j "$TMP/good" "$TMP/bad"
lines 2 "$TMP/out"
result $? "two"
# Octets of a message, a record and a name: a C1 control, others beyond ASCII,
# and what is not UTF-8.
name=$(printf '\303\251 \302\205 \360\237\230\200 \033[31m "')
sed '1s/d=example\.org/d=b\xc3\xbccher.example; i=\xc3\xa9@b\xc3\xbccher.example/' \
	"$TMP/good" >"$TMP/$name"
cp "$TMP/$name" "$TMP/$name$(printf '\377')"
exits 4 "-j of hostile octets writes JSON" verify -j -v \
	--set="$(printf 'r2048._domainkey.xn--bcher-kva.example TXT \303\251\302\205\377')" \
	"$TMP/$name" "$TMP/$name$(printf '\377')"
lines 2 "$TMP/out" && ! grep -q '[^ -~]' "$TMP/out"
result $? "all of it ASCII" || note "$(cat "$TMP/out")"
has "other characters are escaped" \
	'/\u00E9 \u0085 \uD83D\uDE00 \u001B[31m \""' "$TMP/out"
has "what is not UTF-8 is shown" '\\xc2\\x85 ' "$TMP/out"
if command -v python3 >/dev/null; then
	ok "other programs can read it" python3 -c '
import json, sys
first, second = map(json.loads, open(sys.argv[1], encoding="ascii"))
assert first["file"].endswith(
    "/\u00e9 \u0085 \U0001f600 \x1b[31m \""), first["file"]
assert second["file"].endswith("\\xff"), second["file"]
assert second["results"][0]["result"] == "permerror"
' "$TMP/out"
else
	skip "other programs can read it" "no python3"
fi

exits 1 "-v explains" verify -v "$TMP/bad"
for text in "canonicalization: header relaxed, body relaxed (RFC 6376 3.4)" \
	"key: r2048._domainkey.example.org" \
	"header fields signed: from to (RFC 6376 5.4)" \
	"body: 54 octets in canonical form" "body hash: signed uwRb" \
	"dns: r2048._domainkey.example.org TXT: data, from zone"; do
	has "with $text" "  $text" "$TMP/out"
done
sign rsa2048 "${R2048% h=*} h=from:x-no; t=1; x=2000000000; l=54; bh=%BH%; b=" \
	<"$MAIL" >"$TMP/m"
verify -v "$TMP/m" >"$TMP/out"
for text in "signed at 1" "expires at 2000000000" "signed: from [x-no]" \
	"l=54"; do
	has "also $text" "$text" "$TMP/out"
done
exits 0 "-v as a filter explains on stderr" verify -v <"$TMP/bad"
has "there" "body hash: signed" "$TMP/err"
lacks "and not in the message" "body hash: signed" "$TMP/out"

# --- several messages ---

exits 1 "several files: the status is of the first that did not pass" \
	verify "$TMP/good" "$TMP/bad" "$MAIL"
has "each line has its file" "$TMP/good: dkim=pass" "$TMP/out"
has "also the last" "$MAIL: dkim=none" "$TMP/out"
exits 0 "all pass" verify -q "$TMP/good" "$TMP/two"
exits 66 "a file that is not there is 66" verify "$TMP/none" "$TMP/good"
has "the rest goes on" "$TMP/good: dkim=pass" "$TMP/out"
has "it is named" "dkim-verify: $TMP/none: No such file" "$TMP/err"
: >"$TMP/empty"
exits 65 "an empty file is 65" verify "$TMP/empty"
echo 'no field' >"$TMP/text"
exits 65 "a file that is not a message is 65" verify "$TMP/text" "$TMP/good"
exits 65 "stdin that is not a message is 65, too" verify <"$TMP/text"
[ ! -s "$TMP/out" ]
result $? "and nothing is written"
exits 65 "an empty stdin is 65" verify </dev/null

mkdir -p "$TMP/Maildir/cur" "$TMP/Maildir/new" "$TMP/Maildir/tmp" "$TMP/folder"
cp "$TMP/good" "$TMP/Maildir/cur/1:2,S"
cp "$TMP/bad" "$TMP/Maildir/new/2"
cp "$TMP/text" "$TMP/Maildir/tmp/3"
cp "$TMP/text" "$TMP/Maildir/cur/.hidden"
exits 1 "a Maildir is read" verify "$TMP/Maildir"
has "cur" "$TMP/Maildir/cur/1:2,S: dkim=pass" "$TMP/out"
has "new" "$TMP/Maildir/new/2: dkim=fail" "$TMP/out"
lines 2 "$TMP/out"
result $? "and nothing else"
cp "$TMP/good" "$TMP/folder/1"
cp "$TMP/two" "$TMP/folder/2"
exits 0 "a folder of files is read" verify "$TMP/folder"
has "all of it" "$TMP/folder/2: dkim=pass" "$TMP/out"

{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	cat "$TMP/good"
	echo
	echo 'From b@example.org Fri Nov 20 10:00:00 2026'
	cat "$TMP/bad"
} >"$TMP/mbox"
exits 1 "a file that begins with a From line is an mbox" verify "$TMP/mbox"
has "messages are numbered" "$TMP/mbox#1: dkim=pass" "$TMP/out"
has "from one on" "$TMP/mbox#2: dkim=fail" "$TMP/out"
exits 1 "stdin is one message, From lines and all" verify -r <"$TMP/mbox"
outcome "$TMP/out" && [ "$outcome" = "fail body-hash" ]
result $? "with all that follows as its body"
exits 1 "--mbox: stdin is an mbox" verify --mbox <"$TMP/mbox"
has "its messages are numbered" "-#2: dkim=fail" "$TMP/out"
# shellcheck disable=SC2002 # a pipe is the point
cat "$TMP/mbox" | verify --mbox >"$TMP/out" 2>"$TMP/err"
has "also from a pipe" "-#2: dkim=fail" "$TMP/out"

# mboxrd: From lines of the body are quoted, quoted ones once more
{
	cat "$MAIL"
	printf '%s\n' 'From here on' '>From there' 'x' '' \
		'From me Fri Nov 20 10:00:00 2026'
} >"$TMP/plain"
sign rsa2048 "$R2048" <"$TMP/plain" >"$TMP/signed"
{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	sed 's/^>*From />&/' "$TMP/signed"
	echo
} >"$TMP/mbox"
exits 0 "mboxrd: the quotes of From lines are taken away" verify "$TMP/mbox"

# mboxcl2: Content-Length tells the end, nothing is quoted
{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	awk -v n="$(sed '1,/^$/d' "$TMP/signed" | wc -c)" \
		'!done && /^$/ { print "Content-Length: " n; done = 1 } 1' \
		"$TMP/signed"
	echo
	echo 'From b@example.org Fri Nov 20 10:00:00 2026'
	cat "$TMP/good"
} >"$TMP/mbox"
exits 0 "mboxcl2: Content-Length tells the end" verify "$TMP/mbox"
lines 2 "$TMP/out"
result $? "two messages"

printf '%s\n' "$TMP/good" "$TMP/bad" >"$TMP/list"
exits 1 "--files-from reads names" verify --files-from="$TMP/list"
has "one a line" "$TMP/bad: dkim=fail" "$TMP/out"
exits 1 "--files-from=- reads them from stdin" verify --files-from=- <"$TMP/list"
tr '\n' '\0' <"$TMP/list" >"$TMP/list0"
exits 1 "-0: NUL separates them" verify -0 --files-from="$TMP/list0"
has "each" "$TMP/bad: dkim=fail" "$TMP/out"
exits 66 "a list that is not there is 66" verify --files-from="$TMP/none"
exits 64 "-0 needs --files-from" verify -0 "$TMP/good"

# --- statuses ---

exits 100 "--exit-map=fail=100" verify -q --exit-map=fail=100 "$TMP/bad"
exits 0 "--exit-map=none=0" verify -q --exit-map=fail=100,none=0 "$MAIL"
exits 7 "--exit-map=pass=7" verify -q --exit-map=pass=7 "$TMP/good"
exits 1 "a mapped pass among others does not count" \
	verify -q --exit-map=pass=7 "$TMP/good" "$TMP/bad"
exits 111 "--exit-map=noinput=111" verify -q --exit-map=noinput=111 "$TMP/none"
exits 5 "--exit-map=usage=5" verify --exit-map=usage=5 -r -q
while IFS='|' read -r map wrong; do
	exits 64 "--exit-map='$map' is refused" \
		verify -q "--exit-map=$map" "$TMP/good"
	has "it says what is wrong" "dkim-verify: --exit-map: $wrong" \
		"$TMP/err"
done <<-'EOT'
	fail|not NAME=STATUS: fail
	pass=1,|not NAME=STATUS:
	|not NAME=STATUS:
	foo=1|not the name of a status: foo
	pass=1,pas=300|not the name of a status: pas
	=1|not the name of a status:
	fail=|not a number from 0 to 255: fail=
	fail=256|not a number from 0 to 255: fail=256
	none=0,fail=-1|not a number from 0 to 255: fail=-1
EOT
exits 255 "--exit-map=pass=255" verify -q --exit-map=pass=255 "$TMP/good"
with_results temperror
exits 0 "a temperror passes as a filter" verify -z "$TMP/down.zone" <"$TMP/m"
has "in the field" "dkim=temperror" "$TMP/out"
exits 75 "with --defer it is 75" verify --defer -z "$TMP/down.zone" <"$TMP/m"
[ ! -s "$TMP/out" ]
result $? "and nothing is written"
exits 111 "--exit-map=temperror goes with --defer" \
	verify --defer --exit-map=temperror=111 -z "$TMP/down.zone" <"$TMP/m"
exits 0 "--defer does not defer a failure" verify --defer <"$TMP/bad"
exits 66 "a zone that is not there is 66" verify -z "$TMP/none" -r "$TMP/good"
exits 75 "with --defer it is 75" verify --defer -z "$TMP/none" -r "$TMP/good"
exits 78 "a malformed zone is 78" verify -z "$TMP/text" -r "$TMP/good"
has "with file and line" "$TMP/text:1:" "$TMP/err"
exits 78 "a malformed --set is 78" verify --set=x -r "$TMP/good"
exits 75 "with --defer it is 75" verify --defer --set=x -r "$TMP/good"
exits 66 "a --dns-log that cannot be made is 66" \
	verify --dns-log="$TMP/none/log" -r "$TMP/good"
exits 64 "but usage is 64 with --defer, too" verify --defer -r -q

# A zone that is also the log is read before it is emptied.
cp "$ZONE" "$TMP/again"
for run in first second; do
	exits 0 "--dns-log may be the zone that answers, $run time" \
		dkim-verify -z "$TMP/again" --dns-log="$TMP/again" \
		--now="$NOW" -r "$TMP/good"
done
has "the answer is in it" "r2048._domainkey.example.org" "$TMP/again"
lacks "the rest of the zone is not" "ed._domainkey" "$TMP/again"

# --dns-log=+FILE: what was there stays, and the answers of several runs make one
# zone, in which no record counts twice.
printf '; no line end' >"$TMP/sum"
for run in first second; do
	exits 0 "--dns-log=+FILE appends, $run time" dkim-verify -z "$ZONE" \
		--dns-log="+$TMP/sum" --now="$NOW" -r "$TMP/good"
done
exits 0 "and is the zone of more" dkim-verify -z "$TMP/sum" \
	--dns-log="+$TMP/sum" --now="$NOW" -r "$TMP/good"
ok "the last line that was there is ended" \
	test "$(head -n 1 "$TMP/sum")" = '; no line end'
ok "all three are in it" test \
	"$(grep -c '^r2048._domainkey.example.org.' "$TMP/sum")" -eq 3
spf-query -Q -z "$ZONE" --set='a.example TXT v=spf1 -all' \
	--dns-log="+$TMP/spf" -i 192.0.2.1 -f x@a.example >/dev/null
spf-query -Q -z "$ZONE" --set='a.example TXT v=spf1 -all' \
	--dns-log="+$TMP/spf" -i 192.0.2.1 -f x@a.example >/dev/null
exits 1 "a record that was logged twice is one in the replay" \
	spf-query -Q -z "$TMP/spf" -i 192.0.2.1 -f x@a.example
exits 66 "a + without a name is not a file" \
	dkim-verify -z "$ZONE" --dns-log=+ -r "$TMP/good"

# --set='NAME TYPE' takes a record away.
set -- --now="$NOW" -z "$ZONE" -r -v "$TMP/good"
exits 4 "--set takes a key away" \
	dkim-verify --set='r2048._domainkey.example.org TXT' "$@"
has "it is not published" "no-key" "$TMP/out"
has "it says who took it" "TXT: no data, from --set" "$TMP/out"
exits 0 "another type of the name leaves it" \
	dkim-verify --set='r2048._domainkey.example.org A' "$@"
exits 78 "what is taken away cannot be set" dkim-verify \
	--set='r2048._domainkey.example.org TXT' \
	--set='r2048._domainkey.example.org TXT v=DKIM1; p=' "$@"
has "it says so" "both set and removed" "$TMP/err"
exits 78 "nor what is set taken away" dkim-verify \
	--set='r2048._domainkey.example.org TXT v=DKIM1; p=' \
	--set='r2048._domainkey.example.org TXT' "$@"
set --

if [ -c /dev/full ]; then
	dkim-verify -z "$ZONE" -r "$TMP/good" >/dev/full 2>"$TMP/err"
	[ $? -eq 74 ]
	result $? "a full disk is 74"
	dkim-verify --help >/dev/full 2>"$TMP/err"
	[ $? -eq 74 ]
	result $? "also for --help"
else
	skip "a full disk is 74" "no /dev/full"
fi

# --- colour: only on a terminal ---

if script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
	esc=$(printf '\033')
	unset NO_COLOR
	script -q -e -c "dkim-verify -z '$ZONE' '$TMP/good'" /dev/null \
		</dev/null >"$TMP/out" 2>&1
	has "a terminal has colours" "${esc}[32mdkim=pass${esc}[0m" "$TMP/out"
	NO_COLOR=1 script -q -e -c "dkim-verify -z '$ZONE' '$TMP/good'" \
		/dev/null </dev/null >"$TMP/out" 2>&1
	lacks "not with NO_COLOR" "$esc" "$TMP/out"
	exits 64 "a terminal on stdin gets no silent prompt" \
		script -q -e -c "dkim-verify" /dev/null </dev/null
else
	skip "a terminal has colours" "no script(1)"
fi
verify "$TMP/good" >"$TMP/out"
lacks "a file has none" "$(printf '\033')" "$TMP/out"

# --- what a message says never is more than text ---

printf 'DKIM-Signature: v=1; a=x"\033[31m; d=example.org; s=s; h=from; bh=x; b=x\n' |
	cat - "$MAIL" >"$TMP/m"
exits 2 "controls of a message are escaped" verify "$TMP/m"
lacks "on the terminal" "$(printf '\033')" "$TMP/out"

# --- usage ---

# usage TITLE ARG...: 64, one line that names the tool, nothing on stdout
usage() {
	usage_title=$1
	shift
	dkim-verify "$@" <"$TMP/good" >"$TMP/out" 2>"$TMP/err"
	[ $? -eq 64 ] && [ ! -s "$TMP/out" ] &&
		lines 1 "$TMP/err" &&
		grep -q '^dkim-verify: ' "$TMP/err"
	result $? "$usage_title" || note "$(cat "$TMP/out" "$TMP/err")"
}
usage "two modes are refused" -r -j
usage "all pairs of them" -a -H
usage "-q and -r" -q -r
usage "-a with an operand is refused" -a "$TMP/good"
usage "-H with an operand is refused" -H "$TMP/good"
usage "-H with --files-from is refused" -H --files-from="$TMP/list"
usage "-a with --mbox is refused" -a --mbox
usage "an unknown option is refused" --no-such-option
usage "long names are not abbreviated" --quie
usage "an option without its value is refused" --zone
usage "--max-signatures=0 is refused" -r --max-signatures=0
usage "--max-signatures wants a number" -r --max-signatures=x
usage "--timeout=0 is refused" -r --timeout=0
usage "--timeout wants a number" -r --timeout=1.5
usage "--index=0 is refused" --canonical=body --index=0
usage "--now wants a time" -r --now=tomorrow
usage "--require-domain wants a domain" -r --require-domain=a..b
usage "--legacy does not go with the filter" --legacy
usage "nor with -H" --legacy -H
usage "--keep-authres goes with the field" -r --keep-authres
usage "--authserv-id that cannot be written is refused" \
	"--authserv-id=$(printf 'a\nb')"
usage "--authserv-id that is empty is refused" --authserv-id=
usage "--nameserver wants an address" -r --nameserver=ns.example.net
usage "a port of 65536 is invalid" -r --nameserver=127.0.0.1#65536
exits 0 "--legacy goes with -r" verify --legacy -r <"$TMP/good"
exits 0 "--legacy goes with -j" verify --legacy -j <"$TMP/good"
exits 0 "--legacy goes with -q" verify --legacy -q <"$TMP/good"
exits 0 "--help" dkim-verify --help
has "lists the options" "--allow-body-length" "$TMP/out"
exits 0 "--version" dkim-verify --version
has "names the toolkit" "dkim-verify (vouch) " "$TMP/out"
# --- where an invalid tag is ---

WRONG='v=1; a=rsa-sha256; d=example.org; s=r2048;\n\th=from; bh=!; b='
{ echo 'X-A: 1' && sign rsa2048 "$WRONG" <"$MAIL"; } >"$TMP/wrong"
verify -v "$TMP/wrong" >"$TMP/out"
has "-v says the line, the octet and the tag" '  where: line 3, octet 10: bh=!' \
	"$TMP/out"
verify -j "$TMP/wrong" >"$TMP/out"
has "-j, too" '"where":"line 3, octet 10: bh=!"' "$TMP/out"
verify -r "$TMP/wrong" >"$TMP/out"
lacks "-r does not" where "$TMP/out"
sign rsa2048 "v=1; d=example.org; s=r2048; h=from; bh=%BH%; b=" <"$MAIL" \
	>"$TMP/wrong"
verify -v "$TMP/wrong" >"$TMP/out"
has "of a tag that is missing, where the field is" 'where: line 1, octet 1' \
	"$TMP/out"
sign rsa2048 "$(echo "$R2048" | sed s/r2048/k/)" <"$MAIL" >"$TMP/wrong"
verify -v --set='k._domainkey.example.org TXT v=DKIM1; p=!' "$TMP/wrong" \
	>"$TMP/out"
has "of a key record, its name and the octet in it" \
	'where: k._domainkey.example.org TXT, octet 10: p=!' "$TMP/out"
verify -j --set='k._domainkey.example.org TXT mail.example.org' "$TMP/wrong" \
	>"$TMP/out"
has "of a text that is not a key, all of it" \
	'"where":"k._domainkey.example.org TXT, octet 1: mail.example.org"' \
	"$TMP/out"
verify -j --set="k._domainkey.example.org TXT $(printf '%061d' 0)" \
	"$TMP/wrong" >"$TMP/out"
has "of a long one, 60 octets" "octet 1: $(printf '%060d' 0)...\"" "$TMP/out"
verify -j "$MAIL" >"$TMP/out"
lacks "what is valid is nowhere" where "$TMP/out"
finish
