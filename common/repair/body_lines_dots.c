/* body_lines_dots: dots at the start of lines (RFC 5321 4.5.2). */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

/* Edits lines that begin with so many dots, of all, or of those that have
 * nothing else. */
static void
edit_dots(const struct body *b, struct body_proposals *p, size_t least,
    bool alone, struct span text)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line;

	while (lines_next(&rest, &line)) {
		size_t n = span_run_of(line.text, '.');

		if (n >= least && (!alone || n == line.text.len))
			lines_edit(&e, span_upto(line.text, least - 1), text);
	}
	lines_propose_both(p, &e);
}

void
dots_added(const struct body *b, struct body_proposals *p)
{
	edit_dots(b, p, 2, false, SPAN(""));
	edit_dots(b, p, 2, true, SPAN(""));
}

void
dots_lost(const struct body *b, struct body_proposals *p)
{
	edit_dots(b, p, 1, false, SPAN("."));
	edit_dots(b, p, 1, true, SPAN("."));
}

/* Octets of a line of quoted-printable: 76 at most (RFC 2045 6.7). */
#define QUOTED 128u

static bool
is_soft(struct span text)
{
	return text.len && text.len < QUOTED && text.p[text.len - 1] == '=';
}

/* Returns the length that most lines with a soft line break have. */
static size_t
usual_length(const struct body *b)
{
	size_t lines[QUOTED] = {0}, usual = 0;
	struct span rest = b->octets;
	struct line line;

	while (lines_next(&rest, &line))
		if (is_soft(line.text))
			lines[line.text.len]++;
	for (size_t i = 0; i < QUOTED; i++)
		if (lines[i] > lines[usual])
			usual = i;
	return usual;
}

/* Encoders of quoted-printable break lines at one length: a line that has one
 * octet less, after a soft line break, may have lost the dot at its start. */
void
dots_eaten(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	size_t usual = usual_length(b);
	struct span rest = b->octets;
	bool after_soft = false;
	struct line line;

	while (usual && lines_next(&rest, &line)) {
		bool soft = is_soft(line.text);

		if (after_soft && soft && line.text.len + 1 == usual)
			lines_insert(&e, line.text.p, SPAN("."));
		after_soft = soft;
	}
	lines_propose_both(p, &e);
}
