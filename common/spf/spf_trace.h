/* spf_trace: an observer that records what check_host() did as a tree, and that
 * tree as text and JSON: for --tree, --verbose and --json. */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_TRACE_H
#define SPF_TRACE_H

#include "base/json.h"
#include "spf/spf_record.h"

/* A term that was evaluated or explored. */
struct spf_step {
	const struct spf_term *term;
	struct span target; /* the expanded domain-spec, or absent */
	const struct dns_answer **answers; /* in the order of the queries */
	size_t nanswers;
	struct spf_trace_check *check; /* of include and redirect=, or NULL */
	enum spf_match match;
	unsigned lookups; /* including those of the records below it */
	bool live;        /* the verdict was still open */
	bool decides;     /* it decides the result of its record */
};

/* One check_host(). */
struct spf_trace_check {
	struct spf_trace_check *parent; /* or NULL */
	struct span domain;
	const struct dns_answer *answer; /* to the TXT query, or NULL */
	const struct spf_record *record; /* NULL: none, or malformed */
	struct spf_step *steps; /* in order of evaluation: redirect= is last */
	size_t nsteps;
	bool open;    /* the last step has not ended */
	bool decided; /* a step decides */
	enum spf_reason reason;
	struct span detail;
};

struct spf_trace {
	struct spf_observer observer; /* must be first; for spf_check() */
	struct arena *arena;
	struct spf_trace_check *root; /* NULL until check_host() begins */
	struct spf_trace_check *at; /* the check_host() in progress, or NULL */
};

void spf_trace_init(struct spf_trace *t, struct arena *a);

/* Returns the lookups of a check_host(): the sum of its steps. */
unsigned spf_trace_lookups(const struct spf_trace_check *v);

/* Returns the steps of a check_host() by term, in the record's order; NULL for
 * a term that was not evaluated. */
const struct spf_step **
spf_trace_steps(const struct spf_trace_check *v, struct arena *a);

/*
 * Returns the tree as lines for people, for result.detail, with the limits of
 * the policy. If names are short, no line is longer than that many columns.
 * Octets are unchanged: the caller that prints them has to escape them.
 */
struct result_line *
spf_trace_lines(const struct spf_trace *t, const struct spf_policy *policy,
    const struct spf_verdict *v, size_t columns, struct arena *a, size_t *n);

/*
 * A record without a client: what it costs one that no term matches, for whom
 * all terms are evaluated. Clients of one address family may find less than the
 * others (RFC 7208 5.3).
 */

/*
 * One client of each address family. No record is meant to match them, so that
 * evaluation reaches its end: the IPv4 dummy address (RFC 7600), which is never
 * routed, and one of the IPv6 block whose packets are discarded (RFC 6666).
 * Addresses for documentation cannot be used, as records in documents and tests
 * have them.
 */
#define SPF_WHOLE_CLIENTS 2
struct spf_whole_client {
	const char *family; /* "IPv4", "IPv6" */
	struct ip ip;
};
extern const struct spf_whole_client spf_whole_clients[SPF_WHOLE_CLIENTS];

/* The query for one of them, whose sender is postmaster of the domain. */
struct spf_query spf_whole_query(struct span domain, size_t client);

struct spf_cost {
	const char *family; /* "IPv4", "IPv6" */
	struct spf_trace trace;
	struct spf_verdict verdict;
	unsigned lookups, voids; /* of all terms */
	bool cut;                /* not all was queried */
};

struct spf_whole {
	struct spf_cost cost[SPF_WHOLE_CLIENTS];
	const struct spf_cost *worse; /* that of the family that costs more */
};

/* Evaluates a domain's record; the policy should explore. *w must not be moved:
 * it points into itself. */
void spf_whole(struct span domain, const struct spf_policy *policy,
    struct dns *dns, struct arena *a, struct spf_whole *w);

/*
 * Returns the tree of the family that costs more as lines, as spf_trace_lines()
 * does. A term has the lookups up to its end as a running total, and a void
 * answer its number; results, which depend on the client, are left out, except
 * errors and matches of terms other than "all".
 */
struct result_line *
spf_whole_lines(const struct spf_whole *w, const struct spf_policy *policy,
    size_t columns, struct arena *a, size_t *n);

/*
 * Returns the tree in JSON, a new reference; null if check_host() never began.
 * A check_host() is {"domain", "record" (or null), "result", "id", "lookups",
 * "terms": [...]}; a term is {"term", "target" (or null), "match": "match", "no
 * match", "error", "not queried" or "not reached", "counted": bool, "decides":
 * bool, "lookups", "answers": [{"name", "type", "status", "records": [...]}],
 * "check_host" (that of include and redirect=, or null)}.
 */
json_t *spf_trace_json(const struct spf_trace *t, struct arena *a);

#endif
