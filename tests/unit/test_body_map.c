/* test_body_map: the parts of a body and their places. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body_propose.h"

#include "../helper/random.h"
#include "base/limit.h"

#define MIXED SPAN("Content-Type: multipart/mixed; boundary=\"b b\"\n")

static struct span
between(const struct body *b, size_t from, size_t to)
{
	assert_true(from <= to && to <= b->octets.len);
	return span_between(b->octets.p + from, b->octets.p + to);
}

static void
starts(const struct body *b, size_t at, const char *text)
{
	assert_true(at <= b->octets.len);
	if (!span_starts(span_from(b->octets, at), span_of(text)))
		fail_msg("at %zu is not %s", at, text);
}

static void
a_body_without_parts_is_one(void **state)
{
	struct body b = new_body(SPAN(""), SPAN("one\ntwo\n"), *state);

	assert_int_equal(b.nparts, 1);
	assert_int_equal(b.parts[0].kind, MIME_LEAF);
	assert_int_equal(b.parts[0].begin, 0);
	assert_int_equal(b.parts[0].end, 8);
	assert_int_equal(b.parts[0].to, 8);
	same("type", b.parts[0].type, "text/plain");
	b = new_body(SPAN("Subject: x\r\nContent-Type: text/html;\r\n"
			  " charset=\"UTF-8\"\r\n"
			  "Content-Transfer-Encoding: BASE64\r\n"),
	    SPAN(""), *state);
	assert_int_equal(b.nparts, 1);
	assert_int_equal(b.parts[0].encoding, MIME_BASE64);
	assert_int_equal(b.parts[0].end, 0);
	same("type", b.parts[0].type, "text/html");
	same("charset", b.parts[0].charset, "UTF-8");
}

/* All places of a nested multipart, with either line end. */
static void
check_nested(struct span octets, const char *eol, struct arena *a)
{
	struct body b = new_body(MIXED, octets, a);
	const struct body_part *p = b.parts;
	size_t n = strlen(eol);

	assert_int_equal(b.nparts, 5);
	starts(&b, p[1].from, "--b b");
	starts(&b, p[1].header, "Content-Type: multipart/alt");
	starts(&b, p[2].from, "--in");
	same("plain", between(&b, p[2].begin, p[2].end), "text");
	starts(&b, p[2].to, "--in");
	assert_int_equal(p[2].end + n, p[2].to);
	assert_int_equal(p[3].from, p[2].to);
	same("html", between(&b, p[3].begin, p[3].end), "<b>");
	starts(&b, p[3].to, "--in--");
	assert_int_equal(p[1].end + n, p[1].to);
	starts(&b, p[1].to, "--b b \t");
	assert_int_equal(p[4].from, p[1].to);
	assert_int_equal(p[4].begin, p[4].end);
	starts(&b, p[4].to, "--b b--");
	assert_int_equal(p[2].parent, 1);
	assert_int_equal(p[4].parent, 0);
	assert_int_equal(p[3].depth, 2);
	same("boundary", p[1].boundary, "in");
	assert_int_equal(p[0].to, octets.len);
}

#define NESTED(eol)                                                            \
	SPAN("preamble" eol "--b b" eol                                        \
	     "Content-Type: multipart/alternative;" eol " boundary=in" eol eol \
	     "--in" eol eol "text" eol "--in" eol                              \
	     "Content-Type: text/html" eol eol "<b>" eol "--in--" eol          \
	     "--b b \t" eol eol "--b b--" eol "epilogue" eol)

static void
places_are_exact(void **state)
{
	check_nested(NESTED("\n"), "\n", *state);
	check_nested(NESTED("\r\n"), "\r\n", *state);
}

static void
mbox_lines_are_not_of_the_header(void **state)
{
	struct body b = new_body(MIXED,
	    SPAN("--b b\nFrom x\nContent-Type: text/html\n\nx\n--b b--\n"),
	    *state);

	assert_int_equal(b.nparts, 2);
	assert_int_equal(b.parts[1].from, 0);
	starts(&b, b.parts[1].header, "Content-Type");
}

static void
messages_are_entered_unless_encoded(void **state)
{
	struct span octets =
	    SPAN("Subject: x\nContent-Type: text/html\n\nbody\n");
	struct body b =
	    new_body(SPAN("Content-Type: message/rfc822\n"), octets, *state);

	assert_int_equal(b.nparts, 2);
	assert_int_equal(b.parts[0].kind, MIME_MESSAGE);
	assert_int_equal(b.parts[1].header, 0);
	assert_int_equal(b.parts[1].from, 0);
	same(
	    "content", between(&b, b.parts[1].begin, b.parts[1].end), "body\n");
	b = new_body(SPAN("Content-Type: message/rfc822\n"
			  "Content-Transfer-Encoding: base64\n"),
	    SPAN("U3ViamVjdDogeAoKYm9keQo=\n"), *state);
	assert_int_equal(b.nparts, 1);
	assert_int_equal(b.parts[0].kind, MIME_LEAF);
	b = new_body(MIXED,
	    SPAN("--b b\nContent-Type: message/rfc822\n"
		 "Content-Transfer-Encoding: quoted-printable\n\n"
		 "Subject: x\n\nbody\n--b b\n\nlast\n--b b--\n"),
	    *state);
	assert_int_equal(b.nparts, 3);
	same("last", between(&b, b.parts[2].begin, b.parts[2].end), "last");
}

static void
what_is_not_closed_ends_with_what_it_is_in(void **state)
{
	struct body b = new_body(MIXED, SPAN("--b b\n\nlast\nline\n"), *state);

	assert_int_equal(b.nparts, 2);
	assert_int_equal(b.parts[1].end, b.octets.len);
	assert_int_equal(b.parts[1].to, b.octets.len);
	b = new_body(MIXED,
	    SPAN("--b b\nContent-Type: multipart/mixed; boundary=b\n\n"
		 "--b\n\nx\n--b b\n\ny\n--b b--\n"),
	    *state);
	assert_int_equal(b.nparts, 4);
	assert_int_equal(b.parts[2].to, b.parts[2].end);
	starts(&b, b.parts[1].to, "--b b\n");
}

/* Parts are in their parents, in order. */
static void
check_order(const struct body *b)
{
	for (size_t i = 1; i < b->nparts; i++) {
		const struct body_part *p = &b->parts[i];
		const struct body_part *parent = &b->parts[p->parent];

		assert_true(p->parent < i);
		assert_true(parent->begin <= p->from && p->from <= p->header);
		assert_true(p->header <= p->begin && p->begin <= p->end);
		assert_true(p->end <= p->to && p->to <= parent->end);
		assert_true(i < 2 || b->parts[i - 1].from <= p->from);
	}
}

static void
hostile_bodies_have_bounded_maps(void **state)
{
	static const struct span pieces[] = {S("--b b\n"), S("--b b\n\nx\n"),
	    S("--b b\nContent-Type: multipart/mixed; boundary=\"b b\"\n\n"),
	    S("--b b\nContent-Type: message/rfc822\n\n"), S("--b b--\n"),
	    S("--b b\nFrom \n"), S("\r\n--b b")};

	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct body b =
		    new_body(MIXED, many_parts(pieces[i], *state), *state);

		assert_true(b.nparts <= LIMIT_MAIL_PARTS);
		check_order(&b);
		arena_reset(*state);
	}
}

static void
generated_bodies_are_in_order(void **state)
{
	static const struct span pieces[] = {S("--b b\n"), S("--b b--\n"),
	    S("--i\r\n"), S("--i--\n"), S("\n"), S("\r\n"), S("text\n"),
	    S("Content-Type: multipart/mixed; boundary=i\n"),
	    S("Content-Type: message/rfc822\n"), S("From \n"),
	    S("Content-Transfer-Encoding: base64\r\n"), S("-"), S("--b"),
	    S(" b\n")};
	struct generator g = {.random = 1};

	for (size_t n = 0; n < rounds(2000, 50000); n++) {
		struct buf text = BUF(*state);
		struct body b;

		for (int i = 0; i < 12; i++)
			buf_add(&text, pieces[pick(&g, COUNT(pieces))]);
		b = new_body(MIXED, buf_span(&text), *state);
		check_order(&b);
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_body_without_parts_is_one),
	    TEST(places_are_exact),
	    TEST(mbox_lines_are_not_of_the_header),
	    TEST(messages_are_entered_unless_encoded),
	    TEST(what_is_not_closed_ends_with_what_it_is_in),
	    TEST(hostile_bodies_have_bounded_maps),
	    TEST(generated_bodies_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
