/* test_body_lines_lost: NUL and spaces that were removed. */
/* SPDX-License-Identifier: ISC */

#include "fixture_lines.h"

#define WIDE "Content-Type: text/plain; charset=UTF-16LE\r\n"

static size_t
found(const char *id, enum canon canon, const char *fields, struct span body,
    struct span original, struct arena *a)
{
	struct body b = body_with(canon, body, a);
	struct body_proposals p;

	b.fields = span_of(fields);
	body_map(&b);
	p = proposals_of(id, &b);
	return which(&p, &b, original);
}

static void
nul_is_put_back(void **state)
{
	static const struct {
		const char *fields;
		struct span body, original;
	} c[] = {
	    {"", S("a\nb\n"), S("a\0\nb\0\n")},
	    {"", S("a\r\nb\r\nc\r\n"), S("a\r\nb\0\r\nc\r\n")},
	    {"", S("a\nb\n"), S("a\nb\n\0")},
	    {"", S("a\nb"), S("a\nb\0")},
	    {WIDE, S("ab\r\n"), S("a\0b\0\r\0\n\0")},
	    {WIDE, S("ab\n"), S("\0a\0b\0\n")},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		for (int canon = 0; canon < 2; canon++)
			if (!found("body-nul-lost", (enum canon)canon,
				c[i].fields, c[i].body, c[i].original, *state))
				fail_msg("case %zu", i);
	assert_int_equal(found("body-nul-lost", CANON_SIMPLE, "", SPAN("ab\n"),
			     SPAN("a\0b\0\n\0"), *state),
	    0);
}

static void
a_second_space_is_put_back(void **state)
{
	static const struct {
		struct span body, original;
	} c[] = {
	    {S("A b. C d? E! F\n"), S("A b.  C d?  E!  F\n")},
	    {S("A. B. C\n"), S("A. B.  C\n")},
	    {S("Note: this\n"), S("Note:  this\n")},
	};
	struct body b = body_with(CANON_SIMPLE, SPAN("A.  b c \n.\n"), *state);

	for (size_t i = 0; i < COUNT(c); i++) {
		if (!found("body-blanks-reduced", CANON_SIMPLE, "", c[i].body,
			c[i].original, *state))
			fail_msg("case %zu", i);
		/* not where it does not matter */
		assert_int_equal(found("body-blanks-reduced", CANON_RELAXED, "",
				     c[i].body, c[i].original, *state),
		    0);
	}
	assert_int_equal(proposals_of("body-blanks-reduced", &b).n, 0);
}

static void
hostile_bodies_end(void **state)
{
	struct arena *a = *state;
	struct span text =
	    replaced((struct span){arena_alloc(a, 1000000), 1000000},
		SPAN("\0"), SPAN(". x"), a);
	struct body b = body_with(CANON_SIMPLE, text, a);

	assert_true(proposals_of("body-blanks-reduced", &b).n <=
	    LIMIT_EXPLAIN_PLACES + 1);
	b.fields = SPAN(WIDE);
	body_map(&b);
	assert_true(
	    proposals_of("body-nul-lost", &b).n <= LIMIT_EXPLAIN_PLACES + 4);
	b.octets = SPAN("");
	assert_int_equal(proposals_of("body-nul-lost", &b).n, 0);
	assert_int_equal(proposals_of("body-blanks-reduced", &b).n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(nul_is_put_back, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		a_second_space_is_put_back, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		hostile_bodies_end, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
