/* source: read a message from a pipe, a file or a range of a file. */
/* SPDX-License-Identifier: ISC */

#include "mail/source.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"

int
source_init(struct source *s, int fd)
{
	*s = (struct source){.fd = fd};
	if (fstat(fd, &s->first) < 0)
		return -1;
	if (!S_ISREG(s->first.st_mode))
		return 0;
	s->start = lseek(fd, 0, SEEK_CUR);
	s->can_reread = s->start >= 0;
	return 0;
}

void
source_file(struct source *s, int fd, const struct stat *st)
{
	*s = (struct source){.fd = fd, .can_reread = true, .first = *st};
}

void
source_range(
    struct source *s, int fd, off_t start, off_t end, char *unquote_room)
{
	*s = (struct source){.fd = fd,
	    .is_range = true,
	    .start = start,
	    .end = end,
	    .unquote = unquote_room};
}

static ssize_t
read_at(const struct source *s, char *p, size_t n)
{
	off_t left = s->end - s->start - s->taken;
	ssize_t got;

	if (!s->is_range)
		while ((got = read(s->fd, p, n)) < 0 && errno == EINTR)
			;
	else
		while (
		    (got = pread(s->fd, p, (off_t)n < left ? n : (size_t)left,
			 s->start + s->taken)) < 0 &&
		    errno == EINTR)
			;
	return got;
}

/* Is this a quoted line of an mboxrd: 1*">" "From "? */
static bool
is_quoted_from(struct span line)
{
	size_t n = 0;

	while (n < line.len && line.p[n] == '>')
		n++;
	return n && span_starts(span_from(line, n), SPAN("From "));
}

/* Copies one line, or a part of one, without its quoting ">". */
static size_t
unquote_line(struct source *s, struct span line, char *to)
{
	if (!s->line_begun && is_quoted_from(line))
		line = span_from(line, 1);
	memcpy(to, line.p, line.len);
	return line.len;
}

/* Reads whole lines if the chunk has any, so that ">From " is not split. */
static ssize_t
read_unquoted(struct source *s, char *p)
{
	ssize_t got = read_at(s, s->unquote, SOURCE_CHUNK);
	struct span rest = {s->unquote, got > 0 ? (size_t)got : 0};
	char *to = p;
	bool last = s->taken + (off_t)rest.len >= s->end - s->start;

	while (rest.len) {
		size_t n = span_find(rest, '\n');
		bool whole = n < rest.len;

		if (!whole && !last && to > p)
			break;
		n += whole;
		to += unquote_line(s, span_upto(rest, n), to);
		s->line_begun = !whole;
		s->taken += (off_t)n;
		rest = span_from(rest, n);
	}
	return got < 0 ? got : to - p;
}

static ssize_t
read_ahead(struct source *s, char *p, size_t n)
{
	struct span some =
	    span_upto(s->ahead, n < s->ahead.len ? n : s->ahead.len);

	memcpy(p, some.p, some.len);
	s->ahead = span_from(s->ahead, some.len);
	return (ssize_t)some.len;
}

ssize_t
source_read(struct source *s, char *p, size_t n)
{
	ssize_t got;

	if (s->unquote)
		return read_unquoted(s, p);
	if (s->ahead.len)
		return read_ahead(s, p, n);
	got = read_at(s, p, n);
	if (got > 0)
		s->taken += got;
	return got;
}

bool
source_is_read(const struct source *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};

	if (s->is_range)
		return s->start + s->taken >= s->end;
	if (s->can_reread)
		return s->start + s->taken >= s->first.st_size;
	/* A pipe that its writer has closed, with nothing left in it. */
	return !s->ahead.len && poll(&p, 1, 0) == 1 && p.revents == POLLHUP;
}

void
source_drain(struct source *s)
{
	char chunk[SOURCE_CHUNK];

	if (s->can_reread || s->is_range)
		return;
	while (source_read(s, chunk, sizeof(chunk)) > 0)
		;
}

ssize_t
source_reread(const struct source *s, off_t at, char *p, size_t n)
{
	off_t left = s->taken - at;
	ssize_t got;

	if ((off_t)n > left)
		n = (size_t)left;
	while ((got = pread(s->fd, p, n, s->start + at)) < 0 && errno == EINTR)
		;
	return got;
}

int
source_unchanged(const struct source *s)
{
	struct stat now;

	if (fstat(s->fd, &now) < 0)
		return -1;
	if (now.st_size == s->first.st_size &&
	    s->start + s->taken == now.st_size &&
	    now.st_mtim.tv_sec == s->first.st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == s->first.st_mtim.tv_nsec)
		return 0;
	errno = ESTALE;
	return -1;
}
