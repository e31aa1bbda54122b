#!/bin/sh
# dkim-key rotate: the keys of one domain through all states, what a person and
# a hook are told, what is not rotated, and errors.
# shellcheck source=tests/lib.sh disable=SC2317,SC2030,SC2031,SC2016,SC2154
. "${0%/*}/lib.sh"
needs_helpers
cd "$TMP" || exit 1

# at TIME ARG...: a run at that time, with the zone file alone
at() {
	at_time=$1
	shift
	dkim-key rotate --table=table -z zone --now="$at_time" "$@"
}
# fresh: a table with an RSA key and an Ed25519 key, both published
fresh() {
	rm -rf sign && mkdir sign sign/keys && cd sign || exit 1
	cp "$K/rsa2048.pem" keys/r1.pem
	cp ../e1.pem keys/e1.pem
	cat >zone <<-'END'
	example.org. 3600 IN SOA ns.example.org. h.example.org. 1 1 1 1 900
	example.org. 3600 IN NS ns.example.org.
	END
	cat ../r1.zone ../e1.zone >>zone
	cat >table <<-'END'
	# who signs
	example.org	example.org r1 keys/r1.pem	# RSA
	.example.org	Example.ORG   r1 "keys/r1.pem"
	*		example.org e1 keys/e1.pem
	END
}
# says TIME NAME TEXT: a run says this of a key
says() {
	exits 0 "$1: a run" at "$1"
	has "says of $2: $3" "$2._domainkey.example.org: $3" "$TMP/out"
}
# publish: all that the last run has to be published, replaced or removed
publish() {
	awk '
	FILENAME != "zone" && /^  (publish|replace|remove) / { gone[$2] }
	FILENAME != "zone" && sub(/^  (publish|replace) +/, "") {
		line[++n] = $0
	}
	FILENAME == "zone" && !($1 in gone)
	END { for (i = 1; i <= n; i++) print line[i] }' "$TMP/out" zone >new &&
		mv new zone
}
states() {
	grep -v '^#' table.state | cut -d ' ' -f 1-5
}

K=$TMP/keys
dkim-key new -d example.org -s e1 -T ed25519 -o e1.pem >e1.zone || exit 1
dkim-key record -k "$K/rsa2048.pem" -d example.org -s r1 >r1.zone || exit 1

# --- all states, by a person ---

fresh
cp table table.first
ln -s table link
says 2026-01-01T00:00:00Z r1 \
	'active: signs; its successor is due at 2026-06-30T00:00:00Z'
lacks "nobody has anything to do" publish "$TMP/out"
states >have
cat >want <<'END'
example.org r1 rsa active 2026-01-01T00:00:00Z
example.org e1 ed25519 active 2026-01-01T00:00:00Z
END
same "the state has both keys, as old as now" have want
same "the table is as it was" table table.first
cp table.state state.first
says 2026-06-29T23:59:59Z e1 'active: signs; its successor is due at 2026-06-30'
same "as long as nothing is due, the state file is as it was" table.state \
	state.first
ok "and so is the folder" [ "$(echo keys/*)" = 'keys/e1.pem keys/r1.pem' ]
says 2026-06-30T00:00:00Z 202606r 'made: until every server has its record'
has "its record is to be published" \
	'  publish    202606r._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=rsa' \
	"$TMP/out"
has "that of Ed25519, too" \
	'  publish    202606e._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=ed' \
	"$TMP/out"
has "until then the old one signs" \
	'r1._domainkey.example.org: active: signs until its successor can' \
	"$TMP/out"
ok "the key is for its owner alone" [ "$(stat -c %a \
	keys/202606r.example.org.pem)" = 600 ]
cp -r keys keys.made
exits 1 "--wait-status says that something is waited for" \
	at 2026-06-30T00:00:00Z --wait-status
ok "the same run again makes no other keys" diff -r keys keys.made
publish
says 2026-06-30T01:00:00Z 202606r 'made: until 2026-06-30T01:15:00Z, when no cac'
lacks "it is published" '  publish ' "$TMP/out"
sed 's/^202606e.*//' zone >without && mv zone with && mv without zone
says 2026-06-30T01:10:00Z 202606e 'made: until every server has its record'
has "a record that is lost is to be published again" \
	'  publish    202606e._domainkey.example.org.' "$TMP/out"
mv with zone
says 2026-06-30T01:15:00Z 202606e 'made: until 2026-06-30T01:30:00Z, when no cac'
has "the other one is through" 'published: until the other new keys of the' \
	"$TMP/out"
says 2026-06-30T01:29:59Z 202606e 'made: until 2026-06-30T01:30:00Z'
says 2026-06-30T01:30:00Z 202606e 'published: until the next run'
same "the table is still as it was" table table.first
sed 's/^202606r.*//' zone >without && mv zone with && mv without zone
says 2026-06-30T01:31:00Z 202606r 'made: until every server has its record'
same "nor is it changed when a server has lost one" table table.first
mv with zone
says 2026-06-30T01:32:00Z 202606r 'made: until 2026-06-30T01:47:00Z'
says 2026-06-30T01:47:00Z 202606r 'published: until the next run'
chmod 640 table
says 2026-06-30T01:48:00Z 202606r \
	'active: signs; its successor is due at 2026-12-27T01:48:00Z'
has "the old one is published for the mail that is under way" \
	'r1._domainkey.example.org: retiring: its record stays until 2026-07-07T01:48' \
	"$TMP/out"
sed -e 's,r1 keys/r1.pem,202606r keys/202606r.example.org.pem,' \
	-e 's,r1 "keys/r1.pem",202606r keys/202606r.example.org.pem,' \
	-e 's,e1 keys/e1.pem,202606e keys/202606e.example.org.pem,' \
	table.first >want
same "all lines have the new keys, and all else as it was" table want
ok "the table has its mode" [ "$(stat -c %a table)" = 640 ]
exits 0 "mail that the new keys sign" sh -c 'dkim-sign --table=table \
	--now=2026-06-30T02:00:00Z <"$DATA/message.eml" >signed &&
	dkim-verify -q --now=2026-06-30T03:00:00Z -z zone signed'
says 2026-07-07T01:47:59Z r1 'retiring: its record stays until'
lacks "nothing is to be done within the queue's age" '  replace' "$TMP/out"
says 2026-07-07T01:48:00Z r1 'revoked: until every server has it revoked'
has "its record is to be revoked" \
	'  replace    r1._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=rsa; p="' \
	"$TMP/out"
says 2026-07-09T00:00:00Z r1 'revoked: until every server has it revoked'
has "that is said until it is done" '  replace    r1._domainkey' "$TMP/out"
publish
says 2026-07-10T00:00:00Z r1 'revoked: its record stays until 2026-08-09T00:00:0'
lacks "keep counts from there" '  remove' "$TMP/out"
says 2026-08-09T00:00:00Z r1 'gone: until no server has its record'
has "it is to be removed" '  remove     r1._domainkey.example.org. TXT' \
	"$TMP/out"
publish
says 2026-08-10T00:00:00Z r1 'gone: no server has it any more; its file can be r'
says 2026-08-11T00:00:00Z 202606r 'active: signs'
lacks "what is gone is forgotten" 'r1._domain' "$TMP/err"
states >have
cat >want <<'END'
example.org 202606r rsa active 2026-06-30T01:48:00Z
example.org 202606e ed25519 active 2026-06-30T01:48:00Z
END
same "the state has the new keys alone" have want
exits 0 "nothing is waited for" at 2026-08-11T00:00:00Z --wait-status
ok "old key files stay" [ -f keys/r1.pem ]

# --- a hook, a symbolic link, JSON ---

cat >"$TMP/hook" <<'END'
#!/bin/sh
echo "hook: $DKIM_KEY_ACTION $DKIM_KEY_NAME $DKIM_KEY_TTL $DKIM_KEY_DOMAIN" \
	"$DKIM_KEY_SELECTOR"
echo "$DKIM_KEY_ACTION $DKIM_KEY_SELECTOR" >>calls
[ ! -e broken ] || exit 3
grep -v "^$DKIM_KEY_NAME\. " zone >new
text=$(printf %s "$DKIM_KEY_RECORD" | fold -w 255 | sed 's/.*/"&"/')
[ "$DKIM_KEY_ACTION" = remove ] || echo "$DKIM_KEY_NAME. $DKIM_KEY_TTL" \
	IN TXT $text >>new
mv new zone
END
chmod +x "$TMP/hook"
cd .. && fresh
mkdir elsewhere && mv table elsewhere/real && ln -s elsewhere/real table
# hooked TIME ARG...
hooked() {
	at "$@" --every=100d --queue=2d --keep=5d --publish=../hook
}
exits 0 "a table that is a symbolic link" hooked 2026-01-01T00:00:00Z
ok "the state is beside its file" [ -f elsewhere/real.state ]
ok "not beside the link" [ ! -e table.state ]
touch broken
exits 1 "a hook that fails" hooked 2026-05-01T00:00:00Z
has "is said" '  failed     the command of --publish has failed (add): status 3' \
	"$TMP/out"
has "what it writes is on stderr" \
	'hook: add 202605r._domainkey.example.org 3600 example.org 202605r' \
	"$TMP/err"
lacks "not on stdout" hook: "$TMP/out"
has "what it should have done is shown" '  publish    202605r._domainkey' \
	"$TMP/out"
grep -c '^[^#].* made ' elsewhere/real.state >have
ok "the keys are made once" [ "$(cat have)" = 2 ]
cp elsewhere/real.state before
exits 1 "it fails again" hooked 2026-05-01T00:00:00Z
same "the state is as it was" elsewhere/real.state before
rm broken
exits 0 "a hook that succeeds" hooked 2026-05-01T00:01:00Z
has "what it has done is shown" '  published  202605r._domainkey' "$TMP/out"
rm calls
exits 0 "it is not called again" hooked 2026-05-01T00:01:00Z
ok "for what it has done" [ ! -e calls ]
exits 0 "through the caches" hooked 2026-05-01T01:00:00Z
exits 0 "a switch through the link" hooked 2026-05-01T01:00:00Z
ok "which stays a link" [ -L table ]
has "its file has the new key" \
	'example.org 202605r keys/202605r.example.org.pem	# RSA' elsewhere/real
exits 0 "the queue" hooked 2026-05-03T00:59:59Z
ok "is waited for" [ ! -e calls ]
cp elsewhere/real.state before
touch broken
exits 1 "a hook that cannot revoke" hooked 2026-05-03T01:00:00Z
same "leaves the state as it was" elsewhere/real.state before
rm broken calls
exits 0 "the old keys are revoked" hooked 2026-05-03T01:00:00Z
printf '%s\n' 'replace r1' 'replace e1' >want
same "by the hook" calls want
has "in the zone" 'r1._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=rsa; p="' \
	zone
rm calls
exits 0 "keep counts from there" hooked 2026-05-08T00:59:59Z
ok "and is waited for" [ ! -e calls ]
exits 0 "then they are removed" hooked 2026-05-08T01:00:00Z -j
printf '%s\n' 'remove r1' 'remove e1' >want
same "by the hook, too" calls want
lacks "from the zone" '^r1._domainkey' zone
ok "-j: an object for each key" lines 4 "$TMP/out"
has "with what was done" '"state":"gone","since":"2026-05-08T01:00:00Z",' \
	"$TMP/out"
has "the action" '"action":"remove","done":true,"record":"v=DKIM1; k=rsa; p="' \
	"$TMP/out"
has "and the servers" '"servers":[{"address":' "$TMP/out"
printf '%s\n' '"schema":1,"domain":"example.org","selector":"202605r"' \
	'"kind":"rsa","file":"keys/202605r.example.org.pem","state":"active"' \
	'"wait":"age","until":"2026-08-09T01:00:00Z","action":null,"done":false' \
	'"lost":false,"error":null,"id":null' >want
ok "one that signs" shows "$TMP/out" want /dev/null

# --- a zone with a record of every name ---

cd .. && fresh
at 2026-01-01T00:00:00Z >"$TMP/out"
echo '*._domainkey.example.org. 3600 IN TXT "v=DKIM1; p="' >>zone
exits 1 "records of every name" at 2026-07-01T00:00:00Z
has "are named" 'has records of all new names that were tried' "$TMP/out"
ok "and no key is made" [ "$(echo keys/*)" = 'keys/e1.pem keys/r1.pem' ]

# --- a record that another domain uses, too ---

cd .. && fresh
echo 'b.example b.example s keys/r1.pem' >>table
echo 's._domainkey.b.example. 3600 IN CNAME r1._domainkey.example.org.' >>zone
echo 'example.org r1 rsa retiring 2026-01-01T00:00:00Z keys/r1.pem' >table.state
sed '/ r1 /d' table >new && mv new table
says 2026-02-01T00:00:00Z r1 'retiring: its record stays until 2026-02-08T00:00'
cp table.state both
sed "s,2026-02-01T00:00:00Z keys.r1,2026-01-01T00:00:00Z keys/r1," both >table.state
exits 0 "and with the other domain left out" \
	at 2026-02-01T00:00:00Z -d example.org
has "it is found, too" 'r1 rsa retiring 2026-02-01T00:00:00Z' table.state
cp both table.state
sed '/^b/d' table >new && mv new table
says 2026-02-07T00:00:00Z r1 'retiring: its record stays until 2026-02-08T00:00'
says 2026-02-08T00:00:00Z r1 'revoked: until every server has it revoked'

# --- what a run that was killed has left, and a person's hand ---

cd .. && fresh
at 2026-01-01T00:00:00Z >"$TMP/out"
cat >>table.state <<'END'
example.org x1 rsa making 2026-01-01T00:00:00Z keys/x1.pem replaces=r1
END
says 2026-01-02T00:00:00Z x1 'made: until every server has its record'
ok "a key whose file was not made gets it" [ -f keys/x1.pem ]
sed 's/ made / making /' table.state >new && mv new table.state
cp keys/x1.pem x1.pem
chmod 640 keys/r1.pem
says 2026-01-02T00:00:00Z x1 'made: until every server has its record'
same "one that was made is taken" keys/x1.pem x1.pem
ok "and gets the mode of the old one, which a signer may need" \
	[ "$(stat -c %a keys/x1.pem)" = 640 ]
sed 's/ made / making /' table.state >new && mv new table.state
mv x1.pem elsewhere.pem
chmod 600 elsewhere.pem
ln -sf ../elsewhere.pem keys/x1.pem
exits 1 "a symbolic link of that name" at 2026-01-02T00:00:00Z
has "is not taken for it" 'keys/x1.pem: it is there, but' "$TMP/out"
has "and waited for" ' x1 rsa making ' table.state
ok "nor is its file changed" [ "$(stat -c %a elsewhere.pem)" = 600 ]
rm keys/x1.pem
echo half >keys/x1.pem
exits 1 "half a key" at 2026-01-02T00:00:00Z
has "is not taken" 'keys/x1.pem: not a whole key: remove it' "$TMP/err"
lacks "and not waited for" ' x1 ' table.state
ok "nor removed" contains keys/x1.pem half
sed -e 's/ r1 / 202601r /' -e 's,r1\.pem,202601r.example.org.pem,' table >new &&
	mv new table
dkim-key new -d example.org -s 202601r -o keys/ >>zone
says 2026-01-03T00:00:00Z 202601r 'active: signs; its successor is due at 2026-07'
has "who was replaced by hand retires from now on" \
	'r1._domainkey.example.org: retiring: its record stays until 2026-01-10T00' \
	"$TMP/out"
sed -e 's/ 202601r / r1 /' -e 's,202601r.example.org,r1,' table >new &&
	mv new table
says 2026-01-04T00:00:00Z r1 'active: signs; its successor is due at 2026-07-03'
has "and the other one after that" \
	'202601r._domainkey.example.org: retiring' "$TMP/out"

# A state file that was deleted.
dkim-key new -d example.org -s 202512r -o keys >>zone
dkim-key new -d example.org -s odd -o keys/odd.key >>zone
dkim-key new -d example.org -s never -o keys >/dev/null
rm table.state
exits 0 "a state file that was deleted" at 2026-01-05T00:00:00Z
has "the keys of the table are as old as now" \
	'r1._domainkey.example.org: active: signs; its successor is due at 2026-07-04' \
	"$TMP/out"
for key in 202601r 202512r odd; do
	has "$key, which is published, stays and is named" \
		"$key._domainkey.example.org: kept: the table does not have it" \
		"$TMP/out"
done
lacks "a key that is not published is nothing" never "$TMP/out"
at 2026-02-05T00:00:00Z >"$TMP/out"
has "that goes on" 'odd._domainkey.example.org: kept' "$TMP/out"
sed '/^odd/d' zone >new && mv new zone
at 2026-02-06T00:00:00Z >"$TMP/out"
at 2026-02-07T00:00:00Z >"$TMP/out"
lacks "until it is removed" odd "$TMP/out"
sed 's/^\(example.org 202512r rsa\) kept [^ ]*/\1 retiring 2026-01-01T00:00:00Z/' \
	table.state >new && mv new table.state
says 2026-02-08T00:00:00Z 202512r 'revoked: until every server has it revoked'

# --- what is not rotated ---

cd .. && fresh
cat >>table <<'END'
two.example %d r2 keys/%d.pem
three.example three.example r3 pkcs11:token=none;object=k
four.example four.example r4 keys/r4.pem
* five.example r5 keys/%d.pem
END
echo secret >password
chmod 600 password
dkim-key new -d four.example -s r4 --password-file=password -o keys/r4.pem \
	>>zone
exits 0 "lines that are not rotated" at 2026-01-01T00:00:00Z
for line in 5 8; do
	has "%d, line $line" "table:$line: not rotated: the line is for any numbe" \
		"$TMP/err"
done
has "a token" 'table:6: not rotated: its key is in a token' "$TMP/err"
has "an encrypted key" 'keys/r4.pem: not rotated: the key is encrypted' \
	"$TMP/err"
ok "the others are" [ "$(states | wc -l)" = 2 ]
exits 0 "-j" at 2026-01-01T00:00:00Z -j
ok "they are objects there" [ "$(grep -c '"error":"not rotated' "$TMP/out")" = 4 ]
ok "stderr has nothing" [ ! -s "$TMP/err" ]
echo 'six.example %d r1 keys/r1.pem' >>table
exits 0 "a %d line that may sign with a key" at 2026-12-01T00:00:00Z
has "keeps it from being rotated" \
	'table:9: may sign with r1._domainkey.example.org, too' "$TMP/err"
ok "the other key of the domain is" [ "$(states | cut -d ' ' -f 2 |
	tr '\n' ' ')" = 'r1 e1 202612e ' ]
cd .. && fresh
cat >>table <<'END'
b.example b.example 202606r keys/r1.pem
END
dkim-key record -k keys/r1.pem -d b.example -s 202606r >>zone
exits 0 "-d" at 2026-01-01T00:00:00Z -d b.example
ok "takes one domain" [ "$(states)" = \
	'b.example 202606r rsa active 2026-01-01T00:00:00Z' ]
exits 0 "all others" at 2026-01-02T00:00:00Z -d example.org
ok "stay in the state" [ "$(states | wc -l)" = 3 ]
lacks "and are not shown" b.example "$TMP/out"
exits 1 "a domain that is not there" at 2026-01-02T00:00:00Z -d c.example
has "is named" 'c.example: the table has no key of this domain' "$TMP/err"
exits 0 "selectors of the table" at 2026-06-30T00:00:00Z -d b.example
has "are not taken, for whatever domain" '202606r2._domainkey.b.example: made' \
	"$TMP/out"
echo '202606r3._domainkey.example.org. TXT "taken"' >>zone
echo '202606e._domainkey.example.org. TXT "taken"' >>zone
exits 0 "names that the DNS has" at 2026-06-30T00:00:00Z --every=1d
has "are not taken either" '202606e2._domainkey.example.org: made' "$TMP/out"

# --- servers that lack a key, or do not answer ---

cd .. && fresh
serve full zone || exit 1
full=$SERVER
sed '/^r1/d' zone >lacking
serve lacking lacking || exit 1
lacking=$SERVER
silent=127.0.0.1#1
# query ARG...
query() {
	dkim-key rotate --table=table --now=2026-01-01T00:00:00Z --timeout=60 "$@"
}
exits 0 "two servers that have the keys" query --server="$full" \
	--server="$full"
rm table.state
dkim-key new -d example.org -s r0 -o keys/ >>zone
exits 75 "without a state file, and a server that does not answer" \
	query --server="$silent"
has "a key beside the others" 'example.org r0 rsa kept' table.state
exits 0 "and one that does not have it" query --server="$full"
lacks "is then forgotten" ' r0 ' table.state
rm keys/r0.example.org.pem
# shellcheck disable=SC2046
exits 1 "more servers than are queried" query \
	$(for _ in $(seq 33); do echo "--server=$full"; done)
has "are not taken for servers that have a key" \
	'failed     1 of its servers were not queried' "$TMP/out"
exits 1 "an active key that a server has lost" query --server="$full" \
	--server="$lacking"
has "is told at once" '  lost       no-key: no key is published' "$TMP/out"
has "with the record to publish" \
	'  publish    r1._domainkey.example.org. IN TXT "v=DKIM1; k=rsa; p=' "$TMP/out"
exits 1 "the same in JSON" query -j --server="$full" --server="$lacking"
has "has the record as well" '"proposed":"v=DKIM1; k=rsa; p=MII' "$TMP/out"
has "which is no action of its own" \
	'"action":null,"done":false,"record":null,"ttl":null,"lost":true' \
	"$TMP/out"
exits 75 "a server that does not answer" query --server="$full" \
	--server="$silent"
exits 1 "and one that has lost a key" query --server="$lacking" \
	--server="$silent"
exits 75 "no new keys" query --server="$full" --server="$silent" --every=1s \
	--now=2026-02-01T00:00:00Z
ok "as long as it is not known whether their names are free" \
	[ "$(echo keys/*)" = 'keys/e1.pem keys/r1.pem' ]
exits 0 "without name servers" query -n "$full" --set='example.org NS' \
	--set='org NS'
has "the resolver alone is asked, and that is said" \
	'  queried    the resolver alone, no name server' "$TMP/out"

# --- errors ---

cd .. && fresh
at 2026-01-01T00:00:00Z >"$TMP/out"
flock table.lock dkim-key rotate --table=table -z zone >out 2>err
ok "a second run at the same time ends" [ $? -eq 75 ]
has "and says so" 'another run of dkim-key rotate has this table' err
cp table.state good
while IFS='|' read -r line words; do
	{ cat good && echo "$line"; } >table.state
	exits 78 "a state file with: $line" at 2026-01-02T00:00:00Z
	has "has a line that is named" "/table.state:6: not DOMAIN SELECTOR " \
		"$TMP/err"
	has "with the reason" "$words" "$TMP/err"
done <<'END'
example.org x rsa active|: 4 columns
example.org x rsa active 2026-01-01T00:00:00Z k seen=1 told=1 replaces=x more|: 10 columns
org x rsa active 2026-01-01T00:00:00Z k|DOMAIN is not a domain that can sign
*.org x rsa active 2026-01-01T00:00:00Z k|DOMAIN
example.org -x rsa active 2026-01-01T00:00:00Z k|SELECTOR is not
example.org r1 rsa active 2026-01-01T00:00:00Z k|an earlier line has this
example.org x dsa active 2026-01-01T00:00:00Z k|neither rsa nor ed25519
example.org x rsa asleep 2026-01-01T00:00:00Z k|STATE is not making, made
example.org x rsa active yesterday k|SINCE is not a time
example.org x rsa active 2026-01-01T00:00:00Z k seen=x|seen= is not a time
example.org x rsa active 2026-01-01T00:00:00Z k told=|told= is not a time
example.org x rsa active 2026-01-01T00:00:00Z k replaces=..|replaces= is not a
example.org x rsa active 2026-01-01T00:00:00Z k color=x|a word is not
example.org x rsa active 2026-01-01T00:00:00Z "k|
END
sed 's/$/   # mended by hand/' good >table.state
exits 0 "comments of people" at 2026-01-02T00:00:00Z
same "are accepted" table.state good
cp good table.state
echo 'example.org r0 rsa retiring 2026-01-01T00:00:00Z keys/r0.pem' >>table.state
cp table.state good
exits 75 "a clock that is slower than the state file" at 2020-01-01T00:00:00Z
has "is named with the first line" "/table.state:4: 2026-01-01T00:00:00Z is not" \
	"$TMP/err"
same "and ages no key: the state file is as it was" table.state good
exits 64 "a time before 1970, which no state file can have" \
	at 1969-12-31T23:59:59Z
sed -i '$d' table.state
mv keys/r1.pem gone.pem
exits 1 "a key of the table that cannot be read" at 2026-12-01T00:00:00Z
has "is named" '  failed     keys/r1.pem: ' "$TMP/out"
mv gone.pem keys/r1.pem
cd .. && fresh
at 2026-01-01T00:00:00Z >"$TMP/out"
at 2026-07-01T00:00:00Z >"$TMP/out"
publish
at 2026-07-02T00:00:00Z >"$TMP/out"
at 2026-07-03T00:00:00Z >"$TMP/out"
mv keys/202607r.example.org.pem lost.pem
exits 1 "the file of a new key that is gone" at 2026-07-04T00:00:00Z
has "is named, too" '  failed     keys/202607r.example.org.pem: ' "$TMP/out"
has "and the old one signs on" ' r1 keys/r1.pem' table
mv lost.pem keys/202607r.example.org.pem
for wrong in '' '--table=none' '--table=table more' '--table=table -d a..b' \
	'--table=table --every=0d' '--table=table --queue=x' \
	'--table=table -z zone --server=127.0.0.1'; do
	# shellcheck disable=SC2086
	dkim-key rotate $wrong >out 2>err
	case $wrong$? in
	--table=none66 | *64) result 0 "rotate $wrong" ;;
	*) result 1 "rotate $wrong" ;;
	esac
done
finish
