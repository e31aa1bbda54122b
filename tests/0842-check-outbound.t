#!/bin/sh
# vouch-check-outbound: its options, errors and statuses, its three forms of
# output, and what hostile records, names and values can do to them. What it
# finds in zones and templates is in full/0840-check-outbound.t.
# Slow: a check calls four tools, and jq for each.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "${0%/*}/lib.sh"
cd "$TMP" || exit 1
command -v jq >/dev/null || skip_all "no jq"

cp "$DATA"/readme/* . && chmod 600 rsa.pem && cp "$DATA/ci/template" . || exit 1
tool=$(command -v vouch-check-outbound)
check() {
	vouch-check-outbound -z zone -k r1=rsa.pem -i 192.0.2.25 \
		-f bounce@example.org "$@" </dev/null
}

# --- help, version ---

exits 0 "--help ends with 0" vouch-check-outbound --help
cp out help
exits 0 "so does -h" vouch-check-outbound -h
same "it is the same" help out
ok "it has at most 24 lines" test "$(wc -l <help)" -le 24
awk 'length > 80' help >wide
same "of at most 80 columns" /dev/null wide
exits 0 "--version ends with 0" vouch-check-outbound --version
echo "vouch-check-outbound (vouch) $(sed -n 's/^VERSION = //p' \
	"$ROOT/Makefile")" >want
same "and has the version of the other tools" want out

# --- errors: status, options and operands, the end of the message ---

: >empty
printf 'no zone here\n' >bad.zone
while IFS='	' read -r status args message; do
	# shellcheck disable=SC2086
	exits "$status" "$args: $status" check $args
	case $status in 64) end=" (try 'vouch-check-outbound --help')" ;; *) end= ;; esac
	printf 'vouch-check-outbound: %s\n' "$message$end" >want
	same "$args: it says why" want err || note "$(cat err)"
done <<'END'
64	--bogus	unknown option --bogus
64	--zones=zone	unknown option --zones
64	--zon zone	unknown option --zon
64	-x	unknown option -x
64	-j-x	unknown option -j-x
64	-jx	unknown option -x
64	message -z	-z needs a value
64	message --zone	--zone needs a value
64	--json=yes	--json takes no value
64	-j --tap	--json and --tap exclude each other
64	-k rsa.pem	-k: not SELECTOR=KEYFILE: rsa.pem
64	-i host	-i: the value is not an address
64	-T list message	-T needs -t
64	-t a#b message	-t: not a host name: a#b
64	-d a..b message	-d: not a domain name: a..b
64	message word	not NAME=VALUE: word
64	message 1=x	not NAME=VALUE: 1=x
64	message a-b=x	not a NAME: a-b
66	absent	absent: No such file or directory
66	.	.: Is a directory
66	-z absent.zone message	spf-query: absent.zone: No such file or directory
66	-k r2=absent.pem message	dkim-sign: absent.pem: No such file or directory
74	-o absent/out message	-o absent/out cannot be written
END
for option in z k i f; do
	case $option in
	z) set -- -k a=b -i 192.0.2.1 -f a@b.example ;;
	k) set -- -z zone -i 192.0.2.1 -f a@b.example ;;
	i) set -- -z zone -k a=b -f a@b.example ;;
	f) set -- -z zone -k a=b -i 192.0.2.1 ;;
	esac
	exits 64 "without -$option: 64" vouch-check-outbound "$@"
	has "-$option is missing" ": -$option is missing (try" err
done
exits 1 "a malformed zone is a failure, not an error" check -z bad.zone message
same "standard error is quiet then" /dev/null err
exits 1 "so is what is no private key" check -k r2=zone message
has "it is reported" 'FAIL  dkim-sign  ' out
exits 1 "and an empty message" check empty
if [ -w /dev/full ]; then
	exits 74 "a full disk is neither a pass nor a failure" \
		sh -c "$tool -z zone -k r1=rsa.pem -i 192.0.2.25 \
		-f bounce@example.org message >/dev/full"
fi

# A PATH without one program.
lacking() {		# lacking PROGRAM
	rm -rf few && mkdir few || exit 1
	for program in sh mktemp rm cat sed awk od cut stty paste mv cp jq \
		vbr-insert dkim-sign dkim-verify spf-query dmarc-eval \
		vbr-check; do
		[ $program = "$1" ] || ln -s "$(command -v $program)" few
	done
	cp "$tool" lone
}
few() {
	PATH=$TMP/few ./lone -z zone -k r1=rsa.pem -i 192.0.2.25 \
		-f bounce@example.org "$@"
}
lacking nothing
exits 0 "it needs these programs" few message
lacking jq
exits 69 "without jq: 69" few message
echo 'vouch-check-outbound: jq is not installed: install the package jq' >want
same "it names the package" want err
exits 0 "but there is help" few --help
exits 69 "and no verdict as TAP" few --tap message
has "which ends there" 'Bail out! jq is not installed' out
lacking vbr-check
exits 69 "without one of the tools: 69" few message
has "it names the tool" ': vbr-check is not installed' err
exits 0 "the tools beside it need not be in PATH" env PATH=/usr/bin:/bin \
	"$tool" -z zone -k r1=rsa.pem -i 192.0.2.25 -f bounce@example.org message

# --- forms ---

cat >want <<'END'
ok    template
ok    vbr-insert
ok    dkim-sign
ok    dkim-verify                       dkim=pass
ok    spf-query 192.0.2.25              spf=pass
FAIL  spf-query 2001:db8::1             spf=fail (not-authorized: the domain does not authorize this client: -all of example.org)
ok    dmarc-eval                        dmarc=pass spf=pass dkim=pass
ok    vbr-check certifier-a.example     vbr=pass spf=pass dkim=pass
END
set -- -i 2001:db8::1 -i 192.0.2.25 -tcertifier-a.example --type=transaction
faulty() {
	vouch-check-outbound -z zone -k r1=rsa.pem -f bounce@example.org \
		"$@" </dev/null
}
exits 1 "a check that fails: 1" faulty -i 192.0.2.25 -i 2001:db8::1 \
	-i 192.0.2.25 -tcertifier-a.example --type=transaction message
grep -v -n '^ok    spf-query 192.0.2.25' out | sed 's/^[0-9]*://' >got
grep -v '^ok    spf-query 192.0.2.25' want >rest
same "each check has a line" rest got
exits 1 "options may follow operands" faulty message "$@"
same "and may be bundled with values" /dev/null err

exits 1 "as JSON, the status is the same" faulty message -j "$@"
ok "it is one line" lines 1 out
cp out json
jq -r '.checks[] | [if .passed then "ok" else "FAIL" end, .check,
	.subject // empty, .reason] | join(" ")' json >got
faulty message "$@" | tr -s ' ' >lines
sed 's/ $//' got >want
same "an object has what the lines have" lines want
jq -c '[.schema, .file, .passed, (.checks | length)]' json >got
echo '[1,"message",false,8]' >want
same "and whether all passed" want got
jq -c '[.checks[] | select(.subject == "2001:db8::1") |
	.results[] | .result, .id]' json >got
echo '["fail","not-authorized"]' >want
same "and the results of the tools" want got
exits 66 "a template that is absent, as JSON" check -j absent
echo '{"schema":1,"file":"absent","error":"absent: No such file or directory"}' >want
same "is an object with the error" want out
exits 64 "a usage error is no object" check -j --bogus
same "but a message" /dev/null out

exits 1 "as TAP, the status is the same" faulty --tap message "$@"
printf '1..8\n' >want
sed -n '$p' out >got
same "the plan is at the end" want got
exits 66 "a template that is absent, as TAP" check --tap absent
has "bails out" 'Bail out! absent: No such file or directory' out
runs() {
	prove -Q --exec "vouch-check-outbound --tap -z $1 -k r1=rsa.pem \
		-i 192.0.2.25 -f bounce@example.org" message >proved 2>&1
}
if command -v prove >/dev/null; then
	ok "prove runs it" runs zone
	has "and counts the checks" 'Tests=5,' proved
	! runs bad.zone
	result $? "prove reports what fails"
	has "check by check" 'Failed tests:  3-5' proved
fi

# --- hostile input ---

# No octet of a form but printable ASCII and line ends.
plain() {
	[ -s "$1" ] && ! tr -d '\040-\176\n' <"$1" | grep -q .
}
# Line ends, a directive of TAP, ESC, DEL, commands of CI servers: all in the term
# that the reason quotes.
term='foo#todo\\010ok\\010::set-output\\027[2J\\127##vso[x]###[y]'
sed "s/v=spf1[^\"]*/v=spf1 $term -all/" "$DATA/readme/zone" >evil.zone
for form in lines --tap --json; do
	set -- -z evil.zone message
	[ $form = lines ] || set -- "$@" $form
	exits 1 "a hostile record, $form: it fails" vouch-check-outbound \
		-k r1=rsa.pem -i 192.0.2.25 -f bounce@example.org "$@"
	cp out evil$form
	ok "$form: nothing of it reaches the terminal" plain out
	lacks "$form: no command of a CI server" '##' out
done
cut -c 1-6 evillines | sort | uniq -c | tr -s ' ' >got
printf ' 1 FAIL \n 4 ok \n' >want
same "it begins no line" want got
has "what it is can be seen" \
	'foo#todo\x0aok\x0a::set-output\x1b[2J\x7f#\x23vso[x]#\x23#[y]' \
	evillines
grep -v -E '^((not )?ok [0-9]+ - |# |1\.\.5$)' evil--tap >got
same "in TAP every line is a result, a comment or the plan" /dev/null got
has "the result stays a failure" 'not ok 4 - spf-query 192.0.2.25' evil--tap
grep -E '^(not )?ok.*#' evil--tap >got
same "without a directive" /dev/null got
jq -j '.checks[3].reason' evil--json >got
has "in JSON the marks are what they were" '\x7f##vso[x]###[y]' got
prove_evil() {
	printf '#!/bin/sh\ncat evil--tap\n' >evil.t
	prove -Q --exec sh evil.t >proved 2>&1
}
if command -v prove >/dev/null; then
	! prove_evil
	result $? "prove takes it for a failure, not for one to do"
	has "in that check" 'Failed test:  4' proved
fi

while IFS='	' read -r name shown file; do
	name=$(printf '%b' "$name")
	exits 66 "a name of a file that is absent: $shown" check --tap -- "$name"
	printf 'vouch-check-outbound: %s: No such file or directory\n' \
		"$shown" >want
	same "$shown: it is shown like that" want err
	printf 'Bail out! %s: No such file or directory\n' "$shown" >want
	same "$shown: and so it is in TAP" want out
	check -j -- "$name" >out 2>err
	jq -a -c .file out >got
	printf '%s\n' "$file" >want
	same "$shown: in JSON it is $file" want got
done <<'END'
a\nok 1 - b	a ok 1 - b	"a\nok 1 - b"
-x	-x	"-x"
##[command]a	#\x23[command]a	"##[command]a"
\0033[2J	\x1b[2J	"\u001b[2J"
\0377\\a	\xff\x5ca	"\\xff\\x5ca"
a\0302\0233\0342\0200\0256	a\xc2\x9b\xe2\x80\xae	"a\u009b\u202e"
\0303\0274 # SKIP	ü # SKIP	"\u00fc # SKIP"
END

cat >echo.template <<'END'
From: a@example.org
Date: Fri, 20 Nov 2026 10:00:00 +0000
Message-ID: <1@example.org>
Subject: {{subject}}

{{_a1}} {{subject}}
END
exits 0 "a value is taken as it is" check -o signed echo.template \
	'subject={{_a1}} & \n %s' '_a1=$(id) `id`'
has "in a field" 'Subject: {{_a1}} & \n %s' signed
has "and in the body" '$(id) `id` {{_a1}} & \n %s' signed
for end in '\n' '\r'; do
	value=$(printf 'x%bBcc: other@example.net' "$end")
	exits 64 "a value with a line end is refused" check echo.template \
		"subject=$value" _a1=
	has "by its name" ': a line end in subject (try' err
done
exits 64 "a line end in an option is refused" check -z "a
b" message
has "by its name, too" ': -z: a line end in the value (try' err

# --- a terminal ---

# What it prints at so many columns; without one it is told by COLUMNS.
screen() {		# screen COLUMNS SETTING
	at_terminal "$2; $tool -z zone -k r1=rsa.pem -i 192.0.2.25 \
		-i 2001:db8::aaaa:bbbb:cccc:dddd:eeee \
		-f bounce@example.org message"
	tr -d '\r' <out >screen
	awk -v columns="$1" 'length > columns' screen >wide
	same "no line is over $1 columns" /dev/null wide
	sed -n '/^FAIL/,/^ok/p' screen | cut -c 41- | tr '\n' ' ' >words
	has "and none is broken in a word" \
		'the domain does not authorize this client: -all of example.org)' \
		words
}
if at_terminal true; then
	unset COLUMNS
	screen 80 'stty cols 80'
	screen 64 'stty cols 64'
	screen 100 'stty cols 64; export COLUMNS=100'
	screen 80 'stty cols 0'
else
	skip "lines are folded on a terminal" "no terminal"
fi
finish
