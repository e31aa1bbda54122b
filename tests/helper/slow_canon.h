/*
 * slow_canon: the canonical forms as RFC 6376 3.4 words them, step by step and
 * without regard to speed. The library's canon.c is compared with it, and not
 * used here.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SLOW_CANON_H
#define SLOW_CANON_H

#include "base/ascii.h"
#include "base/buf.h"
#include "dkim/canon.h"

/* Returns the text as sent by SMTP: each LF without a CR before it becomes
 * CRLF. */
static struct span
with_crlf(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\n' && (!i || s.p[i - 1] != '\r'))
			buf_char(&b, '\r');
		buf_char(&b, s.p[i]);
	}
	return buf_span(&b);
}

static bool
is_crlf(struct span s, size_t at)
{
	return at + 1 < s.len && s.p[at] == '\r' && s.p[at + 1] == '\n';
}

/* "Reduce all sequences of WSP within a line to a single SP character." */
static struct span
reduce(struct span line, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < line.len; i++)
		if (!ascii_is_wsp(line.p[i]))
			buf_char(&b, line.p[i]);
		else if (!i || !ascii_is_wsp(line.p[i - 1]))
			buf_char(&b, ' ');
	return buf_span(&b);
}

/* "Ignore all whitespace at the end of lines." */
static struct span
without_end(struct span line)
{
	while (line.len && ascii_is_wsp(line.p[line.len - 1]))
		line.len--;
	return line;
}

/* "Ignore all empty lines at the end of the message body." */
static void
drop_empty_lines(struct buf *b)
{
	while (b->len >= 2 && is_crlf(buf_span(b), b->len - 2) &&
	    (b->len == 2 || (b->len >= 4 && is_crlf(buf_span(b), b->len - 4))))
		b->len -= 2;
}

static struct span
slow_body(enum canon c, struct span body, struct arena *a)
{
	struct span s = with_crlf(body, a), line;
	struct buf b = BUF(a);

	for (size_t at = 0, n; at < s.len; at += n + 2) {
		for (n = 0; at + n < s.len && !is_crlf(s, at + n); n++)
			;
		line = (struct span){s.p + at, n};
		if (c == CANON_RELAXED)
			line = without_end(reduce(line, a));
		buf_add(&b, line);
		/* A body that does not end with CRLF gets one. */
		if (at + n < s.len || line.len)
			buf_str(&b, "\r\n");
	}
	drop_empty_lines(&b);
	/* RFC 6376 3.4.3: "if there is no body ... a CRLF is added" */
	if (!b.len && c == CANON_SIMPLE)
		buf_str(&b, "\r\n");
	return buf_span(&b);
}

/* RFC 6376 3.4.2, for a raw field with its line end. */
static struct span
slow_relaxed_header(struct span raw, struct arena *a)
{
	struct span s = with_crlf(raw, a), body, name;
	struct buf unfolded = BUF(a), out = BUF(a);
	size_t colon;

	for (size_t i = 0; i < s.len; i++)
		if (is_crlf(s, i))
			i++;
		else
			buf_char(&unfolded, s.p[i]);
	s = reduce(buf_span(&unfolded), a);
	colon = span_find(s, ':');
	name = without_end(span_upto(s, colon));
	body = without_end(span_from(s, colon + 1));
	for (size_t i = 0; i < name.len; i++)
		buf_char(&out, ascii_lower(name.p[i]));
	buf_char(&out, ':');
	buf_add(&out, span_starts(body, SPAN(" ")) ? span_from(body, 1) : body);
	buf_str(&out, "\r\n");
	return buf_span(&out);
}

/* RFC 6376 3.4.1 or 3.4.2. A field at the end of a file may lack its line
 * end. */
static struct span
slow_header(enum canon c, struct span raw, struct arena *a)
{
	struct buf b = BUF(a);

	buf_add(&b, raw);
	if (!raw.len || raw.p[raw.len - 1] != '\n')
		buf_str(&b, "\r\n");
	return c == CANON_RELAXED ? slow_relaxed_header(buf_span(&b), a)
				  : with_crlf(buf_span(&b), a);
}

#endif
