# growth.sh: how the work grows with an input; a part of run. One tool for each
# input, or all where there are more rounds. 2 is linear.
# shellcheck shell=sh
# shellcheck source=tests/growth.sh
. "$ROOT/tests/growth.sh"
if can_count; then
	mkdir growth && cd growth || exit 1
	ln -s ../keys .
	seen=
	growths >cases
	while IFS='|' read -r title shape size command; do
		[ "$title" != "$seen" ] || [ "${BENCH_ROUNDS-}" ] || continue
		seen=$title
		growth "$shape" "$size" "$command" || exit 1
		printf '%-62s ratio %s of instructions (aim: at most 2.20)\n' \
			"${command%% *}, $title, to half of it" "$growth"
	done <cases
	cd .. || exit 1
else
	absent 'inputs to half of them, by instructions' valgrind
fi
