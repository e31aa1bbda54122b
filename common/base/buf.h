/* buf: octets being written, in an arena. The octets may move as it grows. */
#ifndef BUF_H
#define BUF_H

#include "base/arena.h"

struct buf {
	struct arena *arena;
	char *p;
	size_t len, size;
};

#define BUF(a) ((struct buf){.arena = (a)})

/* Room for n more octets; returns where to write them. Add to len yourself. */
char *buf_room(struct buf *b, size_t n);

void buf_add(struct buf *b, struct span s);
void buf_str(struct buf *b, const char *s); /* a C string */
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds s with what utf8_run() says must be escaped as \xHH. */
void buf_escaped(struct buf *b, struct span s);

/* Adds s, or of a longer one the beginning, whole characters that are no more
 * than max octets, and "...". */
void buf_short(struct buf *b, struct span s, size_t max);

/* Adds s, which has no controls, as qcontent of a quoted-string (RFC 5322
 * 3.2.4), without the quotes around it. */
void buf_qcontent(struct buf *b, struct span s);

/* What was written so far; valid until the next write. Never absent. */
struct span buf_span(const struct buf *b);

#endif
