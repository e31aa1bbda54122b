/* header_repairs: the repairs of a header, and how they propose. */
/* SPDX-License-Identifier: ISC */

#include "explain/header_internal.h"

const struct header_repair header_text_repairs[] = {
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
};

const struct header_repair header_field_repairs[] = {
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
};

void
header_propose(
    struct header_proposals *p, const struct header_change *changes, size_t n)
{
	struct header_change *copy;

	if (!n || p->n >= p->most)
		return;
	copy = ARENA_ARRAY(p->arena, struct header_change, n);
	for (size_t i = 0; i < n; i++)
		copy[i] = changes[i];
	*ARENA_PUSH(p->arena, p->list, p->n) =
	    (struct header_proposal){copy, n};
}

void
header_propose_text(struct header_proposals *p, const struct header *h,
    size_t index, struct span raw)
{
	struct span received = h->m->fields[index].raw;
	struct span end = span_from(received, field_chomp(received).len);
	struct header_change c = {
	    HEADER_REPLACE, index, ARENA_JOIN(p->arena, field_chomp(raw), end)};

	if (!span_eq(c.raw, received))
		header_propose(p, &c, 1);
}
