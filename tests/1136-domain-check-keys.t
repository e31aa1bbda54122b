#!/bin/sh
# domain-check: DKIM keys: selectors that are named, seen in mail that passed, or
# known to be a provider's; what mends a record.
# shellcheck source=tests/lib.sh disable=SC2016,SC2317
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

ED=$(sed -n 's/^ed //p' "$DATA/dkim-verify/public")
SMALL=$(sed -n 's/^rsa1024 //p' "$DATA/dkim-verify/public")

cat >zone <<EOT
example.org. A 192.0.2.1
a._domainkey.example.org. TXT "v=DKIM1; k=ed25519; p=$ED"
old._domainkey.example.org. TXT "v=DKIM1; p="
small._domainkey.example.org. TXT "p=$SMALL"
quoted._domainkey.example.org. TXT "\\"v=DKIM1; k=ed25519; p=$ED\\""
two._domainkey.example.org. TXT "v=DKIM1; k=ed25519; p=$ED"
two._domainkey.example.org. TXT "k=ed25519; p=$ED"
empty.example. A 192.0.2.1
hosted.example. MX 10 aspmx.l.google.com.
hosted.example. TXT "v=spf1 include:servers.mcsv.net -all"
servers.mcsv.net. TXT "v=spf1 ip4:192.0.2.0/24 -all"
aspmx.l.google.com. A 192.0.2.1
google._domainkey.hosted.example. TXT "v=DKIM1; k=ed25519; p=$ED"
k2._domainkey.hosted.example. CNAME dkim2.mcsv.net.
broken.example. A 192.0.2.1
a._domainkey.broken.example. TXT "v=DKIM1; k=ed25519; p=$ED"
;!NXDOMAIN _domainkey.broken.example. TXT
EOT

keys() {
	domain-check -z zone --only=dkim "$@"
}

keys -j -s a example.org >out
ok 'a sound key that is named is a yes' \
	test "$("$MEMBERS" score/low questions/0/answer questions/0/proof <out |
	    tr '\t' ' ')" = '1 yes 1 sound key: a (Ed25519)'
exits 4 'one that is not there is a no' keys -s none example.org
has '  no-key' 'dkim/no-key' out
has '  with what to do' 'dkim-key record -k KEYFILE -d example.org -s none' out
exits 1 'a small key is a warning' keys -s small example.org
has '  key-small' 'dkim/key-small' out
has '  the mend takes a new key' 'dkim-key new -d example.org' out
exits 4 'quotes in the record' keys -s quoted example.org
has '  key-quotes' 'dkim/key-quotes' out
keys -s quoted example.org >out
has '  the record that mends it is shown' \
	"quoted._domainkey.example.org. IN TXT \"v=DKIM1; k=ed25519; p=$ED\"" out
exits 4 'several records' keys -j -s two example.org
has '  several-keys' '"id":"several-keys"' out
keys -j -s two -s quoted example.org >out
ok '  with another name in need: all changes are proposed' test "$("$MEMBERS" \
	questions/0/proposed/remove/2 questions/0/proposed/add/1 <out |
	tr '\t' '\n' | grep -c 'IN TXT')" -eq 2
keys -s quoted -s small example.org >out
has '  for people, even if that is not enough' \
	'add    quoted._domainkey.example.org. IN TXT' out
exits 4 'a revoked key that is named' keys -s old example.org
has '  key-revoked' 'dkim/key-revoked' out
exits 0 'beside a sound one it is a note' keys -s old -s a example.org
exits 4 'no name below _domainkey' keys empty.example
has '  no-keys' 'dkim/no-keys' out
exits 1 'a server that denies it wrongly' keys -s a broken.example
has '  nxdomain-nonterminal' 'dkim/nxdomain-nonterminal' out
exits 0 'without a selector nothing is known' keys example.org
has '  and no point is lost' '0 to 1 of 1' out

# --- selectors of providers ---

exits 0 'MX host and include tell selectors' \
	domain-check -z zone --only=mx,spf,dkim -j hosted.example
has '  what is there is checked' '1 sound key: google (Ed25519)' out

# --- --selectors-from ---

cat >seen <<'EOT'
{"schema":1,"results":[{"method":"dkim","result":"pass","properties":{"header.d":"EXAMPLE.org","header.s":"A"}},{"method":"dkim","result":"fail","properties":{"header.d":"example.org","header.s":"small"}}]}

{"schema":1,"file":"x","error":"not a message"}
{"schema":1,"type":"record","dkim_results":[{"domain":"example.org","selector":"old","result":"pass"},{"domain":"other.example","selector":"b","result":"pass"},{"domain":null,"selector":7,"result":"pass"}]}
{"schema":1,"type":"dkim-key","domain":"example.org","selector":"gone","passed":3}
{"schema":1,"type":"dkim-key","domain":"example.org","selector":"small","passed":0}
EOT
exits 0 '--selectors-from takes selectors of signatures that passed' \
	keys -j --selectors-from=seen example.org
has '  of both tools; gone and revoked ones are lines' \
	'1 sound key: a (Ed25519); old: revoked' out
exits 0 '  from stdin' keys -q --selectors-from=- example.org <seen
echo '{"type":"dkim-key","domain":"example.org","selector":"small","passed":1}' \
	>>seen
exits 1 'what is there is judged' keys --selectors-from=seen example.org
has '  key-small' 'dkim/key-small' out
exits 0 'other domains have none of them' keys -j --selectors-from=seen \
	example.org hosted.example --min=0
printf '{"a":1}\n[]\n' >wrong
exits 78 'a line that is not an object' keys --selectors-from=wrong example.org
has '  is named' 'wrong:2: not a JSON object' err
printf '{"a":\n' >wrong
exits 78 'nor JSON' keys --selectors-from=wrong example.org
exits 66 'a file that is not there' keys --selectors-from=none example.org
awk 'BEGIN { for (i = 0; i < 100; i++)
    printf "{\"type\":\"dkim-key\",\"domain\":\"example.org\"," \
	"\"selector\":\"s%d\",\"passed\":1}\n", i }' >many
exits 0 '100 selectors of a domain' keys --selectors-from=many example.org
echo '{"type":"dkim-key","domain":"example.org","selector":"x","passed":1}' \
	>>many
exits 78 'and one more' keys --selectors-from=many example.org
has '  is an error' 'many:101: over 100 selectors of example.org' err
exits 64 '--selectors-from without dkim' domain-check -z zone --only=spf \
	--selectors-from=seen example.org
exits 64 '--selectors-from without a domain' domain-check \
	--selectors-from=seen --record='v=spf1 -all'

# --- as dkim-sign and dkim-verify write them ---

cp "$DATA/keys/ed25519.pem" key && chmod 600 key
dkim-sign -k a=key <"$DATA/message.eml" |
	dkim-verify -j -z zone - >seen 2>err
exits 0 'the output of dkim-verify is read' keys -j --selectors-from=seen \
	example.org
has '  with its selector' '1 sound key: a (Ed25519)' out

finish
