/* test_inflate: gzip and deflate, split anywhere, within a budget. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <malloc.h>

#include "base/inflate.h"
#include "fixture_arena.h"
#include "fixture_pack.h"

static const struct span text =
    S("<feedback><report_metadata/><record/><record/></feedback>\n");

struct wanted {
	enum inflate_outcome outcome;
	uint64_t offset;
	struct span out;
	const char *words;
};

static void
put_pieces(struct sink *to, struct span s, size_t piece)
{
	while (s.len) {
		size_t n = s.len < piece ? s.len : piece;

		sink_put(to, span_upto(s, n));
		s = span_from(s, n);
	}
}

static void
expect(const struct inflate *f, const struct sink_buf *out,
    const struct wanted *w, const char *what)
{
	if (inflate_outcome(f) != w->outcome || inflate_offset(f) != w->offset)
		fail_msg("%s: outcome %d at %ju, not %d at %ju", what,
		    inflate_outcome(f), (uintmax_t)inflate_offset(f),
		    w->outcome, (uintmax_t)w->offset);
	if (!span_eq(buf_span(&out->buf), w->out))
		fail_msg("%s: other octets came out", what);
	if (strcmp(inflate_words(f), w->words) != 0)
		fail_msg("%s: %s", what, inflate_words(f));
}

/* Checks an input whole, octet by octet, and in two pieces split anywhere. */
static void
check(const char *what, struct span in, enum inflate_format format,
    struct wanted w, struct arena *a)
{
	struct inflate *f = inflate_new();

	for (size_t split = 0; split <= in.len; split++) {
		struct budget budget = budget_of(1000);
		struct sink_buf out = sink_to_buf(a);

		inflate_begin(f, format, &out.sink, &budget);
		sink_put(inflate_sink(f), span_upto(in, split));
		sink_put(inflate_sink(f), span_from(in, split));
		sink_end(inflate_sink(f));
		expect(f, &out, &w, what);
		assert_int_equal(budget.left, 1000 - w.out.len);
		out.buf.len = 0;
		inflate_begin(f, format, &out.sink, &budget);
		put_pieces(inflate_sink(f), in, 1);
		expect(f, &out, &w, what);
	}
	inflate_free(f);
}

static void
a_gzip_is_inflated(void **state)
{
	struct span in = gzip_of(text, *state), two;
	struct span none = gzip_of(SPAN(""), *state);

	check("one member", in, INFLATE_GZIP,
	    (struct wanted){INFLATE_OK, in.len, text, ""}, *state);
	check("nothing in it", none, INFLATE_GZIP,
	    (struct wanted){INFLATE_OK, none.len, SPAN(""), ""}, *state);
	two = ARENA_JOIN(*state, in, none, in);
	check("three members", two, INFLATE_GZIP,
	    (struct wanted){
		INFLATE_OK, two.len, ARENA_JOIN(*state, text, text), ""},
	    *state);
}

/* RFC 1952 2.3: FEXTRA, FNAME, FCOMMENT and FHCRC. */
static void
what_a_header_may_have_is_skipped(void **state)
{
	struct span plain = gzip_of(text, *state), head, in;
	uLong crc;
	char sum[2];

	head = ARENA_JOIN(*state, SPAN("\x1f\x8b\x08\x1e\1\2\3\4\0\3"),
	    SPAN("\4\0abcd"), SPAN("unused\0"), SPAN("a comment\0"));
	crc = crc32_z(0, (const Bytef *)head.p, head.len);
	sum[0] = (char)(crc & 0xff);
	sum[1] = (char)(crc >> 8 & 0xff);
	in = ARENA_JOIN(
	    *state, head, (struct span){sum, 2}, span_from(plain, 10));
	check("all fields", in, INFLATE_GZIP,
	    (struct wanted){INFLATE_OK, in.len, text, ""}, *state);
}

static void
octets_after_the_last_member_are_trailing(void **state)
{
	static const struct span trailing[] = {S("\r\n"), S("\0\0\0"),
	    S("\x1f"), S("\x1f\x1f"), S("\x1fx\x8b"), S("PK\3\4"),
	    S("x\x1f\x8b\x08")};
	struct span in = gzip_of(text, *state), raw;

	for (size_t i = 0; i < COUNT(trailing); i++)
		check("trailing", ARENA_JOIN(*state, in, trailing[i]),
		    INFLATE_GZIP,
		    (struct wanted){INFLATE_TRAILING, in.len, text, ""},
		    *state);
	raw = pack(text, PACK_RAW, *state);
	check("a gzip after deflate", ARENA_JOIN(*state, raw, in), INFLATE_RAW,
	    (struct wanted){INFLATE_TRAILING, raw.len, text, ""}, *state);
	check("deflate", raw, INFLATE_RAW,
	    (struct wanted){INFLATE_OK, raw.len, text, ""}, *state);
}

/* Returns what comes out of the beginning of a stream. */
static size_t
out_of(struct span in, enum inflate_format format, struct arena *a)
{
	struct inflate *f = inflate_new();
	struct budget budget = budget_of(1000);
	struct sink_buf out = sink_to_buf(a);

	inflate_begin(f, format, &out.sink, &budget);
	sink_put(inflate_sink(f), in);
	inflate_free(f);
	return out.buf.len;
}

static void
what_ends_in_the_middle_is_cut_off(void **state)
{
	struct span in = gzip_of(text, *state);
	struct span two = ARENA_JOIN(*state, in, in);
	struct span raw = pack(text, PACK_RAW, *state);
	struct span twice = ARENA_JOIN(*state, text, text);

	for (size_t n = 0; n < two.len; n++) {
		struct span cut = span_upto(two, n);
		size_t out = out_of(cut, INFLATE_GZIP, *state);
		enum inflate_outcome outcome = n == in.len ? INFLATE_OK
		    : n == in.len + 1                      ? INFLATE_TRAILING
							   : INFLATE_CUT_OFF;

		check("cut", cut, INFLATE_GZIP,
		    (struct wanted){outcome, n == in.len + 1 ? in.len : n,
			span_upto(twice, out), ""},
		    *state);
	}
	for (size_t n = 0; n < raw.len; n++) {
		struct span cut = span_upto(raw, n);

		check("deflate, cut", cut, INFLATE_RAW,
		    (struct wanted){INFLATE_CUT_OFF, n,
			span_upto(text, out_of(cut, INFLATE_RAW, *state)), ""},
		    *state);
	}
}

static void
what_is_bad_is_told_with_its_place(void **state)
{
	struct span in = gzip_of(text, *state), two;

	check("no gzip", SPAN("<feedback/>"), INFLATE_GZIP,
	    (struct wanted){INFLATE_BAD, 2, SPAN(""), "incorrect header check"},
	    *state);
	check("method 7", patched(in, 2, "\7", 1, *state), INFLATE_GZIP,
	    (struct wanted){
		INFLATE_BAD, 4, SPAN(""), "unknown compression method"},
	    *state);
	check("block type 3", SPAN("\7"), INFLATE_RAW,
	    (struct wanted){INFLATE_BAD, 1, SPAN(""), "invalid block type"},
	    *state);
	check("checksum", patched(in, in.len - 8, "\0\0\0", 3, *state),
	    INFLATE_GZIP,
	    (struct wanted){
		INFLATE_BAD, in.len - 4, text, "incorrect data check"},
	    *state);
	check("length", patched(in, in.len - 4, "\1", 1, *state), INFLATE_GZIP,
	    (struct wanted){
		INFLATE_BAD, in.len, text, "incorrect length check"},
	    *state);
	two = ARENA_JOIN(*state, in, SPAN("\x1f\x8b\x09\0 and so on"));
	check("second member", two, INFLATE_GZIP,
	    (struct wanted){
		INFLATE_BAD, in.len + 4, text, "unknown compression method"},
	    *state);
}

static void
the_budget_is_kept_to_the_octet_and_shared(void **state)
{
	struct span in = gzip_of(text, *state);
	struct inflate *f = inflate_new();

	for (size_t max = 0; max < 2 * text.len + 2; max++) {
		struct budget budget = budget_of(max);
		struct sink_buf out = sink_to_buf(*state);

		for (size_t i = 1; i <= 2; i++) {
			inflate_begin(f, INFLATE_GZIP, &out.sink, &budget);
			put_pieces(inflate_sink(f), in, 7);
			assert_int_equal(inflate_outcome(f),
			    max < i * text.len ? INFLATE_TOO_LARGE
					       : INFLATE_OK);
		}
		assert_int_equal(
		    out.buf.len, max < 2 * text.len ? max : 2 * text.len);
		assert_int_equal(budget.left, max - out.buf.len);
		assert_int_equal(budget.max, max);
	}
	inflate_free(f);
}

/* Octets that differ from their neighbours, compressible by some. */
static struct span
octets(size_t n, struct arena *a)
{
	char *p = arena_alloc(a, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * i / 97 + i / 65536);
	return (struct span){p, n};
}

static void
large_streams_come_out_in_pieces_of_any_size(void **state)
{
	static const size_t piece[] = {1, 997, 32768, 4000000};
	struct span s = octets(3000000, *state), in = gzip_of(s, *state);
	struct inflate *f = inflate_new();

	for (size_t i = 0; i < COUNT(piece); i++) {
		struct budget budget = budget_of(s.len);
		struct sink_buf out = sink_to_buf(*state);

		inflate_begin(f, INFLATE_GZIP, &out.sink, &budget);
		put_pieces(inflate_sink(f), in, piece[i]);
		assert_int_equal(inflate_outcome(f), INFLATE_OK);
		assert_true(span_eq(buf_span(&out.buf), s));
	}
	inflate_free(f);
}

static void
it_is_used_again_without_allocating(void **state)
{
	struct span in[] = {gzip_of(text, *state), pack(text, PACK_RAW, *state),
	    SPAN("\x1f\x8b\x07 bad")};
	struct inflate *f = inflate_new();
	struct sink to = sink_to_nowhere();
	size_t before = 0;

	for (size_t i = 0; i < 30; i++) {
		struct budget budget = budget_of(1000);

		inflate_begin(
		    f, i % 3 == 1 ? INFLATE_RAW : INFLATE_GZIP, &to, &budget);
		put_pieces(inflate_sink(f), in[i % 3], 5);
		assert_int_equal(
		    inflate_outcome(f), i % 3 == 2 ? INFLATE_BAD : INFLATE_OK);
		if (i == 2)
			before = mallinfo2().uordblks;
		if (i > 2)
			assert_int_equal(mallinfo2().uordblks, before);
	}
	inflate_free(f);
	inflate_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_gzip_is_inflated),
	    TEST(what_a_header_may_have_is_skipped),
	    TEST(octets_after_the_last_member_are_trailing),
	    TEST(what_ends_in_the_middle_is_cut_off),
	    TEST(what_is_bad_is_told_with_its_place),
	    TEST(the_budget_is_kept_to_the_octet_and_shared),
	    TEST(large_streams_come_out_in_pieces_of_any_size),
	    TEST(it_is_used_again_without_allocating),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
