/*
 * spf_internal: what the files of the evaluation share: spf_eval.c has records
 * and their terms in order, spf_mechanisms.c single terms, spf_prefetch.c what
 * is asked before its turn, spf_state.c how far an evaluation is and what it
 * may ask. Nobody else includes it.
 */
#ifndef SPF_INTERNAL_H
#define SPF_INTERNAL_H

#include "spf/spf_record.h"

/* What of a record was asked ahead, by term. */
struct spf_prefetched {
	const struct spf_record *record;
	struct span domain;
	struct spf_prefetched_term {
		bool sent;     /* ahead, and not evaluated yet */
		bool followed; /* the answer was here, and what it leads to
				  was asked ahead, too */
		struct spf_prefetched
		    *inner; /* of include and redirect=, or NULL */
	} * term;
};

/* check_host() under way for one domain; parent is the one that includes it or
 * redirects to it, or NULL. */
struct spf_frame {
	const struct spf_frame *parent;
	unsigned depth;
	struct span domain;
	struct spf_record *record;
	struct spf_prefetched *prefetched;
	size_t at; /* the term that is evaluated */
};

struct spf_eval {
	const struct spf_query *q;
	const struct spf_policy *policy;
	struct dns *dns;
	struct arena *arena;
	struct span sender_domain; /* normal form */
	unsigned lookups, voids;   /* that counted (RFC 7208 4.6.4) */
	unsigned cost;             /* lookups of all terms, counted or not */
	unsigned prefetched; /* asked ahead, and not evaluated yet, or never */
	const struct spf_frame *frame; /* the innermost, or NULL */
	uint64_t questions;            /* evaluated */
	size_t sent_before;            /* dns_sent() before the first */
	bool live;    /* the verdict is open: what is asked counts */
	bool has_ptr; /* %{p} has been counted */
	bool saw_ptr; /* it is in the cost */
};

/* How check_host() ended, or why a term is in error. */
struct spf_outcome {
	enum spf_reason reason;
	struct span detail;
	struct span mechanism;      /* the directive that matched */
	const struct spf_term *exp; /* that explains a fail, or NULL */
	struct span domain;         /* whose record has it */
};

/* check_host() within a frame, or NULL. */
void spf_check_host(struct spf_eval *e, const struct spf_frame *parent,
    struct span domain, struct spf_outcome *out);

/* Asks ahead for what evaluation will come to if no term of the frame's record
 * matches before. */
void spf_prefetch_record(struct spf_eval *e, struct spf_frame *f);

/* A struct spf_eval's questions may have been answered: asks for what follows
 * from them. */
void spf_prefetch_follow(void *arg);

/* May this question be asked (SPF_NOT_ASKED)? */
bool
spf_may_ask(const struct spf_eval *e, struct span name, enum dns_type type);

/* How many questions an explorer may yet send; others: all. */
uint64_t spf_sendable(const struct spf_eval *e);

/* A, or AAAA, as the client's address is (RFC 7208 5). */
enum dns_type spf_address_type(const struct spf_eval *e);

/* Sets what an error is about: a term, and whose. */
enum spf_match spf_error(const struct spf_eval *e, enum spf_reason reason,
    struct span what, struct span domain, struct spf_outcome *out);

/* What the macros of a frame's record stand for; lives as long as *site. */
struct spf_macro_context {
	struct spf_eval *e;
	const struct spf_frame *f;
};
struct spf_macros spf_macros_in(struct spf_macro_context *context);

/* Evaluates a directive or redirect=. SPF_MATCH sets *out for redirect= alone,
 * SPF_ERROR always. */
enum spf_match spf_term_evaluate(struct spf_eval *e, const struct spf_frame *f,
    const struct spf_term *t, struct spf_outcome *out);

#endif
