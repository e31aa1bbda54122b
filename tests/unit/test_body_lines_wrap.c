/* test_body_lines_wrap: lines that were cut, wrapped or joined are restored. */
/* SPDX-License-Identifier: ISC */

#include "fixture_lines.h"

#include "../helper/random.h"

static void
put_word(struct buf *b, struct generator *g)
{
	for (size_t n = 1 + pick(g, 11); n; n--)
		buf_char(b, (char)('a' + pick(g, 26)));
}

/* Paragraphs of words on one line each, a short one first, and one without
 * blanks that is longer than all limits if dense. */
static struct span
paragraphs(struct generator *g, size_t words, bool dense)
{
	struct buf b = BUF(g->arena);

	buf_str(&b, "Dear reader,\nhow are you?\n\n");
	for (size_t i = 0; i < 4; i++) {
		for (size_t n = words + pick(g, words); n; n--) {
			put_word(&b, g);
			buf_str(&b, n > 1 ? " " : "\n");
		}
		buf_str(&b, "\n");
	}
	for (size_t n = dense ? 2500 : 0; n; n--)
		buf_char(&b, "xyz\303\274"[n % 5]);
	buf_str(&b, dense ? "\nBye,\nAnna\n" : "Bye,\nAnna\n");
	return buf_span(&b);
}

/*
 * Lines cut at a limit of octets.
 */

/* How software cuts: what it puts before and after the line end, and whether
 * the limit counts that. */
struct cutter {
	const char *before, *after;
	size_t limit;
	bool counts_before, counts_after;
};

static const struct cutter cutters[] = {{"", " ", 998, false, false},
    {"", " ", 990, false, false}, {"", " ", 2048, false, false},
    {"", "", 998, false, false}, {"", "", 1000, false, false},
    {"", "", 1024, false, false}, {"!", " ", 990, true, true},
    {"!", "", 998, true, false}, {"!", " ", 1000, true, true},
    {"", "\t", 998, false, true}, {"", "", 512, false, false},
    {"", " ", 300, false, true}};

static struct span
cut(const struct cutter *c, struct span in, struct arena *a)
{
	size_t before = c->counts_before ? strlen(c->before) : 0;
	struct buf b = BUF(a);

	while (in.len) {
		struct span line = field_cut_line(&in);
		size_t limit = c->limit;

		while (line.len - 1 > limit) {
			buf_add(&b, span_upto(line, limit - before));
			buf_str(&b, c->before);
			buf_str(&b, "\n");
			buf_str(&b, c->after);
			line = span_from(line, limit - before);
			limit =
			    c->limit - (c->counts_after ? strlen(c->after) : 0);
		}
		buf_add(&b, line);
	}
	return buf_span(&b);
}

static void
cut_lines_are_joined(void **state)
{
	struct generator g = {.random = 1, .arena = *state};

	for (size_t i = 0; i < COUNT(cutters) * 6; i++) {
		struct span text = paragraphs(&g, 100 + i * 10, true);

		gives_back("body-split", both[i % 2], text,
		    cut(&cutters[i / 6], text, *state), *state);
		arena_reset(*state);
	}
}

/* Characters are not cut in two: the line before is shorter. */
static void
characters_are_kept_whole_at_a_cut(void **state)
{
	static const char *const characters[] = {
	    "\303\274", "\342\202\254", "\360\237\230\200"};

	for (size_t i = 0; i < COUNT(characters); i++)
		for (size_t at = 0; at < 4; at++) {
			struct buf text = BUF(*state), altered = BUF(*state);
			size_t length = strlen(characters[i]);

			for (size_t n = 0; n < at; n++)
				buf_char(&text, 'x');
			buf_add(&altered, buf_span(&text));
			for (size_t n = at; n + length <= 998; n += length) {
				buf_str(&text, characters[i]);
				buf_str(&altered, characters[i]);
			}
			buf_str(&altered, "\n ");
			for (size_t n = 0; n < 5; n++) {
				buf_str(&text, characters[i]);
				buf_str(&altered, characters[i]);
			}
			buf_str(&text, "\n");
			buf_str(&altered, "\n");
			gives_back("body-split", CANON_RELAXED, buf_span(&text),
			    buf_span(&altered), *state);
		}
}

/*
 * Words.
 */

/* Breaks lines over a width between words. Blanks stay before the line end, or
 * are replaced by it. */
static struct span
wrapped(struct span in, size_t width, const char *end, struct arena *a)
{
	struct buf b = BUF(a);

	while (in.len) {
		struct span line = field_cut_line(&in), word;
		size_t column = 0;

		line.len--;
		while (line.p) {
			word = span_cut(&line, ' ');
			if (column && column + 1 + word.len > width) {
				buf_str(&b, end);
				column = 0;
			} else if (column) {
				buf_str(&b, " ");
				column++;
			}
			buf_add(&b, word);
			column += word.len;
		}
		buf_str(&b, "\n");
	}
	return buf_span(&b);
}

static void
wrapped_lines_are_joined(void **state)
{
	struct generator g = {.random = 2, .arena = *state};

	for (size_t width = 64; width <= 80; width++) {
		struct span text = paragraphs(&g, 15 + width % 7, false);

		gives_back("body-wrapped", both[width % 2], text,
		    wrapped(text, width, "\n", *state), *state);
		gives_back("body-wrapped", both[width % 2], text,
		    wrapped(text, width, " \n", *state), *state);
		arena_reset(*state);
	}
}

/* Nothing but the long lines of the text was wrapped, far from the columns of
 * a screen. */
static void
lines_wrapped_at_998_are_joined(void **state)
{
	struct generator g = {.random = 3, .arena = *state};

	for (size_t i = 0; i < 6; i++) {
		struct span text = paragraphs(&g, 300 + i * 50, false);

		gives_back("body-wrapped", both[i % 2], text,
		    wrapped(text, 998, i % 3 ? "\n" : " \n", *state), *state);
		arena_reset(*state);
	}
}

static void
joined_lines_are_wrapped(void **state)
{
	static const size_t widths[] = {72, 76, 78, 80, 65, 70};
	struct generator g = {.random = 4, .arena = *state};

	for (size_t i = 0; i < COUNT(widths) * 3; i++) {
		struct span text = paragraphs(&g, 20 + i * 5, false);

		gives_back("body-unwrapped", both[i % 2],
		    wrapped(text, widths[i / 3], "\n", *state), text, *state);
		arena_reset(*state);
	}
}

static void
lines_are_wrapped_again(void **state)
{
	static const size_t widths[] = {72, 76, 78, 80, 65, 70};
	struct generator g = {.random = 5, .arena = *state};

	for (size_t i = 0; i < COUNT(widths) * 4; i++) {
		struct span text = paragraphs(&g, 40 + i * 5, false);
		struct span narrow = wrapped(text, widths[i / 4], "\n", *state);
		struct span other = wrapped(text, 74, "\n", *state);

		gives_back(
		    "body-rewrapped", both[i % 2], narrow, other, *state);
		arena_reset(*state);
	}
}

/* The last word of each line is a long one: no line has all columns. */
static void
lines_shorter_than_their_width_are_wrapped_again(void **state)
{
	static const struct span text =
	    S("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkkkkkkkkkk "
	      "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii llll mmmmmmmmmmmm "
	      "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii\n");

	for (size_t i = 0; i < COUNT(both); i++)
		gives_back("body-rewrapped", both[i],
		    wrapped(text, 72, "\n", *state),
		    wrapped(text, 60, "\n", *state), *state);
}

static void
flowed_lines_are_joined(void **state)
{
	struct generator g = {.random = 6, .arena = *state};

	for (size_t width = 40; width <= 78; width += 2) {
		struct span text = paragraphs(&g, 30, false);

		gives_back("body-flowed-joined", both[width / 2 % 2], text,
		    wrapped(text, width, " \n", *state), *state);
		arena_reset(*state);
	}
}

static void
spaces_that_protect_lines_are_removed(void **state)
{
	static const struct replacement c[] = {
	    {"body-flowed-stuffed", CANON_SIMPLE, S("a\nFrom b\nc\n"),
		S("\nFrom "), S("\n From ")},
	    {"body-flowed-stuffed", CANON_RELAXED, S("a\n>b\n>>c\nd"), S("\n>"),
		S("\n >")},
	    {"body-flowed-stuffed", CANON_SIMPLE, S("> b\n c\n  d\n"), S("\n"),
		S("\n ")},
	    {"body-flowed-stuffed", CANON_RELAXED,
		S("format=flowed\n a\n  b\nc\n"), S("\n "), S("\n  ")},
	    /* delsp=yes */
	    {"body-flowed-joined", CANON_SIMPLE, S("abcdef\nghijkl\n\nm\n"),
		S("c"), S("c \n")},
	    {"body-flowed-joined", CANON_RELAXED, S("> abcdef\nghijkl"), S("i"),
		S("i \n")},
	};

	check_replacements(c, COUNT(c), *state);
}

static void
nothing_is_proposed_without_a_sign(void **state)
{
	static const struct silent c[] = {
	    {"body-split", S("a\n b\nc!\nd\n")},
	    {"body-wrapped", S("a b\nc d\n\ne\n")},
	    {"body-wrapped", S("a\nb\n")},
	    {"body-unwrapped", S("a b c\nd\n")},
	    {"body-rewrapped", S("a b c\nd\n")},
	    {"body-flowed-joined", S("a\nb\n-- \nc\n> d \ne")},
	    {"body-flowed-joined", S("a ")},
	    {"body-flowed-stuffed", S("a\n b\nFrom c\n>d\n")},
	};

	check_silent(c, COUNT(c), *state);
}

/* A line that is as long as a limit, but the last one of the body. */
static void
a_long_line_alone_was_not_cut(void **state)
{
	struct buf b = BUF(*state);

	for (size_t i = 0; i < 998; i++)
		buf_char(&b, 'x');
	buf_str(&b, "\r\n");
	is_silent("body-split", CANON_SIMPLE, buf_span(&b), *state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(cut_lines_are_joined),
	    TEST(characters_are_kept_whole_at_a_cut),
	    TEST(wrapped_lines_are_joined),
	    TEST(lines_wrapped_at_998_are_joined),
	    TEST(joined_lines_are_wrapped),
	    TEST(lines_are_wrapped_again),
	    TEST(lines_shorter_than_their_width_are_wrapped_again),
	    TEST(flowed_lines_are_joined),
	    TEST(spaces_that_protect_lines_are_removed),
	    TEST(nothing_is_proposed_without_a_sign),
	    TEST(a_long_line_alone_was_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
