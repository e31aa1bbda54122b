/*
 * header: which alterations of a header undone give the octets that were
 * signed?
 *	header.c	the search, and its result
 *	header_try*.c	the hash of a header with changes
 *	header_search*.c	tries repairs, alone and together
 *	header_repairs*.c	the repairs of fields, and how they propose
 *	header_signature*.c	those of the signature field, and by what it has
 */
/* SPDX-License-Identifier: ISC */
#ifndef HEADER_H
#define HEADER_H

#include "dkim/key.h"
#include "repair/repair.h"

enum header_action {
	HEADER_REPLACE, /* the field by raw */
	HEADER_DROP,    /* the field */
	HEADER_INSERT,  /* raw above the field */
};

/* A change of the header as received. */
struct header_change {
	enum header_action action;
	size_t index; /* of m->fields; of an insertion, m->nfields is the end */
	struct span raw; /* a whole field with its line end */
};

/* What the signature tells of the header that was signed. */
struct header_witness {
	const struct dkim_signature *signature;
	const struct key_public *key;
	struct span digest; /* recovered from an RSA signature; absent: each try
			       is a verification */
	struct span
	    body; /* the hash of the body as received, or absent: bh= may
			     have been altered */
	const bool *intact; /* by index of m->fields: it is known to be as it
			       was signed, and no change of it is tried; or
			       NULL */
};

/* A repair that has changed several fields alike is told once for each, up to
 * so many. */
#define HEADER_ALIKE 5

struct header_found {
	bool is_found;
	struct repair repairs[REPAIR_DEPTH * HEADER_ALIKE];
	size_t nrepairs;
	struct header_change *changes; /* by index, what is inserted above a
					  field before the change of it; at
					  most one REPLACE or DROP of each */
	size_t nchanges;
	uint64_t tries;
};

/*
 * Searches for a header that the signature covers, other than the one that was
 * received. fields: fields of MIME that describe the body that was signed, if
 * that is known to have been wrapped, or absent. All that is returned lives in
 * the arena or points into the message.
 */
struct header_found
header_find(const struct message *m, const struct header_witness *w,
    struct span fields, struct budget *budget, struct arena *a);

/* Writes the header with changes, which are in the order of header_found:
 * fields alone, no mbox lines, no empty line. A field that others follow gets a
 * line end if it has none. The sink is not ended. */
void header_put(const struct message *m, const struct header_change *changes,
    size_t n, struct sink *to);

#endif
