/*
 * dkim_lint: are the DKIM keys of a domain sound, as they are published (RFC 6376
 * 3.6.1)? One recognizer of what happens to key records on their way into the
 * DNS, for all tools that look at them.
 */
/* SPDX-License-Identifier: ISC */
#ifndef DKIM_LINT_H
#define DKIM_LINT_H

#include "dkim/dkim.h"
#include "lint/finding.h"
#include "lint/question.h"

/* How a selector is known. */
enum dkim_lint_source {
	DKIM_LINT_NAMED, /* the user named it: it must be there */
	/* Hints: what is there is judged, what is gone or revoked is a line. */
	DKIM_LINT_SEEN,     /* a signature with it has passed */
	DKIM_LINT_PROVIDER, /* the domain's provider is known to use it */
};

struct dkim_lint_selector {
	struct span selector; /* normal form */
	enum dkim_lint_source source;
	struct span record; /* what-if: instead of the one in the DNS; absent */
};

struct dkim_lint {
	struct findings findings;
	struct question question;
	bool has_key; /* a selector that was asked has a key that can verify */
};

#endif
