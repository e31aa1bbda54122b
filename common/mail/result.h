/*
 * result: the result of one evaluation in the terms of RFC 8601, the same for
 * all methods. Protocol code fills it; output.c and authres_write.c write it.
 */
/* SPDX-License-Identifier: ISC */
#ifndef RESULT_H
#define RESULT_H

#include "base/screen.h"

/* The results of dkim, spf, dmarc and vbr, RFC 8601 2.7. */
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
	RESULT_VALUE,   /* token, or else quoted-string */
	RESULT_ADDRESS, /* [[local-part]@]domain-name, domain in any form */
};

struct result_property {
	const char *name; /* "header.d" */
	struct span value;
	enum result_kind kind;
};

/* A stable identifier and an explanation in words. */
struct result_note {
	const char *id;
	struct span words;
};

/*
 * A reason of a protocol: identifier, result and words in one table, so that
 * they cannot drift apart. A protocol lists its rows once, as X(NAME, id,
 * RESULT, words), and derives its enum from them and, with RESULT_REASON, its
 * table.
 */
struct result_reason {
	const char *id; /* NULL: a plain pass, without a reason */
	enum result_code code;
	const char *words;
};
#define RESULT_REASON(name, id, result, words) {id, RESULT_##result, words},

/* A line of --verbose, and what it is. */
struct result_line {
	struct span text;
	enum screen_role role;
	bool is_shown; /* printable already: not to be escaped again */
};

#define RESULT_PROPERTIES 8
#define RESULT_NOTES      12

struct result {
	const char *method; /* "dkim" */
	enum result_code code;
	struct result_note why; /* id NULL: a plain pass, without a reason */
	struct span place;      /* where in the message why applies, for people;
			      or absent */
	struct result_note notes[RESULT_NOTES + 1]; /* authres_settled() may
						       add one */
	size_t nnotes;
	struct result_property properties[RESULT_PROPERTIES];
	size_t nproperties;
	struct span domain; /* for --require-domain, or absent */
	int status;         /* exit status to use instead of code's, or 0 */
	struct result_line *detail; /* for --verbose */
	size_t ndetail;
};

/* Returns the name of a code: "pass", "fail", ... */
const char *result_name(enum result_code code);

/* Returns the exit status for a code, before --exit-map (vouch(7), EXIT
 * STATUS). */
int result_status(enum result_code code);

/* Reads the name of a code. Returns false if it is not one. */
bool result_parse(struct span name, enum result_code *code);

/* Sets the code and why from a reason. */
void result_because(struct result *r, const struct result_reason *why);

/* Add a note or a property. There is room for as many as any method adds (an
 * assert). A property with an absent value is not added. */
void result_note(struct result *r, const char *id, struct span words);
void result_property(struct result *r, const char *name, struct span value,
    enum result_kind kind);

/* Adds a plain line to r->detail, which grows in the arena. */
void result_detail(struct result *r, struct span line, struct arena *a);

/*
 * Returns the verdict over the results of one method: pass if one of them
 * passes (with all, if each of them passes), else the first of temperror, fail,
 * policy, permerror, neutral, softfail, none that one of them has. If domain is
 * not absent, a pass of another domain is treated as none. The verdict over no
 * results is RESULT_NONE.
 */
enum result_code result_verdict(
    const struct result *list, size_t n, bool all, struct span domain);

#endif
