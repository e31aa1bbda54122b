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

/*
 * A hash as it is after some octets. Its value can be had and the hash goes on,
 * also in several ways: for a search, which does so at each end of a line. A
 * value costs about as much as hashing 150 octets. Each piece is hashed at
 * once: many small ones take longer than in a digest.
 */
struct digest_point {
	void *handle;
};

/* Makes one that has hashed nothing. False: the library's configuration forbids
 * the hash, or cannot copy its state. */
bool digest_point_new(enum digest_hash hash, struct digest_point *p);

void digest_point_add(struct digest_point *p, struct span octets);

/* Computes the value (DIGEST_MAX octets of room) that there would be after more
 * octets; p stays as it is. */
void
digest_point_value(const struct digest_point *p, struct span more, char *value);

void digest_point_free(struct digest_point *p);

#endif
