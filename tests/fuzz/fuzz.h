/* fuzz: the function that each fuzz target defines, and what targets share. */
/* SPDX-License-Identifier: ISC */
#ifndef FUZZ_H
#define FUZZ_H

#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"

/* Runs the target on one input. Called by libFuzzer, or by main() of
 * replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Returns an arena that is emptied for each run. A new one would allocate 256
 * KiB. */
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

/* Returns a file in memory with these octets, at its start. */
static inline int
fuzz_file(struct span octets)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	assert(fd >= 0);
	assert(write(fd, octets.p, octets.len) == (ssize_t)octets.len);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

#endif
