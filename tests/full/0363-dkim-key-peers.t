#!/bin/sh
# Keys of dkim-key in other programs: openssl checks them, libopendkim, dkimpy
# and Mail::DKIM verify what they sign by their records, dkimpy signs with them,
# opendkim-testkey compares key and record in the DNS. RSA of 1024 to 4096 bits,
# and Ed25519.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
# shellcheck source=tests/peers.sh
. "$ROOT/tests/peers.sh"
needs_helpers
cd "$TMP" || exit 1
SIZES='1024 1536 2048 3072 4096'
TAB='	'

for bits in $SIZES; do
	dkim-key new -d example.org -s "r$bits" -b "$bits" --weak -o .
done >made.zone
dkim-key new -d example.org -s ed -T ed25519 -o . >>made.zone
ok "the keys are made" lines 6 made.zone
dkim-key show -j made.zone | jq -r '"\(.name) \(.record)"' >keys.txt
set --
for key in r1024 r1536 r2048 r3072 r4096 ed; do
	set -- "$@" -k "$key=$key.example.org.pem"
	if command -v openssl >/dev/null; then
		ok "openssl finds $key sound" openssl pkey -check -noout \
			-in "$key.example.org.pem"
	else
		skip "openssl finds $key sound" "no openssl"
	fi
done
sed 's/$/\r/' "$DATA/message.eml" >message
dkim-sign "$@" -c relaxed/relaxed <message >signed 2>err
echo signed >list

# verifies PEER WANTED COMMAND...: its results of the six signatures
verifies() {
	verifies_peer=$1 verifies_want=$2
	shift 2
	"$@" verify keys.txt list >got 2>errors
	[ "$(cat got)" = "signed$TAB$verifies_want" ]
	result $? "$verifies_peer verifies what all keys sign" ||
		note "$(cat got errors)"
}
six="pass${TAB}pass${TAB}pass${TAB}pass${TAB}pass${TAB}pass"
if "$PEERS/has" python dkim nacl; then
	verifies dkimpy "$six" "$PEERS/python" "$PEERS/dkimpy.py"
	for key in r1024 r2048 r4096; do
		printf '%s\t' message "$key.out" relaxed relaxed $key \
			$key.example.org.pem >list
		echo From:To:Subject:Date >>list
		"$PEERS/python" "$PEERS/dkimpy.py" sign keys.txt list \
			>log 2>&1
		exits 0 "dkimpy signs with $key" dkim-verify -q -z made.zone \
			$key.out
	done
	echo signed >list
else
	skip "dkimpy verifies what all keys sign" "no dkimpy"
fi
if "$PEERS/python" -c 'import ctypes; ctypes.CDLL("libopendkim.so.11")' \
	2>errors; then
	verifies libopendkim "$six" "$PEERS/python" "$PEERS/opendkim.py"
else
	skip "libopendkim verifies what all keys sign" "no libopendkim"
fi
if "$PEERS/has" perl Mail::DKIM; then
	# It knows no Ed25519.
	verifies Mail::DKIM "${six%pass}invalid" perl "$PEERS/maildkim.pl"
else
	skip "Mail::DKIM verifies what all keys sign" "no Mail::DKIM"
fi

# opendkim-testkey queries port 53 alone, so it gets a network with our server.
# testkey KEY: whether key and record are one
testkey() {
	echo 'Nameservers 127.0.0.1' >testkey.conf
	rm -f inside && mkfifo inside
	# shellcheck disable=SC2016 # for that shell
	unshare "$namespace" sh -c '
		ip link set lo up || exit
		"$0" -p 53 made.zone >inside &
		read -r _ <inside
		opendkim-testkey -vv -x testkey.conf -d example.org -s "$1" \
			-k "$2"
		status=$?
		kill $!
		exit $status' "$DNSD" "$1" "$2"
}
can_be_alone() {
	for namespace in -n -rn; do
		unshare "$namespace" ip link set lo up 2>errors && return
	done
	return 1
}
if ! command -v opendkim-testkey >/dev/null; then
	skip "opendkim-testkey finds key and record equal" "no opendkim-tools"
elif ! can_be_alone; then
	skip "opendkim-testkey finds key and record equal" "no unshare"
else
	for bits in $SIZES; do
		exits 0 "opendkim-testkey finds key and record equal: $bits" \
			testkey "r$bits" "r$bits.example.org.pem"
	done
	exits 65 "and that two keys differ" \
		testkey r1024 r2048.example.org.pem
fi
finish
