# dkim.sh: dkim-sign and dkim-verify; a part of run.
# shellcheck shell=sh
header() {
	printf 'From: a@example.org\nTo: b@example.net\nSubject: bench\n'
	printf 'Date: Fri, 20 Nov 2026 10:00:00 +0000\n'
	printf 'Message-ID: <1@example.org>\n\n'
}

{
	header
	yes 'The quick brown fox jumps over the lazy dog, and it does so again.' |
		head -c "$((MIB << 20))"
} >text.mail
{
	header
	head -c "$((MIB << 20))" /dev/urandom | base64
} >base64.mail
{
	header
	echo text
} >small.mail
for f in text base64 small; do
	for c in relaxed/relaxed simple/simple; do
		dkim-sign -c $c -k ed=keys/ed25519.pem <$f.mail \
			>$f-${c%%/*} ||
			exit 1
	done
done

hash=$BUILD/tests/bench/hash
for f in text base64; do
	for c in relaxed simple; do
		measure "dkim-verify, $MIB MiB of $f, $c, to SHA-256 alone" 5 \
			$f-$c "dkim-verify -r -z $ZONE" "$hash"
	done
done
measure "dkim-sign, $MIB MiB of text, relaxed, to SHA-256 alone" 5 text.mail \
	'dkim-sign -k ed=keys/ed25519.pem' "$hash"
measure 'dkim-verify, a small message, to a program that does nothing' 50 \
	small-relaxed "dkim-verify -q -z $ZONE" /bin/true
to_testmsg() {	# to_testmsg TITLE ROUNDS FILE
	measure "dkim-sign, $1, to opendkim-testmsg" "$2" "$3" \
		'dkim-sign -c simple/simple -k r2048=keys/rsa2048.pem' \
		'opendkim-testmsg -d example.org -s r2048 -k keys/rsa2048.pem'
}
if command -v opendkim-testmsg >found; then
	to_testmsg "$MIB MiB of text" 3 text.mail
	to_testmsg 'a small message' 50 small.mail
else
	absent 'dkim-sign to opendkim-testmsg' opendkim-testmsg
fi
if has_python dkim; then
	measure "dkim-verify, $MIB MiB of text, to dkimpy" 1 text-relaxed \
		"dkim-verify -q -z $ZONE" "$python $BENCH/dkimpy.py $ZONE"
else
	absent 'dkim-verify to dkimpy' dkimpy
fi

# 2,000 forged fields, each under a name of 28 U-labels, to a signed body of as
# many octets.
label=$(printf '\303\251')
{
	echo 'From: a@b.example'
	awk -v label="$label" 'BEGIN {
		id = label
		for (i = 1; i < 28; i++)
			id = id "." label
		for (i = 0; i < 2000; i++)
			print "Authentication-Results: " id " 1 ; x=y"
	}'
	printf '\nx\n'
} >labels.mail
{
	header
	yes 'A line of text as people write it, with blanks, of 64 octets.' |
		head -c "$(wc -c <labels.mail)"
} | dkim-sign -k ed=keys/ed25519.pem --now "$NOW" >lines.signed
filter="dkim-verify -a --authserv-id=mx.example.net --now $NOW -z $ZONE"
measure 'dkim-verify -a, 2,000 fields of 28 U-labels, to a body' 20 \
	labels.mail "$filter" "$filter <lines.signed"
