/* buf: a growing string of octets in an arena. Growing may move the octets. */
/* SPDX-License-Identifier: ISC */
#ifndef BUF_H
#define BUF_H

#include "base/arena.h"

struct buf {
	struct arena *arena;
	char *p;
	size_t len, size;
};

#define BUF(a) ((struct buf){.arena = (a)})

/* Enlarges the buffer for n more octets: the slow part of buf_room(). */
char *buf_enlarge(struct buf *b, size_t n);

/* Makes room for n more octets and returns where to write them. The caller adds
 * to len what it has written. */
static inline char *
buf_room(struct buf *b, size_t n)
{
	return b->size - b->len < n || !b->p ? buf_enlarge(b, n)
					     : b->p + b->len;
}

void buf_add(struct buf *b, struct span s);
void buf_str(struct buf *b, const char *s); /* a C string */

static inline void
buf_char(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->len++;
}

void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds s, with the octets that utf8_run() does not show escaped as \xHH. */
void buf_escaped(struct buf *b, struct span s);

/* Adds s if it has at most max octets; else as many of its first characters as
 * fit in max octets, and "...". */
void buf_short(struct buf *b, struct span s, size_t max);

/* Adds s, which has no control characters, as the content of a quoted-string
 * (RFC 5322 3.2.4): escaped, without the quotes around it. */
void buf_qcontent(struct buf *b, struct span s);

/* Returns what was written so far; valid until the next write. Never absent. */
struct span buf_span(const struct buf *b);

#endif
