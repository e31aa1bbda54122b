# cases.sh: case files and what compares them with what the tools do, for the
# tests that source it after lib.sh. What is run is recorded, and all of it
# compared at once, by cases.awk: a process takes longer than a case does.
#	compare_table TABLE ROWS [HOW]
#				a test for each row of a table
#	try_cases RUN		the cases of "cases" in this directory
#	try_usage TOOL RUN	the invalid use of "usage" there: each ends with
#				64 and a line on stderr; the message $MAIL, if
#				there is one, is on stdin
#	try_options TOOL LEAST FILE...
#				every option of --help, and there are so many, is
#				in one of the files, or in 0100-cli.t
#	gather			puts messages of the directory into $TMP/Maildir
#				(received, and the new relayed), $TMP/folder
#				(received, forged), $TMP/mbox (both, from-line)
#	record COMMAND...	runs it. What it writes is added to $TMP/outs,
#				with its status after it, and $TMP/errs, each
#				before an octet 1, or what $RECORD_MARK is
#	begin_record		the first after it will be the first there
#	json_rows COLUMN=PATH... <LINES
#				rows of what helper/members finds in JSON
#	text EOL TEXT		writes it with the line end EOL, LF, CRLF, or LF
#				and CRLF in turn ("mixed"), for each "~", and
#				what printf's %b makes of its escapes
# RUN is a function that runs the tool with the options that all cases share.
#
# A table: tab-separated; the first line that begins with "#" names the columns,
# the others are remarks. The first column is the name of the case, the last one
# its title. The columns that ROWS has, too, in whatever order, are compared:
#	TEXT		this text
#	*		any text; in ROWS, too: it is not known
#	=		what is in the second column
#	~ERE		a match
#	not WORD, as "!WORD"	text without this word
#
# Cases: lines KEY: VALUE, each case begun by its title:
#	case: TITLE
#	args: options, in which the shell's words count
#	stdin: a file, or nothing
#	mail: a header's lines, with the escapes of printf's %b, on stdin instead
#	status: of the exit
#	out: stdout is these lines, and nothing else ("out:" alone: nothing)
#	has: and lacks: what is in a line of stdout, or in none
#	err: what is in a line of stderr; without one it is empty
#
# Invalid use: what the line must have, a tab, options, as in args:.
# shellcheck shell=sh disable=SC2119,SC2120

cases_tab='	'
RECORD_MARK='\001'
CASES_AWK=$ROOT/tests/cases.awk

text() {
	text_rest=$2 text_all=
	case $1 in
	CRLF) text_end='\r\n' ;;
	*) text_end='\n' ;;
	esac
	while :; do
		case $text_rest in
		*~*) ;;
		*) break ;;
		esac
		text_all=$text_all${text_rest%%~*}$text_end
		text_rest=${text_rest#*~}
		case $1.$text_end in
		mixed.'\n') text_end='\r\n' ;;
		mixed.*) text_end='\n' ;;
		esac
	done
	printf '%b' "$text_all$text_rest"
}

compare_table() {
	awk -v form=table -v how="${3-}" -f "$CASES_AWK" "$1" "$2" \
		>"$TMP/compared"
	tally "$TMP/compared"
}

json_rows() {
	json_rows_names=
	for json_rows_name; do
		json_rows_names="$json_rows_names$cases_tab${json_rows_name%%=*}"
		set -- "$@" "${json_rows_name#*=}"
		shift
	done
	printf '#%s\n' "${json_rows_names#"$cases_tab"}"
	"$MEMBERS" "$@"
}

record() {
	"$@" >>"$TMP/outs" 2>>"$TMP/errs"
	printf '%b%d%b' "$RECORD_MARK" $? "$RECORD_MARK" >>"$TMP/outs"
	printf '%b' "$RECORD_MARK" >>"$TMP/errs"
}

begin_record() {
	: >"$TMP/outs"
	: >"$TMP/errs"
}

# compare_runs FORM FILE [TOOL]
compare_runs() {
	awk -v form="$1" -v tool="${3-}" -f "$CASES_AWK" "$2" RS='\001' \
		"$TMP/outs" "$TMP/errs" >"$TMP/compared"
	tally "$TMP/compared"
}

try_usage() {
	cases_tool=$1 cases_run=$2
	begin_record
	while IFS=$cases_tab read -r name options; do
		case $name in
		'#'*) continue ;;
		esac
		eval "set -- $options"
		record "$cases_run" "$@" <"$MAIL"
	done <usage
	compare_runs usage usage "$cases_tool"
}

# run: the case that has been read, if it is to be run
run() {
	[ -n "$status" ] || return 0
	eval "set -- $args"
	record "$cases_run" "$@" <"$stdin"
}

try_cases() {
	cases_run=$1 args='' stdin=/dev/null status=''
	begin_record
	while IFS= read -r line; do
		value=${line#*:}
		value=${value# }
		case $line in
		case:*)
			run
			args='' stdin=/dev/null status=''
			;;
		args:*) args=$value ;;
		stdin:*) stdin=$value ;;
		mail:*)
			stdin=$TMP/message
			printf '%b\n\ntext\n' "$value" >"$stdin"
			;;
		status:*) status=$value ;;
		esac
	done <cases
	run
	compare_runs cases cases
}

try_options() {
	cases_tool=$1 cases_least=$2
	shift 2
	"$cases_tool" --help >"$TMP/help"
	awk -v least="$cases_least" '
	# The options, each as an expression that finds it.
	FNR == NR && match($0, /^  (-.,|   ) *--[a-z0-9-]*/) {
		option = substr($0, 3, RLENGTH - 2)
		sub(/^.* /, "", option)
		short = substr($0, 3, 2)
		if (option == "--null")
			short = "-0"
		end = "([^A-Za-z0-9_]|$)"
		options[++n] = option
		found[n] = "[^-a-z]" option end
		if (short ~ /-./)
			found[n] = found[n] "|[: ]" short end
	}
	FNR == NR { next }
	{
		for (i = 1; i <= n; i++)
			if (!tried[i] && $0 ~ found[i])
				tried[i] = 1
	}
	END {
		print (n >= least ? 0 : 1) "\t--help shows options"
		for (i = 1; i <= n; i++)
			print (tried[i] ? 0 : 1) "\t" options[i] " is tried"
	}' "$TMP/help" "$@" "$ROOT/tests/0100-cli.t" >"$TMP/compared"
	tally "$TMP/compared"
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
