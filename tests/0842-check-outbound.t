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
awk 'length > 80' help >wide
same "its lines have at most 80 columns" /dev/null wide
exits 0 "so does -h" vouch-check-outbound -h
cp out short
ok "it has at most 24 lines" test "$(wc -l <short)" -le 24
has "and names the whole" 'Main options (all: vouch-check-outbound --help):' short
grep '^  *-' short | grep -v -x -F -f help >got
same "with the same options" /dev/null got
exits 64 "an error next to it is told" vouch-check-outbound --help --bogus
COLUMNS=40 vouch-check-outbound --help >out
same "in a pipe it is that of 80 columns" help out
# A command may take several lines.
sed -n '/^Examples:/,/^$/s/^  //p' help | awk '{
	if (/\\$/)
		printf("%s", substr($0, 1, length($0) - 1))
	else
		print
}' >examples
ok "there are two examples" lines 2 examples
while IFS= read -r example; do
	exits 0 "its example works: $example" sh -c "$example"
	same "and says nothing else: $example" /dev/null err
done <examples
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
	case $status in 64) end=' (try --help)' ;; *) end= ;; esac
	printf 'vouch-check-outbound: %s\n' "$message$end" >want
	same "$args: it says why" want err || note "$(cat err)"
done <<'END'
64	--bogus	--bogus: unknown option
64	--zones=zone	--zones: unknown option; did you mean --zone?
64	--zon zone	--zon: unknown option; did you mean --zone?
64	--ZONE zone	--ZONE: unknown option; did you mean --zone?
64	--tpye list	--tpye: unknown option; did you mean --type?
64	--certif x	--certif: unknown option; did you mean --certifier?
64	--outptu x	--outptu: unknown option; did you mean --output?
64	--mailform x	--mailform: unknown option; did you mean --mail-from?
64	--colour=never	--colour: unknown option; did you mean --color?
64	--hle	--hle: unknown option
64	--z zone	--z: unknown option; did you mean -z?
64	--x	--x: unknown option
64	--.	--.: unknown option
64	--zonezonezonezonezonezonezonezone1	--zonezonezonezonezonezonezonezone1: unknown option
64	-x	-x: unknown option
64	-j-x	-j-x: unknown option
64	-jx	-x: unknown option
64	message -z	-z: missing argument: FILE
64	message --zone	--zone: missing argument: FILE
64	message -k	-k: missing argument: SELECTOR=KEYFILE
64	message --color	--color: missing argument: auto|always|never
64	--json=yes	--json=yes: takes no argument
64	-j --tap	--json and --tap exclude each other
64	--github -j	--github and --json exclude each other
64	--ignore=	--ignore: the value is empty
64	-k rsa.pem	-k: not SELECTOR=KEYFILE: rsa.pem
64	--color=alway	--color: unknown value: alway; did you mean always?
64	--color=x	--color: not auto, always or never: x
64	-T lsit	-T: unknown value: lsit; did you mean list?
64	--type=ALL	--type: unknown value: ALL; did you mean all?
64	-T news	-T: not all, list or transaction: news
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
66	--ignore=absent message	absent: cannot be read
74	-o absent/out message	-o absent/out cannot be written
END
while IFS='	' read -r option argument; do
	case $option in
	z) set -- -k a=b -i 192.0.2.1 -f a@b.example ;;
	k) set -- -z zone -i 192.0.2.1 -f a@b.example ;;
	i) set -- -z zone -k a=b -f a@b.example ;;
	f) set -- -z zone -k a=b -i 192.0.2.1 ;;
	esac
	exits 64 "without -$option: 64" vouch-check-outbound "$@"
	echo "vouch-check-outbound: missing: -$option $argument (try --help)" >want
	same "-$option is missing" want err
done <<'END'
z	FILE
k	SELECTOR=KEYFILE
i	ADDRESS
f	ADDRESS
END
exits 64 "without any of them: 64" vouch-check-outbound message
echo 'vouch-check-outbound: missing: -z FILE, -k SELECTOR=KEYFILE,' \
	'-i ADDRESS, -f ADDRESS (try --help)' >want
same "all are named" want err
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
		vbr-check domain-check tr grep; do
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
exits 64 "a usage error stays one" few --zon=zone
echo 'vouch-check-outbound: --zon: unknown option; did you mean --zone?' \
	'(try --help)' >want
same "and says what was meant" want err
exits 64 "in which nothing is hidden" few "$(printf -- '--\033##\303\274\134')"
has "either" ': --\x1b#\x23\xc3\xbc\x5c: unknown option (try' err
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
ok    domain-check example.org          4 of 5, warnings: dmarc/no-reports, dmarc/nonexistent-gap, dmarc/subdomain-gap
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
echo '[1,"message",false,9]' >want
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
printf '1..9\n' >want
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
	has "and counts the checks" 'Tests=6,' proved
	! runs bad.zone
	result $? "prove reports what fails"
	has "check by check" 'Failed tests:  3-5' proved
fi

# --- GitHub: an annotation for each failure, and those of domain-check ---

# The line of the record in the zone.
dmarc_line=$(grep -n '^_dmarc' zone | sed 's/:.*//')
spf_line=$(grep -n 'v=spf1 mx' zone | sed 's/:.*//')
domain-check --github -z zone -s r1 example.org >annotations
{
	echo '::error title=spf-query 2001%3Adb8%3A%3A1::spf=fail (not-authorized:' \
		'the domain does not authorize this client: -all of example.org)'
	cat annotations
} >want
exits 1 "--github: the status is the same" faulty --github message "$@"
same "a failure is an error, and domain-check's lines are as it wrote them" \
	want out
has "these have file and line" \
	"::warning file=zone,line=$dmarc_line,title=dmarc/no-reports::" out
exits 0 "warnings do not fail" check --github message
same "but are written" annotations out
printf 'dmarc/%s example.org - known\n' no-reports nonexistent-gap \
	subdomain-gap >known
exits 0 "--ignore leaves out what its file accepts" check --github \
	--ignore=known message
same "so that nothing is left" /dev/null out
exits 0 "nor is it among the warnings" check --ignore known message
lacks "of the line" warning out
sed 's/include:_spf/include:_sfp/' zone >include.zone
exits 1 "an error of domain-check fails" vouch-check-outbound -z include.zone \
	-k r1=rsa.pem -i 192.0.2.25 -f bounce@example.org --github message
grep '^::error' out | sed 's/::example.org: the included .*//' >got
echo "::error file=include.zone,line=$spf_line,title=spf/include-none" >want
same "and is annotated once, at the record" want got
exits 1 "as a line" vouch-check-outbound -z include.zone -k r1=rsa.pem \
	-i 192.0.2.25 -f bounce@example.org message
tr -s ' ' <out >got
has "it says what and where" \
	'FAIL domain-check example.org 3 of 5 (spf/include-none: the included' got
has "names the term" 'include:_sfp.mailer.example' got
has "and the warnings" '), warnings: dmarc/no-reports, ' got
printf 'From: a@example.org\n\n{{100%%}} {{to}}\n' >'a,b:%.eml'
exits 1 "a template without values" check --github 'a,b:%.eml'
echo '::error file=a%2Cb%3A%25.eml,title=template::{{to}} has no value' >want
same "is annotated in its file, by the rules of GitHub" want out
exits 66 "what cannot be checked, too" check --github 'absent%'
echo '::error title=vouch-check-outbound::absent%25: No such file or directory' \
	>want
same "is an error" want out
cat zone - >sub.zone <<'END'
$ORIGIN example.org.
news	TXT	"v=spf1 a -all"
END
sed 's/notices@/&news./' message >sub.eml
exits 0 "another domain than the author's signs" vouch-check-outbound \
	-z sub.zone -k r1=rsa.pem -i 192.0.2.25 -f bounce@example.org \
	-d example.org -j sub.eml
jq -r '.checks[] | select(.domain) | .subject + " " + .domain.domain + ": " +
	([.domain.questions[] | .id + " " + .answer] | join(","))' out >got
cat >want <<'END'
news.example.org news.example.org: exact-domain yes,subdomains yes,spf yes,reports no
example.org example.org: dkim yes
END
same "the keys are checked as those of that domain, the rest as of the author's" \
	want got
exits 0 "the case of its name does not matter" check -d EXAMPLE.org message
grep -c domain-check out >got
echo 1 >want
same "to be the author's" want got

# --- hostile input ---

# No octet of a form but printable ASCII and line ends.
plain() {
	[ -s "$1" ] && ! tr -d '\040-\176\n' <"$1" | grep -q .
}
# Line ends, a directive of TAP, ESC, DEL, commands of CI servers: all in the term
# that the reason quotes.
term='foo#todo\\010ok\\010::set-output\\027[2J\\127##vso[x]###[y]'
sed "s/v=spf1[^\"]*/v=spf1 $term -all/" "$DATA/readme/zone" >evil.zone
for form in lines --tap --json --github; do
	set -- -z evil.zone message
	[ $form = lines ] || set -- "$@" $form
	exits 1 "a hostile record, $form: it fails" vouch-check-outbound \
		-k r1=rsa.pem -i 192.0.2.25 -f bounce@example.org "$@"
	cp out evil$form
	ok "$form: nothing of it reaches the terminal" plain out
	[ $form = --github ] ||
		lacks "$form: no command of a CI server" '##' out
	lacks "$form: nor the old one of GitHub" '##[' out
done
cut -c 1-6 evillines | sort | uniq -c | tr -s ' ' >got
printf ' 2 FAIL \n 4 ok \n' >want
same "it begins no line" want got
has "what it is can be seen" \
	'foo#todo\x0aok\x0a::set-output\x1b[2J\x7f#\x23vso[x]#\x23#[y]' \
	evillines
grep -v -E '^((not )?ok [0-9]+ - |# |1\.\.6$)' evil--tap >got
same "in TAP every line is a result, a comment or the plan" /dev/null got
has "the result stays a failure" 'not ok 4 - spf-query 192.0.2.25' evil--tap
grep -E '^(not )?ok.*#' evil--tap >got
same "without a directive" /dev/null got
jq -j '.checks[3].reason' evil--json >got
has "in JSON the marks are what they were" '\x7f##vso[x]###[y]' got
grep -v -E '^::(error|warning) (file=[^:]*,line=[0-9]*,)?title=[^:,]*::' \
	evil--github >got
same "for GitHub every line is an annotation" /dev/null got
prove_evil() {
	printf '#!/bin/sh\ncat evil--tap\n' >evil.t
	prove -Q --exec sh evil.t >proved 2>&1
}
if command -v prove >/dev/null; then
	! prove_evil
	result $? "prove takes it for a failure, not for one to do"
	has "in the checks of the record" 'Failed tests:  4, 6' proved
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

# --- colours ---

coloured() {		# coloured FILE
	grep -q "$(printf '\033')" "$1"
}
check --color=always message >out
sed "s/$(printf '\033')\[[0-9;]*m//g" out >plainly
check message >want
same "--color=always adds colours, and nothing else" want plainly
printf '\033[32mok  \033[0m  template\n' >want
sed 1q out >got
same "ok is green" want got
check --color always -i 2001:db8::1 message >out
has "FAIL is red" "$(printf '\033[31mFAIL\033[0m  spf-query')" out
for form in --tap -j; do
	check $form --color=always message >out
	ok "not in $form" plain out
done
vouch-check-outbound -h --color=always >out
has "headings of the help are bold" "$(printf '\033[1mExamples:\033[0m')" out
sed "s/$(printf '\033')\[[0-9;]*m//g" out >plainly
same "and it is the same" short plainly

# --- a terminal ---

# What is at a terminal of so many columns, without colours.
screen() {		# screen COLUMNS COMMAND
	COLUMNS=$1 at_terminal "$2"
	tr -d '\r' <out | sed "s/$(printf '\033')\[[0-9;]*m//g" >screen
}
fits() {		# fits COLUMNS TITLE
	awk -v columns="$1" 'length > columns' screen >wide
	same "$2: no line is over $1 columns" /dev/null wide
	tr ' ' '\n' <screen | grep -v -x '\\*' >words
}
run="$tool -z zone -k r1=rsa.pem -i 192.0.2.25 \
	-i 2001:db8::1 -i 2001:db8::aaaa:bbbb:cccc:dddd:eeee \
	-f bounce@example.org"
if at_terminal true; then
	unset COLUMNS NO_COLOR
	printf '{{name_%050d}}\n' 0 >unfilled
	for command in "$run message" "$run --help" "$run unfilled" \
		"$tool -z zone -k a=b -i 192.0.2.925 -f a@example.org message" \
		"$run -k r2=$(printf '%030d/%030d' 0 0) message"; do
		title=${command##*/bin/}
		screen 1000 "$command"
		fits 1000 "$title"
		cp words unbroken
		for columns in 80 79; do
			screen $columns "$command"
			fits $columns "$title"
			same "no word is broken" unbroken words
		done
		for columns in 40 20; do
			screen $columns "$command"
			fits $columns "$title"
			tr -d '\n' <words >got
			tr -d '\n' <unbroken >want
			same "nothing is lost" want got
		done
	done

	cat >want <<'END'
ok    template
ok    dkim-sign
ok    dkim-verify                       dkim=pass
ok    spf-query 192.0.2.25              spf=pass
FAIL  spf-query 2001:db8::1             spf=fail (not-authorized: the domain
                                        does not authorize this client: -all of
                                        example.org)
FAIL  spf-query 2001:db8::aaaa:bbbb:cccc:dddd:eeee
                                        spf=fail (not-authorized: the domain
                                        does not authorize this client: -all of
                                        example.org)
ok    dmarc-eval                        dmarc=pass spf=fail (not-authorized: the
                                        domain does not authorize this client:
                                        -all of example.org) dkim=pass
ok    domain-check example.org          4 of 5, warnings: dmarc/no-reports,
                                        dmarc/nonexistent-gap,
                                        dmarc/subdomain-gap
END
	screen 80 "$run message"
	same "at 80 columns reasons are a column" want screen
	cat >want <<'END'
ok    template
ok    dkim-sign
ok    dkim-verify
      dkim=pass
ok    spf-query 192.0.2.25
      spf=pass
FAIL  spf-query 2001:db8::1
      spf=fail (not-authorized: the domain
      does not authorize this client: -all of
      example.org)
END
	screen 45 "$run message"
	sed 10q screen >got
	same "at 45 they are below" want got
	cat >want <<'END'
vouch-check-outbound: --json and --tap
    exclude each other (try --help)
END
	screen 40 "$tool -j --tap"
	same "a message has a hanging indent" want screen
	screen 40 "$tool -z x$(printf '\303\274%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 \
		13 14 15 16 17 18 19 20 21) -k a=b -i ::1 -f a@b.example"
	ok "no character is broken" iconv -f UTF-8 -t UTF-8 screen
	screen 60 "$tool -h"
	ok "commands are folded for sh" grep -q ' -i \\$' screen
	screen 40 "$run --tap message"
	vouch-check-outbound -z zone -k r1=rsa.pem -i 192.0.2.25 \
		-i 2001:db8::1 -i 2001:db8::aaaa:bbbb:cccc:dddd:eeee \
		-f bounce@example.org --tap message >want
	same "TAP is not folded" want screen
	screen 40 "$run -j message"
	ok "nor is JSON" lines 1 screen

	screen 1000 "stty cols 64; unset COLUMNS; $tool -h"
	fits 64 "the width that the terminal tells"
	cp screen told
	for columns in 0 x -5 ''; do
		screen "$columns" "stty cols 64; $tool -h"
		same "it counts if COLUMNS is '$columns'" told screen
	done
	screen 64 "stty cols 100; $tool -h"
	same "COLUMNS comes first" told screen
	screen 80 "$tool -h"
	cp screen told
	screen 0 "stty cols 0; $tool -h"
	same "80 if neither tells it" told screen
	COLUMNS=40 at_terminal "stty cols 90; $run >pipe 2>&1 -j --tap;
		$run message 2>&1 | cat >pipe2"
	ok "a message in a pipe is one line" lines 1 pipe
	check -i 2001:db8::1 -i 2001:db8::aaaa:bbbb:cccc:dddd:eeee message >want
	same "so is each check" want pipe2

	while IFS='	' read -r colours setting; do
		at_terminal "$setting $tool -h"
		if [ "$colours" = yes ]; then
			ok "colours: $setting" coloured out
		else
			! coloured out
			result $? "no colours: $setting"
		fi
	done <<'END'
yes	TERM=xterm
yes	TERM=xterm NO_COLOR=
no	TERM=xterm NO_COLOR=1
no	TERM=dumb
no	TERM=
no	env -u TERM
END
	at_terminal "NO_COLOR=1 TERM=dumb $tool --color=always -h"
	ok "--color=always comes first" coloured out
	at_terminal "TERM=xterm $tool --color=never -h"
	! coloured out
	result $? "so does --color=never"
else
	skip "lines are folded on a terminal" "no terminal"
fi

# A key that is given where none is expected is not shown with its PIN, in any
# form.
for pin in 'pkcs11:token=a;object=b?pin-value=SECRET' 'x?PIN=SECRET' \
	'pkcs11:object=b?module-path=/x&pin-value=SECRET'; do
	for given in "r2=$pin" "-Kr2=$pin" "--kye=r2=$pin" "-k $pin"; do
		for form in '' --tap -j; do
			# shellcheck disable=SC2086 # words
			check $form $given >out 2>&1
			cat out >>shown
		done
	done
done
ok "something was shown" [ "$(wc -l <shown)" -ge 36 ]
lacks "but no PIN" SECRET shown
for option in -d -o -e -t -f; do
	exits 64 "$option does not take nothing" check $option '' message
	has "it says so" "$option: the value is empty (try --help)" "$TMP/err"
done
finish
