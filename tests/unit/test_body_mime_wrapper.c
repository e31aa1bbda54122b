/* test_body_mime_wrapper: messages in messages, parts added, text between. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body_mime.h"

#include "base/limit.h"

#define MIXED    SPAN("Content-Type: multipart/mixed; boundary=OUT\n")
#define FOOTER   "--OUT\nContent-Type: text/plain\n\n___\nlist footer\n"
#define PLAIN    "Content-Type: text/plain; charset=utf-8\n"
#define PART(n)  "--OUT\n" PLAIN "\npart " n "\n\n"
#define SIGNED   "Content-Type: multipart/signed; boundary=SIG\n"
#define ALT      "Content-Type: multipart/alternative;\n boundary=IN\n"
#define ALT_BODY "--IN\n\ntext\n\n--IN\n\n<b>\n\n--IN--\n"

static void
a_wrapped_message_is_unwrapped_with_its_fields(void **state)
{
	static const struct {
		struct span before, fields, body, after;
	} c[] = {
	    {S("--OUT\n"), S(PLAIN), S("text\n"), S("\n" FOOTER "--OUT--\n")},
	    {S("preamble\n--OUT\n\nlist header\n--OUT\n"), S(ALT), S(ALT_BODY),
		S("\n" FOOTER "--OUT--\nepilogue\n")},
	    {S("--OUT\n"),
		S("Content-Type: text/html\n"
		  "Content-Transfer-Encoding: base64\n"),
		S("PGI+\n"), S("\n--OUT--\n")},
	    {S("--OUT\n" SIGNED "\n--SIG\n"), S(ALT), S(ALT_BODY),
		S("\n--SIG\nContent-Type: application/pgp-signature\n\nx\n"
		  "--SIG--\n--OUT--\n")},
	    /* The line end before the delimiter is the only one. */
	    {S("--OUT\n"), S(PLAIN), S("text\n"), S("--OUT--\n")},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span altered = ARENA_JOIN(*state, c[i].before,
		    c[i].fields, SPAN("\n"), c[i].body, c[i].after);
		const struct body_proposal *p = mime_undone(
		    "body-wrapper", MIXED, altered, c[i].body, *state);

		assert_true(span_eq(p->fields, c[i].fields));
	}
}

static void
an_attached_message_is_taken_out_with_its_header(void **state)
{
	static const struct {
		struct span fields, before, header, body, after;
	} c[] = {
	    {S("Content-Type: multipart/mixed; boundary=OUT\n"),
		S("--OUT\n\nSpam detection software ...\n--OUT\n"
		  "Content-Type: message/rfc822; x-spam-type=original\n\n"),
		S("Subject: x\nFrom: a@b\n"), S("text\nline\n"),
		S("\n--OUT--\n")},
	    {S("Content-Type: message/rfc822\n"), S(""), S("Subject: x\n" ALT),
		S(ALT_BODY), S("")},
	    {S("Content-Type: multipart/digest; boundary=OUT\n"),
		S("--OUT\n\nSubject: 1\n\none\n\n--OUT\n\n"),
		S("Subject: 2\n" PLAIN), S("two\n"), S("\n--OUT--\n")},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span altered = ARENA_JOIN(*state, c[i].before,
		    c[i].header, SPAN("\n"), c[i].body, c[i].after);
		const struct body_proposal *p = mime_undone(
		    "body-attached", c[i].fields, altered, c[i].body, *state);

		assert_true(span_eq(p->fields, c[i].header));
	}
}

static void
added_parts_are_removed(void **state)
{
	static const struct span bodies[] = {
	    S("--OUT--\n"),
	    S(PART("2") "--OUT--\nepilogue\n"),
	    S(PART("2") PART("3") "--OUT--\n"),
	};
	struct span first = SPAN(PART("1"));

	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct span added = SPAN(PART("added"));
		struct span body = ARENA_JOIN(*state, first, bodies[i]);

		mime_undone("body-part-added", MIXED,
		    ARENA_JOIN(*state, added, body), body, *state);
		mime_undone("body-part-added", MIXED,
		    ARENA_JOIN(*state, first, added, bodies[i]), body, *state);
		mime_undone("body-part-added", MIXED,
		    ARENA_JOIN(*state, first, SPAN("--OUT\n\n\n"), bodies[i]),
		    body, *state);
		/* One at both ends. */
		mime_undone("body-part-added", MIXED,
		    ARENA_JOIN(*state, added, first,
			span_upto(bodies[i], i * SPAN(PART("2")).len), added,
			SPAN("--OUT--\n")),
		    ARENA_JOIN(*state, first,
			span_upto(bodies[i], i * SPAN(PART("2")).len),
			SPAN("--OUT--\n")),
		    *state);
	}
}

static void
the_only_part_is_not_removed(void **state)
{
	struct body b = new_body(MIXED, SPAN(PART("1") "--OUT--\n"), *state);

	assert_int_equal(
	    proposals_of(
		repair_of(body_mime_repairs, "body-part-added"), &b, TRIED)
		.n,
	    0);
}

static void
preambles_are_known(void **state)
{
	static const struct span texts[] = {S(""), S("\n"),
	    S("This is a multi-part message in MIME format.\n"),
	    S("This is a multi-part message in MIME format.\n\n"),
	    S("This is a multi-part message in MIME format...\n\n"),
	    S("\nThis is a multi-part message in MIME format.\n"),
	    S("This is a cryptographically signed message in MIME format.\n\n"),
	    S("This is a MIME-encapsulated message\n\n")};
	struct span rest = SPAN(PART("1") PART("2") "--OUT--\n");
	struct span nested = SPAN("--OUT\n" SIGNED "\n");
	struct span end = SPAN("--SIG\n\nx\n--SIG--\n--OUT--\n");

	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t k = 0; k < COUNT(texts); k++)
			if (i != k)
				mime_undone("body-preamble", MIXED,
				    ARENA_JOIN(*state, texts[i], rest),
				    ARENA_JOIN(*state, texts[k], rest), *state);
	mime_undone("body-preamble", MIXED,
	    ARENA_JOIN(*state, nested, texts[2], end),
	    ARENA_JOIN(*state, nested, end), *state);
	mime_undone("body-preamble", MIXED,
	    ARENA_JOIN(*state, SPAN("anything\n"), rest), rest, *state);
}

static void
empty_lines_before_delimiters_come_and_go(void **state)
{
	static const struct span bodies[][2] = {
	    {S("--OUT\n\na\n--OUT\n\nb\n--OUT--\n"),
		S("--OUT\n\na\n\n--OUT\n\nb\n\n--OUT--\n")},
	    {S("--OUT\n" ALT "\n--IN\n\na\n--IN--\n\n--OUT\n\nb\n--OUT--\n"),
		S("--OUT\n" ALT "\n--IN\n\na\n--IN--\n--OUT\n\nb\n--OUT--\n")},
	    {S("--OUT\n" ALT "\n--IN\n\na\n--IN\n\nb\n--IN--\n--OUT--\n"),
		S("--OUT\n" ALT
		  "\n--IN\n\na\n\n--IN\n\nb\n\n--IN--\n--OUT--\n")},
	};

	for (size_t i = 0; i < COUNT(bodies); i++) {
		mime_undone("body-delimiters", MIXED, bodies[i][0],
		    bodies[i][1], *state);
		mime_undone("body-delimiters", MIXED, bodies[i][1],
		    bodies[i][0], *state);
	}
}

static void
nothing_is_proposed_without_parts(void **state)
{
	silent(body_mime_repairs, MIXED, SPAN("no delimiter\n"), *state);
	silent(body_mime_repairs, SPAN("Content-Type: multipart/mixed\n"),
	    SPAN("--\n\nx\n"), *state);
}

/* No more than the most, in no more than the room and what the map takes. */
static void
check_bounds(const struct body_repair *r, struct body b, size_t most)
{
	struct body_proposals p = {.arena = arena_new(), .most = most};
	size_t number;

	b.arena = p.arena;
	b.room = (size_t)1 << 20;
	r->propose(&b, &p);
	assert_true(p.n <= most);
	assert_true(arena_size(p.arena) <= ((size_t)32 << 20));
	if (most == 1)
		find_proposal(&p, b.octets, SPAN("\1"), &number);
	arena_free(p.arena);
}

static void
hostile_multiparts_are_bounded(void **state)
{
	static const struct span pieces[] = {S(PART("n")), S("--OUT\n\n"),
	    S("--OUT\nContent-Type: text/html\n\n<div></div></body>\n"),
	    S("--OUT\nContent-Type: text/html\n"
	      "Content-Transfer-Encoding: base64\n\nPGI+\n"),
	    S("--OUT\n" PLAIN "Content-Transfer-Encoding: quoted-printable\n\n"
	      "=3D=\n\303\n"),
	    S("--OUT\nContent-Type: multipart/mixed; boundary=OUT\n\n")};

	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct body b =
		    new_body(MIXED, many_parts(pieces[i], *state), *state);

		for (const struct body_repair *r = body_mime_repairs;
		     r->kind.id; r++) {
			check_bounds(r, b, 1);
			check_bounds(r, b, 100);
		}
		arena_reset(*state);
	}
}

static void
the_table_is_sound(void **state)
{
	const struct body_repair *r = body_mime_repairs;

	(void)state;
	for (; r->kind.id; r++) {
		assert_true(strncmp(r->kind.id, "body-", 5) == 0);
		assert_non_null(r->kind.phrase);
		assert_non_null(r->propose);
		assert_int_not_equal(r->kind.advice, REPAIR_ADVICE_NONE);
		assert_true(!r[1].kind.id || r->kind.rank < r[1].kind.rank);
		assert_ptr_equal(repair_of(body_mime_repairs, r->kind.id), r);
	}
	assert_null(r->propose);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_wrapped_message_is_unwrapped_with_its_fields),
	    TEST(an_attached_message_is_taken_out_with_its_header),
	    TEST(added_parts_are_removed),
	    TEST(the_only_part_is_not_removed),
	    TEST(preambles_are_known),
	    TEST(empty_lines_before_delimiters_come_and_go),
	    TEST(nothing_is_proposed_without_parts),
	    TEST(hostile_multiparts_are_bounded),
	    TEST(the_table_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
