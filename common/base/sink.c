/* sink: to a stream, to a buf, to nowhere. */
/* SPDX-License-Identifier: ISC */

#include "base/sink.h"

static void
file_put(struct sink *self, const char *p, size_t n)
{
	fwrite(p, 1, n, ((struct sink_file *)self)->file);
}

static void
no_end(struct sink *self)
{
	(void)self;
}

struct sink_file
sink_to_file(FILE *file)
{
	return (struct sink_file){{file_put, no_end}, file};
}

FILE *
sink_stream(const struct sink *s)
{
	return s->put == file_put ? ((const struct sink_file *)s)->file : NULL;
}

static void
buf_put(struct sink *self, const char *p, size_t n)
{
	buf_add(&((struct sink_buf *)self)->buf, (struct span){p, n});
}

struct sink_buf
sink_to_buf(struct arena *a)
{
	return (struct sink_buf){{buf_put, no_end}, BUF(a)};
}

static void
nowhere_put(struct sink *self, const char *p, size_t n)
{
	(void)self;
	(void)p;
	(void)n;
}

struct sink
sink_to_nowhere(void)
{
	return (struct sink){nowhere_put, no_end};
}
