/*
 * source: the input that a message is read from. A pipe can be read once; a
 * regular file can be read again from where the message begins; one message of
 * an mbox is a range of its file.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SOURCE_H
#define SOURCE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/span.h"

#define SOURCE_CHUNK ((size_t)64 << 10) /* octets of one read */

struct source {
	int fd;
	bool can_reread;   /* a regular file, read unchanged */
	bool is_range;     /* one message of an mbox: from start to end */
	off_t start, end;  /* offsets in the file; end of a range only */
	off_t taken;       /* octets of the file read so far */
	struct stat first; /* the state of the file at first */
	char *unquote;     /* of a range: room to unquote, or NULL */
	bool line_begun;   /* the next octet is not the first of a line */
	struct span ahead; /* of a pipe: octets already taken from fd, to be
			      read first */
};

/* Starts reading a descriptor at its current offset. Returns 0, or -1 with
 * errno. */
int source_init(struct source *s, int fd);

/* Starts reading a regular file at its start, where its offset must be; st is
 * its state. */
void source_file(struct source *s, int fd, const struct stat *st);

/*
 * Starts reading a regular file from start to end. If unquote_room is not NULL,
 * reading removes one ">" from each line that begins with one or more ">" and
 * "From " (mboxrd). It has SOURCE_CHUNK octets and lives as long as the source.
 */
void source_range(
    struct source *s, int fd, off_t start, off_t end, char *unquote_room);

/* Reads up to n octets (n >= SOURCE_CHUNK). Returns their number, 0 at the end,
 * or -1 with errno. */
ssize_t source_read(struct source *s, char *p, size_t n);

/* Were all octets read, as far as that can be told without waiting? */
bool source_is_read(const struct source *s);

/* Reads a pipe to its end, or to an error, and discards the octets, so that its
 * writer can finish. Does nothing for a file. */
void source_drain(struct source *s);

/*
 * Reads up to n of the octets read before again, starting at the octet at,
 * without moving the descriptor's offset. Returns their number, 0 at the end of
 * the octets read before, or -1 with errno.
 */
ssize_t source_reread(const struct source *s, off_t at, char *p, size_t n);

/* Checks that the file has not changed: its size, its modification time, and
 * that all its octets were read. (A new name or mode does not matter.) Returns
 * 0, or -1 with errno, ESTALE if it has changed. */
int source_unchanged(const struct source *s);

#endif
