/* body_lines_nul: NUL octets that were added, replaced or removed. */
/* SPDX-License-Identifier: ISC */

#include "base/utf8.h"
#include "repair/body_lines_internal.h"

static const struct span nul = {"\0", 1};

void
nul_added(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;

	while (rest.len) {
		struct span s = span_from(rest, span_find(rest, '\0'));
		size_t n = span_run_of(s, '\0');

		lines_edit(&e, span_upto(s, n), SPAN(""));
		rest = span_from(s, n);
	}
	lines_propose_both(p, &e);
}

/* Mail stores keep NUL as 0x80, and some software as C0 80: neither is UTF-8.
 * Returns how many octets at the start of a text are such, or 0. */
static size_t
replaced_length(struct span s)
{
	if (span_starts(s, SPAN("\300\200")))
		return 2;
	return s.p[0] == '\200';
}

void
nul_replaced(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;

	while ((rest = span_from(rest, lines_ascii(rest))).len) {
		size_t n = replaced_length(rest), length = utf8_length(rest);

		if (n)
			lines_edit(&e, span_upto(rest, n), nul);
		rest = span_from(rest, n ? n : length ? length : 1);
	}
	lines_propose_both(p, &e);
}

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
		lines_insert(&e, b->octets.p + i + shift, nul);
	lines_propose(p, &e);
}

/* Text that a program has written with the NUL that ends its strings has one
 * before line ends, or at its end. */
void
nul_lost(const struct body *b, struct body_proposals *p)
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
	lines_insert(&last, rest.p + rest.len, nul);
	lines_propose(p, &last);
	while (lines_next(&rest, &line))
		lines_insert(&lines, line.end.p, nul);
	lines_propose_both(p, &lines);
}
