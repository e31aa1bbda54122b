# inserter.sh: what the tests of vbr-insert and dkim-sign have in common. Source
# it after lib.sh. $INSERTER is the tool; insert() runs it with the options that
# all its cases share, none unless the test says otherwise.
#
#	refuses STATUS TEXT TITLE ARG... <MESSAGE
#				one line with the text for 64, lines of the tool
#				for others; no output
#	try_input ARG...	what is refused with the options that are right:
#				what is not a message, a header too large,
#				operands
#	try_full ARG...		a full disk
#	try_help OPTION		--help and --version
#
# shellcheck shell=sh
insert() {
	"$INSERTER" "$@"
}

# all_its_own FILE: each line of the file begins with the tool's name
all_its_own() {
	while IFS= read -r own_line; do
		case $own_line in
		"$INSERTER: "*) ;;
		*) return 1 ;;
		esac
	done <"$1"
}

refuses() {
	refuses_want=$1 refuses_text=$2 refuses_title=$3
	shift 3
	insert "$@" >"$TMP/out" 2>"$TMP/err"
	refuses_got=$?
	[ $refuses_got -eq "$refuses_want" ] && [ ! -s "$TMP/out" ] &&
		contains "$TMP/err" "$refuses_text" &&
		all_its_own "$TMP/err" &&
		{ [ $refuses_got -ne 64 ] || lines 1 "$TMP/err"; }
	result $? "$refuses_title" && return
	note "status $refuses_got, not $refuses_want; $(cat "$TMP/err")"
}

# The header of 100000 fields that goes through is in $TMP/out.
try_input() {
	refuses 65 empty "an empty input is 65" "$@" </dev/null
	echo 'no field' >"$TMP/text"
	refuses 65 "not a message" "an input that is not a message is 65" \
		"$@" <"$TMP/text"
	refuses 64 "unexpected operand" "operands are refused" "$@" message <"$MAIL"
	refuses 64 "--no-such" "unknown options are refused" --no-such <"$MAIL"
	{
		echo 'From: a@example.org'
		awk 'BEGIN { for (i = 0; i < 100000; i++) print "X-A: " i }'
	} >"$TMP/over"
	refuses 65 header-too-large "over 100000 fields are header-too-large" \
		"$@" <"$TMP/over"
	sed '$d' "$TMP/over" >"$TMP/fits"
	exits 0 "100000 fields are read" insert "$@" <"$TMP/fits"
}

try_full() {
	if [ ! -c /dev/full ]; then
		skip "a full disk is 74" "no /dev/full"
		return
	fi
	insert "$@" <"$MAIL" >/dev/full 2>"$TMP/err"
	[ $? -eq 74 ]
	result $? "a full disk is 74"
	"$INSERTER" --help >/dev/full 2>"$TMP/err"
	[ $? -eq 74 ]
	result $? "also for --help"
}

try_help() {
	exits 0 "--help" "$INSERTER" --help
	has "lists the options" "$1" "$TMP/out"
	exits 0 "--version" "$INSERTER" --version
	has "names the toolkit" "$INSERTER (vouch) " "$TMP/out"
}
