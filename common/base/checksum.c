/* checksum: mix octets into sums of 64 bits, a word at a time. */
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
add_words(struct checksum *c, const char *p)
{
	for (size_t i = 0; i < CHECKSUM_SUMS; i++)
		c->sum[i] = with_word(c->sum[i], p + i * sizeof(uint64_t));
}

/* Adds octets to the part. Returns how many it took. */
static size_t
add_part(struct checksum *c, struct span octets)
{
	size_t room = sizeof(c->part) - c->parts;
	size_t n = octets.len < room ? octets.len : room;

	memcpy(c->part + c->parts, octets.p, n);
	c->parts += n;
	if (c->parts == sizeof(c->part)) {
		add_words(c, c->part);
		c->parts = 0;
	}
	return n;
}

void
checksum_add(struct checksum *c, struct span octets)
{
	if (octets.len && c->parts)
		octets = span_from(octets, add_part(c, octets));
	for (; octets.len >= sizeof(c->part);
	     octets = span_from(octets, sizeof(c->part)))
		add_words(c, octets.p);
	if (octets.len)
		add_part(c, octets);
}

uint64_t
checksum_value(const struct checksum *c)
{
	uint64_t value = c->parts;
	char part[sizeof(c->part)] = {0};

	memcpy(part, c->part, c->parts);
	for (size_t i = 0; i < CHECKSUM_SUMS; i++) {
		value = with_word(value, (const char *)&c->sum[i]);
		value = with_word(value, part + i * sizeof(uint64_t));
	}
	return value;
}

bool
checksum_eq(const struct checksum *a, const struct checksum *b)
{
	return !memcmp(a->sum, b->sum, sizeof(a->sum)) &&
	    a->parts == b->parts && !memcmp(a->part, b->part, a->parts);
}
