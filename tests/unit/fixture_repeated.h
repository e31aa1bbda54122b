/* fixture_repeated: texts that reach a limit. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_REPEATED_H
#define FIXTURE_REPEATED_H

#include "base/buf.h"

/* Returns the start, and each n times after it. */
static inline struct span
repeated(const char *start, const char *each, size_t n, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, start);
	while (n--)
		buf_str(&b, each);
	return buf_span(&b);
}

#endif
