/*
 * spf_lint_internal: what the files of spf_lint() share: spf_lint.c has the
 * domain and its record, spf_lint_walk.c the evaluation, spf_lint_terms.c the
 * terms of one record, spf_lint_networks.c their networks, spf_lint_text.c TXT
 * records as text, spf_lint_findings.c what all of them find, and its words.
 * Nobody else includes it.
 */
#ifndef SPF_LINT_INTERNAL_H
#define SPF_LINT_INTERNAL_H

#include "lint/spf_lint.h"
#include "spf/spf_trace.h"

struct spf_lint_job {
	struct span domain;
	bool nobody; /* it is made up */
	struct dns *dns;
	struct arena *arena;
	struct spf_lint *out;
};

/* A record that evaluation comes to. */
struct spf_lint_record {
	const struct spf_trace_check *check; /* its record is not NULL */
	size_t top;  /* the root's step that it is below; 0 for the root */
	bool own;    /* the domain's own, or that of its redirect= */
	bool passes; /* what passes here passes at the root */
};

/* A lookup that found nothing (RFC 7208 4.6.4). */
struct spf_empty {
	struct span where;
	const struct spf_step *step;
	const struct dns_answer *answer;
};

/* All that the evaluation for one client came to; terms that are never
 * evaluated, since they are behind all, left out. */
struct spf_walk {
	struct spf_verdict verdict;
	struct spf_lint_record *records; /* the root first */
	size_t nrecords;
	struct spf_empty *empty;
	size_t voids;
	unsigned lookups;
	unsigned *cost; /* the lookups below each of the root's steps */
};

/* One client of each family. */
#define SPF_LINT_CLIENTS 2

void spf_lint_add(struct findings *f, enum spf_finding kind, struct span where,
    struct span what);

/* What a finding is about: "TEXT (WORDS)", "TERM (NAME TYPE: STATUS)". */
struct span
spf_lint_words(struct spf_lint_job *job, struct span text, const char *words);
struct span spf_lint_answer(struct spf_lint_job *job, const struct spf_term *t,
    const struct dns_answer *answer);

/* A name of the DNS without its escapes, if there is such a text. */
struct span spf_lint_name(struct spf_lint_job *job, struct span name);

/* Findings: several records; what is wrong with a malformed one. */
void spf_lint_several(struct spf_lint_job *job, struct span where, size_t n);
void
spf_lint_syntax(struct spf_lint_job *job, struct span where, struct span text);

/* Evaluates job->out->record, which is well-formed, to its end, and judges what
 * it leads to. */
void spf_lint_walk(struct spf_lint_job *job, size_t client, struct spf_walk *w);

/* Lookups and voids. */
void spf_lint_limits(
    struct spf_lint_job *job, const struct spf_walk w[static SPF_LINT_CLIENTS]);

/* Does the term lead elsewhere for another client (RFC 7208 7.2)? */
bool spf_lint_depends(const struct spf_term *t);

/* What is wrong with the terms of a record, without any question. */
void spf_lint_terms(struct findings *f, const struct spf_lint_record *p);

/* Terms that are twice in a record, or within another one. */
void spf_lint_duplicates(struct findings *f, const struct spf_lint_record *p);

/* The addresses that ip4 and ip6 terms of these records let pass; a finding, if
 * they are all that there are. */
void spf_lint_count(const struct spf_lint_record *records, size_t nrecords,
    struct arena *a, struct spf_lint *out);

/* Does a TXT record that is no SPF record look like one? */
bool spf_lint_looks_alike(struct span text, struct arena *a);

/* Strings of a TXT record that run together (RFC 7208 3.3). */
void
spf_lint_strings(struct findings *f, struct span where, const struct dns_rr *r);

#endif
