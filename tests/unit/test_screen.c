/* test_screen: folding to a width, parts with colours. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/screen.h"

/* Asserts what a screen of a width makes of a text. */
static void
assert_folded(const char *text, size_t width, const char *lines)
{
	struct screen to = {.width = width};
	char *got;
	size_t len;

	to.to = open_memstream(&got, &len);
	screen_line(&to, span_of(text));
	fclose(to.to);
	assert_string_equal(got, lines);
	free(got);
}

static void
a_line_is_folded_at_blanks(void **state)
{
	static const struct {
		const char *text;
		size_t width;
		const char *lines;
	} cases[] = {
	    {"", 20, "\n"},
	    {"one two three four five six seven", 0,
		"one two three four five six seven\n"},
	    {"one two three four", 20, "one two three four\n"},
	    {"one two three four f", 20, "one two three four f\n"},
	    {"one two three four fi", 20, "one two three four\n    fi\n"},
	    {"one two three four   five", 20, "one two three four\n    five\n"},
	    {"one two three  4 a b c d", 20, "one two three\n    4 a b c d\n"},
	    {"  one two three four five six", 20,
		"  one two three four\n      five six\n"},
	    {"one ", 20, "one \n"},
	    {"one two three four  ", 18, "one two three four\n"},
	    /* a word that is longer than a line */
	    {"0123456789012345678901234567890123456789", 20,
		"01234567890123456789\n    0123456789012345\n    6789\n"},
	    {"  0123456789012345678901234567890123456789", 20,
		"  012345678901234567\n      89012345678901\n      "
		"23456789\n"},
	    {"a 0123456789012345678901234567890", 20,
		"a\n    0123456789012345\n    678901234567890\n"},
	    /* an indent that leaves no room */
	    {"                  one two three", 20,
		"                  on\n          e two\n          three\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_folded(cases[i].text, cases[i].width, cases[i].lines);
}

static void
characters_are_counted_not_octets(void **state)
{
	(void)state;
	assert_int_equal(screen_columns(SPAN("")), 0);
	assert_int_equal(screen_columns(SPAN("abc")), 3);
	assert_int_equal(screen_columns(SPAN("b\303\274cher")), 6);
	/* of double width; a combining accent; not UTF-8 */
	assert_int_equal(screen_columns(SPAN("\346\227\245\346\234\254")), 4);
	assert_int_equal(screen_columns(SPAN("e\314\201")), 1);
	assert_int_equal(screen_columns(SPAN("\377\376")), 2);
	assert_folded(
	    "\303\244\303\244\303\244\303\244\303\244 "
	    "\303\266\303\266\303\266\303\266\303\266 "
	    "\303\274\303\274\303\274\303\274\303\274\303\274\303\274 x",
	    20,
	    "\303\244\303\244\303\244\303\244\303\244 "
	    "\303\266\303\266\303\266\303\266\303\266 "
	    "\303\274\303\274\303\274\303\274\303\274\303\274\303\274\n    "
	    "x\n");
	assert_folded("\346\227\245\346\227\245\346\227\245\346\227\245\346\227"
		      "\245\346\227\245\346\227\245\346\227\245\346\227\245\346"
		      "\227\245\346\227\245",
	    21,
	    "\346\227\245\346\227\245\346\227\245\346\227\245\346\227\245\346"
	    "\227\245\346\227\245\346\227\245\346\227\245\346\227\245\n    "
	    "\346\227\245\n");
}

/* Returns what a screen makes of a line of parts; free() it. */
static char *
line_of_parts(struct screen to)
{
	struct arena *a = arena_new();
	struct screen_text t = SCREEN_TEXT(a);
	char *got;
	size_t len;

	to.to = open_memstream(&got, &len);
	screen_str(&t, SCREEN_PASS, "pass");
	screen_add(&t, SCREEN_PLAIN, SPAN(" \033[0m "));
	screen_str(&t, SCREEN_ID, "some-id ");
	screen_str(&t, SCREEN_ID, "and more");
	screen_shown(&t, SCREEN_PLAIN, SPAN("\\."));
	screen_put(&to, &t);
	fclose(to.to);
	arena_free(a);
	return got;
}

static void
parts_have_the_colours_of_their_roles(void **state)
{
	static const struct {
		struct screen screen;
		const char *lines;
	} cases[] = {
	    {{0}, "pass \\x1b[0m some-id and more\\.\n"},
	    {{.has_colours = true},
		"\033[32mpass\033[0m \\x1b[0m \033[36msome-id and "
		"more\033[0m\\.\n"},
	    /* a colour ends with its line, and begins anew below */
	    {{.has_colours = true, .width = 24},
		"\033[32mpass\033[0m \\x1b[0m \033[36msome-id and\033[0m\n"
		"    \033[36mmore\033[0m\\.\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *got = line_of_parts(cases[i].screen);

		assert_string_equal(got, cases[i].lines);
		free(got);
	}
}

static void
a_column_is_at_least_two_blanks_away(void **state)
{
	struct arena *a = arena_new();
	struct screen_text t = SCREEN_TEXT(a);

	(void)state;
	screen_str(&t, SCREEN_PLAIN, "\303\274b");
	screen_to_column(&t, 6);
	screen_str(&t, SCREEN_PLAIN, "c");
	screen_to_column(&t, 3);
	screen_str(&t, SCREEN_PLAIN, "d");
	assert_true(span_eq(buf_span(&t.text), SPAN("\303\274b    c  d")));
	arena_free(a);
}

static void
a_stream_that_is_no_terminal_is_not_folded(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	setenv("COLUMNS", "40", 1);
	assert_int_equal(screen_of(file).width, 0);
	assert_false(screen_of(file).has_colours);
	screen_set_colours(SCREEN_ALWAYS);
	setenv("NO_COLOR", "1", 1);
	assert_true(screen_of(file).has_colours);
	screen_set_colours(SCREEN_NEVER);
	assert_false(screen_of(file).has_colours);
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_is_folded_at_blanks),
	    cmocka_unit_test(characters_are_counted_not_octets),
	    cmocka_unit_test(parts_have_the_colours_of_their_roles),
	    cmocka_unit_test(a_column_is_at_least_two_blanks_away),
	    cmocka_unit_test(a_stream_that_is_no_terminal_is_not_folded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
