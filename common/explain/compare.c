/* compare: a message and its original, in the canonical form of a signature. */
/* SPDX-License-Identifier: ISC */

#include "explain/compare_internal.h"

#include "base/limit.h"

const char *
compare_state_name(enum compare_state state)
{
	static const char *const names[] = {
	    [COMPARE_SAME] = "same",
	    [COMPARE_CHANGED] = "changed",
	    [COMPARE_ADDED] = "added",
	    [COMPARE_LOST] = "lost",
	};

	return names[state];
}

const struct compare_original *
compare_original(const struct message *m, struct span body, struct arena *a)
{
	struct compare_original *o = ARENA_NEW(a, struct compare_original);

	o->m = m;
	o->body = body;
	for (size_t i = 0; i < m->nfields; i++) {
		struct dkim_signature s;

		if (!span_caseeq(m->fields[i].name, SPAN("DKIM-Signature")) ||
		    o->nsignatures == LIMIT_AUTHRES_RESULTS ||
		    dkim_signature_parse(&m->fields[i], a, &s) != DKIM_OK)
			continue;
		*ARENA_PUSH(a, o->signatures, o->nsignatures) = s;
	}
	return o;
}

struct comparison
compare(const struct message *m, struct span body,
    const struct compare_original *original, const struct dkim_signature *s,
    struct arena *a)
{
	struct comparison c = {.signature = s};

	compare_header(m, original, &c, a);
	compare_body(original->body, body, &c, a);
	return c;
}
