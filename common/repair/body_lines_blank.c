/* body_lines_blank: empty lines that were added or lost. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

/* Empty lines in a row. */
struct gap {
	struct line first, last;
	size_t n;
	bool at_start; /* of the body */
};

/* Skips to the next gap and after it. Returns false if there is none but at the
 * end of the body, where empty lines are ignored (RFC 6376 3.4.3). */
static bool
gap_next(const struct body *b, struct span *rest, struct gap *g)
{
	struct line line;

	*g = (struct gap){.n = 0};
	while (lines_next(rest, &line)) {
		bool is_empty = lines_is_empty(b, line);

		if (!is_empty && g->n)
			return true;
		if (!is_empty)
			continue;
		if (!g->n)
			g->first = line;
		g->at_start = g->at_start || line.text.p == b->octets.p;
		g->last = line;
		g->n++;
	}
	return false;
}

/* The line with its line end. */
static struct span
whole(struct line line)
{
	return lines_through(line.text, line.end);
}

/* Most empty lines at the start that are tried one by one. */
#define AT_START 3u

void
blank_added_at_start(const struct body *b, struct body_proposals *p)
{
	struct span rest = b->octets, removed = span_upto(b->octets, 0);
	struct gap g;
	struct line line;

	if (!gap_next(b, &rest, &g) || !g.at_start)
		return;
	for (size_t i = 0; i < AT_START && i <= g.n; i++) {
		struct lines_edits e = lines_begin(b);
		struct span all = lines_through(g.first.text, g.last.end);

		lines_edit(&e, i ? removed : all, SPAN(""));
		lines_propose(p, &e);
		rest = span_from(b->octets, removed.len);
		lines_next(&rest, &line);
		removed.len += whole(line).len;
	}
}

/* There is no trace of it: it costs few tries. */
void
blank_lost_at_start(const struct body *b, struct body_proposals *p)
{
	static const struct span crlf = {"\r\n\r\n\r\n", 6}, lf = {"\n\n\n", 3};
	size_t length = lines_begin(b).end.len;

	if (!b->octets.len)
		return;
	for (size_t i = 1; i <= AT_START; i++) {
		struct lines_edits e = lines_begin(b);

		lines_insert(&e, b->octets.p,
		    span_upto(length == 1 ? lf : crlf, i * length));
		lines_propose(p, &e);
	}
}

/* Line ends that are seen twice before they are taken for doubled ones. */
#define DOUBLED 3u

void
blank_doubled(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line, second;

	/* After the first line that is not doubled is what others added. */
	while (lines_next(&rest, &line) && lines_next(&rest, &second) &&
	    lines_is_empty(b, second))
		lines_edit(&e, whole(second), SPAN(""));
	if (e.edits.n >= DOUBLED)
		lines_propose(p, &e);
}

/* Removes one line of each gap of at least so many, or all but one. */
static void
shrink(
    const struct body *b, struct body_proposals *p, size_t least, bool to_one)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct gap g;

	while (gap_next(b, &rest, &g)) {
		struct span first = whole(g.first);

		if (g.n < least || g.at_start)
			continue;
		if (to_one)
			first = span_between(first.p, g.last.text.p);
		lines_edit(&e, first, SPAN(""));
	}
	lines_propose_both(p, &e);
}

void
blank_added(const struct body *b, struct body_proposals *p)
{
	shrink(b, p, 2, false);
	shrink(b, p, 2, true);
	shrink(b, p, 1, false);
}

void
blank_collapsed(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct gap g;

	while (gap_next(b, &rest, &g)) {
		if (g.n > 1)
			return; /* whoever collapses them collapses all */
		lines_insert(&e, g.first.text.p, e.end);
	}
	lines_propose_both(p, &e);
}

static size_t
widest(const struct body *b)
{
	struct span rest = b->octets;
	struct line line;
	size_t most = 0;

	while (lines_next(&rest, &line))
		if (line.text.len > most)
			most = line.text.len;
	return most;
}

/* Puts an empty line between lines with text: after each of them, or after each
 * that had room for the first word of the next, so that it seems to end a
 * paragraph. */
static void
part(const struct body *b, struct body_proposals *p, size_t width)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line, next;

	if (!lines_next(&rest, &line))
		return;
	for (; lines_next(&rest, &next); line = next)
		if (!lines_is_empty(b, line) && !lines_is_empty(b, next) &&
		    line.text.len + 1 + span_find(next.text, ' ') <= width)
			lines_insert(&e, next.text.p, line.end);
	lines_propose_both(p, &e);
}

void
blank_lost(const struct body *b, struct body_proposals *p)
{
	part(b, p, widest(b));
	part(b, p, SIZE_MAX);
}
