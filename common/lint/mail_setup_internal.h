/*
 * mail_setup_internal: what the files of mail_setup share. For these files
 * alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef MAIL_SETUP_INTERNAL_H
#define MAIL_SETUP_INTERNAL_H

#include "lint/mail_setup.h"

/* The check of one domain. */
struct mail_setup_job {
	const struct mail_setup_method *method;
	struct dns *dns;
	struct arena *arena;
	struct span domain; /* absent: only what-if records are checked */
	struct beside_method beside;
	struct spf_lint_ahead *spf;
	/* Those of the method, and those of the domain's providers. */
	struct dkim_lint_selector *selectors;
	size_t nselectors;
	bool guessed; /* the providers are known */
};

/* Starts all queries that are known before any answer; while a section waits,
 * those that follow from answers are started, too, until
 * mail_setup_ahead_end(). */
void mail_setup_ahead(struct mail_setup_job *job);
void mail_setup_ahead_end(struct mail_setup_job *job);

/* Waits for what tells the providers, and adds their selectors. */
void mail_setup_guess(struct mail_setup_job *job);

#endif
