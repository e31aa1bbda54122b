/* body_lines_mbox: ">" before "From ", and dots at the start of lines. */
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

/* Who reads mboxrd takes one ">" away, also those of the message if it was
 * stored otherwise. */
void
mbox_unquoted(const struct body *b, struct body_proposals *p)
{
	edit_from(b, p, (struct rule){0, 0, false}, 0, SPAN(">"));
	edit_from(b, p, (struct rule){0, SIZE_MAX, false}, 0, SPAN(">"));
	edit_from(b, p, (struct rule){0, 0, true}, 0, SPAN(">"));
}

/*
 * Dots: a line that begins with one has a second on its way (RFC 5321 4.5.2).
 */

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
			lines_edit(&e, span_upto(line.text, 0), SPAN("."));
		after_soft = soft;
	}
	lines_propose_both(p, &e);
}
