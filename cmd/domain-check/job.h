/*
 * job: what the files of domain-check share.
 *	main.c		the order of work
 *	options.c	options
 *	show.c		a domain for people
 */
/* SPDX-License-Identifier: ISC */
#ifndef JOB_H
#define JOB_H

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

/* Writes what was found for people. */
void show(const struct job *job, const struct mail_setup *s);

#endif
