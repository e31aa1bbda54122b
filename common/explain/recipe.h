/*
 * recipe: how to get a message as it was signed from the one received, in the
 * vocabulary of DKIM2 (draft-ietf-dkim-dkim2-spec-06 5).
 *	recipe.c	the whole
 *	recipe_steps.c	its steps
 *	recipe_header.c	of a header, field by field
 *	recipe_body.c	of a body, line by line
 */
/* SPDX-License-Identifier: ISC */
#ifndef RECIPE_H
#define RECIPE_H

#include <jansson.h>

#include "explain/explain.h"

struct recipe {
	json_t *steps;      /* the object, or NULL: it cannot be expressed */
	const char *reason; /* why, if it cannot */
};

/*
 * Returns the recipe of an explanation. If the header is known, and the body is
 * not, "b" is null, as the draft has it. A recipe cannot tell that the header
 * is not known: then there is none. The caller takes the reference.
 */
struct recipe recipe_of(const struct message *m, struct span body,
    const struct explanation *x, struct arena *a);

#endif
