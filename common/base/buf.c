/* buf: append octets, formatted and escaped text. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

char *
buf_enlarge(struct buf *b, size_t n)
{
	size_t size = b->size ? b->size : 64;

	while (size - b->len < n)
		size *= 2;
	if (size != b->size) {
		b->p = arena_grow(b->arena, b->p, b->size, size);
		b->size = size;
	}
	return b->p + b->len;
}

void
buf_add(struct buf *b, struct span s)
{
	if (!s.len)
		return;
	memcpy(buf_room(b, s.len), s.p, s.len);
	b->len += s.len;
}

void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, span_of(s));
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list list, again;
	int len;

	va_start(list, format);
	va_copy(again, list);
	len = vsnprintf(NULL, 0, format, list);
	if (len > 0) {
		vsnprintf(buf_room(b, (size_t)len + 1), (size_t)len + 1, format,
		    again);
		b->len += (size_t)len;
	}
	va_end(again);
	va_end(list);
}

void
buf_escaped(struct buf *b, struct span s)
{
	while (s.len) {
		bool plain;
		size_t n = utf8_run(s, &plain);

		if (plain)
			buf_add(b, span_upto(s, n));
		else
			buf_printf(b, "\\x%02x", (unsigned char)s.p[0]);
		s = span_from(s, n);
	}
}

void
buf_short(struct buf *b, struct span s, size_t max)
{
	if (s.len <= max) {
		buf_add(b, s);
		return;
	}
	buf_add(b, utf8_upto(s, max));
	buf_str(b, "...");
}

void
buf_qcontent(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
}

struct span
buf_span(const struct buf *b)
{
	return (struct span){b->p ? b->p : "", b->len};
}
