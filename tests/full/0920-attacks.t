#!/bin/sh
# Attacks on those who read what the filters write, that once worked: text of
# strangers in our own fields, forged fields that some readers take for
# this host's, a header that grows, words of the client that leave no verdict.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
CASES=$DATA/attacks
PYTHON=$ROOT/tests/peers/python
TAB='	'
cd "$TMP" || exit 1
cat >zone <<'END'
evil.example. TXT "v=spf1 +all"
bank.example. TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.bank.example. TXT "v=DMARC1; p=reject"
_dmarc.mild.example. TXT "v=DMARC1; p=quarantine"
_dmarc.evil.example. TXT "v=DMARC1; p=none"
;!TIMEOUT _dmarc.slow.evil.example TXT
END
printf 'From: ceo@bank.example\nSubject: s\n\nhi\n' >base

ID=mx.example.net
run() {			# run TOOL ARG...: offline, by our id
	tool=$1
	shift
	"$tool" --authserv-id="$ID" --now "$NOW" -z zone "$@"
}
evil() {		# evil TOOL ARG...: sent by the attacker
	run "$@" -i 192.0.2.66 -f x@evil.example
}

message() {		# message HEADER: its line ends are "~"; to $TMP/m
	text LF "$1~hi~" >m
}

# keep FILE: as another, $kept
keep() {
	kept_count=$((kept_count + 1))
	kept=kept.$kept_count
	mv "$1" "$kept"
}
kept_count=0

# What readers see who decode RFC 2047 is looked at in the end.
#	unseen TITLE ERE FILE	nothing that matches
PYTHON_SEES=
if "$PYTHON" -c 'import email.policy' 2>err; then
	PYTHON_SEES=yes
else
	note 'no Python here: what it would see is not looked at'
fi
unseen() {
	keep "$3"
	printf '%s\t%s\t%s\n' "$kept" "$2" "$1" >>to_see
}
test_unseen() {
	: >seen
	# shellcheck disable=SC2046 # names of this test
	[ -z "$PYTHON_SEES" ] || "$PYTHON" "$ROOT/tests/property/decode.py" \
		$(cut -f 1 to_see) >seen
	awk -F '\t' '
		FNR == 1 { file++ }
		file == 1 { pattern[++n] = $2; title[n] = $3; next }
		/^\f/ { seen++; next }
		$0 ~ pattern[seen + 1] { bad[seen + 1] = $0 }
		END {
			for (i = 1; i <= n; i++) {
				print (i in bad ? 1 : 0) "\t" title[i]
				if (i in bad)
					print "#\t" bad[i]
			}
			print (seen == 0 || seen == n ? 0 : 1) "\tall are read"
		}' to_see seen >compared
	tally compared
}

# --- text of strangers in our fields ---

METHODS='auth|dkim|dkim-adsp|dkim-atps|dmarc|domainkeys|dnswl|iprev|rrvs'
METHODS="$METHODS|sender-id|smime|spf|vbr|arc"

# Fields of this host are looked at in the end.
#	harmless TITLE FILE TOOL	it has no encoded-word, and no pass that
#				is not a result of its own (the tool's, or spf's
#				or dkim's)
harmless() {
	keep "$2"
	case $3 in
	dmarc-eval) own='dmarc|spf|dkim' ;;
	vbr-check) own='vbr|spf|dkim' ;;
	spf-query) own=spf ;;
	*) own=dkim ;;
	esac
	printf '%s\t%s\t%s\n' "$kept" "$own" "$1" >>to_check
}
test_harmless() {
	awk -F '\t' -v methods="$METHODS" '
	{
		text = ""
		while ((getline line <$1) > 0)
			text = text line " "
		close($1)
		bare = text
		gsub(/\r/, "", bare)
		gsub(/\t/, " ", bare)
		gsub("; *(" $2 ")=pass( |;|$)", "; &", bare)
		gsub("; *; *(" $2 ")=pass", ";", bare)
		gsub(/\([^()]*\)/, " ", bare)
		gsub(/[ "]/, "", bare)
		good = text != "" && !index(text, "=?") &&
		    tolower(bare) !~ "(" methods ")=pass"
		print (good ? 0 : 1) "\t" $3
		if (!good)
			print "#\t" text
	}' to_check >compared
	tally compared
}

row=0
while IFS=$TAB read -r sender helo; do
	case $sender in '#'*) continue ;; esac
	row=$((row + 1))
	from=$(printf '%b.' "$sender") name=$(printf '%b.' "$helo")
	from=${from%.} name=${name%.}
	for tool in spf-query dmarc-eval vbr-check; do
		own=
		[ $tool != vbr-check ] || own='-t certifier.example'
		# shellcheck disable=SC2086
		run $tool -H $own -i 192.0.2.66 -f "$from" -e "$name" <base \
			>field 2>err
		[ -s field ]
		result $? "envelope $row: $tool writes a field" || note "$(cat err)"
		harmless "envelope $row: and nothing in it is a stranger's result" \
			field "$tool"
	done
	run spf-query -H --received-spf -i 192.0.2.66 -f "$from" -e "$name" \
		<base >fields 2>err
	sed -n '/^Received-SPF/,$p' fields >field
	[ -s field ]
	result $? "envelope $row: Received-SPF is written" || note "$(cat err)"
	harmless "envelope $row: and nothing in it, either" field none
	run dmarc-eval -a -i 192.0.2.66 -f "$from" -e "$name" <base >out 2>err
	unseen "envelope $row: a reader that decodes sees no pass" \
		'; dmarc=pass' out
done <"$CASES/envelopes"

# written TITLE HEADER TOOL ARG...: its field has nothing of the header's
written() {
	written_title=$1
	message "$2"
	shift 2
	evil "$@" -H <m >field 2>err
	[ -s field ]
	result $? "$written_title: $1 writes a field" || note "$(cat err)"
	harmless "$written_title: nothing in it is a stranger's" field "$1"
}

word='=?us-ascii?q?x=22=3B_dmarc=3Dpass_header.from=3Dbank.example_x=3D=22?='
written 'an encoded-word after the author' "From: ceo@bank.example $word~" \
	dmarc-eval
written 'a pass after the author' 'From: a@b.example dmarc=pass <x~' dmarc-eval
hash=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
for tag in "i=$word@evil.example" 'i=dmarc=pass@evil.example' "s=$word" \
	's=dmarc=pass' "a=$word" "x=$word" 'c=dmarc=pass' "bh=$word"; do
	sig="v=1; a=rsa-sha256; d=evil.example; s=s; h=from; bh=$hash; b=aaaa"
	case $tag in
	[ix]=*) sig="$sig; $tag" ;;
	*) sig=$(printf %s "$sig" | sed "s/ ${tag%%=*}=[^;]*/ @/") &&
		sig="${sig%%@*}$tag${sig#*@}" ;;
	esac
	for tool in dkim-verify dmarc-eval; do
		message "DKIM-Signature: $sig~From: ceo@bank.example~"
		run $tool -H <m >field 2>err
		[ -s field ]
		result $? "$tag: $tool writes a field" || note "$(cat err)"
		harmless "$tag: nothing in it is the signer's" field "$tool"
	done
done
for tag in "md=$word" "mc=$word" "mv=$word" 'md=dmarc=pass' 'mv=vbr=pass'; do
	info=$(printf %s 'md=evil.example; mc=all; mv=certifier.example' |
		sed "s/${tag%%=*}=[^;]*/@/")
	written "VBR-Info with $tag" "VBR-Info: ${info%%@*}$tag${info#*@}~From: \
x@evil.example~" vbr-check -t certifier.example
done
exits 64 'vbr-check --on-pass with an encoded-word is a usage error' \
	vbr-check -a --authserv-id=$ID -z zone -t c.example \
	--on-pass='X-Vouched: =?us-ascii?q?x?=' <base
for tool in spf-query dkim-verify dmarc-eval; do
	exits 64 "so is $tool --authserv-id with one" "$tool" -a -z zone \
		--authserv-id='=?us-ascii?q?mx?=' <base
done
for kept in SRS0=ab=cd=example.org=user list+user=example.org prvs=123=user; do
	run spf-query -H -i 192.0.2.66 -f "$kept@evil.example" <base >field
	has "a local part with other = stays: $kept" \
		"smtp.mailfrom=$kept@evil.example" field
done

# --- forged fields ---

grep -v '^#' "$CASES/fields" >forged
RECORD_MARK='\003'
begin_record
while IFS=$TAB read -r id _ _ field; do
	message "Subject: s~${field}From: ceo@bank.example~"
	for tool in dkim-verify dmarc-eval; do
		record "$tool" --authserv-id="$id" --now "$NOW" -z zone -a <m
	done
	# The field, as if it were one more output.
	record text LF "$field"
done <forged
tr -d '\r' <outs | tr '\000' '\002' | awk -F "$TAB" '
	FNR == 1 { file++ }
	file == 1 { verdict[++n] = $2; name[n] = $3 }
	file == 2 && FNR % 2 { out[++outs] = $0 }
	function is_right(text, field, verdict) {
		if (text == "" || field == "")
			return 0
		if (verdict != "ours")
			return index(text, field) > 0
		if (index(text, field))
			return 0
		sub(/^[^\n]*\n/, "", text)
		return text !~ /dmarc=pass/
	}
	function check(tool, text, good) {
		good = is_right(text, out[3 * i], verdict[i])
		print (good ? 0 : 1) "\t" tool ", " verdict[i] ": " name[i]
		gsub(/\n/, "\n#\t", text)
		if (!good)
			print "#\t" text
	}
	END {
		for (i = 1; i <= n; i++) {
			check("dkim-verify", out[3 * i - 2])
			check("dmarc-eval", out[3 * i - 1])
		}
		print (n && outs == 3 * n ? 0 : 1) "\tall forged fields ran"
	}' forged RS='\003' - >compared
tally compared

for splice in 'X-A: b\rAuthentication-Results: mx.example.net; dmarc=pass~' \
	'X-A: b\r\rAuthentication-Results: mx.example.net; dmarc=pass~' \
	'X-A: b~ c\rAuthentication-Results:mx.example.net;dmarc=pass~' \
	'X-A: b\rAuthentication-Results: m\0170.example.net; dmarc=pass~' \
	'X-A: b\rAuthentication-Results : mx.example.net; dmarc=pass~'; do
	message "${splice}From: a@bank.example~"
	evil dmarc-eval -a <m >out
	[ "$(tr '\r' '\n' <out | grep -c -i '^Auth[^:]*: *mx.example.net')" -eq 1 ]
	result $? "a field after a bare CR is gone: $splice" ||
		note "$(cat -v out)"
	unseen "and a reader that splits there sees none: $splice" \
		'^mx.example.net; *dmarc=pass' out
done
message 'X-A: b\rX-B: c~From: a@bank.example~'
evil dmarc-eval -a <m >out
has "another field after a bare CR stays" 'X-A: b' out

# --- what is delivered is what was verified ---

blanks=$(printf '%70000s' '')
for line in "Authentication-Results${blanks}x" 'Authentication-Results x' \
	'Authentication-Results\0000: mx.example.net; dmarc=pass' \
	'\001Authentication-Results: mx.example.net; dmarc=pass'; do
	message "From: x@evil.example~Subject: s~$line~From: ceo@bank.example~"
	title=$(printf %.40s "$line")
	evil dmarc-eval -a <m >out 2>err
	LC_ALL=C sed '/^$/q' out >header
	evil dmarc-eval -j m >before 2>err
	evil dmarc-eval -j out >after 2>err
	if grep -a -q '^Authentication-Results: mx.example.net; dmarc=pass' header
	then
		lacks "$title: a pass, and no From that was not verified" \
			'From: ceo' header
	else
		ok "$title: no pass" [ -s header ]
	fi
	sed 's/.*"results"/"results"/; s/"dns".*//' before >before.results
	sed 's/.*"results"/"results"/; s/"dns".*//' after >after.results
	same "$title: the verdict of what is delivered is the same" \
		before.results after.results
done

# Email::Simple, for one, takes a line that is not a field for more of the field
# above: that must not become this host's once what was between them is gone.
message 'Authentication-Results: mx.example.net; none~; dmarc=pass x=y~From: a@b.c~'
evil dmarc-eval -a <m >out
awk '/^[ \t]/ { next } /^Auth/ && NR == 1 { next } { print; exit }' out >next
! grep -q dmarc=pass next
result $? 'what ends the header is not joined to our field' || note "$(cat out)"

# --- words of the client ---

a1001=$(printf '%1001s' '' | tr ' ' a)
# client TITLE ARG...: there is a verdict, in every mode
client() {
	client_title=$1
	shift
	exits 0 "$client_title: the filter" run dmarc-eval -a --defer "$@" <base
	has "$client_title: writes the message with a verdict" \
		'Authentication-Results: mx.example.net; dmarc=fail' out
	has "$client_title: and all of the message" 'hi' out
	exits 0 "$client_title: the header" run dmarc-eval -H "$@" <base
	exits 6 "$client_title: the report" run dmarc-eval -r "$@" base
	exits 6 "$client_title: JSON" run dmarc-eval -j "$@" base
	has "$client_title: says so" 'option -' out
	exits 6 "$client_title: the status" run dmarc-eval -q "$@" base
	exits 0 "$client_title: spf-query" run spf-query -a "$@" <base
	has "$client_title: with a result of SPF" \
		'Authentication-Results: mx.example.net; spf=' out
	exits 0 "$client_title: vbr-check" run vbr-check -a -t c.example "$@" <base
}
client 'a HELO of 1001 octets' -i 192.0.2.66 -f x@evil.example -e "$a1001"
client 'an empty HELO' -i 192.0.2.66 -f x@evil.example -e ''
client 'a HELO with a control' -i 192.0.2.66 -f x@evil.example \
	-e "$(printf 'a\007b')"
client 'an empty address' -i '' -f x@evil.example -e mail.evil.example
client 'an invalid address' -i unknown -f x@evil.example
client 'a long address' -i "$a1001$a1001" -f x@evil.example
client 'a MAIL FROM of 5000 octets' -i 192.0.2.66 \
	-f "$a1001$a1001$a1001$a1001$a1001@evil.example"
client 'a MAIL FROM with a control' -i 192.0.2.66 \
	-f "$(printf 'a\007b@evil.example')"
client 'a MAIL FROM with a line end' -i 192.0.2.66 \
	-f "$(printf 'a\nb@evil.example')"
run dmarc-eval -j -i 192.0.2.66 -e mail.evil.example -f '' base >out 2>err
has 'an empty MAIL FROM is the null reverse-path' '"mail_from":""' out
exits 64 'in a query a bad address is a usage error' \
	spf-query -Q -z zone -i unknown -f x@evil.example

# --- values are taken as they are ---

exits 0 'a HELO of "!#:+" ends' timeout 120 spf-query -Q -j -z zone \
	-i 192.0.2.66 -f x@evil.example -e '!#:+' --authserv-id=foo
printf 'From: x@evil.example\n\nhi\n' >other
for helo in helo.example '!#:+' '!#:+!#:+'; do
	exits 6 "-e $helo takes no operand" timeout 120 dmarc-eval -q \
		--authserv-id=$ID -z zone -i 192.0.2.66 -f x@evil.example \
		-e "$helo" base <other
done
exits 0 '-f of "!#:+" does not either' timeout 120 spf-query -r -z zone \
	--authserv-id=$ID -i 192.0.2.66 -f '!#:+@evil.example' base
cp base ./-q
exits 6 'an operand after -- may begin with a dash' timeout 120 dmarc-eval -r \
	--authserv-id=$ID -z zone -i 192.0.2.66 -f x@evil.example -- -q
test_harmless
test_unseen
finish
