#!/bin/sh
# spf-query, dkim-verify and dmarc-eval in a chain give the verdict that
# dmarc-eval gives alone: for messages put together at random from authors,
# signers, changes, envelopes and what is in front. VOUCH_ROUNDS says how many
# (30; check-all: 200), VOUCH_SEED which.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cases.sh
. "${0%/*}/cases.sh"
TAB='	'
rounds=30
full && rounds=120
rounds=${VOUCH_ROUNDS:-$rounds}
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

# What messages are made of; D is a domain, the author's or any; "-" is not a
# change, "+" what is put on top, the rest for sed.
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
-i 192.0.2.1 -e mail.D -f '<>'
-i 192.0.2.1 -e D -f '<>'
-i 192.0.2.2 -e mail.D -f a@D
-i 192.0.2.2 -e mail.D -f a@mail.D
-i 192.0.2.1 -e mail.D -f a@failing.D
-i 192.0.2.1 -e mail.D -f a@broken.D
-i 192.0.2.1 -e mail.D -f '"a; dkim=pass"@D'
-i 192.0.2.1 -e mail.D -f 'a@D(.other.example'
-i 192.0.2.1 -e mail.D -f D
-i 192.0.2.1 -e mail.D
-i 192.0.2.1 -f a@missing.D
-i 192.0.2.1 -f @D
-f a@D
END
cat >selectors <<'END'
good=keys/ed25519.pem
good=keys/ed25519.pem
other=keys/rsa1024.pem
other=keys/ed25519.pem
missing=keys/ed25519.pem
failing=keys/ed25519.pem
END
cat >changes <<'END'
-
-
-
-
-
-
s/^Subject:.*/Subject: changed/
$s/$/!/
s/^From:/Sender:/
+Subject: another\n
+From: another@other.example\n
s/v=1;/v=1; l=0;/
s/d=/x=/
END
cat >fronts <<'END'
-
-
+Authentication-Results: mx.test; dkim=pass header.d=D; spf=pass smtp.mailfrom=D\n
+Authentication-Results: mx.test; dmarc=pass header.from=D\n
+Authentication-Results: mx.other.test; dkim=pass header.d=D\n
+From a@other.example Fri Nov 20 10:00:00 2026\n
+Received: from mail.D ([192.0.2.1]) by mx.test; Fri, 20 Nov 2026 10:00:00 +0000\n
+Return-Path: <a@D>\nReceived: from mail.D ([192.0.2.1]) by mx.test; Fri, 20 Nov 2026 10:00:00 +0000\n
END

# Columns: author, envelope, number of signatures, the domain, and selector and
# key, of each of two, change, front.
printf '%s\n' "$domains" | tr ' ' '\n' >domains
# The generator is that of Park and Miller, exact in any awk.
awk -v OFS='\t' -v seed="$seed" -v rounds="$rounds" '
function pick(list) {
	seed = seed * 16807 % 2147483647
	return line[list, int(seed / 2147483647 * lines[list])]
}
function with(text, name) {
	gsub(/D/, name ".example", text)
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

# apply CHANGE: to $message, which is then another file
apply() {
	case $1 in
	-) return ;;
	+*)
		printf '%b' "${1#+}"
		cat "$message"
		;;
	*) sed -e "$1" "$message" ;;
	esac >"$message+"
	message=$message+
}

sign() {	# sign DOMAIN SELECTOR=KEY
	dkim-sign --now "$NOW" -d "$1.example" -k "$2" \
		<"$message" >"$message+" 2>/dev/null && message=$message+
}

run() {		# run TOOL OPTION...
	run_tool=$1
	shift
	"$run_tool" --authserv-id=mx.test --now="$NOW" --zone=zone "$@"
}

# In the chain the verdicts are reports of all messages at once, and a status of
# each.
i=0
begin_record
while IFS=$TAB read -r author envelope count one key two key2 change front; do
	i=$((i + 1))
	message=message
	printf 'From: %s\nSubject: hello\nTo: b@mx.test\n\ntext\n' \
		"$author" >message
	[ "$count" -lt 1 ] || sign "$one" "$key"
	[ "$count" -lt 2 ] || sign "$two" "$key2"
	apply "$change"
	apply "$front"
	eval "set -- $envelope"
	run spf-query -a "$@" <"$message" |
		run dkim-verify -a --keep-authres >"chained.$i"
	record run dmarc-eval -r "$@" <"$message"
	run dmarc-eval -q "$@" <"$message" >/dev/null 2>&1
	alone=$?
	run dmarc-eval --trust-authres -q <"chained.$i" >/dev/null 2>&1
	printf '%d\t%d\n' $? $alone
done <plan >statuses
i=0
while [ "$i" -lt "$rounds" ]; do
	i=$((i + 1))
	echo "chained.$i"
done >list
run dmarc-eval --trust-authres -r --files-from=list >chain 2>chain.err

# Of each: the result, its identifier unless it is a pass, header.from and
# policy.dmarc; alone and in the chain.
awk -F '\t' '
	FNR == 1 { file++ }
	function property(text, name) {
		return match(text, " " name "=[^ ]*") ? \
		    substr(text, RSTART, RLENGTH) : ""
	}
	function verdict(text, word, id) {
		sub(/\n.*/, "", text)
		split(text, word, " ")
		split(text, id, /[":]/)
		return word[1] (word[1] == "dmarc=pass" ? "" : " " id[2]) \
		    property(text, "header\\.from") \
		    property(text, "policy\\.dmarc")
	}
	file == 1 { plan[FNR] = $0 }
	file == 2 { chain_quiet[FNR] = $1; quiet[FNR] = $2; n = FNR }
	file == 3 && match($0, /^chained\.[0-9]*(#1)?: dmarc=/) {
		i = substr($0, 9) + 0
		chain[i] = verdict(substr($0, RLENGTH - 5))
	}
	file == 4 && FNR % 2 { alone[++reports] = verdict($0) }
	file == 4 && FNR % 2 == 0 { status[reports] = $0 }
	END {
		for (i = 1; i <= n; i++) {
			same = alone[i] ~ /^dmarc=/ && chain[i] == alone[i]
			print (same ? 0 : 1) "\tmessage " i ": " alone[i] \
			    ", " status[i]
			if (!same)
				print "#\tin the chain: " chain[i] ": " plan[i]
			same = quiet[i] == status[i] && \
			    chain_quiet[i] == status[i]
			print (same ? 0 : 1) "\tmessage " i ": the same status"
			if (!same)
				print "#\t" status[i] ", with -q " quiet[i] \
				    ", in the chain " chain_quiet[i]
			print alone[i] >"verdicts"
		}
		print (n == rounds && reports == n ? 0 : 1) "\tall of them ran"
	}' rounds="$rounds" plan statuses chain RS='\001' outs >compared
tally compared

# All results are there, and not only a few times.
for least in 'pass 20' 'fail 20' 'none 10' 'permerror 10' 'temperror 10'; do
	n=$(grep -c "^dmarc=${least% *} " verdicts)
	[ "$((n * 200))" -ge "$((${least#* } * rounds))" ]
	result $? "${least% *} is there $n times"
done
finish
