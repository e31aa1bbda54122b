/* body_lines_lost: octets that left no sign: NUL, and a second space. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "repair/body_lines_internal.h"

static const struct span nul = {"\0", 1};

static bool
is_wide(const struct body *b)
{
	return b->nparts &&
	    span_casestarts(b->parts[0].charset, SPAN("utf-16"));
}

/* Text in UTF-16 has a NUL beside each ASCII character: after it, or before. */
static void
propose_wide(const struct body *b, struct body_proposals *p, size_t shift)
{
	struct lines_edits e = lines_begin(b);

	for (size_t i = 0; i < b->octets.len && !e.over; i++)
		lines_edit(
		    &e, span_upto(span_from(b->octets, i + shift), 0), nul);
	lines_propose(p, &e);
}

/* Text that a program has written with the NUL that ends its strings has one
 * before line ends, or at its end. */
void
lost_nul(const struct body *b, struct body_proposals *p)
{
	struct lines_edits lines = lines_begin(b), last = lines_begin(b);
	struct span rest = b->octets;
	struct line line;

	if (is_wide(b)) {
		propose_wide(b, p, 1);
		propose_wide(b, p, 0);
	}
	if (!rest.len)
		return;
	lines_edit(&last, span_from(rest, rest.len), nul);
	lines_propose(p, &last);
	while (lines_next(&rest, &line))
		lines_edit(&lines, span_from(line.text, line.text.len), nul);
	lines_propose_both(p, &lines);
}

static bool
ends_sentence(char c)
{
	return c == '.' || c == '?' || c == '!' || c == ':';
}

/* People put two spaces between sentences, and software makes one of them.
 * Relaxed canonicalization does so, too. */
void
lost_blank(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span s = b->octets;

	if (b->canon == CANON_RELAXED)
		return;
	for (size_t i = 1; i + 1 < s.len; i++)
		if (s.p[i] == ' ' && ends_sentence(s.p[i - 1]) &&
		    !ascii_is_space(s.p[i + 1]))
			lines_edit(
			    &e, span_upto(span_from(s, i), 0), SPAN(" "));
	lines_propose_both(p, &e);
}
