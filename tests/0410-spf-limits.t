#!/bin/sh
# The limits of RFC 7208 4.6.4 and our own: the records of data/spf-limits by
# zone and from tests/dnsd, which counts the questions; and what is never asked
# ahead of its turn.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
CASES=$DATA/spf-limits
TAB='	'
needs_helpers
cd "$TMP" || exit 1

# --- records too long to be written down ---

# record NAME: the words on stdin as a TXT record
record() {
	awk -v name="$1" 'BEGIN { printf "%s. 60 IN TXT", name }
	{ text = text (NR > 1 ? " " : "") $0 }
	END {
		for (; text != ""; text = substr(text, 256))
			printf " \"%s\"", substr(text, 1, 255)
		print ""
	}'
}

# words N WORD: that often
words() {
	awk -v n="$1" -v word="$2" 'BEGIN { while (n--) print word }'
}

x50=$(printf '%050d' 0)
{
	{ echo v=spf1; words 999 x=1; echo ip4:192.0.2.1; } |
		record terms1000.test
	{ echo v=spf1; words 1000 x=1; echo ip4:192.0.2.1; } |
		record terms1001.test
	{ echo v=spf1; words 985 "x=$x50$x50"; echo ip4:192.0.2.1; } |
		cut -c 1-65 | record large.test
	{ echo v=spf1; words 985 "x=$x50$x50"; echo ip4:192.0.2.1 wrong; } |
		cut -c 1-65 | record large-wrong.test
	{ printf 'v=spf1 ip4:192.0.2.1 '; words 1290 "$x50" | tr -d '\n'; } |
		record large-word.test
	{ printf 'v=spf1 exists:'; words 16000 '%{d}' | tr -d '\n'; } |
		record large-macros.test
	{ printf 'v=spf1 exists:'; words 20 '%{s}' | tr -d '\n'; } |
		record expansion.test
	i=0
	while [ $i -le 100 ]; do
		echo "v=spf1 redirect=$((i + 1)).deep.test" |
			record $i.deep.test
		i=$((i + 1))
	done
	echo 'v=spf1 ip4:192.0.2.1' | record 101.deep.test
	echo 'v=spf1 ptr:ptr.test -all' | record ptr.test
	{ echo v=spf1; words 10 ptr:ptr.test; echo -all; } | record ptrs.test
	i=1
	while [ $i -le 100 ]; do
		echo "10.2.0.192.in-addr.arpa. 60 IN PTR $i.ptr.test."
		echo "11.2.0.192.in-addr.arpa. 60 IN PTR $i.ptr.test."
		echo "$i.ptr.test. 60 IN A 192.0.2.$i" |
			sed '/192.0.2.1[01]$/!s/192.*/198.51.100.1/'
		i=$((i + 1))
	done
	{
		echo v=spf1 -ip4:192.0.2.1
		i=1
		while [ $i -le 110 ]; do
			echo mx:$i.mxs.test
			i=$((i + 1))
		done
	} | record mxs.test
	awk 'BEGIN {
		for (i = 1; i <= 110; i++)
			for (k = 1; k <= 10; k++) {
				name = k "." i ".mxs.test."
				print i ".mxs.test. 60 IN MX 10 " name
				print name " 60 IN A 198.51.100.1"
			}
	}'
	echo 'sync.test. 60 IN TXT "v=spf1 -all"'
} >long.zone
large=$(awk '/^large.test/ { sub(/[^"]*/, ""); gsub(/" "/, ""); print }' \
	long.zone | wc -c)
[ "$large" -gt 64000 ]
result $? "the large record is one" || note "$large octets"

# A DNS that takes its time, so that what is asked ahead is really asked.
cat >slow.zone <<'EOT'
;!DELAY 300 match.ahead.test. *
;!DELAY 300 before.ahead.test. *
;!DELAY 0 sync.test. TXT
;!DELAY 5 * *
EOT
if ! serve dns "$CASES/limits.zone" long.zone slow.zone; then
	echo "Bail out! tests/dnsd does not start: $(cat dns.err)"
	exit 1
fi

# ask DOMAIN IP OPTION...: result, identifier, lookups and voids
ask() {
	ask_domain=$1 ask_ip=$2
	shift 2
	[ "$ask_domain" = expansion.test ] && ask_domain=$long@$ask_domain
	spf-query -Q -j --now="$NOW" -i "$ask_ip" -e h.other.test \
		-f "$ask_domain" "$@" 2>err | "$MEMBERS" results/0/result \
		results/0/id results/0/lookups results/0/voids |
		tr '\t' ' '
}
long=$(words 18 "$x50" | tr -d '\n')

# asked DOMAIN IP OPTION...: the same from the server; the questions that came
# to it, each once, are in asked. The server reads in turn, so when the last
# question is answered those before it are in the log.
asked() {
	before=$(wc -l <dns.log)
	ask "$@" -n "$SERVER"
	ask sync.test 192.0.2.1 -n "$SERVER" >sync
	tail -n "+$((before + 1))" dns.log | sed 's/\. / /' |
		cut -d ' ' -f 3,4 | grep -v '^sync.test' | sort -u >asked
}

# --- each case ---

# Of the questions: a record that is made to waste them gets 21 at most (mx and
# ptr, which have ten names each, left out). One is for the record itself, ten
# are for terms that are evaluated. Terms are asked ahead only as far as the ten
# lookups suffice for them and for all that was asked ahead before, in vain or
# not; so at most ten are asked in vain.
while IFS=$TAB read -r domain ip options want id lookups voids most title; do
	case $domain in '#'*) continue ;; esac
	[ "$options" = - ] && options=
	want="$want $id $lookups $voids"
	# shellcheck disable=SC2086 # no word, or some
	got=$(ask "$domain" "$ip" $options -z "$CASES/limits.zone" -z long.zone)
	[ "$got" = "$want" ]
	result $? "$title: $want" || note "$domain: $got" "$(cat err)"
	# shellcheck disable=SC2086
	asked "$domain" "$ip" $options >got
	[ "$(cat got)" = "$want" ]
	result $? "the same from a server" || note "$domain: $(cat got err)"
	n=$(wc -l <asked)
	[ "$n" -le "$most" ] && [ "$n" -gt 0 ]
	result $? "questions: $most at most" || note "$n:" "$(cat asked)"
done <"$CASES/cases.tsv"

# --- the questions of a tree ---

# More could be asked ahead than there is left, and is not; what is left is used.
for most in 1 2 3 12 50 100; do
	asked mxs.test 192.0.2.1 --tree --tree-limit=$most >got
	n=$(wc -l <asked)
	[ "$n" -eq "$most" ] && [ "$(cat got)" = 'fail not-authorized 0 0' ]
	result $? "a tree with --tree-limit=$most asks so many questions" ||
		note "$n:" "$(cat got err)"
done
asked other.test 192.0.2.1 --record='v=spf1 redirect=mxs.test' --tree \
	--tree-limit=20 >got
[ "$(wc -l <asked)" -eq 20 ] && [ "$(cat got)" = 'fail not-authorized 1 0' ]
result $? 'a record from the command line is no question' ||
	note "$(cat got err asked)"

# --- asked ahead ---

# The first answer comes late, so that all is asked ahead that ever will be:
# neither exists, ptr and macros, nor what is behind a term that matches without
# a question.
while IFS=$TAB read -r domain ip questions title; do
	case $domain in '#'*) continue ;; esac
	printf '%s\n' "$questions" | tr ' /' '\n ' | sort >want
	asked "$domain" "$ip" >got
	same "$title" want asked || note "$(cat got err)" "$(cat asked)"
done <"$CASES/ahead.tsv"
finish
