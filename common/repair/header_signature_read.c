/* header_signature_read: the text of a signature field, and its tags. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_signature_internal.h"

bool
signature_read(struct signature_text *t, const struct header *h, size_t index,
    struct span raw)
{
	*t = (struct signature_text){.h = h, .raw = raw};
	if (index != h->signature)
		return false;
	t->value = field_split(raw).body;
	if (taglist_parse(t->value, h->arena, &t->list) != TAGLIST_OK)
		return false;
	t->b = taglist_find(&t->list, "b");
	return t->b != NULL;
}

void
signature_propose(const struct signature_text *t, struct header_proposals *p,
    struct span value)
{
	struct span before = span_between(t->raw.p, t->value.p);

	header_propose_text(
	    p, t->h, t->h->signature, ARENA_JOIN(p->arena, before, value));
}
