#!/bin/sh
# dkim-verify --explain tells problems of keys and signature fields apart from
# altered messages: each has its own sentence and note, the status is the one
# without --explain, and the message is not what the sentence blames.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/verify.sh
. "${0%/*}/verify.sh"
for needed in openssl base64 jq; do
	command -v $needed >/dev/null || skip_all "no $needed"
done

public() {	# public PEM OCTETS: p=, the last so many octets of the key
	openssl pkey -in "$1" -pubout -outform DER 2>/dev/null |
		tail -c "$2" | base64 -w0
}
K=$TMP/keys
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 \
	-out "$K/other.pem" 2>/dev/null
openssl genpkey -algorithm ed25519 -out "$K/other-ed.pem" 2>/dev/null
RSA="k=rsa; p=$(public "$K/rsa1024.pem" 999)"
RSA_OTHER="k=rsa; p=$(public "$K/other.pem" 999)"
EDW="k=ed25519; p=$(public "$K/ed25519.pem" 32)"
ED_OTHER="k=ed25519; p=$(public "$K/other-ed.pem" 32)"

# key SELECTOR RECORD...: one more of the zone
key() {
	printf '%s._domainkey.example.org. IN TXT' "$1" >>"$TMP/zone"
	shift
	printf ' "%s"' "$@" >>"$TMP/zone"
	echo >>"$TMP/zone"
}
zone() {	# zone SELECTOR RECORD...: that one alone
	: >"$TMP/zone"
	key "$@"
}

# made KEY ALGORITHM SELECTOR [TAGS]: $TMP/m, a message that it signed
made() {
	printf '%s\n' 'From: a@example.org' 'To: dev@example.net' \
		'Subject: order' 'Message-ID: <1@example.org>' '' \
		'The order is on its way.' 'Bye.' |
		sign "$1" "v=1; a=$2; c=relaxed/relaxed; d=example.org; s=$3; ${4-}h=from:to:subject:message-id; bh=%BH%; b=" \
			>"$TMP/m"
}

# shellcheck disable=SC2317 # "ok" calls it
# In JSON, no part of the message is one whose alteration is not known.
unaltered() {
	dkim-verify --explain -j -z "$TMP/zone" --now="$NOW" "$TMP/m" \
		>"$TMP/json"
	[ "$(jq -r '.explain[0] | [.header, .body] |
		index("not-found") == null' "$TMP/json")" = true ]
}
# says TITLE STATUS SENTENCE NOTE: NOTE is an identifier, or empty: there is none
says() {
	dkim-verify -r -z "$TMP/zone" --now="$NOW" "$TMP/m" >/dev/null 2>&1
	says_plain=$?
	dkim-verify --explain -z "$TMP/zone" --now="$NOW" "$TMP/m" \
		>"$TMP/out" 2>"$TMP/err"
	ok "$1: the status is $2, with --explain, too" \
		[ "$?,$says_plain" = "$2,$2" ]
	has "$1: the sentence" "  $3" "$TMP/out"
	if [ "$4" ]; then
		has "$1: the note" "($4)" "$TMP/out"
	else
		lacks "$1: no note" '  note: ' "$TMP/out"
	fi
	lacks "$1: nothing tells that the header was changed" \
		'eader was changed after' "$TMP/out"
	ok "$1: nothing is said to have been altered in the message" \
		unaltered
}

AS_SIGNED='so nobody can check the signature; the body is the one that the signature describes.'

# --- another key is published ---

# kind TITLE KEY ALGORITHM RECORD RECORD-OF-ANOTHER RECORD-OF-ANOTHER-TYPE
kind() {
	made "$2" "$3" s1
	zone s1 "$5"
	key s2 "$4"
	says "$1, the key of s2 has signed" 1 "The signature names the key s1 of example.org, but was made with another one, s2, $AS_SIGNED" selector-other
	zone s2 "$4"
	says "$1, the selector was renamed" 4 "example.org publishes the key that made the signature as s2, but none as s1, $AS_SIGNED" selector-renamed
	zone s1 'p='
	key s2 "$4"
	says "$1, revoked and renamed" 4 "example.org publishes the key that made the signature as s2, but none as s1, $AS_SIGNED" selector-renamed
	zone none "$4"
	says "$1, no key" 4 "example.org publishes no key named s1, $AS_SIGNED" key-missing
	zone s1 "${4%%p=*}p="
	says "$1, a revoked key" 4 'example.org has withdrawn the key s1, so its signatures no longer count; the body is the one that the signature describes.' key-revoked
	zone s1 "$6"
	says "$1, a key of another type" 4 "The key s1 that example.org publishes is of another type than the signature, $AS_SIGNED" key-other-type
	zone s1 "$4"
	key s1 "$5"
	says "$1, two keys" 4 "example.org publishes several keys named s1 where there must be one, $AS_SIGNED" ''
	zone s1 "\\\"v=DKIM1; $4\\\""
	says "$1, quotes were copied" 4 "example.org publishes the key s1 with quotes or backslashes that do not belong there, $AS_SIGNED" key-quoted
	zone s1 "\\\"v=DKIM1; ${4%??????}\\\" \\\"${4#"${4%??????}"}\\\""
	says "$1, quotes inside as well" 4 "example.org publishes the key s1 with quotes or backslashes that do not belong there, $AS_SIGNED" key-quoted
	zone s1 "v=DKIM1\\\\; $4"
	says "$1, a backslash was copied" 4 "example.org publishes the key s1 with quotes or backslashes that do not belong there, $AS_SIGNED" key-quoted
	zone s1 "v=DKIM1; ${4%????????????????????}"
	says "$1, the key was cut" 4 "The key s1 that example.org publishes is damaged, $AS_SIGNED" ''
	zone s1 "v=DKIM1; ${4%??????} ${4#"${4%??????}"}"
	exits 0 "$1, blanks in the key do no harm" dkim-verify --explain \
		-z "$TMP/zone" --now="$NOW" "$TMP/m"

	# The field of the signature.
	zone s1 "$4"
	cp "$TMP/m" "$TMP/good"
	sed '1s/.\{20\}$//' "$TMP/good" >"$TMP/m"
	says "$1, b= was cut" 1 "The signature has another length than those made with the key s1 of example.org: another key made it, or it was damaged on the way; the body is the one that the signature describes." signature-length
	sed '1s/.\{8\}$/ & /' "$TMP/good" >"$TMP/m"
	exits 0 "$1, blanks in b= do no harm" dkim-verify --explain \
		-z "$TMP/zone" --now="$NOW" "$TMP/m"
	sed '1s/; bh=\(....\)./; bh=\1Q/' "$TMP/good" >"$TMP/m"
	says "$1, bh= was altered" 1 'Something on the way damaged the signature where it describes the body; the rest is as example.org signed it.' ''
	ok "$1, bh= was altered: the header is proven" [ "$(jq -r \
		'.explain[0] | [.header, .body, .bh_altered] | join(",")' \
		"$TMP/json")" = repaired,intact,true ]
	sed '1s/; bh=\(....\)./; bh=\1/' "$TMP/good" >"$TMP/m"
	says "$1, bh= was cut" 2 'The signature cannot be read: ' ''
	made "$2" "$3" s1 't=1763000000; x=1763600000; '
	says "$1, it expired" 4 'The signature of example.org expired on 2025-11-20.' signature-expired
	made "$2" "$3" s1 't=1900000000; '
	says "$1, the clock is not right" 4 'The signature of example.org is dated 2030-03-17, which is in the future for the clock here.' clock-skew
}
kind RSA rsa1024 rsa-sha256 "$RSA" "$RSA_OTHER" "$EDW"
kind Ed25519 ed25519 ed25519-sha256 "$EDW" "$ED_OTHER" "$RSA"

# --- what RSA alone can tell ---

# The block that the signature has inside is not one of this key.
OTHER='The signature was not made with the key that example.org publishes as s1, or was damaged on the way; '
made rsa1024 rsa-sha256 s1
zone s1 "$RSA_OTHER"
says 'RSA, a key of the same size' 1 \
	"${OTHER}the body is the one that the signature describes." \
	signature-other
has 'b= has no digest' 'undone with the key, b= has no digest in it' \
	"$TMP/out"
sed 's/^Subject: /&[dev] /' "$TMP/m" >"$TMP/next" && mv "$TMP/next" "$TMP/m"
says 'RSA, also if the header was changed' 1 \
	"${OTHER}the body is the one that the signature describes." \
	signature-other
printf '%s\n' '-- ' 'dev list' >>"$TMP/m"
says 'RSA, and a footer was added' 1 "${OTHER}something on the way added a 2-line footer after line 2 of the body; the rest of the body is the one that the signature describes." \
	signature-other
made rsa1024 rsa-sha256 s1
zone s1 "$RSA"
sed -e '1s/\( b=.\{30\}\)A/\1B/' -e t -e '1s/\( b=.\{30\}\)./\1A/' "$TMP/m" \
	>"$TMP/next" && mv "$TMP/next" "$TMP/m"
says 'RSA, a letter of b= was changed' 1 \
	"${OTHER}the body is the one that the signature describes." \
	signature-other

# --- Ed25519 has no digest inside ---

# It cannot tell a key from a header: both are told.
made ed25519 ed25519-sha256 s1
zone s1 "$ED_OTHER"
exits 1 'Ed25519, another key' dkim-verify --explain -z "$TMP/zone" \
	--now="$NOW" "$TMP/m"
has 'the sentence leaves it open' 'The header (From, Subject etc.) was changed after example.org signed it, or the signature was not made with the key s1; the body is the one that the signature describes.' "$TMP/out"
finish
