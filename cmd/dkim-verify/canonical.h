/* canonical: --canonical, the octets that a signature covers. */
/* SPDX-License-Identifier: ISC */
#ifndef CANONICAL_H
#define CANONICAL_H

#include "dkim/dkim.h"
#include "tool/checker.h"

/* The options: which octets, of which signature. */
struct canonical {
	const char *part; /* "header", "body", or NULL: none */
	bool is_header;   /* not the body */
	uint64_t index;   /* 1 is the topmost signature; 0: not given */
};

/* Finds usage errors, and sets is_header and index. */
void
canonical_check(struct canonical *c, enum checker_mode mode, struct arena *a);

/* Writes the header to out, or returns the sink that the body must flow into.
 * NULL: there is no --canonical, the header was written, or there is no such
 * signature, which stderr tells. */
struct sink *canonical_begin(const struct canonical *c, const struct message *m,
    const struct dkim_verifier *v, struct sink *out);

#endif
