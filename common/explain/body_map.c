/* body_map: the whole body as its one part. */
/* SPDX-License-Identifier: ISC */

#include "explain/body_internal.h"

void
body_map(struct body *b)
{
	struct body_part *part = ARENA_NEW(b->arena, struct body_part);

	part->end = part->to = b->octets.len;
	b->parts = part;
	b->nparts = 1;
}
