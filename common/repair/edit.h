/*
 * edit: changes of a text, as octets replaced by others: to apply them, to
 * apply one list after another as a single one, and to find where an octet was
 * before.
 */
/* SPDX-License-Identifier: ISC */
#ifndef EDIT_H
#define EDIT_H

#include "base/sink.h"

/* The octets [at, at + length) become text. */
struct edit {
	size_t at, length;
	struct span text; /* never absent */
};

/* In order of their place; they do not overlap. */
struct edits {
	struct edit *list;
	size_t n;
};

/* No edit. */
extern const struct edits edits_none;

/* Adds an edit after all others. One that begins where the last one ends is
 * merged with it if that is possible without a copy. Edits are in the arena,
 * texts are not copied. */
void edits_add(struct edits *e, struct arena *a, size_t at, size_t length,
    struct span text);

/* Leaves out of an edit what it replaces with the same octets. */
void edit_trim(struct edit *d, struct span octets);

/* Writes the octets with the edits applied. The sink is not ended. */
void edits_put(const struct edits *e, struct span octets, struct sink *to);

/* Returns the octets with the edits applied. */
struct span
edits_apply(const struct edits *e, struct span octets, struct arena *a);

/* Returns how many octets there are once the edits are applied to so many. */
size_t edits_size(const struct edits *e, size_t octets);

/* Returns edits that do at once what first does, and then second to its
 * result. The octets are those that first applies to. */
struct edits edits_compose(const struct edits *first,
    const struct edits *second, struct span octets, struct arena *a);

/* Returns the place before the edits of an octet after them: of one that an
 * edit has put there, the start of that edit. */
size_t edits_origin(const struct edits *e, size_t at);

/* Returns where the octets before a place were before the edits: the place
 * after the last of them; of one that an edit has put there, the end of that
 * edit. */
size_t edits_origin_end(const struct edits *e, size_t end);

#endif
