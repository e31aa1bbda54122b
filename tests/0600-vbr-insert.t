#!/bin/sh
# vbr-insert: each option, each identifier, each exit status.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/inserter.sh
. "${0%/*}/inserter.sh"
INSERTER=vbr-insert
MAIL=$DATA/message.eml
cd "$TMP" || exit 1

# writes FIELD TITLE ARG... <MESSAGE: this field, on one line, and no word
writes() {
	writes_field=$1 writes_title=$2
	shift 2
	vbr-insert "$@" >"$TMP/out" 2>"$TMP/err"
	writes_status=$?
	writes_got=$(sed -n '1,/^[^V \t]/p' "$TMP/out" | sed '$d' | tr -d '\n\r' |
		tr '\t' ' ' | tr -s ' ')
	[ $writes_status -eq 0 ] && [ ! -s "$TMP/err" ] &&
		[ "$writes_got" = "VBR-Info: $writes_field" ]
	result $? "$writes_title" && return
	note "status $writes_status: $writes_got; $(cat "$TMP/err")"
}

# --- the field ---

writes "md=example.org; mc=all; mv=v.example.net;" \
	"md= is the author's domain, mc= is all" -t v.example.net <"$MAIL"
cp out plain
{
	head -n 1 out
	cat "$MAIL"
} >want
same "the field goes on top, the rest is the message" want plain
exits 0 "-H writes the field alone" vbr-insert -H -t v.example.net <"$MAIL"
head -n 1 plain >want
same "and nothing else" want out
exits 0 "-a writes the message, too" vbr-insert -a -t v.example.net <"$MAIL"
same "as without" plain out
refuses 64 "-a and -H" "-a and -H are refused" -a -H -t v.example.net <"$MAIL"
for type in all list transaction; do
	writes "md=example.org; mc=$type; mv=v.example.net;" "-T $type" \
		-T "$type" -t v.example.net <"$MAIL"
done
exits 0 "another type" vbr-insert -T foo -t v.example.net <"$MAIL"
has "is written" "mc=foo;" out
has "and warned about: type-unknown" "vbr-insert: type-unknown: " err
for type in All 'a b' a1 a-b ''; do
	refuses 64 "-T: " "-T '$type' is refused" -T "$type" -t v.example.net \
		<"$MAIL"
done
writes "md=mail.example.com; mc=all; mv=v.example.net;" "-d" \
	-d Mail.example.COM. -t v.example.net <"$MAIL"
writes "md=xn--bcher-kva.example; mc=all; mv=xn--bcher-kva.example;" \
	"U-labels are written as A-labels" \
	-d "$(printf 'b\303\274cher.example')" \
	-t "$(printf 'B\303\274cher.example')" <"$MAIL"
refuses 64 "-d: " "-d that is not a domain is refused" -d a..b \
	-t v.example.net <"$MAIL"
refuses 64 "-t: " "-t that is not a host is refused" -t a..b <"$MAIL"
writes "md=example.org; mc=all; mv=b.example:a.example:c.example;" \
	"-t may be there several times, in order" \
	-t b.example -t a.example -t c.example <"$MAIL"
writes "md=example.org; mc=all; mv=b.example:a.example;" \
	"a double is left out" -t b.example -t a.example -t B.example. <"$MAIL"
sed 's/$/\r/' "$MAIL" >crlf
writes "md=example.org; mc=all; mv=v.example.net;" "a message of CRLF lines" \
	-t v.example.net <crlf
sed 's/$/\r/' plain >want
same "gets a field that ends so" want out
{
	echo 'From a@example.org Fri Nov 20 10:00:00 2026'
	echo '>From b@example.org Fri Nov 20 10:00:00 2026'
} >from
cat from "$MAIL" >mbox
exits 0 "after From lines" vbr-insert -t v.example.net <mbox
cat from plain >want
same "the field follows them" want out
set --
for i in 1 2 3 4 5 6 7 8 9; do
	set -- "$@" -t "certifier-$i.example.net"
done
exits 0 "many certifiers" vbr-insert -H "$@" <"$MAIL"
tr -d '\n' <out | grep -q 'mv=[a-z0-9.:-]*;$'
result $? "are without white space between them (RFC 5518 4)"
# One line has all certifiers: of 998 octets, and of one more.
label=$(printf '%050d' 0)
set --
for i in a b c d e f g h i j k l m n o; do
	set -- "$@" -t "$i$label.example"
done
last=$(printf '%060d' 0).$(printf '%032d' 0)
exits 0 "certifiers for a line of 998 octets" \
	vbr-insert -H "$@" -t "$last" <"$MAIL"
[ "$(awk '{ if (length > n) n = length } END { print n }' out)" -eq 998 ]
result $? "make one"
refuses 65 too-many-certifiers "one octet more is too-many-certifiers" \
	"$@" -t "${last}0" <"$MAIL"

# --- the author ---

author() {
	sed "s/^From:.*/From: $2/" "$MAIL" >mail
	if [ "$3" = - ]; then
		refuses 65 "no domain to be vouched for" "$1" \
			-t v.example.net <mail
		exits 0 "-d then says it" vbr-insert -d example.org \
			-t v.example.net <mail
	else
		writes "md=$3; mc=all; mv=v.example.net;" "$1" \
			-t v.example.net <mail
	fi
}
author "a U-label" 'A <a@b\xc3\xbccher.example>' xn--bcher-kva.example
author "two addresses of one domain" 'a@example.net, b@example.net' example.net
author "two addresses of two domains are refused" 'a@example.net, b@a.org' -
author "no address is refused" 'nobody:;' -
sed '/^From/d' "$MAIL" >mail
refuses 65 "no From" "no From is refused" -t v.example.net <mail
sed 's/^From.*/&\n&/' "$MAIL" >mail
refuses 65 "several From" "two From are refused" -t v.example.net <mail

# RFC 5518 4 takes domain-name from DKIM: two labels or more.
one_label='vbr-insert: one-label: a domain of one label cannot be vouched for (RFC 5518 4): localhost'
refuses 64 "-d: a domain of two labels or more is needed (RFC 6376 3.5)" \
	"a domain of one label in -d is 64" -d localhost -t v.example.net \
	<"$MAIL"
sed 's/^From:.*/From: a@localhost/' "$MAIL" >mail
echo '* all x.example' >t
for choice in -tv.example.net --table=t; do
	exits 0 "an author there: $choice" vbr-insert "$choice" <mail
	same "passes without the field" mail out
	[ "$(cat err)" = "$one_label" ]
	result $? "with a warning" || note "$(cat err)"
	exits 0 "--no-warnings" vbr-insert --no-warnings "$choice" <mail
	[ ! -s err ]
	result $? "leaves that out"
	refuses 65 "$one_label" "--require refuses it" --require "$choice" <mail
	exits 0 "-d helps" vbr-insert -d example.org "$choice" <mail
	has "it is labelled" "md=example.org;" out
done
writes "md=example.org; mc=all; mv=certifier;" "a certifier may have one" \
	-t certifier <"$MAIL"
echo '.localhost all x.example' >t
writes "md=a.localhost; mc=all; mv=x.example;" "so may what a name is below" \
	--table=t -d a.localhost <"$MAIL"

# --- fields that are there ---

{
	echo 'VBR-Info: md=example.org; mc=list; mv=old.example'
	cat "$MAIL"
} >mail
refuses 65 type-differs "another mc= is type-differs" -d example.com \
	-t v.example.net <mail
refuses 65 already-there "the same md= is already-there" -T list \
	-t v.example.net <mail
exits 0 "another md= with the same mc= is right" \
	vbr-insert -T list -d example.com -t v.example.net <mail
{
	echo 'VBR-Info: md=example.com; mc=list; mv=v.example.net;'
	cat mail
} >want
same "both stay, the new one on top" want out
exits 0 "--replace" vbr-insert --replace -T list -t v.example.net <mail
{
	echo 'VBR-Info: md=example.org; mc=list; mv=v.example.net;'
	cat "$MAIL"
} >want
same "puts the new field in the place of the old" want out
exits 0 "--replace, also of another mc=" \
	vbr-insert --replace -t v.example.net <mail
same "with the new one" plain out
{
	echo 'VBR-Info: mv=x.example; MC=ALL; md=Example.ORG.'
	echo 'X-A: 1'
	echo 'vbr-info: md=example.org; mc=list;'
	echo '	mv=old.example:older.example'
	echo 'X-B: 2'
	echo 'VBR-Info: md=example.com; mc=all; mv=y.example'
	cat "$MAIL"
} >mail
exits 0 "--replace takes all of this domain away" \
	vbr-insert --replace -t v.example.net <mail
{
	head -n 1 plain
	echo 'X-A: 1'
	echo 'X-B: 2'
	echo 'VBR-Info: md=example.com; mc=all; mv=y.example'
	cat "$MAIL"
} >want
same "in any case and form, and no others" want out
refuses 65 type-differs "--replace leaves type-differs of others" --replace \
	-T list -t v.example.net <mail
exits 0 "--replace without a field to replace" \
	vbr-insert --replace -t v.example.net <"$MAIL"
same "adds one" plain out
for body in 'md=example.org; mc=all' 'hello' 'md=a..b; mc=all; mv=x.example' \
	'md=example.org; md=x.org; mc=all; mv=x.example'; do
	{
		echo "VBR-Info: $body"
		cat "$MAIL"
	} >mail
	exits 0 "a field that cannot be read stays: $body" \
		vbr-insert -t v.example.net <mail
	has "and is warned about: vbr-info-syntax" \
		"vbr-insert: vbr-info-syntax: " err
done
refuses 64 "-H" "-H does not --replace" -H --replace -t v.example.net <mail

# --- --table ---

cat >table <<-'EOT'
	# domain  type  certifiers
	example.org    all    a.example b.example
	.example.org   list   c.example   # below
	B\303\274cher.example  transaction  d.example
	example.org    list   never.example

	*              all    z.example
EOT
printf '%b\n' "$(cat table)" >t && mv t table
writes "md=example.org; mc=all; mv=a.example:b.example;" \
	"--table: the first line that matches" --table=table <"$MAIL"
writes "md=sub.example.org; mc=list; mv=c.example;" \
	"a dot is for names below" --table=table -d sub.example.org <"$MAIL"
writes "md=a.b.example.org; mc=list; mv=c.example;" \
	"all of them" --table=table -d a.b.example.org <"$MAIL"
writes "md=anexample.org; mc=all; mv=z.example;" \
	"an asterisk is for all others" --table=table -d anexample.org <"$MAIL"
writes "md=xn--bcher-kva.example; mc=transaction; mv=d.example;" \
	"names may be U-labels" --table=table -d xn--bcher-kva.example <"$MAIL"
sed '/^\*/d' table >t
exits 0 "a domain that is not listed" vbr-insert --table=t -d x.org <"$MAIL"
same "passes unchanged" "$MAIL" out
exits 0 "with -H" vbr-insert -H --table=t -d x.org <"$MAIL"
[ ! -s out ]
result $? "nothing is written"
refuses 65 no-certifier "--require refuses it: no-certifier" --require \
	--table=t -d x.org <"$MAIL"
sed '/^From/d' "$MAIL" >mail
exits 0 "a message without an author is not listed" \
	vbr-insert --table=table <mail
same "and passes" mail out
echo 'example.org foo a.example' >t
exits 0 "a type of one's own in a table" vbr-insert --table=t <"$MAIL"
has "is warned about" "type-unknown: " err
while IFS='|' read -r line wrong; do
	printf '* all x.example\n# two\n%b\n' "$line" >t
	refuses 78 "t:3: not PATTERN TYPE CERTIFIER...: $wrong" \
		"a line '$line' is 78, with its number and $wrong" --table=t \
		<"$MAIL"
done <<-'EOT'
	example.org all|2 columns
	example.org|1 column
	a..b all x.example|'a..b' is not a pattern, which is example.org, .example.org (the names below it) or * (all names)
	*.org all x.example|'*.org' is not a pattern, which is
	example.org All x.example|TYPE 'All' is not a lower-case word
	example.org all x.example a..b|CERTIFIER 'a..b' is not a host name
	example.org all \0x.example|a NUL character
	localhost all x.example|PATTERN 'localhost' is a domain of one label, which cannot be vouched for (RFC 5518 4)
	"example.org all x.example|a quote that is not closed
EOT
exits 75 "with --defer it is 75" vbr-insert --defer --table=t <"$MAIL"
refuses 66 "none: " "a table that is not there is 66" --table=none <"$MAIL"
exits 75 "with --defer it is 75" vbr-insert --defer --table=none <"$MAIL"
exits 111 "--exit-map=noinput=111" \
	vbr-insert --exit-map=noinput=111 --table=none <"$MAIL"
refuses 64 "--table" "--table with -t is refused" --table=table \
	-t x.example <"$MAIL"
refuses 64 "--table" "--table with -T is refused" --table=table -T all <"$MAIL"
refuses 64 "certifier" "neither is refused" <"$MAIL"

# --- --verify ---

cat >zone <<-'EOT'
	example.org._vouch.good.example.  TXT "all"
	example.org._vouch.typed.example. TXT "list transaction"
	example.org._vouch.both.example.  TXT "list" 
	example.org._vouch.both.example.  TXT "hello, World"
	example.org._vouch.nodata.example. A 192.0.2.1
	example.org._vouch.bad.example.   TXT "Buy vouches!"
	example.org._vouch.empty.example. TXT ""
	example.org._vouch.several.example. TXT "all"
	example.org._vouch.several.example. TXT "list"
	example.org._vouch.cname.example. CNAME example.org._vouch.good.example.
	example.org._vouch.loop.example.  CNAME example.org._vouch.loop.example.
	;!TIMEOUT example.org._vouch.slow.example. TXT
	;!SERVFAIL example.org._vouch.fail.example. TXT
EOT

# left ID CERTIFIER [TYPE]: the certifier is left out, with this identifier
left() {
	exits 0 "--verify leaves out: $1 ($2)" vbr-insert --verify -z zone \
		-T "${3-all}" -t "$2" -t good.example <"$MAIL"
	has "with a warning" "vbr-insert: $2: $1: " err
	[ "$(wc -l <err)" -eq 1 ]
	result $? "that alone"
	has "the other one stays" "mv=good.example;" out
	exits 0 "none left: no field" vbr-insert --verify -z zone \
		-T "${3-all}" -t "$2" <"$MAIL"
	same "and the message passes" "$MAIL" out
	refuses 65 no-certifier "--require refuses that" --require --verify \
		-z zone -T "${3-all}" -t "$2" <"$MAIL"
	has "with the warning" "$2: $1: " err
}
left not-listed unknown.example
left not-listed nodata.example
left not-this-type typed.example
left bad-record bad.example
left bad-record empty.example
left multiple-records several.example
left dns-timeout slow.example
left dns-servfail fail.example
left dns-loop loop.example
writes "md=example.org; mc=all; mv=good.example:cname.example;" \
	"who vouches for all is named" --verify -z zone -t good.example \
	-t cname.example <"$MAIL"
writes "md=example.org; mc=list; mv=typed.example:good.example;" \
	"and the one that vouches for this type" --verify -z zone -T list \
	-t typed.example -t good.example <"$MAIL"
writes "md=example.org; mc=list; mv=both.example;" \
	"a record that is not a list of types is discarded beside one that is" \
	--verify -z zone -T list -t both.example <"$MAIL"
exits 75 "--defer: a temporary failure is 75" vbr-insert --defer --verify \
	-z zone -t good.example -t slow.example <"$MAIL"
[ ! -s out ]
result $? "and nothing is written"
exits 111 "--exit-map=temperror=111" vbr-insert --defer --verify -z zone \
	--exit-map=temperror=111 -t fail.example <"$MAIL"
exits 0 "--defer does not defer others" vbr-insert --defer --verify -z zone \
	-t bad.example <"$MAIL"
echo '* all bad.example typed.example good.example' >t
exits 0 "--verify goes with --table" vbr-insert --verify -z zone \
	--table=t <"$MAIL"
has "and names who vouches" "mv=good.example;" out
writes "md=example.org; mc=all; mv=bad.example;" "--set is believed" --verify \
	-z zone --set='example.org._vouch.bad.example TXT all' \
	-t bad.example <"$MAIL"
exits 0 "--dns-log writes the answers" vbr-insert --verify -z zone \
	--dns-log=log -t slow.example -t good.example -t bad.example <"$MAIL"
cp out want
cp err want.err
exits 0 "for --zone" vbr-insert --verify -z log -t slow.example \
	-t good.example -t bad.example <"$MAIL"
same "with the same field" want out
same "and warnings" want.err err
exits 0 "without --verify nothing is queried" \
	vbr-insert -t slow.example <"$MAIL"
has "and all are named" "mv=slow.example;" out
refuses 66 "none: " "a zone that is not there is 66" --verify -z none \
	-t good.example <"$MAIL"
refuses 78 "table:1: " "a malformed zone is 78" --verify -z table \
	-t good.example <"$MAIL"
for option in "-z=zone" "-n=127.0.0.1" "--dns-log=x" "--set=a TXT b"; do
	refuses 64 "--verify" "$option goes with --verify" "$option" \
		-t good.example <"$MAIL"
done
refuses 64 "--timeout" "--timeout=0 is refused" --verify -z zone \
	--timeout=0 -t good.example <"$MAIL"
refuses 64 "--nameserver" "--nameserver wants an address" --verify -n x \
	-t good.example <"$MAIL"

# --- input and usage ---

try_input -t v.example.net
refuses 64 "--exit-map" "--exit-map wants names" --exit-map=x=1 \
	-t v.example.net <"$MAIL"
try_full -t v.example.net
try_help --certifier
finish
