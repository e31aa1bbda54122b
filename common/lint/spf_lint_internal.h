/*
 * spf_lint_internal: what the files of the spf_lint module share. For the files
 * of spf_lint alone.
 *	spf_lint.c		the domain, its records, and all checks in order
 *	spf_lint_ahead.c	queries before their answers are needed
 *	spf_lint_walk.c		the evaluation, and its dead ends
 *	spf_lint_limits.c	lookups and void lookups
 *	spf_lint_terms.c	the terms of one record
 *	spf_lint_address.c	single ip4 and ip6 terms
 *	spf_lint_networks.c	networks together
 *	spf_lint_text.c		TXT records as text
 *	spf_lint_findings.c	the findings and their words
 *	spf_lint_typo.c		mistyped terms, and what they were meant to be
 *	spf_lint_sound.c	yes, no or not known
 *	spf_lint_mend.c		the record that is sound
 *	spf_lint_question.c	the answer, its proof and what mends it
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
	const struct dns_rr *rr; /* the record that is checked; NULL: given */
	struct spf_lint *out;
};

/* A record that evaluation reaches. */
struct spf_lint_record {
	const struct spf_trace_check *check; /* its record is not NULL */
	const struct dns_rr *rr;             /* NULL: it was given */
	size_t top;  /* the step of the root that led here; 0 for the root */
	bool own;    /* the domain's own, or that of its redirect= */
	bool passes; /* a client that passes here passes at the root */
};

/* A lookup that finds nothing (RFC 7208 4.6.4). */
struct spf_empty {
	struct spf_lint_record record;
	const struct spf_step *step;
	/* NULL: it finds nothing for some clients. */
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

/*
 * spf_lint_findings.c
 */

/* Adds a finding about the domain's own record. */
struct finding *
spf_lint_add(struct spf_lint_job *job, enum spf_finding kind, struct span what);

/* The same about a record that evaluation reaches, and its term, or NULL. */
struct finding *
spf_lint_add_at(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_term *t, enum spf_finding kind, struct span what);

/* Adds to a finding what its term was meant to be, if that is another one. */
void
spf_lint_hint(struct spf_lint_job *job, struct finding *f, struct span term);

/* Returns what a finding is about: "TEXT (WORDS)" and "TERM (NAME TYPE:
 * STATUS)", in the arena. */
struct span
spf_lint_words(struct spf_lint_job *job, struct span text, const char *words);
struct span spf_lint_answer(struct spf_lint_job *job, const struct spf_term *t,
    const struct dns_answer *answer);

/* Returns a DNS name without its escapes, or unchanged if it has a dot inside a
 * label. */
struct span spf_lint_name(struct spf_lint_job *job, struct span name);

/* Returns the first record of an answer that is an SPF record; NULL: none. */
const struct dns_rr *spf_lint_rr(const struct dns_answer *answer);

/* Add findings about records that a term, or NULL for the domain's own, leads
 * to: several of them; the errors and unseen characters of a malformed one. */
void spf_lint_several(struct spf_lint_job *job, struct span where,
    const struct dns_answer *answer);
void spf_lint_syntax(struct spf_lint_job *job, struct span where,
    const struct dns_rr *rr, struct span text);
void spf_lint_unseen(struct spf_lint_job *job, struct span where,
    const struct dns_rr *rr, struct span text);

/*
 * spf_lint_ahead.c
 */

/* Looks up all that the evaluation of these records of the domain will need, as
 * early as it can be known. */
void
spf_lint_load(struct spf_lint_job *job, const struct span *records, size_t n);

/*
 * spf_lint_walk.c, spf_lint_limits.c
 */

/* Evaluates job->out->record, which must be well-formed, to its end, and checks
 * the records and answers that it leads to. */
void spf_lint_walk(struct spf_lint_job *job, size_t client, struct spf_walk *w);

/* Checks the numbers of lookups and void lookups. */
void spf_lint_limits(struct spf_lint_job *job,
    const struct spf_walk w[static SPF_WHOLE_CLIENTS]);

/* Does the term's target depend on the client or sender (RFC 7208 7.2)? */
bool spf_lint_depends(const struct spf_term *t);

/*
 * spf_lint_terms.c, spf_lint_address.c, spf_lint_networks.c
 */

/* Checks the terms of a record, without the DNS. */
void spf_lint_terms(struct spf_lint_job *job, const struct spf_lint_record *p);

/* Checks the address of an ip4 or ip6 term of the domain's own record. */
void spf_lint_address(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_term *t);

/* Is the network private, or else never routed on the Internet? */
bool spf_lint_is_reserved(const struct ip_network *network);

/* Returns the term that means the same as one with host bits, or what an
 * IPv4-mapped one was meant to be; absent if it is neither. */
struct span spf_lint_plain(const struct spf_term *t, struct arena *a);

/* Finds terms that appear twice in a record, or are within another one. */
void
spf_lint_duplicates(struct spf_lint_job *job, const struct spf_lint_record *p);

/* Counts the addresses that ip4 and ip6 terms of these records let pass. Adds a
 * finding if that is every address. */
void spf_lint_count(struct spf_lint_job *job,
    const struct spf_lint_record *records, size_t nrecords);

/*
 * spf_lint_text.c
 */

/* Does a text that is not an SPF record look like one? */
bool spf_lint_looks_alike(struct span text, struct arena *a);

/* Finds strings of a TXT record that are joined without a space, so that two
 * terms become one (RFC 7208 3.3). */
void spf_lint_strings(
    struct spf_lint_job *job, struct span where, const struct dns_rr *r);

/* Returns the strings joined, with a space between such. */
struct span spf_lint_joined(const struct dns_rr *r, struct arena *a);

/*
 * spf_lint_typo.c
 */

/* A term as it is written, and what it was probably meant to be. */
struct spf_typo {
	struct span from; /* one word, or two that are one term */
	struct span to;   /* terms, with SP between; absent: not known */
};

/* Returns the terms of a text that is meant to be an SPF record: what follows
 * its version, if it has one, without unseen characters. */
struct span spf_typo_terms(struct span text, struct arena *a);

/* Takes the next term off such terms. Returns false at the end. What is a valid
 * term stays as it is, unless it is one by chance: "include:a.example,mx". */
bool spf_typo_next(struct span *rest, struct arena *a, struct spf_typo *t);

/* Returns all terms; absent if not all are known. */
struct span spf_typo_all(struct span terms, struct arena *a);

/*
 * spf_lint_sound.c, spf_lint_mend.c
 */

/* Does a finding make SPF unsound? */
bool spf_lint_is_unsound(const struct spf_lint *l, const struct finding *f);

/* Is it a warning or an error about the domain's own record? */
bool spf_lint_is_own(const struct spf_lint *l, const struct finding *f);

/* The answer, without more. */
enum answer spf_lint_sound(const struct spf_lint *l);

/* Returns the change that spf_question() proposes, or NULL. */
const struct question_change *
spf_mend(const struct spf_lint *l, struct dns *dns, struct arena *a);

#endif
