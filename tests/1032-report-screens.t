#!/bin/sh
# The screen of dmarc-report for three prepared archives, at 80 and 120 columns
# and in a pipe, as it was read and found good: a small firm, a mailing company
# with forwarders, a bank under attack. A stranger finds the answers on it. Then
# the rule of each source. VOUCH_SCREENS=update writes the screens anew, to be
# read before they are committed.
# shellcheck source=tests/lib.sh disable=SC2016
. "${0%/*}/lib.sh"
# shellcheck source=tests/archives.sh
. "${0%/*}/archives.sh"
needs "$BUILD/tests/helper/pack"

SCREENS=$DATA/report-screens
NOW=2026-11-30T12:00:00Z	# after all reports
cd "$TMP" || exit 1
mkdir got
if ! at_terminal true; then
	skip_all 'no terminal by script(1)'
fi
for name in firm mailing attack rules; do
	archive $name $name || exit 1
done

# shows NAME OPTION...: its screens, without colours.
shows() {
	name=$1
	shift
	for width in 80 120; do
		COLUMNS=$width NO_COLOR=1 at_terminal "dmarc-report --now=$NOW $*"
		tr -d '\r' <out >"got/$name.$width"
		ok "$name: no line is over $width columns" awk -v width=$width \
			'length > width { exit 1 }' "got/$name.$width"
		case $name in firm | mailing | attack)
			ok 'one screen: at most 40 lines' \
				[ "$(wc -l <"got/$name.$width")" -le 40 ] ;;
		esac
	done
	exits 0 "$name: in a pipe" dmarc-report --now="$NOW" "$@"
	cp out "got/$name.pipe"
	ok 'nothing is told on stderr' [ ! -s err ]
	for width in 80 120 pipe; do
		ok "no line of $width ends with a blank" \
			awk '/ $/ { exit 1 }' "got/$name.$width"
		shares "got/$name.$width"
	done
}

# The shares of the groups never add up to more than all.
shares() {
	ok "the shares of $1 are at most 100.0%, at least 99.7%" awk '
		/^[a-z ]+: [0-9,]+ messages?, [0-9.]+%/ {
			sub(/.* messages?, /, "")
			sum += $0
			n++
		}
		END { exit !(n && sum < 100.04 && sum > 99.65) }' "$1"
}

# group TITLE: the lines of that group on the last screen.
group() {
	sed -n "/^$1: /,/^\$/p" "got/$name.pipe" >lines
}

# --- a small firm ---

shows firm firm
group aligned
has 'who sends for me: the office suite' '203.0.113.0/24 (5)  ' lines
has 'by its selector' 'example.org office1' lines
has 'and its own server' '192.0.2.25  ' lines
group 'partly aligned'
has 'a newsletter firm, by its bounces' \
	'example.org k1 (bounce.letters.example)' lines
has 'with what to do' 'SPF no: send with MAIL FROM of your domain' lines
has 'a shop that does not sign' 'DKIM no: sign with d= of your domain' lines
has 'what would p=reject cost' 'with p=reject 713 would have been refused' out
group 'not yours'
has 'a third of it is new' ': 713 messages, 2.8%; 269 from new sources' lines
has 'what is new: a service that signs for itself' \
	'* 203.0.113.140  ' lines
has 'it has a name' 'crm.example c2 (crm.example)' lines
has 'who forwards: a university' '198.51.100.66  ' "got/firm.80"
group 'forwarders and lists'
has 'and a list' 'club.example l (lists.club.example)' lines
has 'which a reporter let through' '  307 are not aligned: ' lines
has 'who is silent' 'silent in the last 7 days: tiny.example (last 17 Nov 2026)' \
	out
has 'the policy' 'policy: p=none (1 to 28 Nov 2026)' out

# The same with the DNS as it is today.
shows firm-spf --spf --dkim -z "$DATA/archives/firm.zone" firm
has 'which include is unused' \
	'  include:spf.fax.example            3         0         0  unused' out
has 'what it costs' '5 of 10 lookups; 2 without what is unused' out
has 'which key is missing' \
	'k1 example.org           6,523  100.0%  28 Nov 2026  no key is published' \
	out

# --- a mailing company ---

shows mailing mailing
has 'what is new: a cluster, which is aligned' \
	'* new in the last 7 days, aligned: 42,406 from 2001:db8:a::/48 (12)' out
lacks 'nothing else is' 'new in the last 7 days, not aligned' out
group 'partly aligned'
has 'the platform whose key is gone' \
	'13,304  yes   no    none         example.com old' lines
group 'forwarders and lists'
has 'who forwards: some with an exception by ARC' \
	'example.com m1 (relay.alumni.example)' lines
has 'what is left is counted' '  and 203 more: 5,437' lines
has 'the policy has changed' \
	'policy: p=none (8 to 21 Nov 2026), p=quarantine (22 to 28 Nov 2026)' out

# --- under attack ---

shows attack attack
has 'what p=reject refuses' \
	'with p=reject 247,072 would have been refused' out
group 'not yours'
has 'is new' '247,072 messages, 78.5%; 246,441 from new sources' lines
has 'some of it signs for itself' 'cheap.example x (cheap.example)' lines
has 'some is of a subdomain' 'bank.example b1 as login.bank.example' lines
has 'one that is new is ours, as it is aligned' \
	'* new in the last 7 days, aligned: 128 from 203.0.113.9' out

# --- each rule ---

shows rules -v --top=0 rules
while read -r address rule; do
	grep " $address  .* $rule\$" got/rules.120 >lines
	ok "$address is in its group by $rule" lines 1 lines
done <<'EOF'
192.0.2.1 reason-forwarded
192.0.3.2 reason-trusted-forwarder
192.0.4.3 reason-mailing-list
192.0.5.4 reason-local-policy-arc
198.51.100.5 dkim-aligned-spf-broken
198.51.100.6 both-aligned
203.0.113.7 only-dkim-aligned
203.0.113.8 only-spf-aligned
203.0.113.9 neither-aligned
198.18.1.1 neither-aligned
198.18.1.2 neither-aligned
198.18.2.3 only-dkim-aligned
EOF
sed -n 's/^	X([A-Z_]*, [A-Z]*, "\(.*\)").*/\1/p' \
	"$ROOT/common/report/verdict.h" >ids
while read -r rule; do
	has "$rule has a case" " $rule" got/rules.pipe
done <ids
ok 'these are all rules' [ -s ids ]
lacks 'a source known by another group is not new' '* 203.0.113.8' out
dmarc-report --now="$NOW" rules >out
lacks 'without -v no rule is shown' 'neither-aligned' out

# --- the screens as they were read ---

for screen in got/*; do
	name=$(basename "$screen")
	[ "${VOUCH_SCREENS:-}" != update ] || cp "$screen" "$SCREENS/$name"
	ok "the screen $name is the one that was read" \
		diff -u "$SCREENS/$name" "$screen" || cat "$TMP/ok.out"
done
finish
