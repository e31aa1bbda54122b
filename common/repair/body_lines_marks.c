/* body_lines_marks: plain punctuation that was made typographic. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

enum mark {
	MARK_QUOTE = 1,
	MARK_DASH = 2,   /* became one hyphen */
	MARK_DASHES = 4, /* the long one: two hyphens; the short one: one */
	MARK_DOTS = 8,
	MARK_SPACE = 16,
	MARK_TWO = 32, /* both dashes were two hyphens */
};

static const struct {
	struct span curled, plain;
	unsigned when;
} marks[] = {
    {{"\342\200\230", 3}, {"'", 1}, MARK_QUOTE},
    {{"\342\200\231", 3}, {"'", 1}, MARK_QUOTE},
    {{"\342\200\234", 3}, {"\"", 1}, MARK_QUOTE},
    {{"\342\200\235", 3}, {"\"", 1}, MARK_QUOTE},
    {{"\342\200\223", 3}, {"--", 2}, MARK_TWO},
    {{"\342\200\223", 3}, {"-", 1}, MARK_DASH | MARK_DASHES},
    {{"\342\200\224", 3}, {"--", 2}, MARK_TWO | MARK_DASHES},
    {{"\342\200\224", 3}, {"-", 1}, MARK_DASH},
    {{"\342\200\246", 3}, {"...", 3}, MARK_DOTS},
    {{"\302\240", 2}, {" ", 1}, MARK_SPACE},
};

/* What may have been replaced together. */
static const unsigned sets[] = {
    MARK_QUOTE | MARK_DASHES | MARK_DOTS,
    MARK_QUOTE | MARK_DASH | MARK_DOTS,
    MARK_QUOTE | MARK_TWO | MARK_DOTS,
    MARK_QUOTE | MARK_DASHES | MARK_DOTS | MARK_SPACE,
    MARK_QUOTE,
    MARK_SPACE,
    MARK_DOTS,
    MARK_DASH,
    MARK_DASHES,
    MARK_TWO,
};

/* Edits the mark at the start of a text, if there is one of the set, and
 * returns its length; else 1. */
static size_t
straighten(struct lines_edits *e, struct span s, unsigned set)
{
	for (size_t i = 0; i < COUNT(marks); i++)
		if ((marks[i].when & set) && span_starts(s, marks[i].curled)) {
			lines_edit(e, span_upto(s, marks[i].curled.len),
			    marks[i].plain);
			return marks[i].curled.len;
		}
	return 1;
}

static bool
is_lead(char c)
{
	return c == '\342' || c == '\302';
}

void
marks_curled(const struct body *b, struct body_proposals *p)
{
	if (span_is_ascii(b->octets))
		return;
	for (size_t i = 0; i < COUNT(sets); i++) {
		struct lines_edits e = lines_begin(b);
		struct span s = b->octets;

		while (s.len)
			s = span_from(s,
			    is_lead(s.p[0]) ? straighten(&e, s, sets[i]) : 1);
		lines_propose_both(p, &e);
	}
}
