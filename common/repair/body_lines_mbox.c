/* body_lines_mbox: ">" before "From ", as mailboxes quote it. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

#define FROM SPAN("From ")

/* Does a line, without the run of ">" at its start, begin with "From "? */
static bool
is_from(struct span text)
{
	return span_starts(span_from(text, span_run_of(text, '>')), FROM);
}

/* Which lines with "From " are altered: those that have so many ">", and all
 * lines or those after an empty one. */
struct rule {
	size_t least, most; /* of ">" */
	bool after_empty;
};

/* Edits the start of lines: so many octets there become a text. */
static void
edit_from(const struct body *b, struct body_proposals *p, struct rule rule,
    size_t length, struct span text)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line;
	bool after_empty = true;

	while (lines_next(&rest, &line)) {
		size_t n = span_run_of(line.text, '>');

		if (n >= rule.least && n <= rule.most && is_from(line.text) &&
		    (after_empty || !rule.after_empty))
			lines_edit(&e, span_upto(line.text, length), text);
		after_empty = !line.text.len;
	}
	lines_propose_both(p, &e);
}

/* mboxo quotes "From ", mboxrd also what is quoted already; some programs only
 * after an empty line. */
void
mbox_quoted(const struct body *b, struct body_proposals *p)
{
	edit_from(b, p, (struct rule){1, 1, false}, 1, SPAN(""));
	edit_from(b, p, (struct rule){1, SIZE_MAX, false}, 1, SPAN(""));
	edit_from(b, p, (struct rule){1, 1, true}, 1, SPAN(""));
}

/* Software that reads mboxrd removes one ">", also from a message that was
 * stored in another format. */
void
mbox_unquoted(const struct body *b, struct body_proposals *p)
{
	edit_from(b, p, (struct rule){0, 0, false}, 0, SPAN(">"));
	edit_from(b, p, (struct rule){0, SIZE_MAX, false}, 0, SPAN(">"));
	edit_from(b, p, (struct rule){0, 0, true}, 0, SPAN(">"));
}
