/* header_internal: what repairs of the header are given, and how they propose.
 * For the files of header alone. */
/* SPDX-License-Identifier: ISC */
#ifndef HEADER_INTERNAL_H
#define HEADER_INTERNAL_H

#include "repair/header.h"

struct header {
	const struct message *m;
	const struct dkim_signature *s;
	size_t signature;   /* index of its field in m->fields */
	struct span mime;   /* fields of MIME that describe the body that was
			     signed, or absent */
	struct span body;   /* the hash of the body as received, or absent */
	const bool *intact; /* of struct header_witness */
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
	/* By call of header_propose_text(): the index of the proposal with that
	 * text, or SIZE_MAX if it was ignored. */
	size_t *ways, nways;
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
	 * the alteration. The nth text that the first has for one field undoes
	 * the same as the nth for another: software changes many fields in the
	 * same way, and the search tries all such texts at once. */
	void (*field)(const struct header *h, size_t index, struct span raw,
	    struct header_proposals *p);
	void (*whole)(const struct header *h, struct header_proposals *p);
};

/* The tables end with a NULL id. The first has repairs of the signature field,
 * and of others by what it tells of them. */
extern const struct header_repair header_signature_repairs[];
extern const struct header_repair header_text_repairs[];  /* of texts */
extern const struct header_repair header_field_repairs[]; /* of fields */

/* Is the field selected by h=, or the signature field itself? Only then a
 * change of it matters. */
bool header_is_signed(const struct header *h, size_t index);

/* Returns a field in canonical form. */
struct span
header_canonical(const struct header *h, struct span raw, struct arena *a);

/* Returns a copy in which each run of blanks and line ends is one SP. */
struct span header_squeezed(struct span s, struct arena *a);

/* Returns a copy in which each fold, a line end with the blanks on both sides,
 * is replaced by a text. */
struct span header_refolded(struct span s, struct span by, struct arena *a);

/* Returns a copy with a fold before each HTAB, and before two blanks or more,
 * as software that has joined lines leaves them; or, with replaced, in the
 * place of a SP that other blanks follow, which formail -c puts for a line
 * end. */
struct span
header_unjoined(struct span s, struct span eol, bool replaced, struct arena *a);

/* Returns s with letters in upper case: the first, and those after one of these
 * octets; or, with NULL, all of them. */
struct span header_capital(struct span s, const char *after, struct arena *a);

/* Searches with these tables, the last of which is NULL; header_find() does so
 * with those above. */
struct header_found header_search(const struct header *h,
    const struct header_witness *w, const struct header_repair *const *tables,
    struct budget *budget, struct arena *a);

/*
 * The hash of a header with changes. Changes are prepared once, and tried
 * alone and together with others.
 */
struct header_try;

/* A change as it is tried: what it does to the fields that h= selects. */
struct header_step {
	size_t group; /* of the fields of one name that h= has */
	size_t index;
	bool insert, drop;
	bool renamed; /* inserted in the place of a field of another name */
	size_t order; /* of steps that are equal so far */
	struct span canonical; /* what takes the place; of a drop absent */
};

/* A set of changes that belong together. */
struct header_set {
	const struct header_change *changes; /* those that matter, in the order
						in which they were proposed */
	size_t n;
	const struct header_step *steps; /* sorted for a try */
	size_t nsteps;
	struct span tail; /* the canonical signature field, if it changes */
	uint64_t touched; /* a bit for each field, by index modulo 64, that is
			     replaced or dropped */
};

/* Everything lives in the arena. */
struct header_try *header_try_new(
    const struct header *h, const struct header_witness *w, struct arena *a);

/*
 * Prepares changes. Those that the signature does not cover are left out. False
 * if none remains, or they are not ones of a header: an index that is not
 * there, a text that is not one whole field, a field that is changed twice,
 * another signature in the place of this one, over LIMIT_SIGNED_FIELDS changes.
 */
bool
header_try_prepare(struct header_try *t, const struct header_change *changes,
    size_t n, struct header_set *set, struct arena *a);

/* Does h= select the field as received, or is it the signature field? */
bool header_try_selects(const struct header_try *t, size_t index);

/* Do both sets change one field? Takes the product of their sizes at worst. */
bool
header_try_conflicts(const struct header_set *a, const struct header_set *b);

/* Returns the octets that are hashed for a header with these sets, none of
 * which conflict. They are valid until the next call. */
struct span header_try_octets(
    struct header_try *t, const struct header_set *const *sets, size_t n);

enum header_tried {
	HEADER_TRIED_DIFFERS,
	HEADER_TRIED_SIGNED, /* this is the header that was signed */
	HEADER_TRIED_SPENT,  /* the budget is not enough */
};

/* Tries the header with these sets. */
enum header_tried header_try(struct header_try *t,
    const struct header_set *const *sets, size_t n, struct budget *budget);

/* Returns all changes of the sets in the order that header_put() takes. */
struct header_change *header_try_changes(const struct header_set *const *sets,
    size_t n, size_t *count, struct arena *a);

#endif
