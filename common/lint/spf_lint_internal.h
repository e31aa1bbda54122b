/*
 * spf_lint_internal: what the files of the spf_lint module share. For the files
 * of spf_lint alone.
 *	spf_lint.c		the domain, its record, and all checks in order
 *	spf_lint_walk.c		the evaluation, its dead ends and limits
 *	spf_lint_terms.c	the terms of one record
 *	spf_lint_networks.c	their networks
 *	spf_lint_text.c		TXT records as text
 *	spf_lint_findings.c	the findings and their words
 */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_LINT_INTERNAL_H
#define SPF_LINT_INTERNAL_H

#include "lint/spf_lint.h"
#include "spf/spf_trace.h"

struct spf_lint_job {
	struct span domain;
	bool nobody; /* no domain was given: it is FINDING_NOBODY */
	struct dns *dns;
	struct arena *arena;
	struct spf_lint *out;
};

/* A record that evaluation reaches. */
struct spf_lint_record {
	const struct spf_trace_check *check; /* its record is not NULL */
	size_t top;  /* the step of the root that led here; 0 for the root */
	bool own;    /* the domain's own, or that of its redirect= */
	bool passes; /* a client that passes here passes at the root */
};

/* A lookup that found nothing (RFC 7208 4.6.4). */
struct spf_empty {
	struct span where;
	const struct spf_step *step;
	const struct dns_answer *answer;
};

/* All that the evaluation for one client reached. Terms that follow all are
 * never evaluated and not included. */
struct spf_walk {
	struct spf_verdict verdict;
	struct spf_lint_record *records; /* the root first */
	size_t nrecords;
	struct spf_empty *empty;
	size_t voids;
	unsigned lookups;
	unsigned *cost; /* lookups of each step of the root, with all below */
};

/* The record is evaluated for one client of each address family. */
#define SPF_LINT_CLIENTS 2

/* Adds a finding. */
void spf_lint_add(struct findings *f, enum spf_finding kind, struct span where,
    struct span what);

/* Return what a finding is about: "TEXT (WORDS)" and "TERM (NAME TYPE:
 * STATUS)", in the arena. */
struct span
spf_lint_words(struct spf_lint_job *job, struct span text, const char *words);
struct span spf_lint_answer(struct spf_lint_job *job, const struct spf_term *t,
    const struct dns_answer *answer);

/* Returns a DNS name without its escapes, or unchanged if it has a dot inside a
 * label. */
struct span spf_lint_name(struct spf_lint_job *job, struct span name);

/* Add findings: several records; the errors of a malformed one. */
void spf_lint_several(struct spf_lint_job *job, struct span where, size_t n);
void
spf_lint_syntax(struct spf_lint_job *job, struct span where, struct span text);

/* Evaluates job->out->record, which must be well-formed, to its end, and checks
 * the records and answers that it leads to. */
void spf_lint_walk(struct spf_lint_job *job, size_t client, struct spf_walk *w);

/* Checks the numbers of lookups and void lookups. */
void spf_lint_limits(
    struct spf_lint_job *job, const struct spf_walk w[static SPF_LINT_CLIENTS]);

/* Does the term's target depend on the client or sender (RFC 7208 7.2)? */
bool spf_lint_depends(const struct spf_term *t);

/* Checks the terms of a record, without the DNS. */
void spf_lint_terms(struct findings *f, const struct spf_lint_record *p);

/* Finds terms that appear twice in a record, or are within another one. */
void spf_lint_duplicates(struct findings *f, const struct spf_lint_record *p);

/* Counts the addresses that ip4 and ip6 terms of these records let pass. Adds a
 * finding if that is every address. */
void spf_lint_count(const struct spf_lint_record *records, size_t nrecords,
    struct arena *a, struct spf_lint *out);

/* Does a text that is not an SPF record look like one? */
bool spf_lint_looks_alike(struct span text, struct arena *a);

/* Finds strings of a TXT record that are joined without a space, so that two
 * terms become one (RFC 7208 3.3). */
void
spf_lint_strings(struct findings *f, struct span where, const struct dns_rr *r);

#endif
