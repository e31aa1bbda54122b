#!/bin/sh
# A new tool is a folder, a page and a test, with no edit elsewhere: a copy of
# the tree gets one, and all that is to find a tool finds it there, and finds
# the faults in it.
# shellcheck source=tests/lib.sh disable=SC2317
. "${0%/*}/../lib.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL VOUCH_BIN
for need in git make gcc nm tsort; do
	command -v $need >/dev/null || skip_all "no $need"
done
git -C "$ROOT" rev-parse 2>/dev/null || skip_all "no git checkout"
nm "$BUILD/libcommon.a" | grep -q -e __asan_ -e __gcov_ &&
	skip_all "the objects that it shares want a sanitizer's flags"
checks='check-layers check-circles check-lengths check-words check-tools
check-man check-pages check-reasons check-english'
tree=$TMP/tree

# The tree with its objects, so that only what is new is built. This test, which
# has all the words of the tool, is left out.
copy() {
	mkdir "$tree" "$tree/build" &&
		(cd "$ROOT" && git ls-files -z -co --exclude-standard) |
		grep -zv -e /0860- |
			tar -C "$ROOT" --null -T - -c | tar -C "$tree" -x &&
		for part in common cmd bin completion libcommon.a; do
			cp -Rp "$BUILD/$part" "$tree/build" || return
		done &&
		git -C "$tree" init -q && git -C "$tree" add -A
}

check() {		# check SCRIPT
	BUILD=$tree/build "$tree/scripts/$1" 2>&1
}

run_make() {
	make -C "$tree" BUILD=build CC=gcc DESTDIR="$TMP/root" PREFIX=/usr "$@"
}

ok "the tree can be copied" copy || finish
for script in $checks; do
	check "$script" >"$TMP/$script"
	echo $? >>"$TMP/$script"
done

mkdir "$tree/cmd/vouch-dummy"
cat >"$tree/cmd/vouch-dummy/reasons.h" <<'END'
/* reasons: why vouch-dummy refuses a message. */
#ifndef REASONS_H
#define REASONS_H

#include "mail/result.h"

#define DUMMY_REASONS(X) \
	X(NO_WORD, "dummy-no-word", PERMERROR, "no word is to be added")

#endif
END
cat >"$tree/cmd/vouch-dummy/main.c" <<'END'
/* vouch-dummy: add an X-Dummy field to a message. */
/* SPDX-License-Identifier: ISC */
/* Identifiers: DUMMY_REASONS */
#include "base/die.h"
#include "base/sink.h"
#include "reasons.h"
#include "tool/cli.h"

static const char *word;

static const struct cli_option options[] = {
    {"dummy-word", 'w', CLI_STRING, &word, "WORD", "the word to be added"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options:", options},
    {NULL, NULL},
};

static const struct result_reason reasons[] = {DUMMY_REASONS(RESULT_REASON)};

static const struct cli_tool help = {"[OPTION...] < MESSAGE",
    "Adds a field with a word.",
    {"vouch-dummy -w hello <message",
	"vouch-dummy -w world <message"},
    "dummy-word"};

int
main(int argc, char **argv)
{
	struct arena *a = cli_begin(argv[0]);
	struct sink_file out = sink_to_file(stdout);
	struct source source;
	struct message m;

	cli_parse(argc, argv, &help, sections, a);
	cli_read_message(&m, &source, false, a);
	if (!word)
		die(EX_DATAERR, "%s: %s", reasons[0].id, reasons[0].words);
	cli_read_body(&m, NULL, 0, true);
	cli_put_message(&m, arena_printf(a, "X-Dummy: %s%s", word, m.eol),
	    &out.sink, NULL);
	cli_close_stdout();
	return 0;
}
END
cat >"$tree/man/vouch-dummy.1" <<'END'
.Dd November 22, 2026
.Dt VOUCH-DUMMY 1
.Os
.Sh NAME
.Nm vouch-dummy
.Nd add an X-Dummy field to a message
.Sh SYNOPSIS
.Nm
.Op Fl w Ar word
.Pf < Ar message
.Sh DESCRIPTION
.Nm
reads one message on standard input and writes it with an X-Dummy field on top.
.Sh OPTIONS
The
.Em Common options
are described in
.Xr vouch 7 .
Its own option is:
.Bl -tag -width Ds
.It Fl w , Fl -dummy-word Ns = Ns Ar WORD
The word to be added.
.El
.Sh IDENTIFIERS
.Bl -tag -width "dummy-no-word" -compact
.It Li dummy-no-word
permerror: no word is to be added
.El
.Sh SEE ALSO
.Xr vouch 7
END
cat >"$tree/tests/0999-vouch-dummy.t" <<'END'
#!/bin/sh
# vouch-dummy: the field that it adds, and what it refuses.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

exits 0 "a word is added" vouch-dummy --dummy-word=hello <"$DATA/message.eml"
printf 'X-Dummy: hello\n' | cat - "$DATA/message.eml" >"$TMP/want"
same "on top of the message" "$TMP/want" "$TMP/out"
exits 65 "without an option there is none" vouch-dummy <"$DATA/message.eml"
has "it says why" "dummy-no-word: " "$TMP/err"
finish
END
chmod +x "$tree/tests/0999-vouch-dummy.t"

# What make, tests and scripts find of it.
ok "make builds it" run_make all
grep '^CC ' "$TMP/ok.out" >"$TMP/got"
echo 'CC cmd/vouch-dummy/main.o' >"$TMP/want"
same "it is all that there was to be compiled" "$TMP/want" "$TMP/got" ||
	note "$(cat "$TMP/got")"
lacks "without a warning" 'warning:' "$TMP/ok.out"

dummy=$tree/build/bin/vouch-dummy
exits 0 "its --help ends with 0" "$dummy" --help
has "--help has its option" "--dummy-word=WORD" "$TMP/out"
has "--help has what all tools have" "--exit-map=" "$TMP/out"

run_test() {		# run_test TEST
	(cd "$TMP" && BUILD=$tree/build "$tree/tests/$1")
}
ok "its test passes" run_test 0999-vouch-dummy.t
ok "the test of what all tools share passes" run_test 0100-cli.t
has "that tries the new one, too" "vouch-dummy --version names the tool" \
	"$TMP/ok.out"

if command -v bash >/dev/null; then
	bash "$ROOT/tests/helper/complete.bash" "$tree/build/completion/bash" \
		'vouch-dummy --du' >"$TMP/got"
	has "bash completes its option" --dummy-word= "$TMP/got"
else
	skip "bash completes its option" "no bash"
fi
for path in zsh/_vouch-dummy fish/vouch-dummy.fish; do
	has "its completion for ${path%/*} has its option" dummy-word \
		"$tree/build/completion/$path"
done

for script in $checks; do
	check "$script" >"$TMP/got"
	echo $? >>"$TMP/got"
	same "$script finds no fault in it" "$TMP/$script" "$TMP/got" ||
		note "$(diff "$TMP/$script" "$TMP/got")"
done

ok "make install succeeds" run_make install
exits 0 "it is installed" "$TMP/root/usr/bin/vouch-dummy" --version
for path in man/man1/vouch-dummy.1 bash-completion/completions/vouch-dummy \
	zsh/site-functions/_vouch-dummy \
	fish/vendor_completions.d/vouch-dummy.fish; do
	ok "so is $path" test -s "$TMP/root/usr/share/$path"
done
ok "make uninstall succeeds" run_make uninstall
find "$TMP/root" -type f >"$TMP/left"
same "it is gone then" /dev/null "$TMP/left"

git -C "$tree" add -A
dist() {
	SOURCE_DATE_EPOCH=0 "$tree/scripts/dist" vouch-1 "$TMP" &&
		tar -t -z -f "$TMP/vouch-1.tar.gz"
}
ok "a distribution is made" dist
for path in cmd/vouch-dummy/main.c man/vouch-dummy.1 \
	tests/0999-vouch-dummy.t; do
	has "$path is in it" "vouch-1/$path" "$TMP/ok.out"
done

# A fault in it, or in a file of the library, is found: a file is
# spoiled, a check has to say so, and the file is as it was again.
spoil() {		# spoil FILE
	spoiled=$tree/$1
	cp -p "$spoiled" "$TMP/kept"
}
finds() {		# finds SCRIPT WHAT TEXT
	check "$1" >"$TMP/finds"
	[ $? -eq 1 ] && grep -q -F -e "$3" "$TMP/finds"
	result $? "$1 finds $2" || note "$(cat "$TMP/finds")"
	cp -p "$TMP/kept" "$spoiled"
}
# finds_all SCRIPT: it fails with the faults on stdin, lines WHAT|TEXT
finds_all() {
	check "$1" >"$TMP/finds"
	finds_status=$?
	while IFS='|' read -r what text; do
		[ "$finds_status" -eq 1 ] && grep -q -F -e "$text" "$TMP/finds"
		result $? "$1 finds $what" || note "$(cat "$TMP/finds")"
	done
}

page=$tree/man/vouch-dummy.1 shared=$tree/man/vouch.7
cp -p "$page" "$TMP/page"
cp -p "$shared" "$TMP/shared"
grep -v -e dummy-word -e 'Op Fl w' -e 'Em Common options' -e 'Li dummy-no-word' \
	"$TMP/page" >"$page"
grep -v 'It Fl -defer' "$TMP/shared" >"$shared"
finds_all check-man <<'END'
an option that is not in the page|man/vouch-dummy.1: no option w --dummy-word
an identifier that is not in the page|man/vouch-dummy.1: no identifier: dummy-no-word permerror
an option that is not in SYNOPSIS|man/vouch-dummy.1, SYNOPSIS: no option w
shared options that the page does not name|man/vouch-dummy.1: no group of options Common options
a shared option that is not in vouch(7)|man/vouch.7 (of vouch-dummy): no option Common options: - --defer
END
cp -p "$TMP/shared" "$shared"
faults='.It Fl -defer\n.It Li dummy-a-word\npermerror: x\n.It Li dns-loop\ntemperror: x'
sed -e '/permerror: no word/d' -e "s/^\.It Li dummy-no-word/$faults\n&/" \
	"$TMP/page" >"$page"
finds_all check-man <<'END'
an identifier without its result|man/vouch-dummy.1: no identifier: dummy-no-word permerror
an option of vouch(7) in the page, too|man/vouch-dummy.1: too much: option - --defer
what nothing prints|man/vouch-dummy.1: nothing prints: dummy-a-word
what vouch(7) has, too|man/vouch-dummy.1: also in man/vouch.7: dns-loop
END
sed -e 's/^\.Sh IDENTIFIERS/&\n.Ss In the page\n.Pp/' \
	-e "s/^\.It Li dummy-no-word/.It Li $(printf '%0100d' 0)\n&/" \
	"$TMP/page" >"$page"
finds_all check-pages <<'END'
a word that is the name of a macro|a macro, or a word? .Ss In the page
END
while read -r linter text; do
	if command -v "$linter" >/dev/null; then
		grep -q -F -e "$linter: " "$TMP/finds" &&
			grep -q -F -e "$text" "$TMP/finds"
		result $? "check-pages finds what $linter warns of"
	else
		skip "check-pages finds what $linter warns of" "no $linter"
	fi
done <<'END'
mandoc skipping paragraph macro
groff break line
END
cp -p "$TMP/page" "$page"
spoil man/vouch-dummy.1
rm "$spoiled"
finds check-tools "that there is no page" "man/vouch-dummy.1 is missing"

spoil tests/0999-vouch-dummy.t
rm "$spoiled"
finds check-tools "that there is no test" "no test of vouch-dummy"
spoil tests/0999-vouch-dummy.t
grep -v -e dummy-word -e dummy-no-word "$TMP/kept" >"$spoiled"
finds_all check-reasons <<'END'
an option that no test has|no test of the option: --dummy-word
an identifier that no test has|no test of the identifier: dummy-no-word
END
cp -p "$TMP/kept" "$spoiled"

spoil cmd/vouch-dummy/main.c
yes '/* A line. */' | head -n 130 >>"$spoiled"
finds check-lengths "a main.c that is too long" \
	": more than 150 lines"
spoil cmd/vouch-dummy/main.c
echo '#include "nowhere/x.h"' >>"$spoiled"
finds check-layers "a folder that is not a layer" \
	": no layer nowhere"
spoil cmd/vouch-dummy/main.c
echo '/* TO''DO: the rest */' >>"$spoiled"
finds check-words "what is not finished" "DO: the rest"
spoil cmd/vouch-dummy/main.c
echo '/* The word be''hind the others. */' >>"$spoiled"
finds check-english "a word of a comment" "hind the others"
spoil tests/0999-vouch-dummy.t
echo '# The word be''hind the others.' >>"$spoiled"
finds check-english "a word of a test's comment" "hind the others"

spoil common/dns/dns_name.c
echo '#include "spf/spf.h"' >>"$spoiled"
finds check-layers "that a low folder includes a higher one" \
	"dns/ includes spf/spf.h, of a layer that is not lower"
spoil common/dns/dns_name.c
echo '#include "dns.h"' >>"$spoiled"
finds check-layers "an include without its folder" \
	"dns.h is included without its folder"
for call in 'exit(1)' 'printf("x")'; do
	spoil common/dns/dns_name.c
	echo "void f(void) { $call; }" >>"$spoiled"
	finds check-words "$call in the library" "void f(void) { $call; }"
done

# dns.c has names made canonical; now their file queries the DNS.
remake() {
	run_make -s build/common/dns/dns_name.o
}
spoil common/dns/dns_name.c
cat >>"$spoiled" <<'END'
size_t dns_name_circle(const struct dns *d);
size_t
dns_name_circle(const struct dns *d)
{
	return dns_sent(d);
}
END
ok "a function that makes a circle can be added" remake
finds check-circles "the circle" \
	"dns/dns_name.c uses dns/dns.c: dns_sent"
has "it names the way back" "dns/dns.c uses dns/dns_name.c: dns_name_raw" \
	"$TMP/finds"
touch "$spoiled"
ok "the function can be taken away" remake
ok "so the circle is gone" check check-circles
spoil scripts/check-circles
sed "s/^recursive=.*/recursive='spf\/spf.c spf\/spf_json.c'/" "$TMP/kept" \
	>"$spoiled"
finds check-circles "an exemption without a circle" \
	"no circle spf/spf.c spf/spf_json.c"
spoil scripts/check-circles
sed "s/ = \"check_host\"/ = \$i/" "$TMP/kept" >"$spoiled"
finds check-circles "check_host(), if it were not exempt" \
	"spf/spf_eval.c uses spf/spf_mechanisms.c: spf_macros_in spf_term_evaluate"
finish
