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
quotes_and_backslashes_are_for_blanks(void **state)
{
	static const struct {
		const char *text, *value;
	} c[] = {
	    {"a", "a"},
	    {"\"a\"", "a"},
	    {"\"a b\"", "a b"},
	    {"a\\ b", "a b"},
	    {"a\\\tb", "a\tb"},
	    {"a\" \"b", "a b"},
	    {"\"a\\\"b\"", "a\"b"},
	    {"a\\\"b", "a\"b"},
	    {"a\\\\b", "a\\b"},
	    {"a\\\\", "a\\"},
	    {"a\\b", "a\\b"},
	    {"\"a\\b\"", "a\\b"},
	    {"\\#a", "#a"},
	    {"\"#a\"", "#a"},
	    {"\"\"", ""},
	    {"\"\"\"\"", ""},
	    {"it's", "it's"},
	    {"'a'", "'a'"},
	    {"\"a # b\"", "a # b"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct table t;
		struct span wrong = SPAN_NONE, text = span_of(c[i].text);
		struct span line =
		    ARENA_JOIN(*state, SPAN("* \t"), text, SPAN(" \t x #\r\n"));
		const struct table_row *row;

		assert_int_equal(
		    table_parse(line, &two_or_three, *state, &t, &wrong), 0);
		row = &t.rows[0];
		assert_int_equal(row->ncolumns, 3);
		if (!span_eq(row->columns[1], span_of(c[i].value)))
			fail_msg("%s: " SPAN_FMT, c[i].text,
			    SPAN_ARG(row->columns[1]));
		assert_non_null(row->columns[1].p);
		/* The text is a view of the line. */
		assert_ptr_equal(row->texts[1].p, line.p + 3);
		assert_int_equal(row->texts[1].len, text.len);
	}
}

static void
a_backslash_at_the_end_of_a_line_is_itself(void **state)
{
	struct table t;
	struct span wrong;

	assert_int_equal(table_parse(SPAN("* a\\\r\n* b\\"), &two_or_three,
			     *state, &t, &wrong),
	    0);
	assert_true(span_eq(t.rows[0].columns[1], SPAN("a\\")));
	assert_true(span_eq(t.rows[1].columns[1], SPAN("b\\")));
}

static void
what_is_quoted_is_read_back(void **state)
{
	static const char *const c[] = {"", "a", "a b", "\"", "\\", "a\\", "#",
	    "a#", "\\ ", " ", "a\tb", "\\\\", "\\\"", "it's", "a\rb",
	    "\303\274", "%d", "\\#"};

	assert_true(
	    span_eq(table_quote(SPAN("a/%d.pem"), *state), SPAN("a/%d.pem")));
	assert_true(span_eq(table_quote(SPAN("a b"), *state), SPAN("\"a b\"")));
	for (size_t i = 0; i < COUNT(c); i++) {
		struct table t;
		struct span wrong = SPAN_NONE;
		struct span word = table_quote(span_of(c[i]), *state);
		struct span line = ARENA_JOIN(*state, SPAN("* "), word);

		assert_int_equal(
		    table_parse(line, &two_or_three, *state, &t, &wrong), 0);
		assert_int_equal(t.rows[0].ncolumns, 2);
		if (!span_eq(t.rows[0].columns[1], span_of(c[i])))
			fail_msg("%s: " SPAN_FMT, c[i],
			    SPAN_ARG(t.rows[0].columns[1]));
	}
}

static void
a_template_takes_the_domain(void **state)
{
	static const struct {
		const char *column, *domain, *value; /* NULL: none */
		bool has_domain;
	} c[] = {
	    {"", "a.org", "", false},
	    {"key", "a.org", "key", false},
	    {"%d", "a.org", "a.org", true},
	    {"k/%d.pem", "A.Org.", "k/a.org.pem", true},
	    {"%d/%d", "a.org", "a.org/a.org", true},
	    {"%d", "B\303\274cher.example", "xn--bcher-kva.example", true},
	    {"%%", "a.org", "%", false},
	    {"%%d", "a.org", "%d", false},
	    {"%%%d", "a.org", "%a.org", true},
	    {"%d%%", "a.org", "a.org%", true},
	    {"%%%%", "a.org", "%%", false},
	    {"%", "a.org", NULL, false},
	    {"a%", "a.org", NULL, false},
	    {"%%%", "a.org", NULL, false},
	    {"%D", "a.org", NULL, false},
	    {"%s", "a.org", NULL, false},
	    {"% d", "a.org", NULL, false},
	    {"%d%", "a.org", NULL, true},
	    {"key", NULL, "key", false},
	    {"%%", "..", "%", false},
	    {"%d", NULL, NULL, true},
	    {"%d", "", NULL, true},
	    {"%d", "localhost", "localhost", true},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span column = span_of(c[i].column), value;

		value = table_expand(column, span_of(c[i].domain), *state);
		if (!span_eq(value, span_of(c[i].value)) ||
		    !value.p != !c[i].value ||
		    table_has_domain(column) != c[i].has_domain)
			fail_msg("%s %s: " SPAN_FMT, c[i].column, c[i].domain,
			    SPAN_ARG(value));
	}
}

/* Has the value of %d only what a name in a folder can begin with and have? */
static bool
is_harmless(struct span value)
{
	char before = '.';

	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];

		if (c == '.'
			? before == '.'
			: !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			      c == '-' || c == '_'))
			return false;
		before = c;
	}
	return before != '.';
}

static void
no_domain_chooses_a_path(void **state)
{
	static const char *const c[] = {".", "..", "/", "a/b", "/a.org",
	    "../a.org", "a.org/..", "a.org/../b", ".a.org", "a..org", "a.org..",
	    "[192.0.2.1]", "-a.org", "a-.org", "a b.org", "a%2fb.org", "%d",
	    "a\\b.org", "xn--a.org", "\302\255", "a\342\200\244.\342\200\244",
	    "\342\200\245", "a\357\274\217b.org", "\357\274\216\357\274\216",
	    "\377", "a\nb.org", "a:b", "~root", "a*", "a@b.org"};
	size_t accepted = 0;

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span value =
		    table_expand(SPAN("%d"), span_of(c[i]), *state);

		if (value.p)
			fail_msg("%s: " SPAN_FMT, c[i], SPAN_ARG(value));
	}
	/* Every pair of octets, at the beginning, in the middle, at the end. */
	for (unsigned pair = 0; pair < 0x30000; pair++) {
		char two[] = {(char)(pair >> 8), (char)pair};
		struct span text = {two, 2}, value;
		struct span before = pair >> 16 ? SPAN("a") : SPAN("");
		struct span after = pair >> 16 == 2 ? SPAN("") : SPAN("b.org");

		text = ARENA_JOIN(*state, before, text, after);
		value = table_expand(SPAN("%d"), text, *state);
		if (value.p && !is_harmless(value))
			fail_msg("%x: " SPAN_FMT, pair, SPAN_ARG(value));
		accepted += value.p != NULL;
		arena_reset(*state);
	}
	assert_true(accepted > 3 * 37 * 37);
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

#define QUOTE \
	"a quote that is not closed; after a backslash it is part of a name"

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
	    {{"a b\na \"b", 8}, 2, QUOTE},
	    {{"a \"b\\\"\n", 7}, 1, QUOTE},
	    {{"a \"b\nc\" d", 9}, 1, QUOTE},
	    {{"a b c d \"", 9}, 1, QUOTE},
	    {{"\"\" b", 4}, 1, "''" PATTERN},
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
	    TEST(quotes_and_backslashes_are_for_blanks),
	    TEST(a_backslash_at_the_end_of_a_line_is_itself),
	    TEST(what_is_quoted_is_read_back),
	    TEST(a_template_takes_the_domain),
	    TEST(no_domain_chooses_a_path),
	    TEST(a_table_may_be_empty),
	    TEST(the_first_bad_line_is_named),
	    TEST(a_path_is_relative_to_the_folder_of_the_table),
	    TEST(patterns_match_a_name_the_names_below_one_or_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
