#!/bin/sh
# Messages that want to be vouched for as another's (data/vbr/attacks.tsv): none
# gets a pass that it should not get, nor a field that is added for a pass, and
# none writes into the field of the verdict.
#
# Columns: a name; the exit status; what the report begins with behind "vbr=";
# the signature ("-", "evil", "bank" or a whole tag list); what is changed in
# the signed message, for sed, or "-"; the options ("-": evil.example sends it);
# the header fields that are signed ("~" is a line end, escapes of printf's %b);
# a title.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"
# shellcheck source=tests/attacks.sh
. "${0%/*}/attacks.sh"
ID=mx.example.net
cd "$TMP" || exit 1

# Bank.example and what is below it is vouched for, and what is in the place of
# evil.example by its own certifier alone. All that is below evil.example has a
# key, permission and that certifier.
cat >zone <<END
bank.example. TXT "v=spf1 ip4:192.0.2.1 -all"
r2048._domainkey.bank.example. TXT $(text_of r2048)
bank.example._vouch.certifier.example. TXT "all"
bank.example._vouch.dwl.example. A 127.0.2.3
news.bank.example._vouch.certifier.example. TXT "all"
www.news.bank.example._vouch.certifier.example. TXT "all"
bank.example.evil.example._vouch.certifier.evil.example. TXT "all"
evil.example._vouch.certifier.evil.example. TXT "all"
*._vouch.certifier.evil.example. TXT "all"
*.evil.example. TXT "v=spf1 +all"
*.evil.example. TXT $(text_of ed)
evil.example. TXT "v=spf1 +all"
mail.evil.example. TXT "v=spf1 +all"
ed._domainkey.evil.example. TXT $(text_of ed)
ed._domainkey.news.bank.example. TXT $(text_of ed)
news.bank.example. TXT "v=spf1 +all"
END

# sign SIGNATURE <MESSAGE
sign() {
	case $1 in
	-) cat ;;
	evil) sign "d=evil.example; s=ed" ;;
	bank) sign "a=rsa-sha256; d=bank.example; s=r2048" ;;
	v=*h=*b=) "$MKSIG" "$key" "$1" ;;
	*h=*) sign "v=1; $1; bh=%BH%; b=" ;;
	*a=*) sign "$1; h=from:subject:vbr-info:vbr-info" ;;
	*) sign "a=ed25519-sha256; $1" ;;
	esac
}

judge() {
	vbr-check --authserv-id="$ID" --now "$NOW" --zone zone \
		-t certifier.example -t dwl.example/a "$@" <message
}

grep -v '^#' "$DATA/vbr/attacks.tsv" >cases
while IFS=$TAB read -r name status words signature change options fields title
do
	[ "$change" != - ] || change=
	key=keys/ed25519.pem
	case $signature in
	*a=rsa* | bank) key=keys/rsa2048.pem ;;
	esac
	{
		printf '%b' "$(printf '%s~' "$fields" | sed 's/~/\\n/g')"
		cat "$DATA/message.eml"
	} | sign "$signature" | sed "$change" >message
	eval "set -- $(sent_as "$options")"
	judge -r "$@" >report 2>err
	got=$?
	case "$got vbr=$words" in
	"$status $(head -n 1 report | cut -c "-$((4 + ${#words}))")") true ;;
	*) false ;;
	esac
	result $? "$name: $title: vbr=$words" ||
		note "status $got, wanted $status: $(cat report err)"
	ok "$name: the report is of printable lines, each a result" \
		printable vbr report
	judge -a --on-pass='X-Vouched: yes' "$@" >out 2>err
	sed '1b
/^[ \t]/!Q' out >field
	ok "$name: the field has this result, and nothing of the sender's" \
		harmless vbr "${words%% *}" field || note "$(cat field err)"
	[ "${words%% *}" = pass ] && vouched=1 || vouched=0
	[ "$(sed '/^$/q' out | grep -c -i '^x-vouched')" -eq "$vouched" ]
	result $? "$name: what is added for a pass is there $vouched times" ||
		note "$(sed '/^$/q' out)"
done <cases
finish
