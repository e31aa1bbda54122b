#!/bin/sh
# Whether an author domain exists is queried if np= makes a difference, and only
# then: which of these queries a message takes, and how many round trips.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/rounds.sh
. "${0%/*}/rounds.sh"
needs_helpers
cd "$TMP" || exit 1

cat >zone <<'END'
_dmarc.np.test. 60 IN TXT "v=DMARC1; p=none; np=reject"
_dmarc.own.np.test. 60 IN TXT "v=DMARC1; p=none; np=reject"
_dmarc.sp.test. 60 IN TXT "v=DMARC1; p=none; sp=reject; np=reject"
_dmarc.p.test. 60 IN TXT "v=DMARC1; p=reject"
np.test. 60 IN TXT "v=spf1 ip4:192.0.2.1 -all"
there.np.test. 60 IN A 192.0.2.9
elsewhere.example. 60 IN TXT "v=spf1 -all"
END

# NAME TRIPS RESULT POLICY MAILFROM AUTHORS EXISTENCE: author domains, and those
# whose existence is queried, separated by commas. What follows from
# all author domains' records is queried at once.
cat >messages <<'END'
gone 2 fail reject elsewhere.example gone.np.test gone.np.test
there 2 fail none elsewhere.example there.np.test there.np.test
two 2 fail reject elsewhere.example gone.np.test,there.np.test gone.np.test,there.np.test
three 2 fail reject elsewhere.example a.np.test,b.np.test,c.np.test a.np.test,b.np.test,c.np.test
passes 2 pass reject np.test gone.np.test gone.np.test
passesall 2 pass reject np.test a.np.test,b.np.test a.np.test,b.np.test
itself 1 fail none elsewhere.example np.test none
own 1 fail none elsewhere.example own.np.test none
sp 1 fail reject elsewhere.example gone.sp.test none
p 1 fail reject elsewhere.example gone.p.test none
mixed 2 fail reject elsewhere.example gone.np.test,gone.p.test gone.np.test
END

rounds_serve zone

evaluate() {
	dmarc-eval -r --authserv-id=mx.test -i 192.0.2.1 -e host.test \
		-f "x@$2" -n "$SERVER" --timeout=20 <"$1" >"$1.out" 2>&1
}

while read -r name trips want policy sender authors existence; do
	printf 'From: a@%s\n\ntext\n' "$authors" | sed 's/,/, a@/g' >"$name"
	rounds "$trips" evaluate "$name" "$sender"
	grep -q "^dmarc=$want .*policy.dmarc=$policy\$" "$name.out"
	result $? "$name: $want, $policy" || note "$(cat "$name.out")"
	[ "$ROUNDS" -eq "$trips" ]
	result $? "$name: $trips round trip(s)" ||
		note "$ROUNDS: $(cat rounds.log)"
	queried=$(sed -n 's/\. A$//p' queried | sort | paste -sd , -)
	[ "${queried:-none}" = "$existence" ]
	result $? "$name: the existence of $existence is queried" ||
		note "$(cat queried)"
done <messages
finish
