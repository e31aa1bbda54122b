/* hash: computes the SHA-256 of stdin. */
/* SPDX-License-Identifier: ISC */

/* The reference for benchmarks: no signer or verifier can be faster. */

#include <stdio.h>
#include <unistd.h>

#include "base/digest.h"

int
main(void)
{
	static char chunk[65536];
	struct arena *a = arena_new();
	struct digest *d = digest_new(DIGEST_SHA256, UINT64_MAX, a);
	ssize_t got;

	while ((got = read(0, chunk, sizeof(chunk))) > 0)
		sink_put(&d->sink, (struct span){chunk, (size_t)got});
	sink_end(&d->sink);
	printf("%02x\n", (unsigned char)d->value.p[0]);
	arena_free(a);
	return got < 0;
}
