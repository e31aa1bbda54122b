/* unit: cmocka and its includes, tables, comparison of texts. */
/* SPDX-License-Identifier: ISC */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka 2 deprecates assert_in_range(), and cmocka 1 has no other. */
#define CMOCKA_DISABLE_DEPRECATION_WARNINGS
#include <cmocka.h>

#include "base/span.h"

/* In a table: the span of a literal, which may have NULs. */
#define S(lit)                          \
	{                               \
		"" lit, sizeof(lit) - 1 \
	}

/* make check-all, which sets VOUCH_FULL? */
static inline bool
is_full(void)
{
	const char *full = getenv("VOUCH_FULL");

	return full && strcmp(full, "yes") == 0;
}

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

/* How many of what is generated: few under the address sanitizer, where each
 * takes ten times as long. */
static inline size_t
rounds(size_t few, size_t many)
{
	return is_full() && !IS_SANITIZED ? many : few;
}

/* The beginning of a main() whose tests wait for seconds. */
static inline void
only_if_full(void)
{
	if (is_full())
		return;
	puts("1..0 # SKIP it waits for seconds: make check-all");
	exit(0);
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
