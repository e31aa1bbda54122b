#!/bin/sh
# What all tools share: long and short options, --help and --version, usage
# errors, the modes and their exclusions.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

key=$TMP/keys/ed25519.pem
message=$DATA/message.eml

# alike TITLE COMMAND STDIN ARGS -- ARGS: both spellings do the same
alike() {
	title=$1 tool=$2 input=$3
	shift 3
	first=
	while [ "$1" != -- ]; do
		first="$first $1"
		shift
	done
	shift
	# shellcheck disable=SC2086
	"$tool" $first <"$input" >"$TMP/first" 2>&1
	"$tool" "$@" <"$input" >"$TMP/second" 2>&1
	[ -s "$TMP/first" ] && cmp -s "$TMP/first" "$TMP/second"
	result $? "$title"
}

dkim-sign -k "ed=$key" --now "$NOW" <"$message" >"$TMP/signed" 2>/dev/null
printf '%s\0' "$TMP/signed" "$TMP/signed" >"$TMP/list"

# shellcheck disable=SC2317,SC3045
small_stack() {		# small_stack TOOL
	(ulimit -s 128 && exec "$1" --version)
}

# shellcheck disable=SC2317,SC3045
memory_of() {		# memory_of KIB TOOL
	(ulimit -v "$1" && exec "$2" --version) >/dev/null 2>&1
}

# little_memory TOOL: from where it cannot be loaded (127) on, by steps that are
# smaller than a stack that grows, it ends with 75 until there is enough
# shellcheck disable=SC2317
little_memory() {
	kib=2000
	while memory_of "$kib" "$1"; [ $? -eq 127 ]; do
		kib=$((kib + 1000))
	done
	kib=$((kib - 1000)) status=127
	while [ "$status" -ne 0 ]; do
		kib=$((kib + 70))
		memory_of "$kib" "$1"
		status=$?
		case $status in
		0 | 75 | 127) ;;
		*) echo "$kib KiB: $status" && return 1 ;;
		esac
	done
}

for path in "$ROOT"/cmd/*/main.c; do
	tool=$(basename "${path%/main.c}")
	exits 0 "$tool --help ends with 0" "$tool" --help
	has "$tool --help shows itself" --help "$TMP/out"
	exits 0 "$tool --version ends with 0" "$tool" --version
	has "$tool --version names the tool" "$tool (vouch)" "$TMP/out"
	if grep -q __asan_init "$(command -v "$tool")"; then
		skip "$tool runs with a stack of 128 KiB" 'address sanitizer'
		skip "$tool ends with 75 if memory is short" 'address sanitizer'
	else
		exits 0 "$tool runs with a stack of 128 KiB" small_stack "$tool"
		title="$tool ends with 75 if memory is short"
		if [ "${VOUCH_BIN:-}" ]; then
			skip "$title" 'valgrind needs more itself'
		else
			ok "$title" little_memory "$tool"
		fi
	fi
	exits 64 "$tool does not know --bogus" "$tool" --bogus </dev/null
	ok "$tool says so in one line" lines 1 "$TMP/err"
	has "$tool names the option" --bogus "$TMP/err"
	exits 64 "$tool does not abbreviate --vers" "$tool" --vers </dev/null
	exits 64 "$tool does not take --color=green" "$tool" --color=green \
		</dev/null
	has "$tool names its values" 'auto, always or never' "$TMP/err"
	exits 64 "$tool wants an argument for --exit-map" "$tool" --exit-map
	exits 64 "$tool does not take --exit-map=x=1" "$tool" --exit-map=x=1 \
		</dev/null
	exits 64 "$tool does not take --exit-map=fail=256" "$tool" \
		--exit-map=fail=256 </dev/null
done

# A message shows no more of a text than people read.
exits 64 'a very long value is refused' dkim-verify \
	--exit-map="$(printf '%0100000d' 0)=1" "$message"
ok 'in a message of bounded length' [ "$(wc -c <"$TMP/err")" -lt 5000 ]
has 'which says how long it is' '... (1000' "$TMP/err"

printf '\357\273\277' | cat - "$message" >"$TMP/marked"
echo | cat - "$message" >"$TMP/spaced"
for run in 'vbr-insert -t b.example' "dkim-sign -k ed=$key" dkim-verify \
	'dkim-verify -r' spf-query 'spf-query -j' dmarc-eval 'dmarc-eval -q' \
	'vbr-check -t b.example' 'vbr-check -r -t b.example'; do
	# shellcheck disable=SC2086
	{
		exits 65 "$run does not take a byte order mark in front" \
			$run <"$TMP/marked"
		has 'it says so' 'not a message: it begins with a byte order mark' \
			"$TMP/err"
		exits 65 "$run does not take an empty line in front" \
			$run <"$TMP/spaced"
		has 'it says so' 'not a message: it begins with an empty line' \
			"$TMP/err"
	}
done

alike '-k, -s, -d, -c and -x have long names' dkim-sign "$message" \
	--key "$key" --selector ed --domain example.org \
	--canonicalization relaxed --sign-headers +X --expire 60 --now "$NOW" -- \
	-k "$key" -s ed -d example.org -c relaxed --sign-headers +X -x 60 \
	--now "$NOW"
alike '--annotate is what dkim-sign does' dkim-sign "$message" \
	--annotate -k "ed=$key" --now "$NOW" -- -k "ed=$key" --now "$NOW"
alike '--header is -H for dkim-sign' dkim-sign "$message" \
	--header -k "ed=$key" --now "$NOW" -- -H -k "ed=$key" --now "$NOW"
alike '-d, -T, -t and -H of vbr-insert have long names' vbr-insert "$message" \
	--domain a.example --type list --certifier b.example --header -- \
	-d a.example -T list -t b.example -H
alike '--annotate is what vbr-insert does' vbr-insert "$message" \
	--annotate --certifier b.example -- -a -t b.example
alike '--zone and --report are -z and -r' dkim-verify "$TMP/signed" \
	--zone "$ZONE" --now "$NOW" --report -- -z "$ZONE" --now "$NOW" -r
alike '--json is -j' dkim-verify "$TMP/signed" \
	--zone "$ZONE" --now "$NOW" --json -- -z "$ZONE" --now "$NOW" -j
alike '--verbose is -v' dkim-verify "$TMP/signed" \
	-z "$ZONE" --now "$NOW" -r --verbose -- -z "$ZONE" --now "$NOW" -r -v
alike '--header is -H for dkim-verify' dkim-verify "$TMP/signed" \
	-z "$ZONE" --now "$NOW" --authserv-id=a --header -- \
	-z "$ZONE" --now "$NOW" --authserv-id=a -H
alike '--annotate is -a, and what dkim-verify does' dkim-verify "$TMP/signed" \
	-z "$ZONE" --now "$NOW" --authserv-id=a --annotate -- \
	-z "$ZONE" --now "$NOW" --authserv-id=a
alike '--null is -0' dkim-verify "$TMP/list" \
	-z "$ZONE" --now "$NOW" --files-from - --null -- \
	-z "$ZONE" --now "$NOW" --files-from=- -0
set -- -z "$ZONE" --now "$NOW" --authserv-id=a
alike '-i, -f and -e have long names' spf-query "$message" \
	--ip 192.0.2.1 --mail-from a@example.org --helo mx.example.org \
	--scope=both "$@" -- \
	-i 192.0.2.1 -f a@example.org -e mx.example.org --scope=both "$@"
# The field of a query, whose status is the verdict.
printf '_dmarc.example.org. TXT "v=DMARC1; p=reject"\n' >"$TMP/dmarc.zone"
exits 6 'dmarc-eval -Q -H writes the field' dmarc-eval -Q -H \
	--author=example.org -z "$TMP/dmarc.zone" --authserv-id=a
has 'with the verdict' 'Authentication-Results: a; dmarc=fail' "$TMP/out"
exits 0 'vbr-check -Q -H writes the field' vbr-check -Q -H -d example.org \
	-t b.example --set='example.org._vouch.b.example TXT all' \
	-z "$ZONE" --authserv-id=a
has 'with its verdict' 'Authentication-Results: a; vbr=pass' "$TMP/out"
exits 64 '--on-pass is not for a query' vbr-check -Q -H -d example.org \
	-t b.example -z "$ZONE" --on-pass='X-A: b'
echo ';!TIMEOUT _dmarc.slow.example TXT' >"$TMP/slow.zone"
exits 75 'a verdict that is to wait has no field' dmarc-eval -Q -H --defer \
	--author=slow.example -z "$TMP/slow.zone" --authserv-id=a
ok 'nothing is written' test ! -s "$TMP/out"
alike '--query is -Q' spf-query "$message" \
	--query -i 192.0.2.1 -f a@example.org "$@" -- \
	-Q -i 192.0.2.1 -f a@example.org "$@"
alike '--domain is -d for spf-query' spf-query "$message" \
	--tree --domain example.org "$@" -- --tree -d example.org "$@"
for pair in '-a --annotate' '-H --header' '-r --report' '-j --json' \
	'-v --verbose'; do
	alike "${pair#* } is ${pair% *} for spf-query" spf-query "$message" \
		"${pair#* }" -i 192.0.2.1 -f a@example.org "$@" -- \
		"${pair% *}" -i 192.0.2.1 -f a@example.org "$@"
done
alike '-i, -f and -e have long names for dmarc-eval' dmarc-eval "$message" \
	--ip 192.0.2.1 --mail-from a@example.org --helo mx.example.org "$@" -- \
	-i 192.0.2.1 -f a@example.org -e mx.example.org "$@"
alike '--query is -Q for dmarc-eval' dmarc-eval "$message" \
	--query --author example.org --dkim pass:example.org "$@" -- \
	-Q --author=example.org --dkim=pass:example.org "$@"
alike '--domain is -d for dmarc-eval' dmarc-eval "$message" \
	--policy --domain example.org "$@" -- --policy -d example.org "$@"
for pair in '-a --annotate' '-H --header' '-r --report' '-j --json' \
	'-v --verbose'; do
	alike "${pair#* } is ${pair% *} for dmarc-eval" dmarc-eval "$message" \
		"${pair#* }" -i 192.0.2.1 -f a@example.org "$@" -- \
		"${pair% *}" -i 192.0.2.1 -f a@example.org "$@"
done
alike '-t, -i, -f and -e have long names for vbr-check' vbr-check "$message" \
	--certifier b.example --ip 192.0.2.1 --mail-from a@example.org \
	--helo mx.example.org "$@" -- \
	-t b.example -i 192.0.2.1 -f a@example.org -e mx.example.org "$@"
alike '--query, --domain and --type are -Q, -d and -T for vbr-check' \
	vbr-check "$message" --query --domain example.org --type list \
	--certifier b.example "$@" -- \
	-Q -d example.org -T list -t b.example "$@"
for pair in '-a --annotate' '-H --header' '-r --report' '-j --json' \
	'-v --verbose'; do
	alike "${pair#* } is ${pair% *} for vbr-check" vbr-check "$message" \
		"${pair#* }" -t b.example "$@" -- "${pair% *}" -t b.example "$@"
done
exits 0 '--quiet says nothing' dkim-verify --quiet -z "$ZONE" --now "$NOW" \
	"$TMP/signed"
ok 'nothing at all' test ! -s "$TMP/out" -a ! -s "$TMP/err"
exits 64 '--nameserver wants an address' dkim-verify --nameserver x "$TMP/signed"
exits 64 '-n wants an address' dkim-verify -n x "$TMP/signed"

for pair in '-a -H' '-H -r' '-r -j' '-j -q' '-q -a'; do
	for tool in dkim-verify spf-query dmarc-eval vbr-check; do
		# shellcheck disable=SC2086
		exits 64 "$tool does not take $pair" $tool $pair <"$TMP/signed"
	done
done
for run in "vbr-insert -t b.example" "dkim-sign -k ed=$key"; do
	# shellcheck disable=SC2086
	{
		exits 0 "$run -a is a run" $run -a <"$message"
		exits 64 "${run%% *} does not take -a -H" $run -a -H <"$message"
		exits 64 "${run%% *} takes no operand" $run "$message" </dev/null
	}
done
exits 64 'spf-query -n wants an address' spf-query -n x "$TMP/signed"
exits 64 'dmarc-eval -n wants an address' dmarc-eval -n x "$TMP/signed"
exits 64 'vbr-check -n wants an address' vbr-check -n x "$TMP/signed"
exits 64 '-a takes no operand' dkim-verify -a "$TMP/signed" </dev/null
exits 64 '-H takes no operand' dkim-verify -H "$TMP/signed" </dev/null
exits 64 'DNS options of dkim-sign go with --check-dns' \
	dkim-sign -k "ed=$key" -z "$ZONE" <"$message"
exits 64 '--timeout of dkim-sign goes with --check-dns' \
	dkim-sign -k "ed=$key" --timeout 5 <"$message"
exits 64 'DNS options of vbr-insert go with --verify' \
	vbr-insert -t b.example -z "$ZONE" <"$message"

exits 0 'a name that --sign-headers may not sign is a warning' \
	dkim-sign -k "ed=$key" --sign-headers +Received --now "$NOW" <"$message"
has 'the warning has an identifier' 'never-signed' "$TMP/err"
dkim-sign -H -k "ed=$key" --sign-headers +Received --now "$NOW" <"$message" \
	>"$TMP/field" 2>/dev/null
lacks 'it is not signed' 'Received' "$TMP/field"
finish
