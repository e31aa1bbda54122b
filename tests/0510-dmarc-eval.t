#!/bin/sh
# dmarc-eval as its users see it: each identifier and note, each option in right
# and invalid use, queries, messages, fields, trusted results,
# several messages; from the tables in data/dmarc-cli. All of it by zone.
# shellcheck source=tests/lib.sh disable=SC2317,SC2119,SC2120
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"

HERE=$DATA/dmarc-cli
ID=mx.example.org
TAB='	'
MAIL=$HERE/received.eml
cd "$HERE" || exit 1

dmarc() {
	dmarc-eval --authserv-id="$ID" --now="$NOW" -z zone -z "$ZONE" "$@"
}

# Words of the tables.
# shellcheck disable=SC2034
{
	NL='
'
	ESC=$(printf '\033')
	LOCAL900=$(head -c 900 /dev/zero | tr '\0' x)
	LABEL64=$(head -c 64 /dev/zero | tr '\0' x)
}

# --- identifiers and notes ---

# wanted: a table of what each is to be: the status; the result; identifier and
# notes, as reason= has them, and by themselves; whether policy.dmarc is there;
# with --exit-map a fail is 100, whatever its policy, and nothing else is; with
# -q nothing is written
wanted() {
	awk -F '\t' -v OFS='\t' '
	BEGIN {
		print "#name", "", "status", "result", "reason", "policy", \
		    "mapped", "json", "id", "notes", "quiet", "stdout", "title"
	}
	/^#/ { next }
	{
		notes = $2 == "-" ? "" : $2
		gsub(/,/, " ", notes)
		reason = $1 == "-" ? notes : $1 (notes ? " " notes : "")
		print $1 ", notes " $2, "", $4, $3, reason, \
		    $3 ~ /^(pass|fail)$/, $3 == "fail" ? 100 : $4, $3, \
		    $1, notes, $4, "", "is " $3 " and " $4 ": " $5 " " $6
	}' reasons
}

# got: the rows of three runs each: a report, JSON with --exit-map, and -q, which
# only check-all tries
got() {
	awk -v RS='\001' -v OFS='\t' '
	# identifiers TEXT: those of reason=, without their words
	function identifiers(text, all) {
		if (!match(text, /^[^ ]* reason="([^"\\]|\\.)*"/))
			return ""
		text = substr(text, 1, RLENGTH - 1)
		sub(/^[^"]*"/, "; ", text)
		while (match(text, /; [a-z-]+/)) {
			all = all " " substr(text, RSTART + 2, RLENGTH - 2)
			text = substr(text, RSTART + RLENGTH)
		}
		return substr(all, 2)
	}
	function member(name, value) {
		if (!match($0, "\"" name "\":(null|\"[a-z-]*\"|\\[[^]]*\\])"))
			return "?"
		value = substr($0, RSTART, RLENGTH)
		sub(/^[^:]*:/, "", value)
		gsub(/[]["]/, "", value)
		gsub(/,/, " ", value)
		return value == "null" ? "-" : value
	}
	BEGIN {
		print "#status", "result", "reason", "policy", "mapped", \
		    "json", "id", "notes", "quiet", "stdout"
	}
	NR % 6 == 1 {
		sub(/\n.*/, "")
		report = substr($0, 1, index($0 " ", " ") - 1) OFS \
		    identifiers($0) OFS ($0 ~ / policy\.dmarc=/)
		sub(/^dmarc=/, "", report)
	}
	NR % 6 == 2 { row = $0 OFS report }
	NR % 6 == 3 {
		sub(/.*"results":\[\{"method":"dmarc",/, "")
		json = member("result") OFS member("id") OFS member("notes")
	}
	NR % 6 == 4 { row = row OFS $0 OFS json }
	NR % 6 == 5 { quiet = $0 }
	NR % 6 == 0 { print row, $0, quiet }' "$TMP/outs"
}

# A pass after 1000 results "none", in fields of 100.
{
	i=0
	while [ "$i" -lt 10 ]; do
		printf 'Authentication-Results: %s' "$ID"
		yes ' ; dkim=fail header.d=x.example' | head -n 100
		i=$((i + 1))
	done
	echo "Authentication-Results: $ID; dkim=pass header.d=example.org"
	printf 'From: a@example.org\n\ntext\n'
} >"$TMP/many.eml"

begin_record
while IFS=$TAB read -r id _ _ _ header options; do
	case $id in
	'#'*) continue ;;
	esac
	message=$header
	case $header in
	-) message=/dev/null ;;
	many.eml) message=$TMP/$header ;;
	*.eml) ;;
	*)
		message=$TMP/message
		printf '%b\n\ntext\n' "$header" >"$message"
		;;
	esac
	eval "set -- $options"
	record dmarc "$@" <"$message"
	[ "$1" != -r ] || shift
	record dmarc "$@" -j --exit-map=fail=100 <"$message"
	if full; then
		record dmarc "$@" -q <"$message"
	else
		printf '\001*\001' >>"$TMP/outs"
	fi
done <reasons
wanted >"$TMP/wanted"
got >"$TMP/got"
compare_table "$TMP/wanted" "$TMP/got"
tr -d '\001' <"$TMP/errs" >"$TMP/err"
ok 'with nothing on stderr' [ ! -s "$TMP/err" ] || note "$(cat "$TMP/err")"

# The identifiers of dmarc.h are those of the table, and each has its result. Those
# of the DNS have tests of their own (0700, 0715).
sed -n '/define DMARC_REASONS/,/DNS_REASONS/s/.*X([A-Z_]*, *\([^,]*\), *\([A-Z]*\),.*/\1 \2/p' \
	"$ROOT/common/dmarc/dmarc.h" | sed 's/NULL/-/; s/"//g' |
	tr '[:upper:]' '[:lower:]' | grep -v '^dns-' | sort -u >"$TMP/want"
cut -f 1,3 reasons | tr "$TAB" ' ' | grep -v '^#' |
	grep -v '^dns-' | sort -u >"$TMP/tried"
grep -v '^\(from-[a-z]*\|too-many-authors\) fail$' "$TMP/tried" >"$TMP/got"
ok "dmarc.h has identifiers" [ "$(wc -l <"$TMP/want")" -ge 13 ]
same "each identifier of dmarc.h is tried, with its result" "$TMP/want" "$TMP/got"
grep '^\(from-\|too-many-authors\).* permerror' "$TMP/want" |
	sed 's/permerror/fail/' >"$TMP/raised"
comm -12 "$TMP/raised" "$TMP/tried" >"$TMP/got"
ok 'there are six of the From field' [ "$(wc -l <"$TMP/raised")" -eq 6 ]
same 'each of these is tried as a fail, too' "$TMP/raised" "$TMP/got"
for module in dmarc/dmarc tool/trust_options mail/envelope; do
	sed -n 's/^#define [A-Z]*_NOTE_[A-Z]* *"\(.*\)"/\1/p' \
		"$ROOT/common/$module.h"
done | grep -v identifier-limit | sort >"$TMP/want"
cut -f 2 reasons | tr , '\n' | sort -u >"$TMP/tried"
comm -12 "$TMP/want" "$TMP/tried" >"$TMP/got"
ok "dmarc-eval has notes" [ "$(wc -l <"$TMP/want")" -ge 9 ]
same "each of its notes is tried" "$TMP/want" "$TMP/got"

# --- what --dkim and --spf may say ---

# Only an aligned pass passes, and only what could pass later is a temperror.
for given in pass fail softfail neutral policy none permerror temperror; do
	for option in --dkim --spf; do
		case $given in
		pass) want='0 pass' ;;
		temperror) want='75 temperror' ;;
		*) want='6 fail' ;;
		esac
		exits "${want% *}" "$option=$given: of the author domain is ${want#* }" \
			dmarc -Q --author=reject.id.example \
			"$option=$given:reject.id.example"
		has "it says so" "dmarc=${want#* }" "$TMP/out"
		exits 0 "an aligned pass wins over $option=$given" \
			dmarc -Q --author=reject.id.example \
			"$option=$given:reject.id.example" \
			--dkim=pass:x.reject.id.example --spf=pass:example.org
	done
done

# --- invalid use, cases, options ---

try_usage dmarc-eval dmarc
try_cases dmarc
try_options dmarc-eval 40 cases usage reasons "$ROOT/tests/0510-dmarc-eval.t"

# --- fields in messages ---

# filter TITLE OPTION...: $TMP/message becomes $TMP/want, in LF and in CRLF
filter() {
	filter_title=$1
	shift
	dmarc "$@" <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
	result $? "$filter_title: exit 0"
	same "$filter_title" "$TMP/out" "$TMP/want"
	sed 's/$/\r/' "$TMP/message" >"$TMP/message.crlf"
	sed 's/$/\r/' "$TMP/want" >"$TMP/want.crlf"
	dmarc "$@" <"$TMP/message.crlf" >"$TMP/out" 2>"$TMP/err"
	same "$filter_title, in CRLF" "$TMP/out" "$TMP/want.crlf"
}

OURS="Authentication-Results: $ID; dmarc=pass header.from=bank.example"
SPF="Authentication-Results: $ID; spf=pass smtp.mailfrom=a@example.org"
DKIM="Authentication-Results: $ID;
	dkim=fail header.d=example.org"
BOTH="Authentication-Results: MX.example.org 1; dkim=pass; dmarc=pass"
BROKEN="Authentication-Results: $ID; dmarc=="
OTHER='Authentication-Results: mx.example.net; dmarc=pass header.from=example.net'
NEW="Authentication-Results: $ID; dmarc=pass header.from=example.org
	policy.dmarc=reject; spf=pass smtp.mailfrom=a@example.org; dkim=none
	reason=\"no-signature: the message has no DKIM signature\""
TAKEN="Authentication-Results: $ID; dmarc=pass
	reason=\"results-partly-read: 2 trusted field(s) cannot be read in full\"
	header.from=example.org policy.dmarc=reject"

# rest FIELD...: these, and the message, which has this host's in its body
rest() {
	[ $# -eq 0 ] || printf '%s\n' "$@"
	cat "$MAIL"
	printf '%s\n' "$OURS"
}

rest "$OURS" "$OTHER" "$SPF" "$DKIM" "$BOTH" "$BROKEN" >"$TMP/message"
rest "$NEW" "$OTHER" >"$TMP/want"
filter 'all results under our id are removed'
filter 'that is what -a does' -a
filter 'a method of finding organizations does not change that' \
	--org-domain=psl --psl=psl
rest "$NEW" "$OTHER" "$SPF" "$DKIM" >"$TMP/want"
filter '--keep-authres keeps those of other methods' --keep-authres
rest "$TAKEN" "$OTHER" "$SPF" "$DKIM" >"$TMP/want"
filter '--trust-authres keeps them, and does not evaluate again' --trust-authres
filter '--trust-authres with --keep-authres is the same' \
	--trust-authres --keep-authres
{
	printf '%s\n' "Authentication-Results: $ID; dmarc=fail" \
		"	reason=\"not-authenticated: neither SPF nor a DKIM signature passed\"" \
		"	header.from=example.org policy.dmarc=reject"
	rest "$OTHER; spf=fail smtp.mailfrom=a@example.org"
} >"$TMP/want"
rest "$OURS" "$OTHER; spf=fail smtp.mailfrom=a@example.org" "$SPF" "$DKIM" \
	>"$TMP/message"
filter '--trusted-id keeps no field of this host' --trusted-id=mx.example.net
filter '--trust-topmost keeps no field of this host' --trust-topmost

rest "$OURS" "$OTHER" "$SPF" "$DKIM" "$BOTH" "$BROKEN" >"$TMP/message"
dmarc -H <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
echo "dmarc-eval: 5 Authentication-Results field(s) with the authserv-id of this host must be" \
	"removed, which -H cannot do" >"$TMP/want"
same '-H says what it cannot remove' "$TMP/err" "$TMP/want"
printf '%s\n' "$NEW" >"$TMP/want"
same '-H writes the field alone' "$TMP/out" "$TMP/want"
dmarc -H --trust-authres <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
has '-H --trust-authres counts only what it would remove' \
	'dmarc-eval: 3 Authentication-Results field(s) with the authserv-id of this host' "$TMP/err"

cat >"$TMP/field" <<END
Authentication-Results: $ID; dmarc=pass
	reason="spf-not-evaluated: SPF could not be evaluated: the client or MAIL FROM is not known"
	header.from=example.org policy.dmarc=reject; spf=none
	reason="no-identity: no identity that can be trusted is known: no Received field by $ID names a client";
	dkim=pass header.d=example.org header.s=ed header.a=ed25519-sha256
END
cp signed.eml "$TMP/message"
dmarc -H <signed.eml >"$TMP/out" 2>"$TMP/err"
grep -v 'header\.b=' "$TMP/out" >"$TMP/got"
same 'dmarc, spf and dkim are in one field, DMARC first' \
	"$TMP/got" "$TMP/field"
cat "$TMP/out" signed.eml >"$TMP/want"
filter 'a signed message stays as it is, in LF'
{
	head -n 1 from-line.eml
	printf '%s\n' "$NEW"
	tail -n +2 from-line.eml
} >"$TMP/want"
cp from-line.eml "$TMP/message"
filter 'a From line stays on top'

# In a chain: what one tool writes the next one takes, to the same verdict.
for file in *.eml; do
	spf-query --authserv-id="$ID" --now="$NOW" -z zone -z "$ZONE" -a \
		<"$file" | dkim-verify --authserv-id="$ID" --now="$NOW" \
		-z zone -z "$ZONE" --keep-authres >"$TMP/message"
	dmarc -r <"$file" 2>"$TMP/err" | sed '2,$d; s/ reason="[^"]*"//' >"$TMP/want"
	dmarc -r --trust-authres <"$TMP/message" 2>"$TMP/err" |
		sed 's/ reason="[^"]*"//' >"$TMP/got"
	ok "spf-query | dkim-verify | dmarc-eval: $file has a verdict" \
		grep -q '^dmarc=.* policy.dmarc=reject$' "$TMP/want"
	same "by itself it is the same for $file" "$TMP/got" "$TMP/want"
done

# --- several messages ---

gather

# summed STATUS SUMMARY TITLE COMMAND...: the dmarc results are those on stdin,
# and the summary is all that is on stderr ("": nothing)
summed() {
	cat >"$TMP/want"
	summed_status=$1 summary=$2 summed_title=$3
	shift 3
	exits "$summed_status" "$summed_title" "$@"
	sed -n 's/^\([^=]*dmarc=[a-z]*\).*/\1/p' "$TMP/out" >"$TMP/got"
	same "$summed_title: so it says" "$TMP/want" "$TMP/got"
	printf '%s' "${summary:+dmarc-eval: $summary
}" >"$TMP/want"
	same "$summed_title: its summary is ${summary:-nothing}" \
		"$TMP/want" "$TMP/err"
}
summed 0 '' 'one file has neither label nor summary' dmarc received.eml <<-END
	dmarc=pass
END
summed 6 '2 messages: 1 pass, 1 fail (0 none, 0 quarantine, 1 reject); failed from unknown clients (1)' \
	'two files have their names in front' \
	dmarc received.eml forged.eml <<-END
	received.eml: dmarc=pass
	forged.eml: dmarc=fail
END
summed 0 '2 messages: 2 pass' 'a Maildir is read' dmarc "$TMP/Maildir" <<-END
	$TMP/Maildir/new/2: dmarc=pass
	$TMP/Maildir/cur/1: dmarc=pass
END
summed 6 '2 messages: 1 pass, 1 fail (0 none, 0 quarantine, 1 reject); failed from unknown clients (1)' \
	'a folder is read' dmarc "$TMP/folder" <<-END
	$TMP/folder/forged.eml: dmarc=fail
	$TMP/folder/received.eml: dmarc=pass
END
summed 6 '3 messages: 2 pass, 1 fail (0 none, 0 quarantine, 1 reject); failed from unknown clients (1)' \
	'an mbox is read' dmarc "$TMP/mbox" <<-END
	$TMP/mbox#1: dmarc=pass
	$TMP/mbox#2: dmarc=fail
	$TMP/mbox#3: dmarc=pass
END
mbox_on_stdin() {
	dmarc --mbox "$@" <"$TMP/mbox"
}
summed 5 '3 messages: 2 pass, 1 fail (0 none, 1 quarantine, 0 reject); failed from unknown clients (1)' \
	'with --mbox so is stdin, and --record is what if' \
	mbox_on_stdin --record='v=DMARC1; p=quarantine' <<-END
	-#1: dmarc=pass
	-#2: dmarc=fail
	-#3: dmarc=pass
END
summed 1 '3 messages: 3 fail (3 none, 0 quarantine, 0 reject); failed from 203.0.113.1 (3)' \
	'a client that fails is named' \
	mbox_on_stdin --record='v=DMARC1; p=none' -i 203.0.113.1 <<-END
	-#1: dmarc=fail
	-#2: dmarc=fail
	-#3: dmarc=fail
END
summed 6 '5 messages: 3 pass, 2 fail (0 none, 0 quarantine, 2 reject); failed from 203.0.113.1 (1), unknown clients (1)' \
	'also beside those that are not known' \
	dmarc --trusted-relays=192.0.2.0/28 --set='example.org TXT v=spf1 ip6:2001:db8::/32 -all' \
	--set='ed._domainkey.example.org TXT v=DKIM1; k=ed25519; p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=' \
	signed.eml signed.eml signed.eml forged.eml relayed.eml <<-END
	signed.eml: dmarc=pass
	signed.eml: dmarc=pass
	signed.eml: dmarc=pass
	forged.eml: dmarc=fail
	relayed.eml: dmarc=fail
END
printf '%s\n' received.eml forged.eml >"$TMP/list"
summed 6 '2 messages: 1 pass, 1 fail (0 none, 0 quarantine, 1 reject); failed from unknown clients (1)' \
	'a list names files' dmarc --files-from="$TMP/list" <<-END
	received.eml: dmarc=pass
	forged.eml: dmarc=fail
END
printf '%s\0' forged.eml received.eml >"$TMP/list"
summed 6 '2 messages: 1 pass, 1 fail (0 none, 0 quarantine, 1 reject); failed from unknown clients (1)' \
	'with -0 between NULs' dmarc -0 --files-from="$TMP/list" <<-END
	forged.eml: dmarc=fail
	received.eml: dmarc=pass
END
for from in none.id.example quarantine.id.example reject.id.example \
	example.net bad.id.example servfail.id.example; do
	printf 'From: a@%s\n\ntext\n' "$from" >"$TMP/$from"
done
cat >"$TMP/operands" <<END
$TMP/quarantine.id.example
$TMP/none.id.example
$TMP/reject.id.example
$TMP/example.net
$TMP/bad.id.example
$TMP/servfail.id.example
$TMP/reject.id.example
END
summed 5 '7 messages: 4 fail (1 none, 1 quarantine, 2 reject), 1 none, 1 permerror, 1 temperror; failed from 203.0.113.1 (4)' \
	'all results are counted, and the status is of the first that did not pass' \
	dmarc -i 203.0.113.1 -f a@example.org --files-from="$TMP/operands" <<-END
	$TMP/quarantine.id.example: dmarc=fail
	$TMP/none.id.example: dmarc=fail
	$TMP/reject.id.example: dmarc=fail
	$TMP/example.net: dmarc=none
	$TMP/bad.id.example: dmarc=permerror
	$TMP/servfail.id.example: dmarc=temperror
	$TMP/reject.id.example: dmarc=fail
END
exits 100 '--exit-map=fail is of a fail with quarantine, too' \
	dmarc -q --exit-map=fail=100 --files-from="$TMP/operands"
ok '-q has nothing on stdout' [ ! -s "$TMP/out" ]
has 'it has a summary' 'dmarc-eval: 7 messages: 4 fail' "$TMP/err"
exits 66 'what is not there is 66, and the rest goes on' \
	dmarc "$TMP/none" received.eml forged.eml
has 'it is named' "dmarc-eval: $TMP/none: No such file" "$TMP/err"
has 'it is not counted' 'dmarc-eval: 2 messages: 1 pass, 1 fail' "$TMP/err"
exits 6 'JSON of several messages' dmarc -j received.eml forged.eml
sed 's/,"time".*//' "$TMP/out" >"$TMP/got"
printf '{"schema":1,"file":"%s"\n' received.eml forged.eml >"$TMP/want"
same 'has an object a message' "$TMP/want" "$TMP/got"
has 'and the summary on stderr' 'dmarc-eval: 2 messages: ' "$TMP/err"
if command -v jq >/dev/null; then
	jq -r '[.schema, .results[0].method, .envelope.ip,
		.evaluations[0].author_domain, .evaluations[0].disposition] |
		@tsv' <"$TMP/out" >"$TMP/got"
	printf '1\tdmarc\t%s\texample.org\t%s\n' 192.0.2.1 none '' reject \
		>"$TMP/want"
	same "each is a whole object" "$TMP/want" "$TMP/got"
else
	skip "each is a whole object" "no jq"
fi

# --- pct= of RFC 7489, by a hash ---

mkdir "$TMP/half"
i=100
while [ "$i" -lt 300 ]; do
	printf 'From: a@half.id.example\nSubject: %d\n\ntext\n' $i \
		>"$TMP/half/$i"
	i=$((i + 1))
done
dmarc --rfc7489 --psl=psl "$TMP/half" >"$TMP/first" 2>"$TMP/err"
sampled=$(grep -c 'dmarc=fail.*sampled-out' "$TMP/first")
reject=$(grep 'dmarc=fail' "$TMP/first" | grep -v -c sampled-out)
note "pct=50 left $sampled messages out, and $reject not"
ok 'with pct=50 some of 200 messages are left out' [ "$sampled" -ge 60 ]
ok 'and some are not' [ "$reject" -ge 60 ]
ok 'each is one or the other' [ $((sampled + reject)) -eq 200 ]
echo "dmarc-eval: 200 messages: 200 fail (0 none, $sampled quarantine," \
	"$reject reject); failed from unknown clients (200)" >"$TMP/want"
same 'what is left out meets the next weaker policy' "$TMP/want" "$TMP/err"
ok 'the policy stays what it is' \
	[ "$(grep -c 'policy.dmarc=reject$' "$TMP/first")" -eq 200 ]
dmarc --rfc7489 --psl=psl "$TMP/half" >"$TMP/second" 2>"$TMP/err"
same 'a second run has the same results' "$TMP/first" "$TMP/second"
for file in 100 101 102 103 104 105 106 107; do
	sed -n "s,^$TMP/half/$file: \\(dmarc=.*\\),\\1,p" "$TMP/first" \
		>"$TMP/want"
	printf 'another body\n' >>"$TMP/half/$file"
	dmarc --rfc7489 --psl=psl -r <"$TMP/half/$file" 2>"$TMP/err" |
		head -n 1 >"$TMP/got"
	same "alone, with more text, message $file has the same result" \
		"$TMP/want" "$TMP/got"
done

# --- a header too large to be evaluated ---

{
	yes 'X: y' | head -n 100001
	cat "$MAIL"
} >"$TMP/large"
exits 4 'a header too large is 4' dmarc "$TMP/large"
echo 'dmarc=permerror reason="header-too-large: the header is over 8 MiB or 100000 fields"' \
	>"$TMP/want"
same 'its identifier is header-too-large' "$TMP/want" "$TMP/out"
exits 4 'in JSON, too' dmarc -j --trust-authres "$TMP/large"
has 'it has a result there' '"result":"permerror","id":"header-too-large",' \
	"$TMP/out"
for options in '' --trust-authres --trust-topmost; do
	# shellcheck disable=SC2086
	exits 0 "it is filtered: $options" dmarc $options <"$TMP/large"
	{
		echo "Authentication-Results: $ID; dmarc=permerror"
		printf '\treason="header-too-large: %s"\n' \
			'the header is over 8 MiB or 100000 fields'
		cat "$TMP/large"
	} >"$TMP/want"
	same "with a permerror: $options" "$TMP/want" "$TMP/out"
done

# --- a log that replays ---

for file in received signed forged; do
	dmarc -j -v --dns-log="$TMP/log" <$file.eml >"$TMP/want" 2>"$TMP/err"
	dmarc-eval -z "$TMP/log" --now="$NOW" --authserv-id="$ID" -j -v \
		<$file.eml >"$TMP/got" 2>"$TMP/err"
	ok "the log of a run has its answers: $file" [ -s "$TMP/log" ]
	same "it replays as it was: $file" "$TMP/want" "$TMP/got"
done
for query in '-Q --author=x.reject.id.example --dkim=pass:dead.reject.id.example' \
	'-Q --author=servfail.id.example' '-Q --author=several.id.example' \
	'-Q --author=timeout.id.example'; do
	# shellcheck disable=SC2086
	dmarc $query -j --dns-log="$TMP/log" >"$TMP/want"
	# shellcheck disable=SC2086
	dmarc-eval -z "$TMP/log" --now="$NOW" $query -j >"$TMP/got"
	ok "the log of $query has answers" [ -s "$TMP/log" ]
	same "it replays as it was: $query" "$TMP/want" "$TMP/got"
done

# --- nothing raw ---

# printable FILE: all of it is ASCII that a terminal shows
printable() {
	[ -s "$1" ] && [ "$(tr -d '\t\n\040-\176' <"$1" | wc -c)" -eq 0 ]
}
RAW="v=DMARC1; p=none; x=${ESC}[2J$(printf '\377'); rua=mailto:a@x.example"
for mode in -v -j; do
	dmarc -Q --author=example.org --record="$RAW" "$mode" >"$TMP/out"
	ok "$mode of a record with controls is printable" printable "$TMP/out"
done
printf 'From: a@\033[2J.example\nSubject: x\n\ntext\n' >"$TMP/message"
for mode in -r '-r -v' -j -H; do
	# shellcheck disable=SC2086
	dmarc $mode <"$TMP/message" >"$TMP/out" 2>"$TMP/err"
	ok "$mode of a From with controls is printable" printable "$TMP/out"
done

# --- a terminal ---

query="dmarc-eval -Q -z zone --now=$NOW --author=example.org --dkim=pass:example.org"
green='\033[32mdmarc=pass\033[0m header.from=example.org policy.dmarc=reject\r\n'

if at_terminal true; then
	at_terminal "$query"
	printf %b "$green" >"$TMP/want"
	same 'the result is in colour there' "$TMP/want" "$TMP/out"
	at_terminal "NO_COLOR=1 $query"
	printf 'dmarc=pass header.from=example.org policy.dmarc=reject\r\n' \
		>"$TMP/want"
	same 'without with NO_COLOR' "$TMP/want" "$TMP/out"
	for lacking in '' -r -a -H --trust-authres '-i 192.0.2.1'; do
		at_terminal "dmarc-eval -z zone $lacking"
		status=$?
		[ "$status" -eq 64 ]
		result $? "64: at a terminal, without a message: $lacking" ||
			note "$status: $(cat "$TMP/out")"
		has 'it says what is expected' 'stdin is a terminal' "$TMP/out"
	done
	ok 'with an operand it is a report' \
		at_terminal "dmarc-eval -z zone --authserv-id=$ID received.eml"
else
	skip 'at a terminal the result is in colour' 'no script(1)'
fi

# Queries leave stdin alone.
{
	dmarc -Q --author=example.org >"$TMP/out" 2>&1
	cat
} <"$MAIL" >"$TMP/rest"
same '-Q does not read stdin' "$TMP/rest" "$MAIL"

finish
