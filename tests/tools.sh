# tools.sh: tools with the options that make them work offline, for the tests of
# what fails around them. Source it after lib.sh.
#	vbr, sign, verify, dmarc ARG...	vbr-insert, dkim-sign, dkim-verify and
#					dmarc-eval
# shellcheck shell=sh

vbr() {
	vbr-insert -d example.org -t vouch.example "$@"
}

sign() {
	dkim-sign -d example.org -k r2048="$TMP/keys/rsa2048.pem" --now "$NOW" \
		"$@"
}

verify() {
	dkim-verify --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		"$@"
}

dmarc() {
	dmarc-eval --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		--set='_dmarc.example.org TXT v=DMARC1; p=reject' "$@"
}
