# overlap.sh: the time on the clock, start of the process included, from a
# server that takes 50 ms for each answer; a part of run. 1.00 is one round
# trip, as many as there are at least; one after the other would be far more.
# shellcheck shell=sh
{
	echo ';!DELAY 50 * *'
	cat "$ZONE"
	echo 'one.test. 60 IN TXT "v=spf1 -all"'
	printf 'a.test. 60 IN TXT "v=spf1"'
	printf ' " a:%s.host.test"' 1 2 3 4 5 6 7 8 9 10
	printf ' " -all"\ninclude.test. 60 IN TXT "v=spf1"'
	printf ' " include:%s.host.test"' 1 2 3 4 5 6 7 8 9 10
	echo ' " -all"'
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "$i.host.test. 60 IN A 198.51.100.$i"
		echo "$i.host.test. 60 IN TXT \"v=spf1 -all\""
		echo "example.org._vouch.c$i.test. 60 IN TXT \"all\""
	done
	echo 'example.org. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"'
	echo '_dmarc.example.org. 60 IN TXT "v=DMARC1; p=reject"'
} >delayed.zone
vouched='-t c1.test -t c2.test -t c3.test -t c4.test -t c5.test'
# shellcheck disable=SC2086 # words
vbr-insert $vouched <"$DATA/message.eml" |
	dkim-sign -d example.org -k ed=keys/ed25519.pem -k r2048=keys/rsa2048.pem \
		--now "$NOW" >delayed || exit 1
start overlap delayed.zone

query="spf-query -Q --exit-map=fail=0 -i 192.0.2.1 -n $SERVER -f"
checker="-r --now=$NOW --authserv-id=mx.test -i 192.0.2.1 -f a@example.org \
-n $SERVER delayed"

# waits TITLE COMMAND [REFERENCE]
waits() {
	measure "$1" -w 5 /dev/null "$2" "${3:-$query x@one.test}"
}

waits 'spf-query, ten a:, to one lookup' "$query x@a.test"
waits 'spf-query, ten include:, to one lookup' "$query x@include.test"
waits 'dkim-verify, two signatures, to one lookup' \
	"dkim-verify -r --now=$NOW -n $SERVER delayed"
waits 'dmarc-eval with SPF and two signatures, to one lookup' \
	"dmarc-eval $checker 2>counts"
waits 'vbr-check, five certifiers, to one lookup' \
	"vbr-check -Q -d example.org $vouched -n $SERVER"
waits 'vbr-check, five, with SPF and two signatures, to one lookup' \
	"vbr-check $vouched $checker"

echo '192.0.2.1 x@a.test mail.test' >ten
if has_python 'spf, dns.resolver'; then
	waits 'spf-query, ten a:, to pyspf' "$query x@a.test" \
		"$python $PEERS/spf-pyspf.py $port ten"
else
	absent 'spf-query, ten a:, to pyspf' 'pyspf with dnspython'
fi
if has_perl Mail::SPF; then
	waits 'spf-query, ten a:, to Mail::SPF' "$query x@a.test" \
		"perl $PEERS/spf-mailspf.pl $port ten"
else
	absent 'spf-query, ten a:, to Mail::SPF' Mail::SPF
fi
