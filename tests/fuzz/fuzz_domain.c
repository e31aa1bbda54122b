/* fuzz_domain: the normal form of a domain name is its own normal form. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>

#include "base/domain.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span normal = domain_normal(fuzz_span(data, size), a);

	if (normal.p)
		assert(span_eq(domain_normal(normal, a), normal));
	domain_normal_id(fuzz_span(data, size), a);
	arena_free(a);
	return 0;
}
