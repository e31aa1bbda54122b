/* mime_header: the lines of the header of a part. */
/* SPDX-License-Identifier: ISC */

#include "mail/mime_internal.h"

void
mime_header_begin(struct mime_header *h)
{
	*h = (struct mime_header){.octets = h->octets};
	h->octets.len = 0;
}

static struct span
line_of(const struct mime_header *h)
{
	return span_from(buf_span(&h->octets), h->line);
}

/* Adds octets to the line. Those of a field that are too many are left out. */
static void
keep(struct mime_header *h, struct span octets)
{
	size_t room = octets.len;

	if (h->is_field)
		room = h->octets.len < LIMIT_MIME_HEADER
		    ? LIMIT_MIME_HEADER - h->octets.len
		    : 0;
	if (octets.len > room) {
		octets.len = room;
		h->line_cut = true;
	}
	buf_add(&h->octets, octets);
}

/* Ends the line. Only whole lines are kept. */
static void
end_line(struct mime_header *h)
{
	if (h->line_cut || h->octets.len > LIMIT_MIME_HEADER) {
		h->octets.len = h->line;
		h->cut = true;
	}
	h->line = h->octets.len;
	h->is_field = h->line_cut = false;
}

/* Returns the kind of a line. One that is not whole is the start of a field, or
 * part of one, or ends the header. */
static enum field_line
classify(const struct mime_stream *s, struct span line, bool whole)
{
	bool has_fields = s->walker->header.has_fields, last;
	enum field_line kind = field_classify(line);

	if (whole && mime_find_delimiter(s, line, &last))
		return FIELD_OTHER;
	if (kind == FIELD_MBOX && (has_fields || !whole))
		return FIELD_OTHER;
	if (kind == FIELD_CONTINUATION && !has_fields)
		return FIELD_OTHER;
	return kind;
}

/* Takes the line, which is whole or has more octets than are needed to classify
 * it. Returns whether it ended the header. */
static bool
ends_header(struct mime_stream *s, bool whole)
{
	struct mime_header *h = &s->walker->header;

	switch (classify(s, line_of(h), whole)) {
	case FIELD_START:
	case FIELD_CONTINUATION:
		h->has_fields = true;
		h->is_field = true;
		if (whole)
			end_line(h);
		return false;
	case FIELD_MBOX:
		h->octets.len = h->line;
		mime_innermost(s)->part.header_at = s->at;
		return false;
	case FIELD_EMPTY:
		h->octets.len = h->line;
		return true;
	case FIELD_OTHER:
		break;
	}
	return true;
}

size_t
mime_header_put(struct mime_stream *s, struct span octets, bool *ended)
{
	struct mime_header *h = &s->walker->header;
	size_t n = field_line_length(octets),
	       most = mime_delimiter_limit(s) + 1;
	bool whole;

	n = n ? n : octets.len;
	if (!h->is_field && n > most - line_of(h).len)
		n = most - line_of(h).len;
	whole = octets.p[n - 1] == '\n';
	keep(h, span_upto(octets, n));
	s->at += n;
	*ended = false;
	if (!h->is_field && (whole || line_of(h).len == most))
		*ended = ends_header(s, whole);
	else if (whole)
		end_line(h);
	return n;
}

void
mime_header_end(struct mime_stream *s)
{
	struct mime_header *h = &s->walker->header;

	if (h->is_field)
		end_line(h);
	else if (line_of(h).len)
		ends_header(s, true);
}
