/* fuzz_key_lint: checks a key record, and the one that is proposed for it. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>

#include "fuzz.h"
#include "lint/key_lint.h"

#define NAME SPAN("s1._domainkey.example.org")

/* What is proposed has no finding, and is the same key. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct key_lint l, again;

	key_lint_text(NAME, fuzz_span(data, size), NULL, a, &l);
	if ((l.state == KEY_LINT_SOUND) != !key_lint_worst(&l))
		abort();
	if (l.proposed.p) {
		key_lint_text(NAME, l.proposed, NULL, a, &again);
		if (again.findings.n || !span_eq(again.data, l.data))
			abort();
	}
	return 0;
}
