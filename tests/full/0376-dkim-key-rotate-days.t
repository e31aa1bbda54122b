#!/bin/sh
# dkim-key rotate over 60 days: three domains, a primary server and one that
# lags and loses records, runs that are killed, a state file that is deleted.
# 10,000 messages are signed along the way, and all verify, whatever a cache may
# have, until the queue's age later. Then one run of each kind is killed at every
# system call.
# Slow: 3 minutes
# shellcheck source=tests/lib.sh disable=SC2317,SC2015,SC2094
. "${0%/*}/../lib.sh"
needs_helpers
strace -qq -o "$TMP/probe" -e inject=getpid:signal=SIGKILL:when=1 true \
	2>/dev/null && [ -s "$TMP/probe" ] ||
	skip_all "strace cannot trace a process here"
grep -q __asan_init "$(command -v dkim-key)" &&
	skip_all "10,000 messages take too long under ASan"
mkdir "$TMP/sim" && cd "$TMP/sim" || exit 1
mkfifo port

# start NAME ZONE: a server, whose process is PID_NAME and address ADDRESS_NAME
start() {
	"$DNSD" "$2" >port 2>dnsd.err &
	eval "PID_$1=$!"
	serve_pids="${PID_1:-} ${PID_2:-}"
	IFS= read -r start_port <port
	eval "ADDRESS_$1=127.0.0.1#$start_port"
}
# serves NAME ZONE: it has this zone from now on
serves() {
	cmp -s "$2" "served.$1" && return
	cp "$2" "served.$1"
	eval "serves_pid=\${PID_$1:-}"
	# shellcheck disable=SC2154
	[ -z "$serves_pid" ] || kill "$serves_pid"
	start "$1" "served.$1"
}
# rotate TIME COMMAND...: a run, of the command and its arguments. $servers has
# the options that name the servers
rotate() {
	rotate_now=$1
	shift
	# shellcheck disable=SC2086
	"$@" dkim-key rotate --table=table --now="$rotate_now" --every=12d \
		--queue=5d --keep=6d --publish=./hook --timeout=20 $servers
}
# calls FILE: the system calls of a trace from the lock on (before it, the program
# is only loaded), each with how many of its name there were
calls() {
	awk -F '(' '
	/table[.]lock/ { begun = 1 }
	/^[a-z0-9_]+[(]/ { n[$1]++ }
	begun && /^[a-z0-9_]+[(]/ { print $1, n[$1] }' "$1"
}
# kill_at CALL N TIME: a run that is killed at its N-th system call of this name
kill_at() {
	rotate "$3" strace -qq -o trace \
		-e inject="$1":signal=SIGKILL:when="$2" >out 2>err
}
# well: no half of a change is in the table: it has all of its lines ($rows), of
# each domain the keys of one generation, and their files are there
well() {
	awk -v want="$rows" '
	/^#/ { comments++; next }
	{
		rows++
		name = $3
		sub(/[re]/, "", name)
		if ($2 in generation && generation[$2] != name)
			exit failed = 1
		generation[$2] = name
		if ($4 !~ "^keys/" $3 "[.]" && $4 != "keys/" $3 ".pem")
			exit failed = 1
		if ((getline line <$4) <= 0)
			exit failed = 1
		close($4)
	}
	END { exit failed || comments != 1 || rows != want }' table
}
# published: both servers, as they were at the last run, have the keys that sign
published() {
	grep -v '^#' table | while read -r _ domain selector _; do
		for server in 1 2; do
			grep -q "^$selector._domainkey.$domain\\. .*p=..*\"" \
				served.$server || exit 1
		done
	done
}
new_key() {		# DOMAIN SELECTOR ARG...
	new_key_domain=$1 new_key_selector=$2
	shift 2
	dkim-key new -d "$new_key_domain" -s "$new_key_selector" \
		-o "keys/$new_key_selector.pem" "$@" >>zone
}

cat >hook <<'END'
#!/bin/sh
exec 9>>hook.lock	# that of a run that was killed may still be at work
flock 9
text=$(printf %s "$DKIM_KEY_RECORD" | fold -w 255 | sed 's/.*/"&"/' |
	tr '\n' ' ')
{
	grep -v "^$DKIM_KEY_NAME\. " zone
	[ "$DKIM_KEY_ACTION" = remove ] ||
		echo "$DKIM_KEY_NAME. $DKIM_KEY_TTL IN TXT $text"
} >zone.new && mv zone.new zone
echo "$DKIM_KEY_ACTION $DKIM_KEY_NAME" >>actions
END
chmod +x hook
mkdir keys in
for domain in a b c; do
	echo "$domain.example. 90000 IN SOA n.$domain.example." \
		"h.$domain.example. 1 1 1 1 86400"
done >zone
new_key a.example 1r && new_key a.example 1e -T ed25519 &&
	new_key b.example 9r && new_key c.example 1e2 -T ed25519 || exit 1
cat >table <<'END'
# the keys of three domains
a.example a.example 1r keys/1r.pem
.a.example a.example 1r keys/1r.pem	# hosts
* a.example 1e keys/1e.pem
b.example b.example 9r keys/9r.pem
c.example c.example 1e2 keys/1e2.pem
END
for domain in a b c; do
	n=0
	while [ $n -lt 14 ]; do
		printf '%s\r\n' "From: <x@$domain.example>" \
			'Date: Thu, 1 Jan 2026 00:00:00 +0000' "Subject: $n" \
			"Message-ID: <$n@$domain.example>" '' "body $n" >in/$domain$n
		n=$((n + 1))
	done
done
mkdir start && cp -r keys zone table hook start || exit 1

# --- 60 days ---

START=1767225600	# 2026-01-01
STEP=21600		# 6 hours; "no such name" is cached for 4 times that
STEPS=240

# sign STEP: the messages of a step, by two processes
sign_some() {		# STEP FILE...
	sign_step=$1
	shift
	for file in "$@"; do
		dkim-sign --table=table --now=$((START + sign_step * STEP)) \
			<"$file" >"signed/$sign_step/${file#in/}" 2>>sign.err ||
			echo "$sign_step $file" >>failed.sign
	done
}
sign() {
	mkdir "signed/$1"
	sign_some "$1" in/*[02468] &
	sign_some "$1" in/*[13579]
	wait $!
}
# verify STEP VIEW: the messages of a step, with what each server had after the
# run of another one: an earlier one, which a cache may still have, or a later one
verify() {
	[ -d "signed/$1" ] && [ -f "view/$2.1" ] || return 0
	later=$2
	[ "$1" -le "$2" ] || later=$1
	for view in "view/$2.1" "view/$2.2"; do
		dkim-verify -q --all -z "$view" \
			--now=$((START + later * STEP + 1)) "signed/$1"/* \
			>verify.out 2>&1 ||
			echo "messages of $1, $view" >>failed.verify
		verified=$((verified + 42))
	done
}

rows=5
mkdir signed view
for what in sign verify table servers runs; do
	: >failed.$what
done
cp zone second
i=0 verified=0 killed=0 switches=0 kept=0
while [ $i -lt $STEPS ]; do
	now=$((START + i * STEP))
	# The second server has what the first one had a step ago; now and then
	# it loses what is new.
	if [ $((i % 9)) -eq 4 ] && [ -f table.state ]; then
		awk '
		FILENAME != "second" && ($4 == "made" || $4 == "published") {
			lost[$2 "._domainkey." $1 "."]
		}
		FILENAME == "second" && !($1 in lost)' table.state second >new &&
			mv new second
	fi
	# A server ends after ten minutes.
	[ $((i % 40)) -gt 0 ] || rm -f served.*
	serves 1 zone
	serves 2 second
	servers="--server=$ADDRESS_1 --server=$ADDRESS_2"
	cp zone first
	case $i in
	60 | 110) rm table.state ;;
	esac
	cp table before
	if [ ! -s calls ]; then
		cp -r . "$TMP/copy" && rm -rf calls
		(cd "$TMP/copy" && rotate $now strace -qq -o trace >out 2>err)
		calls "$TMP/copy/trace" >calls
		total=$(grep -c '' calls)
	fi
	# shellcheck disable=SC2046
	kill_at $(sed -n "$((i * 37 % total + 1))p" calls) $now
	[ $? -le 128 ] || killed=$((killed + 1))
	well || echo "$i, killed" >>failed.table
	rotate $now >out 2>err || {
		echo "$i: status $?"
		cat out err
	} >>failed.runs
	well || echo "$i" >>failed.table
	published || echo "$i" >>failed.servers
	cmp -s table before || switches=$((switches + 1))
	! contains out ': kept: ' || kept=$((kept + 1))
	cp zone view/$i.1
	cp second view/$i.2
	sign $i
	verify $i $((i - 4))
	verify $i $((i - 2))
	verify $i $i
	verify $((i - 10)) $i
	verify $((i - 20)) $i
	rm -rf "signed/$((i - 20))"
	cp first second
	cp zone second
	i=$((i + 1))
done
note "$killed runs of $STEPS were killed, $switches switched keys," \
	"$verified verifications"
# none FILE: it is empty, or its lines are shown
none() {
	[ ! -s "$1" ] && return
	head -n 20 "$1"
	return 1
}
ok "at least half of the runs were killed" [ $killed -ge $((STEPS / 2)) ]
ok "keys were switched twice" [ $switches -ge 2 ]
ok "all other runs did their work" none failed.runs
ok "the table was never half written" none failed.table
ok "no key signed that a server lacked at the check before" none failed.servers
ok "all $((STEPS * 42)) messages were signed" none failed.sign
ok "and all verified, with all that caches and servers may have had" \
	none failed.verify
ok "what was published when the state was deleted was named" [ $kept -ge 2 ]
grep -q '^remove 1r._domainkey' actions
ok "and not removed" [ $? -ne 0 ]
ok "keys of later generations were revoked" grep -q '^replace 2026' actions
ok "and removed" grep -q '^remove 2026' actions

# An active key that one server has lost.
grep -v '^2026[0-9]*r[0-9]*._domainkey.b' zone >second
serves 2 second
servers="--server=$ADDRESS_1 --server=$ADDRESS_2"
exits 1 "an active key that a server has lost is told at once" \
	rotate $((START + STEPS * STEP)) env

# --- a run of each kind, killed at every system call ---

servers='-z zone'
# What must be the same however often a run was killed: the keys and their
# states, the table, the files, the names in the zone.
shape() {
	grep -v '^#' table.state | cut -d ' ' -f 1-4
	cat table
	ls keys
	cut -d ' ' -f 1,4 zone | sort
}
# settle TIME: runs until nothing changes any more
settle() {
	rotate "$1" >out 2>err && rotate "$1" >out 2>err
}
# killed NAME TIME: a run at that time is killed, each time one system call
# later, from the lock on: before it, the program is only loaded. After that, the
# runs that follow lead to where they lead without it
killed() {
	rm -rf "snapshot" && mkdir snapshot && cp -r table* zone keys snapshot
	rotate "$2" strace -qq -o trace >out 2>err
	calls trace >todo
	rm -rf table* zone keys && cp -r snapshot/* .
	settle "$2"
	shape >want
	bad=0 done=0
	while read -r call number <&3; do
		rm -rf table* .table* zone keys && cp -r snapshot/* .
		kill_at "$call" "$number" "$2" 3<&-
		[ $? -gt 128 ] && done=$((done + 1))
		well && settle "$2" && well && shape >have && cmp -s have want ||
			{
			bad=$((bad + 1))
			note "killed at $call $number"
			note "$(diff want have | head -n 5)"
		}
	done 3<todo
	[ $bad -eq 0 ] && [ $done -ge 80 ]
	result $? "$1: killed at $done system calls"
}
# RSA keys take too long to be made so often.
rm -rf table* .table* zone keys && cp -r start/* .
grep -v 'r keys/' table >new && sed 's/^\*\(.*\)/a.example\1\n*\1/' new >table
rows=3
day=86400
killed "the first run" 0
rotate 0 >out 2>err
killed "one that makes keys" $((12 * day))
rotate $((12 * day)) >out 2>err
rotate $((12 * day + 60)) >out 2>err
rotate $((13 * day + 60)) >out 2>err
killed "one that changes the table" $((13 * day + 120))
settle $((13 * day + 120))
killed "one that revokes" $((18 * day + 120))
settle $((18 * day + 120))
killed "one that removes" $((24 * day + 120))
rotate $((24 * day + 120)) >out 2>err
ok "at the end the new keys are there alone" [ "$(shape | grep -c ' active$')" \
	= 2 ]
finish
