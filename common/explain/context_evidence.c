/* context_evidence: what the parts of a context share. */
/* SPDX-License-Identifier: ISC */

#include "explain/context_internal.h"

const struct context_kind context_kinds[] = {
#define CONTEXT_REMARK_KIND(name, id, words) {id, words},
    CONTEXT_REMARKS(CONTEXT_REMARK_KIND){NULL, NULL},
};

void
context_note(
    struct context_search *c, enum context_remark remark, struct span what)
{
	struct context *out = c->out;

	if (out->nnotes < CONTEXT_NOTES)
		out->notes[out->nnotes++] =
		    (struct context_note){&context_kinds[remark], what};
}

const struct context_note *
context_has(const struct context *c, enum context_remark remark)
{
	for (size_t i = 0; i < c->nnotes; i++)
		if (c->notes[i].kind == &context_kinds[remark])
			return &c->notes[i];
	return NULL;
}

size_t
context_times_signed(const struct context_search *c, struct span name)
{
	struct span names = c->s->names, item;
	size_t n = 0;

	while (taglist_item(&names, ':', &item))
		n += span_caseeq(item, name);
	return n;
}

bool
context_other(const struct context_search *c, size_t *i, struct dkim_outcome *o)
{
	while (*i < c->nothers) {
		*o = dkim_verify_outcome(c->q->verifier, ++*i);
		if (o->signature && o->signature->field != c->s->field)
			return true;
	}
	return false;
}
