/*
 * mail_setup: is a domain's mail set-up sound? Five questions with answers and
 * proofs, the findings of all sections, and what is beside them.
 *	mail_setup.c		the score
 *	mail_setup_ahead.c	what is queried before it is needed
 * The sections are modules of their own: spf_lint, dmarc_lint and dkim_lint have
 * questions, mx_lint and beside have none.
 */
/* SPDX-License-Identifier: ISC */
#ifndef MAIL_SETUP_H
#define MAIL_SETUP_H

#include "lint/beside.h"
#include "lint/dkim_lint.h"
#include "lint/dmarc_lint.h"
#include "lint/mx_lint.h"
#include "lint/question.h"
#include "lint/spf_lint.h"

/* The sections; each is the name that --only takes. */
enum mail_setup_section {
	MAIL_SETUP_SPF,
	MAIL_SETUP_DMARC, /* questions 1, 2 and 5; BIMI */
	MAIL_SETUP_DKIM,
	MAIL_SETUP_VBR,
	MAIL_SETUP_MX,
	MAIL_SETUP_TLS, /* MTA-STS, TLS-RPT */
	MAIL_SETUP_SECTIONS,
};

struct mail_setup_method {
	struct dmarc_method dmarc; /* dns, arena, suffix list */
	bool asked[MAIL_SETUP_SECTIONS];
	/* Selectors that are known, or guessed. */
	const struct dkim_lint_selector *selectors;
	size_t nselectors;
	const struct vbr_certifier *certifiers;
	size_t ncertifiers;
	struct span mta_sts_policy; /* the text of the policy, or absent */
	/* What-if: a record instead of the domain's own, or absent. */
	struct span spf_record, dmarc_record;
};

struct mail_setup {
	struct span domain;
	struct question questions[QUESTION_COUNT];
	unsigned low, high, of;   /* the score: at least, at most, out of */
	struct findings findings; /* of all sections */
	struct spf_lint spf;
	struct dmarc_lint dmarc;
	struct dkim_lint dkim;
	struct mx_lint mx;
	struct beside beside;
	bool nothing; /* of MX, SPF and DMARC records and keys, as far as they
			 are asked for, it has none */
};

/* Checks a domain (normal form), which may be absent if only what-if records are
 * checked. *out must not be moved: it points into itself; it lives until the
 * arena of the method is reset, or dns_begin(). */
void mail_setup(const struct mail_setup_method *method, struct span domain,
    struct mail_setup *out);

#endif
