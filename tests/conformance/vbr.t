#!/bin/sh
# The examples of RFC 5518 (sections 4 and 5) and RFC 6212 (A.1), as the
# conformance suite has them: result, header.md, header.mv, and the one name
# that is queried; and RFC 6212's own field, as it is printed there.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
SUITES=${VOUCH_CONFORMANCE:-$ROOT/../shared/conformance}
EXAMPLES=$SUITES/rfc/vbr
TAB='	'
[ -r "$EXAMPLES/cases.tsv" ] || skip_all 'no conformance suites'
needs_helpers
cd "$TMP" || exit 1

# What has authenticated is a result of this host, which is trusted; the RFC
# prints no signature that could be verified.
authenticated() {	# authenticated DOMAIN MESSAGE: with LF, and all of it
	echo "Authentication-Results: mx.example.net; dkim=pass header.d=$1"
	tr -d '\r' <"$2"
}

grep -v '^#' "$EXAMPLES/cases.tsv" >cases
while IFS=$TAB read -r id message zone trusted signed want md mv query why; do
	set -- --authserv-id=mx.example.net --now "$NOW" -z "$EXAMPLES/$zone"
	for host in $(echo "$trusted" | tr ',:' '  '); do
		set -- "$@" -t "$host"
	done
	authenticated "$signed" "$EXAMPLES/$message" >mail
	exits 0 "$id: its verdict is a pass" vbr-check -r --trust-authres \
		--dns-log="$id.log" "$@" <mail || note "$why"
	echo "vbr=$want header.md=$md header.mv=$mv" >want
	same "$id: as the RFC has it" want out
	sed -n 's/^\([^; ]*\)\. .*/\1/p' "$id.log" | tr "$TAB" ' ' |
		cut -d ' ' -f 1 | sed 's/\.$//' | sort -u >queried
	echo "$query" >want
	same "$id: exactly this name is queried" want queried
	exits 0 "$id: the query of it" vbr-check -Q -d "$md" \
		-T "$(sed -n 's/.*mc=\([a-z]*\).*/\1/p' mail)" "$@"
	exits 3 "$id: without the authentication" vbr-check -q "$@" <mail
	exits 3 "$id: nor if another domain has authenticated" \
		vbr-check -q --trust-authres "$@" <<-END
			Authentication-Results: mx.example.net; dkim=pass header.d=x.$signed
			$(sed 1d mail)
		END
	exits 3 "$id: nor by a certifier that nobody trusts" vbr-check -q \
		--trust-authres --authserv-id=mx.example.net \
		-z "$EXAMPLES/$zone" -t untrusted.example <mail
done <cases
[ "$(wc -l <cases)" -ge 3 ]
result $? 'there are three examples' || note "$(cat cases)"

# The field of RFC 6212 A.1: another host's is never taken for this host's;
# as this host's it is removed, and its results can be taken.
tr -d '\r' <"$SUITES/rfc/rfc6212/a1.eml" >a1
exits 0 'RFC 6212 A.1 as it is printed, its dkim trusted' vbr-check -r \
	--trust-authres --authserv-id=mail-router.example.net --now "$NOW" \
	-z "$SUITES/rfc/rfc6212/a1.zone" -t voucher.example.org a1
exits 0 'a filter' vbr-check --authserv-id=mail-router.example.net \
	--now "$NOW" -z /dev/null -t voucher.example.org <a1
lacks 'removes its pass' 'vbr=pass' out
has 'and says what it found' 'vbr=none' out
exits 3 'the claim of a pass is not a pass' vbr-check -q --trust-authres \
	--authserv-id=mail-router.example.net -z /dev/null \
	-t voucher.example.net a1
finish
