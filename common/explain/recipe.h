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

/*
 * Returns the steps of a body (draft 5.2): lines are numbered from the top, and
 * copied where they are the same but for their line ends, which canonical forms
 * do not tell apart.
 */
struct recipe
recipe_body(struct span octets, const struct edits *edits, struct arena *a);

/*
 * Returns an object with the steps of each name of which a field was changed
 * (draft 5.1): fields are numbered from the bottom. A recipe gives neither
 * folds nor the case of names, which matters only if the canonical form is
 * simple. The changes are in the order of their indexes.
 */
struct recipe recipe_header(const struct message *m, enum canon canon,
    const struct header_change *changes, size_t n, struct arena *a);

#endif
