#!/bin/sh
# Authentication-Results written and read again, and fields of many results.
# VOUCH_ROUNDS says how many are generated (2,000; check-all: 10,000), VOUCH_SEED
# which.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
rounds=2000
full && rounds=5000
rounds=${VOUCH_ROUNDS:-$rounds}
seed=${VOUCH_SEED:-8601}
note "$rounds fields, seed $seed"

exits 0 "what is read from $rounds generated fields is what was given" \
	"$BUILD/tests/helper/authres_roundtrip" "$rounds" "$seed"
cp "$TMP/out" "$TMP/counts"
[ "$test_failed" -eq 0 ] || note "$(head -c 8000 "$TMP/counts")"

# has_count TITLE WORD LEAST
has_count() {
	has_count=$(sed -n "s/^$2 //p" "$TMP/counts")
	ok "$1" [ "${has_count:-0}" -ge "$3" ]
}

has_count 'every field was compared' fields "$rounds"
has_count 'as many results were' results "$rounds"
has_count 'more properties were' properties "$((rounds * 3))"
has_count 'properties that cannot be written were found left out' \
	'left out' "$((rounds / 2))"
for n in 0 1 16 17 999 1000 1001 100000; do
	has "a field of $n results is read" "$n results: read" "$TMP/counts"
done
has 'a hundred times as many results were timed' '10000 results take' \
	"$TMP/counts"

# --- what dmarc-eval takes from such fields ---

printf '%s TXT "v=DMARC1; p=reject"\n' _dmarc.example.org. >"$TMP/zone"
evaluate() {
	timeout 120 dmarc-eval --trust-authres --authserv-id=mx.example.org \
		--zone "$TMP/zone" --now "$NOW" "$@" <"$TMP/message"
}

# results COUNT: the last is the one that is aligned
results() {
	awk -v n="$1" 'BEGIN {
		for (i = 1; i < n; i++)
			printf ";\n\tdkim=pass header.d=d%d.example.net", i
		if (n)
			print ";\n\tdkim=pass header.d=example.org"
		else
			print "; none"
	}'
}

message() {
	printf 'Authentication-Results: mx.example.org'
	results "$1"
	printf 'From: a@example.org\n\ntext\n'
}

for n in 1 16 17 1000; do
	message "$n" >"$TMP/message"
	exits 0 "dmarc-eval takes the last of $n results" evaluate -r
	has "of $n results: a pass" 'dmarc=pass header.from=example.org' \
		"$TMP/out"
done
message 0 >"$TMP/message"
exits 3 "dmarc-eval takes nothing from a field of no results" evaluate -r
has "it says that none was there to be taken" \
	'dmarc=none reason="no-trusted-results: ' "$TMP/out"
for n in 1001 ${VOUCH_FULL:+100000}; do
	message "$n" >"$TMP/message"
	exits 6 "dmarc-eval does not look at the last of $n results" evaluate -r
	has "of $n results: it says so" \
		"results-omitted: $((n - 1000)) more results" "$TMP/out"
	exits 0 "of $n results: the message goes on" evaluate -a
	has "of $n results: with a result" 'dmarc=fail' "$TMP/out"
	has "of $n results: the field stays" 'd1000.example.net' "$TMP/out"
	sed 's/d1000\.example\.net/dmarc.example.net/' "$TMP/message" \
		>"$TMP/named"
	mv "$TMP/named" "$TMP/message"
	exits 0 "of $n results: one left out may be of our method" evaluate -a
	lacks "of $n results: then the field goes" 'd999.example.net' \
		"$TMP/out"
done
message 1001 | sed 's/=pass header.d=d1000/ (&/' >"$TMP/message"
exits 3 "what is not read may be a pass where the others are none" evaluate -r
has "that is the reason" 'dmarc=none reason="results-unreadable: ' "$TMP/out"
has "it says that the field is not read whole" \
	'results-partly-read: 1 trusted field(s)' "$TMP/out"
message 1001 | sed 's/dkim=pass header.d=d1000/x&/' >"$TMP/message"
exits 0 "a result of another method does not count for the limit" evaluate -r

# A field that cannot be read whole beside one that counts.
for code in pass fail; do
	{
		message 1001 | sed 's/=pass header.d=d1000/ (&/; /^From:/,$d'
		printf 'Authentication-Results: mx.example.org;'
		printf ' dkim=%s header.d=example.org\n' "$code"
		printf 'From: a@example.org\n\ntext\n'
	} >"$TMP/message"
	case $code in
	pass) status=0 ;;
	fail) status=3 ;;
	esac
	exits "$status" "beside a field that is not read whole a $code is $status" \
		evaluate -r
	has "it says that such a field was there, beside a $code" \
		'results-partly-read: 1 trusted field(s) cannot be read in full' \
		"$TMP/out"
done

# many COUNT: a message with so many fields of 1000 results
many() {
	yes "$TMP/field" | head -n "$1" | xargs cat
	printf 'From: a@example.org\n\ntext\n'
}
message 1000 | sed '/^From:/,$d' | sed 's/=pass/=fail/' >"$TMP/field"
fields=${VOUCH_FULL:+100}
fields=${fields:-5}
many "$fields" >"$TMP/message"
exits 6 "$fields,000 results in $fields fields are evaluated in time" \
	evaluate -r
has 'none of them passed' 'not-authenticated' "$TMP/out"
{
	printf 'Authentication-Results: mx.example.org; dkim=pass'
	printf ' header.d=example.org\n'
	many "$fields"
} >"$TMP/message"
exits 0 'a pass above them is found' evaluate -r
finish
