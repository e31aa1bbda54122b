#!/bin/sh
# dmarc-eval queries what it will need as soon as the header is read: how many
# round trips a message takes.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/rounds.sh
. "${0%/*}/rounds.sh"
needs_helpers
cd "$TMP" || exit 1

# What each message needs. Its MAIL FROM is at NAME.sender of its author domain's
# organization, or at MAILFROM; its two signatures are of two domains. Of SPF's
# queries two depths are there: a host (2), the hosts of an MX (3).
#	NAME TRIPS RESULT AUTHOR SIGNER SIGNER MAILFROM
# A signer with "!" in front: its signature does not pass. What is far below the
# author domain's organization is not queried for ahead; whether the author domain
# exists, which only few records query, as soon as they are here.
cat >messages <<'END'
flat 1 pass org.test org.test org.test flat.org.test
below 1 pass news.org.test org.test org.test flat.org.test
siblings 1 pass news.org.test a.org.test b.org.test flat.org.test
signers 1 pass news.org.test !org.test b.org.test flat.elsewhere.example
bounce 1 pass news.org.test !a.org.test !b.org.test flat.org.test
others 1 fail news.org.test a.elsewhere.example b.other.example flat.elsewhere.example
deep 2 pass a.b.c.d.e.org.test v.w.x.y.z.org.test b.org.test flat.org.test
host 2 pass news.org.test a.org.test b.org.test host.org.test
exchanger 3 pass news.org.test a.org.test b.org.test exchanger.org.test
unsigned 2 fail news.org.test !a.org.test !b.org.test host.elsewhere.example
missing 2 fail missing.np.test !a.np.test !b.np.test flat.elsewhere.example
slowest 3 fail missing.np.test !a.np.test !b.np.test exchanger.elsewhere.example
foreign 3 fail missing.np.test !a.elsewhere.example !b.other.example exchanger.elsewhere.example
END

text_of() {	# text_of SELECTOR: the record's strings
	sed -n "s/^$1\._domainkey\.example\.org\. .* TXT //p" "$ZONE"
}

{
	echo '_dmarc.org.test. 60 IN TXT "v=DMARC1; p=quarantine"'
	echo '_dmarc.np.test. 60 IN TXT "v=DMARC1; p=none; np=reject"'
	for signer in org.test a.org.test b.org.test v.w.x.y.z.org.test \
		a.np.test b.np.test a.elsewhere.example b.other.example; do
		for selector in r1024 ed; do
			echo "$selector._domainkey.$signer. 60 IN TXT" \
				"$(text_of $selector)"
		done
	done
	for host in org.test elsewhere.example; do
		echo "flat.$host. 60 IN TXT \"v=spf1 ip4:192.0.2.1 -all\""
		echo "host.$host. 60 IN TXT \"v=spf1 a -all\""
		echo "host.$host. 60 IN A 192.0.2.1"
		echo "exchanger.$host. 60 IN TXT \"v=spf1 mx -all\""
		echo "exchanger.$host. 60 IN MX 10 host.$host."
	done
} >zone

# make FILE AUTHOR SIGNER SIGNER
make() {
	printf 'From: a@%s\nSubject: hello\n\ntext\n' "$2" >"$1"
	for pair in "$3 r1024 rsa1024" "$4 ed ed25519"; do
		# shellcheck disable=SC2086 # three words
		set -- "$1" $pair
		dkim-sign --now "$NOW" -d "${2#!}" -s "$3" \
			-k "keys/$4.pem" <"$1" >signed 2>err || return
		case $2 in
		!*) sed '/^DKIM-Signature/s/v=1;/v=1; changed=1;/' signed ;;
		*) cat signed ;;
		esac >"$1"
	done
}

rounds_serve zone

evaluate() {
	dmarc-eval -r --now="$NOW" --authserv-id=mx.test -i 192.0.2.1 \
		-e host.test -f "x@$2" -n "$SERVER" --timeout=20 \
		<"$1" >"$1.out" 2>&1
}

while read -r name trips want author first second sender; do
	make "$name" "$author" "$first" "$second"
	rounds "$trips" evaluate "$name" "$sender"
	grep -q "^dmarc=$want " "$name.out"
	result $? "$name: $want" || note "$(cat "$name.out")"
	[ "$ROUNDS" -eq "$trips" ]
	result $? "$name: $trips round trip(s)" ||
		note "$ROUNDS: $(cat rounds.log)"
	[ "$(sort queried | uniq -d | wc -l)" -eq 0 ]
	result $? "$name: nothing is queried twice" || note "$(cat queried)"
	mv queried "$name.queried"
done <messages

# What cannot align is not walked.
lacks 'the walk of a signer of another organization is not queried' \
	'_dmarc.a.elsewhere.example' others.queried
lacks 'nor that of a sender there' \
	'_dmarc.flat.elsewhere.example' others.queried
finish
