/*
 * evaluate: the work of dmarc-eval: it finds the author domains and the
 * authenticated identifiers of a message, evaluates DMARC and reports it. See
 * checker.h for the functions of a checker.
 *	evaluate.c		messages and queries
 *	evaluate_options.c	reads --dkim and --spf
 */
/* SPDX-License-Identifier: ISC */
#ifndef EVALUATE_H
#define EVALUATE_H

#include "auth/authid.h"
#include "dmarc/dmarc.h"
#include "tool/checker.h"

struct evaluate {
	psl_ctx_t *list; /* the public suffix list, or NULL until loaded */
	bool uses_list;  /* --org-domain=psl, --rfc7489 */
	bool rfc7489;
	struct span record;          /* --record, or absent */
	struct authid_policy authid; /* trust_options.h */
	/* Of a query: the author domain, and the results of identifiers. */
	struct span author;
	struct dmarc_identifier *given;
	size_t ngiven;
};

/* Adds the values of --dkim or --spf, each RESULT:DOMAIN, to the given results;
 * any other value is a usage error. */
void evaluate_give(struct evaluate *s, enum dmarc_mechanism mechanism,
    const struct cli_list *list, struct arena *a);

/* Functions of struct checker, whose tool is a struct evaluate. */
void *evaluate_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n);
size_t evaluate_end(void *state, const struct result **results);
void evaluate_json(void *state, json_t *object);

/* Returns the counts of all messages (dmarc_summary_text()). */
struct span evaluate_summary(struct arena *a);

#endif
