/*
 * dmarc_internal: what the files of dmarc_lint share. For these files alone.
 *	dmarc_lint.c		the order of the checks; what applies to whom
 *	dmarc_lint_add.c	the findings, and words for them
 *	dmarc_lint_text.c	texts that are, or are meant to be, a record
 *	dmarc_lint_around.c	the names around a record
 *	dmarc_lint_record.c	the record that applies
 *	dmarc_lint_flaw.c	what is shown of a tag with a flaw
 *	dmarc_lint_reports.c	its report addresses
 *	dmarc_lint_below.c	names below the domain
 *	dmarc_answer.c		the answers, with their proofs
 *	dmarc_mend.c		the record that makes a no a yes
 *	dmarc_mend_text.c	its text
 *	dmarc_mend_read.c	what a text with errors means
 *	dmarc_question.c	answers and records together
 */
/* SPDX-License-Identifier: ISC */
#ifndef DMARC_INTERNAL_H
#define DMARC_INTERNAL_H

#include "lint/dmarc_lint.h"
#include "lint/question.h"

struct dmarc_lint_job {
	struct dmarc_method method;
	struct arena *arena;
	struct span domain;
	bool nobody; /* no domain was given: it is FINDING_NOBODY */
	struct dmarc_lint *out;
};

/* dmarc_lint() for a what-if record of any name, that of method->record_of. */
void dmarc_lint_try(const struct dmarc_method *method, struct span domain,
    struct dmarc_lint *out);

/*
 * dmarc_lint_add.c
 */

struct finding *dmarc_lint_add(struct dmarc_lint_job *job,
    enum dmarc_finding kind, struct span where, struct span what);

/* Adds a failure of the DNS, with words for what it left unknown. */
void dmarc_lint_failure(
    struct dmarc_lint_job *job, struct span where, struct span what);

/* Adds an answer that failed. If no server can be reached, one finding says
 * enough. */
void dmarc_lint_unanswered(struct dmarc_lint_job *job, struct span where,
    const struct dns_answer *answer);

/* Adds a finding about the first tag of that name of the level's record. */
void dmarc_lint_tag(struct dmarc_lint_job *job, enum dmarc_finding kind,
    const struct dmarc_level *l, const char *name);

/* Returns the first tag of that name, with its value, or absent. */
struct span dmarc_lint_find(const struct dmarc_record *r, const char *name);

/* Is that the name of a tag? */
bool dmarc_lint_is_named(struct span tag, const char *name);

/* Is the domain a public suffix? A single label always is. */
bool
dmarc_lint_is_suffix(const struct dmarc_method *method, struct span domain);

/* Returns the organizational domain by the public suffix list. */
struct span
dmarc_lint_registered(const struct dmarc_method *method, struct span domain);

/* Returns the record in the DNS that a level's was read from, or NULL. */
const struct dns_rr *dmarc_lint_source(const struct dmarc_level *l);

/*
 * dmarc_lint_text.c
 */

/* Is the text not a DMARC record, but meant to be one? */
bool dmarc_lint_looks_alike(struct span text, struct arena *a);

/* Checks a text published at a name, whether it is a record or should be. */
void dmarc_lint_text(
    struct dmarc_lint_job *job, struct span where, struct span text);

/*
 * dmarc_lint_around.c
 */

/* Prefetches and checks the names at which records are published by mistake. */
void dmarc_lint_around_prefetch(
    const struct dmarc_method *method, struct span domain);
void dmarc_lint_around(struct dmarc_lint_job *job);

/* Prefetches and checks the CNAME at the name of a level's record. */
void dmarc_lint_alias_prefetch(
    const struct dmarc_method *method, struct span domain);
void dmarc_lint_alias(struct dmarc_lint_job *job, const struct dmarc_level *l);

/*
 * dmarc_lint_record.c, dmarc_lint_flaw.c
 */

/* Checks the record that applies. */
void dmarc_lint_record(struct dmarc_lint_job *job);

/* Are all policies of a record ignored (RFC 9989 4.10.1, RFC 7489 6.6.3)? */
bool dmarc_lint_is_void(
    const struct dmarc_method *method, const struct dmarc_record *r);

/* Does a record request less of receivers than its policy? */
bool dmarc_lint_is_testing(
    const struct dmarc_method *method, const struct dmarc_record *r);

/* Does a policy of a record protect a name? */
bool dmarc_lint_protects(const struct dmarc_method *method,
    const struct dmarc_record *r, enum dmarc_policy policy);

/* The finding for a flaw of a tag. */
enum dmarc_finding dmarc_lint_kind(const struct dmarc_flaw *flaw);

/* Returns what was probably meant by a policy or a name that is not known, or
 * NULL. */
const char *dmarc_lint_near(const struct dmarc_flaw *flaw);

/* Returns the tag, or the policy, that a mistyped name or value was probably
 * meant to be, or NULL. */
const char *dmarc_lint_near_name(struct span name);
const char *dmarc_lint_near_policy(struct span value);

/*
 * dmarc_lint_reports.c
 */

/* Whether reports reach an address. */
enum dmarc_address {
	DMARC_ADDRESS_WORKS,
	DMARC_ADDRESS_UNKNOWN, /* a DNS failure, or it was not looked up */
	DMARC_ADDRESS_OTHER,   /* not a mailto: URI */
	DMARC_ADDRESS_DEAD,
};

/* Whose report addresses: the domain of the record, and its organizational
 * domain (absent: not known). */
struct dmarc_owner {
	struct span domain, org;
};

/* Is the URI written mailto://, which no mail program takes for an address? */
bool dmarc_lint_has_slashes(const struct dmarc_uri *uri);

/* Prefetches what the addresses of a record depend on. */
void dmarc_lint_reports_prefetch(const struct dmarc_method *method,
    const struct dmarc_record *r, struct dmarc_owner owner);

/* Finds out whether reports reach an address, from the DNS. */
enum dmarc_address dmarc_lint_address(const struct dmarc_method *method,
    const struct dmarc_uri *uri, struct dmarc_owner owner);

/* Checks the addresses of the record that applies. */
void dmarc_lint_reports(struct dmarc_lint_job *job);

/*
 * dmarc_lint_below.c
 */

/* Returns a name below the domain that nobody publishes: what applies to it
 * applies to all names that have no record. */
struct span
dmarc_lint_below_name(const struct dmarc_method *method, struct span domain);

/* Finds out what applies to names below the domain, and checks records of their
 * own. */
void dmarc_lint_below(struct dmarc_lint_job *job);

/*
 * dmarc_answer.c
 */

/* Fills in the answers, each with its proof. */
void dmarc_answers(const struct dmarc_method *method,
    const struct dmarc_lint *l, struct question q[QUESTION_COUNT]);

/*
 * dmarc_mend.c, dmarc_mend_text.c: changes
 */

/* A change that was tried: what the answers are after it. */
struct dmarc_trial {
	struct span domain; /* whose record is changed */
	struct question_change change;
	struct span mailbox; /* a new one that the record needs, or absent */
	bool is_possible;    /* there is such a change */
	struct question after[QUESTION_COUNT];
};

/* Returns the domain whose record must change to make a no a yes; absent: more
 * than one must. */
struct span dmarc_mend_domain(const struct dmarc_method *method,
    const struct dmarc_lint *l, enum question_id id);

/* Makes a record for t->domain of what is published there, and tries it. */
void dmarc_mend_try(const struct dmarc_method *method,
    const struct dmarc_lint *l, struct dmarc_trial *t);

/* Texts of a name that are to become one record. */
struct dmarc_mend_texts {
	struct dmarc_owner owner; /* whose record it is */
	const struct span *text;
	size_t ntexts;
};

/* Returns the text of a record that has what the texts mean, and none of their
 * errors. Sets *mailbox to an address that is new in it, and may not exist yet,
 * or absent. */
struct span dmarc_mend_text(const struct dmarc_method *method,
    const struct dmarc_mend_texts *texts, struct span *mailbox);

/*
 * dmarc_mend_read.c
 */

/* What the texts mean. Values of adkim, aspf, fo and psd are valid, or
 * absent. */
struct dmarc_draft {
	struct arena *arena;
	enum dmarc_policy p, sp, np;
	bool has_p, has_sp, has_np;
	struct span adkim, aspf, fo, psd;
	struct dmarc_uri *rua, *ruf;
	size_t nrua, nruf;
};

/* Adds the meaning of a text, which may be a record, or meant to be one. Of
 * policies the stricter is taken, of other tags the first, of report addresses
 * all. */
void dmarc_mend_read(struct dmarc_draft *d, struct span text);

#endif
