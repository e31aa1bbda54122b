/* checksum: mix octets into 64 bits, a word at a time. */
/* SPDX-License-Identifier: ISC */

#include "base/checksum.h"

#include <string.h>

static uint64_t
with_word(uint64_t sum, const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

static void
add_octet(struct checksum *c, char octet)
{
	c->part[c->parts++] = octet;
	if (c->parts == sizeof(c->part)) {
		c->sum = with_word(c->sum, c->part);
		c->parts = 0;
	}
}

void
checksum_add(struct checksum *c, struct span octets)
{
	for (; octets.len && c->parts; octets = span_from(octets, 1))
		add_octet(c, octets.p[0]);
	for (; octets.len >= sizeof(c->part);
	     octets = span_from(octets, sizeof(c->part)))
		c->sum = with_word(c->sum, octets.p);
	for (; octets.len; octets = span_from(octets, 1))
		add_octet(c, octets.p[0]);
}

bool
checksum_eq(const struct checksum *a, const struct checksum *b)
{
	return a->sum == b->sum && a->parts == b->parts &&
	    !memcmp(a->part, b->part, a->parts);
}
