/*
 * spf_trace: an observer that keeps what check_host() did as a tree, and shows
 * it: for --tree, --verbose and JSON.
 */
#ifndef SPF_TRACE_H
#define SPF_TRACE_H

#include "base/json.h"
#include "spf/spf_record.h"

/* A term that was evaluated, or an explored one. */
struct spf_step {
	const struct spf_term *term;
	struct span target; /* the expanded domain-spec, or absent */
	const struct dns_answer **answers; /* in the order of the questions */
	size_t nanswers;
	struct spf_trace_check *check; /* of include and redirect=, or NULL */
	enum spf_match match;
	unsigned lookups; /* of it and all below it */
	bool live;        /* the verdict was still open */
	bool decides;     /* it ended its record's evaluation */
};

/* One check_host(). */
struct spf_trace_check {
	struct spf_trace_check *parent; /* or NULL */
	struct span domain;
	const struct dns_answer *answer; /* the TXT question; NULL: none */
	const struct spf_record *record; /* NULL: none, or malformed */
	struct spf_step *steps; /* as evaluated: redirect= is the last */
	size_t nsteps;
	bool open;    /* the last step has not ended */
	bool decided; /* a step decides */
	enum spf_reason reason;
	struct span detail;
};

struct spf_trace {
	struct spf_observer observer; /* first: give it to spf_check() */
	struct arena *arena;
	struct spf_trace_check *root; /* NULL until check_host() began */
	struct spf_trace_check *at;   /* where it is */
};

void spf_trace_init(struct spf_trace *t, struct arena *a);

/* The lookups of a visit: the sum of its steps. */
unsigned spf_trace_lookups(const struct spf_trace_check *v);

/* The step of each term of a visit's record, in the record's order; NULL: the
 * term was not evaluated. */
const struct spf_step **
spf_trace_steps(const struct spf_trace_check *v, struct arena *a);

/*
 * The tree as lines for people (vouch's result.explain), the limits of the
 * policy among them. Octets are as they are: who prints escapes.
 */
struct span *
spf_trace_lines(const struct spf_trace *t, const struct spf_policy *policy,
    const struct spf_verdict *v, struct arena *a, size_t *n);

/*
 * The same tree in JSON: a new reference; null if check_host() never began. A
 * visit is {"domain", "record" (null without one), "result", "id", "lookups",
 * "terms": [...]}; a term {"term", "target" (null), "match": "match", "no
 * match", "error", "not asked" or "not reached", "counted": bool, "decides":
 * bool, "lookups", "answers": [{"name", "type", "status", "records": [...]}],
 * "check_host" (null, or a visit)}.
 */
json_t *spf_trace_json(const struct spf_trace *t, struct arena *a);

#endif
