/* test_body_mime_recode: parts encoded, decoded and encoded anew. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body_mime.h"

static const struct span texts[] = {
    S("Gr\303\274\303\237e\n"),
    S("A line = with more than seventy-six octets, so that it is broken: "
      "\303\244\303\266\303\274 and so on\nshort \n\nlast \342\202\254 line\n"),
    S("\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303"
      "\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
      "\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244\n"),
    S("=\303\251=\n=20\nFrom here\n.\n--\nx\n"),
};

#define TYPE  "Content-Type: text/plain; charset=utf-8\n"
#define CTE   "Content-Transfer-Encoding: "
#define QP    CTE "quoted-printable\n"
#define B64   CTE "base64\n"
#define EIGHT CTE "8bit\n"

static void
whole_bodies_are_decoded(void **state)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct span t = texts[i];

		mime_undone("body-quoted-printable", SPAN(TYPE QP),
		    in_quoted(t, 76, false, *state), t, *state);
		mime_undone("body-quoted-printable", SPAN(QP),
		    in_quoted(t, 73, true, *state), t, *state);
		mime_undone("body-base64", SPAN(TYPE B64),
		    in_base64(t, 76, *state), t, *state);
		mime_undone("body-base64", SPAN(TYPE B64),
		    in_base64(with_crlf(t, *state), 60, *state), t, *state);
		mime_undone("body-base64", SPAN(TYPE B64),
		    in_base64(span_upto(t, t.len - 1), 0, *state), t, *state);
	}
}

static void
nul_may_have_been_encoded(void **state)
{
	mime_undone("body-quoted-printable", SPAN(TYPE QP),
	    SPAN("a=00b\n=C3=A4\n"), SPAN("a\0b\n\303\244\n"), *state);
}

static void
a_footer_after_base64_is_left(void **state)
{
	static const struct span footer = S("----\ndev mailing list\n");
	struct span t = texts[1];
	struct span text = ARENA_JOIN(*state, in_base64(t, 76, *state), footer);

	mime_undone("body-base64", SPAN(TYPE B64), text,
	    ARENA_JOIN(*state, t, footer), *state);
}

static void
whole_bodies_are_encoded(void **state)
{
	static const size_t widths[] = {76, 72, 60, 64, 0};

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct span t = texts[i];

		mime_undone("body-quoted-printable-decoded", SPAN(TYPE EIGHT),
		    t, in_quoted(t, 76, false, *state), *state);
		mime_undone("body-quoted-printable-decoded", SPAN(TYPE EIGHT),
		    t, in_quoted(t, 78, false, *state), *state);
		mime_undone("body-quoted-printable-decoded", SPAN(TYPE EIGHT),
		    t, in_quoted(t, 72, false, *state), *state);
		for (size_t k = 0; k < COUNT(widths); k++) {
			mime_undone("body-base64-decoded", SPAN(TYPE EIGHT), t,
			    in_base64(t, widths[k], *state), *state);
			mime_undone("body-base64-decoded", SPAN(TYPE EIGHT), t,
			    in_base64(with_crlf(t, *state), widths[k], *state),
			    *state);
		}
	}
}

static void
encodings_are_changed_into_each_other(void **state)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct span t = texts[i];
		struct span quoted = in_quoted(t, 76, false, *state);

		mime_undone("body-quoted-printable-to-base64", SPAN(TYPE B64),
		    in_base64(t, 76, *state), quoted, *state);
		mime_undone("body-quoted-printable-to-base64", SPAN(TYPE B64),
		    in_base64(with_crlf(t, *state), 72, *state),
		    in_quoted(t, 72, false, *state), *state);
		mime_undone("body-quoted-printable-to-base64", SPAN(TYPE B64),
		    in_base64(span_upto(t, t.len - 1), 72, *state), quoted,
		    *state);
		mime_undone("body-base64-to-quoted-printable", SPAN(TYPE QP),
		    quoted, in_base64(t, 76, *state), *state);
		mime_undone("body-base64-to-quoted-printable", SPAN(TYPE QP),
		    quoted, in_base64(with_crlf(t, *state), 60, *state),
		    *state);
		mime_undone("body-base64-to-quoted-printable", SPAN(TYPE QP),
		    in_quoted(t, 50, true, *state), in_base64(t, 0, *state),
		    *state);
		mime_undone("body-quoted-printable-case", SPAN(TYPE QP),
		    in_quoted(t, 76, true, *state), quoted, *state);
		mime_undone("body-quoted-printable-case", SPAN(TYPE QP), quoted,
		    in_quoted(t, 76, true, *state), *state);
		mime_undone("body-quoted-printable-case", SPAN(TYPE QP),
		    in_quoted(t, 66, true, *state),
		    in_quoted(t, 66, false, *state), *state);
	}
}

static void
lines_are_broken_elsewhere(void **state)
{
	static const size_t widths[] = {76, 72, 60, 64, 0};
	struct span t = texts[1];
	struct span long_text = ARENA_JOIN(*state, t, texts[2], t, texts[2]);

	for (size_t i = 0; i < COUNT(widths); i++)
		for (size_t k = 0; k < COUNT(widths); k++)
			if (i != k)
				mime_undone("body-base64-lines", SPAN(TYPE B64),
				    in_base64(long_text, widths[i], *state),
				    in_base64(long_text, widths[k], *state),
				    *state);
	for (size_t i = 30; i < 76; i += 5)
		for (size_t k = 72; k <= 78; k += 1 + 2 * (k == 76))
			if (i != k && k != 73 && k != 74)
				mime_undone("body-quoted-printable-lines",
				    SPAN(TYPE QP),
				    in_quoted(long_text, i, false, *state),
				    in_quoted(long_text, k, false, *state),
				    *state);
}

/* Real software: Perl's MIME::QuotedPrint, Python's email, Python's quopri. */
static void
styles_of_software_are_known(void **state)
{
	static const struct span text = S("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
					  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
					  "xxxxx\303\251\ny  \n");
	static const struct span forms[] = {
	    S("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	      "xxxxxxxxxx=\n=C3=A9\ny=20=20\n"),
	    S("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	      "xxxxxxxxxx=\n=C3=A9\ny =20\n"),
	};

	for (size_t i = 0; i < COUNT(forms); i++)
		mime_undone("body-quoted-printable-decoded", SPAN(TYPE EIGHT),
		    text, forms[i], *state);
	mime_undone("body-quoted-printable-decoded", SPAN(TYPE EIGHT),
	    SPAN("From \303\251\n.\n"), SPAN("=46rom =C3=A9\n=2E\n"), *state);
}

/*
 * Parts.
 */

/* A multipart with two texts in an encoding. */
static struct span
both(struct span encoding, struct span plain, struct span html, struct arena *a)
{
	return alternative(ARENA_JOIN(a, SPAN(TYPE), encoding), plain,
	    ARENA_JOIN(a, SPAN("Content-Type: text/html\n"), encoding), html,
	    a);
}

static void
parts_are_decoded_and_their_field_changed(void **state)
{
	static const struct span fields[] = {S(EIGHT), S(""), S(CTE "7bit\n")};
	struct span seven = SPAN("a = b\n");
	struct span quoted = in_quoted(seven, 76, false, *state);

	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t k = 0; k < 2; k++) {
			struct span t = texts[i];
			struct span q = in_quoted(t, 76, false, *state);
			struct span b = in_base64(t, 76, *state);

			mime_undone("body-quoted-printable", ALTERNATIVE,
			    both(SPAN(QP), q, q, *state),
			    both(fields[k], t, t, *state), *state);
			mime_undone("body-base64", ALTERNATIVE,
			    both(SPAN(B64), b, b, *state),
			    both(fields[k], t, t, *state), *state);
		}
	mime_undone("body-quoted-printable", ALTERNATIVE,
	    both(SPAN(QP), quoted, quoted, *state),
	    both(fields[2], seven, seven, *state), *state);
}

static void
parts_are_encoded_and_their_field_changed(void **state)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct span t = texts[i];
		struct span q = in_quoted(t, 76, false, *state);
		struct span b = in_base64(t, 76, *state);

		mime_undone("body-quoted-printable-decoded", ALTERNATIVE,
		    both(SPAN(EIGHT), t, t, *state),
		    both(SPAN(QP), q, q, *state), *state);
		mime_undone("body-base64-decoded", ALTERNATIVE,
		    both(SPAN(EIGHT), t, t, *state),
		    both(SPAN(B64), b, b, *state), *state);
		mime_undone("body-quoted-printable-to-base64", ALTERNATIVE,
		    both(SPAN(B64), b, b, *state), both(SPAN(QP), q, q, *state),
		    *state);
	}
}

/* A text of ASCII is the same in quoted-printable: its field alone tells. */
static void
a_part_may_be_the_same_in_the_encoding(void **state)
{
	struct span ascii = SPAN("plain\n"), eight = SPAN("\303\244\n");
	struct span quoted = in_quoted(eight, 76, false, *state);
	struct span as = both(SPAN(QP), ascii, quoted, *state);
	struct span was = alternative(SPAN(TYPE CTE "7bit\n"), ascii,
	    SPAN("Content-Type: text/html\n" EIGHT), eight, *state);

	mime_undone("body-quoted-printable", ALTERNATIVE, as, was, *state);
	mime_undone(
	    "body-quoted-printable-decoded", ALTERNATIVE, was, as, *state);
}

static void
one_part_alone_is_changed(void **state)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct span t = texts[i];
		struct span q = in_quoted(t, 76, false, *state);
		struct span html = SPAN("Content-Type: text/html\n");

		mime_undone("body-quoted-printable", ALTERNATIVE,
		    alternative(SPAN(TYPE QP), q, html, t, *state),
		    alternative(SPAN(TYPE EIGHT), t, html, t, *state), *state);
		mime_undone("body-quoted-printable", ALTERNATIVE,
		    alternative(SPAN(TYPE QP), q, SPAN(QP), q, *state),
		    alternative(SPAN(TYPE QP), q, SPAN(EIGHT), t, *state),
		    *state);
		/* The field was moved to the end. */
		mime_undone("body-quoted-printable", ALTERNATIVE,
		    alternative(SPAN(TYPE "X-A: b\n" QP), q, html, t, *state),
		    alternative(
			SPAN(TYPE EIGHT "X-A: b\n"), t, html, t, *state),
		    *state);
	}
}

static void
nothing_is_proposed_without_a_sign(void **state)
{
	silent(body_mime_repairs, SPAN("Subject: x\n"),
	    SPAN("A plain text.\n\n> quoted\nA = b\n"), *state);
	silent(body_mime_repairs, SPAN(""), SPAN(""), *state);
	silent(
	    body_mime_repairs, SPAN(TYPE B64), SPAN("not base64!\n"), *state);
	silent(
	    body_mime_repairs, SPAN(CTE "x-unknown\n"), SPAN("text\n"), *state);
}

static void
malformed_encodings_are_left_alone(void **state)
{
	static const struct span bodies[] = {S("=\n=\n=\n"), S("=3"), S("="),
	    S("a=zz\n"), S("=00=\n"), S("=3D=3D=3D=3D"), S("AA"), S("A==="),
	    S("\n\n\n"), S("\0\0"), S("\r\r\r"), S("===="), S("QQ==QQ==")};
	static const struct span fields[] = {S(QP), S(B64), S(EIGHT),
	    S(TYPE QP), S("Content-Type: text/html\n" B64)};

	for (size_t i = 0; i < COUNT(bodies); i++)
		for (size_t k = 0; k < COUNT(fields); k++)
			for (const struct body_repair *r = body_mime_repairs;
			     r->kind.id; r++) {
				struct body b =
				    new_body(fields[k], bodies[i], *state);
				struct body_proposals p =
				    proposals_of(r, &b, TRIED);
				size_t number;

				find_proposal(
				    &p, bodies[i], SPAN("x"), &number);
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(whole_bodies_are_decoded),
	    TEST(nul_may_have_been_encoded),
	    TEST(a_footer_after_base64_is_left),
	    TEST(whole_bodies_are_encoded),
	    TEST(encodings_are_changed_into_each_other),
	    TEST(lines_are_broken_elsewhere),
	    TEST(styles_of_software_are_known),
	    TEST(parts_are_decoded_and_their_field_changed),
	    TEST(parts_are_encoded_and_their_field_changed),
	    TEST(a_part_may_be_the_same_in_the_encoding),
	    TEST(one_part_alone_is_changed),
	    TEST(nothing_is_proposed_without_a_sign),
	    TEST(malformed_encodings_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
