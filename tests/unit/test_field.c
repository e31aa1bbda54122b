/* test_field: splitting a line of a header into name and body. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <string.h>

#include "mail/field.h"

static void
lines_are_what_they_begin_with(void **state)
{
	static const struct {
		struct span line;
		enum field_line is;
	} c[] = {
	    {S("A: b\r\n"), FIELD_START},
	    {S("A:b\n"), FIELD_START},
	    {S("A:"), FIELD_START},
	    {S("A :\n"), FIELD_START},
	    {S("A \t :\n"), FIELD_START},
	    {S("!~\"(;: b\n"), FIELD_START},
	    {S("From : a@example.org\n"), FIELD_START},
	    {S("From: a\n"), FIELD_START},
	    {S(">From : a\n"), FIELD_START},
	    {S("A\0: b\n"), FIELD_OTHER},
	    {S("A\t\n"), FIELD_OTHER},
	    {S(" A: b\n"), FIELD_CONTINUATION},
	    {S("\tb\n"), FIELD_CONTINUATION},
	    {S(" \n"), FIELD_CONTINUATION},
	    {S(" "), FIELD_CONTINUATION},
	    {S(" \r\n"), FIELD_CONTINUATION},
	    {S(""), FIELD_EMPTY},
	    {S("\n"), FIELD_EMPTY},
	    {S("\r\n"), FIELD_EMPTY},
	    {S("From a@example.org Thu Jan  1 00:00:00 1970\n"), FIELD_MBOX},
	    {S(">From a@example.org Thu Jan  1\r\n"), FIELD_MBOX},
	    {S("From \n"), FIELD_MBOX},
	    {S("From MAILER-DAEMON"), FIELD_MBOX},
	    {S("From"), FIELD_OTHER},
	    {S("from a b\n"), FIELD_OTHER},
	    {S(">>From a\n"), FIELD_OTHER},
	    {S("From\ta b\n"), FIELD_OTHER},
	    {S("\r"), FIELD_OTHER},
	    {S("\r\r\n"), FIELD_OTHER},
	    {S(": b\n"), FIELD_OTHER},
	    {S("A b: c\n"), FIELD_OTHER},
	    {S("A\r: b\n"), FIELD_OTHER},
	    {S("M\303\274: b\n"), FIELD_OTHER},
	    {S("A\177: b\n"), FIELD_OTHER},
	    {S("words and no colon\n"), FIELD_OTHER},
	    {S("--boundary\n"), FIELD_OTHER},
	    {S("\0\n"), FIELD_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		/* a copy of exact size: a sanitizer sees reads beyond */
		size_t len = c[i].line.len;
		char *copy = memcpy(malloc(len ? len : 1), c[i].line.p, len);
		enum field_line is = field_classify((struct span){copy, len});

		free(copy);
		if (is != c[i].is)
			fail_msg("%zu: %s: %d", i, c[i].line.p, (int)is);
	}
}

static void
a_line_ends_with_lf(void **state)
{
	static const struct {
		struct span text;
		size_t len;
	} c[] = {
	    {S("a\nb\n"), 2},
	    {S("a\r\nb"), 3},
	    {S("\n"), 1},
	    {S("a\r"), 0},
	    {S("a"), 0},
	    {S(""), 0},
	    {S("a\0b\n"), 4},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		assert_int_equal(field_line_length(c[i].text), c[i].len);
	assert_int_equal(field_line_length(SPAN_NONE), 0);
}

static void
one_line_end_is_taken_off(void **state)
{
	static const struct {
		struct span text, left;
	} c[] = {
	    {S("a\n"), S("a")},
	    {S("a\r\n"), S("a")},
	    {S("a\r\r\n"), S("a\r")},
	    {S("a\n\n"), S("a\n")},
	    {S("a\r"), S("a\r")},
	    {S("a"), S("a")},
	    {S("\n"), S("")},
	    {S("\r\n"), S("")},
	    {S(""), S("")},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		assert_true(span_eq(field_chomp(c[i].text), c[i].left));
}

static void
lines_are_cut_off_one_by_one(void **state)
{
	struct span rest = SPAN("a\r\n\n\rb");

	(void)state;
	assert_true(span_eq(field_cut_line(&rest), SPAN("a\r\n")));
	assert_true(span_eq(field_cut_line(&rest), SPAN("\n")));
	assert_true(span_eq(field_cut_line(&rest), SPAN("\rb")));
	assert_int_equal(rest.len, 0);
	assert_int_equal(field_cut_line(&rest).len, 0);
	assert_int_equal(field_line_end(SPAN("\n\n")), 1);
	assert_int_equal(field_line_end(SPAN("\r\n")), 2);
	assert_int_equal(field_line_end(SPAN("\r\r\n")), 0);
	assert_int_equal(field_line_end(SPAN("a\n")), 0);
	assert_int_equal(field_line_end(SPAN_NONE), 0);
}

static void
blanks_are_wsp_and_line_ends(void **state)
{
	(void)state;
	assert_int_equal(field_blanks(SPAN(" \t\r\n\n a")), 6);
	assert_int_equal(field_blanks(SPAN("\r\n")), 2);
	assert_int_equal(field_blanks(SPAN(" \ra")), 1);
	assert_int_equal(field_blanks(SPAN("\r")), 0);
	assert_int_equal(field_blanks(SPAN("a ")), 0);
	assert_int_equal(field_blanks(SPAN_NONE), 0);
}

static void
folds_lose_their_line_ends_alone(void **state)
{
	static const struct {
		struct span text, unfolded;
	} c[] = {
	    {S(" a\r\n\tb\n c\r\n"), S(" a\tb c")},
	    {S("a\rb\r\r\n c\r"), S("a\rb\r c\r")},
	    {S("\n\r\n"), S("")},
	    {S("a\0b"), S("a\0b")},
	    {S(""), S("")},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		assert_true(
		    span_eq(field_unfold(c[i].text, *state), c[i].unfolded));
	assert_non_null(field_unfold(SPAN_NONE, *state).p);
}

static void
line_ends_become_those_of_one_kind(void **state)
{
	struct buf b = BUF(*state);

	field_put_lines(&b, SPAN("a\n\r\nb\rc\r\r\nd"), SPAN("\r\n"));
	field_put_lines(&b, SPAN(""), SPAN("\n"));
	assert_true(span_eq(buf_span(&b), SPAN("a\r\n\r\nb\rc\r\r\nd")));
	b.len = 0;
	field_put_lines(&b, SPAN("a\r\nb\r\n"), SPAN("\n"));
	assert_true(span_eq(buf_span(&b), SPAN("a\nb\n")));
}

static void
one_field_is_all_continuation_after_its_first_line(void **state)
{
	static const struct {
		struct span raw;
		bool is_one;
	} c[] = {
	    {S("A: b"), true},
	    {S("A: b\r\n"), true},
	    {S("A: b\r\n c\n\td\r\n"), true},
	    {S("A: b\n \n"), true},
	    {S("A: b\rC: d\n"), true},
	    {S("A: b\nC: d\n"), false},
	    {S("A: b\n\n"), false},
	    {S("A: b\r\n\r\n c\r\n"), false},
	    {S(" A: b\n"), false},
	    {S("A\n : b\n"), false},
	    {S("A b\n"), false},
	    {S(""), false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		assert_int_equal(field_is_one(c[i].raw), c[i].is_one);
	assert_false(field_is_one(SPAN_NONE));
}

static void
a_field_is_a_name_and_a_body(void **state)
{
	static const struct {
		struct span raw, name, body;
	} c[] = {
	    {S("A: b\r\n"), S("A"), S(" b")},
	    {S("A:b"), S("A"), S("b")},
	    {S("A:\n"), S("A"), S("")},
	    {S("A:"), S("A"), S("")},
	    {S("A \t: b\n"), S("A"), S(" b")},
	    {S("A: b\r\n c\r\n"), S("A"), S(" b\r\n c")},
	    {S("A: b:c\n\td:\n"), S("A"), S(" b:c\n\td:")},
	    {S("A::b\n"), S("A"), S(":b")},
	    {S("A: \0b\r\r\n"), S("A"), S(" \0b\r")},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct field f = field_split(c[i].raw);

		assert_true(span_eq(f.raw, c[i].raw));
		assert_true(span_eq(f.name, c[i].name));
		assert_true(span_eq(f.body, c[i].body));
		assert_non_null(f.body.p);
		assert_int_equal(f.above, UINT32_MAX);
		assert_false(f.dropped);
	}
}

static void
fields_are_cut_off_one_by_one(void **state)
{
	struct span rest = SPAN("A: b\n c\nB:d\r\n\t\r\nb: e"), at;
	struct field f;

	(void)state;
	assert_true(
	    span_eq(field_find(rest, SPAN("b")).raw, SPAN("B:d\r\n\t\r\n")));
	assert_null(field_find(rest, SPAN("c")).raw.p);
	assert_true(field_cut(&rest, &f));
	assert_true(span_eq(f.raw, SPAN("A: b\n c\n")));
	assert_true(field_cut(&rest, &f));
	assert_true(field_cut(&rest, &f));
	assert_true(span_eq(f.raw, SPAN("b: e")));
	assert_false(field_cut(&rest, &f));
	at = rest = SPAN("\nA: b\n");
	assert_false(field_cut(&rest, &f));
	assert_ptr_equal(rest.p, at.p);
	assert_null(field_find(SPAN(" x\nA: b\n"), SPAN("A")).raw.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(lines_are_what_they_begin_with),
	    TEST(a_line_ends_with_lf),
	    TEST(one_line_end_is_taken_off),
	    TEST(lines_are_cut_off_one_by_one),
	    TEST(blanks_are_wsp_and_line_ends),
	    TEST(folds_lose_their_line_ends_alone),
	    TEST(line_ends_become_those_of_one_kind),
	    TEST(one_field_is_all_continuation_after_its_first_line),
	    TEST(a_field_is_a_name_and_a_body),
	    TEST(fields_are_cut_off_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
