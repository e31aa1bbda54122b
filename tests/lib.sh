# lib.sh: the words of shell tests. Each test sources it first:
#	. "${0%/*}/lib.sh"
# It speaks TAP, and makes a test independent of the directory, the user, the
# locale, the clock (say --now), the network (say --zone, or use dnsd), the host's
# policy for GnuTLS and what stdin is.
#
#	exits STATUS TITLE COMMAND...	the command ends with that status;
#					its output is in $TMP/out and $TMP/err
#	ok TITLE COMMAND...		the command succeeds
#	same TITLE FILE FILE		equal octet for octet
#	has TITLE TEXT FILE		the file has the text in one line
#	lacks TITLE TEXT FILE
#	note TEXT			a remark in the output
#	tally FILE		tests that something else has made: a line has
#				the status, 0 or not, a tab and the title; or
#				"#", a tab and a remark
#
# These are not tests, but what "ok" can take:
#	contains FILE TEXT		the file has the text in one line
#	lines COUNT FILE		the file has so many lines
#	is_failure FILE		it is one JSON object that says why there is no
#				result
#	shows FILE HAS LACKS		each line of HAS is in a line of the file, and
#				none of LACKS
#	full			make check-all runs this: all rounds are wanted
#	full_of TOOL		the same, but not under the address sanitizer,
#				where a tool takes ten times as long
#
#	needs PROGRAM...		bails out unless these are built
#	needs_helpers			the same of dnsd and members
#	serve NAME ARG...		our DNS server (tests/dnsd), until the end:
#					$SERVER is its address; files in $TMP:
#					NAME.port, NAME.log. Fails if it does
#	within SECONDS COMMAND...	the command takes at most so much longer with
#				-n $SERVER than with -z /dev/null, by which it
#				waits for nothing. Up to five times, as load
#				may delay it, and hastens it never
#	at_terminal COMMAND		a line of sh whose stdin and stdout are a
#					terminal; what it wrote is in $TMP/out.
#					Fails where there is none to be had
#	skip TITLE REASON		a test that cannot run here
#	skip_all REASON			none of the script's can
#	finish				the plan; the last line of each script
#
# $TMP is an empty directory, removed at the end; $DATA is tests/data; $ROOT the
# project's top; our tools are first in PATH. $TMP/keys has private copies of
# data/keys/*.pem; $ZONE is their zone.
# shellcheck shell=sh
set -u
exec </dev/null
LC_ALL=C TZ=UTC0 TERM=xterm
export LC_ALL TZ TERM
unset VOUCH_AUTHSERV_ID NO_COLOR COLUMNS CDPATH POSIXLY_CORRECT RES_OPTIONS
# Of this host's policy nothing is taken: it may forbid an algorithm.
GNUTLS_SYSTEM_PRIORITY_FILE=/dev/null
export GNUTLS_SYSTEM_PRIORITY_FILE
umask 022
ROOT=$(cd "${0%/*}" && while [ ! -f COPYING ]; do cd ..; done && pwd) || exit 1
BUILD=${BUILD:-$ROOT/build}
DATA=$ROOT/tests/data
PATH=${VOUCH_BIN:-$BUILD/bin}:$PATH
export PATH BUILD
# A crash is never a verdict.
ASAN_OPTIONS=exitcode=99:${ASAN_OPTIONS:-}
UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS:-}
export ASAN_OPTIONS UBSAN_OPTIONS
TMP=$(mktemp -d) || exit 1
serve_pids=''
# shellcheck disable=SC2154 # serve_pid is set there
trap 'for serve_pid in $serve_pids; do kill "$serve_pid"; done 2>/dev/null
rm -rf "$TMP"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$TMP/keys" && cp "$DATA"/keys/*.pem "$TMP/keys" &&
	chmod 600 "$TMP"/keys/*.pem || exit 1
ZONE=$DATA/keys/keys.zone
NOW=2026-11-20T12:00:00Z
export TMP DATA ROOT ZONE NOW

test_count=0
test_failed=0

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

result() {		# result STATUS TITLE
	test_count=$((test_count + 1))
	if [ "$1" -eq 0 ]; then
		printf 'ok %d - %s\n' "$test_count" "$2"
	else
		printf 'not ok %d - %s\n' "$test_count" "$2"
		test_failed=$((test_failed + 1))
	fi
	return "$1"
}

tally() {
	awk -F '\t' -v n="$test_count" -v failed="$test_failed" \
		-v counts="$TMP/tally" '
		$1 == "#" { print "# " substr($0, 3); next }
		{
			failed += $1 != 0
			printf "%s %d - %s\n", $1 == 0 ? "ok" : "not ok",
			    ++n, substr($0, length($1) + 2)
		}
		END { print n, failed >counts }' "$1"
	read -r test_count test_failed <"$TMP/tally"
}

exits() {
	exits_want=$1 exits_title=$2
	shift 2
	"$@" >"$TMP/out" 2>"$TMP/err"
	exits_got=$?
	[ "$exits_got" -eq "$exits_want" ]
	result $? "$exits_title" && return
	note "status $exits_got, not $exits_want: $*"
	note "$(head -c 2000 "$TMP/err")"
	return 1
}

ok() {
	ok_title=$1
	shift
	"$@" >"$TMP/ok.out" 2>&1
	result $? "$ok_title" && return
	note "failed: $*"
	note "$(head -c 2000 "$TMP/ok.out")"
	return 1
}

same() {
	ok "$1" cmp "$2" "$3"
}

# The shell has read the few lines that most files have before grep is there.
contains() {
	contains_lines=0
	while [ $contains_lines -lt 16 ]; do
		IFS= read -r contains_line || [ -n "$contains_line" ] ||
			return
		case $contains_line in
		*"$2"*) return 0 ;;
		esac
		contains_lines=$((contains_lines + 1))
	done <"$1"
	grep -q -F -e "$2" "$1"
}

lines() {
	lines_count=0
	while read -r _; do
		lines_count=$((lines_count + 1))
	done <"$2"
	[ $lines_count -eq "$1" ]
}

full_of() {
	full && ! grep -q __asan_init "$(command -v "$1")"
}

full() {
	[ "${VOUCH_FULL:-}" = yes ]
}

has() {
	contains "$3" "$2"
	result $? "$1" && return
	note "no '$2' in:"
	note "$(head -c 2000 "$3")"
	return 1
}

lacks() {
	[ -e "$3" ] && ! contains "$3" "$2"
	result $? "$1" && return
	note "there is '$2' in:"
	note "$(head -c 2000 "$3")"
	return 1
}

is_failure() {
	lines 1 "$1" || return
	IFS= read -r is_failure <"$1"
	is_failure=${is_failure#'{"schema":1,"file":"'}
	case $is_failure in
	*'","error":"'*'"}') ;;
	*) return 1 ;;
	esac
	is_failure=${is_failure%%'","error":"'*}${is_failure#*'","error":"'}
	case ${is_failure%'"}'} in
	*'"'*) return 1 ;;
	esac
}

shows() {
	while IFS= read -r text; do
		contains "$1" "$text" || return
	done <"$2"
	while IFS= read -r text; do
		! contains "$1" "$text" || return
	done <"$3"
}

DNSD=$BUILD/tests/dnsd/dnsd
MEMBERS=$BUILD/tests/helper/members

needs() {
	for needed in "$@"; do
		[ -x "$needed" ] && continue
		echo "Bail out! ${needed#"$BUILD/"} is not built: make check"
		exit 1
	done
}

needs_helpers() {
	needs "$DNSD" "$MEMBERS"
}

serve() {
	serve_name=$TMP/$1
	shift
	rm -f "$serve_name.port"
	"$DNSD" -l "$serve_name.log" "$@" >"$serve_name.port" \
		2>"$serve_name.err" &
	serve_pids="$serve_pids $!"
	serve_tries=0
	until [ -s "$serve_name.port" ] || [ $serve_tries -eq 300 ]; do
		kill -0 $! 2>/dev/null || return 1
		sleep 0.1
		serve_tries=$((serve_tries + 1))
	done
	SERVER=127.0.0.1#$(cat "$serve_name.port")
	[ "$SERVER" != '127.0.0.1#' ]
}

uptime_s() {
	sed 's/[. ].*//' /proc/uptime
}

within() {
	within_most=$1
	shift
	for _ in 1 2 3 4 5; do
		within_begin=$(uptime_s)
		"$@" -z /dev/null
		within_middle=$(uptime_s)
		"$@" -n "$SERVER"
		[ $(($(uptime_s) - within_middle)) -le \
			$((within_middle - within_begin + within_most)) ] &&
			return
	done
	return 1
}

# Ten minutes end what hangs: where a processor is shared, a tool that takes 5 s
# of it may take more than one.
at_terminal() {
	echo 1 >"$TMP/at_terminal"
	timeout 600 script -qec "$1; echo \$? >$TMP/at_terminal" /dev/null \
		</dev/null >"$TMP/out" 2>&1
	return "$(cat "$TMP/at_terminal")"
}

skip() {
	test_count=$((test_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$test_count" "$1" "$2"
}

skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

finish() {
	printf '1..%d\n' "$test_count"
	[ "$test_failed" -eq 0 ]
	exit
}
