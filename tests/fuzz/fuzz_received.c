/* fuzz_received: parses Received fields and dates. */
/* SPDX-License-Identifier: ISC */

#include "fuzz.h"
#include "mail/received.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct received r;
	int64_t seconds;

	received_parse(fuzz_span(data, size), a, &r);
	received_date(fuzz_span(data, size), &seconds);
	received_rfc3339(fuzz_span(data, size), &seconds);
	arena_free(a);
	return 0;
}
