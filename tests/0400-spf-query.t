#!/bin/sh
# spf-query as its users see it: each identifier, each option in right and
# invalid use, queries, batches, messages, fields, and nothing raw from
# anywhere; from the tables in data/spf/query. All of it by zone.
# shellcheck source=tests/lib.sh disable=SC2317,SC2119,SC2120
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
needs "$BUILD/tests/helper/authres"

HERE=$DATA/spf/query
ID=mx.example.org
TAB='	'
MAIL=$HERE/received.eml
cd "$HERE" || exit 1

# spf OPTION...: Q as the first is -Q -i 192.0.2.1
spf() {
	if [ "${1-}" = Q ]; then
		shift
		set -- -Q -i 192.0.2.1 "$@"
	fi
	spf-query --authserv-id="$ID" --now="$NOW" -z zone "$@"
}

# Words of the tables.
# shellcheck disable=SC2034
{
	NL='
'
	ESC=$(printf '\033')
	LOCAL900=$(head -c 900 /dev/zero | tr '\0' x)
	LABEL64=$(head -c 64 /dev/zero | tr '\0' x)
	TERMS999=$(yes ' ip4:198.51.100.1' | head -n 999 | tr -d '\n')
	TERMS1001="$TERMS999 a=b a=c"
}

# --- identifiers ---

# identifies IDENTIFIER RESULT STATUS OPTION...: in a report and in JSON
identifies() {
	want_id=$1 want_result=$2 want_status=$3
	shift 3
	set -- -Q -i 192.0.2.1 "$@"
	spf "$@" >"$TMP/out" 2>"$TMP/err"
	[ $? -eq "$want_status" ] && [ ! -s "$TMP/err" ] || return
	spf -j "$@" >"$TMP/json" 2>"$TMP/err"
	[ $? -eq "$want_status" ] && [ ! -s "$TMP/err" ] || return
	IFS= read -r line <"$TMP/out"
	if [ "$want_id" = - ]; then
		want_json=null
		case $line in "spf=$want_result smtp.mailfrom="*) ;; *) false ;; esac
	else
		want_json="\"$want_id\""
		case $line in
		"spf=$want_result reason=\"$want_id: "*) ;;
		*) false ;;
		esac
	fi &&
		contains "$TMP/json" "\"result\":\"$want_result\",\"id\":$want_json,"
}

while IFS=$TAB read -r id outcome status options; do
	case $id in
	'#'*) continue ;;
	esac
	eval "set -- $options"
	identifies "$id" "$outcome" "$status" "$@"
	result $? "$id is $outcome and $status: $options" ||
		note "$(head -c 2000 "$TMP/out")" "$(cat "$TMP/err")"
done <reasons

# The identifiers of spf.h are those of the table, and each has its result. Those
# of the DNS have tests of their own (0700, 0715).
sed -n '/define SPF_REASONS/,/DNS_REASONS/s/.*X([A-Z_]*, *\([^,]*\), *\([A-Z]*\),.*/\1 \2/p' \
	"$ROOT/common/spf/spf.h" | sed 's/NULL/-/; s/"//g' |
	tr '[:upper:]' '[:lower:]' | grep -v '^dns-' | sort -u >"$TMP/want"
sed -n 's/^\([a-z-]*\)	\([a-z]*\)	.*/\1 \2/p' reasons | grep -v '^dns-' |
	sort -u >"$TMP/got"
[ "$(wc -l <"$TMP/want")" -ge 20 ]
result $? "spf.h has identifiers"
same "each identifier of spf.h is tried, with its result" "$TMP/want" "$TMP/got"

# --- invalid use, cases, options ---

try_usage spf-query spf
try_cases spf
try_options spf-query 35 cases usage "$ROOT/tests/0400-spf-query.t"

# --- batches ---

spf --batch=batch >"$TMP/want"
for file in batch batch.good; do
	sed 's/$/\r/' $file >"$TMP/crlf"
	spf --batch=- <$file >"$TMP/want"
	spf --batch=- <"$TMP/crlf" >"$TMP/got"
	same "$file in CRLF gives the same results" "$TMP/got" "$TMP/want"
	printf %s "$(cat $file)" >"$TMP/no-newline"
	spf --batch=- <"$TMP/no-newline" >"$TMP/got"
	same "the last line of $file needs no line end" "$TMP/got" "$TMP/want"
done
spf --batch=- <"$PWD/batch" >"$TMP/got"
has "a line of stdin is named so" ': stdin:9: not IP MAILFROM [HELO]"' \
	"$TMP/got"
spf --batch="$PWD/batch" -j >"$TMP/got"
has "one of a file by the path given" "\"ip_source\":\"$PWD/batch:3\"" \
	"$TMP/got"
spf --batch=batch -j >"$TMP/out"
ok "an object a line, for each query" [ "$(wc -l <"$TMP/out")" -eq 8 ]
if command -v jq >/dev/null; then
	jq -c -r '[.schema, .results[0].result, .envelope.mail_from] | @tsv' \
		<"$TMP/out" >"$TMP/got"
	printf '1\t%s\t%s\n' pass a@example.org fail '' \
		softfail a@soft.example.org none '' pass a@example.org none '' \
		none '' \
		pass a@pass.id.example >"$TMP/want"
	same "each is a whole object, in the order of the lines" \
		"$TMP/want" "$TMP/got"
else
	skip "each is a whole object, in the order of the lines" "no jq"
fi
awk 'BEGIN { for (i = 0; i < 3000; i++)
	print "192.0.2." i % 256, "a@example.org helo.example.org" }' \
	>"$TMP/long"
exits 0 "a batch of 3000 lines is evaluated" spf --batch="$TMP/long"
ok "each of them" [ "$(grep -c '^spf=pass' "$TMP/out")" -eq 3000 ]

# --- fields in messages ---

# filter TITLE OPTION...: $TMP/message becomes $TMP/want, in LF and in CRLF
filter() {
	filter_title=$1
	shift
	spf "$@" <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
	result $? "$filter_title: exit 0"
	same "$filter_title" "$TMP/out" "$TMP/want"
	sed 's/$/\r/' "$TMP/message" >"$TMP/message.crlf"
	sed 's/$/\r/' "$TMP/want" >"$TMP/want.crlf"
	spf "$@" <"$TMP/message.crlf" >"$TMP/out"
	same "$filter_title, in CRLF" "$TMP/out" "$TMP/want.crlf"
}

OURS="Authentication-Results: $ID; spf=pass smtp.mailfrom=forged@bank.example"
DKIM="Authentication-Results: $ID;
	dkim=pass header.d=example.org"
BOTH="Authentication-Results: MX.example.org 1; dkim=pass; spf=pass"
BROKEN="Authentication-Results: $ID; spf=="
OTHER='Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=a@x.example'
OLD='Received-SPF: pass (x.example: domain of a@x.example) client-ip=192.0.2.1;'
NEW="Authentication-Results: $ID; spf=pass smtp.mailfrom=a@example.org"

printf '%s\n' "$OURS" "$OTHER" "$OLD" "$DKIM" "$BOTH" "$BROKEN" >"$TMP/message"
printf '%s\n' "$NEW" "$OTHER" "$OLD" >"$TMP/want"
{
	cat "$MAIL"
	printf '%s\n' "$OURS"
} | tee -a "$TMP/want" >>"$TMP/message"
filter 'all results under our id are removed'
filter 'that is what -a does' -a
printf '%s\n' "$NEW" "$OTHER" "$OLD" "$DKIM" >"$TMP/want"
{
	cat "$MAIL"
	printf '%s\n' "$OURS"
} >>"$TMP/want"
filter '--keep-authres keeps those of other methods' --keep-authres
spf -H <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
has '-H says what it cannot remove' \
	'spf-query: 4 Authentication-Results field(s) with the authserv-id of this host' "$TMP/err"
printf '%s\n' "$NEW" >"$TMP/want"
same '-H writes the field alone' "$TMP/out" "$TMP/want"

# want FIELDS: on stdin, above the message
want() {
	cat - "$MAIL" >"$TMP/want"
}
cp "$MAIL" "$TMP/message"
want <<END
Authentication-Results: $ID; spf=none
	reason="no-such-domain: the domain does not exist: none.id.example"
	smtp.helo=none.id.example; spf=pass smtp.mailfrom=a@example.org
Received-SPF: pass ($ID: domain of a@example.org designates
	192.0.2.1 as permitted sender) receiver=$ID;
	identity=mailfrom; client-ip=192.0.2.1; envelope-from="a@example.org";
	helo=none.id.example; mechanism="ip4:192.0.2.0/24";
Received-SPF: none ($ID: no result for domain of none.id.example:
	the domain does not exist) receiver=$ID; identity=helo;
	client-ip=192.0.2.1; envelope-from="a@example.org";
	helo=none.id.example;
END
filter '--received-spf --scope=both adds a field for each, below the other' \
	--received-spf --scope=both -e none.id.example
want <<END
Authentication-Results: $ID; spf=permerror
	reason="loop: the record leads back to itself: loop.id.example"
	smtp.mailfrom=@loop.id.example
Received-SPF: permerror ($ID: permanent error for domain of the
	sender: the record leads back to itself) receiver=$ID;
	identity=mailfrom; client-ip=192.0.2.1;
	envelope-from="\\"odd local\\"@loop.id.example"; helo=helo.example.org;
	problem="loop: loop.id.example";
END
filter 'an error is a problem= in Received-SPF' \
	--received-spf -f '"odd local"@loop.id.example'
want <<END
Authentication-Results: $ID; spf=neutral
	reason="no-match: no term of the record matches: default.id.example"
	smtp.mailfrom=postmaster@default.id.example
Received-SPF: neutral ($ID: 192.0.2.1 is neither permitted nor
	denied by domain of postmaster@default.id.example)
	receiver=$ID; identity=mailfrom; client-ip=192.0.2.1;
	envelope-from="<>"; helo=default.id.example; mechanism=default;
END
filter 'the null reverse-path is <> there, and no term is the default' \
	--received-spf -f '<>' -e default.id.example
{
	head -n 1 from-line.eml
	printf '%s\n' "$NEW"
	tail -n +2 from-line.eml
} >"$TMP/want"
cp from-line.eml "$TMP/message"
filter 'a From line stays on top'

# --- several messages ---

gather

# labelled STATUS TITLE OPERAND...: the results of the operands are those on
# stdin: label, RESULT
labelled() {
	cat >"$TMP/want"
	labelled_title=$2
	exits "$@"
	sed 's/\(spf=[a-z]*\).*/\1/' "$TMP/out" >"$TMP/got"
	same "$labelled_title: so it says" "$TMP/want" "$TMP/got"
}
labelled 0 'one file has no label' spf received.eml <<-END
	spf=pass
END
labelled 3 'two files have their names in front' \
	spf received.eml forged.eml <<-END
	received.eml: spf=pass
	forged.eml: spf=none
END
labelled 0 'a Maildir is read' spf "$TMP/Maildir" <<-END
	$TMP/Maildir/new/2: spf=pass
	$TMP/Maildir/cur/1: spf=pass
END
labelled 3 'a folder is read' spf "$TMP/folder" <<-END
	$TMP/folder/forged.eml: spf=none
	$TMP/folder/received.eml: spf=pass
END
labelled 3 'an mbox is read' spf "$TMP/mbox" <<-END
	$TMP/mbox#1: spf=pass
	$TMP/mbox#2: spf=none
	$TMP/mbox#3: spf=pass
END
mbox_on_stdin() {
	spf --mbox <"$TMP/mbox"
}
labelled 3 'with --mbox so is stdin' mbox_on_stdin <<-END
	-#1: spf=pass
	-#2: spf=none
	-#3: spf=pass
END
printf '%s\n' received.eml forged.eml >"$TMP/list"
labelled 3 'a list names files' spf --files-from="$TMP/list" <<-END
	received.eml: spf=pass
	forged.eml: spf=none
END
printf '%s\0' received.eml forged.eml >"$TMP/list"
labelled 3 'with -0 between NULs' spf -0 --files-from="$TMP/list" <<-END
	received.eml: spf=pass
	forged.eml: spf=none
END
labelled 75 'the status is of the first that did not pass' \
	spf -f a@later.example.org received.eml forged.eml <<-END
	received.eml: spf=temperror
	forged.eml: spf=none
END
labelled 3 'in their order' \
	spf -f a@later.example.org forged.eml received.eml <<-END
	forged.eml: spf=none
	received.eml: spf=temperror
END
labelled 3 'each scope has its line with the label, where anything is known' \
	spf --scope=both forged.eml received.eml <<-END
	forged.eml: spf=none
	received.eml: spf=pass
	received.eml: spf=pass
END
labelled 66 'what is not there is 66, and the rest goes on' \
	spf "$TMP/none" received.eml <<-END
	received.eml: spf=pass
END
has 'it is named' "spf-query: $TMP/none: No such file" "$TMP/err"
spf -j received.eml forged.eml >"$TMP/out" 2>"$TMP/err"
sed 's/,"time".*//' "$TMP/out" >"$TMP/got"
printf '{"schema":1,"file":"%s"\n' received.eml forged.eml >"$TMP/want"
same 'JSON has an object a message' "$TMP/want" "$TMP/got"

# --- a header too large to be evaluated ---

{
	yes 'X: y' | head -n 100001
	cat "$MAIL"
} >"$TMP/large"
exits 4 'a header too large is 4' spf -r -v -i 192.0.2.1 "$TMP/large"
cat >"$TMP/want" <<'END'
spf=permerror reason="header-too-large: the header is over 8 MiB or 100000 fields"
  client: 192.0.2.1, from option -i
  HELO: not known
  MAIL FROM: not known
END
same 'its identifier is header-too-large' "$TMP/want" "$TMP/out"
exits 4 'in JSON, too' spf -j -f a@example.org "$TMP/large"
has 'it has a result there' '"result":"permerror","id":"header-too-large",' \
	"$TMP/out"
has 'and what the options say' '"mail_from":"a@example.org"' "$TMP/out"
exits 0 'it is filtered' spf --received-spf <"$TMP/large"
cat - "$TMP/large" >"$TMP/want" <<END
Authentication-Results: $ID; spf=permerror
	reason="header-too-large: the header is over 8 MiB or 100000 fields"
END
same 'with a permerror' "$TMP/want" "$TMP/out"

# --- a log that replays ---

spf -Q -i 203.0.113.1 -f a@example.org -e later.example.org --scope=both -j -v \
	--dns-log="$TMP/log" >"$TMP/want"
spf-query -z "$TMP/log" --now="$NOW" --authserv-id="$ID" -j -v \
	-Q -i 203.0.113.1 -f a@example.org -e later.example.org --scope=both \
	>"$TMP/got"
ok 'the log of a run has its answers' [ -s "$TMP/log" ]
same 'it replays as it was' "$TMP/want" "$TMP/got"

# --- what is shown as master files have it ---

# What -v shows of the DNS is a zone that leads to the same.
for domain in controls octets why why8 mx ptr odd nul; do
	set -- -Q -i 192.0.2.2 -f "a@$domain.hostile.example" -v
	spf "$@" >"$TMP/want"
	sed -n '/^  dns: /,$s/^    //p' "$TMP/want" >"$TMP/shown"
	spf-query --authserv-id="$ID" --now="$NOW" -z "$TMP/shown" "$@" \
		>"$TMP/got" 2>&1
	[ -s "$TMP/shown" ] && cmp -s "$TMP/want" "$TMP/got"
	result $? "-v of $domain.hostile.example shows a zone that replays" ||
		note "$(diff "$TMP/want" "$TMP/got")"
done
spf-query -z /dev/null -Q -i 192.0.2.1 -f a@nul.hostile.example \
	--set="$(sed -n 's/^nul.*"\(.*\)"/nul.hostile.example TXT "\1"/p' zone)" -v |
	sed -n '/^  dns: /,$s/^    //p' >"$TMP/shown"
set -- -Q -i 192.0.2.1 -f a@nul.hostile.example
spf "$@" >"$TMP/want"
spf-query -z /dev/null --set="$(sed 's/ IN / /' "$TMP/shown")" "$@" >"$TMP/got"
same 'a record that -v shows can be given to --set' "$TMP/want" "$TMP/got"

# A term of 60000 octets, in strings of 240.
awk 'BEGIN {
	printf "long.example.org. TXT ( \"v=spf1 ?all a:\""
	for (i = 0; i < 250; i++) {
		printf "\n \""
		for (k = 0; k < 240; k++)
			printf "x"
		printf "\""
	}
	print " \" \" )" }' >"$TMP/long.zone"
spf-query -z "$TMP/long.zone" -Q -i 192.0.2.1 -f a@long.example.org -v |
	sed '/^  dns: /,$d' >"$TMP/out"
has 'of a long term -v shows the beginning, and how long it is' \
	'v=spf1 ?all a:xxxxxxxxxx' "$TMP/out"
has 'it says how long it is' 'xxx... (60002 octets)' "$TMP/out"
ok 'and no more' [ "$(wc -c <"$TMP/out")" -lt 1000 ]

# --- nothing raw ---

# What is shown is kept in $TMP/kept, NUMBER.out and NUMBER.err, to be looked at
# all at once: "runs" has the numbers, what must be true, and titles.
mkdir "$TMP/kept"
runs=0

# keep WHAT TITLE OPTION...
keep() {
	runs=$((runs + 1))
	printf '%s\t%s\t%s\n' $runs "$1" "$2" >>"$TMP/runs"
	shift 2
	spf "$@" <"$stdin" >"$TMP/kept/$runs.out" 2>"$TMP/kept/$runs.err"
}

# shown TITLE OPTION...: in every mode
shown() {
	shown_title=$1
	shift
	for mode in -r '-r -v' '-r --tree' -j; do
		# shellcheck disable=SC2086
		keep result "$mode of $shown_title" $mode --scope=both "$@"
	done
	keep fields "$shown_title" -v -H --received-spf --scope=both "$@"
}

# odd_fields NUMBER...: which of them are not a result of spf or two, none a
# pass, under our name; or have lines that are long or not folded. The fields of
# all are read as those of one header.
odd_fields() {
	for number; do
		cat "$TMP/kept/$number.out"
	done >"$TMP/header"
	"$BUILD/tests/helper/authres" <"$TMP/header" |
		awk -F '\t' -v numbers="$*" '
		BEGIN { n = split(numbers, number, " ") }
		{ seen[$1] }
		$2 != "mx.example.org" || $4 < 1 || $4 > 2 || $5 != "spf" ||
		    $7 == "pass" { bad[$1] }
		END {
			for (i = 1; i <= n; i++)
				if (!(i in seen) || i in bad || n + 1 in seen)
					print number[i] ".out"
		}'
	(cd "$TMP/kept" && for number; do set -- "$@" "$number.out"; shift; done
		awk 'length > 998 || /^Received-SPF: pass/ ||
		    !/^(\t|Authentication-Results: |Received-SPF: )/ {
			print FILENAME
		}' "$@")
}

# listed NAME FILE: it is a line there
listed() {
	while IFS= read -r line; do
		[ "$line" != "$1" ] || return 0
	done <"$2"
	return 1
}

# printable NAME: all of it is ASCII that a terminal shows
printable() {
	[ -s "$TMP/kept/$1" ] && ! listed "$1" "$TMP/raw"
}

no_pass() {
	printable "$1" && ! listed "$1" "$TMP/passed"
}

only_hints() {		# only_hints FILE
	while IFS= read -r line; do
		[ "${line#hint: }" != "$line" ] || return
	done <"$1"
}

look() {
	(cd "$TMP/kept" && grep -l -a -e "[^ -~$TAB]" -- * >"$TMP/raw"
		grep -l -a '^spf=pass' -- * >"$TMP/passed")
	# shellcheck disable=SC2046 # numbers
	odd_fields $(awk -F '\t' '$2 == "fields" { print $1 }' "$TMP/runs") \
		>"$TMP/odd"
	while IFS=$TAB read -r number what title; do
		case $what in
		result)
			no_pass "$number.out" &&
				only_hints "$TMP/kept/$number.err"
			result $? "$title is printable, and no pass"
			;;
		batch)
			no_pass "$number.out"
			result $? "$title is printable, and no pass"
			;;
		fields)
			ok "-v on stderr of $title is printable" \
				printable "$number.err"
			ok "the fields of $title are printable" \
				printable "$number.out"
			! listed "$number.out" "$TMP/odd"
			result $? "the fields of $title have their results, and no pass"
			;;
		domain) ok "$title is printable" printable "$number.out" ;;
		usage) ok "$title" printable "$number.err" ;;
		esac || note "$(head -c 2000 "$TMP/kept/$number.out" | cat -v)" \
			"$(head -c 2000 "$TMP/kept/$number.err" | cat -v)"
	done <"$TMP/runs"
}

while IFS=$TAB read -r name sender helo; do
	case $name in
	'#'*) continue ;;
	esac
	stdin=$TMP/message
	{
		printf 'Return-Path: <%b>\n' "$sender"
		printf 'Received: from %b ([192.0.2.1])\n' "$helo"
		printf '\tby mx.example.org with ESMTP id 1;\n'
		printf '\tFri, 20 Nov 2026 10:00:01 +0000\n'
		printf 'From: a@example.org\n\ntext\n'
	} >"$stdin"
	shown "$name"
	printf '192.0.2.1 %b %b\n' "$sender" "$helo" >"$TMP/batch"
	for mode in -v -j; do
		keep batch "--batch $mode of $name" "$mode" --scope=both \
			--batch="$TMP/batch"
	done
	case $sender$helo in
	*'\0000'*) continue ;; # no argument has a NUL
	esac
	stdin=$MAIL
	sender=$(printf %b "$sender")
	helo=$(printf %b "$helo")
	set -- -i 192.0.2.1 -f "$sender" -e "$helo"
	spf -H "$@" <"$stdin" >"$TMP/out" 2>"$TMP/err"
	if [ $? -eq 64 ]; then
		keep usage "-f or -e does not take $name" -H "$@"
	else
		shown "$name in -f and -e" "$@"
	fi
done <hostile

stdin=$MAIL
for domain in controls octets exp why why8 mx ptr include lookalike; do
	shown "$domain.hostile.example" \
		-f "a@$domain.hostile.example" -e "$domain.hostile.example"
	for mode in -v -j; do
		keep domain "--tree -d $domain.hostile.example $mode" \
			--tree -d $domain.hostile.example $mode
	done
done
look
exits 1 'a name of odd octets is queried as it is' \
	spf -Q -i 192.0.2.1 -f a@ptr.hostile.example -v
has 'and leads back to the client' '.ptr.hostile.example A: 192.0.2.1' \
	"$TMP/out"

# --- a terminal ---

query="spf-query -z zone --now=$NOW -f a@example.org"
green='\033[32mspf=pass\033[0m smtp.mailfrom=a@example.org\r\n'

if at_terminal true; then
	at_terminal "$query -Q -i 192.0.2.1"
	printf %b "$green" >"$TMP/want"
	same 'the result is in colour there' "$TMP/want" "$TMP/out"
	at_terminal "NO_COLOR=1 $query -Q -i 192.0.2.1"
	printf 'spf=pass smtp.mailfrom=a@example.org\r\n' >"$TMP/want"
	same 'without with NO_COLOR' "$TMP/want" "$TMP/out"
	for lacking in '' '-i 192.0.2.1' '-r -i 192.0.2.1' '-a -i 192.0.2.1' \
		'-H -i 192.0.2.1'; do
		at_terminal "$query $lacking"
		status=$?
		[ "$status" -eq 64 ]
		result $? "64: at a terminal, without a message: $lacking" ||
			note "$status: $(cat "$TMP/out")"
		has 'it says what is expected' 'stdin is a terminal' "$TMP/out"
	done
	ok 'with an operand it is a report' \
		at_terminal "$query -i 192.0.2.1 --authserv-id=$ID received.eml"
	ok 'with -Q it does not read there' at_terminal "$query -Q -i 192.0.2.1"
	at_terminal "spf-query -z zone --tree -d eleven.id.example"
	has 'a domain has colours there' \
		"$(printf '\033[1;31mIPv4 clients: 12 of 10')" "$TMP/out"
else
	skip 'at a terminal the result is in colour' 'no script(1)'
fi

# A query, a batch and a domain leave stdin alone.
for options in '-Q -i 192.0.2.1 -f a@example.org' '--batch=batch.good' \
	'--tree -d helo.example.org'; do
	{
		# shellcheck disable=SC2086
		spf $options >"$TMP/out" 2>&1
		cat
	} <"$MAIL" >"$TMP/rest"
	same "$options does not read stdin" "$TMP/rest" "$MAIL"
done

finish
