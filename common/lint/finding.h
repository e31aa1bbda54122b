/*
 * finding: what --lint has to say of a DNS record: a list of errors and
 * warnings, each with a stable identifier, for all protocols alike.
 */
#ifndef FINDING_H
#define FINDING_H

#include "base/arena.h"
#include "mail/result.h"

enum finding_level {
	FINDING_WARNING, /* it works, but */
	FINDING_ERROR,   /* receivers will not do what its author wants */
};

/* A kind of finding: a protocol has a table of them. */
struct finding_kind {
	const char *id;
	enum finding_level level;
	const char *words; /* what is wrong, and what to do about it */
};
#define FINDING_KIND(name, id, level, words) {id, FINDING_##level, words},

struct finding {
	const struct finding_kind *kind;
	struct span where; /* the domain whose record it is */
	struct span what; /* the term, value or number in question, or absent */
};

struct findings {
	struct arena *arena;
	struct finding *list;
	size_t n;
	enum result_code
	    failed; /* none or temperror: no record could be judged;
				    else pass */
};

#define FINDINGS(a) ((struct findings){.arena = (a), .failed = RESULT_PASS})

/* Adds one, unless the same is there already. */
void finding_add(struct findings *f, const struct finding_kind *kind,
    struct span where, struct span what);

/* As a verdict: pass without any, fail with warnings, permerror with errors, or
 * what failed says, which comes first. */
enum result_code finding_verdict(const struct findings *f);

/* Whose a record is that has no domain: a name that never exists (RFC 2606). */
#define FINDING_NOBODY SPAN("record.invalid")

/*
 * Texts that are meant to be a record.
 */

/* A text without what forms, word processors and shells leave in front: blanks,
 * quotes of all kinds, in any charset; all but letters, digits, and what is in
 * keep. */
struct span finding_skip_litter(struct span text, const char *keep);

/* Does a text begin with a protocol's version ("spf": "v=spf1"), misspelt or
 * not: "v=spf10", "v = SPF1", "v=spf1,", "v:spf1", "spf1"? */
bool finding_has_version(struct span text, struct span protocol);

#endif
