#!/bin/sh
# An input twice as large takes twice the work, in all that reads it: no tool has
# a quadratic loop that a large header, signature list, address list, zone or
# trusted field runs into. Slow: valgrind takes 50 times as long.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/growth.sh
. "${0%/*}/../growth.sh"
can_count || skip_all "no valgrind, or tools that it cannot run"
cd "$TMP" || exit 1

# grows_alike AT_MOST: $growth is, in hundredths without a point
grows_alike() {
	[ "${growth%.*}${growth#*.}" -le "$1" ]
}

growths >cases
ok "there are cases" test -s cases
while IFS='|' read -r title shape size command; do
	growth=none
	growth "$shape" "$size" "$command" && grows_alike 250
	result $? "${command%% *}, $title ($shape): at most 2.5 times half of it" ||
		note "$growth: $command"
done <cases
finish
