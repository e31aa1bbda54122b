#!/bin/sh
# The recipes of vouch-recipes(7) for many messages: 2,000 in several processes
# give the lines that one process gives.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/verify.sh
. "${0%/*}/../verify.sh"
RECIPES=$DATA/recipes
HOME=$TMP
export HOME
cd "$TMP" || exit 1

# Of 20 messages a fifth is changed, and a fifth not signed.
mkdir bin Maildir Maildir/cur Maildir/new Maildir/tmp
for n in $(seq 20); do
	sed "s/order-1/order-$n/" "$MAIL" >plain
	sign rsa2048 "$R2048" <plain >message
	case $((n % 5)) in
	0) cat plain >message ;;
	1) echo more >>message ;;
	esac
	{
		echo "From notices@example.org Fri Nov 20 10:00:05 2026"
		cat message
		echo
	} >>some
	for copy in $(seq 100); do
		cp message "Maildir/cur/$n.$copy:2,S"
	done
done
for _ in $(seq 100); do
	cat some
done >mbox
tool=$(command -v dkim-verify)
cat >bin/dkim-verify <<END
#!/bin/sh
exec $tool -z $ZONE --now=$NOW "\$@"
END
chmod +x bin/dkim-verify
PATH=$TMP/bin:$PATH
dkim-verify -j Maildir >one 2>err
sort one >want
ok "one process writes 2,000 lines" lines 2000 want
for result in pass fail none; do
	has "some have $result" "\"result\":\"$result\"" want
done

# numberless FILE: its lines without the number of a message
numberless() {
	sed 's|"file":"[^"]*"|"file":"N"|' "$1"
}

# alike NAME STATUS: the recipe, on this host, writes the same lines
alike() {
	sed 's|,2/b\.example\.net||' "$RECIPES/$1" >script
	rm -rf results results.json
	exits "$2" "$1: the status tells of messages that do not pass" \
		sh script
	sort results.json >got
	same "$1: the lines are those of one process" want got
}

alike xargs 0
if ! parallel --version 2>err | grep -q '^GNU parallel'; then
	skip "the same by GNU parallel" "no GNU parallel"
	finish
fi
alike parallel 4
alike parallel-hosts 4
dkim-verify -j --mbox <mbox >one 2>err
numberless one | sort >want
ok "one process writes 2,000 lines of an mbox" lines 2000 want
sed 's/--block 10M/--block 300k/' "$RECIPES/parallel-mbox" |
	sed 's|,2/b\.example\.net||' >script
sh script 2>err
[ $? -ge 2 ]
result $? "parallel-mbox: several processes read pieces"
numberless results.json | sort >got
same "parallel-mbox: the lines are those of one process" want got
finish
