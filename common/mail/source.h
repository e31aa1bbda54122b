/*
 * source: where a message is read from. A pipe is read once; a regular file
 * can be read again from where it began, and one message of an mbox is a range
 * of its file.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/span.h"

#define SOURCE_CHUNK ((size_t)64 << 10) /* what one read asks for */

struct source {
	int fd;
	bool can_reread;   /* a regular file, as it is */
	bool is_range;     /* one message of an mbox: from start to end */
	off_t start, end;  /* start: the offset it had; end: of a range */
	off_t taken;       /* octets of the file read so far */
	struct stat first; /* what the file was then */
	char *unquote;     /* of a range: room for a chunk, or NULL */
	bool line_begun;   /* the next octet is not a line's first */
	struct span ahead; /* of a pipe: octets that were taken from fd before,
			      and are still to be read */
};

/* All of a descriptor from its current offset on. Returns 0, or -1 (errno). */
int source_init(struct source *s, int fd);

/*
 * Octets from start to end of a regular file. With unquote, lines that begin
 * with one or more ">" and "From " lose one ">" (mboxrd); unquote needs
 * SOURCE_CHUNK octets of room for the life of the source.
 */
void source_range(
    struct source *s, int fd, off_t start, off_t end, char *unquote_room);

/* Reads up to n octets (n >= SOURCE_CHUNK). Returns their number, 0 at the
 * end, -1 with errno. */
ssize_t source_read(struct source *s, char *p, size_t n);

/* Reads to the end and throws away what comes; errors end it, too. Nothing to
 * do for a file: nobody waits for its reader. */
void source_drain(struct source *s);

/*
 * Reads again, from the octet at (of those read before) on, up to n octets,
 * without moving the descriptor's offset. Returns the number, 0 at the end of
 * what was read the first time, -1 with errno.
 */
ssize_t source_reread(const struct source *s, off_t at, char *p, size_t n);

/* Is the file what it was: size, time of modification, and no octet more or
 * fewer than were read? (A new name or mode is no change.) -1 with errno ESTALE
 * if not. */
int source_unchanged(const struct source *s);

#endif
