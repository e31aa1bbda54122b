# delivery.sh: what tests of delivery have in common. Source it after lib.sh.
#
#	recipe NAME		data/recipes/NAME, as vouch-recipes(7) prints it
#	dns alive, dns dead	what the tools that recipes call are told
#	lame TOOL		TOOL writes half of its output and is killed
#	verdicts FILE		"vbr=pass dmarc=pass ..." of our fields on top
#	has_verdicts TITLE FILE VERDICTS ORIGINAL
#				the file is the original with our fields on top,
#				which say so
#
# and of those that have deliver(), which lists in $TMP/list what it delivered:
#
#	in_folder FOLDER	that is one file, which is in this Maildir
#	nothing TITLE		that is nothing
#	waits AGENT RECIPE MESSAGE
#				75, and nothing is delivered, when the DNS is
#				dead or a tool is killed
#
# $TMP/bin is in PATH, and has the tools as recipes call them: with the zone and
# the clock of the tests. $TMP/signed has a certified message, its body all that
# mail systems like to change, $TMP/broken the same with another body, and
# $TMP/forged fields that claim to be this host's.
# shellcheck shell=sh disable=SC2034
RECIPES=$DATA/recipes
TOOLS_DIR=${VOUCH_BIN:-$BUILD/bin}
CHECKERS='spf-query dkim-verify dmarc-eval vbr-check'
PASS='vbr=pass dmarc=pass dkim=pass spf=pass'
mkdir "$TMP/bin" || exit 1
PATH=$TMP/bin:$PATH

recipe() {
	cat "$RECIPES/$1"
}

# A wrapper knows its options only when it runs.
wrap() {
	cat >"$TMP/bin/$1" <<EOT
#!/bin/sh
read -r options <$TMP/options
read -r lame <$TMP/lame
set -- $TOOLS_DIR/$1 \$options "\$@"
if [ "\$lame" = $1 ]; then
	"\$@" | head -c 1500
	kill -9 \$\$
fi
exec "\$@"
EOT
	chmod 755 "$TMP/bin/$1"
}

for tool in $CHECKERS; do
	wrap "$tool"
done
recipe vouch-chain >"$TMP/bin/vouch-chain" || exit 1
chmod 755 "$TMP/bin/vouch-chain"

dns() {
	case $1 in
	dead) echo --nameserver=127.0.0.1#9 --timeout=5 ;;
	*) echo --zone="$TMP/zone" ;;
	esac | sed "s/\$/ --now=$NOW/" >"$TMP/options"
}

lame() {
	echo "$1" >"$TMP/lame"
}

{
	cat "$ZONE"
	cat <<'EOT'
example.org. TXT "v=spf1 ip4:192.0.2.10 -all"
_dmarc.example.org. TXT "v=DMARC1; p=quarantine"
example.org._vouch.certifier.example.net. TXT "transaction list"
EOT
} >"$TMP/zone"
dns alive
lame none

# Lines that begin with "From ", a dot, nothing; blanks at the end, 8-bit
# octets, empty lines at the end; and more than a pipe holds.
{
	sed '/^$/q' "$DATA/message.eml" | sed -e '/^$/d' -e 's/us-ascii/utf-8/'
	printf 'Content-Transfer-Encoding: 8bit\n\n'
	sed '1,/^$/d' "$DATA/message.eml"
	printf 'From here on\n>From there\n.\n..\n\n trailing \t\ncaf\303\251\n'
	awk 'BEGIN {
		for (i = 0; i < 4000; i++)
			print i, "lines are what a pipe does not hold"
	}'
	printf '\n\n'
} >"$TMP/plain"
# The Received field is the receiver's.
{
	sed 3q "$TMP/plain"
	sed 1,3d "$TMP/plain" |
		vbr-insert -T transaction -t certifier.example.net |
		dkim-sign -d example.org -c simple/simple \
			-k r2048="$TMP/keys/rsa2048.pem" --now "$NOW" 2>/dev/null
} >"$TMP/signed"
sed 's/your order/your 0rder/' "$TMP/signed" >"$TMP/broken"
{
	for result in vbr dmarc dkim spf; do
		echo "Authentication-Results: mx.example.net; $result=pass"
	done
	cat "$TMP/plain"
} >"$TMP/forged"

# Leading fields of this host, and what comes then; mbox lines stay.
fields_on_top() {
	awk -v ours="$1" '
	!started && /^>?From / { if (!ours) print; next }
	!rest && /^Authentication-Results: mx\.example\.net;/ {
		started = on = 1
		if (ours) print
		next
	}
	!rest && on && /^[ \t]/ { if (ours) print; next }
	{ started = rest = 1; if (!ours) print }' "$2"
}

verdicts() {
	fields_on_top 1 "$1" | sed -n 's/^Auth[^;]*; \([a-z]*=[a-z]*\).*/\1/p' |
		tr '\n' ' ' | sed 's/ $//'
}

has_verdicts() {
	verdicts_got=$(verdicts "$2")
	fields_on_top '' "$2" >"$TMP/rest"
	[ "$verdicts_got" = "$3" ] && cmp "$TMP/rest" "$4" >/dev/null
	result $? "$1" && return
	note "$verdicts_got, not $3"
	note "$(diff "$4" "$TMP/rest" | head -n 20)"
	return 1
}

in_folder() {
	[ "$(wc -l <"$TMP/list")" -eq 1 ] && grep -q "^$1/new/" "$TMP/list"
	result $? "it is in $1, and nowhere else" || note "$(cat "$TMP/list")"
}

nothing() {
	[ ! -s "$TMP/list" ]
	result $? "$1" || note "$(cat "$TMP/list")"
}

waits() {
	dns dead
	deliver 75 "dead DNS: $1 says 75" "$2" "$3"
	nothing "and delivers nothing"
	dns alive
	for tool in $CHECKERS; do
		lame "$tool"
		deliver 75 "$tool killed in the middle: 75" "$2" "$3"
		nothing "and no part of the message is delivered"
	done
	lame none
}
