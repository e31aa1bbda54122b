/* edit: lists of changes of a text. */
/* SPDX-License-Identifier: ISC */

#include "explain/edit.h"

void
edits_add(struct edits *e, struct arena *a, size_t at, size_t length,
    struct span text)
{
	*ARENA_PUSH(a, e->list, e->n) = (struct edit){at, length, text};
}

void
edits_put(const struct edits *e, struct span octets, struct sink *to)
{
	size_t at = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct edit *d = &e->list[i];

		sink_put(to, span_between(octets.p + at, octets.p + d->at));
		sink_put(to, d->text);
		at = d->at + d->length;
	}
	sink_put(to, span_from(octets, at));
}

size_t
edits_size(const struct edits *e, size_t octets)
{
	for (size_t i = 0; i < e->n; i++)
		octets = octets - e->list[i].length + e->list[i].text.len;
	return octets;
}

struct span
edits_apply(const struct edits *e, struct span octets, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	buf_room(&out.buf, edits_size(e, octets.len));
	edits_put(e, octets, &out.sink);
	return buf_span(&out.buf);
}
