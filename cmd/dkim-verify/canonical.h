/* canonical: --canonical, the octets that a signature covers. */
/* SPDX-License-Identifier: ISC */
#ifndef CANONICAL_H
#define CANONICAL_H

#include "dkim/dkim.h"

/* Which octets, of which signature. */
struct canonical_choice {
	bool is_header; /* not the body */
	uint64_t index; /* 1 is the topmost signature */
};

/* Writes the header to out, or returns the sink that the body must flow into.
 * NULL: the header was written, or there is no such signature, which stderr
 * tells. */
struct sink *canonical_begin(const struct canonical_choice *what,
    const struct message *m, const struct dkim_verifier *v, struct sink *out);

#endif
