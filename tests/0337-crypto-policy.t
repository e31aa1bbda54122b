#!/bin/sh
# What the configuration of GnuTLS forbids on this host (GNUTLS_SYSTEM_PRIORITY_
# FILE) is never a fail: dkim-verify says policy, dmarc-eval none where the
# signature is aligned, and dkim-sign refuses the key.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/verify.sh
. "${0%/*}/verify.sh"
cd "$TMP" || exit 1

# under LINES COMMAND...: with these in the configuration.
under() {
	printf '%b\n' "$1" >configuration
	shift
	GNUTLS_SYSTEM_PRIORITY_FILE=$TMP/configuration "$@"
}
CURVE='[overrides]\ndisabled-curve = ed25519'
INSECURE_ED='[overrides]\ninsecure-sig = eddsa-ed25519'
INSECURE_RSA='[overrides]\ninsecure-sig = rsa-sha256'
INSECURE_HASH='[overrides]\ninsecure-hash = sha256'
INSECURE_SHA1='[overrides]\ninsecure-hash = sha1'
ALLOWLIST='[global]\noverride-mode = allowlist'
ALLOWED='[global]\noverride-mode = allowlist\n[overrides]\nsecure-hash = sha256\nsecure-sig = rsa-sha256'

sign ed25519 "$ED" <"$MAIL" >ed.eml
sign rsa2048 "$R2048" <"$MAIL" >rsa
sign rsa2048 "$R2048" <ed.eml >both

# verified_under LINES FILE RESULTS TITLE
verified_under() {
	printf '%b\n' "$1" >configuration
	GNUTLS_SYSTEM_PRIORITY_FILE=$TMP/configuration
	export GNUTLS_SYSTEM_PRIORITY_FILE
	verified "$2" "$3" "$4"
	unset GNUTLS_SYSTEM_PRIORITY_FILE
}
F='policy algorithm-forbidden'
verified ed.eml pass "(it passes where nothing is forbidden)"
verified_under "$CURVE" ed.eml "$F" "a disabled curve"
verified_under "$CURVE" both "pass,$F" "the other signature passes"
verified_under "$INSECURE_ED" ed.eml "$F" "Ed25519 called insecure"
verified_under "$INSECURE_RSA" rsa "$F" "rsa-sha256 called insecure"
verified_under "$INSECURE_RSA" both "$F,pass" "Ed25519 is not concerned"
verified_under "$INSECURE_HASH" rsa "$F" "SHA-256 called insecure"
verified_under "$ALLOWLIST" both "$F,$F" "nothing is allowed"
verified_under "$ALLOWED" both "pass,$F" "rsa-sha256 alone is allowed"
has "the words name the configuration" \
	"algorithm-forbidden: this host's configuration of GnuTLS" out
exits 2 "the status is that of policy" under "$CURVE" verify -q ed.eml
exits 0 "--defer has nothing to defer" under "$CURVE" \
	verify --authserv-id=mx.example.org --defer <ed.eml
has "the field says policy" "dkim=policy" out

# --- what can be checked, is, and comes first ---

sed 's/^$/&\nMore./' ed.eml >body
sed 's/^Subject: /&More /' rsa >header
verified_under "$CURVE" body "fail body-hash algorithm-forbidden" \
	"a changed body is a fail"
verified_under "$INSECURE_RSA" header "$F" "(Subject is not signed)"
sed 's/^To: /&More /' rsa >header
verified_under "$INSECURE_RSA" header "fail signature" \
	"what is called insecure and does not match is a fail"
sed 's/^To: /&More /' ed.eml >header
verified_under "$CURVE" header "$F" "nobody knows whether it matches"
sign ed25519 "$(printf %s "$ED" | sed s/s=ed/s=r2048/)" <"$MAIL" >type.eml
verified_under "$CURVE" type.eml "permerror key-type" "the type of the key"
sign ed25519 "$(printf %s "$ED" | sed s/s=ed/s=none/)" <"$MAIL" >none
verified_under "$CURVE" none "permerror no-key" "no key"
sign ed25519 "$(printf %s "$ED" | sed s/v=1/v=2/)" <"$MAIL" >version
verified_under "$CURVE" version "neutral version" "the syntax"
for size in 1 63 64 65; do
	b=$(head -c "$size" /dev/zero | base64 | tr -d '\n')
	sed "s|b=[^b]*\$|b=$b|;" ed.eml | awk '/b=[A-Z]*=*$/ { print; cut = 1
		next } cut && /^[ \t]/ { next } { cut = 0; print }' >octets
	verified octets "fail signature" \
		"$size octets as signature are a fail, and never a refusal"
done

# --- --legacy decides about rsa-sha1 ---

sign rsa2048 "v=1; a=rsa-sha1; d=example.org; s=r2048; h=from:to; bh=%BH%; b=" \
	<"$MAIL" >sha1
verified_under "$INSECURE_SHA1" sha1 "policy rsa-sha1" "rsa-sha1 is policy"
under "$INSECURE_SHA1" verify -r --legacy sha1 >out
has "and passes with --legacy" "dkim=pass" out

# --- DMARC ---

cat "$ZONE" - >zone <<'Z'
_dmarc.example.org. TXT "v=DMARC1; p=reject"
_dmarc.example.net. TXT "v=DMARC1; p=reject"
Z
# shellcheck disable=SC2317 # exits calls it
dmarc() {
	dmarc-eval -r --authserv-id=mx.example.org -z zone --now="$NOW" \
		-i 192.0.2.1 -f a@example.com "$@"
}
exits 3 "an aligned one that cannot be checked does not count" \
	under "$CURVE" dmarc ed.eml
has "the reason names its domain" \
	'dmarc=none reason="identifier-not-checked: this host forbids the algorithm of an aligned signature: example.org"' out
exits 6 "one that is not aligned stays a fail" \
	under "$CURVE" dmarc <<M
$(sed 's/^From: .*/From: a@example.net/' ed.eml)
M
has "(by p=reject)" "dmarc=fail" out
exits 6 "so does a body that was changed" under "$CURVE" dmarc body
exits 0 "another signature that passes is a pass" under "$CURVE" dmarc both
exits 3 "with --defer, too, it is none" under "$CURVE" dmarc --defer ed.eml
under "$CURVE" dmarc -v ed.eml >out
has "the arithmetic says why" "but this host forbids its algorithm" out

# In a chain, what was written of it says the same.
under "$CURVE" dkim-verify -a --authserv-id=mx.example.org -z zone \
	--now="$NOW" <ed.eml >field
exits 3 "the result of dkim-verify in a trusted field is taken so" \
	dmarc-eval -r --authserv-id=mx.example.org -z zone --now="$NOW" \
	--trust-authres field
has "with the same reason" identifier-not-checked out
sed 's/algorithm-forbidden/key-too-small/' field >other
exits 6 "policy for another reason is a fail" \
	dmarc-eval -r --authserv-id=mx.example.org -z zone --now="$NOW" \
	--trust-authres other

# --- signing ---

refused() {
	exits 78 "$1" under "$2" dkim-sign --now="$NOW" -d example.org -s s \
		-k "keys/$3.pem" <"$MAIL"
	has "which names the key and why" "keys/$3.pem: algorithm-forbidden: " \
		err
	[ ! -s out ]
	result $? "and writes nothing"
}
refused "a key on a disabled curve cannot sign" "$CURVE" ed25519
refused "nor one whose signatures are called insecure" "$INSECURE_ED" ed25519
refused "nor an RSA key" "$INSECURE_RSA" rsa2048
exits 0 "the other type can" under "$CURVE" dkim-sign --now="$NOW" \
	-d example.org -s s -k keys/rsa2048.pem <"$MAIL"

# --- a configuration that GnuTLS cannot read ---

broken() {
	printf '[overrides\n' >configuration
	GNUTLS_SYSTEM_PRIORITY_FAIL_ON_INVALID=1 \
		GNUTLS_SYSTEM_PRIORITY_FILE=$TMP/configuration "$@"
}
verify -r "$MAIL" >want 2>&1
broken verify -r "$MAIL" >got 2>&1
same "a message without a signature does not need it" want got
finish
