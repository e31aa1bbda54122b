/* fuzz_dkim: parses the body of a DKIM-Signature field, and a key record. */
/* SPDX-License-Identifier: ISC */

#include "dkim/dkim.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span s = fuzz_span(data, size);
	struct field f = {.raw = s, .body = s};
	struct dkim_signature sig;
	struct dkim_key key;
	struct key_public *public;

	dkim_signature_parse(&f, a, &sig);
	if (dkim_key_parse(s, a, &key) == DKIM_OK &&
	    key_public_parse(key.type, key.data, &public) == KEY_OK)
		key_public_free(public);
	arena_free(a);
	return 0;
}
