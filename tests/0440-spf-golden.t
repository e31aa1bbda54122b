#!/bin/sh
# What people see of SPF records: data/spf-golden has one case a zone, about
# example.org. Beside NN-TOPIC.zone stand what is given to spf-query and what it
# must write, octet for octet, the exit status in the last line:
#
#	.query		options of a query: the client, the sender
#	.tree		its --tree
#	.lint		--lint of the domain
#	.flat		--flatten of the domain; may be absent
#	.clients	a --batch that has the same results, in the order of its
#			lines, by the flattened records as by the old ones
#			without their limits; kept terms may find nothing
#	.rest		a zone of what the flattened record still asks for
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
GOLDEN=$DATA/spf-golden
cd "$TMP" || exit 1

# query OPTION...: of $case by its zone, its status behind the output
query() {
	spf-query --now="$NOW" -z "$GOLDEN/$case.zone" "$@" 2>err
	echo "exit $?"
}

# golden NAME TITLE: the file got is the one that is kept
golden() {
	diff -u "$GOLDEN/$1" got >changes
	result $? "$2" && return
	note "$(cat changes err)"
}

tree() {
	eval "query -Q --tree $(cat "$GOLDEN/$case.query")" >got
	golden "$case.tree" "the tree of $case is the one that was read"
}

lint() {
	query --lint -d example.org >got
	golden "$case.lint" "the findings in $case are those that were read"
}

# results OPTION...: one word a client
results() {
	spf-query --now="$NOW" --batch="$GOLDEN/$case.clients" "$@" 2>err |
		sed 's/ .*//'
}

flatten() {
	query --flatten -d example.org >got
	golden "$case.flat" "$case becomes these addresses"
	[ -f "$GOLDEN/$case.clients" ] || return
	grep -v '^exit ' got >flat.zone
	[ ! -f "$GOLDEN/$case.rest" ] || cat "$GOLDEN/$case.rest" >>flat.zone
	results -z "$GOLDEN/$case.zone" --lookup-limit=100 --void-limit=100 >old
	results -z flat.zone --void-limit=100 >new
	[ "$(sort -u old | wc -l)" -gt 1 ] && cmp -s old new
	result $? "the clients of $case have the results that they had" ||
		note "$(diff -u old new)" "$(cat err)"
}

for zone in "$GOLDEN"/*.zone; do
	case=${zone##*/}
	case=${case%.zone}
	tree
	lint
	[ ! -f "$GOLDEN/$case.flat" ] || flatten
done
finish
