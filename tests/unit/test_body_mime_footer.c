/* test_body_mime_footer: disclaimers and banners in the texts of a message. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body_mime.h"

enum coding {
	AS_IS,
	QUOTED,
	BASE64,
	CODINGS
};

static const char *const fields[CODINGS] = {
    "Content-Transfer-Encoding: 8bit\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "Content-Transfer-Encoding: base64\n",
};

static const struct span plains[] = {
    S("Hello\n"),
    S("Gr\303\274\303\237e = 1\n\nA paragraph whose lines are so long that "
      "quoted-printable has to break them somewhere\n-- \nMe\n"),
    S("one\n\ntwo\n\nthree\n\nfour\n\n"),
};

static const struct span htmls[] = {
    S("<html><body>\n<p>Gr\303\274\303\237e</p>\n</body></html>\n"),
    S("<HTML>\n<BODY BGCOLOR=white><P>One<BR>Two, and a rather long line "
      "that quoted-printable has to break somewhere</P></BODY>\n</HTML>\n"),
    S("<p>no body</p>\n"),
};

static struct span
coded(enum coding coding, struct span text, struct arena *a)
{
	if (coding == QUOTED)
		return in_quoted(text, 76, false, a);
	return coding == BASE64 ? in_base64(text, 76, a) : text;
}

static struct span
texts(enum coding coding, struct span plain, struct span html, struct arena *a)
{
	struct span field = span_of(fields[coding]);

	return alternative(
	    ARENA_JOIN(
		a, SPAN("Content-Type: text/plain; charset=utf-8\n"), field),
	    coded(coding, plain, a),
	    ARENA_JOIN(
		a, SPAN("Content-Type: text/html; charset=utf-8\n"), field),
	    coded(coding, html, a), a);
}

/* Puts a text into a HTML before its </body>, or at its end. */
static struct span
before_end(struct span html, struct span text, struct arena *a)
{
	size_t at = 0;

	while (at < html.len &&
	    !span_casestarts(span_from(html, at), SPAN("</body")))
		at++;
	return ARENA_JOIN(a, span_upto(html, at), text, span_from(html, at));
}

/* The same after its <body>, or at its start. */
static struct span
after_start(struct span html, struct span text, struct arena *a)
{
	size_t at = 0;

	while (at < html.len &&
	    !span_casestarts(span_from(html, at), SPAN("<body")))
		at++;
	at = at == html.len ? 0 : at + span_find(span_from(html, at), '>') + 1;
	return ARENA_JOIN(a, span_upto(html, at), text, span_from(html, at));
}

static const struct span footers[][2] = {
    {S("-- \nThis e-mail is confidential.\n"),
	S("<hr><p>This e-mail is confidential.</p>")},
    {S("\n________________\nDISCLAIMER\nNobody is liable for anything that "
       "this very long line says about liability = 0.\n"),
	S("<div class=\"disclaimer\">\n<br>DISCLAIMER<br>Nobody is liable for "
	  "anything that this very long line says.</div>\n")},
    {S("\nVisit http://example.org\n"),
	S("<img src=\"http://example.org/pixel.gif\" width=1 height=1>")},
    {S("\n\n***\nNo virus found.\n"),
	S("\n<!-- added --><table><tr><td>No virus found.</td></tr></table>")},
};

static void
disclaimers_in_both_texts_are_removed(void **state)
{
	for (int c = 0; c < CODINGS; c++)
		for (size_t i = 0; i < COUNT(footers) * 9; i++) {
			struct span plain = plains[i % 3];
			struct span html = htmls[i / 3 % 3];
			const struct span *f = footers[i / 9];

			mime_undone("body-disclaimer", ALTERNATIVE,
			    texts((enum coding)c,
				ARENA_JOIN(*state, plain, f[0]),
				before_end(html, f[1], *state), *state),
			    texts((enum coding)c, plain, html, *state), *state);
		}
}

static void
a_disclaimer_in_one_text_is_removed(void **state)
{
	for (int c = 0; c < CODINGS; c++)
		for (size_t i = 0; i < COUNT(footers) * 9; i++) {
			struct span plain = plains[i % 3];
			struct span html = htmls[i / 3 % 3];
			const struct span *f = footers[i / 9];
			struct span original =
			    texts((enum coding)c, plain, html, *state);

			mime_undone("body-text-added", ALTERNATIVE,
			    texts((enum coding)c,
				ARENA_JOIN(*state, plain, f[0]), html, *state),
			    original, *state);
			mime_undone("body-text-added", ALTERNATIVE,
			    texts((enum coding)c, plain,
				before_end(html, f[1], *state), *state),
			    original, *state);
		}
}

static const struct span banners[][2] = {
    {S("CAUTION: This email is from outside.\n\n"),
	S("<div>CAUTION: This email is from outside.</div>")},
    {S("[EXTERNAL]\n"), S("<p style=\"color:red\">[EXTERNAL]</p>\n")},
    {S("Warning\nof two lines, of which one is long enough to be broken by "
       "quoted-printable\n---\n\n"),
	S("\n<table><tr><td>Warning</td></tr></table><br>\n")},
};

static void
banners_are_removed(void **state)
{
	for (int c = 0; c < CODINGS; c++)
		for (size_t i = 0; i < COUNT(banners) * 9; i++) {
			struct span plain = plains[i % 3];
			struct span html = htmls[i / 3 % 3];
			const struct span *f = banners[i / 9];
			struct span with = ARENA_JOIN(*state, f[0], plain);
			struct span shown = after_start(html, f[1], *state);
			struct span original =
			    texts((enum coding)c, plain, html, *state);

			mime_undone("body-banner", ALTERNATIVE,
			    texts((enum coding)c, with, shown, *state),
			    original, *state);
			mime_undone("body-text-added", ALTERNATIVE,
			    texts((enum coding)c, with, html, *state), original,
			    *state);
			mime_undone("body-text-added", ALTERNATIVE,
			    texts((enum coding)c, plain, shown, *state),
			    original, *state);
		}
}

static void
a_body_that_is_one_text_has_them_too(void **state)
{
	for (int c = 0; c < CODINGS; c++)
		for (size_t i = 0; i < COUNT(footers) * 3; i++) {
			struct span html = htmls[i % 3];
			struct span plain = plains[i % 3];
			const struct span *f = footers[i / 3];
			struct span field = span_of(fields[c]);
			struct span both = ARENA_JOIN(*state, plain, f[0]);

			mime_undone("body-text-added",
			    ARENA_JOIN(*state,
				SPAN("Content-Type: text/html\n"), field),
			    coded((enum coding)c,
				before_end(html, f[1], *state), *state),
			    coded((enum coding)c, html, *state), *state);
			if (c == BASE64)
				mime_undone("body-text-added", field,
				    coded(BASE64, both, *state),
				    coded(BASE64, plain, *state), *state);
		}
}

/* The end of a long text is found without decoding all of it. */
static void
long_texts_are_cut_at_their_end(void **state)
{
	struct buf lines = BUF(*state);

	for (int i = 0; i < 3000; i++)
		buf_printf(&lines, "<p>Line %d of a text = \303\244</p>\n", i);
	for (int c = 0; c < CODINGS; c++) {
		struct span html = ARENA_JOIN(*state, SPAN("<html><body>"),
		    buf_span(&lines), SPAN("</body></html>\n"));

		mime_undone("body-disclaimer", ALTERNATIVE,
		    texts((enum coding)c,
			ARENA_JOIN(*state, buf_span(&lines), footers[1][0]),
			before_end(html, footers[1][1], *state), *state),
		    texts((enum coding)c, buf_span(&lines), html, *state),
		    *state);
	}
}

static void
other_types_have_none(void **state)
{
	static const char *const ids[] = {
	    "body-disclaimer", "body-banner", "body-text-added"};
	struct span body = SPAN("--BB\nContent-Type: image/png\n\n<div>\n\n-- "
				"\nDisclaimer\n--BB--\n");

	for (size_t i = 0; i < COUNT(ids); i++) {
		struct body b = new_body(ALTERNATIVE, body, *state);
		const struct body_repair *r =
		    repair_of(body_mime_repairs, ids[i]);

		assert_int_equal(proposals_of(r, &b, TRIED).n, 0);
		b = new_body(SPAN(""), footers[0][0], *state);
		assert_int_equal(proposals_of(r, &b, TRIED).n, 0);
	}
}

/* Each takes time that is about that of reading the text. */
static void
hostile_texts_are_bounded(void **state)
{
	static const struct span pieces[] = {S("<"), S("<div"), S("</div"),
	    S("\n"), S(" "), S("\r\n"), S("=\n"), S("=3C"), S("PGI+\n"),
	    S("</body>"), S("-->")};

	for (size_t i = 0; i < COUNT(pieces) * CODINGS; i++) {
		struct span piece = pieces[i / CODINGS];
		struct buf text = BUF(*state);
		struct body b;

		while (text.len < (1 << 18))
			buf_add(&text, piece);
		b = new_body(
		    ARENA_JOIN(*state, SPAN("Content-Type: text/html\n"),
			span_of(fields[i % CODINGS])),
		    buf_span(&text), *state);
		for (const struct body_repair *r = body_mime_repairs;
		     r->kind.id; r++) {
			struct body_proposals p = proposals_of(r, &b, TRIED);

			for (size_t k = 0; k < p.n; k++)
				check_edits(&p.list[k].edits, b.octets);
		}
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(disclaimers_in_both_texts_are_removed),
	    TEST(a_disclaimer_in_one_text_is_removed),
	    TEST(banners_are_removed),
	    TEST(a_body_that_is_one_text_has_them_too),
	    TEST(long_texts_are_cut_at_their_end),
	    TEST(other_types_have_none),
	    TEST(hostile_texts_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
