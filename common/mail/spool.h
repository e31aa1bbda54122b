/*
 * spool: keep octets to write them back later: up to LIMIT_SPOOL_MEMORY in
 * memory, more in an unlinked temporary file in $TMPDIR or /tmp, which
 * disappears when the program ends, however it ends.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SPOOL_H
#define SPOOL_H

#include "base/sink.h"

struct spool;

struct spool *spool_new(void);
void spool_free(struct spool *s); /* NULL is accepted */

/* Returns the sink that fills the spool; spool_finish() reports its errors. */
struct sink *spool_sink(struct spool *s);

/* Returns 0 if all octets were kept, or -1 with errno (ENOSPC, EFBIG, ...). */
int spool_finish(struct spool *s);

/* How many octets were put. */
uint64_t spool_size(const struct spool *s);

/* Reads n octets from offset at; all were put before. Returns 0, or -1 with
 * errno. */
int spool_read(const struct spool *s, uint64_t at, char *p, size_t n);

/* Forgets all octets, and errors, for others to be kept. It keeps the memory
 * and closes the file. */
void spool_reset(struct spool *s);

/* Writes all octets to a sink, which is not ended. Returns 0, or -1 with
 * errno. */
int spool_replay(struct spool *s, struct sink *to);

/*
 * Returns the descriptor of a regular file to read instead of fd: a duplicate
 * of fd if that is a regular file, else an unlinked temporary file at offset 0,
 * with ahead, the octets already taken from fd, and all that can be read from
 * fd. Returns -1 with errno.
 */
int spool_to_file(int fd, struct span ahead);

#endif
