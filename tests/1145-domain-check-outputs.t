#!/bin/sh
# What domain-check tells people of the most common situations of real domains
# (data/domain-check/outputs/cases), as it was read and found good: the screen
# of 80 columns, and the annotations of --github. VOUCH_SCREENS=update writes
# them anew, to be read before they are committed.
# SPDX-License-Identifier: ISC
# shellcheck source=tests/lib.sh disable=SC2317 # called by their names
. "${0%/*}/lib.sh"
cd "$DATA/domain-check" || exit 1
needs "$BUILD/bin/domain-check"
at_terminal true || skip_all 'no terminal by script(1)'
OUTPUTS=$DATA/domain-check/outputs
COLUMNS=80 NO_COLOR=1
export COLUMNS NO_COLOR

# zone_of: writes the zone of the situation.
zone_of() {
	{ grep -v -E "${drop:-^$}" "$base"; printf '%s' "$add"; } |
		sed -e 's/^\([^;][^ ]*\) /\1 IN /' -f keys.sed >"$TMP/zone"
}

show() {
	[ -n "$title" ] || return 0
	zone_of
	printf '=== %s\n$ domain-check %s\n' "$title" "$args"
	at_terminal "cd $TMP && domain-check -z zone --now=$NOW $args"
	tr -d '\r' <"$TMP/out"
}

annotate() {
	[ -n "$title" ] || return 0
	zone_of
	printf '=== %s\n' "$title"
	# shellcheck disable=SC2086 # options
	(cd "$TMP" && domain-check -z zone --github $args)
}

newline='
'
begin() {
	title=$1 base=sound.zone drop='' add='' args='-s r1 example.org'
}

# each COMMAND: runs it for each situation.
each() {
	begin ''
	while IFS= read -r line; do
		value=${line#*:}
		value=${value# }
		case $line in
		case:*)
			"$1"
			begin "$value"
			;;
		zone:*) base=$value ;;
		drop:*) drop=${drop:+$drop|}$value ;;
		add:*) add=$add$value$newline ;;
		args:*) args=$value ;;
		esac
	done <"$OUTPUTS/cases"
	"$1"
}

each show >"$TMP/screens"
each annotate >"$TMP/annotations"
for file in screens annotations; do
	[ "${VOUCH_SCREENS:-}" != update ] ||
		cp "$TMP/$file" "$OUTPUTS/$file"
	ok "the $file are those that were read" \
		diff -u "$OUTPUTS/$file" "$TMP/$file" || cat "$TMP/ok.out"
done
ok 'they are of many situations' [ "$(grep -c '^=== ' "$TMP/screens")" -ge 40 ]

# A line to be copied into a zone is never folded. An octet of UTF-8 that follows
# another takes no column.
grep -v -E '^    (add   |remove) ' "$TMP/screens" | tr -d '\200-\277' |
	awk '!/^(===|\$)/ && length > 80' >"$TMP/wide"
ok 'no other line is wider than 80 columns' [ ! -s "$TMP/wide" ]
sed -n 's/^    add    //p' "$TMP/screens" >"$TMP/added"
ok 'what is added is a line of a zone each' [ "$(grep -c \
	'^[^ ]*\. IN TXT "[^"]*"\( "[^"]*"\)*$' "$TMP/added")" -eq \
	"$(wc -l <"$TMP/added")" ]
finish
