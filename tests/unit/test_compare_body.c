/* test_compare_body: the lines of a body and of its original. */
/* SPDX-License-Identifier: ISC */

#include "fixture_compare.h"

#include "../helper/random.h"
#include "base/limit.h"

#define SIMPLE  SIGNATURE("simple/simple", "", "from")
#define RELAXED SIGNATURE("relaxed/relaxed", "", "from")

/* Returns the hunks: "before_line,nbefore>after_line,nafter", with "*" if
 * signed; "~" and a number for hidden lines; "!" if coarse. */
static struct span
hunks(const struct comparison *c, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < c->nhunks; i++) {
		const struct compare_hunk *h = &c->hunks[i];

		buf_printf(&b, "%s%d,%d>%d,%d%s", i ? " " : "",
		    (int)h->before_line, (int)h->nbefore, (int)h->after_line,
		    (int)h->nafter, h->is_signed ? "*" : "");
	}
	if (c->nhidden)
		buf_printf(&b, "~%d", (int)c->nhidden);
	if (c->is_coarse)
		buf_char(&b, '!');
	return buf_span(&b);
}

static void
lines_are_compared_in_both_canonical_forms(void **state)
{
	static const struct {
		const char *before, *after, *simple, *relaxed;
	} cases[] = {
	    {"a\nb\n", "a\nb\n", "", ""},
	    {"a\nb\n", "a\r\nb\r\n", "", ""},
	    {"a\nb", "a\nb\n", "", ""},
	    {"a\nb\n", "a\nb\n\n\n", "", ""},
	    {"a\n\n\n", "a\n", "", ""},
	    {"", "", "", ""},
	    {"", "\n", "", ""},
	    {"", "\n\n", "", ""},
	    {"", " \n", "0,1>0,1*", ""},
	    {"", "a\n", "0,1>0,1*", "0,0>0,1*"},
	    {"a\n", "", "0,1>0,1*", "0,1>0,0*"},
	    {"a\nb\n", "a\nb\nc\n", "2,0>2,1*", "2,0>2,1*"},
	    {"a\nb\n", "a\nb\n-- \nfooter\n", "2,0>2,2*", "2,0>2,2*"},
	    {"a\nb\n", "x\na\nb\n", "0,0>0,1*", "0,0>0,1*"},
	    {"a\nb\nc\n", "a\nc\n", "1,1>1,0*", "1,1>1,0*"},
	    {"a\nb\nc\n", "a\nx\nc\n", "1,1>1,1*", "1,1>1,1*"},
	    {"a \nb\n", "a\nb\n", "0,1>0,1*", "~1"},
	    {"a  b\nc\n", "a\tb\nc\n", "0,1>0,1*", "~1"},
	    {" a\nc\n", "a\nc\n", "0,1>0,1*", "0,1>0,1*"},
	    {"a\n \t\n", "a\n", "1,1>1,0*", ""},
	    {"a\nb\n", "a\n\nb\n", "1,0>1,1*", "1,0>1,1*"},
	    {"a\r\n", "a\r\r\n", "0,1>0,1*", "0,1>0,1*"},
	    {"a\r", "a", "0,1>0,1*", "0,1>0,1*"},
	    {"a\nb\nc\nd\ne\n", "a\nx\nc\ny\ne\n", "1,1>1,1* 3,1>3,1*",
		"1,1>1,1* 3,1>3,1*"},
	    {"a\nb \nc\nd\ne\n", "a\nb\nc\ny\ne\n", "1,1>1,1* 3,1>3,1*",
		"3,1>3,1*~1"},
	    {"1\n2 \n3\n4\n5\n", "0\n2\n3 \n4\nx\n", "0,3>0,3* 4,1>4,1*",
		"0,1>0,1* 4,1>4,1*~2"},
	    {"From x\n", ">From x\n", "0,1>0,1*", "0,1>0,1*"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span before = span_of(cases[i].before);
		struct span after = span_of(cases[i].after);
		struct comparison c =
		    compare_bodies(SIMPLE, before, after, *state);

		same(cases[i].after, hunks(&c, *state), cases[i].simple);
		assert_int_equal(c.body_differs, c.nhunks > 0);
		c = compare_bodies(RELAXED, before, after, *state);
		same(cases[i].after, hunks(&c, *state), cases[i].relaxed);
		assert_int_equal(c.body_differs, c.nhunks > 0);
	}
}

#define L4 SIGNATURE("simple/simple", "l=4;", "from")

static void
lines_after_the_signed_length_do_not_matter(void **state)
{
	/* "a" and CRLF take 3 octets: "b" is the last that is signed. */
	static const struct {
		const char *before, *after, *hunks;
		bool differs;
	} cases[] = {
	    {"a\nb\n", "a\nb\nfooter\n", "2,0>2,1", false},
	    {"a\nb\n", "a\nbc\n", "1,1>1,1", false},
	    {"a\nb\n", "a\nc\n", "1,1>1,1*", true},
	    {"a\nb\n", "a\n", "1,1>1,0*", true},
	    {"a\nb\n1\n2\n3\n", "x\nb\n1\nz\n3\n", "0,1>0,1* 3,1>3,1", true},
	    {"a\n", "a\nb\n", "1,0>1,1*", true},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct comparison c = compare_bodies(L4,
		    span_of(cases[i].before), span_of(cases[i].after), *state);

		same(cases[i].after, hunks(&c, *state), cases[i].hunks);
		assert_int_equal(c.body_differs, cases[i].differs);
	}
}

/* Returns the octets that are hashed. */
static struct span
canonical(const struct dkim_signature *s, struct span body, struct arena *a)
{
	struct sink_buf *out = ARENA_NEW(a, struct sink_buf);
	struct sink *in;

	*out = sink_to_buf(a);
	in = dkim_canonical_body(s, &out->sink, a);
	sink_put(in, body);
	sink_end(in);
	return buf_span(&out->buf);
}

static struct span
random_body(struct generator *g, struct arena *a)
{
	static const char octets[] = "ab  \t\n\n\n\r";
	struct buf b = BUF(a);

	for (size_t n = pick(g, 24); n; n--)
		buf_char(&b, octets[pick(g, sizeof(octets) - 1)]);
	return buf_span(&b);
}

static void
a_body_differs_if_and_only_if_the_hashed_octets_do(void **state)
{
	static const char *const signatures[] = {SIMPLE, RELAXED, L4,
	    SIGNATURE("relaxed/relaxed", "l=3;", "from"),
	    SIGNATURE("simple/simple", "l=2;", "from"),
	    SIGNATURE("relaxed/relaxed", "l=0;", "from")};
	struct generator g = {.random = 15};
	size_t differ = 0;

	for (size_t i = 0; i < rounds(20000, 400000); i++) {
		struct span before = random_body(&g, *state);
		struct span after = random_body(&g, *state);
		struct pair p = compare_pair(signatures[i % COUNT(signatures)],
		    true, SPAN("From: a\n"), before, SPAN("From: a\n"), after,
		    *state);
		bool differs = !span_eq(canonical(p.signature, before, *state),
		    canonical(p.signature, after, *state));

		if (p.c.body_differs != differs) {
			struct buf b = BUF(*state);

			buf_escaped(&b, before);
			buf_str(&b, " | ");
			buf_escaped(&b, after);
			fail_msg("%s " SPAN_FMT,
			    signatures[i % COUNT(signatures)],
			    SPAN_ARG(buf_span(&b)));
		}
		differ += differs;
		arena_reset(*state);
	}
	assert_true(differ > 1000);
}

static void
the_lines_of_hunks_are_those_that_differ(void **state)
{
	struct comparison c =
	    compare_bodies(RELAXED, SPAN("one\r\ntwo\r\nthree\r\n"),
		SPAN("one\r\n2\r\n2b\r\nthree\r\n"), *state);

	assert_int_equal(c.nhunks, 1);
	same("before", c.hunks[0].before, "two\r\n");
	same("after", c.hunks[0].after, "2\r\n2b\r\n");
}

/* n lines, the first of which are those of a letter. */
static struct span
lines(char letter, size_t n, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%c%zu\n", letter, i);
	return buf_span(&b);
}

static void
too_many_edits_are_one_hunk(void **state)
{
	size_t most = LIMIT_COMPARE_EDITS / 2;
	struct comparison c = compare_bodies(RELAXED, lines('a', most, *state),
	    lines('b', most, *state), *state);

	assert_false(c.is_coarse);
	assert_int_equal(c.nhunks, 1);
	assert_int_equal(c.hunks[0].nafter, most);
	c = compare_bodies(RELAXED, lines('a', most + 1, *state),
	    lines('b', most + 1, *state), *state);
	assert_true(c.is_coarse);
	assert_int_equal(c.nhunks, 1);
	assert_int_equal(c.hunks[0].nafter, most + 1);
}

static void
too_many_lines_are_one_hunk(void **state)
{
	for (size_t more = 0; more < 2; more++) {
		size_t n = LIMIT_COMPARE_LINES + more;
		struct span many = lines('a', n - 2, *state);
		struct comparison c = compare_bodies(RELAXED,
		    ARENA_JOIN(*state, SPAN("x\n"), many, SPAN("x\n")),
		    ARENA_JOIN(*state, SPAN("y\n"), many, SPAN("y\n")), *state);

		assert_int_equal(c.is_coarse, more == 1);
		assert_int_equal(c.nhunks, more ? 1 : 2);
	}
}

static void
hostile_bodies_take_no_more_than_linear_time(void **state)
{
	struct buf equal = BUF(*state), other = BUF(*state), longest;

	/* A line of 8 MB, the same 30,000 lines, and 4 MB of empty lines. */
	longest = BUF(*state);
	memset(buf_room(&longest, 8 << 20), ' ', 8 << 20);
	longest.len = 8 << 20;
	assert_true(
	    compare_bodies(RELAXED, buf_span(&longest), SPAN("x"), *state)
		.body_differs);
	for (size_t i = 0; i < 30000; i++) {
		buf_str(&equal, i % 2 ? "a\n" : "b\n");
		buf_str(&other, i % 3 ? "a\n" : "b\n");
	}
	assert_true(
	    compare_bodies(RELAXED, buf_span(&equal), buf_span(&other), *state)
		.is_coarse);
	longest.len = 0;
	memset(buf_room(&longest, 4 << 20), '\n', 4 << 20);
	longest.len = 4 << 20;
	assert_false(
	    compare_bodies(RELAXED, buf_span(&longest), SPAN("\n"), *state)
		.body_differs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(lines_are_compared_in_both_canonical_forms),
	    TEST(lines_after_the_signed_length_do_not_matter),
	    TEST(a_body_differs_if_and_only_if_the_hashed_octets_do),
	    TEST(the_lines_of_hunks_are_those_that_differ),
	    TEST(too_many_edits_are_one_hunk),
	    TEST(too_many_lines_are_one_hunk),
	    TEST(hostile_bodies_take_no_more_than_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
