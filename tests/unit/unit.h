/* unit: cmocka and its includes, tables, comparison of texts. */
/* SPDX-License-Identifier: ISC */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/span.h"

/* In a table: the span of a literal, which may have NULs. */
#define S(lit)                          \
	{                               \
		"" lit, sizeof(lit) - 1 \
	}

/* How many of what is generated: make check-all, which sets VOUCH_FULL, has more
 * of it. */
static inline size_t
rounds(size_t few, size_t many)
{
	const char *full = getenv("VOUCH_FULL");

	return full && strcmp(full, "yes") == 0 ? many : few;
}

/* Fails, naming what, unless text is what was expected. */
static inline void
same(const char *what, struct span text, const char *expected)
{
	if (!span_eq(text, span_of(expected)))
		fail_msg("%s:\n" SPAN_FMT "\nnot\n%s", what, SPAN_ARG(text),
		    expected);
}

#endif
