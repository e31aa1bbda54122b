/* context: what else is known about a signature that does not verify. */
/* SPDX-License-Identifier: ISC */

#include "explain/context.h"

struct context
context_find(const struct context_question *q, struct arena *a)
{
	(void)q;
	(void)a;
	return (struct context){.software = CONTEXT_UNKNOWN};
}

const char *
context_subject(const struct context *c)
{
	return c->software == CONTEXT_LIST ? "The list software" : "A relay";
}
