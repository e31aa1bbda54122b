/*
 * spool: octets kept to be written back: in memory up to LIMIT_SPOOL_MEMORY,
 * then in an unlinked temporary file in $TMPDIR or /tmp, which is gone when
 * the program ends, however it ends.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include "base/sink.h"

struct spool;

struct spool *spool_new(void);
void spool_free(struct spool *s); /* NULL is accepted */

/* The end that takes octets. A failure is kept for spool_finish(). */
struct sink *spool_sink(struct spool *s);

/* 0 if everything was kept; else -1 with errno (ENOSPC, EFBIG, ...). */
int spool_finish(struct spool *s);

/* Writes it all into a sink, which is not ended. Returns 0, or -1 (errno). */
int spool_replay(struct spool *s, struct sink *to);

/* A file's descriptor with all that can be read from fd: fd's own copy if it
 * is a regular file, else an unlinked temporary file, to be read from its
 * offset on, which begins with the octets ahead, taken from fd before. -1 with
 * errno. */
int spool_to_file(int fd, struct span ahead);

#endif
