/* explain_witness: what another signature of the same domain proves. */
/* SPDX-License-Identifier: ISC */

#include "base/limit.h"
#include "base/taglist.h"
#include "explain/explain_internal.h"

bool
explain_is_witness(const struct dkim_outcome *o, const struct dkim_signature *s)
{
	const struct dkim_signature *w = o->signature;

	return w && o->header_intact && span_eq(w->domain, s->domain) &&
	    (o->reason == DKIM_OK || o->reason == DKIM_BODY_HASH) &&
	    context_is_later(s, w) &&
	    (w->header == CANON_SIMPLE || s->header == CANON_RELAXED);
}

const uint32_t *
explain_covered(const struct message *m, const struct dkim_signature *s)
{
	uint32_t *covered = ARENA_ARRAY(m->arena, uint32_t, m->nnames);
	struct span names = s->names, name;

	while (taglist_item(&names, ':', &name)) {
		const struct field *f = message_lowest(m, name);

		if (f)
			covered[f->name_id]++;
	}
	return covered;
}

/* Marks the fields that a signature covers (RFC 6376 5.4.2). */
static void
mark(const struct message *m, const struct dkim_signature *s, bool *intact)
{
	const struct field **next =
	    ARENA_ARRAY(m->arena, const struct field *, m->nnames);
	struct span names = s->names, name;

	for (size_t i = 0; i < m->nnames; i++)
		next[i] = &m->fields[m->names[i].lowest];
	while (taglist_item(&names, ':', &name)) {
		const struct field *lowest = message_lowest(m, name), **at;

		if (!lowest || !*(at = &next[lowest->name_id]))
			continue;
		intact[*at - m->fields] = true;
		*at = message_above(m, *at);
	}
}

const bool *
explain_intact(const struct message *m, const struct dkim_verifier *v,
    const struct dkim_signature *s)
{
	bool *intact = NULL;
	size_t n = dkim_verify_count(v), left = LIMIT_EXPLAIN_SIGNATURES;

	for (size_t i = n; i && left; i--) {
		struct dkim_outcome o = dkim_verify_outcome(v, i);

		if (!explain_is_witness(&o, s))
			continue;
		if (!intact)
			intact = ARENA_ARRAY(m->arena, bool, m->nfields);
		mark(m, o.signature, intact);
		left--;
	}
	return intact;
}
