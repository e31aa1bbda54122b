# cases.sh: tests of a tool's options from tables, for the tests that source it
# after lib.sh, and are in the directory of the tables.
#	try_usage TOOL RUN	each line of "usage" (what the error must name, a
#				tab, options) ends with 64 and one line
#	try_cases RUN		the cases of "cases", which says how to write one
#	try_options TOOL LEAST FILE...
#				every option of --help, and there are so many, is
#				in one of the files, or in 0100-cli.t
#	gather			puts messages of the directory into $TMP/Maildir
#				(received, and the new relayed), $TMP/folder
#				(received, forged), $TMP/mbox (both, from-line)
# RUN is a function that runs the tool with the options that all cases share.
# shellcheck shell=sh disable=SC2119,SC2120

cases_tab='	'

refused() {
	[ "$status" -eq 64 ] && [ ! -s "$TMP/out" ] &&
		[ "$(wc -l <"$TMP/err")" -eq 1 ] &&
		grep -q "^$cases_tool: " "$TMP/err" &&
		[ "$(tr -d '\n\040-\176' <"$TMP/err" | wc -c)" -eq 0 ] &&
		grep -q -F -e "$name" "$TMP/err"
}

# The message $MAIL is on stdin, where there is one.
try_usage() {
	cases_tool=$1 cases_run=$2
	while IFS=$cases_tab read -r name options; do
		case $name in
		'#'*) continue ;;
		esac
		eval "set -- $options"
		$cases_run "$@" <"$MAIL" >"$TMP/out" 2>"$TMP/err"
		status=$?
		refused
		result $? "64, and a line that names $name: $options" ||
			note "$status: $(head -c 300 "$TMP/out" "$TMP/err")"
	done <usage
}

begin() {
	args='' stdin=/dev/null status='' has_out=''
	for file in want has lacks err.has; do
		: >"$TMP/$file"
	done
}

# as_wanted: the last run is what the case says
as_wanted() {
	[ "$got" -eq "$status" ] || return
	[ -z "$has_out" ] || cmp -s "$TMP/out" "$TMP/want" || return
	shows "$TMP/out" "$TMP/has" "$TMP/lacks" || return
	shows "$TMP/err" "$TMP/err.has" /dev/null || return
	[ -s "$TMP/err.has" ] || [ ! -s "$TMP/err" ]
}

run() {
	[ -n "$status" ] || return 0
	eval "set -- $args"
	$cases_run "$@" <"$stdin" >"$TMP/out" 2>"$TMP/err"
	got=$?
	as_wanted
	result $? "$title" && return
	note "status $got: $args"
	note "$(head -c 4000 "$TMP/out")" "$(head -c 2000 "$TMP/err")"
}

try_cases() {
	cases_run=$1
	begin
	while IFS= read -r line; do
		value=${line#*:}
		value=${value# }
		case $line in
		'#'* | '') ;;
		case:*)
			run
			begin
			title=$value
			;;
		args:*) args=$value ;;
		stdin:*) stdin=$value ;;
		mail:*)
			stdin=$TMP/message
			printf '%b\n\ntext\n' "$value" >"$stdin"
			;;
		status:*) status=$value ;;
		out:*)
			# "out:" alone: nothing; "out: " an empty line
			has_out=yes
			[ "$line" = out: ] || printf '%s\n' "$value" >>"$TMP/want"
			;;
		has:*) printf '%s\n' "$value" >>"$TMP/has" ;;
		lacks:*) printf '%s\n' "$value" >>"$TMP/lacks" ;;
		err:*) printf '%s\n' "$value" >>"$TMP/err.has" ;;
		*) result 1 "the cases have a line: $line" ;;
		esac
	done <cases
	run
}

try_options() {
	cases_tool=$1 cases_least=$2
	shift 2
	"$cases_tool" --help >"$TMP/help"
	sed -n 's/^  \(-.,\|   \) *\(--[a-z0-9-]*\).*/\2/p' "$TMP/help" >"$TMP/options"
	ok "--help shows options" [ "$(wc -l <"$TMP/options")" -ge "$cases_least" ]
	while read -r option; do
		case $option in
		--null) short=-0 ;;
		*) short=$(sed -n "s/^  \\(-.\\), $option\\>.*/\\1/p" "$TMP/help") ;;
		esac
		grep -q -e "[^-a-z]$option\\>" ${short:+-e "[: ]$short\\>"} \
			"$@" "$ROOT/tests/0100-cli.t"
		result $? "$option is tried" || note "neither $option nor '$short'"
	done <"$TMP/options"
}

gather() {
	mkdir -p "$TMP/Maildir/cur" "$TMP/Maildir/new" "$TMP/folder"
	cp received.eml "$TMP/Maildir/cur/1"
	cp relayed.eml "$TMP/Maildir/new/2"
	cp received.eml forged.eml "$TMP/folder"
	for file in received forged from-line; do
		echo 'From a@example.org  Fri Nov 20 10:00:01 2026'
		sed '1{/^From /d}' "$file.eml"
		echo
	done >"$TMP/mbox"
}
