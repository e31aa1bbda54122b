#!/bin/sh
# What people see of SPF records: data/spf-golden has one case a zone, about
# example.org. Beside NN-TOPIC.zone are what is given to spf-query and spf-flatten
# and what they must write, octet for octet, the exit status in the last line:
#
#	.query		options of a query: the client, the sender
#	.tree		its --tree
#	.domain		--tree of the domain, without a client
#	.flat		spf-flatten of the domain; may be absent
#	.lint		findings: see 1120-domain-check-spf.t
#	.clients	a --batch that has the same results, in the order of its
#			lines, by the flattened records as by the old ones
#			without their limits; kept terms may find nothing
#	.rest		a zone of what the flattened record still queries
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
GOLDEN=$DATA/spf-golden
cd "$TMP" || exit 1

mkdir got

# golden SUFFIX TITLE COMMAND...: what is written of $case, with its status, to be
# compared with the file that is kept
golden() {
	kept=$case.$1
	printf '%s\t%s\n' "$kept" "$2" >>titles
	shift 2
	{
		"$@" -z "$GOLDEN/$case.zone" 2>>err
		echo "exit $?"
	} >"got/$kept"
}

# results OPTION...: one word a client
results() {
	spf-query --now="$NOW" --batch="$GOLDEN/$case.clients" "$@" 2>err |
		sed 's/ .*//'
}

flatten() {
	golden flat "$case becomes these addresses" spf-flatten example.org
	[ -f "$GOLDEN/$case.clients" ] || return
	grep -v '^exit ' "got/$case.flat" >flat.zone
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
	IFS= read -r options <"$GOLDEN/$case.query"
	eval "set -- $options"
	golden tree "the tree of $case is the one that was read" \
		spf-query -Q --tree --now="$NOW" "$@"
	golden domain "without a client that of $case is, too" \
		spf-query --tree -d example.org
	[ ! -f "$GOLDEN/$case.flat" ] || flatten
done
mkdir want && cp "$GOLDEN"/*.tree "$GOLDEN"/*.domain \
	"$GOLDEN"/*.flat want
diff -u -r -N want got | awk -F '\t' '
	FILENAME == "titles" { title[$1] = $2; next }
	/^diff / {
		name = $0
		sub(/.* got\//, "", name)
	}
	{ changes[name] = changes[name] "#\t" $0 "\n" }
	END {
		for (name in title)
			printf "%d\t%s\n%s", name in changes, title[name],
				changes[name]
	}' titles - >compared
tally compared
finish
