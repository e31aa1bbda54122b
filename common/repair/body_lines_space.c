/* body_lines_space: spaces before lines, and between sentences. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "repair/body_lines_internal.h"

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
space_indented(const struct body *b, struct body_proposals *p)
{
	size_t n = common_indent(b);

	for (size_t i = n; i; i = i > 4 ? 4 : i - 1)
		unindent(b, p, i);
}

static bool
ends_sentence(char c)
{
	return c == '.' || c == '?' || c == '!' || c == ':';
}

/* People put two spaces between sentences, and software makes one of them.
 * Relaxed canonicalization does so, too. */
void
space_reduced(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span s = b->octets;

	if (b->canon == CANON_RELAXED)
		return;
	for (size_t i = 1; i + 1 < s.len; i++)
		if (s.p[i] == ' ' && ends_sentence(s.p[i - 1]) &&
		    !ascii_is_space(s.p[i + 1]))
			lines_insert(&e, s.p + i, SPAN(" "));
	lines_propose_both(p, &e);
}
