/* body_proposals: what repairs of the body propose. */
/* SPDX-License-Identifier: ISC */

#include "explain/body_internal.h"

void
body_propose(struct body_proposals *p, struct edits edits)
{
	body_propose_as(p, edits, SPAN_NONE);
}

/* Repairs propose without regard to how much there is room for: the most is
 * lowered once the room is used. */
void
body_propose_as(
    struct body_proposals *p, struct edits edits, struct span fields)
{
	if (!edits.n || p->n >= p->most)
		return;
	*ARENA_PUSH(p->arena, p->list, p->n) =
	    (struct body_proposal){edits, fields};
	if (p->octets && arena_size(p->arena) > p->octets)
		p->most = p->n;
}
