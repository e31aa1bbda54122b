#!/bin/sh
# helper/explain-recipe, by which other tests apply recipes: what it makes of a
# message and a recipe written by hand is what dkim-verify hashed before the
# message was altered; and it refuses recipes that the draft does not allow.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
cd "$TMP" || exit 1
date="Date: Fri, 20 Nov 2026 12:00:00 +0000"
recipe=$ROOT/tests/helper/explain-recipe

# hashed FORM FILE: the canonical header and body, as FORM.header, FORM.body
hashed() {
	for part in header body; do
		dkim-verify -z "$ZONE" --now="$NOW" --canonical=$part "$2" \
			>"$1.$part"
	done
}

# applied TITLE FORM: "altered" and "json" give what was hashed as FORM
applied() {
	"$recipe" -h altered json >got && cmp got "$2.header"
	result $? "$1: the header"
	"$recipe" -b altered json >got && cmp got "$2.body"
	result $? "$1: the body"
	"$recipe" altered json >got
	exits 0 "$1: the message verifies" \
		dkim-verify -q -z "$ZONE" --now="$NOW" got
}

for form in relaxed/relaxed simple/simple relaxed/simple simple/relaxed; do
	name=$(echo $form | tr / -)
	printf '%s\n' 'Subject: Hello,' ' you' 'From: Jane  <jane@example.org>' \
		'To: dev@lists.example.net' "$date" \
		'Message-ID: <1@example.org>' '' 'one ' '' 'two  three' '' '' |
		dkim-sign -d example.org -s r2048 -k keys/rsa2048.pem \
			--now="$NOW" -c $form >signed
	hashed "$name" signed
	cp signed altered
	echo '{"results":[{"explain":{"signature":1,"recipe":null}}]}' >json
	"$recipe" -h altered json >got && cmp got "$name.header"
	result $? "c=$form: the header that was hashed"
	"$recipe" -b altered json >got && cmp got "$name.body"
	result $? "c=$form: the body that was hashed"

	{
		sed -e '/^$/q' signed | sed -e '$d' -e 's/^To/X-Old/'
		printf '%s\n' 'To: other' '' 'above' 'one ' '' 'TWO' '---' 'list'
	} >altered
	cat >json <<-'END'
	{"a": [{"recipe": null}, {"signature": 1, "recipe": {
	"h": {"to": [{"d": [" dev@lists.example.net"]}], "x-old": []},
	"b": [{"c": [2, 3]}, {"d": ["two  three", ""]}]}}]}
	END
	case $form in
	simple/*)	# the case of the name is signed
		"$recipe" -b altered json >got && cmp got "$name.body"
		result $? "c=$form, altered: the body"
		;;
	*) applied "c=$form, altered" "$name" ;;
	esac
done

# refused TITLE STEPS: a recipe of the body
refused() {
	echo "{\"signature\":1,\"recipe\":{\"b\":$2}}" >json
	exits 65 "refused: $1" "$recipe" altered json
}
refused "a copy that is not in order" '[{"c":[2,2]},{"c":[1,1]}]'
refused "a copy twice" '[{"c":[1,2]},{"c":[2,3]}]'
refused "an end before the start" '[{"c":[2,1]}]'
refused "a line beyond the end" '[{"c":[1,1000]}]'
refused "a body that is not known" null
echo '{"recipe":null}' >json
exits 65 "refused: no recipe" "$recipe" altered json

# Several fields of a name, from the bottom.
printf '%s\n' 'A: 3' 'B: x' 'A: 2' 'a: 1' '' 'text' >altered
echo '{"recipe":{"h":{"a":[{"c":[1,1]},{"d":["new","er"]},{"c":[3,3]}]}}}' >json
printf '%s\r\n' 'B: x' 'A: 3' 'a:er' 'a:new' 'a: 1' '' 'text' >want
"$recipe" altered json >got
same "fields are numbered from the bottom" got want
finish
