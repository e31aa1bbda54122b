/* test_edit: lists of changes of a text. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body.h"

#include "repair/edit.h"

static struct edits
two(struct arena *a, struct edit first, struct edit second)
{
	struct edits e = {NULL, 0};

	edits_add(&e, a, first.at, first.length, first.text);
	edits_add(&e, a, second.at, second.length, second.text);
	return e;
}

static void
edits_are_applied(void **state)
{
	static const struct {
		struct edit first, second;
		const char *wanted;
	} c[] = {
	    {{0, 0, S("")}, {0, 0, S("")}, "abcdef"},
	    {{0, 1, S("")}, {5, 1, S("")}, "bcde"},
	    {{0, 0, S("x")}, {6, 0, S("y")}, "xabcdefy"},
	    {{1, 2, S("longer")}, {4, 1, S("")}, "alongerdf"},
	    {{2, 0, S("x")}, {2, 0, S("y")}, "abxycdef"},
	    {{2, 0, S("x")}, {2, 2, S("y")}, "abxyef"},
	    {{0, 6, S("")}, {6, 0, S("new")}, "new"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct edits e = two(*state, c[i].first, c[i].second);

		same("applied", edits_apply(&e, SPAN("abcdef"), *state),
		    c[i].wanted);
		assert_int_equal(edits_size(&e, 6), strlen(c[i].wanted));
	}
}

static void
no_edits_change_nothing(void **state)
{
	struct edits both_none;

	same("applied", edits_apply(&edits_none, SPAN("abc"), *state), "abc");
	same("applied", edits_apply(&edits_none, SPAN(""), *state), "");
	assert_non_null(edits_apply(&edits_none, SPAN(""), *state).p);
	both_none =
	    edits_compose(&edits_none, &edits_none, SPAN("abc"), *state);
	assert_int_equal(both_none.n, 0);
	assert_int_equal(edits_origin(&edits_none, 2), 2);
	assert_int_equal(edits_origin_end(&edits_none, 2), 2);
}

static void
edits_that_touch_are_merged(void **state)
{
	static const char text[] = "xyz";
	struct span x = {text, 1}, y = {text + 1, 1}, z = {text + 2, 1};
	struct edits e =
	    two(*state, (struct edit){1, 1, x}, (struct edit){2, 3, y});

	assert_int_equal(e.n, 1);
	assert_int_equal(e.list[0].length, 4);
	same("text", e.list[0].text, "xy");
	edits_add(&e, *state, 5, 1, SPAN_NONE);
	assert_int_equal(e.n, 1);
	assert_int_equal(e.list[0].length, 5);
	same("text", e.list[0].text, "xy");
	edits_add(&e, *state, 6, 0, x);
	assert_int_equal(e.n, 2); /* it would take a copy */
	edits_add(&e, *state, 7, 0, z);
	assert_int_equal(e.n, 3); /* there is an octet between */
	assert_non_null(two(*state, (struct edit){0, 1, SPAN_NONE},
	    (struct edit){3, 1, SPAN_NONE})
			    .list[0]
			    .text.p);
}

static void
an_edit_that_removes_takes_the_text_of_the_next(void **state)
{
	struct edits e = two(*state, (struct edit){1, 1, SPAN("")},
	    (struct edit){2, 1, SPAN("new")});

	assert_int_equal(e.n, 1);
	same("applied", edits_apply(&e, SPAN("abcd"), *state), "anewd");
}

static void
what_is_undone_again_is_left_out(void **state)
{
	struct edits first = two(*state, (struct edit){1, 1, SPAN("xyz")},
	    (struct edit){5, 0, SPAN("!")});
	struct edits second = two(*state, (struct edit){1, 3, SPAN("b")},
	    (struct edit){7, 1, SPAN("")});
	struct edits e = edits_compose(&first, &second, SPAN("abcdef"), *state);

	assert_int_equal(e.n, 0);
}

static void
only_what_differs_is_replaced(void **state)
{
	struct edits first = {&(struct edit){0, 6, SPAN("abXdef")}, 1};
	struct edits e =
	    edits_compose(&first, &edits_none, SPAN("abcdef"), *state);

	assert_int_equal(e.n, 1);
	assert_int_equal(e.list[0].at, 2);
	assert_int_equal(e.list[0].length, 1);
	same("text", e.list[0].text, "X");
}

/* Texts of few letters, so that trimming and merging happen. */
static struct span
random_text(size_t most, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t n = random_below(most + 1); n; n--)
		buf_char(&b, (char)('a' + random_below(3)));
	return arena_span(a, buf_span(&b));
}

static struct edits
random_edits(size_t octets, struct arena *a)
{
	struct edits e = {NULL, 0};
	size_t at = random_below(3);

	while (at <= octets) {
		size_t n = random_below(4);

		n = n > octets - at ? octets - at : n;
		if (random_below(2))
			edits_add(&e, a, at, n, random_text(3, a));
		else
			*ARENA_PUSH(a, e.list, e.n) =
			    (struct edit){at, n, random_text(3, a)};
		at += n + random_below(4);
	}
	return e;
}

static void
check_order(const struct edits *e, size_t octets)
{
	size_t at = 0;

	for (size_t i = 0; i < e->n; i++) {
		assert_true(e->list[i].at >= at);
		assert_true(e->list[i].length || e->list[i].text.len);
		assert_non_null(e->list[i].text.p);
		at = e->list[i].at + e->list[i].length;
	}
	assert_true(at <= octets);
}

static void
composed_edits_do_what_both_do(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t n = rounds(20000, 500000); n; n--) {
		struct span text = random_text(12, a), between, after;
		struct edits first = random_edits(text.len, a), second, e;

		between = edits_apply(&first, text, a);
		second = random_edits(between.len, a);
		after = edits_apply(&second, between, a);
		e = edits_compose(&first, &second, text, a);
		check_order(&e, text.len);
		assert_true(span_eq(edits_apply(&e, text, a), after));
		assert_int_equal(edits_size(&e, text.len), after.len);
		arena_reset(a);
	}
	arena_free(a);
}

/* The place of each octet, written down while the edits are applied. */
static void
check_origins(const struct edits *e, size_t octets)
{
	size_t at = 0, after = 0;

	for (size_t i = 0; i <= e->n; i++) {
		size_t next = i < e->n ? e->list[i].at : octets;

		for (; at < next; at++, after++) {
			assert_int_equal(edits_origin(e, after), at);
			assert_int_equal(
			    edits_origin_end(e, after + 1), at + 1);
		}
		if (i == e->n)
			return;
		for (size_t k = 0; k < e->list[i].text.len; k++, after++) {
			assert_int_equal(edits_origin(e, after), at);
			assert_int_equal(edits_origin_end(e, after + 1),
			    at + e->list[i].length);
		}
		at += e->list[i].length;
	}
}

static void
octets_are_found_where_they_were(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t n = rounds(5000, 100000); n; n--) {
		size_t octets = random_below(20);
		struct edits e = random_edits(octets, a);

		check_origins(&e, octets);
		arena_reset(a);
	}
	arena_free(a);
}

static void
applied_edits_take_no_more_than_their_size(void **state)
{
	struct arena *a = arena_new();
	size_t before = arena_size(a), n = (1u << 20) + 1;
	struct span text = {calloc(1, n), n};

	(void)state;
	edits_apply(&edits_none, text, a);
	assert_true(arena_size(a) - before <= n + 64);
	free((void *)(uintptr_t)text.p);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(edits_are_applied),
	    TEST(no_edits_change_nothing),
	    TEST(edits_that_touch_are_merged),
	    TEST(an_edit_that_removes_takes_the_text_of_the_next),
	    TEST(what_is_undone_again_is_left_out),
	    TEST(only_what_differs_is_replaced),
	    TEST(composed_edits_do_what_both_do),
	    TEST(octets_are_found_where_they_were),
	    TEST(applied_edits_take_no_more_than_their_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
