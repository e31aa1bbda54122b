#!/bin/sh
# spf-query, dkim-verify and dmarc-eval in a chain give the verdict that
# dmarc-eval gives alone: for 200 messages, put together at random from authors,
# signers, changes, envelopes and what stands in front. VOUCH_ROUNDS says how
# many, VOUCH_SEED which.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
rounds=${VOUCH_ROUNDS:-200}
seed=${VOUCH_SEED:-9989}
note "$rounds messages, seed $seed"
cd "$TMP" || exit 1

text_of() {	# text_of SELECTOR: the record's strings
	sed -n "s/^$1\._domainkey\.example\.org\. .* TXT //p" "$ZONE"
}

cat >records <<'END'
_dmarc.reject.example. TXT "v=DMARC1; p=reject"
_dmarc.quarantine.example. TXT "v=DMARC1; p=quarantine; sp=reject"
_dmarc.none.example. TXT "v=DMARC1; p=none"
_dmarc.strict.example. TXT "v=DMARC1; p=reject; adkim=s; aspf=s"
_dmarc.testing.example. TXT "v=DMARC1; p=reject; t=y"
_dmarc.np.example. TXT "v=DMARC1; p=none; sp=quarantine; np=reject"
_dmarc.invalid.example. TXT "v=DMARC1; p=refuse"
_dmarc.several.example. TXT "v=DMARC1; p=reject"
_dmarc.several.example. TXT "v=DMARC1; p=none"
_dmarc.psd.example. TXT "v=DMARC1; p=reject; psd=y"
_dmarc.xn--bcher-kva.example. TXT "v=DMARC1; p=reject"
;!SERVFAIL _dmarc.dead.example. TXT
;!TIMEOUT _dmarc.sub.slow.example. TXT
_dmarc.slow.example. TXT "v=DMARC1; p=reject"
END
domains='reject quarantine none strict testing np invalid several psd a.psd
b.psd xn--bcher-kva dead slow other sub.reject sub.strict sub.np sub.slow'
{
	cat records
	for name in $domains; do
		echo "$name.example. TXT \"v=spf1 ip4:192.0.2.1 -all\""
		echo "mail.$name.example. TXT \"v=spf1 ip4:192.0.2.1 ~all\""
		echo "good._domainkey.$name.example. TXT $(text_of ed)"
		echo "other._domainkey.$name.example. TXT $(text_of r1024)"
		echo ";!SERVFAIL failing._domainkey.$name.example. TXT"
		echo ";!SERVFAIL failing.$name.example. TXT"
		echo "broken.$name.example. TXT \"v=spf1 nonsense -all\""
	done
} >zone

# What messages are made of; D is a domain, the author's or any; "+" is what is
# put on top.
cat >authors <<'END'
a@D
a@D
a@D
"A. N. Author" <a@D>
"a@other.example"@D
a@D, b@other.example
a@D, b@D
a@none.example, b@D
Group: a@D, b@mail.D;
<@other.example:a@D>
a (comment) @D
a@missing.D
a@sub.D
a@mail.D
=?utf-8?Q?A?= <a@D>
a@D, b
Undisclosed:;
a@D b@D
END
cat >envelopes <<'END'
-i 192.0.2.1 -e mail.D -f a@D
-i 192.0.2.1 -e mail.D -f a@mail.D
-i 192.0.2.1 -e mail.D -f <>
-i 192.0.2.1 -e D -f <>
-i 192.0.2.2 -e mail.D -f a@D
-i 192.0.2.2 -e mail.D -f a@mail.D
-i 192.0.2.1 -e mail.D -f a@failing.D
-i 192.0.2.1 -e mail.D -f a@broken.D
-i 192.0.2.1 -e mail.D -f "a;_dkim=pass"@D
-i 192.0.2.1 -e mail.D -f a@D(.other.example
-i 192.0.2.1 -e mail.D -f D
-i 192.0.2.1 -e mail.D
-i 192.0.2.1 -f a@missing.D
-i 192.0.2.1 -f @D
-f a@D
END
cat >selectors <<'END'
good keys/ed25519.pem
good keys/ed25519.pem
other keys/rsa1024.pem
other keys/ed25519.pem
missing keys/ed25519.pem
failing keys/ed25519.pem
END
cat >changes <<'END'
cat
cat
cat
cat
cat
cat
sed s/^Subject:.*/Subject:_changed/
sed $s/$/!/
sed s/^From:/Sender:/
+Subject:_another\n
+From:_another@other.example\n
sed s/v=1;/v=1;_l=0;/
sed s/d=/x=/
END
cat >fronts <<'END'
cat
cat
+Authentication-Results:_mx.test;_dkim=pass_header.d=D;_spf=pass_smtp.mailfrom=D\n
+Authentication-Results:_mx.test;_dmarc=pass_header.from=D\n
+Authentication-Results:_mx.other.test;_dkim=pass_header.d=D\n
+From_a@other.example_Fri_Nov_20_10:00:00_2026\n
+Received:_from_mail.D_([192.0.2.1])_by_mx.test;_Fri,_20_Nov_2026_10:00:00_+0000\n
+Return-Path:_<a@D>\nReceived:_from_mail.D_([192.0.2.1])_by_mx.test;_Fri,_20_Nov_2026_10:00:00_+0000\n
END

# Lines of words, "_" for blanks in them: author, envelope, number of
# signatures, domain, selector and key of each of two, change, front.
printf '%s\n' "$domains" | tr ' ' '\n' >domains
# The generator is that of Park and Miller, exact in any awk.
awk -v seed="$seed" -v rounds="$rounds" '
function pick(list) {
	seed = seed * 16807 % 2147483647
	return line[list, int(seed / 2147483647 * lines[list])]
}
function with(text, name) {
	gsub(/D/, name ".example", text)
	gsub(/ /, "_", text)
	return text
}
{ line[FILENAME, lines[FILENAME]++] = $0 }
END {
	for (i = 0; i < 7; i++) {
		line["count", i] = i % 3
		line["same", i] = i % 2 || i == 2
		lines["count"]++
		lines["same"]++
	}
	for (i = 0; i < rounds; i++) {
		name = pick("domains")
		print with(pick("authors"), name),
		    with(pick("envelopes"),
			pick("same") ? name : pick("domains")),
		    pick("count"),
		    pick("same") ? name : pick("domains"), pick("selectors"),
		    pick("same") ? name : pick("domains"), pick("selectors"),
		    with(pick("changes"), ""), with(pick("fronts"), name)
	}
}' domains authors envelopes selectors changes fronts >plan

blanks() {
	printf '%s\n' "$1" | tr _ ' '
}

# apply COMMAND: cat, sed and one script, "+" and text
apply() {
	case $1 in
	+*)
		printf '%b' "$(blanks "${1#+}")"
		cat
		;;
	sed_*) sed -e "$(blanks "${1#sed_}")" ;;
	*) cat ;;
	esac
}

sign() {	# sign DOMAIN SELECTOR KEY
	dkim-sign --now "$NOW" -d "$1.example" -s "$2" -k "$3" \
		<message >signed 2>/dev/null && mv signed message
}

run() {		# run TOOL OPTION...
	run_tool=$1
	shift
	"$run_tool" --authserv-id=mx.test --now="$NOW" --zone=zone "$@"
}

# The result, its identifier if it is no pass, header.from and policy.dmarc.
verdict() {
	awk -F '"' '/^dmarc=/ {
		split($0, word, " ")
		split($2, id, ":")
		match($0, / header\.from=[^ ]*/)
		from = RSTART ? substr($0, RSTART, RLENGTH) : ""
		match($0, / policy\.dmarc=[^ ]*/)
		policy = RSTART ? substr($0, RSTART, RLENGTH) : ""
		reason = word[1] == "dmarc=pass" ? "" : " " id[1]
		print word[1] reason from policy
	}' "$1"
}

i=0
while read -r author envelope count one first key two second key2 change \
	front; do
	i=$((i + 1))
	printf 'From: %s\nSubject: hello\nTo: b@mx.test\n\ntext\n' \
		"$(blanks "$author")" >message
	signers=
	[ "$count" -lt 1 ] || {
		sign "$one" "$first" "$key"
		signers="$one/$first"
	}
	[ "$count" -lt 2 ] || {
		sign "$two" "$second" "$key2"
		signers="$signers $two/$second"
	}
	apply "$change" <message | apply "$front" >changed
	mv changed message
	# "_" in an argument is a blank; between them, "_-".
	eval "set -- $(printf '%s\n' "$envelope" |
		sed "s/_-\([ife]\)_/' -\1 '/g; s/^-\([ife]\)_/-\1 '/; s/\$/'/;
			s/_/ /g")"
	run spf-query -a "$@" <message |
		run dkim-verify -a --keep-authres >chained
	run dmarc-eval --trust-authres -r <chained >chain.out 2>chain.err
	chain=$?
	run dmarc-eval -r "$@" <message >alone.out 2>alone.err
	alone=$?
	verdict chain.out >chain
	verdict alone.out >alone
	cat alone >>verdicts
	[ -s alone ] && cmp -s chain alone && [ "$chain" -eq "$alone" ]
	result $? "message $i: $(cat alone), $alone" || note "From: $author
envelope: $*
signers: $signers
change: $change
front: $front
chain, $chain: $(cat chain.out chain.err)
alone, $alone: $(cat alone.out alone.err)
$(sed '/^$/,$d' chained)"
	run dmarc-eval --trust-authres -q <chained >chain.out 2>&1
	chain=$?
	run dmarc-eval -q "$@" <message >alone.out 2>&1
	[ $? -eq "$alone" ] && [ "$chain" -eq "$alone" ]
	result $? "message $i: the same status with -q" ||
		note "chain $chain, alone $alone"
done <plan

# All results are there, and not only a few times.
for least in 'pass 20' 'fail 20' 'none 10' 'permerror 10' 'temperror 10'; do
	n=$(grep -c "^dmarc=${least% *} " verdicts)
	[ "$((n * 200))" -ge "$((${least#* } * rounds))" ]
	result $? "${least% *} is there $n times"
done
finish
