/* file: read a whole file into an arena; write all octets. */
/* SPDX-License-Identifier: ISC */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limit.h"

/* The least room for one read. With more, the end of a small file would move
 * its buffer, which takes as long as to parse it. */
#define CHUNK ((size_t)4 << 10)

struct span
file_read_fd(int fd, struct arena *a)
{
	struct buf b = BUF(a);
	ssize_t got;

	do {
		char *room = buf_room(&b, CHUNK);

		got = read(fd, room, b.size - b.len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return SPAN_NONE;
		b.len += (size_t)got;
		if (b.len > LIMIT_FILE) {
			errno = EFBIG;
			return SPAN_NONE;
		}
	} while (got);
	return buf_span(&b);
}

struct span
file_read(const char *path, struct arena *a)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	struct span text;

	if (fd < 0)
		return SPAN_NONE;
	text = file_read_fd(fd, a);
	error = errno;
	close(fd);
	errno = error;
	return text;
}

bool
file_write_fd(int fd, struct span octets)
{
	while (octets.len) {
		ssize_t n = write(fd, octets.p, octets.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return false;
		octets = span_from(octets, (size_t)n);
	}
	return true;
}
