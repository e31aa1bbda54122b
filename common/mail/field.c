/* field: classify the lines of a header and split its fields. */
/* SPDX-License-Identifier: ISC */

#include "mail/field.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/scan.h"

/* field-name ":", with the blanks that obs-optional (RFC 5322 4.5.8) allows
 * before the colon. */
static bool
scan_field_name(struct scan *s, struct span *name)
{
	struct scan t = *s;

	if (!scan_class(&t, ascii_is_ftext, name))
		return false;
	while (!scan_end(&t) && ascii_is_wsp(*t.p))
		t.p++;
	if (!scan_char(&t, ':'))
		return false;
	*s = t;
	return true;
}

enum field_line
field_classify(struct span line)
{
	struct scan s = scan_of(line);
	struct span name;

	if (span_empty(field_chomp(line)))
		return FIELD_EMPTY;
	if (ascii_is_wsp(line.p[0]))
		return FIELD_CONTINUATION;
	if (scan_field_name(&s, &name))
		return FIELD_START;
	if (span_starts(line, SPAN("From ")) ||
	    span_starts(line, SPAN(">From ")))
		return FIELD_MBOX;
	return FIELD_OTHER;
}

size_t
field_line_length(struct span s)
{
	size_t n = span_find(s, '\n');

	return n < s.len ? n + 1 : 0;
}

struct span
field_cut_line(struct span *rest)
{
	size_t n = field_line_length(*rest);
	struct span line = span_upto(*rest, n ? n : rest->len);

	*rest = span_from(*rest, line.len);
	return line;
}

struct span
field_chomp(struct span s)
{
	if (s.len && s.p[s.len - 1] == '\n') {
		s.len--;
		if (s.len && s.p[s.len - 1] == '\r')
			s.len--;
	}
	return s;
}

size_t
field_blanks(struct span s)
{
	size_t n = 0, end;

	while (n < s.len) {
		end = field_line_end(span_from(s, n));
		if (!end && !ascii_is_wsp(s.p[n]))
			break;
		n += end ? end : 1;
	}
	return n;
}

struct span
field_unfold(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	buf_room(&b, s.len + 1);
	while (s.len)
		buf_add(&b, field_chomp(field_cut_line(&s)));
	return buf_span(&b);
}

void
field_put_lines(struct buf *b, struct span text, struct span eol)
{
	while (text.len) {
		struct span line = field_cut_line(&text);
		struct span words = field_chomp(line);

		buf_add(b, words);
		if (words.len < line.len)
			buf_add(b, eol);
	}
}

bool
field_is_one(struct span raw)
{
	if (field_classify(field_cut_line(&raw)) != FIELD_START)
		return false;
	while (raw.len)
		if (field_classify(field_cut_line(&raw)) != FIELD_CONTINUATION)
			return false;
	return true;
}

struct field
field_split(struct span raw)
{
	struct field f = {.raw = raw, .above = UINT32_MAX};
	struct scan s = scan_of(raw);
	bool found = scan_field_name(&s, &f.name);

	assert(found);
	f.body = field_chomp(span_between(s.p, s.end));
	return f;
}

bool
field_cut(struct span *header, struct field *f)
{
	struct span rest = *header;

	if (!rest.len || field_classify(rest) != FIELD_START)
		return false;
	do
		field_cut_line(&rest);
	while (rest.len && ascii_is_wsp(rest.p[0]));
	*f = field_split(span_between(header->p, rest.p));
	*header = rest;
	return true;
}

struct field
field_find(struct span header, struct span name)
{
	struct field f;

	while (field_cut(&header, &f))
		if (span_caseeq(f.name, name))
			return f;
	return (struct field){.raw = SPAN_NONE};
}
