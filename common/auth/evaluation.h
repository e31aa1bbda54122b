/*
 * evaluation: evaluates DMARC for one message: finds its author domains and the
 * identifiers that are authenticated (authid.h), and prefetches what both need
 * while the body is read. The only module that uses both authid and dmarc.
 */
/* SPDX-License-Identifier: ISC */
#ifndef EVALUATION_H
#define EVALUATION_H

#include "auth/authid.h"
#include "dmarc/dmarc.h"
#include "mail/authres.h"

/* Everything lives in the arena of the method, which is the message's. */
struct evaluation {
	const struct message *m;    /* NULL: a query */
	struct dmarc_method method; /* record_of changes */
	struct dmarc_authors from;
	/* Set by evaluation_end(): */
	struct authids found;                /* of a message */
	struct dmarc_verdict *verdict;       /* by author domain; NULL: none */
	const struct dmarc_verdict *decides; /* one of these, or the verdict of
						a message whose From field
						cannot be evaluated */
	/* For the module alone. */
	struct authid_job *job; /* NULL: a query */
	const struct dmarc_identifier *given;
	size_t ngiven, chosen;
	struct dmarc_verdict none;
	struct authres_removal removal;
	struct dmarc_below below; /* text after an unterminated header */
	struct sink *strip;       /* flows into below, or NULL */
	/* By author domain: nothing is left to be prefetched. */
	bool settled[LIMIT_AUTHORS];
};

/*
 * Starts with the header of a message, from which authres_remove() has removed
 * what removal says. *sinks are those that the body must flow into before
 * evaluation_end().
 */
struct evaluation *evaluation_begin(const struct message *m,
    const struct dmarc_method *method, const struct envelope *envelope,
    const struct authid_policy *policy, const struct authres_removal *removal,
    struct sink *const **sinks, size_t *n);

/* Starts without a message: with the author domain and the results of
 * identifiers, which live as long as the evaluation. */
struct evaluation *evaluation_given(const struct dmarc_method *method,
    struct span author, const struct dmarc_identifier *list, size_t n);

/* Ends it: waits for the DNS, and sets the verdicts. */
void evaluation_end(struct evaluation *e);

#endif
