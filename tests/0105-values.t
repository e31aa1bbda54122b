#!/bin/sh
# What options take is taken as it is: by all options of all tools that take
# text, in each form in which it can be given. libpopt by itself replaces "!#:+"
# in a value by another argument, or never returns.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

message=$DATA/message.eml zone=$TMP/zone
cp "$ZONE" "$zone" # what goes wrong here writes into files that are not meant
mkdir "$TMP/here" && cd "$TMP/here" || exit 1
tab=$(printf '\t')

# The options in a tool's --help that take text, "LETTER NAME" (LETTER may be -).
options() {
	"$1" --help | sed -n \
		-e 's/^  -\(.\), --\([a-z0-9-]*\)=.*/\1 \2/p' \
		-e 's/^      --\([a-z0-9-]*\)=.*/- \1/p'
}

# run TOOL ARG...: what it does among other arguments, and its status. What
# follows has a word that popt could take. A hang or a crash is in $TMP/bad.
run() {
	tool=$1
	shift
	case $tool in
	vbr-insert) set -- --verify -t b.example "$@" ;;
	dkim-sign)
		set -- --check-dns -k "ed=$TMP/keys/ed25519.pem" \
			--now "$NOW" "$@"
		;;
	dkim-verify) set -- -r --authserv-id=a --now "$NOW" "$@" ;;
	vbr-check) set -- -r --authserv-id=a -t b.example "$@" ;;
	*) set -- -r --authserv-id=a -i 192.0.2.1 -f a@example.org "$@" ;;
	esac
	timeout 10 "$tool" "$@" -z "$zone" --exit-map noinput=66 \
		<"$message" 2>&1
	status=$?
	echo "status $status"
	case $status in
	99 | 12[4-9] | 1[3-9]?) echo "$status: $tool $*" >>"$TMP/bad" ;;
	esac
	set -- * -*
	if [ "$*" != '* -*' ]; then
		rm -f ./* ./-*
	fi
}

# alike TOOL LETTER NAME: each value does the same in all forms
alike() {
	rm -f "$TMP/equal" "$TMP/apart" "$TMP/letter" "$TMP/glued"
	for value in '!#:+' -x '' -- '=!#:+'; do
		run "$1" "--$3=$value" >>"$TMP/equal"
		run "$1" "--$3" "$value" >>"$TMP/apart"
		[ "$2" = - ] && continue
		run "$1" "-$2" "$value" >>"$TMP/letter"
		if [ "$value" ]; then
			run "$1" "-$2$value" >>"$TMP/glued"
		else
			run "$1" "-$2" '' >>"$TMP/glued"
		fi
	done
	diff "$TMP/equal" "$TMP/apart" || return
	[ "$2" = - ] && return
	diff "$TMP/equal" "$TMP/letter" && diff "$TMP/equal" "$TMP/glued"
}

# untouched TOOL NAME: what popt would replace does what something as strange
# does that it would not.
untouched() {
	run "$1" "--$2" 'x!#:-y' | sed 's/!#:-/!#:+/g' >"$TMP/want"
	run "$1" "--$2" 'x!#:+y' >"$TMP/got"
	diff "$TMP/want" "$TMP/got"
}

seen=0
for path in "$ROOT"/cmd/*/main.c; do
	tool=$(basename "${path%/main.c}")
	options "$tool" >"$TMP/options"
	ok "$tool has options that take text" test -s "$TMP/options"
	while read -r letter name; do
		ok "$tool --$name takes each value in all its forms" \
			alike "$tool" "$letter" "$name"
		ok "$tool --$name does not look for other arguments" \
			untouched "$tool" "$name"
		! grep -q -F 'x!#:+y' "$TMP/got" || seen=$((seen + 1))
	done <"$TMP/options"
done
ok 'none of them hangs or crashes' test ! -e "$TMP/bad" ||
	note "$(cat "$TMP/bad")"
ok "most of them show the value, as it is ($seen)" test "$seen" -ge 40

# What arrives, octet for octet.
arrives() {		# arrives VALUE OPTION...
	value=$1
	shift
	spf-query -Q -j -z "$zone" -i 192.0.2.66 --authserv-id=foo "$@" \
		-n 192.0.2.1 2>"$TMP/err" | "$MEMBERS" envelope/mail_from >"$TMP/out"
	printf '%s\n' "$value" | cmp - "$TMP/out"
}
needs_helpers
while IFS=$tab read -r value option; do
	ok "MAIL FROM is $value: $option" arrives "$value" "$option"
done <<END
!#:+@a.example$tab-f!#:+@a.example
!#:+@a.example$tab--mail-from=!#:+@a.example
=x@a.example$tab-f=x@a.example
=x@a.example$tab--mail-from==x@a.example
-x@a.example$tab-f-x@a.example
--@a.example$tab--mail-from=--@a.example
!!#:+#:+@a.example$tab-f!!#:+#:+@a.example
END
ok 'so is a value that begins with a dash, and is an argument' \
	arrives '-!#:+=@a.example' -f '-!#:+=@a.example'
ok 'and one in a bundle of letters' arrives '=!#:+@a.example' \
	-vf '=!#:+@a.example'
ok 'and one that is glued to it' arrives '=!#:+@a.example' '-vf=!#:+@a.example'

exits 64 'an option without its value is a usage error' spf-query -Q -i
has 'it says which option' '-i: missing argument' "$TMP/err"
exits 64 'an option that is not known is shown as it is' \
	spf-query '--x!#:+' </dev/null
has 'with what popt would replace' '--x!#:+: unknown option' "$TMP/err"
exits 64 'so are letters' spf-query '-r!=#:+' </dev/null
has 'with what popt would replace, too' '-r!=#:+: unknown option' "$TMP/err"

# Operands.
for name in '!#:+' -x --help -- '-=!' ' '; do
	cp "$message" "./$name"
	exits 3 "'$name' is an operand after --" dkim-verify -r -- "$name"
	rm -f "./$name"
done
cp "$message" '!#:+'
cp "$message" -- --report
dkim-verify -j -z "$zone" -- '!#:+' --report |
	"$MEMBERS" file >"$TMP/out"
printf '%s\n' '!#:+' --report >"$TMP/want"
same 'operands are named as they are' "$TMP/want" "$TMP/out"
finish
