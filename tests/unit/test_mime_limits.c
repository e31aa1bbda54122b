/* test_mime_limits: hostile messages, and the limits of a walk. */
/* SPDX-License-Identifier: ISC */

#include "fixture_message.h"

#include <sys/resource.h>
#include <time.h>

#include "../helper/parts.h"

#define MIXED(boundary) "Content-Type: multipart/mixed; boundary=" boundary "\n"

/* A visitor that counts. */
struct counter {
	struct mime_visitor visitor;
	struct sink sink;
	uint64_t octets, end_at;
	unsigned leaves, depth;
	bool too_deep, header_cut, unclosed;
	size_t longest_header, longest_type;
};

/* The counter of the test that runs: a sink has no room for it. */
static struct counter *counting;

static void
count_octets(struct sink *self, const char *p, size_t n)
{
	(void)self;
	(void)p;
	counting->octets += n;
}

static void
end_octets(struct sink *self)
{
	(void)self;
}

static struct sink *
begin(struct mime_visitor *self, const struct mime_part *part)
{
	struct counter *c = (struct counter *)self;

	c->leaves += part->kind == MIME_LEAF;
	c->depth = part->depth > c->depth ? part->depth : c->depth;
	c->too_deep |= part->too_deep;
	c->header_cut |= part->header_cut;
	if (part->header.len > c->longest_header)
		c->longest_header = part->header.len;
	if (part->type.len > c->longest_type)
		c->longest_type = part->type.len;
	return &c->sink;
}

static void
end(struct mime_visitor *self, const struct mime_part *part)
{
	struct counter *c = (struct counter *)self;

	c->end_at = part->end_at;
	c->unclosed |= part->unclosed;
}

static struct counter
new_counter(void)
{
	return (struct counter){
	    .visitor = {begin, end}, .sink = {count_octets, end_octets}};
}

static struct sink *
start(struct mime *w, struct counter *c)
{
	*c = new_counter();
	counting = c;
	return mime_begin(w, &c->visitor);
}

static void
repeat(struct sink *to, struct span text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sink_put(to, text);
}

/* Returns a text n times, in the heap. */
static struct span
repeated(struct span text, size_t n)
{
	char *p = malloc(text.len * n);

	for (size_t i = 0; i < n; i++)
		memcpy(p + i * text.len, text.p, text.len);
	return (struct span){p, text.len * n};
}

static void
release(struct span text)
{
	union {
		const char *in;
		char *out;
	} cast = {text.p};

	free(cast.out);
}

static void
put_and_free(struct sink *to, struct span text)
{
	sink_put(to, text);
	release(text);
}

/* KiB of memory that the process had at most. */
static long
peak(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return use.ru_maxrss;
}

static void
depth_is_limited(void **state)
{
	struct mime *w = mime_new();
	struct counter c;
	struct sink *to = start(w, &c);

	(void)state;
	for (unsigned i = 0; i < LIMIT_MAIL_DEPTH; i++)
		sink_put(to, SPAN("Content-Type: message/rfc822\n\n"));
	sink_put(to, SPAN("Content-Type: text/x\n\na"));
	sink_end(to);
	assert_int_equal(c.leaves, 1);
	assert_int_equal(c.depth, LIMIT_MAIL_DEPTH);
	assert_int_equal(c.octets, 1);
	assert_false(c.too_deep || mime_result(w).too_deep);
	to = start(w, &c);
	repeat(to, SPAN("Content-Type: message/rfc822\n\n"), 100000);
	sink_end(to);
	assert_int_equal(c.leaves, 1);
	assert_int_equal(c.depth, LIMIT_MAIL_DEPTH);
	assert_int_equal(c.octets, (100000 - LIMIT_MAIL_DEPTH - 1) * 30);
	assert_true(c.too_deep && mime_result(w).too_deep);
	mime_free(w);
}

static void
depth_is_limited_in_encoded_messages(void **state)
{
	struct mime *w = mime_new();
	struct counter c;
	struct sink *to = start(w, &c);

	(void)state;
	repeat(to,
	    SPAN("Content-Type: message/rfc822\n"
		 "Content-Transfer-Encoding: quoted-printable\n\n"),
	    1000);
	sink_end(to);
	assert_int_equal(c.depth, LIMIT_MAIL_DEPTH);
	assert_int_equal(mime_result(w).parts, LIMIT_MAIL_DEPTH + 1);
	assert_true(mime_result(w).too_deep);
	mime_free(w);
}

static void
the_number_of_parts_is_limited(void **state)
{
	struct mime *w = mime_new();
	struct counter c;
	struct sink *to = start(w, &c);

	(void)state;
	sink_put(to, SPAN(MIXED("b") "\n"));
	repeat(to, SPAN("--b\n\na\n"), LIMIT_MAIL_PARTS - 1);
	sink_put(to, SPAN("--b--\n"));
	sink_end(to);
	assert_int_equal(c.leaves, LIMIT_MAIL_PARTS - 1);
	assert_int_equal(c.octets, LIMIT_MAIL_PARTS - 1);
	assert_false(c.unclosed || mime_result(w).too_many_parts);
	to = start(w, &c);
	sink_put(to, SPAN(MIXED("b") "\n"));
	repeat(to, SPAN("--b\n\na\n"), 1000000);
	sink_put(to, SPAN("--b--\nepilogue"));
	sink_end(to);
	assert_int_equal(c.leaves, LIMIT_MAIL_PARTS - 1);
	assert_int_equal(c.octets, LIMIT_MAIL_PARTS - 1);
	assert_int_equal(mime_result(w).parts, LIMIT_MAIL_PARTS);
	assert_true(mime_result(w).too_many_parts);
	assert_false(c.unclosed);
	assert_int_equal(c.end_at, 43 + 7000000 + 14);
	mime_free(w);
}

static void
a_header_is_cut_at_whole_lines(void **state)
{
	struct mime *w = mime_new();
	struct counter c;
	struct sink *to = start(w, &c);
	struct span line = SPAN("X-Field: 0123456789\n");

	(void)state;
	sink_put(to, SPAN("Content-Type: text/first\n"));
	repeat(to, line, 500000);
	sink_put(to, SPAN("\nbody"));
	sink_end(to);
	assert_true(c.header_cut);
	assert_true(c.longest_header > LIMIT_MIME_HEADER - line.len);
	assert_true(c.longest_header <= LIMIT_MIME_HEADER);
	assert_int_equal(c.longest_type, strlen("text/first"));
	assert_int_equal(c.octets, 4);
	assert_int_equal(c.end_at, 25 + 500000 * line.len + 5);
	mime_free(w);
}

static void
a_line_over_the_limit_is_left_out(void **state)
{
	struct mime *w = mime_new();
	struct counter c;

	(void)state;
	for (size_t n = LIMIT_MIME_HEADER - 4; n <= LIMIT_MIME_HEADER; n++) {
		struct sink *to = start(w, &c);

		sink_put(to, SPAN("X: "));
		put_and_free(to, repeated(SPAN("x"), n));
		sink_put(to, SPAN("\nContent-Type: text/second\n\n"));
		sink_end(to);
		assert_int_equal(c.header_cut, true);
		/* A first field that is kept takes the room of the second. */
		assert_int_equal(c.longest_type,
		    n == LIMIT_MIME_HEADER - 4 ? strlen("text/plain")
					       : strlen("text/second"));
	}
	mime_free(w);
}

static void
lines_that_are_not_of_a_field_are_not_lost(void **state)
{
	static const struct span c[] = {
	    S("x"), S("--b"), S("\r"), S(" "), S("a b"), S("From x")};
	struct mime *w = mime_new();

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct counter counter;
		struct sink *to = start(w, &counter);

		put_and_free(to, repeated(c[i], 1000000));
		sink_end(to);
		assert_int_equal(counter.octets, 1000000 * c[i].len);
		assert_int_equal(counter.end_at, 1000000 * c[i].len);
	}
	mime_free(w);
}

static void
a_boundary_may_be_as_long_as_a_field(void **state)
{
	struct mime *w = mime_new();
	struct span boundary = repeated(SPAN("b"), 10000);
	struct counter c;
	struct sink *to = start(w, &c);

	(void)state;
	sink_put(to, SPAN("Content-Type: multipart/mixed; boundary="));
	sink_put(to, boundary);
	sink_put(to, SPAN("\n\n"));
	for (unsigned i = 0; i < 1000; i++) {
		sink_put(to, SPAN("--"));
		sink_put(to, boundary);
		sink_put(to, i % 2 ? SPAN("\n\n") : SPAN("b\n\n"));
	}
	sink_end(to);
	assert_int_equal(c.leaves, 500);
	release(boundary);
	mime_free(w);
}

static void
blanks_after_a_boundary_are_limited(void **state)
{
	struct mime *w = mime_new();
	struct counter c;

	(void)state;
	/* "--b", blanks and a line end: LIMIT_LINE and the boundary */
	for (size_t n = LIMIT_LINE - 3; n <= LIMIT_LINE - 2; n++)
		for (unsigned whole = 0; whole < 2; whole++) {
			struct span blanks = repeated(SPAN(" "), n);
			struct sink *to = start(w, &c);

			sink_put(to, SPAN(MIXED("b") "\n--b"));
			for (size_t i = 0; i < (whole ? 0 : n); i++)
				sink_put(to, span_upto(blanks, 1));
			sink_put(to, span_upto(blanks, whole ? n : 0));
			release(blanks);
			sink_put(to, SPAN("\n\na"));
			sink_end(to);
			assert_int_equal(c.leaves, n == LIMIT_LINE - 3);
		}
	mime_free(w);
}

static void
memory_does_not_depend_on_the_message(void **state)
{
	struct mime *w = mime_new();
	struct counter c;
	struct sink *to;
	long before = peak();

	(void)state;
	to = start(w, &c);
	repeat(to, SPAN("X-Field: 0123456789abcdef\n"), 400000);
	sink_end(to);
	to = start(w, &c);
	sink_put(to, SPAN("X: "));
	repeat(to, SPAN("0123456789abcdef"), 1000000);
	sink_end(to);
	to = start(w, &c);
	sink_put(to, SPAN(MIXED("b") "\n--b\n\n--"));
	repeat(to, SPAN("0123456789abcdef"), 1000000);
	sink_end(to);
	assert_int_equal(c.octets, 16000002);
	to = start(w, &c);
	sink_put(to, SPAN(MIXED("b") "\n"));
	repeat(to, SPAN("--b\nContent-Type: a/b; c=\"0123456789\"\n\na\n"),
	    100000);
	sink_end(to);
	assert_in_range(peak() - before, 0, 4096);
	mime_free(w);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The time of a walk over a text n times in nested multiparts, in pieces of a
 * few octets. */
static double
time_of(struct mime *w, struct span text, size_t n)
{
	struct span all = repeated(text, n);
	struct counter c;
	struct sink *to = start(w, &c);
	double begun = seconds();

	for (unsigned i = 0; i < LIMIT_MAIL_DEPTH; i++)
		sink_put(to, SPAN(MIXED("b") "\n--b\n"));
	for (struct span rest = all; rest.len;) {
		size_t piece = rest.len < 13 ? rest.len : 13;

		sink_put(to, span_upto(rest, piece));
		rest = span_from(rest, piece);
	}
	sink_end(to);
	release(all);
	return seconds() - begun;
}

static void
time_is_linear(void **state)
{
	static const struct span c[] = {S("--"), S("--\n"), S("-\r\n-"),
	    S("--b"), S("--bb\n"), S("--b\n"), S("--b--\n--b\n"), S("\r"),
	    S("a: b; (((\n"), S("Content-Type: a/b; c*0=d; c*1=e\n"), S("\n"),
	    S("--b\nContent-Type: message/rfc822\n\n")};
	struct mime *w = mime_new();

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		size_t n = 400000 / c[i].len;
		double few = time_of(w, c[i], n),
		       many = time_of(w, c[i], 8 * n);

		/* Of 8 times the octets; quadratic would be 64 times. */
		if (many > 0.05 && many > 24 * few)
			fail_msg("%s: %f s, %f s", c[i].p, few, many);
	}
	mime_free(w);
}

/* The walk over a message that message_read() has read is the same. */
static void
a_message_may_have_been_read(void **state)
{
	static const char *const c[] = {
	    "A: b\n\ntext\n",
	    "From x\nA: b\n" MIXED("b") "\n--b\n\na\n--b--\n",
	    "A: b\r\nno field",
	    "A: b\n" MIXED("b") "--b\n\na\n--b--\n",
	    MIXED("b"),
	};
	struct fixture *f = *state;
	struct mime *w = mime_new();

	for (size_t i = 0; i < COUNT(c); i++) {
		struct parts p;
		struct sink *to;

		assert_int_equal(read_file(f, span_of(c[i])), MESSAGE_OK);
		p = parts_to(f->arena);
		to = mime_begin_message(w, &p.visitor, &f->m);
		assert_int_equal(message_body(&f->m, &to, 1, false), 0);
		same(c[i],
		    arena_span(
			f->arena, parts_of(w, span_of(c[i]), 0, 0, f->arena)),
		    arena_cstr(f->arena, buf_span(&p.log)));
	}
	mime_free(w);
}

static void
a_message_may_have_a_header_that_is_too_large(void **state)
{
	struct fixture *f = *state;
	struct mime *w = mime_new();
	struct span text = repeated(SPAN("A: b\n"), LIMIT_HEADER_FIELDS + 1);
	struct counter c = new_counter();
	struct sink *to;

	counting = &c;
	assert_int_equal(read_file(f, text), MESSAGE_TOO_LARGE);
	to = mime_begin_message(w, &c.visitor, &f->m);
	assert_int_equal(message_body(&f->m, &to, 1, false), 0);
	assert_true(c.header_cut);
	assert_int_equal(c.end_at, text.len);
	assert_int_equal(c.octets, 0);
	release(text);
	mime_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_does_not_depend_on_the_message),
	    cmocka_unit_test(depth_is_limited),
	    cmocka_unit_test(depth_is_limited_in_encoded_messages),
	    cmocka_unit_test(the_number_of_parts_is_limited),
	    cmocka_unit_test(a_header_is_cut_at_whole_lines),
	    cmocka_unit_test(a_line_over_the_limit_is_left_out),
	    cmocka_unit_test(lines_that_are_not_of_a_field_are_not_lost),
	    cmocka_unit_test(a_boundary_may_be_as_long_as_a_field),
	    cmocka_unit_test(blanks_after_a_boundary_are_limited),
	    cmocka_unit_test(time_is_linear),
	    TEST(a_message_may_have_been_read),
	    TEST(a_message_may_have_a_header_that_is_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
