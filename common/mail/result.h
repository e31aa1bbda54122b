/*
 * result: the answer of one evaluation as RFC 8601 writes it, for all methods
 * alike. Protocol code fills it; output.c and authres.c write it out.
 */
#ifndef RESULT_H
#define RESULT_H

#include "base/arena.h"

/* RFC 8601 2.7, the results of dkim, spf, dmarc and vbr. */
enum result_code {
	RESULT_PASS,
	RESULT_FAIL,
	RESULT_SOFTFAIL,
	RESULT_NEUTRAL,
	RESULT_POLICY,
	RESULT_NONE,
	RESULT_PERMERROR,
	RESULT_TEMPERROR,
};
#define RESULT_CODES 8

/* How a property's value must be written (RFC 8601 2.2). */
enum result_kind {
	RESULT_VALUE,   /* token, else quoted-string */
	RESULT_ADDRESS, /* [[local-part]@]domain-name, domain in any form */
};

struct result_property {
	const char *name; /* "header.d" */
	struct span value;
	enum result_kind kind;
};

/* A stable identifier and its words; both are also valid in a reason=. */
struct result_note {
	const char *id;
	struct span words;
};

/*
 * A reason of a protocol: identifier, result and words in one table, so that
 * they cannot drift apart. A protocol lists its rows once, X(NAME, id, RESULT,
 * words), and makes of them its enum and, by RESULT_REASON, its table.
 */
struct result_reason {
	const char *id; /* NULL: nothing to say (a plain pass) */
	enum result_code code;
	const char *words;
};
#define RESULT_REASON(name, id, result, words) {id, RESULT_##result, words},

#define RESULT_PROPERTIES 8
#define RESULT_NOTES      12

struct result {
	const char *method; /* "dkim" */
	enum result_code code;
	struct result_note why; /* id == NULL: nothing to say (a plain pass) */
	struct span place;      /* where that is, for people; or absent */
	struct result_note notes[RESULT_NOTES + 1]; /* one for who writes it */
	size_t nnotes;
	struct result_property properties[RESULT_PROPERTIES];
	size_t nproperties;
	struct span domain;  /* what --require-domain compares, or absent */
	int status;          /* of exit, instead of the result's own; or 0 */
	struct span *detail; /* lines for --verbose, each one line */
	size_t ndetail;
};

/* "pass", "fail", ... */
const char *result_name(enum result_code code);

/* The exit status of a verdict, before --exit-map (vouch(7), EXIT STATUS). */
int result_status(enum result_code code);

/* The code of a name; false if there is none. */
bool result_parse(struct span name, enum result_code *code);

/* Sets the result and why it is so. */
void result_because(struct result *r, const struct result_reason *why);

/* Adds a note or a property; there is room for what any method needs (a
 * table that outgrows it is an assert). A value that is absent adds nothing. */
void result_note(struct result *r, const char *id, struct span words);
void result_property(struct result *r, const char *name, struct span value,
    enum result_kind kind);

/* Adds a line to result.detail, which grows in the arena. */
void result_detail(struct result *r, struct span line, struct arena *a);

/*
 * The verdict over several results of one method: pass if one passes (if all:
 * if every one passes), else the first code that occurs in the order
 * temperror, fail, policy, permerror, neutral, softfail, none. With a domain
 * only results of that domain can pass, the others count as they are but a
 * pass of theirs counts for nothing (none). No result at all: none.
 */
enum result_code result_verdict(
    const struct result *list, size_t n, bool all, struct span domain);

#endif
