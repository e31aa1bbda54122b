/* canon_internal: what the files of canon share. For the files of canon alone.
 *	canon.c		the canonical forms
 *	canon_run.c	octets that are in canonical form already
 */
/* SPDX-License-Identifier: ISC */
#ifndef CANON_INTERNAL_H
#define CANON_INTERNAL_H

#include "dkim/canon.h"

/*
 * Returns how many octets at the start of s are the same in canonical form and
 * can be passed on as they are: text, single SPs before text, CRLF that ends a
 * line of text. The octets before s must have been passed on, and s must not
 * begin with a line end. What is returned never ends in a SP or a CR.
 */
size_t canon_run(enum canon c, struct span s);

#endif
