/* body_lines_walk: the lines of a body, and edits of them. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/limit.h"
#include "repair/body_lines_internal.h"

/*
 * Lines.
 */

bool
lines_next(struct span *rest, struct line *line)
{
	struct span all = field_cut_line(rest);
	size_t n = field_chomp(all).len;

	*line = (struct line){span_upto(all, n), span_from(all, n)};
	return all.len;
}

bool
lines_is_empty(const struct body *b, struct line line)
{
	if (b->canon == CANON_SIMPLE)
		return !line.text.len;
	return lines_indent(line.text) == line.text.len;
}

size_t
lines_indent(struct span text)
{
	return span_run(text, ascii_is_wsp);
}

size_t
lines_trail(struct span text)
{
	return span_run_last(text, ascii_is_wsp);
}

static bool
is_ascii(char c)
{
	return !ascii_is_8bit(c);
}

size_t
lines_ascii(struct span text)
{
	return span_run(text, is_ascii);
}

struct span
lines_through(struct span from, struct span to)
{
	return span_between(from.p, to.p + to.len);
}

size_t
lines_find(struct span s, struct span text)
{
	const char *at = s.len ? memmem(s.p, s.len, text.p, text.len) : NULL;

	return at ? (size_t)(at - s.p) : s.len;
}

bool
lines_are_flowed(const struct body *b)
{
	static const struct span flowed[] = {{"format=flowed", 13},
	    {"format=\"flowed\"", 15}, {"Format=Flowed", 13}};

	for (size_t i = 0; i < COUNT(flowed); i++)
		if (lines_find(b->fields, flowed[i]) < b->fields.len ||
		    lines_find(b->octets, flowed[i]) < b->octets.len)
			return true;
	return false;
}

/*
 * Edits being collected.
 */

struct lines_edits
lines_begin(const struct body *b)
{
	return (struct lines_edits){.b = b, .end = body_eol(b)};
}

/* Takes octets of the room; false, and all is over, if there are not enough. */
static bool
take(struct lines_edits *e, size_t *of, size_t n)
{
	e->over = e->over || n > e->b->room - e->listed - e->made;
	if (!e->over)
		*of += n;
	return !e->over;
}

/* A list of edits grows at powers of two. */
static bool
take_edit(struct lines_edits *e)
{
	size_t n = e->edits.n;

	e->over = e->over || n >= LIMIT_EXPLAIN_EDITS;
	if (n & (n - 1))
		return !e->over;
	return take(e, &e->listed, (n ? n : 1) * sizeof(struct edit));
}

void
lines_edit(struct lines_edits *e, struct span old, struct span text)
{
	if (!span_eq(old, text) && take_edit(e))
		edits_add(&e->edits, e->b->arena,
		    (size_t)(old.p - e->b->octets.p), old.len, text);
}

void
lines_insert(struct lines_edits *e, const char *at, struct span text)
{
	lines_edit(e, (struct span){at, 0}, text);
}

/* The arena takes a multiple of it. */
#define ALIGNED 16u

bool
lines_take(struct lines_edits *e, size_t n)
{
	return take(e, &e->made, (n / ALIGNED + 1) * ALIGNED);
}

char *
lines_text(struct lines_edits *e, size_t n)
{
	return lines_take(e, n) ? arena_alloc(e->b->arena, n) : NULL;
}

void
lines_propose(struct body_proposals *p, const struct lines_edits *e)
{
	if (!e->over)
		body_propose(p, e->edits);
}

void
lines_propose_each(struct body_proposals *p, const struct lines_edits *e)
{
	if (e->over || e->edits.n < 2)
		return;
	if (e->edits.n > LIMIT_EXPLAIN_PLACES || p->n + e->edits.n > p->most) {
		body_propose_choice(p, e->edits);
		return;
	}
	for (size_t i = 0; i < e->edits.n; i++)
		body_propose(p, (struct edits){&e->edits.list[i], 1});
}

void
lines_propose_both(struct body_proposals *p, const struct lines_edits *e)
{
	lines_propose(p, e);
	lines_propose_each(p, e);
}
