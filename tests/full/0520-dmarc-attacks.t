#!/bin/sh
# Messages that want to be taken for another's (data/dmarc-attacks, and see
# there): none gets a pass that it should not get, and none writes into the
# field of the verdict.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
# shellcheck source=tests/attacks.sh
. "$ROOT/tests/attacks.sh"
CASES=$DATA/dmarc-attacks
ID=mx.example.org
cd "$TMP" || exit 1

# All that is below evil.example has its key and its permission: who takes a
# name in pieces finds both.
cat >zone <<END
_dmarc.bank.example. TXT "v=DMARC1; p=reject"
_dmarc.strict.example. TXT "v=DMARC1; p=reject; adkim=s; aspf=s"
_dmarc.evil.example. TXT "v=DMARC1; p=none"
;!TIMEOUT _dmarc.dead.evil.example. TXT
_dmarc.gov.example. TXT "v=DMARC1; p=reject; psd=y"
bank.example. TXT "v=spf1 ip4:192.0.2.1 -all"
open.bank.example. TXT "v=spf1 +all"
r2048._domainkey.bank.example. TXT $(text_of r2048)
evil.example. TXT "v=spf1 +all"
mail.evil.example. TXT "v=spf1 +all"
x.evil.example. TXT "v=spf1 +all"
news.strict.example. TXT "v=spf1 +all"
*.evil.example. TXT "v=spf1 +all"
*.evil.example. TXT $(text_of ed)
ed._domainkey.evil.example. TXT $(text_of ed)
ed._domainkey.gov.example. TXT $(text_of ed)
ed._domainkey.evil.gov.example. TXT $(text_of ed)
ed._domainkey.news.strict.example. TXT $(text_of ed)
ed._domainkey.strict.example. TXT $(text_of ed)
END

# sign SIGNATURE FILE
sign() {
	case $1 in
	-)
		cat "$2"
		;;
	evil)
		"$MKSIG" keys/ed25519.pem "v=1; a=ed25519-sha256; \
d=evil.example; s=ed; h=from:subject; bh=%BH%; b=" <"$2"
		;;
	bank)
		"$MKSIG" keys/rsa2048.pem "v=1; a=rsa-sha256; \
d=bank.example; s=r2048; h=from:subject; bh=%BH%; b=" <"$2"
		;;
	*a=rsa*)
		"$MKSIG" keys/rsa2048.pem "$1" <"$2"
		;;
	*)
		"$MKSIG" keys/ed25519.pem "$1" <"$2"
		;;
	esac
}

evaluate() {
	dmarc-eval --authserv-id="$ID" --now "$NOW" --zone zone "$@" <message
}

begin_record
while IFS=$TAB read -r name _ _ signature options; do
	case $name in
	'#'*) continue ;;
	esac
	eval "set -- $(sent_as "$options")"
	sign "$signature" "$CASES/$name.eml" >message
	record evaluate -r "$@"
	evaluate -H "$@" >>fields 2>/dev/null
done <"$CASES/cases"
evaluate_attacks dmarc "$CASES/cases"

grep -v '^#' "$CASES/cases" | cut -f 1 | sort >want
(cd "$CASES" && printf '%s\n' *.eml) | sed 's/\.eml$//' | sort >got
same 'every message has a case' want got

# --- 50 forged results between those of other hosts ---

# Every way to write our name that data/removal knows.
grep "^$ID$TAB" "$DATA/removal/fields" >known
forged=0
while IFS=$TAB read -r _ verdict _ field; do
	[ "$verdict" = ours ] || continue
	forged=$((forged + 1))
	claim='dmarc=pass header.from=bank.example;'
	claim="$claim dkim=pass header.d=bank.example; spf=pass"
	printf '%b' "$(printf %s "$field" |
		sed "s/dkim=pass[^~]*~\$/$claim~/; s/~/\\\\n/g")" \
		>"forged.$forged"
done <known
: >with
: >without
i=0
while [ "$i" -lt 50 ]; do
	printf 'Authentication-Results: mx%d.example.net;\n\tdkim=pass%s\n' \
		"$i" ' header.d=bank.example' >other
	cat other "forged.$((i % forged + 1))" >>with
	cat other >>without
	i=$((i + 1))
done
printf 'Authentication-Results: last.example.net; none\n' >other
{
	cat other
	cat "$CASES/bank.eml"
} >rest
cat rest >>with
cat rest >>without

first() {
	spf-query --authserv-id="$ID" --now "$NOW" --zone zone -i 192.0.2.66 \
		-e mail.evil.example -f x@evil.example "$@"
}

first -a <with >cleaned
ok 'spf-query -a ends well' first -a <with
first -H <with >field 2>err
has 'spf-query -H counts 50 forged fields' 'spf-query: 50 Auth' err
cat field without >want
same 'all 50 are gone; those of others are all there, in their order' \
	want cleaned
dkim-verify -a --keep-authres --authserv-id="$ID" --now "$NOW" --zone zone \
	<cleaned >message
dkim-verify -H --keep-authres --authserv-id="$ID" --now "$NOW" --zone zone \
	<cleaned >field
cat field cleaned >want
same 'dkim-verify takes nothing away' want message
exits 6 'what dmarc-eval --trust-authres reads then gives no pass' \
	evaluate --trust-authres -r
has 'but what spf-query has found' 'dmarc=fail reason="not-aligned' out
evaluate --trust-authres -a >out
evaluate --trust-authres -H >field
cat field message >want
same 'dmarc-eval takes nothing away' want out
evaluate -a -i 192.0.2.66 -e mail.evil.example -f x@evil.example <with >out
cp with message
evaluate -a -i 192.0.2.66 -e mail.evil.example -f x@evil.example >out
evaluate -H -i 192.0.2.66 -e mail.evil.example -f x@evil.example >field 2>err
cat field without >want
same 'dmarc-eval alone removes all 50, too' want out
exits 6 'dmarc-eval alone gives no pass' evaluate -r -i 192.0.2.66 \
	-e mail.evil.example -f x@evil.example
finish
