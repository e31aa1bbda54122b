/*
 * spf_trace: an observer that keeps what check_host() did as a tree, and shows
 * it: for --tree, --verbose and JSON.
 */
#ifndef SPF_TRACE_H
#define SPF_TRACE_H

#include "dns/json.h"
#include "spf/spf_record.h"

/* A term that was evaluated, or an explored one. */
struct spf_step {
	const struct spf_term *term;
	struct span target; /* the expanded domain-spec, or absent */
	const struct dns_answer **answer; /* in the order of the questions */
	size_t answers;
	struct spf_visit *visit; /* of include and redirect=, or NULL */
	enum spf_match match;
	unsigned lookups; /* of it and all below it */
	bool live;        /* the verdict was still open */
	bool decides;     /* it ended its record's evaluation */
};

/* One check_host(). */
struct spf_visit {
	struct spf_visit *parent; /* or NULL */
	struct span domain;
	const struct dns_answer *answer; /* the TXT question; NULL: none */
	const struct spf_record *record; /* NULL: none, or malformed */
	struct spf_step *step; /* as evaluated: redirect= is the last */
	size_t steps;
	bool open;    /* the last step has not ended */
	bool decided; /* a step decides */
	enum spf_reason reason;
	struct span detail;
};

struct spf_trace {
	struct spf_observer observer; /* first: give it to spf_check() */
	struct arena *arena;
	struct spf_visit *root; /* NULL until check_host() began */
	struct spf_visit *at;   /* where it is */
};

void spf_trace_init(struct spf_trace *t, struct arena *a);

/* The lookups of a visit: the sum of its steps. */
unsigned spf_visit_lookups(const struct spf_visit *v);

/* The step of each term of a visit's record, in the record's order; NULL: the
 * term was not evaluated. */
const struct spf_step **
spf_visit_steps(const struct spf_visit *v, struct arena *a);

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
 * "visit" (null, or a visit)}.
 */
json_t *spf_trace_json(const struct spf_trace *t, struct arena *a);

#endif
