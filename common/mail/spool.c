/* spool: keep octets in memory or in an unlinked temporary file. */
/* SPDX-License-Identifier: ISC */

#include "mail/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limit.h"
#include "mail/source.h"

struct spool {
	struct sink sink; /* first member, so that a sink is a spool */
	char *memory;
	size_t len, size; /* of memory */
	uint64_t put;     /* octets that were put */
	int fd;           /* -1 while memory is enough */
	int error;        /* the first errno, or 0 */
};

/* Opens a temporary file without a name: with O_TMPFILE, or, on a file system
 * that lacks it, by unlinking the file. */
static int
open_unlinked(void)
{
	const char *dir = getenv("TMPDIR");
	char name[4096];
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	if (snprintf(name, sizeof(name), "%s/vouch.XXXXXX", dir) >=
	    (int)sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t did = write(fd, p, n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did < 0)
			return -1;
		p += did;
		n -= (size_t)did;
	}
	return 0;
}

static int
to_file(struct spool *s)
{
	s->fd = open_unlinked();
	if (s->fd < 0 || write_all(s->fd, s->memory, s->len) < 0)
		return -1;
	free(s->memory);
	s->memory = NULL;
	s->len = s->size = 0;
	return 0;
}

static void
to_memory(struct spool *s, const char *p, size_t n)
{
	if (s->size - s->len < n) {
		s->size = (s->len + n) * 2;
		if (s->size > LIMIT_SPOOL_MEMORY)
			s->size = LIMIT_SPOOL_MEMORY;
		s->memory = arena_realloc(s->memory, s->size);
	}
	memcpy(s->memory + s->len, p, n);
	s->len += n;
}

static int
keep(struct spool *s, const char *p, size_t n)
{
	if (s->fd < 0 && n <= LIMIT_SPOOL_MEMORY - s->len) {
		to_memory(s, p, n);
		return 0;
	}
	if (s->fd < 0 && to_file(s) < 0)
		return -1;
	return write_all(s->fd, p, n);
}

static void
spool_put(struct sink *self, const char *p, size_t n)
{
	struct spool *s = (struct spool *)self;

	s->put += n;
	if (!s->error && keep(s, p, n) < 0)
		s->error = errno;
}

static void
spool_end(struct sink *self)
{
	(void)self;
}

struct spool *
spool_new(void)
{
	struct spool *s = arena_malloc(sizeof(*s));

	*s = (struct spool){.sink = {spool_put, spool_end}, .fd = -1};
	return s;
}

void
spool_free(struct spool *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s->memory);
	free(s);
}

struct sink *
spool_sink(struct spool *s)
{
	return &s->sink;
}

int
spool_finish(struct spool *s)
{
	errno = s->error;
	return s->error ? -1 : 0;
}

uint64_t
spool_size(const struct spool *s)
{
	return s->put;
}

int
spool_read(const struct spool *s, uint64_t at, char *p, size_t n)
{
	assert(at <= s->put && n <= s->put - at);
	if (s->fd < 0 && n) {
		memcpy(p, s->memory + at, n);
		return 0;
	}
	while (n) {
		ssize_t got = pread(s->fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got < 0 ? errno : EIO; /* EIO: it was cut */
			return -1;
		}
		p += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

void
spool_reset(struct spool *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->len = 0;
	s->put = 0;
	s->error = 0;
}

/* Octets that a pipe holds for sendfile(). With the usual 64 KiB that takes 1.1
 * of the time of pieces by the clock, and with 1 MiB as long as with these. */
#define PIPE_SIZE (256 << 10)

/*
 * Has the kernel hand the pages of the file to a pipe, and copy none of them.
 * For 100 MB from pipe to pipe, hash included, this takes 0.85 of the time of
 * pieces, by CPU and by the clock. Returns how many octets it wrote. Whatever
 * keeps it from writing all of them is left to the caller, which writes the
 * rest.
 */
static off_t
send_to_pipe(const struct spool *s, FILE *to)
{
	int fd = fileno(to), size = fcntl(fd, F_GETPIPE_SZ);
	off_t at = 0;

	if (size < 0 || /* not a pipe */
	    (size < PIPE_SIZE && fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE) < 0) ||
	    fflush(to))
		return 0;
	while (at < (off_t)s->put)
		if (sendfile(fd, s->fd, &at, s->put - (size_t)at) <= 0)
			break;
	return at;
}

/* Octets of a file that are replayed at once: they are on the stack, and what
 * takes them can replay another spool. */
#define REPLAY_CHUNK ((size_t)32 << 10)

int
spool_replay(struct spool *s, struct sink *to)
{
	char chunk[REPLAY_CHUNK];
	FILE *stream = sink_stream(to);
	off_t at;
	ssize_t got;

	if (s->fd < 0) {
		sink_put(to, (struct span){s->memory, s->len});
		return 0;
	}
	at = stream ? send_to_pipe(s, stream) : 0;
	while ((got = pread(s->fd, chunk, sizeof(chunk), at)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		sink_put(to, (struct span){chunk, (size_t)got});
		at += got;
	}
	return 0;
}

static int
copy_to(struct span ahead, int from, int to)
{
	char chunk[SOURCE_CHUNK];
	ssize_t got;

	if (write_all(to, ahead.p, ahead.len) < 0)
		return -1;
	while ((got = read(from, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || write_all(to, chunk, (size_t)got) < 0)
			return -1;
	}
	return 0;
}

int
spool_to_file(int fd, struct span ahead)
{
	struct stat st;
	int copy;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fcntl(fd, F_DUPFD_CLOEXEC, 3);
	copy = open_unlinked();
	if (copy >= 0 &&
	    (copy_to(ahead, fd, copy) < 0 || lseek(copy, 0, SEEK_SET) < 0)) {
		int error = errno;

		close(copy);
		errno = error;
		return -1;
	}
	return copy;
}
