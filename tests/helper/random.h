/* random: random numbers and octets, the same ones for the same seed. */
/* SPDX-License-Identifier: ISC */
#ifndef RANDOM_H
#define RANDOM_H

#include "base/buf.h"

struct generator {
	uint64_t random;     /* the state; the seed at first */
	struct arena *arena; /* of the message */
	const char *eol[2];  /* each line of the message has one of these */
};

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine. */
static inline uint64_t
next_random(struct generator *g)
{
	uint64_t z = g->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Returns a number less than n. */
static inline size_t
pick(struct generator *g, size_t n)
{
	return (size_t)(next_random(g) >> 11) % n;
}

static inline bool
once_in(struct generator *g, size_t n)
{
	return pick(g, n) == 0;
}

/* Returns an octet: mostly a letter, sometimes one with a meaning in mail, or
 * an octet that is not ASCII. */
static inline char
octet(struct generator *g)
{
	static const char odd[] = "\0\r\v\f\x1b\x7f\xa0\x89\xff=;:\"\\().,<>";

	if (once_in(g, 12))
		return odd[pick(g, sizeof(odd) - 1)];
	if (once_in(g, 12))
		return (char)(128 + pick(g, 128));
	return (char)((once_in(g, 2) ? 'a' : 'A') + pick(g, 26));
}

static inline void
add_word(struct generator *g, struct buf *b)
{
	for (size_t n = 1 + pick(g, once_in(g, 10) ? 70 : 10); n; n--)
		buf_char(b, octet(g));
}

#endif
