#!/bin/sh
# What options take is taken as it is: by all options of all tools that take
# text, in each form in which it can be given. libpopt by itself replaces "!#:+"
# in a value by another argument, or never returns.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/lib.sh"

message=$DATA/message.eml zone=$TMP/zone
cp "$ZONE" "$zone" # what fails here may write into files that are not meant
mkdir "$TMP/here" && cd "$TMP/here" || exit 1
tab=$(printf '\t')

# The options in a tool's --help that take text, "LETTER NAME" (LETTER may be -).
options() {
	"$1" --help | sed -n \
		-e 's/^  -\(.\), --\([a-z0-9-]*\)=.*/\1 \2/p' \
		-e 's/^      --\([a-z0-9-]*\)=.*/- \1/p'
}

# A hang ends here, by a signal.
# shellcheck disable=SC3045
ulimit -t 10

# run FORMS TOOL ARG...: what it does among other arguments, and its status, are
# added to $TMP/runs. What follows has a word that popt could take.
run() {
	forms=$1 tool=$2
	shift 2
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
	echo "@ $forms"
	"$tool" "$@" -z "$zone" --exit-map noinput=66 <"$message" 2>&1
	echo "status $?"
	set -- * -*
	if [ "$*" != '* -*' ]; then
		rm -f ./* ./-*
	fi
} >>"$TMP/runs"

# try TOOL LETTER NAME: runs with each value in all forms (with the first alone if
# this is not check-all), and one with a value that popt would replace beside one
# as strange that it would not.
try() {
	echo "@ try $1 --$3" >>"$TMP/runs"
	for value in '!#:+' -x '' -- '=!#:+'; do
		run equal "$1" "--$3=$value"
		run apart "$1" "--$3" "$value"
		if [ "$2" != - ] && [ "$value" ]; then
			run letter "$1" "-$2" "$value"
			run glued "$1" "-$2$value"
		elif [ "$2" != - ]; then
			run 'letter glued' "$1" "-$2" ''
		fi
		full || break
	done
	run want "$1" "--$3" 'x!#:-y'
	run got "$1" "--$3" 'x!#:+y'
}

# The tests of what is in FILE: all forms do the same, what popt would replace
# does what the other value does, and none hangs or crashes.
compare() {		# compare FILE
	awk '
	function test(title, good) {
		print !good "\t" title
		for (name in text)
			if (!good) {
				gsub("\n", "&#\t", text[name])
				print "#\t" name ": " text[name]
			}
	}
	function compare() {
		gsub("!#:-", "!#:+", text["want"])
		test(option " takes each value in all its forms",
		    text["equal"] != "" && text["equal"] == text["apart"] &&
		    (!("letter" in text) || text["letter"] == text["equal"] &&
		    text["glued"] == text["equal"]))
		test(option " does not look for other arguments",
		    text["got"] != "" && text["got"] == text["want"])
		if (index(text["got"], "x!#:+y"))
			seen++
		split("", text)
	}
	/^@ try / { if (option) compare(); option = $3 " " $4; next }
	/^@ / { n = split($0, form); next }
	{ for (i = 2; i <= n; i++) text[form[i]] = text[form[i]] $0 "\n" }
	/^status (99|12[4-9]|1[3-9][0-9])$/ { bad = bad option " " $0 ". " }
	END {
		compare()
		test("none of them hangs or crashes: " bad, bad == "")
		test("most of them show the value, as it is: " seen, seen >= 40)
	}' "$1"
}

for path in "$ROOT"/cmd/*/main.c; do
	tool=$(basename "${path%/main.c}")
	options "$tool" >"$TMP/options"
	ok "$tool has options that take text" test -s "$TMP/options"
	while read -r letter name; do
		try "$tool" "$letter" "$name"
	done <"$TMP/options"
done
compare "$TMP/runs" >"$TMP/compared"
tally "$TMP/compared"

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
dkim-verify -j -z "$zone" -- '!#:+' --report 2>"$TMP/err" |
	"$MEMBERS" file >"$TMP/out"
printf '%s\n' '!#:+' --report >"$TMP/want"
same 'operands are named as they are' "$TMP/want" "$TMP/out"
finish
