/* body_mime_vary: proposes other headers of parts. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

struct vary {
	const struct body *b;
	struct body_proposals *p;
	body_mime_variation *variation;
	struct span *headers; /* of each part, or absent: no change */
	size_t n;
	size_t room;
};

/* Adds the edit of a header: what differs of it, in whole octets. */
static void
edit(struct edits *e, const struct vary *v, size_t i)
{
	struct span old = body_mime_header(v->b, &v->b->parts[i]);
	struct span new = v->headers[i];
	size_t at = body_mime_at(v->b, old);

	while (old.len && new.len && old.p[0] == new.p[0]) {
		old = span_from(old, 1);
		new = span_from(new, 1);
		at++;
	}
	while (old.len && new.len && old.p[old.len - 1] == new.p[new.len - 1]) {
		old.len--;
		new.len--;
	}
	edits_add(e, v->p->arena, at, old.len, new);
}

/* Writes the header of a part, unless that changes nothing. */
static void
write_header(struct vary *v, size_t i, size_t number)
{
	const struct body_part *part = &v->b->parts[i];
	struct buf out = BUF(v->p->arena);
	struct span header;

	v->headers[i] = SPAN_NONE;
	if (part->begin - part->header > BODY_MIME_HEADER)
		return;
	header = body_mime_header(v->b, part);
	if (!header.len || header.p[header.len - 1] != '\n' ||
	    !body_mime_take(&v->room, 4 * header.len + 256))
		return;
	if (!v->variation(part, header, number, body_mime_eol(v->b), &out) ||
	    span_eq(buf_span(&out), header))
		return;
	v->headers[i] = buf_span(&out);
	v->n++;
}

static void
write_headers(struct vary *v, size_t number)
{
	v->n = 0;
	for (size_t i = 1; i < v->b->nparts; i++)
		write_header(v, i, number);
}

/* Software that writes fields of all parts may leave out those of
 * multiparts. */
static void
propose_all(struct vary *v, bool leaves)
{
	struct edits e = {NULL, 0};

	if (!body_mime_take(&v->room, v->n * 2 * sizeof(struct edit)))
		return;
	for (size_t i = 1; i < v->b->nparts; i++)
		if (v->headers[i].p &&
		    (!leaves || v->b->parts[i].kind == MIME_LEAF))
			edit(&e, v, i);
	body_propose(v->p, e);
}

static void
propose_each(struct vary *v)
{
	size_t n = 0;

	for (size_t i = 1; i < v->b->nparts && n < BODY_MIME_ALONE; i++) {
		struct edits e = {NULL, 0};

		if (!v->headers[i].p)
			continue;
		n++;
		edit(&e, v, i);
		body_propose(v->p, e);
	}
}

void
body_mime_vary(const struct body *b, struct body_proposals *p, size_t numbers,
    body_mime_variation *variation)
{
	struct vary v = {b, p, variation, NULL, 0, b->room};

	v.headers = ARENA_ARRAY(p->arena, struct span, b->nparts);
	for (size_t i = 0; i < numbers && p->n < p->most; i++) {
		write_headers(&v, i);
		propose_all(&v, false);
		propose_all(&v, true);
	}
	for (size_t i = 0; i < numbers && p->n < p->most; i++) {
		write_headers(&v, i);
		if (v.n > 1)
			propose_each(&v);
	}
}
