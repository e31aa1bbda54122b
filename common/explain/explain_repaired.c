/* explain_repaired: a message as it was signed. */
/* SPDX-License-Identifier: ISC */

#include "explain/explain_internal.h"

bool
explain_repaired(const struct message *m, struct span body,
    const struct explanation *x, struct sink *to)
{
	const struct header_found *h = &x->header_found;
	size_t nchanges = x->header == EXPLAIN_REPAIRED ? h->nchanges : 0;

	if (!explain_is_known(x->header) || !explain_is_known(x->body))
		return false;
	header_put(m, h->changes, nchanges, to);
	/* Without an empty line the body as received begins with a line that
	 * cannot be a field; the one signed may begin with any. */
	sink_put(to, m->separator.len ? m->separator : span_of(m->eol));
	edits_put(
	    x->body == EXPLAIN_REPAIRED ? &x->body_found.edits : &edits_none,
	    body, to);
	return true;
}
