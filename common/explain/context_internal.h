/* context_internal: what the parts of context share. */
/* SPDX-License-Identifier: ISC */
#ifndef CONTEXT_INTERNAL_H
#define CONTEXT_INTERNAL_H

#include "explain/context.h"

struct context_search {
	const struct context_question *q;
	const struct message *m;
	const struct dkim_signature *s;
	size_t at; /* index of the signature field in m->fields */
	/* The host of the mailing list by List-Post, X-BeenThere or List-Id, in
	 * normal form, or absent. */
	struct span list;
	size_t nothers; /* results of the verifier */
	struct arena *arena;
	struct context *out;
};

/* Adds a remark, unless there are CONTEXT_NOTES. */
void context_note(
    struct context_search *c, enum context_remark remark, struct span what);

/* Visits the other signatures, top to bottom: *i is 0 at first, and then the
 * number that the signature has in reports. False: there are no more. */
bool context_other(
    const struct context_search *c, size_t *i, struct dkim_outcome *o);

void context_software_find(struct context_search *c);
void context_relay_find(struct context_search *c);
void context_key_find(struct context_search *c);
void context_cut_find(struct context_search *c);
void context_notes_find(struct context_search *c);

#endif
