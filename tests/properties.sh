# properties.sh: what is known of generated inputs. Source it after lib.sh.
#
#	holds PROPERTY LEAST TITLE
#			it was checked as often as LEAST percent of $count
#			inputs, and always held, by the lines "checked PROPERTY
#			N" and "fail PROPERTY ..." of $TMP/checks
# shellcheck shell=sh disable=SC2154 # the test sets count and seed

holds() {
	holds_count=$(sed -n "s/^checked $1 //p" "$TMP/checks")
	[ "$((${holds_count:-0} * 100))" -ge "$((count * $2))" ] &&
		! grep -q "^fail $1 " "$TMP/checks"
	result $? "$3" && return
	note "checked ${holds_count:-0} times; failed: $(grep -c "^fail $1 " \
		"$TMP/checks"); see $BUILD/property/$seed-*"
	note "$(grep "^fail $1 " "$TMP/checks" | head -n 8)"
}
