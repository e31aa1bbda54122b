# rounds.sh: how many round trips a tool's queries take, counted and not
# timed, for the tests that source it after lib.sh.
#	rounds_serve ZONEFILE	the server, for every query a round: see ROUND
#				in tests/dnsd/dnsd.c. Bails out if it does not
#				start
#	rounds MOST COMMAND...	runs the command with $SERVER until it takes no
#				more than MOST round trips and sends no query
#				twice, at most five times
#				(in $ROUNDS: how many they were; in
#				$TMP/queried: the queries, NAME TYPE a line)
# A slow machine can make two rounds of one, never one of two: what depends on
# an answer is queried after it. So the least number that is seen is true. It can
# also make a tool send a query again, which nobody has answered in a second: a
# run in which one was sent twice does not count while there are others.
# shellcheck shell=sh

rounds_serve() {
	for rounds_pause in 50 500; do
		{
			echo ';!ROUND 0 sync.test. TXT'
			echo ";!ROUND $rounds_pause * *"
			echo 'sync.test. 60 IN TXT "v=spf1 -all"'
			cat "$1"
		} >"$TMP/rounds$rounds_pause.zone"
		serve "rounds$rounds_pause" "$TMP/rounds$rounds_pause.zone" &&
			continue
		echo "Bail out! tests/dnsd does not start:" \
			"$(cat "$TMP/rounds$rounds_pause.err")"
		exit 1
	done
}

# The answer to the last query comes when all before it are in the log.
rounds_once() {
	rounds_log=$TMP/rounds$1.log
	SERVER="127.0.0.1#$(cat "$TMP/rounds$1.port")"
	shift
	rounds_before=$(wc -l <"$rounds_log")
	"$@"
	spf-query -Q -i 192.0.2.1 -f x@sync.test -n "$SERVER" >/dev/null 2>&1
	tail -n "+$((rounds_before + 1))" "$rounds_log" |
		grep -v ' sync\.test\. ' >"$TMP/rounds.log"
	ROUNDS=$(sed 's/.*round=//' "$TMP/rounds.log" | sort -u | wc -l)
	cut -d ' ' -f 3,4 "$TMP/rounds.log" >"$TMP/queried"
}

rounds() {
	rounds_most=$1
	shift
	for rounds_pause in 50 50 500 500 500; do
		rounds_once "$rounds_pause" "$@"
		[ "$ROUNDS" -le "$rounds_most" ] &&
			[ -z "$(sort "$TMP/queried" | uniq -d)" ] && return
	done
}
