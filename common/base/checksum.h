/* checksum: tells whether two readings gave the same octets. Fast, but not
 * secure: whoever chooses the octets can make two texts compare equal. */
/* SPDX-License-Identifier: ISC */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include "base/span.h"

/* Words go to the sums in turn, so that the processor adds to all of them at
 * once: of one sum each addition waits for the one before, and 100 MB took half
 * as long as SHA-256. */
#define CHECKSUM_SUMS 4

struct checksum {
	uint64_t sum[CHECKSUM_SUMS];
	/* Octets that do not yet fill a word of each sum. */
	char part[CHECKSUM_SUMS * sizeof(uint64_t)];
	size_t parts;
};

/* Adds octets to a checksum that began as a struct of zeros. How they are split
 * into pieces does not matter. */
void checksum_add(struct checksum *c, struct span octets);

/* Returns one number for all octets that were added. */
uint64_t checksum_value(const struct checksum *c);

/* Were the same octets added to both? */
bool checksum_eq(const struct checksum *a, const struct checksum *b);

#endif
