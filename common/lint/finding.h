/*
 * finding: the findings of --lint about DNS records: a list of errors and
 * warnings, each with a stable identifier, in the same form for all protocols.
 */
/* SPDX-License-Identifier: ISC */
#ifndef FINDING_H
#define FINDING_H

#include "base/arena.h"
#include "mail/result.h"

enum finding_level {
	FINDING_WARNING, /* the record works, but has a flaw or a risk */
	FINDING_ERROR,   /* receivers will not do what its owner intends */
};

/* A kind of finding. Each protocol has a table of them. */
struct finding_kind {
	const char *id;
	enum finding_level level;
	const char *words; /* the problem, and what to do about it */
};
#define FINDING_KIND(name, id, level, words) {id, FINDING_##level, words},

struct finding {
	const struct finding_kind *kind;
	struct span where; /* the domain that owns the record */
	struct span what;  /* the term, value or number concerned, or absent */
	const char *near;  /* the word that was probably meant in it, or NULL */
};

struct findings {
	struct arena *arena;
	struct finding *list;
	size_t n;
	/* RESULT_NONE or RESULT_TEMPERROR if the record, or a part of it, could
	 * not be checked; else RESULT_PASS. */
	enum result_code failed;
};

#define FINDINGS(a) ((struct findings){.arena = (a), .failed = RESULT_PASS})

/* Adds a copy of a finding, unless the list has the same one already. */
void finding_add(struct findings *f, const struct finding_kind *kind,
    struct span where, struct span what);

/* The same with the word that was probably meant (nearest.h); NULL: none. */
void finding_add_near(struct findings *f, const struct finding_kind *kind,
    struct span where, struct span what, const char *near);

/* Returns the findings as a verdict: f->failed unless it is RESULT_PASS; else
 * permerror if there are errors, fail if there are warnings, or pass. */
enum result_code finding_verdict(const struct findings *f);

/* The domain that a record given without one is attributed to: a name that
 * never exists (RFC 2606). */
#define FINDING_NOBODY SPAN("record.invalid")

/*
 * Texts that are meant to be a record.
 */

/* Returns a text from its first letter, digit or octet of keep on: without the
 * blanks and quotes, in any charset, that web forms, word processors and shells
 * leave in front of a record. */
struct span finding_skip_litter(struct span text, const char *keep);

/* Does a text begin with the version of a protocol, such as "spf", misspelt or
 * not: "v=spf1", "v=spf10", "v = SPF1", "v=spf1,", "v:spf1", "spf1"? */
bool finding_has_version(struct span text, struct span protocol);

#endif
