/* body_lines_tabs: tabs that became spaces, spaces that became tabs or more. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

#include <string.h>

#define STOP 8u /* columns from one tab stop to the next */

/* A text of n equal octets. */
static struct span
fill(struct lines_edits *e, char c, size_t n)
{
	static const struct span tabs = {"\t\t\t\t\t\t\t\t", 8},
				 spaces = {"        ", 8};
	struct span ready = c == '\t' ? tabs : spaces;
	char *p;

	if (n <= ready.len)
		return span_upto(ready, n);
	p = lines_text(e, n);
	if (!p)
		return ready;
	return (struct span){memset(p, c, n), n};
}

/* A run of spaces or tabs, at a column, and how it is converted: so many octets
 * at its start become so many others. */
struct run {
	size_t column, length;
	size_t replaced, made;
};

/* A way to convert runs, which has a number of columns, or of octets. */
struct way {
	void (*convert)(struct run *r, size_t n);
	size_t n;
};

/* Converts the runs of one octet to those of another. */
static void
convert(const struct body *b, struct lines_edits *e, char from, char to,
    struct way way)
{
	size_t column = 0;
	struct span s = b->octets;

	for (size_t i = 0, n; i < s.len; i += n) {
		struct run r = {.column = column};

		n = r.length = span_run_of(span_from(s, i), from);
		if (n) {
			way.convert(&r, way.n);
			if (r.replaced)
				lines_edit(e,
				    (struct span){s.p + i, r.replaced},
				    fill(e, to, r.made));
			column = from == '\t' ? (column / STOP + n) * STOP
					      : column + n;
			continue;
		}
		n = 1;
		column = s.p[i] == '\n' ? 0
		    : s.p[i] == '\t'    ? (column / STOP + 1) * STOP
					: column + 1;
	}
}

/* In relaxed form all of these are equal. Returns how many edits there are. */
static size_t
propose_way(const struct body *b, struct body_proposals *p, char from, char to,
    struct way way)
{
	struct lines_edits e = lines_begin(b);

	if (b->canon != CANON_SIMPLE)
		return 0;
	convert(b, &e, from, to, way);
	lines_propose_both(p, &e);
	return e.edits.n;
}

/*
 * Spaces to tabs.
 */

/* At the start of lines, each n. */
static void
indent_of(struct run *r, size_t n)
{
	if (r->column)
		return;
	r->made = r->length / n;
	r->replaced = r->made * n;
}

/* Those that reach a tab stop, up to the last one that they reach, if they are
 * at least n. */
static void
to_stop(struct run *r, size_t n)
{
	size_t end = r->column + r->length;

	if (r->length < n)
		return;
	r->made = end / STOP - r->column / STOP;
	r->replaced = r->made ? end / STOP * STOP - r->column : 0;
}

/* At least n to a single one. */
static void
to_one(struct run *r, size_t n)
{
	r->made = 1;
	r->replaced = r->length < n ? 0 : r->length;
}

/* Are there spaces in a row, or at the start of a line? */
static bool
has_wide_spaces(struct span s)
{
	return lines_find(s, SPAN("  ")) < s.len ||
	    lines_find(s, SPAN("\n ")) < s.len || span_run_of(s, ' ');
}

/* At least n between words to a single one. */
static void
words_to_one(struct run *r, size_t n)
{
	if (r->column)
		to_one(r, n);
}

void
blanks_added(const struct body *b, struct body_proposals *p)
{
	if (has_wide_spaces(b->octets))
		propose_way(b, p, ' ', ' ', (struct way){words_to_one, 2});
}

/* A single space is between words, in most texts. */
void
tabs_expanded(const struct body *b, struct body_proposals *p)
{
	static const struct way ways[] = {{to_one, 2}, {indent_of, 8},
	    {indent_of, 4}, {indent_of, 1}, {indent_of, 2}};

	if (!has_wide_spaces(b->octets))
		return;
	if (propose_way(b, p, ' ', '\t', (struct way){to_stop, 2}))
		propose_way(b, p, ' ', '\t', (struct way){to_stop, 1});
	for (size_t i = 0; i < COUNT(ways); i++)
		propose_way(b, p, ' ', '\t', ways[i]);
}

/*
 * Tabs to spaces.
 */

/* Those before column n become as many as tab stops show. */
static void
to_columns(struct run *r, size_t n)
{
	if (r->column >= n)
		return;
	r->replaced = r->length;
	r->made = (r->column / STOP + r->length) * STOP - r->column;
}

/* Each becomes n. */
static void
to_width(struct run *r, size_t n)
{
	r->replaced = r->length;
	r->made = r->length * n;
}

void
tabs_made(const struct body *b, struct body_proposals *p)
{
	static const struct way ways[] = {{to_columns, SIZE_MAX},
	    {to_columns, 1}, {to_width, 1}, {to_width, 4}, {to_width, 2}};

	if (span_find(b->octets, '\t') == b->octets.len)
		return;
	for (size_t i = 0; i < COUNT(ways); i++)
		propose_way(b, p, '\t', ' ', ways[i]);
}
