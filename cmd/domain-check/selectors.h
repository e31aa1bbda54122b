/*
 * selectors: the DKIM selectors that mail was seen with, from what other tools
 * wrote (vouch-json(5)).
 */
/* SPDX-License-Identifier: ISC */
#ifndef SELECTORS_H
#define SELECTORS_H

#include "base/arena.h"

/* A signature of the domain with this selector has passed; both in normal
 * form. */
struct selectors_seen {
	struct span domain, selector;
};

/*
 * Reads JSON lines of dkim-verify -j and dmarc-report -j (with --dkim or
 * without): the results that are a pass, for one of n domains (normal form),
 * each selector once, up to LIMIT_SELECTORS for a domain. Other objects are
 * skipped. Returns absent, or why the text cannot be taken: "FILE:LINE: words",
 * in the arena.
 */
struct span
selectors_read(const char *file, struct span text, const struct span *domains,
    size_t n, struct arena *a, struct selectors_seen **list, size_t *nlist);

#endif
