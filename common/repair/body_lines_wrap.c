/* body_lines_wrap: words that were moved to other lines. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

#include "base/ascii.h"

/* No limit of columns. */
#define ENDLESS SIZE_MAX

/* Widths that software and people use, the likeliest first. */
static const size_t widths[] = {
    72, 76, 78, 80, 74, 70, 75, 77, 79, 73, 71, 68, 65, 60};

/* Lines are broken at these columns. The longest line may have fewer than the
 * width, by a word that was too long for it. */
#define NARROW 50u
#define WIDE   80u

static bool
is_dashes(struct span text)
{
	return span_starts(text, SPAN("--")) &&
	    text.len - lines_trail(text) == 2;
}

/* Was a line broken before the next one, as the first word there would have
 * been over a limit of columns? Then both are text of one paragraph. */
static bool
is_broken(struct line line, struct line next, size_t limit)
{
	size_t n = line.text.len - lines_trail(line.text);

	if (!n || !next.text.len || ascii_is_wsp(next.text.p[0]) ||
	    is_dashes(line.text) || is_dashes(next.text) ||
	    (next.text.p[0] == '>') != (line.text.p[0] == '>'))
		return false;
	return limit != ENDLESS && n + 1 + span_find(next.text, ' ') > limit;
}

/*
 * Text that flows again: where lines were broken at a limit, they are joined;
 * then they are broken at a width.
 */
struct flow {
	struct lines_edits e;
	size_t limit, width;
	size_t column;
};

/* The words of a line after its first one. Blanks at its end are not between
 * words. */
static void
flow_words(struct flow *f, struct span text)
{
	size_t end = text.len - lines_trail(text), i = lines_indent(text);

	f->column += i;
	while (i < end) {
		struct span rest = span_between(text.p + i, text.p + end);
		size_t n = span_find(rest, ' ');
		struct span blanks = span_upto(
		    span_from(rest, n), lines_indent(span_from(rest, n)));
		struct span next = span_from(rest, n + blanks.len);

		f->column += n + blanks.len;
		i += n + blanks.len;
		if (!next.len)
			return;
		if (f->column + span_find(next, ' ') <= f->width)
			continue;
		lines_edit(&f->e, blanks, f->e.end);
		f->column = 0;
	}
}

/* The line end between two lines that were one. */
static void
flow_over(struct flow *f, struct line line, struct line next)
{
	struct span trail =
	    span_from(line.text, line.text.len - lines_trail(line.text));

	if (f->column + 1 + span_find(next.text, ' ') > f->width) {
		f->column = 0;
		return;
	}
	f->column += trail.len ? trail.len : 1;
	lines_edit(&f->e, line.end, trail.len ? SPAN("") : SPAN(" "));
}

/* False if there are too many edits. */
static bool
flow(struct flow *f, const struct body *b, size_t limit, size_t width)
{
	struct span rest = b->octets;
	struct line line, next;
	bool more = lines_next(&rest, &line);

	*f = (struct flow){.e = lines_begin(b), .limit = limit, .width = width};
	for (; more && !f->e.over; line = next) {
		if (width != ENDLESS)
			flow_words(f, line.text);
		more = lines_next(&rest, &next);
		if (more && is_broken(line, next, limit))
			flow_over(f, line, next);
		else
			f->column = 0;
	}
	return !f->e.over;
}

/* Returns the columns of the longest line that has several words and at most so
 * many columns. */
static size_t
widest(const struct body *b, size_t most)
{
	struct span rest = b->octets;
	struct line line;
	size_t width = 0;

	while (lines_next(&rest, &line)) {
		size_t n = line.text.len - lines_trail(line.text);

		if (n > width && n <= most && span_find(line.text, ' ') < n)
			width = n;
	}
	return width;
}

/* Proposes what flows again with each of the known widths as its limit, or as
 * its width, until there are too many edits. */
static void
propose_limits(const struct body *b, struct body_proposals *p)
{
	struct flow f;

	for (size_t i = 0; i < COUNT(widths) && body_propose_more(p); i++) {
		if (!flow(&f, b, widths[i], ENDLESS))
			return;
		lines_propose(p, &f.e);
	}
}

static void
propose_widths(const struct body *b, struct body_proposals *p, size_t limit)
{
	struct flow f;

	for (size_t i = 0; i < COUNT(widths) && body_propose_more(p); i++) {
		if (!flow(&f, b, limit, widths[i]))
			return;
		lines_propose(p, &f.e);
	}
}

/* Long lines were broken, at the width of the longest line now, at one that is
 * usual, or so that a line is left as it was where it is shorter. */
void
wrap_added(const struct body *b, struct body_proposals *p)
{
	size_t most = widest(b, WIDE), all = widest(b, ENDLESS);
	struct flow f;

	if (all > most && flow(&f, b, all, ENDLESS))
		lines_propose(p, &f.e);
	if (most < NARROW || !flow(&f, b, most, ENDLESS))
		return;
	lines_propose_both(p, &f.e);
	propose_limits(b, p);
	if (flow(&f, b, 0, ENDLESS))
		lines_propose(p, &f.e);
}

/* Paragraphs became lines, which are over any width. */
void
wrap_lost(const struct body *b, struct body_proposals *p)
{
	if (widest(b, ENDLESS) > WIDE)
		propose_widths(b, p, ENDLESS);
}

void
wrap_changed(const struct body *b, struct body_proposals *p)
{
	size_t most = widest(b, WIDE);
	struct flow f;

	if (most >= NARROW && flow(&f, b, most, ENDLESS) && f.e.edits.n)
		propose_widths(b, p, most);
}

/*
 * format=flowed (RFC 3676): a line that ends with SP goes on in the next one.
 */

/* Joins lines that were broken after SP; with delsp=yes, the SP was added. */
static void
join_flowed(const struct body *b, struct body_proposals *p, bool added)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line, next;
	bool more = lines_next(&rest, &line);

	for (; more; line = next) {
		size_t n = line.text.len;

		more = lines_next(&rest, &next);
		if (!more || !n || line.text.p[n - 1] != ' ' ||
		    !span_run_of(next.text, '>') !=
			!span_run_of(line.text, '>') ||
		    is_dashes(line.text))
			continue;
		lines_edit(&e,
		    lines_through(span_from(line.text, n - added), line.end),
		    SPAN(""));
	}
	lines_propose_both(p, &e);
}

void
wrap_flowed(const struct body *b, struct body_proposals *p)
{
	join_flowed(b, p, false);
	join_flowed(b, p, true);
}

/* Removes a SP from the start of lines where it protects what follows (RFC 3676
 * 4.4), or of all lines. */
static size_t
unstuff(const struct body *b, struct body_proposals *p, bool all)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line;

	while (lines_next(&rest, &line))
		if (span_starts(line.text, SPAN(" From ")) ||
		    span_starts(line.text, SPAN(" >")) ||
		    (all && span_starts(line.text, SPAN(" "))))
			lines_edit(&e, span_upto(line.text, 1), SPAN(""));
	lines_propose_both(p, &e);
	return e.edits.n;
}

void
wrap_stuffed(const struct body *b, struct body_proposals *p)
{
	if (unstuff(b, p, false) || lines_are_flowed(b))
		unstuff(b, p, true);
}
