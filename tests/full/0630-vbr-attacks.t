#!/bin/sh
# Messages that want to be vouched for as another's (data/vbr/attacks.tsv): none
# gets a pass that it should not get, nor a field that is added for a pass, and
# none writes into the field of the verdict.
#
# Columns: a name; the exit status; what the report begins with after "vbr=";
# the signature ("-", "evil", "bank" or a whole tag list); what is changed in
# the signed message, for sed, or "-"; the options ("-": evil.example sends it);
# the header fields that are signed ("~" is a line end, escapes of printf's %b);
# a title.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"
# shellcheck source=tests/cases.sh
. "$ROOT/tests/cases.sh"
# shellcheck source=tests/attacks.sh
. "$ROOT/tests/attacks.sh"
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

evaluate() {
	vbr-check --authserv-id="$ID" --now "$NOW" --zone zone \
		-t certifier.example -t dwl.example/a "$@" <message
}

# pass_fields <FILTERED: the field on top of each message that record() has goes
# to $TMP/fields; and is what is added for a pass there if, and only if, it is one?
pass_fields() {
	tr '\000' '\002' | awk -F '\t' '
	FNR == 1 { file++ }
	file == 1 && !/^#/ {
		name[++cases] = $1
		times[cases] = $3 ~ /^pass/
	}
	file == 2 && FNR % 2 {
		n++
		lines = split($0, line, "\n")
		for (i = 1; i <= lines && (i == 1 || line[i] ~ /^[ \t]/); i++)
			print line[i] >"fields"
		vouched = 0
		for (i = 1; i <= lines && line[i] != ""; i++)
			vouched += tolower(line[i]) ~ /^x-vouched/
		print (vouched == times[n] ? 0 : 1) "\t" name[n] ": what is" \
		    " added for a pass is there " times[n] " times"
		if (vouched != times[n])
			print "#\t" vouched ": " line[1]
	}' "$DATA/vbr/attacks.tsv" RS='\001' -
}

cp "$DATA/message.eml" original
MESSAGE=$(cat original)
: >filtered
begin_record
while IFS=$TAB read -r name _ _ signature change options fields _; do
	case $name in
	'#'*) continue ;;
	esac
	key=keys/ed25519.pem
	case $signature in
	*a=rsa* | bank) key=keys/rsa2048.pem ;;
	esac
	while :; do
		case $fields in
		*~*) fields=${fields%%~*}\\n${fields#*~} ;;
		*) break ;;
		esac
	done
	printf '%b\n%s\n' "$fields" "$MESSAGE" | sign "$signature" >message
	[ "$change" = - ] || sed -i "$change" message
	eval "set -- $(sent_as "$options")"
	record evaluate -r "$@"
	evaluate -a --on-pass='X-Vouched: yes' "$@" 2>/dev/null >>filtered
	printf '\001%d\001' $? >>filtered
done <"$DATA/vbr/attacks.tsv"
pass_fields <filtered >vouched
evaluate_attacks vbr "$DATA/vbr/attacks.tsv"
tally vouched
finish
