/* digest: a sink that hashes what flows into it. */
/* SPDX-License-Identifier: ISC */
#ifndef DIGEST_H
#define DIGEST_H

#include "base/arena.h"
#include "base/sink.h"

enum digest_hash {
	DIGEST_SHA1, /* only to verify old signatures */
	DIGEST_SHA256,
};
#define DIGEST_MAX 32 /* octets of the longest value */

/* Returns the length of a hash's value in octets. */
size_t digest_size(enum digest_hash hash);

struct digest {
	struct sink sink;  /* end() computes value */
	struct span value; /* in the arena, once the sink has ended; absent if
			      the library's configuration forbids the hash */
	uint64_t total;    /* octets put in, hashed or not */
	uint64_t limit;    /* how many of them, at most, are hashed */
	struct digest_state *state;
};

/* Returns a digest of the first limit octets (UINT64_MAX: of all). It lives in
 * the arena, but only its end releases what the library has allocated. */
struct digest *
digest_new(enum digest_hash hash, uint64_t limit, struct arena *a);

/* Hashes octets at once, without memory from the library; value has room for
 * DIGEST_MAX. False: the library's configuration forbids the hash. */
bool digest_once(enum digest_hash hash, struct span octets, char *value);

#endif
