/* test_fold: folding fields. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <string.h>

#include "mail/fold.h"
#include "base/limit.h"

static void
assert_span(struct span got, const char *wanted)
{
	assert_int_equal(got.len, strlen(wanted));
	assert_memory_equal(got.p, wanted, got.len);
}

static struct span
letters(struct arena *a, size_t n)
{
	struct buf b = BUF(a);

	while (b.len < n)
		buf_char(&b, (char)('a' + b.len % 26));
	return buf_span(&b);
}

/* Returns the columns of the longest line, a tab counted as 8. */
static size_t
widest(struct span field)
{
	size_t width = 0, max = 0;

	for (size_t i = 0; i < field.len; i++) {
		if (field.p[i] == '\r')
			continue;
		width += field.p[i] == '\t' ? 8 : 1;
		if (field.p[i] == '\n')
			width = 0;
		max = width > max ? width : max;
	}
	return max;
}

static size_t
lines(struct span field)
{
	size_t n = 0;

	for (size_t i = 0; i < field.len; i++)
		n += field.p[i] == '\n';
	return n;
}

static void
words_that_fit_stand_on_one_line_with_a_blank_in_front(void **state)
{
	struct arena *a = arena_new();
	struct fold f = fold_begin(SPAN("X"), "\n", a);

	(void)state;
	fold_word(&f, SPAN("one"));
	fold_text(&f, SPAN(";"));
	fold_word(&f, SPAN("two"));
	fold_piece(&f, SPAN(":three"));
	assert_span(fold_end(&f), "X: one; two:three\n");
	arena_free(a);
}

static void
nothing_added_gives_a_name_and_a_line_end(void **state)
{
	struct arena *a = arena_new();
	struct fold f = fold_begin(SPAN("X"), "\r\n", a);

	(void)state;
	fold_word(&f, SPAN(""));
	assert_span(fold_end(&f), "X:\r\n");
	arena_free(a);
}

static void
a_line_of_78_columns_is_kept_and_one_of_79_is_folded(void **state)
{
	struct arena *a = arena_new();
	struct {
		size_t word;
		size_t lines;
	} cases[] = {{73, 1}, {74, 2}};

	(void)state;
	for (size_t i = 0; i < 2; i++) { /* "X: b " and a word */
		struct fold f = fold_begin(SPAN("X"), "\n", a);

		fold_word(&f, SPAN("b"));
		fold_word(&f, letters(a, cases[i].word));
		assert_int_equal(lines(fold_end(&f)), cases[i].lines);
	}
	for (size_t i = 0; i < 2; i++) { /* text is a part of its word */
		struct fold f = fold_begin(SPAN("X"), "\n", a);

		fold_word(&f, SPAN("b"));
		fold_word(&f, letters(a, cases[i].word - 1));
		fold_text(&f, SPAN(";"));
		assert_int_equal(lines(fold_end(&f)), cases[i].lines);
	}
	arena_free(a);
}

static void
a_tab_begins_the_next_line_and_counts_as_eight_columns(void **state)
{
	struct arena *a = arena_new();
	struct fold f = fold_begin(SPAN("X"), "\r\n", a);
	struct buf wanted = BUF(a);

	(void)state;
	fold_word(&f, letters(a, 75));
	fold_word(&f, letters(a, 68));
	fold_word(&f, SPAN("y"));
	fold_word(&f, SPAN("z"));
	buf_str(&wanted, "X: ");
	buf_add(&wanted, letters(a, 75));
	buf_str(&wanted, "\r\n\t");
	buf_add(&wanted, letters(a, 68));
	buf_str(&wanted, " y\r\n\tz\r\n");
	buf_char(&wanted, '\0');
	assert_span(fold_end(&f), buf_span(&wanted).p);
	arena_free(a);
}

static void
a_word_wider_than_a_line_has_a_line_of_its_own(void **state)
{
	struct arena *a = arena_new();
	struct fold f = fold_begin(SPAN("X"), "\n", a);
	struct span field;

	(void)state;
	fold_word(&f, SPAN("before"));
	fold_word(&f, letters(a, 500));
	fold_word(&f, SPAN("after"));
	field = fold_end(&f);
	assert_int_equal(lines(field), 3);
	assert_true(span_starts(field, SPAN("X: before\n\tabc")));
	assert_int_equal(widest(field), 508);
	arena_free(a);
}

static void
a_piece_folds_without_a_blank(void **state)
{
	struct arena *a = arena_new();
	struct fold f = fold_begin(SPAN("X"), "\n", a);
	struct span field;

	(void)state;
	fold_word(&f, SPAN("h=from"));
	for (int i = 0; i < 100; i++)
		fold_piece(&f, SPAN(":subject"));
	field = fold_end(&f);
	assert_true(widest(field) <= LIMIT_LINE_FOLD);
	assert_int_equal(span_find(span_from(field, 3), ' '), field.len - 3);
	arena_free(a);
}

static void
base64_of_any_length_fills_lines_and_text_stays_with_its_end(void **state)
{
	(void)state;
	for (size_t n = 0; n < 300; n++) {
		struct arena *a = arena_new();
		struct fold f = fold_begin(SPAN("DKIM-Signature"), "\r\n", a);
		struct span value = letters(a, n), field;
		struct buf unfolded = BUF(a);

		fold_word(&f, SPAN("b="));
		fold_chars(&f, value);
		fold_text(&f, SPAN(";"));
		field = fold_end(&f);
		assert_true(widest(field) <= LIMIT_LINE_FOLD);
		assert_int_equal(lines(field), n < 60 ? 1 : 2 + (n - 60) / 70);
		for (size_t i = 0; i < field.len; i++)
			if (!memchr("\r\n\t", field.p[i], 3))
				buf_char(&unfolded, field.p[i]);
		assert_int_equal(unfolded.len, 15 + 3 + n + 1);
		assert_memory_equal(unfolded.p + 18, value.p, n);
		arena_free(a);
	}
}

static void
what_stands_before_base64_does_not_depend_on_it(void **state)
{
	(void)state;
	for (size_t n = 0; n < 100; n++) {
		struct arena *a = arena_new();
		struct fold with = fold_begin(SPAN("X"), "\n", a);
		struct fold without = fold_begin(SPAN("X"), "\n", a);
		struct span empty, full;

		fold_word(&with, letters(a, n));
		fold_word(&with, SPAN("b="));
		fold_chars(&with, letters(a, 200));
		fold_word(&without, letters(a, n));
		fold_word(&without, SPAN("b="));
		empty = fold_end(&without);
		full = fold_end(&with);
		assert_true(span_starts(full, span_upto(empty, empty.len - 1)));
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		words_that_fit_stand_on_one_line_with_a_blank_in_front),
	    cmocka_unit_test(nothing_added_gives_a_name_and_a_line_end),
	    cmocka_unit_test(
		a_line_of_78_columns_is_kept_and_one_of_79_is_folded),
	    cmocka_unit_test(
		a_tab_begins_the_next_line_and_counts_as_eight_columns),
	    cmocka_unit_test(a_word_wider_than_a_line_has_a_line_of_its_own),
	    cmocka_unit_test(a_piece_folds_without_a_blank),
	    cmocka_unit_test(
		base64_of_any_length_fills_lines_and_text_stays_with_its_end),
	    cmocka_unit_test(what_stands_before_base64_does_not_depend_on_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
