#!/bin/sh
# When something fails, a tool says it in one line on stderr, ends with the
# documented status, never with 0, and takes its whole input.
# Slow: it runs the tools some thousand times.
# shellcheck source=tests/lib.sh disable=SC2317,SC2119,SC2120
. "${0%/*}/../lib.sh"
# shellcheck source=tests/tools.sh
. "${0%/*}/../tools.sh"

MESSAGE=$TMP/message LARGE=$TMP/large
cp "$DATA/message.eml" "$MESSAGE"
yes 'and on and on' | head -n 25000 >"$TMP/more"
{
	cat "$MESSAGE"
	yes 'more and more text' | head -n 160000
} >"$LARGE"
: >"$TMP/nothing"
printf 'From: a@example.org\n\0\377\001\r\r\n\0' >"$TMP/binary"

# All pass that have a result: what fails is then no verdict.
spf() {
	spf-query --authserv-id mx.example.org --now "$NOW" \
		--set='spf.example TXT v=spf1 all' --zone "$ZONE" \
		-i 192.0.2.1 -f a@spf.example "$@"
}

check() {
	vbr-check --authserv-id mx.example.org --now "$NOW" --zone "$ZONE" \
		--set='spf.example TXT v=spf1 all' \
		--set='spf.example._vouch.vouch.example TXT all' \
		-i 192.0.2.1 -f a@spf.example -t vouch.example --no-vbr-info \
		"$@"
}

sign <"$MESSAGE" >"$TMP/signed" && sign <"$LARGE" >"$TMP/signed.large" || exit 1

# Runs that read no message.
advice() {
	case $1 in
	--policy) domain-check --zone "$ZONE" spf.example \
		--set='_dmarc.spf.example TXT v=DMARC1; p=none' "$@" ;;
	--vbr-query) vbr-check -Q -d spf.example -t vouch.example \
		--set='spf.example._vouch.vouch.example TXT all' ;;
	--dmarc-query) dmarc -Q --author=example.org --dkim=pass:example.org ;;
	--only=spf) domain-check --zone "$ZONE" spf.example \
		--record='v=spf1 -all' "$@" ;;
	--tree) spf-query --zone "$ZONE" -d spf.example \
		--record='v=spf1 -all' "$@" ;;
	--flatten)
		shift
		spf-flatten --zone "$ZONE" spf.example --record='v=spf1 -all' "$@"
		;;
	*) spf-query --now "$NOW" --zone "$ZONE" --batch="$TMP/spf.batch" ;;
	esac
}
echo '192.0.2.1 a@spf.example mail.example' >"$TMP/spf.batch"

# The file has exactly one line, "tool: what: why", without a full stop.
one_line() {
	lines 1 "$1" && IFS= read -r line <"$1" || return
	case $line in
	*[!.].) return 1 ;;
	'vbr-insert: '??* | 'dkim-sign: '??* | 'dkim-verify: '??*) ;;
	'spf-query: '??* | 'dmarc-eval: '??* | 'vbr-check: '??*) ;;
	'domain-check: '??* | 'spf-flatten: '??*) ;;
	*) return 1 ;;
	esac
}

silent() {
	[ ! -s "$TMP/out" ] && one_line "$TMP/err"
}

# fails STATUS TITLE COMMAND: with one line, and nothing on stdout
fails() {
	fails_title=$2
	exits "$@" && ok "$fails_title: one line on stderr, nothing on stdout" silent
}

# The same of what cannot be read: -j says it on stdout, too.
said() {
	is_failure "$TMP/out" && one_line "$TMP/err"
}
unread() {
	unread_status=$1 unread_title=$2
	shift 2
	case " $* " in
	*' -j '*)
		exits "$unread_status" "$unread_title" "$@" &&
			ok "$unread_title: an object and a line say so" said
		;;
	*) fails "$unread_status" "$unread_title" "$@" ;;
	esac
}

# --- stdout cannot be written ---

to_full() { "$@" >/dev/full; }
to_closed() { "$@" >&-; }

# The reader is gone before the first octet is written: 9 is a pipe without one.
mkfifo "$TMP/gone"
exec 8<>"$TMP/gone"
exec 9>"$TMP/gone"
exec 8<&-
to_gone() { "$@" >&9 9>&-; }

# The reader takes a line and goes.
to_leaver() {
	{
		"$@"
		echo $? >"$TMP/status"
	} | read -r _
	read -r status <"$TMP/status"
	return "$status"
}

for mode in vbr 'vbr -H' sign 'sign -H' verify 'verify -a' 'verify -H' \
	'verify -r' 'verify -j' 'verify -v -r' 'verify --canonical=header' \
	'verify --canonical=body' 'vbr --help' 'sign --help' 'verify --help' \
	'vbr --version' 'sign --version' 'verify --version' spf 'spf -a' \
	'spf -H' 'spf -r' 'spf -j' 'spf -v -r' 'spf --tree' 'spf -Q' \
	'spf -Q -j' 'spf --help' 'spf --version' \
	'advice --only=spf' 'advice --only=spf -j' 'advice --tree' \
	'advice --tree -j' 'advice --flatten' 'advice --flatten -j' \
	'advice --batch' \
	dmarc 'dmarc -a' 'dmarc -H' 'dmarc -r' 'dmarc -j' 'dmarc -v -r' \
	'dmarc --help' 'dmarc --version' 'advice --policy' \
	'advice --policy -j' 'advice --dmarc-query' \
	check 'check -a' 'check -H' 'check -r' 'check -j' 'check -v -r' \
	'check --help' 'check --version' 'advice --vbr-query'; do
	for stdout in to_full to_closed to_gone; do
		# shellcheck disable=SC2086
		fails 74 "$mode, $stdout" $stdout $mode <"$TMP/signed"
	done
done
for mode in 'vbr --defer' 'sign --defer' 'verify --defer' 'verify -r --defer' \
	'verify --defer --help' 'spf --defer' 'spf -r --defer' \
	'spf -Q --defer' 'dmarc --defer' 'dmarc -r --defer' \
	'check --defer' 'check -r --defer'; do
	# shellcheck disable=SC2086
	fails 75 "$mode, to_full" to_full $mode <"$TMP/signed"
done
exits 0 'verify -q writes nothing, and so needs no stdout' \
	to_closed verify -q <"$TMP/signed"
exits 0 'verify -q can have a full disk' to_full verify -q <"$TMP/signed"
exits 0 'spf -Q -q needs no stdout, either' to_closed spf -Q -q

for mode in vbr sign verify 'verify --canonical=body' spf dmarc check; do
	for stdout in to_full to_closed to_gone to_leaver; do
		# shellcheck disable=SC2086
		fails 74 "$mode, large file, $stdout" \
			$stdout $mode <"$TMP/signed.large"
		has "$mode, large file, $stdout: it says why" \
			'cannot write to stdout: ' "$TMP/err"
		piped() {
			# shellcheck disable=SC2086
			cat <"$TMP/signed.large" | $stdout $mode
		}
		fails 74 "$mode, large pipe, $stdout" piped
	done
done
to_full verify <"$TMP/signed.large" 2>"$TMP/err"
has 'the reason is given in the words of the system' \
	'dkim-verify: cannot write to stdout: No space left on device' "$TMP/err"

# --- stdin and stderr ---

from_closed() { "$@" <&-; }
without_stderr() { "$@" 2>&-; }
with_nothing() { "$@" <&- >&- 2>&-; }

for mode in vbr 'vbr -H' sign 'sign -H' verify 'verify -H' 'verify -r' \
	'verify -j' 'verify -q' spf 'spf -H' 'spf -r' 'spf -j' 'spf -q' \
	dmarc 'dmarc -H' 'dmarc -r' 'dmarc -j' 'dmarc -q' \
	check 'check -H' 'check -r' 'check -j' 'check -q'; do
	# shellcheck disable=SC2086
	{
		unread 74 "$mode, stdin closed" from_closed $mode
		unread 74 "$mode, stdin a directory" $mode <"$TMP"
		unread 74 "$mode, stdin not open for reading" $mode 0>"$TMP/x"
		unread 65 "$mode, stdin empty" $mode </dev/null
		unread 65 "$mode, stdin an empty file" $mode <"$TMP/nothing"
		exits 74 "$mode: all closed" with_nothing $mode
	}
done
for mode in vbr sign verify spf dmarc check; do
	"$mode" <"$MESSAGE" >"$TMP/want"
	exits 0 "$mode works without a stderr" without_stderr "$mode" <"$MESSAGE"
	same "$mode: that is the message" "$TMP/out" "$TMP/want"
done
exits 0 'verify reads a file without a stdin' from_closed verify "$TMP/signed"
exits 0 'a query needs neither stdin nor stderr' \
	from_closed without_stderr spf -Q
exits 0 'a query does not look at stdin' spf -Q <"$TMP"
for mode in 'vbr' 'verify' 'spf' 'dmarc' 'check'; do
	exits 0 "$mode passes a binary body" "$mode" <"$TMP/binary"
done
exits 0 'sign passes a binary body' sign <"$TMP/binary"

# --- the input is taken to its end; --defer, --exit-map ---

printf 'From: a@example.org\nX: %08388608d\n\ntext\n' 0 >"$TMP/huge"
printf 'From: a@example.org, b@example.net\n\ntext\n' >"$TMP/several"
printf 'no header at all\n' >"$TMP/no-message"
head -c 9000000 /dev/zero >"$TMP/nuls"
printf 'example.org all\n' >"$TMP/short.table"
printf 'x. 60 IN BOGUS y\n' >"$TMP/bad.zone"
printf 'r2048._domainkey.example.org. 60 IN TXT "v=DKIM1; p="\n' \
	>"$TMP/revoked.zone"
printf 'example.org._vouch.x.example. 60 IN TXT "all"\n' >"$TMP/vouching.zone"
printf ';!%s r2048._domainkey.example.org. TXT\n' SERVFAIL >"$TMP/later.zone"
printf -- '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' \
	>"$TMP/bad.pem"
chmod 600 "$TMP/bad.pem"
cp "$TMP/keys/rsa2048.pem" "$TMP/open.pem"
chmod 644 "$TMP/open.pem"
KEY="-d example.org -s r2048 -k $TMP"

# A writer that does not survive a SIGPIPE says in the end that it is done.
taken() {
	: >"$TMP/done"
	{
		cat "$TMP/$taken_input" "$TMP/more" && echo yes >"$TMP/done"
	} | "$@"
}

# early NAME STATUS INPUT COMMAND: the status, also as --defer and --exit-map
# make it, with the whole input taken
early() {
	name=$1 status=$2 taken_input=$3
	shift 3
	fails "$status" "$name: $*" taken "$@"
	ok "$name: the input is taken to its end: $*" [ -s "$TMP/done" ]
	case $status in
	66 | 70 | 71 | 74 | 77 | 78) deferred=75 ;;
	*) deferred=$status ;;
	esac
	tool=$1
	shift
	fails "$deferred" "$name, --defer: $tool $*" taken "$tool" --defer "$@"
	fails 111 "$name, --exit-map: $tool $*" \
		taken "$tool" --exit-map="$name=111" "$@"
	ok "$name: the input is taken to its end then, too: $*" [ -s "$TMP/done" ]
	[ "$deferred" -ne "$status" ] || return 0
	fails 112 "$name, both: $tool $*" taken "$tool" --defer \
		--exit-map="$name=111,temperror=112" "$@"
}

while read -r name status input command; do
	# shellcheck disable=SC2086
	early "$name" "$status" "$input" $command
done <<-END
	usage 64 message vbr-insert --bogus
	usage 64 message vbr-insert
	usage 64 message vbr-insert -t x.example operand
	usage 64 message vbr-insert -t
	noinput 66 message vbr-insert --table=$TMP/none
	noinput 66 message vbr-insert --table=$TMP
	noinput 66 message vbr-insert -t x.example --verify -z $TMP/none
	config 78 message vbr-insert --table=$TMP/short.table
	config 78 message vbr-insert -t x.example --verify -z $TMP/bad.zone
	config 78 message vbr-insert -t x.example --verify -z $ZONE --set=x
	ioerr 74 message vbr-insert -t x.example -d example.org --verify -z $TMP/vouching.zone --dns-log=/dev/full
	dataerr 65 several vbr-insert -t x.example
	dataerr 65 no-message vbr-insert -t x.example
	dataerr 65 huge vbr-insert -t x.example
	usage 64 message dkim-sign --bogus
	usage 64 message dkim-sign -d example.org -s s
	usage 64 message dkim-sign $KEY/keys/rsa2048.pem -c strict
	noinput 66 message dkim-sign $KEY/none.pem
	noinput 66 message dkim-sign $KEY
	noinput 66 message dkim-sign $KEY/keys/rsa2048.pem --password-file=$TMP/none
	noinput 66 message dkim-sign --table=$TMP/none
	noperm 77 message dkim-sign --strict $KEY/open.pem
	config 78 message dkim-sign $KEY/bad.pem
	config 78 message dkim-sign $KEY/nothing
	noinput 66 message dkim-sign $KEY/large
	config 78 message dkim-sign $KEY/keys/rsa512.pem
	config 78 message dkim-sign --table=$TMP/short.table
	dataerr 65 several dkim-sign -s r2048 -k $TMP/keys/rsa2048.pem
	dataerr 65 no-message dkim-sign $KEY/keys/rsa2048.pem
	dataerr 65 huge dkim-sign $KEY/keys/rsa2048.pem
	dataerr 65 binary dkim-sign $KEY/keys/rsa2048.pem --profile=bulk
	dataerr 65 message dkim-sign $KEY/keys/rsa2048.pem --check-dns -z $TMP/revoked.zone
	dataerr 65 message dkim-sign $KEY/keys/ed25519.pem --check-dns -z $ZONE
	temperror 75 message dkim-sign $KEY/keys/rsa2048.pem --check-dns -z $TMP/later.zone
	ioerr 74 message dkim-sign $KEY/keys/rsa2048.pem --check-dns -z $ZONE --dns-log=/dev/full
	usage 64 message dkim-verify --now=tomorrow
	ioerr 74 signed dkim-verify -z $ZONE --dns-log=/dev/full
	usage 64 message spf-query --scope=x -i 192.0.2
	usage 64 message spf-query --scope=all
	usage 64 message spf-query --assume-identities
	usage 64 message spf-query --received-spf -r
	ioerr 74 message spf-query -i 192.0.2.1 -f a@example.org -z $ZONE --dns-log=/dev/full
	usage 64 message dmarc-eval --record=x
	usage 64 message dmarc-eval --author=example.org
	usage 64 message dmarc-eval --org-domain=list
	usage 64 message dmarc-eval --accept-header-i
	noinput 66 message dmarc-eval -z $ZONE --org-domain=psl --psl=$TMP/none
	noinput 66 message dmarc-eval -r -z $ZONE --rfc7489 --psl=$TMP/none
	config 78 message dmarc-eval -z $ZONE --org-domain=psl --psl=$TMP/nothing
	ioerr 74 message dmarc-eval -z $ZONE --dns-log=/dev/full
	usage 64 message vbr-check -t a..b
	usage 64 message vbr-check --on-pass=From:x
	usage 64 message vbr-check -r --on-pass=X-A:b
	usage 64 message vbr-check -d example.org
	usage 64 message vbr-check --accept-header-i
	noinput 66 message vbr-check -z $ZONE --certifiers=$TMP/none
	noinput 66 message vbr-check -z $ZONE --certifiers=$TMP
	config 78 message vbr-check -z $ZONE --certifiers=$TMP/short.table
	ioerr 74 message vbr-check -z $ZONE -i 192.0.2.1 -f a@example.org -t x.example --no-vbr-info --dns-log=/dev/full
	dataerr 65 nuls dmarc-eval --trust-authres -z $ZONE
	dataerr 65 nuls vbr-insert -t x.example
	dataerr 65 nuls dkim-sign $KEY/keys/rsa2048.pem
	dataerr 65 nuls dkim-verify -r -z $ZONE
	noinput 66 message dkim-verify -q -z $TMP/none -
	config 78 message dkim-verify -j -z $TMP/bad.zone -
END
while read -r name status input arguments; do
	for tool in dkim-verify spf-query dmarc-eval vbr-check; do
		# shellcheck disable=SC2086
		early "$name" "$status" "$input" $tool $arguments
	done
done <<-END
	usage 64 message --bogus
	usage 64 message -a -H
	noinput 66 message -z $TMP/none
	noinput 66 message -z $ZONE --dns-log=$TMP/none/log
	config 78 message -z $TMP/bad.zone
	config 78 message -z $ZONE --set=x
	dataerr 65 no-message -z $ZONE
	dataerr 65 no-message -r -z $ZONE
	dataerr 65 nuls -z $ZONE
END

fails 111 '--exit-map counts wherever it is given' \
	vbr-insert --bogus --exit-map=usage=111 <"$MESSAGE"

# --- an operand that cannot be read; the others are ---

exits 66 'dkim-verify says which operand is not there' \
	verify "$TMP/none" "$TMP/signed"
sed '$d' "$TMP/err" >"$TMP/err.first"
ok 'that is one line on stderr, above the summary' one_line "$TMP/err.first"
has 'the other one is verified' 'dkim=pass' "$TMP/out"
exits 66 'it does not matter which comes first' \
	verify "$TMP/signed" "$TMP/none"
exits 75 '--defer makes it temporary' verify --defer "$TMP/signed" "$TMP/none"
exits 111 '--exit-map has a name for it' \
	verify --exit-map=noinput=111 "$TMP/signed" "$TMP/none"
fails 66 'a list of operands that is not there' verify --files-from="$TMP/none"

# Who reads operands has no business with stdin: it may never end.
mkfifo "$TMP/endless"
exec 8<>"$TMP/endless"
endless() {
	timeout 120 "$@" <"$TMP/endless"
}
fails 78 'dkim-verify does not wait for stdin when it has operands' \
	endless dkim-verify -z "$TMP/bad.zone" "$TMP/signed"
fails 64 'dkim-verify does not wait for stdin when options contradict' \
	endless dkim-verify --now=never "$TMP/signed"
fails 64 'spf-query does not wait for stdin when a query lacks something' \
	endless spf-query -Q -i 192.0.2.1
fails 78 'spf-query does not wait for stdin when it has a batch' \
	endless spf-query -z "$TMP/bad.zone" --batch=/dev/null
fails 64 'dmarc-eval does not wait for stdin when a query lacks something' \
	endless dmarc-eval -Q
fails 66 'dmarc-eval does not wait for stdin when it has an author domain' \
	endless dmarc-eval -Q --author=example.org -z "$TMP/none"
fails 66 'spf-query does not wait for stdin when it has a domain' \
	endless spf-query --tree -d example.org -z "$TMP/none"
fails 66 'domain-check does not wait for stdin' \
	endless domain-check example.org -z "$TMP/none"
fails 66 'spf-flatten does not wait for stdin' \
	endless spf-flatten example.org -z "$TMP/none"
fails 64 'nor when it has no domain' endless spf-flatten
fails 64 'vbr-check does not wait for stdin when a query lacks something' \
	endless vbr-check -Q -d example.org
fails 78 'vbr-check does not wait for stdin when it has a query' \
	endless vbr-check -Q -d example.org -t x.example -z "$TMP/bad.zone"
fails 64 'dkim-verify does not wait for stdin when it knows no such option' \
	endless dkim-verify --bogus "$TMP/signed"

# The options that are read say so, also beside one that cannot be.
while read -r options; do
	# shellcheck disable=SC2086
	fails 64 "it is not waited for: $options" endless $options
done <<END
spf-query --bogus -Q -i 192.0.2.1 -f a@example.org
spf-query -Q --exit-map=x
spf-query --tree -d example.org --bogus
spf-flatten example.org --timeout=0
spf-flatten --bogus
spf-query --batch=/dev/null --bogus
dmarc-eval --bogus -Q --author=example.org
domain-check --policy example.org --bogus
domain-check --record
vbr-check -t x.example -Qx
dkim-verify --bogus --files-from=$TMP/none
dkim-verify --exit-map=x $TMP/signed
END

# --- nobody reads a long report: no more work ---

# The last operand is never opened: that would wait for a writer.
mkdir "$TMP/folder" && mkfifo "$TMP/unwritten"
awk -v folder="$TMP/folder/" '
	{ text = text $0 "\n" }
	END { for (; i < 400; close(name)) printf "%s", text >(name = folder i++) }
	' "$TMP/signed"
awk 'BEGIN { for (i = 0; i < 400; i++) print "192.0.2.1 a@b.example c" }' \
	>"$TMP/batch"
for mode in -j -v; do
	fails 74 "spf-query $mode of a batch ends when nobody reads" \
		to_gone timeout 120 spf-query "$mode" -z "$ZONE" \
		--batch="$TMP/batch"
done
for mode in -r -j -v; do
	fails 74 "dkim-verify $mode of a folder ends when nobody reads" \
		to_gone timeout 120 dkim-verify "$mode" -z "$ZONE" --now "$NOW" \
		"$TMP/folder" "$TMP/unwritten"
done

for mode in -r -j; do
	fails 74 "dmarc-eval $mode of a folder ends when nobody reads" \
		to_gone timeout 120 dmarc-eval "$mode" -z "$ZONE" --now "$NOW" \
		"$TMP/folder" "$TMP/unwritten"
done

for mode in -r -j; do
	fails 74 "vbr-check $mode of a folder ends when nobody reads" \
		to_gone timeout 120 vbr-check "$mode" -z "$ZONE" --now "$NOW" \
		"$TMP/folder" "$TMP/unwritten"
done

# --- a bug of the tool ---

# As abort() after a failed assert. The log is there when all is set up; stdin
# is waited for then.
aborted() {
	rm -f "$TMP/log"
	"$@" -r -z "$ZONE" --dns-log="$TMP/log" - <"$TMP/endless" &
	tool=$!
	tries=0
	until [ -e "$TMP/log" ] || [ "$tries" -eq 1000 ]; do
		sleep 0.01
		tries=$((tries + 1))
	done
	kill -ABRT "$tool"
	wait "$tool"
}
if [ -n "${VOUCH_BIN:-}" ]; then
	skip 'an abort ends with 70' 'the tools run in a wrapper'
else
	exits 70 'an abort ends with 70' aborted dkim-verify
	exits 75 '--defer makes it temporary' aborted dkim-verify --defer
	exits 111 '--exit-map has a name for it, too' \
		aborted dkim-verify --exit-map=software=111
fi

# --- a line on stderr is one write ---

one_write() {
	strace -f -e trace=write -o "$TMP/trace" "$@"
}
if grep -q __asan_init "$BUILD/bin/dkim-verify"; then
	skip 'a line on stderr is one write' 'address sanitizer'
elif [ -n "${VOUCH_BIN:-}" ] || ! one_write true 2>/dev/null; then
	skip 'a line on stderr is one write' 'no strace, or it may not look'
else
	name=$(printf 'a\033b\377c')
	exits 66 'dkim-verify names two files that are not there' \
		one_write dkim-verify -z "$ZONE" "$TMP/$name" "$TMP/none"
	ok 'that is a line each, and the summary' lines 3 "$TMP/err"
	ok 'and a write each' \
		[ "$(grep -c 'write(2, ' "$TMP/trace")" -eq 3 ]
fi

# --- a temporary failure of the DNS ---

nothing_written() {
	[ ! -s "$TMP/out" ] && [ ! -s "$TMP/err" ]
}

for mode in -a -H; do
	exits 0 "dkim-verify $mode puts a temperror into the field" \
		dkim-verify "$mode" -z "$TMP/later.zone" --now "$NOW" \
		<"$TMP/signed"
	has "dkim-verify $mode: it is there" 'dkim=temperror' "$TMP/out"
	exits 75 "dkim-verify $mode --defer exits 75 for a temperror" \
		dkim-verify "$mode" --defer -z "$TMP/later.zone" --now "$NOW" \
		<"$TMP/signed"
	ok "dkim-verify $mode --defer writes nothing then" nothing_written
	exits 111 "dkim-verify $mode --defer has a temperror mapped" \
		dkim-verify "$mode" --defer --exit-map=temperror=111 \
		-z "$TMP/later.zone" --now "$NOW" <"$TMP/signed"
done
printf ';!SERVFAIL spf.example. TXT\n' >"$TMP/spf.zone"
for mode in -a -H; do
	set -- spf-query "$mode" -z "$TMP/spf.zone" --now "$NOW" \
		-i 192.0.2.1 -f a@spf.example
	exits 0 "spf-query $mode puts a temperror into the field" \
		"$@" <"$MESSAGE"
	has "spf-query $mode: it is there" 'spf=temperror' "$TMP/out"
	exits 75 "spf-query $mode --defer exits 75 for a temperror" \
		"$@" --defer --received-spf <"$MESSAGE"
	ok "spf-query $mode --defer writes nothing then" nothing_written
	exits 111 "spf-query $mode --defer has a temperror mapped" \
		"$@" --defer --exit-map=temperror=111 <"$MESSAGE"
done
printf ';!SERVFAIL _dmarc.example.org. TXT\n' >"$TMP/dmarc.zone"
for mode in -a -H; do
	set -- dmarc-eval "$mode" -z "$TMP/dmarc.zone" --now "$NOW"
	exits 0 "dmarc-eval $mode puts a temperror into the field" \
		"$@" <"$MESSAGE"
	has "dmarc-eval $mode: it is there" 'dmarc=temperror' "$TMP/out"
	exits 75 "dmarc-eval $mode --defer exits 75 for a temperror" \
		"$@" --defer <"$MESSAGE"
	ok "dmarc-eval $mode --defer writes nothing then" nothing_written
	exits 111 "dmarc-eval $mode --defer has a temperror mapped" \
		"$@" --defer --exit-map=temperror=111 <"$MESSAGE"
done
printf ';!SERVFAIL example.org._vouch.vouch.example. TXT\n' >"$TMP/vouch.zone"
for mode in -a -H; do
	set -- vbr-check "$mode" -z "$TMP/vouch.zone" -z "$ZONE" --now "$NOW" \
		-t vouch.example --no-vbr-info
	exits 0 "vbr-check $mode puts a temperror into the field" \
		"$@" <"$TMP/signed"
	has "vbr-check $mode: it is there" 'vbr=temperror' "$TMP/out"
	exits 75 "vbr-check $mode --defer exits 75 for a temperror" \
		"$@" --defer <"$TMP/signed"
	ok "vbr-check $mode --defer writes nothing then" nothing_written
	exits 111 "vbr-check $mode --defer has a temperror mapped" \
		"$@" --defer --exit-map=temperror=111 <"$TMP/signed"
done
exits 75 'vbr-insert --verify --defer exits 75 for a temporary DNS failure' \
	vbr-insert -d example.org -t vouch.example --verify --defer \
	-z "$TMP/vouch.zone" <"$MESSAGE"
ok 'it says so in one line and writes nothing' silent
exits 0 'without --defer it goes on without that certifier' \
	vbr-insert -d example.org -t vouch.example --verify \
	-z "$TMP/vouch.zone" <"$MESSAGE"
same 'that is the message as it was' "$TMP/out" "$MESSAGE"

# --- the spool ---

mkdir "$TMP/spool"

spooled() {
	cat <"$TMP/signed.large" | "$@"
}
in_dir() {
	(TMPDIR=$1 && export TMPDIR && shift && "$@")
}
# As many blocks as a full disk might have left; the shell counts in blocks of
# 512 octets or in KiB.
limited() {
	(ulimit -f 4000 && in_dir "$TMP/spool" "$@")
}

cat "$TMP/signed.large" "$LARGE" >"$TMP/twice"
for mode in vbr sign verify spf dmarc check; do
	fails 74 "$mode, no directory for the spool" \
		in_dir "$TMP/none" spooled "$mode"
	fails 74 "$mode, a file where the spool should be" \
		in_dir "$MESSAGE" spooled "$mode"
	limited_pipe() {
		cat <"$TMP/twice" | limited "$mode"
	}
	fails 74 "$mode, a spool that gets full" limited_pipe
	ok "$mode: nothing is left of it" rmdir "$TMP/spool"
	mkdir "$TMP/spool"
	fails 75 "$mode --defer, no directory for the spool" \
		in_dir "$TMP/none" spooled "$mode" --defer
	exits 0 "$mode -H needs no spool" \
		in_dir "$TMP/none" spooled "$mode" -H
	exits 0 "$mode needs no spool for a file" \
		in_dir "$TMP/none" "$mode" <"$TMP/signed.large"
	exits 0 "$mode needs no spool for a small message" \
		in_dir "$TMP/none" "$mode" <"$TMP/signed"
	taken_input=signed.large
	fails 74 "$mode, a long input and no spool" \
		in_dir "$TMP/none" taken "$mode"
	ok "$mode takes its input to the end when it cannot be kept" \
		[ -s "$TMP/done" ]
	exits 74 "$mode, an output file that gets full" \
		limited "$mode" <"$TMP/twice"
	ok "$mode says so in one line" one_line "$TMP/err"
done
for mode in -r -j -q; do
	exits 0 "dkim-verify $mode needs no spool" \
		in_dir "$TMP/none" spooled verify "$mode"
	exits 0 "spf-query $mode needs no spool" \
		in_dir "$TMP/none" spooled spf "$mode"
	exits 0 "dmarc-eval $mode needs no spool" \
		in_dir "$TMP/none" spooled dmarc "$mode"
	exits 0 "vbr-check $mode needs no spool" \
		in_dir "$TMP/none" spooled check "$mode"
done
printf 'From a@example.org Fri Nov 20 10:00:00 2026\n' |
	cat - "$TMP/signed.large" >"$TMP/mbox"
mbox_pipe() {
	cat <"$TMP/mbox" | "$@"
}
exits 0 'dkim-verify --mbox keeps a pipe in a spool' \
	in_dir "$TMP/spool" mbox_pipe verify --mbox
ok 'nothing is left of it, either' rmdir "$TMP/spool"
fails 66 'dkim-verify --mbox without a directory for the spool' \
	in_dir "$TMP/none" mbox_pipe verify --mbox

# --- memory ---

# shellcheck disable=SC3045
starved() {
	(ulimit -v 60000 && "$@")
}
yes '# a long comment in a table that operators write' |
	head -c 50000000 >"$TMP/long.table"
if grep -q __asan_init "$BUILD/bin/dkim-verify"; then
	skip 'each tool exits 75 without memory' 'address sanitizer'
else
	exits 0 'dkim-verify works in 60 MB' starved verify <"$TMP/signed"
	fails 75 'vbr-insert exits 75 without memory' \
		starved vbr-insert --table="$TMP/long.table" <"$MESSAGE"
	fails 75 'dkim-sign exits 75 without memory' \
		starved dkim-sign --table="$TMP/long.table" <"$MESSAGE"
	fails 75 'dkim-verify exits 75 without memory' \
		starved dkim-verify --zone="$TMP/long.table" <"$MESSAGE"
	exits 0 'spf-query works in 60 MB' starved spf <"$TMP/signed"
	fails 75 'spf-query exits 75 without memory' \
		starved spf-query --zone="$TMP/long.table" <"$MESSAGE"
	exits 0 'dmarc-eval works in 60 MB' starved dmarc <"$TMP/signed"
	fails 75 'dmarc-eval exits 75 without memory' \
		starved dmarc-eval --zone="$TMP/long.table" <"$MESSAGE"
	exits 0 'vbr-check works in 60 MB' starved check <"$TMP/signed"
	fails 75 'vbr-check exits 75 without memory' \
		starved vbr-check --zone="$TMP/long.table" <"$MESSAGE"
	exits 0 'that table is good where there is memory' \
		vbr-insert --table="$TMP/long.table" <"$MESSAGE"
fi

finish
