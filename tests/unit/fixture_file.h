/* fixture_file: files without a name. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_FILE_H
#define FIXTURE_FILE_H

#include "unit.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"

static inline void
write_to(int fd, struct span s)
{
	assert_int_equal(write(fd, s.p, s.len), s.len);
}

/* Returns a regular file without a name that has this text, positioned at its
 * beginning. */
static inline int
file_of(struct span text)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	assert_true(fd >= 0);
	write_to(fd, text);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Returns a path by which it can be opened as long as fd is open. */
static inline const char *
path_of(int fd, struct arena *a)
{
	return arena_printf(a, "/proc/self/fd/%d", fd).p;
}

#endif
