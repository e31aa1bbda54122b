# readers.sh: what programs believe that read delivered mail: a Sieve rule of
# Pigeonhole, and Python. Source it after delivery.sh.
#
#	see FILE...		Python reads them: what it sees is in FILE.seen
#	believed FILE		who takes a pass of DMARC from it, by name
#	unbelieved TITLE FILE	nobody; and it has one field of this host a
#				method on top, and no other that any of them
#				sees
#	attacks			adds what attacks are about to $TMP/zone
#
# What is not here is not queried. Files have to be seen before.
# shellcheck shell=sh disable=SC2034
PYTHON=$ROOT/tests/peers/python
SIEVE=
if command -v sieve-test >/dev/null && command -v sievec >/dev/null; then
	SIEVE=sieve-test
else
	note 'no sieve-test here: Sieve is not queried'
fi
"$PYTHON" -c 'import email.policy' 2>/dev/null || {
	note 'no Python here: it is not queried'
	PYTHON=
}

# Sieve decodes RFC 2047 before it looks for a text (RFC 5228 2.7.2).
mkdir "$TMP/sieve" && chmod 755 "$TMP" "$TMP/sieve" &&
	cat >"$TMP/sieve/rule.sieve" <<'EOT'
require ["fileinto"];
if header :contains "Authentication-Results" "mx.example.net; dmarc=pass" {
	fileinto "believed-ours";
}
if header :contains "Authentication-Results" "dmarc=pass" {
	fileinto "believed-any";
}
EOT

sieve_user() {		# root may not: as nobody
	[ "$(id -u)" -ne 0 ] || echo '-o mail_uid=65534 -o mail_gid=65534'
}

# shellcheck disable=SC2046
sieve() {
	cp "$1" "$TMP/sieve/message"
	chmod 644 "$TMP/sieve/message"
	HOME=$TMP/sieve sieve-test $(sieve_user) "$TMP/sieve/rule.sieve" \
		"$TMP/sieve/message" 2>"$TMP/sieve.err"
}

see() {
	for see_file; do
		: >"$see_file.seen"
	done
	[ -z "$PYTHON" ] || "$PYTHON" "$ROOT/tests/property/decode.py" "$@" |
		awk -v files="$*" '
			BEGIN { split(files, file, " "); n = 1 }
			/^\f/ { close(file[n++] ".seen"); next }
			{ print >(file[n] ".seen") }'
}

believed() {
	[ -z "$SIEVE" ] || sieve "$1" | sed -n 's/.*folder: believed/sieve/p'
	sed -n 's/^mx\.example\.net; dmarc=pass.*/python/p' "$1.seen"
}

# Those of the four methods, each as often as decode.py says it: with two
# policies, and with the words decoded or not.
SEEN=16
[ "$PYTHON" ] || SEEN=0

unbelieved() {
	unbelieved_who=$(believed "$2" | sort -u | tr '\n' ' ')
	unbelieved_on_top=$(verdicts "$2" | sed 's/=[a-z]*//g')
	unbelieved_seen=$(grep -c '^mx\.example\.net;' "$2.seen")
	[ -z "$unbelieved_who" ] &&
		[ "$unbelieved_on_top" = 'vbr dmarc dkim spf' ] &&
		[ "$unbelieved_seen" -eq $SEEN ]
	result $? "$1" && return
	note "believed by: $unbelieved_who; on top: $unbelieved_on_top;" \
		"seen: $unbelieved_seen, not $SEEN"
	note "$(head -c 1500 "$2" | cat -v)"
	return 1
}

attacks() {
	cat >>"$TMP/zone" <<'EOT'
evil.example. TXT "v=spf1 +all"
bank.example. TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.bank.example. TXT "v=DMARC1; p=reject"
_dmarc.evil.example. TXT "v=DMARC1; p=none"
;!TIMEOUT _dmarc.slow.evil.example TXT
EOT
}
