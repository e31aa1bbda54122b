/* siphash: SipHash-1-3. */
/* SPDX-License-Identifier: ISC */

#include "base/siphash.h"

#include <assert.h>
#include <endian.h>
#include <string.h>
#include <sys/random.h>

struct siphash_key
siphash_random_key(void)
{
	struct siphash_key key;
	ssize_t n = getrandom(&key, sizeof(key), 0);

	/* So few octets are never cut short by a signal. */
	assert(n == (ssize_t)sizeof(key));
	return key;
}

static inline uint64_t
rotated(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
sip_round(uint64_t v[static 4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotated(v[1], 13) ^ v[0];
	v[3] = rotated(v[3], 16) ^ v[2];
	v[0] = rotated(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotated(v[1], 17) ^ v[2];
	v[3] = rotated(v[3], 21) ^ v[0];
	v[2] = rotated(v[2], 32);
}

/* Reads up to 8 octets, the first as the lowest. */
static inline uint64_t
load(const unsigned char *p, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, p, n);
	return le64toh(word);
}

uint64_t
siphash(const struct siphash_key *key, const void *p, size_t n)
{
	const unsigned char *octet = p;
	uint64_t v[4] = {
	    key->k[0] ^ 0x736f6d6570736575,
	    key->k[1] ^ 0x646f72616e646f6d,
	    key->k[0] ^ 0x6c7967656e657261,
	    key->k[1] ^ 0x7465646279746573,
	};
	uint64_t last = (uint64_t)n << 56;

	for (; n >= 8; n -= 8, octet += 8) {
		uint64_t word = load(octet, 8);

		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	if (n)
		last |= load(octet, n);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
