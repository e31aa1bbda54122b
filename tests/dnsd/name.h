/*
 * name: octets of DNS messages and names in wire form, for dnsd (its manual is
 * in dnsd.c). Names are never compressed here. Length octets are below 64 and
 * therefore not letters, so that span_caseeq() can compare names. Included by
 * zone.h alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef NAME_H
#define NAME_H

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/scan.h"

static unsigned
get16(const char *p)
{
	return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

static void
set16(char *p, unsigned v)
{
	p[0] = (char)(v >> 8 & 255);
	p[1] = (char)(v & 255);
}

static void
put16(struct buf *b, unsigned v)
{
	set16(buf_room(b, 2), v);
	b->len += 2;
}

static void
put32(struct buf *b, uint32_t v)
{
	put16(b, v >> 16);
	put16(b, v & 0xffff);
}

/* Returns the length of the name at the start of s, or 0 if it is not a valid
 * one (RFC 1035 3.1). */
static size_t
name_length(struct span s)
{
	for (size_t at = 0; at < s.len && at < 255;) {
		size_t label = (unsigned char)s.p[at];

		if (label > 63)
			return 0;
		at += 1 + label;
		if (!label)
			return at;
	}
	return 0;
}

/* Returns the name without its first label. It must not be the root. */
static struct span
name_parent(struct span name)
{
	return span_from(name, 1u + (unsigned char)name.p[0]);
}

/* Is name at or below top? */
static bool
name_below(struct span name, struct span top)
{
	while (name.len > top.len)
		name = name_parent(name);
	return span_caseeq(name, top);
}

/* Takes an octet, which may be \DDD or \X (RFC 1035 5.1). Returns -1 if
 * malformed. */
static int
octet_next(struct scan *in)
{
	int c = (unsigned char)*in->p++;
	uint64_t v;

	if (c != '\\')
		return c;
	if (scan_end(in))
		return -1;
	if (!ascii_is_digit(*in->p))
		return (unsigned char)*in->p++;
	if (in->end - in->p < 3 ||
	    !span_number((struct span){in->p, 3}, 255, &v))
		return -1;
	in->p += 3;
	return (int)v;
}

static bool
name_parse(struct arena *a, struct span text, struct span *name)
{
	struct scan in = scan_of(text);
	struct buf wire = BUF(a);
	size_t label = 0; /* where the last label begins */

	if (text.len == 1)
		scan_char(&in, '.'); /* the root */
	buf_char(&wire, 0);
	while (!scan_end(&in)) {
		bool dot = scan_char(&in, '.');
		int c = dot ? 0 : octet_next(&in);

		if (c < 0)
			return false;
		if (dot) {
			wire.p[label] = (char)(wire.len - label - 1);
			if (wire.p[label] < 1 || wire.len - label > 64)
				return false;
			label = wire.len;
		}
		buf_char(&wire, (char)c);
	}
	*name = buf_span(&wire);
	return text.len && wire.len == label + 1 && wire.len <= 255;
}

static void
name_write(struct buf *b, struct span name)
{
	if (name.len == 1)
		buf_char(b, '.');
	for (; name.len > 1; name = name_parent(name)) {
		for (int i = 1; i <= name.p[0]; i++)
			if (!ascii_is_vchar(name.p[i]) ||
			    strchr(".\\\";", name.p[i]))
				buf_printf(
				    b, "\\%03u", (unsigned char)name.p[i]);
			else
				buf_char(b, name.p[i]);
		buf_char(b, '.');
	}
}

#endif
