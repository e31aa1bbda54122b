/* checksum: whether octets read twice were the same. Fast, and no defence
 * against who chooses the octets. */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include "base/span.h"

struct checksum {
	uint64_t sum;
	char part[8]; /* octets that do not fill a word yet */
	size_t parts;
};

/* Begin with a struct of zeros; pieces of any size give the same sum. */
void checksum_add(struct checksum *c, struct span octets);

/* Were the same octets added to both? */
bool checksum_eq(const struct checksum *a, const struct checksum *b);

#endif
