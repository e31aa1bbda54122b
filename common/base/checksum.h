/* checksum: tells whether two readings gave the same octets. Fast, but not
 * secure: whoever chooses the octets can make two texts compare equal. */
/* SPDX-License-Identifier: ISC */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include "base/span.h"

struct checksum {
	uint64_t sum;
	char part[8]; /* octets that do not yet fill a word */
	size_t parts;
};

/* Adds octets to a checksum that began as a struct of zeros. How they are split
 * into pieces does not matter. */
void checksum_add(struct checksum *c, struct span octets);

/* Were the same octets added to both? */
bool checksum_eq(const struct checksum *a, const struct checksum *b);

#endif
