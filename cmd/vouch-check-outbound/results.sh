# results.sh: whether a check has passed, and how that is reported.
# Of main.sh: $text_filter, $form, $tmp, $template; json, utf8, hidden, fail.
# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2016,SC2034,SC2154

# Of jq: a check from the tool's object and what it wrote to standard error; then
# whether it passed; then how it is reported.
check_filter=$text_filter'
def faults:
	if .results[0].method == "dmarc" and .results[0].result == "pass" then
		[.evaluations[].identifiers[] |
		    select(.mechanism == "dkim" and .result == "pass" and
			.aligned != "no")] |
		select(. == []) | "no aligned signature:"
	elif .results[0].method == "vbr" then
		.results[0].notes[]
	else
		empty
	end;
# Of domain-check: the score, each error, and the names of the warnings.
def score:
	if .low == .high then "\(.low)" else "\(.low) to \(.high)" end +
	    " of \(.of)";
def kind: .section + "/" + .id;
def setup:
	[.findings[] | select(.level == "error") | kind + ": " +
	    (if .where == $subject then "" else .where + ": " end) + .words +
	    (if .what then ": " + .what else "" end)] as $errors |
	([.findings[] | select(.level == "warning") | kind] | unique) as
	    $warnings |
	(.score | score) +
	(if $errors == [] then "" else " (" + ($errors | join("; ")) + ")" end) +
	(if $warnings == [] then "" else
	    ", warnings: " + ($warnings | join(", ")) end);
def words:
	if .score then
		setup
	else
		(.results // [])[] | .method + "=" + .result +
		    (if .id then " (" + .id + ": " + .reason + ")" else "" end)
	end;
def tap:
	(if .passed then "" else "not " end) + "ok \($number) - " +
	(.title | split("\\") | join("\\\\") | split("#") | join("\\#")),
	if .reason == "" then empty else "# " + (.reason | shown) end;
# What GitHub takes for syntax is %HH; "##[", which began a command once, is
# already shown as something else.
def encoded: split("%") | join("%25");
def property: shown | encoded | split(":") | join("%3A") | split(",") |
	join("%2C");
def github:
	if .passed then empty else
	    "::error " + (if $check == "template" and $file != "-" then
		"file=" + ($file | property) + "," else "" end) +
	    "title=" + (.title | property) + "::" + (.reason | shown | encoded)
	end;
[$object[0] // empty | faults] as $faults |
[$object[0] // empty | words] as $words |
($err | split("\n") | map(select(. != ""))) as $errors |
{
	check: $check,
	subject: (if $subject == "" then null else $subject end),
	passed: ($status == 0 and $faults == []),
	reason: ($faults + $words + ($errors | map(ltrimstr($check + ": "))) |
	    join(" ")),
	results: ($object[0].results // [])
} + ($object[0] // {} | if .score then {domain: .} else {} end) |
if .passed or .reason != "" then . else .reason = "status \($status)" end |
tojson, .passed,
(.title = ([$check, .subject // empty] | join(" ") | shown) |
    if $form == "tap" then
	tap
    elif $form == "lines" then
	.title, (.reason | shown)
    elif $form == "github" then
	github
    else
	empty
    end)'

# github_error TEXT: the line for a text that is printable.
github_error() {
	printf '%s\n' "$1" | sed "s/%/%25/g; s/^/::error title=$program::/"
}

measure 1
coloured=
! is_coloured || coloured=1
number=0 failed=0

# annotate CHECK: prints what domain-check has written for GitHub; else, or if it
# has no error, the line of the check itself, unless that passed.
annotate() {
	[ "$1" = domain-check ] || : >"$tmp/annotations"
	cat "$tmp/annotations" || return
	grep -q '^::error ' "$tmp/annotations" || cat "$tmp/lines"
}

# report CHECK SUBJECT STATUS: reports a check, with the object in $tmp/json, if
# there is one, and what is in $tmp/err.
report() {
	number=$((number + 1))
	jq -n -r --arg check "$1" --arg subject "$(utf8 "$2")" \
		--argjson status "$3" --rawfile err "$tmp/err" \
		--slurpfile object "$tmp/json" --arg form "$form" \
		--argjson number "$number" \
		--arg file "$(utf8 "$(hidden "$template")")" "$check_filter" >"$tmp/report" ||
		fail 70 "$1: its JSON object cannot be read"
	sed 1q "$tmp/report" >>"$tmp/checks"
	mark=ok
	[ "$(sed -n 2p "$tmp/report")" = true ] || mark=FAIL failed=1
	sed 1,2d "$tmp/report" >"$tmp/lines"
	[ "$form" != lines ] || line $mark <"$tmp/lines" >"$tmp/line"
	case $form in
	tap) cat "$tmp/lines" ;;
	github) annotate "$1" ;;
	lines) cat "$tmp/line" ;;
	esac || fail 74 'standard output cannot be written'
}

finish() {
	case $form in
	tap) echo "1..$number" ;;
	json) json jq -s -c -a --arg file "$(utf8 "$(hidden "$template")")" \
		'{schema: 1, file: $file, passed: all(.passed), checks: .}' \
		"$tmp/checks" ;;
	esac || fail 74 'standard output cannot be written'
	exit $failed
}

