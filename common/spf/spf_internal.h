/*
 * spf_internal: what the files of check_host() share: spf_eval.c evaluates
 * records, spf_mechanisms.c single terms, spf_prefetch.c sends queries before
 * their answers are needed, spf_state.c knows which queries may still be made.
 * For the files of spf alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_INTERNAL_H
#define SPF_INTERNAL_H

#include "spf/spf_record.h"

/* What has been prefetched for a record, by term. */
struct spf_prefetched {
	const struct spf_record *record;
	struct span domain;
	struct spf_prefetched_term {
		bool sent; /* prefetched, and not evaluated yet */
		/* The answer has arrived, and what it leads
		 * to has been prefetched, too. */
		bool followed;
		struct spf_prefetched
		    *inner; /* of include and redirect=, or NULL */
	} * term;
};

/* A check_host() in progress for one domain; parent is the one that includes or
 * redirects to it, or NULL. */
struct spf_frame {
	const struct spf_frame *parent;
	unsigned depth;
	struct span domain;
	struct spf_record *record;
	struct spf_prefetched *prefetched;
	size_t at; /* index of the term being evaluated */
};

struct spf_eval {
	const struct spf_query *q;
	const struct spf_policy *policy;
	struct dns *dns;
	struct arena *arena;
	struct span sender_domain; /* normal form */
	unsigned lookups, voids;   /* that count (RFC 7208 4.6.4) */
	unsigned cost;       /* lookups of all terms, even if only explored */
	unsigned prefetched; /* terms prefetched, and not evaluated */
	const struct spf_frame *frame; /* the innermost, or NULL */
	uint64_t questions;            /* queries evaluated, not merely sent */
	size_t sent_before;            /* dns_sent() before the first query */
	bool live;                     /* the verdict is open: lookups count */
	bool has_ptr;                  /* %{p} has been counted in lookups */
	bool saw_ptr;                  /* %{p} has been counted in cost */
};

/* The result of check_host(), or why a term is in error. */
struct spf_outcome {
	enum spf_reason reason;
	struct span detail;
	struct span mechanism;      /* the directive that matched */
	const struct spf_term *exp; /* that explains a fail, or NULL */
	struct span domain;         /* of the record that has it */
};

/* Runs check_host() within a frame, or as the outermost one (NULL). */
void spf_check_host(struct spf_eval *e, const struct spf_frame *parent,
    struct span domain, struct spf_outcome *out);

/* Prefetches what evaluation will query if no term of
 * the frame's record matches before. */
void spf_prefetch_record(struct spf_eval *e, struct spf_frame *f);

/* For dns_on_arrival(); arg is a struct spf_eval. Prefetches what follows from
 * the answers that have arrived. */
void spf_prefetch_follow(void *arg);

/* May this query be made? If not, the term is SPF_NOT_QUERIED. */
bool
spf_may_query(const struct spf_eval *e, struct span name, enum dns_type type);

/* Returns how many more queries an exploration may
 * send; UINT64_MAX if this is not one. */
uint64_t spf_sendable(const struct spf_eval *e);

/* Returns A or AAAA, by the family of the client's address (RFC 7208 5). */
enum dns_type spf_address_type(const struct spf_eval *e);

/* Sets the outcome to a reason that is about a term of a domain, or about the
 * domain if what is absent. Returns SPF_ERROR. */
enum spf_match spf_error(const struct spf_eval *e, enum spf_reason reason,
    struct span what, struct span domain, struct spf_outcome *out);

/* The values of macros in a frame's record; they live as long as *context. */
struct spf_macro_context {
	struct spf_eval *e;
	const struct spf_frame *f;
};
struct spf_macros spf_macros_in(struct spf_macro_context *context);

/* Evaluates a directive or redirect=. *out is set for SPF_ERROR, and for
 * SPF_MATCH of redirect=. */
enum spf_match spf_term_evaluate(struct spf_eval *e, const struct spf_frame *f,
    const struct spf_term *t, struct spf_outcome *out);

#endif
