/* test_body_lines_blank: empty lines, blanks and tabs are restored. */
/* SPDX-License-Identifier: ISC */

#include "fixture_lines.h"

static const struct replacement replacements[] = {
    /* A blank at the end of each line, of one or two, and of lines without
     * text. */
    {"body-trailing-added", CANON_SIMPLE, S("a\nb\n\nc\n"), S("\n"), S(" \n")},
    {"body-trailing-added", CANON_SIMPLE, S("a\nb\nc d\n"), S("\n"),
	S(" \t  \n")},
    {"body-trailing-added", CANON_SIMPLE, S("a\nb\n\nc \n"), S("b\n"),
	S("b \n")},
    {"body-trailing-added", CANON_SIMPLE, S("a \nb\n\n-- \nc  \n"), S("\n"),
	S(" \n")},
    {"body-trailing-added", CANON_SIMPLE, S("a \nb\n\nc\n"), S("\n\n"),
	S("\n  \n")},
    {"body-trailing-added", CANON_SIMPLE, S("a\nb\n-- \nc\n"), S("b\n"),
	S("b   \n")},
    {"body-signature-dash", CANON_SIMPLE, S("Bye.\n-- \nAnna\n"), S("-- \n"),
	S("--\n")},
    {"body-signature-dash", CANON_SIMPLE, S("-- \n"), S("-- \n"), S("--\n")},
    {"body-signature-dash", CANON_SIMPLE, S("a\n--\nb\n-- \nAnna"), S("b\n-- "),
	S("b\n--")},
    {"body-trailing-quote", CANON_SIMPLE, S("> a\n> \n> b\n> \n\nc\n"),
	S("> \n"), S(">\n")},
    {"body-trailing-quote", CANON_SIMPLE, S(">> a\n>> \n>> b\n"), S(">> \n"),
	S(">>\n")},
    {"body-trailing-quote", CANON_SIMPLE, S("> > a\n> > \n>\n> b\n"),
	S("> > \n"), S("> >\n")},
    {"body-trailing-lost", CANON_SIMPLE, S("a\nb \nc\n"), S("b "), S("b")},
    {"body-trailing-lost", CANON_SIMPLE, S("a \nb \n\nc \n"), S(" \n"),
	S("\n")},
    {"body-trailing-lost", CANON_SIMPLE, S("a\n \nc\n"), S("\n \n"), S("\n\n")},

    {"body-blanks-added", CANON_SIMPLE, S("a b c\n  d\n"), S("a b"), S("a  b")},
    {"body-blanks-added", CANON_SIMPLE, S("a b.  c\n"), S("a "), S("a   ")},
    {"body-tabs-made", CANON_SIMPLE, S("        a b\n        c\n"),
	S("        "), S("\t")},
    {"body-tabs-made", CANON_SIMPLE, S("a b\nc d\n"), S(" "), S("\t")},
    {"body-tabs-made", CANON_SIMPLE, S("if\n    a b\n        c\n"), S("    "),
	S("\t")},
    {"body-tabs-made", CANON_SIMPLE, S("ab      c\n"), S("      "), S("\t")},
    {"body-tabs-expanded", CANON_SIMPLE, S("\ta\n\t\tb c\n"), S("\t"),
	S("        ")},
    {"body-tabs-expanded", CANON_SIMPLE, S("\ta\n\t\tb c\n"), S("\t"),
	S("    ")},
    {"body-tabs-expanded", CANON_SIMPLE, S("\ta\n\tb c\n"), S("\t"), S(" ")},
    {"body-tabs-expanded", CANON_SIMPLE, S("a\tb c\n"), S("\t"), S("   ")},

    {"body-indent-added", CANON_SIMPLE, S("a\nb\n\n c\nd\n"), S("\n"),
	S("\n    ")},
    {"body-indent-added", CANON_RELAXED, S("a\nb\n\n c\nd\n"), S("\n"),
	S("\n  ")},
    {"body-indent-added", CANON_RELAXED, S("  a\n b\n\n c\nd"), S("\n"),
	S("\n ")},

    {"body-blank-start-added", CANON_SIMPLE, S("a\nb\n"), S("\na"), S("\n\na")},
    {"body-blank-start-added", CANON_SIMPLE, S("\na\nb\n"), S("\n\na"),
	S("\n\n\n\na")},
    {"body-blank-start-added", CANON_RELAXED, S(" \na\n\nb\n"), S("\n \na"),
	S("\n\n \na")},
    {"body-blank-start-lost", CANON_SIMPLE, S("\na\n"), S("\n\na"), S("\na")},
    {"body-blank-start-lost", CANON_RELAXED, S("\n\na\n"), S("\n\na"),
	S("\na")},
    {"body-blank-start-lost", CANON_RELAXED, S("\n\n\na\n\nb"), S("\n\n\n\na"),
	S("\na")},
    {"body-blank-doubled", CANON_SIMPLE, S("a\nb\n\nc\n"), S("\n"), S("\n\n")},
    {"body-blank-doubled", CANON_RELAXED, S("a\n\n\nb\nc\n"), S("\n"),
	S("\n \n")},
    {"body-blank-doubled", CANON_RELAXED, S("a\nb\nc\nd\n"), S("\n"),
	S("\n\n")},
    {"body-blank-added", CANON_SIMPLE, S("a\n\nb\n\nc\n"), S("\n\n"),
	S("\n\n\n")},
    {"body-blank-added", CANON_RELAXED, S("a\n\nb\n\nc\nd\n"), S("\n\nc"),
	S("\n\n\n\n\nc")},
    {"body-blank-added", CANON_RELAXED, S("a\nb\nc\nd\n"), S("\nc\n"),
	S("\n\nc\n\n")},
    {"body-blank-added", CANON_SIMPLE, S("a\n\nb\n\nc\nd\n"), S("\nc"),
	S("\n\nc")},
    {"body-blank-collapsed", CANON_SIMPLE, S("a\n\n\nb\n\n\nc\n"), S("\n\n\n"),
	S("\n\n")},
    {"body-blank-collapsed", CANON_RELAXED, S("a\n\n\nb\n\nc\n"), S("\n\n\n"),
	S("\n\n")},
    {"body-blank-collapsed", CANON_SIMPLE, S("a\n\nb\n\n\n-- \nc\n"),
	S("\n\n\n"), S("\n\n")},
    {"body-blank-lost", CANON_SIMPLE, S("a\n\nb\nc\n"), S("\n\n"), S("\n")},
    {"body-blank-lost", CANON_SIMPLE, S("a\n\nb\n\nc\n\nd\n"), S("\n\n"),
	S("\n")},
    {"body-blank-lost", CANON_RELAXED,
	S("a b c d e f g\nh i\n\nb b c d e f g\n\nc\n"), S("h i\n\n"),
	S("h i\n")},
    {"body-blank-lost", CANON_SIMPLE, S("a b c d e\n\nf g\n\nh\n"), S("e\n\nf"),
	S("e\nf")},
    {"body-blank-lost", CANON_SIMPLE, S("a\n\nb b b b\nc\n\nd d d\n"),
	S("\n\nb"), S("\nb")},
};

static void
replacements_are_undone(void **state)
{
	check_replacements(replacements, COUNT(replacements), *state);
}

/* In relaxed form, there is no difference that would matter. */
static void
blanks_matter_in_simple_form_only(void **state)
{
	static const char *const ids[] = {"body-trailing-added",
	    "body-signature-dash", "body-trailing-flowed",
	    "body-trailing-quote", "body-trailing-lost", "body-tabs-made",
	    "body-tabs-expanded", "body-blanks-added"};

	for (size_t i = 0; i < COUNT(ids); i++)
		is_silent(ids[i], CANON_RELAXED,
		    SPAN("a\tb\n\tformat=flowed\n        c  d\n>\n--\ne \n"),
		    *state);
}

static void
nothing_is_proposed_without_a_sign(void **state)
{
	static const struct silent c[] = {
	    {"body-trailing-added", S("a\n\nb c\n")},
	    {"body-trailing-added", S("a b")},
	    {"body-signature-dash", S("a\n-- \nb\n---\n--b\n")},
	    {"body-trailing-quote", S("> \n> > \n\na\n")},
	    {"body-trailing-flowed", S("a\nb\n")},
	    {"body-trailing-lost", S("")},
	    {"body-tabs-made", S("a b  c\n        d\n")},
	    {"body-blanks-added", S("a b\n  c\td\n")},
	    {"body-tabs-expanded", S("\ta\nb c\n1234567 a\n")},
	    {"body-indent-added", S("  a\n  b\nc\n")},
	    {"body-indent-added", S(" \n \n \n")},
	    {"body-blank-start-added", S("a\n\nb\n")},
	    {"body-blank-start-added", S("\n\n")},
	    {"body-blank-start-lost", S("")},
	    {"body-blank-doubled", S("a\n\nb\n\nc\nd\n")},
	    {"body-blank-added", S("a\nb\n\n\n")},
	    {"body-blank-added", S("\n\n")},
	    {"body-blank-collapsed", S("a\n\nb\n\n\nc\n")},
	    {"body-blank-collapsed", S("a\nb\n\n")},
	    {"body-blank-lost", S("a")},
	};

	check_silent_simple(c, COUNT(c), *state);
}

/* Pads each line, as a mainframe does. */
static struct span
padded(struct span in, size_t columns, struct arena *a)
{
	struct buf b = BUF(a);
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++, n++) {
		for (; in.p[i] == '\n' && n < columns; n++)
			buf_char(&b, ' ');
		buf_char(&b, in.p[i]);
		if (in.p[i] == '\n')
			n = (size_t)-1;
	}
	return buf_span(&b);
}

/* As expand(1). */
static struct span
expanded(struct span in, struct arena *a)
{
	struct buf b = BUF(a);
	size_t column = 0;

	for (size_t i = 0; i < in.len; i++) {
		if (in.p[i] != '\t') {
			buf_char(&b, in.p[i]);
			column = in.p[i] == '\n' ? 0 : column + 1;
			continue;
		}
		do
			buf_char(&b, ' ');
		while (++column % 8);
	}
	return buf_span(&b);
}

static void
columns_are_undone(void **state)
{
	static const struct span tabbed[] = {S("a\tb\n\tc\n"),
	    S("\t\ta b\n1234567\t\tc\t  d\n\t"), S("ab\tc\n\n\te \tf g\n"),
	    S("1234567\tb\nab\tc\n")};
	static const struct span plain[] = {
	    S("a\nbcd\n"), S("a b c\n\n\nde\n"), S("a\n\n> b\n")};

	for (size_t i = 0; i < COUNT(tabbed); i++) {
		if (i != 2) /* SP before a tab is taken for a part of it */
			gives_back("body-tabs-expanded", CANON_SIMPLE,
			    tabbed[i], expanded(tabbed[i], *state), *state);
		gives_back("body-tabs-made", CANON_SIMPLE,
		    expanded(tabbed[i], *state), tabbed[i], *state);
	}
	for (size_t i = 0; i < COUNT(plain); i++)
		gives_back("body-trailing-added", CANON_SIMPLE, plain[i],
		    padded(plain[i], 80, *state), *state);
}

static const char flowed_field[] =
    "Content-Type: text/plain; charset=utf-8; format=flowed\r\n";

static const struct span flowed[] = {
    S("The quick brown fox jumps over the lazy dog, and it does so every \n"
      "day and each night.\n\nBye.\n-- \nAnna\n"),
    S("One and the same line of text \nthat goes on and \non.\n\nNo more.\n"),
    S("> What is quoted is flowed, too, and so it has a blank at the end \n"
      "> of a line.\nYes.\n-- \nB.\n"),
    S("> What is quoted is not flowed,\n> and so it has no blank.\n\n"
      "But this is and \nhas.\n"),
};

static void
spaces_of_flowed_text_are_restored(void **state)
{
	for (size_t i = 0; i < COUNT(flowed); i++)
		gives_back_with("body-trailing-flowed", CANON_SIMPLE,
		    flowed_field, flowed[i],
		    replaced(flowed[i], SPAN(" \n"), SPAN("\n"), *state),
		    *state);
}

/* Places are tried alone if there are several. */
static void
each_place_is_tried_alone(void **state)
{
	struct span text = SPAN("a \nb \nc \n");
	struct body b = body_with(CANON_SIMPLE, text, *state);
	struct body_proposals p = proposals_of("body-trailing-added", &b);

	assert_int_equal(which(&p, &b, SPAN("a\nb\nc\n")), 1);
	assert_int_equal(which(&p, &b, SPAN("a\nb \nc \n")), 2);
	assert_int_equal(which(&p, &b, SPAN("a \nb\nc \n")), 3);
	assert_int_equal(which(&p, &b, SPAN("a \nb \nc\n")), 4);
	assert_int_equal(p.n, 4);
}

/* Empty lines at the end are the same in canonical form: none is edited. */
static void
the_end_of_a_body_stays(void **state)
{
	static const char *const ids[] = {
	    "body-blank-added", "body-blank-collapsed", "body-blank-lost"};

	for (size_t i = 0; i < COUNT(ids) * 2; i++)
		is_silent(ids[i / 2], both[i % 2], SPAN("a\n\n\n\n"), *state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(replacements_are_undone),
	    TEST(blanks_matter_in_simple_form_only),
	    TEST(nothing_is_proposed_without_a_sign),
	    TEST(columns_are_undone),
	    TEST(spaces_of_flowed_text_are_restored),
	    TEST(each_place_is_tried_alone),
	    TEST(the_end_of_a_body_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
