/* mime_delimiter: the delimiters of the multiparts of a stream. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "mail/mime_internal.h"

size_t
mime_delimiter_limit(const struct mime_stream *s)
{
	return s->longest + LIMIT_LINE;
}

/* The text of a line that begins with "--", without blanks at its end. */
static struct span
after_dashes(struct span line)
{
	while (line.len && ascii_is_space(line.p[line.len - 1]))
		line.len--;
	return span_from(line, 2);
}

/* Returns the innermost frame that the text of a line is a delimiter of, or
 * NULL. All of the text is compared, so that a boundary may begin with another
 * one. */
static struct mime_frame *
find_delimited(const struct mime_stream *s, struct span text, bool *last)
{
	for (unsigned i = s->end; i-- > s->base;) {
		struct mime_frame *f = &s->walker->frames[i];
		struct span rest;

		if (!f->boundary.len || !span_starts(text, f->boundary))
			continue;
		rest = span_from(text, f->boundary.len);
		*last = span_eq(rest, SPAN("--"));
		if (!rest.len || *last)
			return f;
	}
	return NULL;
}

struct mime_frame *
mime_find_delimiter(const struct mime_stream *s, struct span line, bool *last)
{
	if (!s->longest || line.len > mime_delimiter_limit(s) ||
	    !span_starts(line, SPAN("--")))
		return NULL;
	return find_delimited(s, after_dashes(line), last);
}
