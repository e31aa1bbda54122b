# removal.sh: what the tests of removing Authentication-Results have in common.
# Source it after lib.sh and cases.sh.
#
#	$tab, $ID		a tab; what most cases are about, and $id is now
#	$checker		the filter: dkim-verify
#	verify ARG...		runs it, by the name $id, offline
#	$END, $BODY, $OTHER	a header's end, what follows, another host's field
#	with_field MESSAGE	what the filter must write for it. The new field
#				is in $TMP/field
#	removed TITLE REST OPTION...
#				of $TMP/message, a header without mbox lines,
#				the filter leaves the file REST. What -H writes
#				is in $TMP/field and $TMP/warning
#
# shellcheck shell=sh disable=SC2034
tab=$(printf '\t')
ID=mx.example.org
id=$ID
checker=dkim-verify
END='From: a@example.org~Subject: s~'
BODY='~Authentication-Results: mx.example.org; dkim=pass~~'
OTHER='Authentication-Results: mx.example.net;~\tdkim=pass header.d=example.net~'

verify() {
	"$checker" --authserv-id="$id" --now "$NOW" --zone "$ZONE" "$@"
}

with_field() {
	cat "$TMP/field" "$1"
}

removed() {
	removed_title=$1 removed_rest=$2
	shift 2
	verify -H "$@" <"$TMP/message" >"$TMP/field" 2>"$TMP/warning"
	with_field "$removed_rest" >"$TMP/want"
	exits 0 "$removed_title" verify "$@" <"$TMP/message"
	cmp "$TMP/out" "$TMP/want" >"$TMP/difference" 2>&1
	result $? "$removed_title: the rest is untouched" ||
		note "$(cat "$TMP/difference")"
	[ ! -s "$TMP/err" ]
	result $? "$removed_title: the filter has nothing to say"
}
