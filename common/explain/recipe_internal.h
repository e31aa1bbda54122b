/* recipe_internal: the steps of a recipe. For the files of recipe alone. */
/* SPDX-License-Identifier: ISC */
#ifndef RECIPE_INTERNAL_H
#define RECIPE_INTERNAL_H

#include "explain/recipe.h"

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
