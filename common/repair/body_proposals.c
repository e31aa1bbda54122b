/* body_proposals: the list of what a repair of a body proposes. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_internal.h"

static bool
edits_equal(const struct edits *a, const struct edits *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->list[i].at != b->list[i].at ||
		    a->list[i].length != b->list[i].length ||
		    !span_eq(a->list[i].text, b->list[i].text))
			return false;
	return true;
}

/* Variants of a repair often give the same. */
static bool
is_proposed(const struct body_proposals *p, const struct body_proposal *new)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct body_proposal *old = &p->list[i];

		if (old->is_choice == new->is_choice &&
		    edits_equal(&old->edits, &new->edits) &&
		    span_eq(old->fields, new->fields))
			return true;
	}
	return false;
}

bool
body_propose_more(const struct body_proposals *p)
{
	return p->n < p->most &&
	    (!p->octets || arena_size(p->arena) <= p->octets);
}

/* Repairs propose without regard to how much there is room for: the most is
 * lowered once the room is used. */
static void
add(struct body_proposals *p, struct body_proposal new)
{
	if (!new.edits.n || p->n >= p->most || is_proposed(p, &new))
		return;
	*ARENA_PUSH(p->arena, p->list, p->n) = new;
	if (!body_propose_more(p))
		p->most = p->n;
}

void
body_propose(struct body_proposals *p, struct edits edits)
{
	add(p, (struct body_proposal){edits, SPAN_NONE, false});
}

void
body_propose_as(
    struct body_proposals *p, struct edits edits, struct span fields)
{
	add(p, (struct body_proposal){edits, fields, false});
}

void
body_propose_choice(struct body_proposals *p, struct edits edits)
{
	add(p, (struct body_proposal){edits, SPAN_NONE, true});
}
