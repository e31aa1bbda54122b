/* test_arena: memory that is released all at once, and running out of it. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"

static bool
is_zero(const char *p, size_t n)
{
	while (n--)
		if (*p++)
			return false;
	return true;
}

static void
allocations_are_zero_aligned_and_apart(void **state)
{
	static const size_t sizes[] = {
	    0, 1, 15, 16, 17, 1000, 9999, 16383, 16384, 65535, 65536, 1u << 20};
	char *p[COUNT(sizes) * 10];

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT(p); i++) {
			size_t size = sizes[i % COUNT(sizes)];

			p[i] = arena_alloc(*state, size);
			assert_int_equal(
			    (uintptr_t)p[i] % alignof(max_align_t), 0);
			assert_true(is_zero(p[i], size));
			memset(p[i], (int)i + 1, size);
		}
		for (size_t i = 0; i < COUNT(p); i++)
			for (size_t k = 0; k < sizes[i % COUNT(sizes)];
			     k += 997)
				assert_int_equal(p[i][k], (char)(i + 1));
		arena_reset(*state);
	}
}

static void
typed_allocations_have_room_for_their_elements(void **state)
{
	double *one = ARENA_NEW(*state, double);
	double *many = ARENA_ARRAY(*state, double, 10000);

	assert_true(*one == 0);
	for (size_t i = 0; i < 10000; i++)
		many[i] = (double)i;
	assert_true(*one == 0 && many[9999] == 9999);
}

static void
growing_keeps_the_contents(void **state)
{
	for (int between = 0; between < 2; between++) {
		size_t size = 1;
		char *p = arena_grow(*state, NULL, 0, size);

		p[0] = 0;
		for (; size < (size_t)4 << 20; size *= 2) {
			if (between)
				memset(arena_alloc(*state, 8), 0xff, 8);
			p = arena_grow(*state, p, size, size * 2);
			for (size_t i = size; i < size * 2; i++)
				p[i] = (char)(i % 251);
		}
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], (char)(i % 251));
	}
}

static void
large_allocations_grow_one_beside_another(void **state)
{
	char *p[3];
	size_t size = 1u << 16;

	for (int i = 0; i < 3; i++)
		p[i] = memset(arena_alloc(*state, size), i + 1, size);
	for (int i = 0; i < 3; i++)
		p[i] = arena_grow(*state, p[i], size, size * 4);
	for (int i = 0; i < 3; i++)
		for (size_t k = 0; k < size; k++)
			assert_int_equal(p[i][k], i + 1);
}

static void
the_last_allocation_grows_where_it_is(void **state)
{
	char *p = arena_alloc(*state, 100);

	assert_ptr_equal(arena_grow(*state, p, 100, 10000), p);
	arena_alloc(*state, 1);
	assert_ptr_not_equal(arena_grow(*state, p, 10000, 10001), p);
}

static void
what_an_arena_holds_is_counted(void **state)
{
	size_t begin, before;
	char *p;

	assert_int_equal(arena_size(*state), 0);
	arena_alloc(*state, 1);
	begin = arena_size(*state);
	for (int i = 0; i < 1000; i++)
		arena_alloc(*state, 1000);
	assert_in_range(arena_size(*state), 1000000, 1200000);
	before = arena_size(*state);
	p = arena_alloc(*state, 1u << 20);
	assert_int_equal(arena_size(*state), before + (1u << 20));
	arena_grow(*state, p, 1u << 20, 3u << 20);
	assert_int_equal(arena_size(*state), before + (3u << 20));
	arena_reset(*state);
	assert_int_equal(arena_size(*state), begin);
}

static void
lists_grow_one_element_at_a_time(void **state)
{
	struct span *list = NULL;
	size_t n = 0;

	while (n < 100000) {
		*ARENA_PUSH(*state, list, n) = (struct span){NULL, 0};
		list[n - 1].len = n - 1;
		if (n % 1000 == 0)
			arena_alloc(*state, 1);
	}
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list[i].len, i);
}

static void
copies_have_a_nul_behind_them(void **state)
{
	struct span s = arena_span(*state, SPAN("a\0b"));

	assert_true(span_eq(s, SPAN("a\0b")));
	assert_int_equal(s.p[3], 0);
	assert_null(arena_span(*state, SPAN_NONE).p);
	assert_non_null(arena_span(*state, SPAN("")).p);
	assert_string_equal(arena_cstr(*state, SPAN("abc")), "abc");
	assert_string_equal(arena_cstr(*state, SPAN_NONE), "");
}

static void
copies_may_be_in_lower_case_or_without_a_class(void **state)
{
	struct span s = arena_lower(*state, SPAN("aB\0Z[\311@"));

	assert_true(span_eq(s, SPAN("ab\0z[\311@")));
	assert_int_equal(s.p[s.len], 0);
	assert_null(arena_lower(*state, SPAN_NONE).p);
	assert_non_null(arena_lower(*state, SPAN("")).p);
	s = arena_without(*state, SPAN("\r\na b\n\0c\r"), ascii_is_eol);
	assert_true(span_eq(s, SPAN("a b\0c")));
	assert_int_equal(s.p[s.len], 0);
	s = arena_without(*state, SPAN(" \t"), ascii_is_space);
	assert_int_equal(s.len, 0);
	assert_string_equal(s.p, "");
	assert_null(arena_without(*state, SPAN_NONE, ascii_is_space).p);
}

static void
formatted_texts_have_the_length_they_need(void **state)
{
	struct span s = arena_printf(*state, "%s-%d", "a", 42);

	assert_true(span_eq(s, SPAN("a-42")));
	s = arena_printf(*state, "%100000d", 1);
	assert_int_equal(s.len, 100000);
	assert_int_equal(s.p[99999], '1');
	assert_int_equal(arena_printf(*state, "%s", "").len, 0);
}

static void
joined_texts_keep_their_nuls(void **state)
{
	struct span s =
	    ARENA_JOIN(*state, SPAN("a\0b"), SPAN(": "), SPAN_NONE, SPAN("c"));

	assert_true(span_eq(s, SPAN("a\0b: c")));
	assert_int_equal(s.p[s.len], '\0');
	s = ARENA_JOIN(*state, SPAN_NONE);
	assert_non_null(s.p);
	assert_int_equal(s.len, 0);
}

static void
no_arena_may_be_freed(void **state)
{
	(void)state;
	arena_free(NULL);
}

static void
a_buffer_holds_what_was_added(void **state)
{
	struct buf b = BUF(*state);

	assert_int_equal(buf_span(&b).len, 0);
	assert_non_null(buf_span(&b).p);
	buf_add(&b, SPAN_NONE);
	buf_add(&b, SPAN(""));
	buf_str(&b, "");
	assert_int_equal(buf_span(&b).len, 0);
	buf_add(&b, SPAN("a\0b"));
	buf_str(&b, "cd");
	buf_char(&b, 'e');
	buf_printf(&b, "%d%s", 42, "");
	assert_true(span_eq(buf_span(&b), SPAN("a\0bcde42")));
	memcpy(buf_room(&b, 3), "xyz", 3);
	b.len += 3;
	assert_true(span_eq(buf_span(&b), SPAN("a\0bcde42xyz")));
}

static void
a_buffer_grows_as_far_as_needed(void **state)
{
	struct buf b = BUF(*state), other = BUF(*state);

	for (size_t i = 0; i < 100000; i++) {
		buf_char(&b, (char)(i % 251));
		buf_printf(&other, "%zu,", i % 10);
	}
	assert_int_equal(b.len, 100000);
	assert_int_equal(other.len, 200000);
	for (size_t i = 0; i < b.len; i++) {
		assert_int_equal(b.p[i], (char)(i % 251));
		assert_int_equal(other.p[2 * i], '0' + i % 10);
	}
	buf_room(&b, (size_t)1 << 20);
	assert_true(b.size - b.len >= (size_t)1 << 20);
	assert_int_equal(b.p[99999], (char)(99999 % 251));
}

static void
quotes_and_backslashes_are_quoted(void **state)
{
	struct buf b = BUF(*state);

	buf_qcontent(&b, SPAN("a\"b\\\\c'd\303\274"));
	same("qcontent", buf_span(&b), "a\\\"b\\\\\\\\c'd\303\274");
}

static void
escaped_text_is_fit_for_a_screen(void **state)
{
	struct buf b = BUF(*state);

	buf_escaped(&b, SPAN("a\0\n\\\303\274\374\342\200\256."));
	assert_true(span_eq(buf_span(&b),
	    SPAN("a\\x00\\x0a\\x5c\303\274\\xfc\\xe2\\x80\\xae.")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(allocations_are_zero_aligned_and_apart),
	    TEST(typed_allocations_have_room_for_their_elements),
	    TEST(growing_keeps_the_contents),
	    TEST(large_allocations_grow_one_beside_another),
	    TEST(the_last_allocation_grows_where_it_is),
	    TEST(what_an_arena_holds_is_counted),
	    TEST(lists_grow_one_element_at_a_time),
	    TEST(copies_have_a_nul_behind_them),
	    TEST(copies_may_be_in_lower_case_or_without_a_class),
	    TEST(formatted_texts_have_the_length_they_need),
	    TEST(joined_texts_keep_their_nuls),
	    TEST(no_arena_may_be_freed),
	    TEST(a_buffer_holds_what_was_added),
	    TEST(a_buffer_grows_as_far_as_needed),
	    TEST(quotes_and_backslashes_are_quoted),
	    TEST(escaped_text_is_fit_for_a_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
