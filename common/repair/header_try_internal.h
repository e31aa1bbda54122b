/* header_try_internal: the state of a header that is tried (header_try.c), and
 * for which changes are prepared (header_try_prepare.c). For these alone. */
/* SPDX-License-Identifier: ISC */
#ifndef HEADER_TRY_INTERNAL_H
#define HEADER_TRY_INTERNAL_H

#include "repair/header_internal.h"

#define HEADER_TRY_NONE SIZE_MAX

/* The fields of a name that h= has. */
struct header_try_group {
	struct span name;
	uint32_t lowest; /* field of that name, or UINT32_MAX */
	/* While a header is tried: */
	uint32_t next;     /* field to be selected next */
	size_t first, end; /* its steps; those from end on are done */
};

struct header_try {
	const struct header *h;
	const struct header_witness *w;
	struct arena *arena;
	struct header_try_group *groups; /* sorted by name */
	size_t ngroups;
	size_t *group_of; /* by name_id; HEADER_TRY_NONE: it is not in h= */
	size_t *items;    /* the group of each name in h= */
	size_t nitems;
	struct span *canonical;    /* of each field; absent: not needed yet */
	bool *selected;            /* by index of the field */
	struct span tail;          /* the signature field as it is hashed */
	struct buf octets;         /* of the newest try */
	struct header_step *steps; /* of the sets that are tried */
	size_t room;               /* for so many */
};

/* Returns the group of a name, or HEADER_TRY_NONE. */
size_t header_try_group(const struct header_try *t, struct span name);

/* Returns the canonical form of a field as received, which is made once. */
struct span header_try_received(struct header_try *t, size_t index);

/* Returns a signature field as it is hashed: with b= emptied, canonical,
 * without its CRLF. */
struct span header_try_tail(const struct header_try *t,
    const struct dkim_signature *s, struct arena *a);

/* Orders steps by group, index and action; equal ones keep their order. */
int header_try_order(const struct header_step *a, const struct header_step *b);

#endif
