/* test_table: tables of input. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/table.h"

static const struct table_form one = {"X", 1, 1}, two_or_three = {"X", 2, 3};

static void
rows_are_words_and_comments_are_not(void **state)
{
	struct table t;
	struct span wrong,
	    text = SPAN("# comment\n"
			"\n"
			"example.org sel /etc/key#1 # why\n"
			" \t *\tb  c \r\n"
			"#example.com a b\n"
			".Example.NET. a #b\n"
			"m\303\274nchen.example a b");

	assert_int_equal(
	    table_parse(text, &two_or_three, *state, &t, &wrong), 0);
	assert_int_equal(t.nrows, 4);
	assert_int_equal(t.rows[0].line, 3);
	assert_int_equal(t.rows[0].ncolumns, 3);
	assert_true(span_eq(t.rows[0].columns[0], SPAN("example.org")));
	assert_true(span_eq(t.rows[0].columns[1], SPAN("sel")));
	assert_true(span_eq(t.rows[0].columns[2], SPAN("/etc/key#1")));
	assert_int_equal(t.rows[1].line, 4);
	assert_int_equal(t.rows[1].ncolumns, 3);
	assert_true(span_eq(t.rows[1].columns[2], SPAN("c")));
	assert_int_equal(t.rows[2].line, 6);
	assert_int_equal(t.rows[2].ncolumns, 2);
	assert_true(span_eq(t.rows[2].columns[0], SPAN(".example.net")));
	assert_true(
	    span_eq(t.rows[3].columns[0], SPAN("xn--mnchen-3ya.example")));
}

static void
a_table_may_be_empty(void **state)
{
	static const char *const c[] = {"", "\n", "\n\n", "# x", " \t\r\n#"};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct table t;
		struct span wrong;

		assert_int_equal(
		    table_parse(span_of(c[i]), &one, *state, &t, &wrong), 0);
		assert_int_equal(t.nrows, 0);
	}
}

#define PATTERN                                                             \
	" is not a pattern, which is example.org, .example.org (the names " \
	"below "                                                            \
	"it) or * (all names)"

static void
the_first_bad_line_is_named(void **state)
{
	static const struct {
		struct span text;
		size_t line;
		const char *wrong; /* NULL: nothing is */
	} c[] = {
	    {{"a b\n", 4}, 0, NULL},
	    {{"a b c", 5}, 0, NULL},
	    {{"a\n", 2}, 1, "1 column"},
	    {{"a b\n\n#\na b c d\na", 16}, 4, "4 columns"},
	    {{"a b\n* b c d e #f\n", 17}, 2, "5 columns"},
	    {{"a b\na\0 b\n", 9}, 2, "a NUL character"},
	    {{"a b #\0\n", 7}, 1, "a NUL character"},
	    {{"\n*.org b", 8}, 2, "'*.org'" PATTERN},
	    {{". b", 3}, 1, "'.'" PATTERN},
	    {{".. b", 4}, 1, "'..'" PATTERN},
	    {{"a..b c", 6}, 1, "'a..b'" PATTERN},
	    {{"** b", 4}, 1, "'**'" PATTERN},
	    {{"*a b", 4}, 1, "'*a'" PATTERN},
	    {{".* b", 4}, 1, "'.*'" PATTERN},
	    {{"a@b c", 5}, 1, "'a@b'" PATTERN},
	    {{"xn--a c", 7}, 1, "'xn--a'" PATTERN},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct table t;
		struct span wrong = SPAN_NONE;

		assert_int_equal(
		    table_parse(c[i].text, &two_or_three, *state, &t, &wrong),
		    c[i].line);
		if (!span_eq(wrong, span_of(c[i].wrong)))
			fail_msg("%zu: " SPAN_FMT, i, SPAN_ARG(wrong));
	}
}

static void
a_path_is_relative_to_the_folder_of_the_table(void **state)
{
	char folder[] = "/tmp/test_table.XXXXXX";
	const char *file, *pipe;
	struct table t = {.form = &one};

	assert_non_null(mkdtemp(folder));
	file = arena_printf(*state, "%s/table", folder).p;
	pipe = arena_printf(*state, "%s/pipe", folder).p;
	assert_int_equal(close(creat(file, 0600)), 0);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	t.path = file;
	assert_true(span_eq(table_path(&t, SPAN("a/b"), *state),
	    arena_printf(*state, "%s/a/b", folder)));
	assert_true(
	    span_eq(table_path(&t, SPAN("/a/b"), *state), SPAN("/a/b")));
	t.path = pipe;
	assert_true(span_eq(table_path(&t, SPAN("a/b"), *state), SPAN("a/b")));
	t.path = "/dev/null";
	assert_true(span_eq(table_path(&t, SPAN("a/b"), *state), SPAN("a/b")));
	t.path = "table";
	assert_true(span_eq(table_path(&t, SPAN("a/b"), *state), SPAN("a/b")));
	unlink(file);
	unlink(pipe);
	rmdir(folder);
}

static void
patterns_match_a_name_the_names_below_one_or_all(void **state)
{
	static const struct {
		const char *pattern, *domain;
		bool match;
	} c[] = {
	    {"example.org", "example.org", true},
	    {"Example.ORG", "example.org", true},
	    {"example.org.", "example.org", true},
	    {"example.org", "a.example.org", false},
	    {"example.org", "example.com", false},
	    {".example.org", "a.example.org", true},
	    {".example.org", "a.b.example.org", true},
	    {".Example.org.", "a.example.org", true},
	    {".example.org", "example.org", false},
	    {".example.org", "anexample.org", false},
	    {".org", "example.org", true},
	    {"*", "example.org", true},
	    {"*", "org", true},
	    {"*", "", false},
	    {"*", NULL, false},
	    {"", "example.org", false},
	    {NULL, "example.org", false},
	    {".", "example.org", false},
	    {"m\303\274nchen.example", "xn--mnchen-3ya.example", true},
	    {".M\303\234nchen.example", "a.xn--mnchen-3ya.example", true},
	    {"xn--MNCHEN-3ya.example", "xn--mnchen-3ya.example", true},
	    {"\377", "example.org", false},
	    {"*.example.org", "a.example.org", false},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		if (table_match(span_of(c[i].pattern), span_of(c[i].domain),
			*state) != c[i].match)
			fail_msg("%s %s", c[i].pattern, c[i].domain);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(rows_are_words_and_comments_are_not),
	    TEST(a_table_may_be_empty),
	    TEST(the_first_bad_line_is_named),
	    TEST(a_path_is_relative_to_the_folder_of_the_table),
	    TEST(patterns_match_a_name_the_names_below_one_or_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
