/* body_mime_part: parts of a body, their fields, and other texts for them. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

struct span
body_mime_content(const struct body *b, const struct body_part *part)
{
	return span_between(b->octets.p + part->begin, b->octets.p + part->end);
}

size_t
body_mime_at(const struct body *b, struct span s)
{
	return (size_t)(s.p - b->octets.p);
}

struct span
body_mime_header(const struct body *b, const struct body_part *part)
{
	struct span header =
	    span_between(b->octets.p + part->header, b->octets.p + part->begin);
	struct span rest = header;
	struct field f;

	while (field_cut(&rest, &f))
		;
	return span_between(header.p, rest.p);
}

void
body_mime_propose(
    struct body_proposals *p, size_t at, size_t length, struct span text)
{
	struct edits e = {NULL, 0};

	if (!length && !text.len)
		return;
	edits_add(&e, p->arena, at, length, text);
	body_propose(p, e);
}

bool
body_mime_take(size_t *room, size_t octets)
{
	if (octets > *room)
		return false;
	*room -= octets;
	return true;
}

/*
 * Other texts of parts.
 */

struct body_mime_texts
body_mime_texts_begin(
    const struct body *b, struct body_proposals *p, body_mime_edit *edit)
{
	return (struct body_mime_texts){.b = b,
	    .p = p,
	    .edit = edit,
	    .list = ARENA_ARRAY(p->arena, struct span, b->nparts),
	    .room = b->room};
}

void
body_mime_texts_clear(struct body_mime_texts *t)
{
	t->n = 0;
	for (size_t i = 0; i < t->b->nparts; i++)
		t->list[i] = SPAN_NONE;
}

void
body_mime_texts_set(struct body_mime_texts *t, size_t part, struct span text)
{
	t->list[part] = text;
	t->n++;
}

void
body_mime_propose_all(struct body_mime_texts *t)
{
	struct edits e = {NULL, 0};

	if (!body_mime_take(&t->room, t->n * 2 * sizeof(struct edit)))
		return;
	for (size_t i = 0; i < t->b->nparts; i++)
		if (t->list[i].p && !t->edit(t, i, &e))
			return;
	body_propose(t->p, e);
}

/* Parts that are tried each alone. */
#define ALONE 32

void
body_mime_propose_each(struct body_mime_texts *t)
{
	size_t n = 0;

	if (t->n < 2)
		return;
	for (size_t i = 0; i < t->b->nparts && n < ALONE; i++) {
		struct edits e = {NULL, 0};

		if (!t->list[i].p)
			continue;
		n++;
		if (t->edit(t, i, &e))
			body_propose(t->p, e);
	}
}
