/* recipe_internal: the parts of a recipe. For the files of recipe alone. */
/* SPDX-License-Identifier: ISC */
#ifndef RECIPE_INTERNAL_H
#define RECIPE_INTERNAL_H

#include "explain/recipe.h"

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

/* What the lists of steps of one recipe share. */
struct recipe_room {
	size_t left;        /* octets of LIMIT_EXPLAIN_RECIPE */
	const char *reason; /* NULL: all could be expressed */
};

/* A list of steps being made. */
struct recipe_steps {
	struct recipe_room *room;
	json_t *list;
	json_t *data;       /* the strings of the last step, or NULL */
	json_t *copy;       /* the last number of the last step, or NULL */
	uint64_t copied_to; /* that number */
};

struct recipe_steps recipe_steps(struct recipe_room *room);

/* Adds that a line or field is copied, by its number. */
void recipe_copy(struct recipe_steps *s, uint64_t number);

/* Adds that a text is emitted. */
void recipe_data(struct recipe_steps *s, struct span text);

/* Returns the object, or why there is none, and drops it. */
struct recipe recipe_end(const struct recipe_room *room, json_t *steps);

#define RECIPE_ROOM ((struct recipe_room){.left = LIMIT_EXPLAIN_RECIPE})

#define RECIPE_TOO_LONG "it would be too long"

#endif
