#!/bin/sh
# What the mail of others taught: trusted results as other programs write them,
# a file's name where it is needed, reasons that say what is invalid.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
cd "$TMP" || exit 1
cat >zone <<'END'
_dmarc.shop.example. TXT "v=DMARC1; p=reject"
shop.example. A 192.0.2.1
s._domainkey.shop.example. TXT "v=DKIM1\\; k=rsa\\; p=AAAA"
null.example. TXT "v=spf1 mx -all"
null.example. MX 0 .
END
printf 'From: a@shop.example\n\nhi\n' >plain

# trusts STATUS TITLE FIELD: dmarc-eval with a field of mx.there.example
trusts() {
	{
		echo "Authentication-Results: mx.there.example; $3"
		cat plain
	} >m
	exits "$1" "$2" dmarc-eval -r -z zone --now "$NOW" \
		--trusted-id=mx.there.example m
}
trusts 0 'a field to the letter' 'dkim=pass header.d=shop.example'
trusts 0 'a property without a dot' \
	'dkim=pass header.d=shop.example header.a=rsa-sha256 x-bits=2048'
has 'is a note' results-partly-read out
trusts 0 'a bare slash' 'dkim=pass header.d=shop.example header.b=AbC/1xyZ'
trusts 0 'a bare IPv6 address of another method' \
	'dkim=pass header.d=shop.example; iprev=pass smtp.remote-ip=2001:db8::1'
lacks 'is not worth a word' results-partly-read out
trusts 6 'another domain with a slash gains nothing' \
	'dkim=pass header.d=attacker.example header.b=ab/defgh'
trusts 6 'nor does an address that is only a text' \
	'dkim=pass header.d=attacker.example header.b=@shop.example'
trusts 3 'a domain that is there twice names none' \
	'dkim=pass header.d=shop.example header.d=attacker.example'

# --- names of files ---

mkdir folder
cp plain folder/1
name() {		# name TITLE PREFIX ARG...
	name_title=$1 name_prefix=$2
	shift 2
	dkim-verify -z zone --now "$NOW" "$@" >out 2>err
	[ "$(sed 1q out | cut -c "1-${#name_prefix}")" = "$name_prefix" ]
	result $? "$name_title" || note "$(cat out err)"
}
name 'a folder of one message' 'folder/1: dkim=' folder
echo folder/1 >list
name 'a list of one' 'folder/1: dkim=' --files-from=list
{
	echo 'From a@shop.example Fri Nov 20 10:00:05 2026'
	cat plain
} >mbox
name 'an mbox of one' 'mbox' mbox
name 'one file' 'dkim=' plain
name 'one file, --with-filename' 'plain: dkim=' --with-filename plain
name 'two files, --no-filename' 'dkim=' --no-filename plain folder/1

# --- reasons ---

hash=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
signed() {		# signed TAGS: dkim-verify's words
	(echo "DKIM-Signature: $1" && cat plain) |
		dkim-verify -r -z zone --now "$NOW" >out 2>err
}
signed 'v=1; a=rsa-sha256; d=shop.example; s=s; h=from; bh=!; b=aaaa'
has 'a tag that cannot be parsed is named' 'bh=' out
signed 'v=1; a=rsa-sha256; s=s; h=from; bh=aaaa; b=aaaa'
has 'so is one that is missing' ' d=' out
signed 'v=1; a=rsa-sha256; d=shop.example; s=s; s=t; h=from; bh=aaaa; b=aaaa'
has 'and one that is there twice' ' s=' out
signed "v=1; a=rsa-sha256; d=shop.example; s=s; h=from; bh=$hash; b=aaaa"
lacks 'a record that is there is not "no key is published"' 'no-key' out
has 'it is not a key record' 'not-a-key: ' out
printf '\357\273\277From: a@shop.example\n\nhi\n' |
	dkim-verify -r -z zone --now "$NOW" >out 2>err
cat err >>out
has 'a byte order mark is named' 'byte order mark' out
printf '\nFrom: a@shop.example\n\nhi\n' |
	dkim-verify -r -z zone --now "$NOW" >out 2>err
cat err >>out
has 'an empty line in front is' 'empty line' out
spf-query -Q --tree -z zone -i 192.0.2.1 -f a@null.example >out 2>err
grep -i 'null MX' out >line
[ -s line ]
result $? 'a null MX is named in a tree' || note "$(cat out)"
printf 'From: \n\nhi\n' >empty
dmarc-eval -r -z zone --now "$NOW" -i 192.0.2.1 -f a@shop.example empty >out 2>err
has 'an empty From is' 'from-empty' out
finish
