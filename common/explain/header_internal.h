/* header_internal: what repairs of the header are given, and how they propose.
 * For the files of header alone. */
/* SPDX-License-Identifier: ISC */
#ifndef HEADER_INTERNAL_H
#define HEADER_INTERNAL_H

#include "explain/header.h"

struct header {
	const struct message *m;
	const struct dkim_signature *s;
	size_t signature; /* index of its field in m->fields */
	struct span mime; /* fields of MIME that describe the body that was
			     signed, or absent */
	struct arena *arena;
};

struct header_proposal {
	struct header_change *changes;
	size_t n;
};

struct header_proposals {
	struct arena *arena;
	struct header_proposal *list;
	size_t n, most; /* no more than that */
};

/* Proposes another text of a field, which has no line end or one: the line end
 * of the field as received is used. Texts that are equal to it are ignored. */
void header_propose_text(struct header_proposals *p, const struct header *h,
    size_t index, struct span raw);

/* Proposes changes that belong together. They are copied, and sorted by index,
 * what is inserted above a field before the change of it. */
void header_propose(
    struct header_proposals *p, const struct header_change *changes, size_t n);

struct header_repair {
	struct repair_kind kind;
	/* Either of them is NULL. The first proposes other texts of one field,
	 * which may itself be the proposal of another repair (raw, then, is not
	 * that of m->fields[index]). The second proposes changes of the header
	 * as received. The likeliest first; nothing where there is no sign of
	 * the alteration. */
	void (*field)(const struct header *h, size_t index, struct span raw,
	    struct header_proposals *p);
	void (*whole)(const struct header *h, struct header_proposals *p);
};

/* The tables end with a NULL id. */
extern const struct header_repair header_text_repairs[];  /* of texts */
extern const struct header_repair header_field_repairs[]; /* of fields */

/* Is the field selected by h=, or the signature field itself? Only then a
 * change of it matters. */
bool header_is_signed(const struct header *h, size_t index);

#endif
