/* header_signature_internal: repairs of the signature field, and by what it
 * tells. For the files of header_signature alone.
 *	header_signature.c		the table; names, hashes, blanks
 *	header_signature_read.c		the text of the field
 *	header_signature_copied.c	fields as z= has them
 *	header_signature_fold.c		the lines of the signature field
 */
/* SPDX-License-Identifier: ISC */
#ifndef HEADER_SIGNATURE_INTERNAL_H
#define HEADER_SIGNATURE_INTERNAL_H

#include "repair/header_internal.h"

/* A signature field in pieces of its text. */
struct signature_text {
	const struct header *h;
	struct span raw;
	struct span value; /* after the colon, without the last line end */
	struct taglist list;
	const struct tag *b;
};

/* Reads a text of a field. False: it is not the signature field. */
bool signature_read(struct signature_text *t, const struct header *h,
    size_t index, struct span raw);

/* Proposes another value; what precedes it stays. */
void signature_propose(const struct signature_text *t,
    struct header_proposals *p, struct span value);

/* The repairs, as in struct header_repair. */
void signature_fold(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p);
void signature_unfold(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p);
void signature_copied(const struct header *h, struct header_proposals *p);
void signature_copied_lost(const struct header *h, struct header_proposals *p);

#endif
