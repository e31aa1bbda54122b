/* test_table: tables of input. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include "tool/table.h"

static void
rows_are_words_and_comments_are_not(void **state)
{
	struct table t;
	struct span text = SPAN("# comment\n"
				"\n"
				"example.org sel /etc/key#1 # why\n"
				" \t *\tb  c \r\n"
				"#example.com a b\n"
				".Example.NET. a #b\n"
				"m\303\274nchen.example a b");

	assert_int_equal(table_parse(text, 2, 3, *state, &t), 0);
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

		assert_int_equal(
		    table_parse(span_of(c[i]), 1, 1, *state, &t), 0);
		assert_int_equal(t.nrows, 0);
	}
}

static void
the_first_bad_line_is_named(void **state)
{
	static const struct {
		struct span text;
		size_t line;
	} c[] = {
	    {{"a b\n", 4}, 0},
	    {{"a b c", 5}, 0},
	    {{"a\n", 2}, 1},
	    {{"a b\n\n#\na b c d\na", 16}, 4},
	    {{"a b\na\0 b\n", 9}, 2},
	    {{"a b #\0\n", 7}, 1},
	    {{"\n*.org b", 8}, 2},
	    {{". b", 3}, 1},
	    {{".. b", 4}, 1},
	    {{"a..b c", 6}, 1},
	    {{"** b", 4}, 1},
	    {{"*a b", 4}, 1},
	    {{".* b", 4}, 1},
	    {{"a@b c", 5}, 1},
	    {{"xn--a c", 7}, 1},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct table t;

		assert_int_equal(
		    table_parse(c[i].text, 2, 3, *state, &t), c[i].line);
	}
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
	    TEST(patterns_match_a_name_the_names_below_one_or_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
