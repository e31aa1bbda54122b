/* digest: a sink that hashes what flows into it. */
#ifndef DIGEST_H
#define DIGEST_H

#include "base/arena.h"
#include "base/sink.h"

enum digest_hash {
	DIGEST_SHA1, /* only to judge old signatures */
	DIGEST_SHA256,
};
#define DIGEST_MAX 32 /* octets of the longest */

/* Octets of a hash's value. */
size_t digest_size(enum digest_hash hash);

struct digest {
	struct sink sink;  /* end() computes value */
	struct span value; /* absent until ended; in the arena; absent for good
			      if the library is configured not to hash so */
	uint64_t total;    /* octets that came in, hashed or not */
	uint64_t limit;    /* only the first so many are hashed */
	struct digest_state *state;
};

/* limit: UINT64_MAX for all. In the arena, but it must be ended to give back
 * the library's part. */
struct digest *
digest_new(enum digest_hash hash, uint64_t limit, struct arena *a);

#endif
