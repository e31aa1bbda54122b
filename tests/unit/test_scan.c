/* test_scan: productions of ABNF. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limit.h"
#include "base/scan.h"

/* How much a scanner consumes; if it fails, it consumes nothing. */
struct scan_case {
	const char *text;
	int eaten; /* -1: fails */
};

static void
check(const struct scan_case *c, size_t n, bool (*eat)(struct scan *))
{
	for (size_t i = 0; i < n; i++) {
		/* a copy of exact size: a sanitizer sees reads beyond */
		size_t len = strlen(c[i].text);
		char *copy = memcpy(malloc(len ? len : 1), c[i].text, len);
		struct scan s = scan_of((struct span){copy, len}), start = s;
		bool good = eat(&s);

		if (good != (c[i].eaten >= 0) ||
		    scan_since(&s, &start).len !=
			(size_t)(good ? c[i].eaten : 0))
			fail_msg("%s: %d %zu", c[i].text, (int)good,
			    scan_since(&s, &start).len);
		free(copy);
	}
}

static void
a_cursor_eats_octets_and_texts(void **state)
{
	struct scan s = scan_of(SPAN("aBcD1"));
	struct span digits;

	(void)state;
	assert_int_equal(scan_peek(&s), 'a');
	assert_false(scan_char(&s, 'b'));
	assert_true(scan_char(&s, 'a'));
	assert_false(scan_literal(&s, SPAN("bc")));
	assert_true(scan_literal(&s, SPAN("Bc")));
	assert_false(scan_caseliteral(&s, SPAN("d12")));
	assert_true(scan_caseliteral(&s, SPAN("d")));
	assert_false(scan_class(&s, ascii_is_alpha, &digits));
	assert_true(scan_class(&s, ascii_is_digit, &digits));
	assert_true(span_eq(digits, SPAN("1")));
	assert_true(scan_end(&s));
	assert_int_equal(scan_peek(&s), -1);
	assert_false(scan_char(&s, 0));
	assert_false(scan_class(&s, ascii_is_digit, &digits));
	s = scan_of(SPAN("\377"));
	assert_int_equal(scan_peek(&s), 255);
}

static void
all_of_a_text_is_of_a_kind_or_not(void **state)
{
	static const struct {
		struct span text;
		bool is_dot_atom, is_digits;
	} c[] = {
	    {S("1"), true, true},
	    {S("12345"), true, true},
	    {S("a.b"), true, false},
	    {S("1.2"), true, false},
	    {S(""), false, false},
	    {S("1 "), false, false},
	    {S(" 1"), false, false},
	    {S("1\0"), false, false},
	    {S("a."), false, false},
	    {S(".a"), false, false},
	    {S("a..b"), false, false},
	    {S("\"a\""), false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		if (scan_is_dot_atom_text(c[i].text) != c[i].is_dot_atom ||
		    scan_is_class(c[i].text, ascii_is_digit) != c[i].is_digits)
			fail_msg("%s", c[i].text.p);
}

static void
an_absent_span_is_at_its_end(void **state)
{
	struct scan s = scan_of(SPAN_NONE);
	struct span out;

	assert_true(scan_end(&s));
	assert_int_equal(scan_peek(&s), -1);
	assert_true(scan_cfws(&s));
	assert_false(scan_atom(&s, &out));
	assert_false(scan_dot_atom_text(&s, &out));
	assert_false(scan_quoted_string(&s, *state, &out));
	assert_false(scan_literal(&s, SPAN("a")));
}

static void
folding_white_space_has_blanks_behind_its_line_ends(void **state)
{
	static const struct scan_case c[] = {
	    {"", 0},
	    {"a", 0},
	    {" \t a", 3},
	    {"\r\n a", 3},
	    {"\n a", 2},
	    {"\n\ta", 2},
	    {" \r\n \n \r\n\t a", 10},
	    {"\r\na", 0},
	    {"\n", 0},
	    {"\r\n", 0},
	    {"\r", 0},
	    {"\r a", 0},
	    {"\r\r\n a", 0},
	    {"\n\n a", 0},
	    {" \n\n a", 1},
	    {"\v", 0},
	    {" (", -1},
	};

	(void)state;
	check(c, COUNT(c), scan_cfws);
}

static void
comments_nest_and_must_end(void **state)
{
	static const struct scan_case c[] = {
	    {"", 0},
	    {"a", 0},
	    {"(a)", 3},
	    {" (a) \r\n (b)c", 11},
	    {"(a(b)c)(d)", 10},
	    {"(\\))a", 4},
	    {"(\\\\)a", 4},
	    {"(\\()a", 4},
	    {"(\")\")", 3},
	    {"()", 2},
	    {"(a))", 3},
	    {")", 0},
	    {"(", -1},
	    {"(()", -1},
	    {"(\\)", -1},
	    {"(\\", -1},
	    {"(a) (b", -1},
	    {" \r\n (b", -1},
	};

	(void)state;
	check(c, COUNT(c), scan_cfws);
}

static void
comments_nest_up_to_the_limit(void **state)
{
	char text[2 * LIMIT_COMMENT_DEPTH + 2];

	(void)state;
	for (size_t depth = LIMIT_COMMENT_DEPTH;
	     depth <= LIMIT_COMMENT_DEPTH + 1; depth++) {
		struct scan s;

		memset(text, '(', depth);
		memset(text + depth, ')', depth);
		s = scan_of((struct span){text, 2 * depth});
		assert_int_equal(scan_cfws(&s), depth <= LIMIT_COMMENT_DEPTH);
		assert_int_equal(scan_end(&s), depth <= LIMIT_COMMENT_DEPTH);
	}
}

static bool
eat_atom(struct scan *s)
{
	struct span out;

	return scan_atom(s, &out);
}

static bool
eat_dot_atom_text(struct scan *s)
{
	struct scan start = *s;
	struct span out;
	bool good = scan_dot_atom_text(s, &out);

	if (good)
		assert_true(span_eq(out, scan_since(s, &start)));
	return good;
}

static void
atoms_have_no_dots_and_dot_atoms_have_single_ones(void **state)
{
	static const struct scan_case atoms[] = {
	    {"a1-_{}.b", 6},
	    {"\303\274\374", 3},
	    {"", -1},
	    {".a", -1},
	    {" a", -1},
	    {"\"", -1},
	    {"\033", -1},
	    {"@", -1},
	};
	static const struct scan_case dot_atoms[] = {
	    {"a.b.c", 5},
	    {"a", 1},
	    {"a.b c", 3},
	    {"a.", 1},
	    {"a..b", 1},
	    {"a.b.@", 3},
	    {".a", -1},
	    {"", -1},
	    {"@", -1},
	};

	(void)state;
	check(atoms, COUNT(atoms), eat_atom);
	check(dot_atoms, COUNT(dot_atoms), eat_dot_atom_text);
}

static void
quoted_strings_mean_what_stands_in_them(void **state)
{
	static const struct {
		const char *text;
		int eaten; /* -1: fails */
		const char *out;
	} c[] = {
	    {"\"a b\"c", 5, "a b"},
	    {"\"\"", 2, ""},
	    {"\"\\\"\\\\\\a\"", 8, "\"\\a"},
	    {"\"a\r\n b\n\tc\"", 10, "a b\tc"},
	    {"\"(,@)\"", 6, "(,@)"},
	    {"\"\303\274\374\"", 5, "\303\274\374"},
	    {"\"\\\r\n b\"", -1, NULL},
	    {"\"a\r\nb\"", -1, NULL},
	    {"\"a\nb\"", -1, NULL},
	    {"\"a\rb\"", -1, NULL},
	    {"\"a", -1, NULL},
	    {"\"", -1, NULL},
	    {"\"a\\\"", -1, NULL},
	    {"\"a\\", -1, NULL},
	    {"", -1, NULL},
	    {"a\"b\"", -1, NULL},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct scan s = scan_of(span_of(c[i].text)), start = s;
		struct span out = SPAN_NONE;
		bool good = scan_quoted_string(&s, *state, &out);

		if (good != (c[i].eaten >= 0) ||
		    scan_since(&s, &start).len !=
			(size_t)(good ? c[i].eaten : 0))
			fail_msg("%s: %d", c[i].text, (int)good);
		if (!good)
			continue;
		assert_non_null(out.p);
		assert_true(span_eq(out, span_of(c[i].out)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_cursor_eats_octets_and_texts),
	    TEST(all_of_a_text_is_of_a_kind_or_not),
	    TEST(an_absent_span_is_at_its_end),
	    TEST(folding_white_space_has_blanks_behind_its_line_ends),
	    TEST(comments_nest_and_must_end),
	    TEST(comments_nest_up_to_the_limit),
	    TEST(atoms_have_no_dots_and_dot_atoms_have_single_ones),
	    TEST(quoted_strings_mean_what_stands_in_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
