/* test_body_tail: bodies to which lines were appended. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body.h"

static const char *const line_ends[] = {"\n", "\r\n"};
static const struct edits none = {NULL, 0};

struct fixture {
	struct arena *arena;
	struct budget budget;
	struct body_test test;
};

static struct fixture
fixture_of(const struct dkim_signature *s, struct arena *a)
{
	return (struct fixture){a, default_budget(),
	    {.canon = s->body,
		.hash = s->hash,
		.length = s->length,
		.wanted = s->body_hash}};
}

/* Tries edits of a body; returns whether it was found. */
static bool
try_edits(const struct dkim_signature *s, struct span body,
    const struct edits *edits, enum body_ends ends, struct body_match *match)
{
	struct fixture f = fixture_of(s, NULL);
	bool found;

	f.test.budget = &f.budget;
	f.test.scratch = arena_new();
	found = body_try(&f.test, body, edits, ends, match);
	assert_true(match->is_tried);
	assert_int_equal(f.budget.tries, 1);
	arena_free(f.test.scratch);
	return found;
}

static void
the_end_of_each_line_is_found(void **state)
{
	static const struct {
		struct span body, with_footer;
		size_t at;
	} c[] = {
	    {S("a\nb\n"), S("a\nb\n--\nfooter\n"), 4},
	    {S("a\nb\n\n\n"), S("a\nb\n--\nfooter\n"), 4},
	    {S("a\nb"), S("a\nb\n\n--\nfooter\n"), 4},
	    {S("a\n\n\nb\r\n"), S("a\n\n\nb\n\n\nfooter"), 6},
	    {S("\n\na\n"), S("\n\na\nf"), 4},
	    {S("a\n"), S("a\r\nb"), 3},
	    {S("a\r\r\nb\n"), S("a\r\r\nb\nfooter\n"), 6},
	    {S("\r\r\n"), S("\r\r\nfooter\n"), 3},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		for (size_t k = 0; k < COUNT(both); k++) {
			struct dkim_signature s = signature_of(
			    both[k], UINT64_MAX, c[i].body, *state);
			struct body_match match;

			assert_true(try_edits(&s, c[i].with_footer, &none,
			    BODY_ENDS_LAST, &match));
			assert_int_equal(match.at, c[i].at);
			assert_int_equal(match.size, c[i].with_footer.len);
			assert_false(try_edits(&s, c[i].with_footer, &none,
			    BODY_ENDS_WHOLE, &match));
		}
}

static void
the_whole_is_found_with_empty_lines_or_without(void **state)
{
	static const struct span bodies[] = {
	    S("a\n"), S("a"), S("a\n\n\n"), S("a\r\n\r\n"), S("\n\n"), S("")};

	for (size_t i = 0; i < COUNT(bodies); i++)
		for (size_t k = 0; k < COUNT(both); k++)
			for (int e = BODY_ENDS_WHOLE; e <= BODY_ENDS_ALL; e++) {
				struct dkim_signature s = signature_of(
				    both[k], UINT64_MAX, bodies[i], *state);
				struct body_match match;

				assert_true(try_edits(&s, bodies[i], &none,
				    (enum body_ends)e, &match));
				assert_int_equal(match.at, bodies[i].len);
			}
}

static void
a_body_may_have_been_empty(void **state)
{
	for (size_t k = 0; k < COUNT(both); k++) {
		struct dkim_signature s =
		    signature_of(both[k], UINT64_MAX, SPAN(""), *state);
		struct body_found f =
		    find(NULL, SPAN("--\nfooter\n"), &s, *state);

		assert_true(f.is_found);
		assert_int_equal(f.nrepairs, 1);
		assert_string_equal(f.repairs[0].kind->id, "body-footer");
		assert_int_equal(f.repairs[0].offset, BODY_AT);
		same("after", f.repairs[0].after, "--\nfooter\n");
	}
}

static void
edits_and_a_footer_are_found_at_once(void **state)
{
	struct edits e = {&(struct edit){2, 1, SPAN("longer")}, 1};

	for (size_t k = 0; k < COUNT(both); k++) {
		struct dkim_signature s = signature_of(
		    both[k], UINT64_MAX, SPAN("a\nlonger\nc\n"), *state);
		struct body_match match;

		assert_true(try_edits(
		    &s, SPAN("a\nb\nc\nfooter\n"), &e, BODY_ENDS_LAST, &match));
		assert_int_equal(match.at, 11);
		assert_int_equal(match.size, 18);
	}
}

static void
a_length_allows_one_end(void **state)
{
	static const struct span body = S("one\ntwo\nthree\n");

	for (uint64_t l = 0; l <= 16; l++) {
		struct dkim_signature s =
		    signature_of(CANON_SIMPLE, l, body, *state);
		struct body_match match;

		assert_true(try_edits(&s, SPAN("one\ntwo\nthree\nmore\n"),
		    &none, BODY_ENDS_ALL, &match));
		assert_int_equal(match.at, match.size);
		/* 10 octets of its canonical form */
		assert_int_equal(try_edits(&s, SPAN("one\ntwo\n"), &none,
				     BODY_ENDS_ALL, &match),
		    l <= 10);
	}
}

static void
the_body_is_longer_than_the_length(void **state)
{
	struct dkim_signature s =
	    signature_of(CANON_RELAXED, 100, SPAN("short\n"), *state);
	struct body_match match;

	assert_false(
	    try_edits(&s, SPAN("short\n"), &none, BODY_ENDS_ALL, &match));
	s.length = 7;
	assert_true(
	    try_edits(&s, SPAN("short\n"), &none, BODY_ENDS_ALL, &match));
}

static void
random_footers_are_found(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t n = rounds(1000, 20000); n; n--) {
		const char *eol = line_ends[random_below(2)];
		enum canon c = both[random_below(2)];
		struct span body = lines_of(1 + random_below(20), eol, a);
		struct span all =
		    ARENA_JOIN(a, body, lines_of(1 + random_below(6), eol, a));
		struct dkim_signature s = signature_of(c, UINT64_MAX, body, a);
		struct body_found f = find(NULL, all, &s, a);

		assert_true(f.is_found);
		assert_int_equal(f.nrepairs, 1);
		assert_string_equal(f.repairs[0].kind->id, "body-footer");
		assert_int_equal(f.repairs[0].offset, BODY_AT + body.len);
		assert_int_equal(f.repairs[0].length, all.len - body.len);
		assert_int_equal(f.repairs[0].before.len, 0);
		assert_int_equal(f.tries, 1);
		arena_reset(a);
	}
	arena_free(a);
}

/* The last 64 KiB are looked at first, all other ends later. */
static void
long_footers_are_found_later(void **state)
{
	struct span body = lines_of(100, "\n", *state);
	struct span near =
	    ARENA_JOIN(*state, body, lines_of(1500, "\n", *state));
	struct span far =
	    ARENA_JOIN(*state, body, lines_of(6000, "\n", *state));
	struct dkim_signature s =
	    signature_of(CANON_RELAXED, UINT64_MAX, body, *state);
	struct body_match match;
	struct body_found f;

	assert_true(near.len - body.len < BODY_LAST);
	assert_true(far.len - body.len > BODY_LAST + (32u << 10));
	assert_true(try_edits(&s, near, &none, BODY_ENDS_LAST, &match));
	assert_false(try_edits(&s, far, &none, BODY_ENDS_LAST, &match));
	assert_true(try_edits(&s, far, &none, BODY_ENDS_ALL, &match));
	assert_int_equal(match.at, body.len);
	f = find(NULL, far, &s, *state);
	assert_true(f.is_found);
	assert_int_equal(f.repairs[0].offset, BODY_AT + body.len);
	assert_int_equal(f.repairs[0].line, 100);
}

/* Lines of which most are empty, in runs, and some are long. */
static struct span
sparse_lines(size_t size, const char *eol, struct arena *a)
{
	struct buf b = BUF(a);

	while (b.len < size) {
		for (size_t n = random_below(2000); n && b.len < size; n--)
			buf_printf(&b, "%s%s", random_below(5) ? "" : " ", eol);
		for (size_t n = random_below(3000); n; n--)
			buf_char(&b, (char)('a' + random_below(26)));
		buf_str(&b, eol);
	}
	buf_printf(&b, "end%s", eol);
	return buf_span(&b);
}

/* Edits that change nothing: the octets come in pieces. */
static struct edits
pieces_of(struct span octets, struct arena *a)
{
	struct edits e = {NULL, 0};

	for (size_t at = random_below(20000); at + 9 < octets.len;
	     at += 10 + random_below(20000))
		edits_add(&e, a, at, 7, span_upto(span_from(octets, at), 7));
	return e;
}

/* Returns the end of a line that is not blank, at the place or after it. */
static size_t
line_end_after(struct span octets, size_t at)
{
	bool blank = true;

	for (size_t i = at; i < octets.len; i++) {
		if (octets.p[i] == '\n' && !blank)
			return i + 1;
		blank = blank &&
		    (octets.p[i] == ' ' || octets.p[i] == '\r' ||
			octets.p[i] == '\n');
	}
	return octets.len;
}

static void
every_end_in_the_last_part_is_found(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t n = rounds(200, 1000); n; n--) {
		struct span all = sparse_lines(BODY_LAST + random_below(20000),
		    line_ends[random_below(2)], a);
		size_t first = all.len > BODY_LAST ? all.len - BODY_LAST : 0;
		size_t at = line_end_after(all,
		    first + (random_below(2) ? random_below(BODY_LAST) : 0));
		struct dkim_signature s = signature_of(
		    both[n % 2], UINT64_MAX, span_upto(all, at), a);
		struct edits e = pieces_of(all, a);
		struct body_match match;

		assert_true(try_edits(&s, all, &e, BODY_ENDS_LAST, &match));
		assert_int_equal(match.at, at);
		assert_true(try_edits(&s, all, &e, BODY_ENDS_ALL, &match));
		assert_int_equal(match.at, at);
		arena_reset(a);
	}
	arena_free(a);
}

static void
no_other_body_is_found(void **state)
{
	struct dkim_signature s =
	    signature_of(CANON_RELAXED, UINT64_MAX, SPAN("a\nb\nc\n"), *state);
	static const struct span others[] = {S("a\nb\nC\nfooter\n"),
	    S("a\nb c\n"), S("a\nb\ncfooter\n"), S("a\n\nb\nc\nfooter\n")};

	for (size_t i = 0; i < COUNT(others); i++) {
		struct body_match match;

		assert_false(
		    try_edits(&s, others[i], &none, BODY_ENDS_ALL, &match));
	}
}

static void
keys_tell_bodies_apart(void **state)
{
	struct dkim_signature s =
	    signature_of(CANON_RELAXED, UINT64_MAX, SPAN("other"), *state);
	static const struct span bodies[] = {
	    S("a\n"), S("b\n"), S("a \n"), S("a\r\n\r\n"), S("a\nb\n")};
	struct body_match m[COUNT(bodies)], again;

	for (size_t i = 0; i < COUNT(bodies); i++) {
		try_edits(&s, bodies[i], &none, BODY_ENDS_ALL, &m[i]);
		for (size_t k = 0; k < i; k++)
			assert_true(m[k].key != m[i].key);
		try_edits(&s, bodies[i], &none, BODY_ENDS_WHOLE, &again);
		assert_true(again.key == m[i].key);
	}
}

static void
the_budget_is_charged_and_kept(void **state)
{
	struct span body = lines_of(50, "\n", *state);
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("other"), *state);
	struct fixture f = fixture_of(&s, *state);
	struct body_match match;

	f.test.budget = &f.budget;
	f.test.scratch = arena_new();
	f.budget.octets = body.len + BUDGET_TRY;
	assert_false(body_try(&f.test, body, &none, BODY_ENDS_WHOLE, &match));
	assert_true(match.is_tried);
	assert_int_equal(f.budget.octets, 0);
	f.budget.octets = body.len + BUDGET_TRY - 1;
	assert_false(body_try(&f.test, body, &none, BODY_ENDS_WHOLE, &match));
	assert_false(match.is_tried);
	assert_true(f.budget.spent);
	arena_free(f.test.scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_end_of_each_line_is_found),
	    TEST(the_whole_is_found_with_empty_lines_or_without),
	    TEST(a_body_may_have_been_empty),
	    TEST(edits_and_a_footer_are_found_at_once),
	    TEST(a_length_allows_one_end),
	    TEST(the_body_is_longer_than_the_length),
	    TEST(random_footers_are_found),
	    TEST(long_footers_are_found_later),
	    TEST(every_end_in_the_last_part_is_found),
	    TEST(no_other_body_is_found),
	    TEST(keys_tell_bodies_apart),
	    TEST(the_budget_is_charged_and_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
