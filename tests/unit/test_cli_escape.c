/* test_cli_escape: arguments with octets that cannot be printed. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <string.h>

#include "tool/cli_escape.h"

static const char *arguments[] = {"tool", "", "-", "--", "!#:+", "x!#:+y",
    "-e!#:+", "--helo=!#:+", "--helo==x", "-f=x@a.example", "-rf=x=y",
    "-=", "=", "-!=!", "!!", "\001", "\001\001x", "-\001=\001", "--\001x=\001",
    "\303\251 \377", "\r\n\t"};

static void
come_back(void **state)
{
	const char **list = cli_escape(COUNT(arguments), arguments, *state);

	for (size_t i = 0; i < COUNT(arguments); i++)
		same(arguments[i], span_of(cli_unescape(list[i], *state)),
		    arguments[i]);
	assert_null(list[COUNT(arguments)]);
}

static void
have_nothing_for_popt(void **state)
{
	const char **list = cli_escape(COUNT(arguments), arguments, *state);

	for (size_t i = 1; i < COUNT(arguments); i++) {
		assert_null(strchr(list[i], '!'));
		assert_false(list[i][0] == '-' && list[i][1] != '-' &&
		    strchr(list[i], '='));
	}
}

static void
keep_names(void **state)
{
	static const char *names[] = {"tool", "-rf", "--helo=x", "--", "-", ""};
	const char **list = cli_escape(COUNT(names), names, *state);

	for (size_t i = 0; i < COUNT(names); i++)
		same(names[i], span_of(list[i]), names[i]);
}

/* popt cuts the value out of an argument: the rest of it is restored, too. */
static void
come_back_in_part(void **state)
{
	static const char *cut[] = {"tool", "-e=!#:+", "--helo=!#:+"};
	const char **list = cli_escape(COUNT(cut), cut, *state);

	same("-e", span_of(cli_unescape(list[1] + 2, *state)), "=!#:+");
	same("--helo", span_of(cli_unescape(list[2] + 7, *state)), "!#:+");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(come_back),
	    TEST(have_nothing_for_popt),
	    TEST(keep_names),
	    TEST(come_back_in_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
