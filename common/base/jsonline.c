/* jsonline: write JSON objects as text. */
/* SPDX-License-Identifier: ISC */

#include "base/jsonline.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

/* The most octets that one octet of a text becomes: \uHHHH. */
#define ESCAPED 6

/* The digits of a number of 64 bits, and a sign. */
#define NUMBER 20

/* Adds a name and makes room for n octets after it; returns where to write
 * them. */
static char *
add_name(struct buf *b, const char *name, size_t n)
{
	size_t len = name ? strlen(name) : 0;
	char *p = buf_room(b, len + 3 + n);

	if (!name)
		return p;
	*p++ = '"';
	memcpy(p, name, len);
	memcpy(p + len, "\":", 2);
	b->len += len + 3;
	return p + len + 2;
}

/* Adds a value that is written as it is. */
static void
add_value(struct buf *b, const char *name, struct span value)
{
	char *p = add_name(b, name, value.len + 1);

	memcpy(p, value.p, value.len);
	p[value.len] = ',';
	b->len += value.len + 1;
}

void
jsonline_open(struct buf *b, const char *name, char bracket)
{
	*add_name(b, name, 1) = bracket;
	b->len++;
}

void
jsonline_close(struct buf *b, char bracket)
{
	assert(b->len);
	if (b->p[b->len - 1] == ',')
		b->len--;
	add_value(b, NULL, (struct span){&bracket, 1});
}

void
jsonline_end(struct buf *b)
{
	jsonline_close(b, '}');
	b->p[b->len - 1] = '\n';
}

/*
 * Texts.
 */

/* Is an octet written as it is? (RFC 8259 7; DEL is not in a text that gets
 * here.) */
static bool
is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

/* How many octets at the start of s are written as they are. */
static size_t
plain_run(struct span s)
{
	size_t n = 0;

	while (n < s.len && is_plain(s.p[n]))
		n++;
	return n;
}

/* Adds an escaped UTF-16 unit. */
static void
add_unit(struct buf *b, uint32_t unit)
{
	static const char hex[] = "0123456789ABCDEF";
	char *p = buf_room(b, ESCAPED);

	*p++ = '\\';
	*p++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*p++ = hex[unit >> shift & 0xf];
	b->len += ESCAPED;
}

/* Adds a character outside ASCII (RFC 8259 7: over U+FFFF as a surrogate
 * pair). */
static void
add_character(struct buf *b, uint32_t c)
{
	if (c > 0xffff) {
		c -= 0x10000;
		add_unit(b, 0xd800 + (c >> 10));
		c = 0xdc00 + (c & 0x3ff);
	}
	add_unit(b, c);
}

static void
add_ascii(struct buf *b, char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *found = memchr(from, c, sizeof(from) - 1);

	if (!found) {
		add_unit(b, (unsigned char)c);
		return;
	}
	buf_char(b, '\\');
	buf_char(b, to[found - from]);
}

/* Adds valid UTF-8. */
static void
add_utf8(struct buf *b, struct span s)
{
	while (s.len) {
		size_t n = plain_run(s);

		buf_add(b, span_upto(s, n));
		s = span_from(s, n);
		if (!s.len)
			break;
		n = utf8_length(s);
		if (n == 1)
			add_ascii(b, s.p[0]);
		else
			add_character(b, utf8_character(s, n));
		s = span_from(s, n);
	}
}

/* Adds any octets as buf_escaped() does. */
static void
add_octets(struct buf *b, struct span s)
{
	while (s.len) {
		bool plain;
		size_t n = utf8_run(s, &plain);

		if (plain)
			add_utf8(b, span_upto(s, n));
		else
			buf_printf(b, "\\\\x%02x", (unsigned char)s.p[0]);
		s = span_from(s, n);
	}
}

/* Adds a string of octets that are all plain. */
static void
add_plain(struct buf *b, const char *name, struct span s)
{
	char *p = add_name(b, name, s.len + 3);

	*p++ = '"';
	memcpy(p, s.p, s.len);
	memcpy(p + s.len, "\",", 2);
	b->len += s.len + 3;
}

static void
add_string(struct buf *b, const char *name, struct span s, const char *after)
{
	*add_name(b, name, 1) = '"';
	b->len++;
	if (utf8_valid(s) && span_find(s, 0x7f) == s.len &&
	    span_find(s, '\0') == s.len)
		add_utf8(b, s);
	else
		add_octets(b, s);
	buf_str(b, after);
	buf_str(b, "\",");
}

void
jsonline_text(struct buf *b, const char *name, struct span s)
{
	if (!s.p)
		jsonline_null(b, name);
	else if (plain_run(s) == s.len)
		add_plain(b, name, s);
	else
		add_string(b, name, s, "");
}

void
jsonline_short(struct buf *b, const char *name, struct span s, size_t max)
{
	if (s.len <= max)
		jsonline_text(b, name, s);
	else
		add_string(b, name, utf8_upto(s, max), "...");
}

/*
 * Other values.
 */

void
jsonline_number(struct buf *b, const char *name, int64_t n)
{
	char digits[NUMBER], *end = digits + sizeof(digits), *p = end;
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0)
		*--p = '-';
	add_value(b, name, span_between(p, end));
}

void
jsonline_null(struct buf *b, const char *name)
{
	add_value(b, name, SPAN("null"));
}
