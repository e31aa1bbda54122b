/* fuzz_canon: canonical bodies are the same for any size of pieces. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>

#include "dkim/canon.h"
#include "fuzz.h"

static struct span
canonical(enum canon c, struct span body, size_t piece, struct arena *a)
{
	struct sink_buf *out = ARENA_NEW(a, struct sink_buf);
	struct sink *in;

	*out = sink_to_buf(a);
	in = canon_body(c, &out->sink, a);
	while (body.len) {
		size_t n = body.len < piece ? body.len : piece;

		sink_put(in, span_upto(body, n));
		body = span_from(body, n);
	}
	sink_end(in);
	return buf_span(&out->buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span s = fuzz_span(data, size);

	for (int c = CANON_SIMPLE; c <= CANON_RELAXED; c++) {
		struct span whole = canonical((enum canon)c, s, size + 1, a);

		assert(span_eq(whole, canonical((enum canon)c, s, 1, a)));
		assert(span_eq(whole, canonical((enum canon)c, s, 7, a)));
	}
	arena_free(a);
	return 0;
}
