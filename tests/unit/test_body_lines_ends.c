/* test_body_lines_ends: line ends, controls, ">From " and dots are restored. */
/* SPDX-License-Identifier: ISC */

#include "fixture_lines.h"

#include "../helper/random.h"

#define LONG_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\n"
#define LONG_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb=\n"

static const struct replacement replacements[] = {
    {"body-cr-added", CANON_SIMPLE, S("a\nb\nc d\n"), S(" "), S("\r")},
    {"body-cr-added", CANON_SIMPLE, S("a\nb\nc d\n"), S("c"), S("\rc")},
    {"body-cr-added", CANON_RELAXED, S("a b\nc\n"), S("c"), S("\r\rc")},
    {"body-cr-added", CANON_RELAXED, S("a b cc"), S("c"), S("c\r")},

    {"body-from-quoted", CANON_SIMPLE, S("a\nFrom b\n"), S("\nFrom "),
	S("\n>From ")},
    {"body-from-quoted", CANON_RELAXED, S("From a\n>>From c\n\nFrom d"),
	S("\nFrom "), S("\n>From ")},
    {"body-from-quoted", CANON_RELAXED, S("a\n>From c\n\nFrom d"),
	S("\n\nFrom "), S("\n\n>From ")},
    {"body-from-quoted", CANON_RELAXED, S("a\n>From c\n\n>From d\n"), S("\n>"),
	S("\n>>")},
    {"body-from-unquoted", CANON_SIMPLE, S("a\n>From b\n"), S("\n>From "),
	S("\nFrom ")},
    {"body-from-unquoted", CANON_SIMPLE, S("a\n>>From b\n>From c\nFrom d\n"),
	S("\n>>From "), S("\n>From ")},
    {"body-from-unquoted", CANON_RELAXED, S("a\n>>From b\n>From c\n"), S("\n>"),
	S("\n")},

    {"body-dots-added", CANON_SIMPLE, S(".a\nb\n.\n"), S("\n."), S("\n..")},
    {"body-dots-added", CANON_RELAXED, S("a\n.\nb\n..c\n"), S("\n.\n"),
	S("\n..\n")},
    {"body-dots-added", CANON_RELAXED, S("...\n..a"), S("\n."), S("\n..")},
    {"body-dots-lost", CANON_SIMPLE, S("..a\nb\n..\n"), S("\n.."), S("\n.")},
    {"body-dots-lost", CANON_RELAXED, S("a\n..\nb\n.c\n"), S("\n..\n"),
	S("\n.\n")},
    {"body-dots-lost", CANON_RELAXED, S("....\n...a"), S("\n."), S("\n")},
    {"body-dots-eaten", CANON_SIMPLE,
	S(LONG_A LONG_A ".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\n" LONG_B
			"bye\n"),
	S("\n."), S("\n")},
    {"body-dots-eaten", CANON_RELAXED,
	S("x=\n.y=\n" LONG_A LONG_B
	  ".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\nbye\n"),
	S("\n.a"), S("\na")},
    {"body-dots-eaten", CANON_RELAXED,
	S("abc=\n.bc=\nabc=\n.ec=\nfgh=\nijk=\nlmn=\n..opq\n"), S("\n.e"),
	S("\ne")},

    {"body-form-feed", CANON_SIMPLE, S("a\fb\nc\n"), S("\f"), S("\f\n")},
    {"body-form-feed", CANON_RELAXED, S("a\342\200\250b\nc\302\205d\n"),
	S("\342\200\250"), S("\342\200\250\n")},
    {"body-form-feed", CANON_RELAXED, S("a\vb\nc\v\vd\034e\n"), S("\v"),
	S("\v\n")},
    {"body-end-lost", CANON_SIMPLE, S("a\nbye\n__________\nlist"), S("bye\n"),
	S("bye")},
    {"body-end-lost", CANON_RELAXED, S("a\nbye!\n--------------\nlist\n"),
	S("bye!\n"), S("bye!")},
    {"body-end-lost", CANON_RELAXED, S("========\nbye\n========\nlist\n"),
	S("bye\n"), S("bye")},

    {"body-nul-added", CANON_SIMPLE, S("a\nb\n"), S("\n"), S("\0\n")},
    {"body-nul-added", CANON_RELAXED, S("a\nbc\nbd\n"), S("bc"), S("b\0\0\0c")},
    {"body-nul-added", CANON_RELAXED, S("a\nb\0c\n"), S("a"), S("a\0")},
    {"body-nul-replaced", CANON_SIMPLE, S("a\0b\n\0"), S("\0"), S("\200")},
    {"body-nul-replaced", CANON_RELAXED, S("a\0\n\303\200"), S("\0"),
	S("\200")},
    {"body-nul-replaced", CANON_RELAXED, S("a\0b\n\0"), S("\0"), S("\300\200")},
};

static void
replacements_are_undone(void **state)
{
	check_replacements(replacements, COUNT(replacements), *state);
}

static void
nothing_is_proposed_without_a_sign(void **state)
{
	static const struct silent c[] = {
	    {"body-cr-added", S("a\r\nb\r\n\r\n")},
	    {"body-cr-added", S("a\r\r\nb\r\n")},
	    {"body-cr-doubled", S("a\r\nb\rc\n\r")},
	    {"body-cr-taken", S("a\r\nb\r\n")},
	    {"body-cr-taken", S("a\n")},
	    {"body-cr-taken", S("a\n\nb\n\n")},
	    {"body-from-quoted", S("From a\n> From b\n>Frome c\na >From b\n")},
	    {"body-from-unquoted", S("a From b\nfrom a\n >From d\nFrom:\n")},
	    {"body-dots-added", S(".a\nb..\n.\n ..\n")},
	    {"body-dots-lost", S("a.\nb..\n ..\n")},
	    {"body-dots-eaten", S("abc=\nabc=\nab=c\nabc\n")},
	    {"body-form-feed", S("a\fb\n\fc\n\302\205d\n")},
	    {"body-end-lost", S("________________\na _ b\n_______x\n-- \n")},
	    {"body-nul-added", S("a\nb\001c\n")},
	    {"body-nul-replaced", S("\303\200 \342\200\200 \300\n")},
	};

	check_silent(c, COUNT(c), *state);
}

/* These alter CRLF itself, so that the texts have it. */
static void
crs_of_line_ends_are_undone(void **state)
{
	static const struct {
		const char *id;
		struct span original, from, to;
	} c[] = {
	    {"body-cr-doubled", S("a\r\nb\r\n\r\nc\r\n"), S("\r\n"),
		S("\r\r\n")},
	    {"body-cr-doubled", S("a\r\nb\r\nc"), S("a\r\n"), S("a\r\r\n")},
	    {"body-cr-doubled", S("a\r\n\r\nb\r\r\nc"), S("\r\n"), S("\r\r\n")},
	    {"body-cr-doubled", S("a\r\nb\r\n"), S("\r"), S("\r\r\r")},
	    {"body-cr-taken", S("a\r\r\nb\r\r\nc\r\r\n"), S("\r\r\n"),
		S("\r\n\r\n")},
	    {"body-cr-taken", S("a\r\r\nb\r\r\n"), S("\r\r\n"), S("\n\r\n")},
	    {"body-cr-added", S("a\r\nb\r\nc\r\n"), S("\r\nb"), S("\rb")},
	    {"body-cr-added", S("a\r\nb\r\nc\r\nd\r\n\r\n"), S("\r\nc"),
		S("\rc")},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span text =
		    replaced(c[i].original, c[i].from, c[i].to, *state);
		struct body b = body_with(both[i % 2], text, *state);
		struct body_proposals p = proposals_of(c[i].id, &b);

		if (!which(&p, &b, c[i].original))
			fail_msg("%s: case %zu", c[i].id, i);
	}
}

/* An mbox in which each of several lines was quoted by the rule, with lines
 * that were quoted before. */
static struct span
random_letter(struct generator *g)
{
	static const char *const starts[] = {
	    "From ", ">From ", ">>From ", ".", "..", "", "", "x"};
	struct buf b = BUF(g->arena);

	for (size_t n = 2 + pick(g, 20); n; n--) {
		buf_str(&b, starts[pick(g, COUNT(starts))]);
		for (size_t k = pick(g, 40); k; k--)
			buf_char(&b, (char)('a' + pick(g, 26)));
		buf_str(&b, "\n");
	}
	buf_str(&b, "From me\n..\n.\n");
	return buf_span(&b);
}

/* Puts an octet before each line that begins with a text, after a run of that
 * octet. */
static struct span
stuffed(struct span in, char octet, struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	while (in.len) {
		struct span line = field_cut_line(&in);
		size_t n = 0;

		while (n < line.len && line.p[n] == octet)
			n++;
		if (span_starts(text.len ? span_from(line, n) : line,
			text.len ? text : span_upto(SPAN("."), 1)))
			buf_char(&b, octet);
		buf_add(&b, line);
	}
	return buf_span(&b);
}

static void
whole_letters_are_restored(void **state)
{
	struct generator g = {.random = 7, .arena = *state};

	for (size_t i = 0; i < rounds(50, 2000); i++) {
		struct span letter = random_letter(&g);

		gives_back("body-from-quoted", both[i % 2], letter,
		    stuffed(letter, '>', SPAN("From "), *state), *state);
		gives_back("body-from-unquoted", both[i % 2],
		    stuffed(letter, '>', SPAN("From "), *state), letter,
		    *state);
		gives_back("body-dots-added", both[i % 2], letter,
		    stuffed(letter, '.', SPAN(""), *state), *state);
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(replacements_are_undone),
	    TEST(nothing_is_proposed_without_a_sign),
	    TEST(crs_of_line_ends_are_undone),
	    TEST(whole_letters_are_restored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
