/*
 * body: which alterations of a body undone give the octets that were signed?
 *	body.c		the search, and its result
 *	body_search.c	tries repairs, and repairs of what others have given
 *	body_stage.c	bodies with repairs, as many as memory holds
 *	body_tail.c	a body that ends earlier: all ends in one pass
 *	body_block.c	lines that were put in anywhere, by force
 *	body_proposals.c	collects what repairs propose
 *	body_place.c	octets and lines of a body with edits
 *	body_map.c	the MIME parts of a body
 *	body_lines_*.c	repairs of lines: ends, blanks, length, mbox ...
 *	body_mime_*.c	repairs of MIME: encodings, wrappers, parts
 */
/* SPDX-License-Identifier: ISC */
#ifndef BODY_H
#define BODY_H

#include "repair/edit.h"
#include "repair/repair.h"

struct body_found {
	bool is_found;
	struct repair repairs[REPAIR_DEPTH]; /* in the order in which they are
						to be undone */
	size_t nrepairs;
	struct edits edits; /* the body as received becomes the one signed */
	/* Fields of MIME that describe the body found, raw, where they are
	 * known to differ from those of the message: it was wrapped. Or
	 * absent. */
	struct span fields;
	uint64_t tries;
};

/*
 * Searches for a body whose hash is s->body_hash. The octets are the body as
 * received; all that is returned lives in the arena or points into them. The
 * memory needed is bounded by LIMIT_EXPLAIN_MEMORY.
 */
struct body_found body_find(const struct message *m, struct span octets,
    const struct dkim_signature *s, struct budget *budget, struct arena *a);

#endif
