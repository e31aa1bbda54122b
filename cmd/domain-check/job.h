/*
 * job: what the files of domain-check share.
 *	main.c		the order of work
 *	options.c	options
 *	show.c		a domain for people
 *	show_spf.c	what its SPF record costs
 *	policy.c	its DMARC policy, and where that comes from
 */
/* SPDX-License-Identifier: ISC */
#ifndef JOB_H
#define JOB_H

#include <jansson.h>

#include "lint/mail_setup.h"
#include "tool/cli.h"

struct job {
	struct arena *arena;  /* of the run */
	struct arena *memory; /* of a domain */
	struct screen out;
	struct mail_setup_method method;
	struct span *domains; /* normal form, in the order given */
	size_t ndomains;
	bool quiet;
};

/* For cli_read(). */
extern const struct cli_section options_sections[];

/* Sets the members of a job that options and operands determine. */
void options_read(struct job *job, const char **operand);

/* Finds the policy that applies to a domain, and walks to the end. It is that of
 * a message without authenticated identifiers, which fails. */
void policy_find(const struct dmarc_method *method, struct span domain,
    struct dmarc_verdict *v);

/* Writes the policy and the walk for people; returns them as an object, a new
 * reference: {"id" (why there is no policy, or null), "policy", "tag",
 * "policy_domain", "organizational_domain", "walk": [{"domain", "record" (or
 * null), "found": "record", or why it is none}]} */
void policy_show(const struct job *job, const struct dmarc_verdict *v);
json_t *policy_json(const struct dmarc_verdict *v, struct arena *a);

/* Writes what an SPF record costs, and that findings in others' records are for
 * their owners, each as a line, if it applies. */
void show_spf(const struct job *job, const struct spf_lint *l);

/* Writes what was found for people. */
void show(const struct job *job, const struct mail_setup *s);

#endif
