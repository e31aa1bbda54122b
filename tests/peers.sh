# peers.sh: comparisons with other implementations. Source it after lib.sh, in
# $TMP.
#
#	$PEERS			tests/peers
#	compared STATUS PEER TITLE
#				the test of a comparison with that peer, whose
#				findings are in the file "differences": STATUS
#				is 0 if there are none, 1 if there are, 2 if it
#				could not be made
#
# data/peers/versions.tsv has the version of each peer that its exceptions were
# seen with. Where a peer of another version differs in other ways, the test is
# skipped, not failed, and that is reported: in a line on stderr, which prove
# shows, and in remarks.
# shellcheck shell=sh
PEERS=$ROOT/tests/peers

compared() {
	compared_is=$("$PEERS/version" "$2" 2>>errors)
	compared_was=$(awk -F '\t' -v peer="$2" '$1 == peer { print $2 }' \
		"$DATA/peers/versions.tsv")
	if [ "$1" -eq 1 ] && [ "$compared_is" != "$compared_was" ]; then
		compared_why="$2 $compared_is differs; exceptions are of"
		compared_why="$compared_why $compared_was"
		skip "$3" "$compared_why"
		note "${0##*/}: $compared_why" >&2
	else
		result "$1" "$3"
	fi
	[ "$1" -eq 0 ] || note "$(head -n "${PEER_LINES:-30}" differences)"
}
