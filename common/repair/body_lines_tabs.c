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

/* How a run of spaces or tabs is converted: at a column, if it is at the start
 * of a line; returns how many octets of it become how many others. */
struct run {
	size_t column, length;
	size_t replaced, made;
};
typedef void convert_fn(struct run *r);

/* Converts the runs of one octet to those of another. */
static void
convert(const struct body *b, struct lines_edits *e, char from, char to,
    convert_fn *how)
{
	size_t column = 0;
	struct span s = b->octets;

	for (size_t i = 0, n; i < s.len; i += n) {
		struct run r = {.column = column};

		n = r.length = span_run_of(span_from(s, i), from);
		if (n) {
			how(&r);
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

/*
 * Spaces to tabs.
 */

static void
indent_of(struct run *r, size_t columns)
{
	if (r->column)
		return;
	r->made = r->length / columns;
	r->replaced = r->made * columns;
}

static void
indent_8(struct run *r)
{
	indent_of(r, 8);
}

static void
indent_4(struct run *r)
{
	indent_of(r, 4);
}

static void
indent_2(struct run *r)
{
	indent_of(r, 2);
}

static void
indent_1(struct run *r)
{
	indent_of(r, 1);
}

/* All that reach a tab stop, up to the last one that they reach. */
static void
to_stop(struct run *r)
{
	size_t end = r->column + r->length;

	r->made = end / STOP - r->column / STOP;
	r->replaced = r->made ? end / STOP * STOP - r->column : 0;
}

/* The same, but a single space is between words. */
static void
to_stop_if_several(struct run *r)
{
	if (r->length > 1)
		to_stop(r);
}

static void
several_to_one(struct run *r)
{
	r->made = 1;
	r->replaced = r->length > 1 ? r->length : 0;
}

/* In relaxed form all of these are equal. Returns how many edits there are. */
static size_t
propose_with(const struct body *b, struct body_proposals *p, char from, char to,
    convert_fn *how)
{
	struct lines_edits e = lines_begin(b);

	if (b->canon != CANON_SIMPLE)
		return 0;
	convert(b, &e, from, to, how);
	lines_propose_both(p, &e);
	return e.edits.n;
}

/* Are there spaces in a row, or at the start of a line? */
static bool
has_wide_spaces(struct span s)
{
	return lines_find(s, SPAN("  ")) < s.len ||
	    lines_find(s, SPAN("\n ")) < s.len || span_run_of(s, ' ');
}

static void
words_to_one(struct run *r)
{
	if (r->column)
		several_to_one(r);
}

void
blanks_added(const struct body *b, struct body_proposals *p)
{
	if (has_wide_spaces(b->octets))
		propose_with(b, p, ' ', ' ', words_to_one);
}

void
tabs_expanded(const struct body *b, struct body_proposals *p)
{
	static convert_fn *const indents[] = {
	    indent_8, indent_4, indent_1, indent_2};

	if (!has_wide_spaces(b->octets))
		return;
	if (propose_with(b, p, ' ', '\t', to_stop_if_several))
		propose_with(b, p, ' ', '\t', to_stop);
	propose_with(b, p, ' ', '\t', several_to_one);
	for (size_t i = 0; i < COUNT(indents); i++)
		propose_with(b, p, ' ', '\t', indents[i]);
}

/*
 * Tabs to spaces.
 */

static void
columns(struct run *r)
{
	r->replaced = r->length;
	r->made = (r->column / STOP + r->length) * STOP - r->column;
}

static void
indent_columns(struct run *r)
{
	if (!r->column)
		columns(r);
}

static void
of_width(struct run *r, size_t width)
{
	r->replaced = r->length;
	r->made = r->length * width;
}

static void
width_1(struct run *r)
{
	of_width(r, 1);
}

static void
width_4(struct run *r)
{
	of_width(r, 4);
}

static void
width_2(struct run *r)
{
	of_width(r, 2);
}

void
tabs_made(const struct body *b, struct body_proposals *p)
{
	static convert_fn *const how[] = {
	    columns, indent_columns, width_1, width_4, width_2};

	if (span_find(b->octets, '\t') == b->octets.len)
		return;
	for (size_t i = 0; i < COUNT(how); i++)
		propose_with(b, p, '\t', ' ', how[i]);
}

/*
 * Indented text.
 */

/* Lines with text that have the indent at least. */
#define INDENTED 3u

/* Returns the least indent of the first lines that have one, up to a line
 * without: what is after it, others may have added. */
static size_t
common_indent(const struct body *b)
{
	struct span rest = b->octets;
	size_t least = SIZE_MAX, lines = 0;
	struct line line;

	while (lines_next(&rest, &line)) {
		size_t n = lines_indent(line.text);

		if (n == line.text.len)
			continue;
		if (!n)
			break;
		if (n < least)
			least = n;
		lines++;
	}
	return lines < INDENTED ? 0 : least;
}

static void
unindent(const struct body *b, struct body_proposals *p, size_t n)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line;

	while (lines_next(&rest, &line)) {
		size_t indent = lines_indent(line.text);

		if (!indent && line.text.len)
			break;
		if (indent == line.text.len)
			indent = indent < n ? indent : n;
		else
			indent = n;
		lines_edit(&e, span_upto(line.text, indent), SPAN(""));
	}
	lines_propose(p, &e);
}

void
indent_added(const struct body *b, struct body_proposals *p)
{
	size_t n = common_indent(b);

	for (size_t i = n; i; i = i > 4 ? 4 : i - 1)
		unindent(b, p, i);
}
