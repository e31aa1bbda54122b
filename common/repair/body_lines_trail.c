/* body_lines_trail: blanks at the ends of lines, which c=simple signs. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

#include <string.h>

/* The line above the name of the sender (RFC 3676 4.3). */
#define DASHES SPAN("-- ")

/* What to keep of the blanks at the end of a line. */
typedef struct span keep_fn(struct span text);

static struct span
keep_none(struct span text)
{
	return span_upto(text, text.len - lines_trail(text));
}

static struct span
keep_dashes(struct span text)
{
	return span_starts(text, DASHES) && keep_none(text).len == 2
	    ? span_upto(text, DASHES.len)
	    : keep_none(text);
}

static struct span
keep_all_but_one(struct span text)
{
	return span_upto(text, text.len - (lines_trail(text) > 0));
}

/* Those after text, but not the lines without text. */
static struct span
keep_with_text(struct span text)
{
	return keep_none(text).len ? text : keep_none(text);
}

static void
shorten(const struct body *b, struct body_proposals *p, keep_fn *keep)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line;

	while (lines_next(&rest, &line))
		lines_edit(
		    &e, span_from(line.text, keep(line.text).len), SPAN(""));
	lines_propose_both(p, &e);
}

void
trail_added(const struct body *b, struct body_proposals *p)
{
	if (b->canon != CANON_SIMPLE)
		return;
	shorten(b, p, keep_none);
	shorten(b, p, keep_dashes);
	shorten(b, p, keep_all_but_one);
	shorten(b, p, keep_with_text);
}

/* Which lines get a space. */
typedef bool lost_fn(struct line line, struct line next);

static void
lengthen(const struct body *b, struct body_proposals *p, lost_fn *lost)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line, next;
	bool more = lines_next(&rest, &line);

	if (b->canon != CANON_SIMPLE)
		return;
	for (; more; line = next) {
		next = (struct line){SPAN_NONE, SPAN_NONE};
		more = lines_next(&rest, &next);
		if (lost(line, next))
			lines_insert(&e, line.end.p, SPAN(" "));
	}
	lines_propose_both(p, &e);
}

static bool
is_dashes(struct line line, struct line next)
{
	(void)next;
	return span_eq(line.text, SPAN("--"));
}

void
trail_dash_lost(const struct body *b, struct body_proposals *p)
{
	lengthen(b, p, is_dashes);
}

/* An empty line that was quoted: nothing but ">". */
static bool
is_quoted_empty(struct line line, struct line next)
{
	struct span text = line.text;

	(void)next;
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != '>' && text.p[i] != ' ')
			return false;
	return text.len && text.p[text.len - 1] == '>';
}

void
trail_quote_lost(const struct body *b, struct body_proposals *p)
{
	lengthen(b, p, is_quoted_empty);
}

/* Is it a line of a paragraph, and not its last one? Paragraphs end where the
 * depth of quotes changes (RFC 3676 4.5). */
static bool
is_flowed(struct line line, struct line next)
{
	if (is_dashes(line, next))
		return true;
	return line.text.len && next.text.len && !is_dashes(next, line) &&
	    span_run_of(line.text, '>') == span_run_of(next.text, '>') &&
	    !lines_trail(line.text);
}

/* Columns that lines of format=flowed have at least when they are broken (RFC
 * 3676 4.2 has 78 at most). */
#define FLOWED 66u

static bool
is_full_flowed(struct line line, struct line next)
{
	return is_dashes(line, next) ||
	    (is_flowed(line, next) &&
		line.text.len + 1 + span_find(next.text, ' ') > FLOWED);
}

static bool
is_unquoted_flowed(struct line line, struct line next)
{
	return is_flowed(line, next) && line.text.p[0] != '>';
}

void
trail_flowed_lost(const struct body *b, struct body_proposals *p)
{
	if (b->canon != CANON_SIMPLE || !lines_are_flowed(b))
		return;
	lengthen(b, p, is_full_flowed);
	lengthen(b, p, is_flowed);
	lengthen(b, p, is_unquoted_flowed);
}

static bool
is_text(struct line line, struct line next)
{
	(void)next;
	return line.text.len && !lines_trail(line.text);
}

static bool
is_any(struct line line, struct line next)
{
	(void)line;
	(void)next;
	return true;
}

void
trail_lost(const struct body *b, struct body_proposals *p)
{
	lengthen(b, p, is_text);
	lengthen(b, p, is_any);
}
