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

/* Adds as many words to each sum. The sums are kept in registers meanwhile. */
static void
add_words(struct checksum *c, const char *p, size_t n)
{
	uint64_t a = c->sum[0], b = c->sum[1], d = c->sum[2], e = c->sum[3];

	for (; n; n--, p += sizeof(c->part)) {
		a = with_word(a, p);
		b = with_word(b, p + 8);
		d = with_word(d, p + 16);
		e = with_word(e, p + 24);
	}
	c->sum[0] = a;
	c->sum[1] = b;
	c->sum[2] = d;
	c->sum[3] = e;
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
		add_words(c, c->part, 1);
		c->parts = 0;
	}
	return n;
}

void
checksum_add(struct checksum *c, struct span octets)
{
	size_t words;

	if (octets.len && c->parts)
		octets = span_from(octets, add_part(c, octets));
	words = octets.len / sizeof(c->part);
	add_words(c, octets.p, words);
	octets = span_from(octets, words * sizeof(c->part));
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
