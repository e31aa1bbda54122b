# explain.sh: dkim-verify --explain to dkim-verify; a part of run.
# shellcheck shell=sh
signed() {
	dkim-sign -d example.org -k r2048=keys/rsa2048.pem --now "$NOW"
}
{
	printf '%s\n' 'From: a@example.org' 'To: b@example.net' \
		'Subject: bench' 'Date: Fri, 20 Nov 2026 10:00:00 +0000' \
		'Message-ID: <1@example.org>' ''
	yes 'The quick brown fox jumps over the lazy dog, and it does so again.' |
		head -c 25000000
	echo
} | signed >footer.mail || exit 1
printf '%s\n' '________________' 'dev mailing list' \
	'https://lists.example.net/' >>footer.mail
sed 's/^Subject: /&[dev] /' footer.mail >tagged.mail

verify="dkim-verify -r -z $ZONE --now $NOW --exit-map=fail=0"
for f in footer tagged; do
	$verify --explain <$f.mail >found
	grep -q 'added a 3-line footer' found || {
		echo "run: the footer of $f is not found" >&2
		exit 1
	}
done
measure 'dkim-verify --explain, 25 MB with a footer, to dkim-verify' 5 \
	footer.mail "$verify --explain" "$verify"
measure 'the same, and a tag in the Subject' 5 \
	tagged.mail "$verify --explain" "$verify"
