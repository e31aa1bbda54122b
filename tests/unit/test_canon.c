/* test_canon: canonicalization, however the input is cut. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <string.h>

#include "../helper/random.h"
#include "../helper/slow_canon.h"
#include "dkim/canon.h"
#include "base/digest.h"
#include "base/sink.h"

static const enum canon both[] = {CANON_SIMPLE, CANON_RELAXED};

/* Feeds the code under test. Pieces are copies of exact size, so that a
 * sanitizer sees reads beyond them. */

static void
feed(struct sink *to, const char *p, size_t n)
{
	char *copy = memcpy(malloc(n ? n : 1), p, n);

	sink_put(to, (struct span){copy, n});
	free(copy);
}

/* Returns the canonical form of a body fed in pieces that end at the cuts, in
 * order. */
static struct span
cut_body(enum canon c, struct span body, const size_t *cuts, size_t ncuts,
    struct arena *a)
{
	struct sink_buf *out = ARENA_NEW(a, struct sink_buf);
	struct sink *in;
	size_t at = 0;

	*out = sink_to_buf(a);
	in = canon_body(c, &out->sink, a);
	for (size_t i = 0; i < ncuts; i++) {
		feed(in, body.p + at, cuts[i] - at);
		at = cuts[i];
	}
	feed(in, body.p + at, body.len - at);
	sink_end(in);
	return buf_span(&out->buf);
}

static void
check_cut(enum canon c, struct span body, const size_t *cuts, size_t ncuts,
    struct span wanted, struct arena *a)
{
	struct span got = cut_body(c, body, cuts, ncuts, a);
	struct buf text = BUF(a);

	if (span_eq(got, wanted))
		return;
	buf_escaped(&text, span_upto(body, body.len < 99 ? body.len : 99));
	fail_msg("%s, %zu octets, %zu cuts, first at %zu: " SPAN_FMT,
	    canon_name(c), body.len, ncuts, ncuts ? cuts[0] : 0,
	    SPAN_ARG(buf_span(&text)));
}

static void
check_whole(struct span body, struct arena *a)
{
	for (size_t i = 0; i < COUNT(both); i++)
		check_cut(
		    both[i], body, NULL, 0, slow_body(both[i], body, a), a);
}

static void
check_every_octet(enum canon c, struct span body, struct span wanted)
{
	struct arena *a = arena_new();
	size_t *cut = ARENA_ARRAY(a, size_t, body.len + 1);

	for (size_t i = 0; i < body.len; i++)
		cut[i] = i + 1;
	check_cut(c, body, cut, body.len, wanted, a);
	arena_free(a);
}

/* Checks a body fed whole, octet by octet, and cut once at every point. */
static void
check_body(struct span body, struct arena *a)
{
	struct arena *each = arena_new();

	check_whole(body, a);
	for (size_t i = 0; i < COUNT(both); i++) {
		struct span wanted = slow_body(both[i], body, a);

		check_every_octet(both[i], body, wanted);
		for (size_t at = 0; at <= body.len; at++) {
			check_cut(both[i], body, &at, 1, wanted, each);
			arena_reset(each);
		}
	}
	arena_free(each);
}

/* Checks a body cut twice, at every pair of points. */
static void
check_pairs(struct span body, struct arena *a)
{
	struct arena *each = arena_new();

	for (size_t i = 0; i < COUNT(both); i++) {
		struct span wanted = slow_body(both[i], body, a);
		size_t cut[2];

		for (cut[0] = 0; cut[0] <= body.len; cut[0]++)
			for (cut[1] = cut[0]; cut[1] <= body.len; cut[1]++) {
				check_cut(both[i], body, cut, 2, wanted, each);
				arena_reset(each);
			}
	}
	arena_free(each);
}

static const struct span bodies[] = {
    S(""),
    S("\n"),
    S("\r\n"),
    S("\r"),
    S("\r\r"),
    S("\r\r\n"),
    S("\n\r"),
    S("\n\n\n"),
    S("\r\n\r\n\r\n"),
    S("\r\r\n\r\r\n"),
    S("a"),
    S("a\n"),
    S("a\r\n"),
    S("a\r"),
    S("a\rb"),
    S("a\r\r\n"),
    S("a\r\n\r"),
    S("a\rb\r\n"),
    S("a \r \r\n"),
    S("a \r\r\n"),
    S("a\n\nb\n"),
    S("a\r\n\r\nb\r\n\r\n\r\n"),
    S("a\n\r\n\nb\r\n\n\r\n"),
    S("\n\na"),
    S(" "),
    S("\t"),
    S(" \t "),
    S(" \n"),
    S("\t\r\n \r\n\t \r\n"),
    S("\n \n"),
    S("a\n \n\t\n"),
    S("a\n \n\t\nb"),
    S("a\n\n "),
    S(" a"),
    S("\ta"),
    S("  a"),
    S("a "),
    S("a  \t"),
    S("a \r\n"),
    S("a\t\n"),
    S("a  b\t\tc \td"),
    S("a b\tc"),
    S(" C \r\nD \t E\r\n\r\n\r\n"),
    S("\0"),
    S("\0\0\n\0 \0\r\n"),
    S("a\0  b\0 \n \0"),
    S("\200\377 \303\274  \201\r\n"),
    S("\v \f\n"),
    S("-- \r\nsignature\r\n"),
    S("a line of text that is longer than sixteen octets\r\n"),
    S("a line  of text\twith blanks  \t of more than one\t\tkind \r\n"),
    S("x               y                y\r\n                   \r\n"),
};

static void
the_body_is_the_same_however_it_is_fed(void **state)
{
	for (size_t i = 0; i < COUNT(bodies); i++) {
		check_body(bodies[i], *state);
		check_pairs(bodies[i], *state);
	}
}

/* Returns the body whose octets are the digits of number. */
static struct span
spell(unsigned number, size_t len, const char *alphabet, unsigned base,
    char *room)
{
	for (size_t i = 0; i < len; i++) {
		room[i] = alphabet[number % base];
		number /= base;
	}
	return (struct span){room, len};
}

static void
every_short_body_is_right(void **state)
{
	static const char alphabet[] = {'a', ' ', '\t', '\r', '\n', '\0'};
	struct arena *a = *state;
	unsigned all = 1;
	char room[7];

	for (size_t len = 0; len <= sizeof(room); len++) {
		for (unsigned n = 0; n < all; n++) {
			struct span body =
			    spell(n, len, alphabet, COUNT(alphabet), room);

			if (len < 6)
				check_body(body, a);
			else
				check_whole(body, a);
			arena_reset(a);
		}
		all *= COUNT(alphabet);
	}
}

/* Blanks of each kind and length at every place of a line of each length: the
 * code examines eight octets at a time. */
static void
blanks_are_found_at_every_alignment(void **state)
{
	static const char *const runs[] = {" ", "\t", "  ", " \t", "\t ",
	    "\t\t", "   ", "        ", "         ", "                 ", "\r",
	    " \r ", "\n", "\r\n", " \r\n "};
	struct arena *a = *state;
	char line[64];

	for (size_t len = 1; len <= 40; len++)
		for (size_t i = 0; i < COUNT(runs); i++)
			for (size_t at = 0; at <= len; at++) {
				size_t n = strlen(runs[i]);

				memset(line, 'x', sizeof(line));
				memcpy(line + at, runs[i], n);
				check_whole((struct span){line, len + n}, a);
				arena_reset(a);
			}
}

/* Octets that a search by word arithmetic could mistake for blanks. */
static void
octets_like_blanks_stay(void **state)
{
	static const char like[] = {0, 1, 8, 9, 10, 31, 32, 33, (char)0x80,
	    (char)0x89, (char)0xa0, (char)0xff, 'x'};
	struct arena *a = *state;
	char line[24];

	for (unsigned n = 0; n < COUNT(like) * COUNT(like) * COUNT(like); n++)
		for (size_t at = 0; at < 8; at++) {
			memset(line, 'x', sizeof(line));
			spell(n, 3, like, COUNT(like), line + at);
			check_whole((struct span){line, 20}, a);
			arena_reset(a);
		}
}

static void
lines_may_be_long_and_empty_lines_many(void **state)
{
	struct arena *a = *state;
	struct buf body = BUF(a);

	for (unsigned i = 0; i < 300u << 10; i++)
		buf_char(&body, i % 1000 ? 'x' : i % 3000 ? ' ' : '\t');
	for (unsigned i = 0; i < 100000; i++)
		buf_str(&body, i % 2 ? "\n" : "\r\n");
	check_whole(buf_span(&body), a);
	buf_str(&body, "end");
	check_whole(buf_span(&body), a);
	for (unsigned i = 0; i < 100000; i++)
		buf_str(&body, " \t");
	check_whole(buf_span(&body), a);
	for (size_t i = 0; i < COUNT(both); i++)
		check_every_octet(both[i], buf_span(&body),
		    slow_body(both[i], buf_span(&body), a));
}

/* What canon_run() returns, between octets of text, is its own form. */
static void
a_run_is_canonical_already(void **state)
{
	static const char alphabet[] = {'a', 'b', 'c', ' ', '\t', '\r', '\n'};
	struct arena *a = *state;
	struct generator g = {.random = 1};
	char text[70];

	for (unsigned round = 0; round < 40000; round++) {
		enum canon c = both[round % 2];
		size_t len = round % 64 + 1, n;

		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = alphabet[pick(&g, sizeof(alphabet))];
		text[0] = text[1] = 'x';
		n = canon_run(c, (struct span){text + 1, len});
		assert_in_range(n, len > 1 ? 1 : 0, len);
		assert_true(
		    text[n] != '\r' && (c == CANON_SIMPLE || text[n] != ' '));
		memcpy(text + 1 + n, "x\r\n", 3);
		assert_true(span_eq(slow_body(c, (struct span){text, n + 4}, a),
		    (struct span){text, n + 4}));
		arena_reset(a);
	}
}

static void
known_bodies_have_known_forms(void **state)
{
	/* RFC 6376 3.4.3 to 3.4.5 */
	static const struct {
		struct span body, simple, relaxed;
	} c[] = {
	    {S(" C \r\nD \t E\r\n\r\n\r\n"), S(" C \r\nD \t E\r\n"),
		S(" C\r\nD E\r\n")},
	    {S(""), S("\r\n"), S("")},
	    {S("\r\n\r\n"), S("\r\n"), S("")},
	    {S(" \r\n"), S(" \r\n"), S("")},
	    {S("a"), S("a\r\n"), S("a\r\n")},
	    {S("a\rb \n"), S("a\rb \r\n"), S("a\rb\r\n")},
	    {S("a\n\n\nb\n\n"), S("a\r\n\r\n\r\nb\r\n"),
		S("a\r\n\r\n\r\nb\r\n")},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		check_cut(
		    CANON_SIMPLE, c[i].body, NULL, 0, c[i].simple, *state);
		check_cut(
		    CANON_RELAXED, c[i].body, NULL, 0, c[i].relaxed, *state);
	}
}

static struct span
header(enum canon c, struct span raw, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);
	char *copy = memcpy(malloc(raw.len), raw.p, raw.len);

	canon_header(c, (struct span){copy, raw.len}, &out.sink);
	free(copy);
	return buf_span(&out.buf);
}

static void
header_fields_have_known_forms(void **state)
{
	static const struct {
		struct span raw, simple, relaxed;
	} c[] = {
	    {S("A: X\r\n"), S("A: X\r\n"), S("a:X\r\n")},
	    {S("B : Y\t\r\n\tZ  \r\n"), S("B : Y\t\r\n\tZ  \r\n"),
		S("b:Y Z\r\n")},
	    {S("A: X\n"), S("A: X\r\n"), S("a:X\r\n")},
	    {S("A: X"), S("A: X\r\n"), S("a:X\r\n")},
	    {S("A:"), S("A:\r\n"), S("a:\r\n")},
	    {S("A: \t \r\n"), S("A: \t \r\n"), S("a:\r\n")},
	    {S("A:\r\n \r\n\tb"), S("A:\r\n \r\n\tb\r\n"), S("a:b\r\n")},
	    {S("A:b\n c\n"), S("A:b\r\n c\r\n"), S("a:b c\r\n")},
	    {S("A:b\r\n c\n d\r\n"), S("A:b\r\n c\r\n d\r\n"),
		S("a:b c d\r\n")},
	    {S("A \t: b \t \r\n \t c"), S("A \t: b \t \r\n \t c\r\n"),
		S("a:b c\r\n")},
	    {S("A: b:c : d\r\n"), S("A: b:c : d\r\n"), S("a:b:c : d\r\n")},
	    {S("A: b\rc\r\n"), S("A: b\rc\r\n"), S("a:b\rc\r\n")},
	    {S("A: b\r\r\n"), S("A: b\r\r\n"), S("a:b\r\r\n")},
	    {S("A: b\r\r\n c"), S("A: b\r\r\n c\r\n"), S("a:b\r c\r\n")},
	    {S("A: b\r"), S("A: b\r\r\n"), S("a:b\r\r\n")},
	    {S("A: \0 \0\r\n"), S("A: \0 \0\r\n"), S("a:\0 \0\r\n")},
	    {S("X: \303\234\r\n"), S("X: \303\234\r\n"), S("x:\303\234\r\n")},
	    {S("SubJECT: AbC\r\n"), S("SubJECT: AbC\r\n"),
		S("subject:AbC\r\n")},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		assert_true(span_eq(
		    header(CANON_SIMPLE, c[i].raw, *state), c[i].simple));
		assert_true(span_eq(
		    header(CANON_RELAXED, c[i].raw, *state), c[i].relaxed));
	}
}

static void
every_short_header_field_is_right(void **state)
{
	static const char *const part[] = {
	    "b", " ", "\t", "\r", "\r\n ", "\n\t", ":"};
	struct arena *a = *state;
	unsigned all = 1;

	for (size_t len = 0; len <= 5; len++) {
		for (unsigned n = 0; n < all; n++) {
			struct buf raw = BUF(a);
			unsigned rest = n;

			buf_str(&raw, n % 2 ? "Ab:" : "Ab \t:");
			for (size_t i = 0; i < len; i++) {
				buf_str(&raw, part[rest % COUNT(part)]);
				rest /= COUNT(part);
			}
			buf_str(&raw, n % 3 ? "\r\n" : "\n");
			assert_true(
			    span_eq(header(CANON_RELAXED, buf_span(&raw), a),
				slow_header(CANON_RELAXED, buf_span(&raw), a)));
			assert_true(
			    span_eq(header(CANON_SIMPLE, buf_span(&raw), a),
				slow_header(CANON_SIMPLE, buf_span(&raw), a)));
			arena_reset(a);
		}
		all *= COUNT(part);
	}
}

static void
a_length_limits_what_is_hashed_not_what_is_counted(void **state)
{
	/* l= counts canonical octets (RFC 6376 3.5). */
	static const struct {
		enum canon canon;
		struct span body;
		uint64_t limit;
		struct span hashed;
		uint64_t total;
	} c[] = {
	    {CANON_SIMPLE, S("a \nb\n"), 4, S("a \r\n"), 7},
	    {CANON_RELAXED, S("a \nb\n"), 4, S("a\r\nb"), 6},
	    {CANON_RELAXED, S("a\n\n\nb\n\n"), 5, S("a\r\n\r\n"), 10},
	    {CANON_RELAXED, S("a\n\n\n"), 5, S("a\r\n"), 3},
	    {CANON_SIMPLE, S(""), 0, S(""), 2},
	    {CANON_SIMPLE, S(""), 1, S("\r"), 2},
	    {CANON_RELAXED, S(""), 1, S(""), 0},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct digest *got =
		    digest_new(DIGEST_SHA256, c[i].limit, *state);
		struct digest *wanted =
		    digest_new(DIGEST_SHA256, UINT64_MAX, *state);
		struct sink *in = canon_body(c[i].canon, &got->sink, *state);

		for (size_t at = 0; at < c[i].body.len; at++)
			feed(in, c[i].body.p + at, 1);
		sink_end(in);
		sink_put(&wanted->sink, c[i].hashed);
		sink_end(&wanted->sink);
		assert_true(span_eq(got->value, wanted->value));
		assert_int_equal(got->total, c[i].total);
	}
}

static void
names_are_read_with_their_case(void **state)
{
	static const char *const none[] = {
	    "", "Relaxed", "SIMPLE", "simple ", "simple/simple", "nowsp", NULL};
	enum canon c = CANON_SIMPLE;

	(void)state;
	assert_true(canon_parse(SPAN("relaxed"), &c));
	assert_int_equal(c, CANON_RELAXED);
	assert_true(canon_parse(SPAN("simple"), &c));
	assert_int_equal(c, CANON_SIMPLE);
	for (size_t i = 0; i < COUNT(none); i++)
		assert_false(canon_parse(span_of(none[i]), &c));
	assert_string_equal(canon_name(CANON_SIMPLE), "simple");
	assert_string_equal(canon_name(CANON_RELAXED), "relaxed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_run_is_canonical_already),
	    TEST(known_bodies_have_known_forms),
	    TEST(the_body_is_the_same_however_it_is_fed),
	    TEST(every_short_body_is_right),
	    TEST(blanks_are_found_at_every_alignment),
	    TEST(octets_like_blanks_stay),
	    TEST(lines_may_be_long_and_empty_lines_many),
	    TEST(header_fields_have_known_forms),
	    TEST(every_short_header_field_is_right),
	    TEST(a_length_limits_what_is_hashed_not_what_is_counted),
	    TEST(names_are_read_with_their_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
