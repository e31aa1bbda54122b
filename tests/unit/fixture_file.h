/* What tests share that read files. */
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

/* A regular file without a name that has this text, to be read from its
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

/* Its name, for who opens it by one as long as it is open. */
static inline const char *
path_of(int fd, struct arena *a)
{
	return arena_printf(a, "/proc/self/fd/%d", fd).p;
}

#endif
