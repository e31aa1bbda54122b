/* body_mime_vary: proposes other headers of parts. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

struct vary {
	struct body_mime_texts texts; /* headers */
	body_mime_variation *variation;
};

static bool
edit_header(struct body_mime_texts *t, size_t i, struct edits *e)
{
	struct span old = body_mime_header(t->b, &t->b->parts[i]);
	struct edit d = {body_mime_at(t->b, old), old.len, t->list[i]};

	edit_trim(&d, t->b->octets);
	edits_add(e, t->p->arena, d.at, d.length, d.text);
	return true;
}

/* Writes the header of a part, unless that changes nothing. */
static void
write_header(struct vary *v, size_t i, size_t number)
{
	struct body_mime_texts *t = &v->texts;
	const struct body_part *part = &t->b->parts[i];
	struct buf out = BUF(t->p->arena);
	struct span header;

	if (part->begin - part->header > BODY_MIME_HEADER)
		return;
	header = body_mime_header(t->b, part);
	if (!header.len || header.p[header.len - 1] != '\n' ||
	    !body_mime_take(&t->room, 4 * header.len + 256))
		return;
	if (v->variation(part, header, number, body_eol(t->b), &out) &&
	    !span_eq(buf_span(&out), header))
		body_mime_texts_set(t, i, buf_span(&out));
}

static void
write_headers(struct vary *v, size_t number)
{
	body_mime_texts_clear(&v->texts);
	for (size_t i = 1; i < v->texts.b->nparts; i++)
		write_header(v, i, number);
}

/* Software that writes fields of all parts may leave out those of
 * multiparts. */
static void
propose_leaves(struct body_mime_texts *t)
{
	for (size_t i = 1; i < t->b->nparts; i++)
		if (t->list[i].p && t->b->parts[i].kind != MIME_LEAF) {
			t->list[i] = SPAN_NONE;
			t->n--;
		}
	body_mime_propose_all(t);
}

void
body_mime_vary(const struct body *b, struct body_proposals *p, size_t numbers,
    body_mime_variation *variation)
{
	struct vary v = {body_mime_texts_begin(b, p, edit_header), variation};

	for (size_t i = 0; i < numbers && body_propose_more(p); i++) {
		write_headers(&v, i);
		body_mime_propose_all(&v.texts);
		propose_leaves(&v.texts);
	}
	for (size_t i = 0; i < numbers && body_propose_more(p); i++) {
		write_headers(&v, i);
		body_mime_propose_each(&v.texts);
	}
}
