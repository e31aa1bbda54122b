/*
 * dmarc_lint_internal: what the files of dmarc_lint share. For these files
 * alone.
 *	dmarc_lint.c		the checks
 *	dmarc_lint_flaw.c	what is shown of a tag with a flaw
 */
/* SPDX-License-Identifier: ISC */
#ifndef DMARC_LINT_INTERNAL_H
#define DMARC_LINT_INTERNAL_H

#include "lint/dmarc_lint.h"

/* The finding for a flaw of a tag. */
enum dmarc_finding dmarc_lint_kind(const struct dmarc_flaw *flaw);

/* Returns what was probably meant by a policy or a name that is not known, or
 * NULL. */
const char *dmarc_lint_near(const struct dmarc_flaw *flaw);

#endif
