/* siphash: SipHash-1-3 (Aumasson and Bernstein 2012), a hash with a secret key,
 * for tables and sums whose keys are chosen by strangers: without the key,
 * nobody can make texts whose hashes collide. */
/* SPDX-License-Identifier: ISC */
#ifndef SIPHASH_H
#define SIPHASH_H

#include "base/span.h"

struct siphash_key {
	uint64_t k[2];
};

/* Returns a key from the system's random numbers. */
struct siphash_key siphash_random_key(void);

/* Hashes n octets. */
uint64_t siphash(const struct siphash_key *key, const void *p, size_t n);

#endif
