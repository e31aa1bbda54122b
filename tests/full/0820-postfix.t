#!/bin/sh
# The content filter of vouch-recipes(7) in a real Postfix.
# Slow: mail waits in a queue.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/postfix.sh
. "$ROOT/tests/postfix.sh"
# shellcheck source=tests/delivery.sh
. "$ROOT/tests/delivery.sh"
cd "$TMP" || exit 1
for name in signed broken forged plain; do
	sed '/^Received:/,/reader@/d' $name >m && mv m $name
done
recipe vouch-filter >local/libexec/vouch-filter
chmod 755 local/libexec/vouch-filter
postfix_recipe=postfix
postfix_begin 'home_mailbox = Maildir/'

gone() {
	rm -rf home/user/Maildir
}

send signed
settled
arrived "it goes through the filter once, and is all there" "$PASS" signed ''
gone
send signed 192.0.2.66
settled
arrived "a client that may not send for the domain: SPF fails" \
	'vbr=pass dmarc=pass dkim=pass spf=fail' signed ''
gone
send broken 192.0.2.66
settled
arrived "and with a broken signature nothing passes" \
	'vbr=none dmarc=fail dkim=fail spf=fail' broken ''
gone
send signed 192.0.2.10 ''
settled
arrived "a bounce has the null reverse-path, and keeps it" \
	'vbr=pass dmarc=pass dkim=pass spf=none' signed ''
has "the mailbox shows it so" 'Return-Path: <>' list.first
gone
send forged
settled
sed '/^Authentication-Results/d' forged >clean
arrived "forged fields are removed" 'vbr=none dmarc=pass dkim=none spf=pass' \
	clean ''
gone

# --- dead DNS ---

dns dead
send signed
settled
empty "dead DNS: it is not delivered"
queued 1 "but waits, and nobody gets a bounce"
flush
queued 1 "it waits as long as that lasts"
dns alive
flush
arrived "and is delivered once when the DNS is back" "$PASS" signed ''
queued 0 "nothing is left"
gone

# --- killed ---

for tool in $CHECKERS; do
	lame "$tool"
	send signed
	settled
	empty "$tool killed in the middle: no part of it is delivered"
	queued 1 "it waits"
	lame none
	flush
	arrived "and is delivered once" "$PASS" signed ''
	gone
done

# The filter itself, while a tool runs: what it had written is nobody's.
cp local/bin/vbr-check kept
cat >local/bin/vbr-check <<'EOT'
#!/bin/sh
kill -9 "$(awk '{ print $4 }' "/proc/$PPID/stat")"
exec cat
EOT
send signed
settled
empty "the filter killed: no part of the message is delivered"
queued 1 "it waits"
cat kept >local/bin/vbr-check
flush
arrived "and is delivered once" "$PASS" signed ''
queued 0 "nothing is left in the queue"
gone

# --- why the recipe says 75 ---

sed 's/ || exit 75//' local/libexec/vouch-filter >kept
cat kept >local/libexec/vouch-filter
mv local/bin/vouch-chain kept.chain
printf '#!/bin/sh\ncat >/dev/null\nexit 70\n' >local/bin/vouch-chain
chmod 755 local/bin/vouch-chain
sed 's/^\/usr.*vouch-chain.*/& || exit 70/' kept >local/libexec/vouch-filter
send signed
settled
has "a filter with any other status: Postfix returns the message" \
	'status=bounced' maillog
empty "and it is not delivered"

postfix_end
finish
