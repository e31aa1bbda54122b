/*
 * nearest: the word of a list that a mistyped one was probably meant to be.
 */
/* SPDX-License-Identifier: ISC */
#ifndef NEAREST_H
#define NEAREST_H

#include "base/span.h"

/* The longest text that anything is near to, in octets. */
#define NEAREST_LENGTH 32

/* A search: what was typed, and the nearest word so far. */
struct nearest {
	struct span text;
	const char *word; /* NULL: no word is near */
	size_t distance;
};

/* Begins a search. */
#define NEAREST(text) ((struct nearest){(text), NULL, 0})

/*
 * Compares the text with one more word, which must live as long as the search;
 * of equally near ones the first is kept.
 *
 * The distance is the number of octets inserted, removed or replaced, and of
 * neighbours exchanged (optimal string alignment), ASCII case ignored. A word
 * is near if the longer of the two has 3 octets and the distance is at most 1,
 * or 6 octets and it is at most 2. Takes a time that is bounded by
 * NEAREST_LENGTH.
 */
void nearest_try(struct nearest *n, const char *word);

/* The end of a message: "; did you mean WORD?", or nothing if word is NULL. */
#define NEAREST_FMT "%s%s%s"
#define NEAREST_ARG(word) \
	(word) ? "; did you mean " : "", (word) ? (word) : "", (word) ? "?" : ""

/* Returns the nearest word of a list that ends with NULL, or NULL. */
const char *nearest_of(struct span text, const char *const *words);

#endif
