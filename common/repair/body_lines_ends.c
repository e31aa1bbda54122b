/* body_lines_ends: CR and LF, and what some software takes for them. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

/* Finds the next run of CR, whose last one may begin a CRLF, which is then left
 * out: what remains are CRs that belong to no line end. */
static bool
cr_next(struct span *rest, struct span *run, bool *before_end)
{
	while (rest->len) {
		struct span s = span_from(*rest, span_find(*rest, '\r'));
		size_t n = span_run_of(s, '\r');

		*rest = span_from(s, n);
		*before_end = rest->len && rest->p[0] == '\n';
		if (*before_end)
			n--;
		*run = span_upto(s, n);
		if (n)
			return true;
	}
	return false;
}

/* Replaces each CR, or each run of them, that is before a line end or not. */
static void
replace_cr(const struct body *b, struct body_proposals *p, bool before_end,
    bool whole_run, struct span text)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets, run;
	bool is_before;

	while (cr_next(&rest, &run, &is_before)) {
		size_t n = whole_run ? run.len : 1;

		if (is_before != before_end)
			continue;
		for (size_t i = 0; i < run.len; i += n)
			lines_edit(&e, (struct span){run.p + i, n}, text);
	}
	lines_propose_both(p, &e);
}

void
ends_cr_added(const struct body *b, struct body_proposals *p)
{
	struct span end = lines_begin(b).end;

	replace_cr(b, p, false, false, end);
	replace_cr(b, p, false, true, SPAN(""));
	replace_cr(b, p, false, false, SPAN(" "));
	replace_cr(b, p, false, true, end);
}

/* A tool that writes CRLF for LF does so for that of CRLF, too. */
void
ends_cr_doubled(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets, run;
	bool before_end;

	replace_cr(b, p, true, true, SPAN(""));
	while (cr_next(&rest, &run, &before_end))
		if (before_end)
			lines_edit(&e, span_upto(run, 1), SPAN(""));
	lines_propose(p, &e);
}

/* A CR before CRLF became a line end: the line after it is empty. A CR
 * before LF alone would be of the line end instead. */
void
ends_cr_taken(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line, second;

	while (lines_next(&rest, &line) && lines_next(&rest, &second) &&
	    !second.text.len && second.end.len == 2)
		lines_edit(&e, line.end, SPAN("\r"));
	lines_propose(p, &e);
}

/* Does a text end with what some take for a line end: FF, VT, FS, GS, RS, NEL,
 * U+2028, U+2029? */
static bool
ends_with_separator(struct span text)
{
	static const struct span ends[] = {{"\f", 1}, {"\v", 1}, {"\034", 1},
	    {"\035", 1}, {"\036", 1}, {"\302\205", 2}, {"\342\200\250", 3},
	    {"\342\200\251", 3}};

	for (size_t i = 0; i < COUNT(ends); i++)
		if (span_caseends(text, ends[i]))
			return true;
	return false;
}

/* Software that splits lines there adds a line end to each. */
void
ends_form_taken(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line;

	while (lines_next(&rest, &line))
		if (ends_with_separator(line.text))
			lines_edit(&e, line.end, SPAN(""));
	lines_propose_both(p, &e);
}

/* Octets of a rule such as "_______" above a footer. */
#define RULE 8u

/* Returns where a rule begins in a text that is not at its start, or its
 * length. */
static size_t
find_rule(struct span text)
{
	size_t n;

	for (size_t i = 0; i < text.len; i += n) {
		n = span_run_of(span_from(text, i), text.p[i]);
		if (i && n >= RULE && span_find(SPAN("_-=*#~"), text.p[i]) < 6)
			return i;
	}
	return text.len;
}

/* The last line had no line end when a footer was put after it. */
void
ends_last_lost(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line;

	while (lines_next(&rest, &line)) {
		size_t n = find_rule(line.text);

		if (n < line.text.len)
			lines_insert(&e, line.text.p + n, e.end);
	}
	lines_propose_both(p, &e);
}
