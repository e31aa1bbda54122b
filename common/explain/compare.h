/*
 * compare: a message and its original, in the canonical form of a signature:
 * which fields and lines were changed, added or lost, and does that matter to
 * the signature?
 *	compare.c		a message and its original, for one signature
 *	compare_header.c	the fields
 *	compare_body.c		the lines of the body
 *	compare_lines.c		lines in canonical form
 *	compare_script.c	the shortest list of lines added and lost
 *	compare_text.c		lines for people
 *	compare_json.c		an object for programs
 */
/* SPDX-License-Identifier: ISC */
#ifndef COMPARE_H
#define COMPARE_H

#include <jansson.h>

#include "dkim/dkim.h"

enum compare_state {
	COMPARE_SAME,
	COMPARE_CHANGED,
	COMPARE_ADDED, /* the original does not have it */
	COMPARE_LOST,  /* only the original has it */
};

/* A field, or a pair of fields. It matters to the signature if it is signed and
 * not the same. */
struct compare_field {
	enum compare_state state; /* in canonical form */
	bool is_signed;           /* h= selects it, or the signature field */
	/* It is the same in canonical form alone: white space, folds or the
	 * case of its name differ. */
	bool is_hidden;
	struct span name;
	const struct field *before, *after; /* NULL: added; lost */
};

/* Lines of the body that differ. One of the two counts may be 0. */
struct compare_hunk {
	uint64_t before_line, after_line; /* lines above it, in each body */
	uint64_t nbefore, nafter;         /* lines */
	struct span before, after;        /* their octets, not canonical */
	bool is_signed;                   /* not all after l= */
};

struct comparison {
	const struct dkim_signature *signature;
	/* The original has this signature field (compare_field has it). */
	bool has_signature;
	/* Those that h= selects in its order, then the signature field, then
	 * up to LIMIT_COMPARE_FIELDS unsigned ones that differ. */
	struct compare_field *fields;
	size_t nfields;
	size_t nleft;               /* more unsigned ones that differ */
	size_t nunsigned_same;      /* unsigned ones that are the same */
	struct compare_hunk *hunks; /* in order */
	size_t nhunks;
	/* Too many lines differ to be compared one by one: the only hunk has
	 * all of them from the first to the last. */
	bool is_coarse;
	/* Lines that differ only in white space that the canonical form does
	 * not have. Line ends, and empty lines at the end, are not counted. */
	uint64_t nhidden;
	/* Do the octets that were hashed differ? */
	bool header_differs, body_differs;
};

/* An original message, to compare others with. */
struct compare_original;

/* Prepares an original: the message and all octets of its body, which must live
 * as long. */
const struct compare_original *
compare_original(const struct message *m, struct span body, struct arena *a);

/*
 * Compares a message, and all octets of its body, with its original, as the
 * signature covers them. The result lives in the arena and points into both
 * messages. The time is linear in the octets of both and in the limits of
 * base/limit.h.
 */
struct comparison compare(const struct message *m, struct span body,
    const struct compare_original *original, const struct dkim_signature *s,
    struct arena *a);

/* Adds lines for people to the details of a result: what was changed, added and
 * lost, as in a diff, each with "signed" or "not signed". */
void
compare_text(const struct comparison *c, struct result *r, struct arena *a);

/* Returns an object for programs (vouch-json(5), COMPARE). */
json_t *compare_json(const struct comparison *c, struct arena *a);

#endif
