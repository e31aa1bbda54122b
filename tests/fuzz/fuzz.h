/* fuzz: what every fuzz target defines (libFuzzer, or replay.c's main). */
#ifndef FUZZ_H
#define FUZZ_H

#include "arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct span
fuzz_span(const uint8_t *data, size_t size)
{
	return (struct span){(const char *)data, size};
}

#endif
