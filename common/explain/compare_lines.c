/* compare_lines: lines of a body in canonical form, one octet at a time. */
/* SPDX-License-Identifier: ISC */

#include "explain/compare_internal.h"

#include "base/ascii.h"

struct span
compare_last_line(struct span *rest)
{
	struct span above = span_upto(*rest, rest->len - 1), line;
	size_t at = span_find_last(above, '\n');

	at = at == above.len ? 0 : at + 1;
	line = span_from(*rest, at);
	*rest = span_upto(*rest, at);
	return line;
}

/* A line in canonical form, octet by octet. */
struct cursor {
	enum canon canon;
	struct span rest; /* without the line end */
	int ends;         /* octets of the CRLF that were returned */
};

static struct cursor
cursor_of(enum canon c, struct span line)
{
	return (struct cursor){c, field_chomp(line), 0};
}

/* Returns the next octet, or -1 after the last. */
static int
next_octet(struct cursor *c)
{
	size_t blank =
	    c->canon == CANON_RELAXED ? span_run(c->rest, ascii_is_wsp) : 0;

	/* RFC 6376 3.4.4: WSP is one SP, none at the end of a line. */
	if (blank && blank < c->rest.len) {
		c->rest = span_from(c->rest, blank);
		return ' ';
	}
	if (blank == c->rest.len)
		return c->ends < 2 ? "\r\n"[c->ends++] : -1;
	c->rest = span_from(c->rest, 1);
	return (unsigned char)c->rest.p[-1];
}

static bool
is_empty(enum canon c, struct span line)
{
	struct span text = field_chomp(line);

	return !text.len ||
	    (c == CANON_RELAXED && span_run(text, ascii_is_wsp) == text.len);
}

struct span
compare_trimmed(enum canon c, struct span body)
{
	struct span rest = body;

	while (rest.len) {
		struct span above = rest;

		if (!is_empty(c, compare_last_line(&above)))
			return rest;
		rest = above;
	}
	return c == CANON_SIMPLE ? SPAN("\r\n") : rest;
}

bool
compare_is_hidden(struct span a, struct span b)
{
	return !span_eq(field_chomp(a), field_chomp(b));
}

bool
compare_same_line(enum canon c, struct span a, struct span b)
{
	struct cursor ca = cursor_of(c, a), cb = cursor_of(c, b);
	int octet;

	if (span_eq(ca.rest, cb.rest))
		return true;
	if (c == CANON_SIMPLE)
		return false;
	do {
		octet = next_octet(&ca);
		if (octet != next_octet(&cb))
			return false;
	} while (octet >= 0);
	return true;
}

uint64_t
compare_line_length(enum canon c, struct span line)
{
	struct cursor cursor = cursor_of(c, line);
	uint64_t n = 0;

	if (c == CANON_SIMPLE)
		return (uint64_t)cursor.rest.len + 2;
	while (next_octet(&cursor) >= 0)
		n++;
	return n;
}

uint64_t
compare_common(enum canon c, struct span a, struct span b)
{
	struct cursor ca = cursor_of(c, a), cb = cursor_of(c, b);
	uint64_t n = 0;

	for (;; n++) {
		int octet = next_octet(&ca);

		if (octet < 0 || octet != next_octet(&cb))
			return n;
	}
}

uint64_t
compare_line_hash(enum canon c, struct span line)
{
	struct cursor cursor = cursor_of(c, line);
	/* FNV-1a. Lines of one hash are compared; nobody gains by others. */
	uint64_t h = 14695981039346656037u;
	int octet;

	while ((octet = next_octet(&cursor)) >= 0)
		h = (h ^ (uint64_t)octet) * 1099511628211u;
	return h;
}
