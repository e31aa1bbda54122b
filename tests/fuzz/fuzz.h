/* fuzz: what every fuzz target defines (libFuzzer, or replay.c's main). */
#ifndef FUZZ_H
#define FUZZ_H

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An arena that is empty again for each run: a new one would be 64 KiB of new
 * memory. */
static inline struct arena *
fuzz_arena(void)
{
	static struct arena *a;

	if (a)
		arena_reset(a);
	else
		a = arena_new();
	return a;
}

static inline struct span
fuzz_span(const uint8_t *data, size_t size)
{
	return (struct span){(const char *)data, size};
}

#endif
