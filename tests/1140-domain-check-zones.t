#!/bin/sh
# domain-check's answers on prepared zones (tests/data/domain-check/cases), and
# the closed loop: what is proposed for a no is put into the zone, and turns it
# into a yes.
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016 # jq's variables
. "${0%/*}/lib.sh"
cd "$DATA/domain-check" || exit 1
command -v jq >/dev/null || skip_all 'jq is not installed'
needs "$BUILD/bin/domain-check"

# Of jq: the lines of a case that an object answers.
answers='
"score: \(.score.low)-\(.score.high) of \(.score.of)",
"no: \([.questions[] | select(.answer == "no").id] | join(" "))",
"open: \([.questions[] | select(.answer == "not known").id] | join(" "))",
"mends: \([.questions[] | select(.proposed).id] | join(" "))",
(.findings[] | "has: \(.section)/\(.id)"),
(.questions[] | select(.answer == "no" and (.proof == null or .mend == null)) |
    "silent: \(.id)"),
(([.questions[] | select(.answer == "no")] | length) as $no |
    select($no > 0) |
    select([.findings[] | select(.level != "note")] == []) | "unfounded: no")'

# judge ZONE: runs the case's command; the answers are in $TMP/answers.
judge() {
	eval "set -- -z \"$1\" $args"
	domain-check -j --now="$NOW" "$@" >"$TMP/object" 2>"$TMP/err"
	[ ! -s "$TMP/err" ] && jq -r "$answers" "$TMP/object" >"$TMP/answers"
}

answer() {
	sed -n "s/^$1: *//p" "$TMP/answers"
}

# is_as_written: are the answers what the case says?
is_as_written() {
	wrong=
	[ "$(answer score)" = "$score" ] || wrong="$wrong score $(answer score);"
	[ "$(answer no)" = "$no" ] || wrong="$wrong no: $(answer no);"
	[ "$(answer open)" = "$open" ] || wrong="$wrong open: $(answer open);"
	for word in $has; do
		grep -qxF "has: $word" "$TMP/answers" || wrong="$wrong no $word;"
	done
	for word in $lacks; do
		! grep -qxF "has: $word" "$TMP/answers" || wrong="$wrong $word;"
	done
	for word in $mends; do
		case " $(answer mends) " in
		*" $word "*) ;;
		*) wrong="$wrong nothing proposed for $word;" ;;
		esac
	done
	wrong="$wrong$(grep -e '^silent' -e '^unfounded' "$TMP/answers")"
	[ -z "$wrong" ] && return
	note "$wrong"
	return 1
}

# mend QUESTION: puts what is proposed for it into the zone.
mend() {
	jq -r --arg id "$1" '.questions[] | select(.id == $id) |
	    .proposed.remove[]' "$TMP/first" >"$TMP/remove"
	jq -r --arg id "$1" '.questions[] | select(.id == $id) |
	    .proposed.add[]' "$TMP/first" >"$TMP/add"
	while IFS= read -r line; do
		grep -qxF -e "$line" "$TMP/zone" || {
			note "not in the zone: $line"
			return 1
		}
	done <"$TMP/remove"
	# An empty list of patterns matches nothing.
	grep -vxF -f "$TMP/remove" "$TMP/zone" >"$TMP/mended"
	cat "$TMP/add" >>"$TMP/mended"
}

is_mended() {
	mend "$1" && judge "$TMP/mended" &&
		case " $(answer no) $(answer open) " in
		*" $1 "*)
			note "still: $(answer no) / $(answer open)"
			cut -c 1-300 "$TMP/add" | sed 's/^/# /'
			return 1
			;;
		esac
}

try() {
	[ -n "$title" ] || return 0
	[ -n "$score" ] || score='5-5 of 5'
	grep -v -E "${drop:-^$}" "$zone" >"$TMP/template"
	printf '%s' "$add" >>"$TMP/template"
	# A record is a line, as domain-check writes it.
	sed -e 's/^\([^;][^ ]*\) /\1 IN /' -f keys.sed "$TMP/template" >"$TMP/zone"
	judge "$TMP/zone" || sed 's/^/# /' "$TMP/err"
	cp "$TMP/object" "$TMP/first"
	ok "$title" is_as_written
	for question in $(answer mends); do
		ok "  what is proposed for $question mends it" is_mended "$question"
		loops=$((loops + 1))
	done
}

loops=0 title=
begin() {
	title=$1 zone=sound.zone drop='' add='' args='-s r1 example.org'
	score='' no='' open='' has='' lacks='' mends=''
}
newline='
'
begin ''
while IFS= read -r line; do
	value=${line#*:}
	value=${value# }
	case $line in
	case:*) try && begin "$value" ;;
	zone:*) zone=$value ;;
	drop:*) drop=${drop:+$drop|}$value ;;
	add:*) add=$add$value$newline ;;
	args:*) args=$value ;;
	score:*) score=$value ;;
	no:*) no=$value ;;
	open:*) open=$value ;;
	has:*) has=$value ;;
	lacks:*) lacks=$value ;;
	mends:*) mends=$value ;;
	esac
done <cases
try
ok 'many proposals were tried' [ "$loops" -ge 30 ]
finish
