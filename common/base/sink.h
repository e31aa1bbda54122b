/* sink: a receiver of octets. Sinks stack: a canonicalizer puts into a
 * digest. */
/* SPDX-License-Identifier: ISC */
#ifndef SINK_H
#define SINK_H

#include <stdio.h>

#include "base/buf.h"

struct sink {
	/* Takes octets, in pieces of any size, split anywhere. */
	void (*put)(struct sink *self, const char *p, size_t n);
	/* Called once, after the last octets. */
	void (*end)(struct sink *self);
};

static inline void
sink_put(struct sink *s, struct span octets)
{
	if (octets.len)
		s->put(s, octets.p, octets.len);
}

static inline void
sink_end(struct sink *s)
{
	s->end(s);
}

/* A sink that writes to a stream. Errors are left to ferror(). */
struct sink_file {
	struct sink sink;
	FILE *file;
};
struct sink_file sink_to_file(FILE *file);

/* Returns the stream that a sink of sink_to_file() writes to; NULL: it is
 * another sink. */
FILE *sink_stream(const struct sink *s);

/* A sink that discards all octets. */
struct sink sink_to_nowhere(void);

/* A sink that adds to a buf. */
struct sink_buf {
	struct sink sink;
	struct buf buf;
};
struct sink_buf sink_to_buf(struct arena *a);

#endif
