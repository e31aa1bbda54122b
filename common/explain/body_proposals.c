/* body_proposals: lists of proposals, and the lines of a body. */
/* SPDX-License-Identifier: ISC */

#include "explain/body_internal.h"

void
body_propose_as(
    struct body_proposals *p, struct edits edits, struct span fields)
{
	if (!edits.n || p->n == p->most)
		return;
	*ARENA_PUSH(p->arena, p->list, p->n) =
	    (struct body_proposal){edits, fields};
}

void
body_propose(struct body_proposals *p, struct edits edits)
{
	body_propose_as(p, edits, SPAN_NONE);
}

struct span
body_line(struct span *rest)
{
	size_t n = span_find(*rest, '\n');
	struct span line = span_upto(*rest, n < rest->len ? n + 1 : n);

	*rest = span_from(*rest, line.len);
	return line;
}
