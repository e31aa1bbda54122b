/* mime_stream: the lines of a body, and the delimiters among them. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "mail/mime_internal.h"

/* Ends the parts before a delimiter of f at an offset and, unless it is the
 * last, begins the part after it. */
static void
delimit(struct mime_stream *s, struct mime_frame *f, bool last, uint64_t at)
{
	mime_pop(s, f->part.depth + 1, at);
	if (last)
		mime_close_multipart(s);
	else
		mime_push(s);
	s->held.len = s->held_eol = 0;
	s->line_begins = true;
}

/* Passes octets of the body on; the first has the offset at. */
static void
emit(struct mime_stream *s, struct span octets, uint64_t at)
{
	struct mime_frame *f = mime_innermost(s);

	if (octets.len && f->state == MIME_IN_BODY)
		mime_decoder_put(&f->decoder, octets, at);
}

/* The length of the line end, or CR, at the end of a text. */
static size_t
eol_length(struct span s)
{
	if (!s.len)
		return 0;
	if (s.p[s.len - 1] == '\r')
		return 1;
	return s.len - field_chomp(s).len;
}

/* Holds octets that were taken, the last of which are a line end. */
static void
hold_eol(struct mime_stream *s, struct span eol)
{
	char copy[2] = "";

	memcpy(copy, eol.p, eol.len); /* eol may be in held */
	s->held.len = 0;
	s->held_eol = eol.len;
	s->line_begins = eol.len && copy[eol.len - 1] == '\n';
	buf_add(&s->held, (struct span){copy, eol.len});
}

/* Passes on octets that were just taken and have no delimiter, but for the line
 * end at their end, which is held: it belongs to a delimiter that follows. */
static void
emit_but_eol(struct mime_stream *s, struct span octets)
{
	size_t eol = eol_length(octets);

	emit(s, span_upto(octets, octets.len - eol), s->at - octets.len);
	hold_eol(s, span_from(octets, octets.len - eol));
}

static void
emit_held(struct mime_stream *s)
{
	emit(s, buf_span(&s->held), s->at - s->held.len);
	s->held.len = s->held_eol = 0;
}

/* Takes a line that may be a delimiter, and returns whether it was one; the
 * current offset is after it, and the part before it ends at an offset. */
static bool
take_delimiter(struct mime_stream *s, struct span line, uint64_t at)
{
	struct span eol = span_from(line, field_chomp(line).len);
	bool last;
	struct mime_frame *f = mime_find_delimiter(s, line, &last);

	if (!f)
		return false;
	delimit(s, f, last, at);
	if (mime_innermost(s)->state != MIME_IN_HEADER)
		hold_eol(s, eol); /* of the next delimiter */
	return true;
}

/* Takes octets after a line end and an incomplete line that may be a delimiter,
 * up to the end of the line, and returns their number. */
static size_t
extend_line(struct mime_stream *s, struct span octets)
{
	size_t n = field_line_length(octets);
	size_t room = mime_delimiter_limit(s) + s->held_eol + 1 - s->held.len;
	struct span line;

	n = n ? n : octets.len;
	n = n < room ? n : room;
	buf_add(&s->held, span_upto(octets, n));
	s->at += n;
	line = span_from(buf_span(&s->held), s->held_eol);
	if (line.p[line.len - 1] != '\n' && n < room)
		return n;
	if (!take_delimiter(s, line, s->at - s->held.len))
		emit_but_eol(s, buf_span(&s->held));
	return n;
}

/* Takes octets after those that are held, and returns their number. */
static size_t
resume(struct mime_stream *s, struct span octets)
{
	if (s->held.len > s->held_eol)
		return extend_line(s, octets);
	if (octets.p[0] != (s->line_begins ? '-' : '\n')) {
		emit_held(s);
		return 0;
	}
	buf_char(&s->held, octets.p[0]);
	s->at++;
	if (!s->line_begins)
		s->held_eol++;
	s->line_begins = true;
	return 1;
}

/* The offset in octets of the next line from offset i, or their length. */
static size_t
next_line(struct span octets, size_t i)
{
	return i + span_find(span_from(octets, i), '\n') + 1;
}

/* The number of octets before a line at i, without the line end before it. */
static size_t
before_line(struct span octets, size_t i)
{
	return field_chomp(span_upto(octets, i)).len;
}

/* Holds the octets from the line end before an incomplete line at i, and passes
 * on those before that. */
static size_t
hold_line(struct mime_stream *s, struct span octets, size_t i)
{
	size_t body = before_line(octets, i);

	emit(s, span_upto(octets, body), s->at);
	s->held.len = 0;
	s->held_eol = i - body;
	s->line_begins = true;
	buf_add(&s->held, span_from(octets, body));
	s->at += octets.len;
	return octets.len;
}

/* Takes octets up to the end of a line at i if that is a delimiter. */
static bool
take_to_delimiter(
    struct mime_stream *s, struct span octets, size_t i, size_t end)
{
	struct span line = span_between(octets.p + i, octets.p + end);
	size_t body = before_line(octets, i);
	uint64_t at = s->at;
	bool last;

	if (!mime_find_delimiter(s, line, &last))
		return false;
	emit(s, span_upto(octets, body), at);
	s->at = at + end;
	return take_delimiter(s, line, at + body);
}

/* Takes octets that are not of a header, up to a delimiter, and returns their
 * number. */
static size_t
put_body(struct mime_stream *s, struct span octets)
{
	size_t i = s->line_begins ? 0 : next_line(octets, 0), end;

	if (s->held.len)
		return resume(s, octets);
	for (; s->longest && i < octets.len; i = end) {
		end = next_line(octets, i);
		if (octets.p[i] != '-')
			continue;
		if (end <= octets.len) {
			if (take_to_delimiter(s, octets, i, end))
				return end;
		} else if (octets.len - i <= mime_delimiter_limit(s)) {
			return hold_line(s, octets, i);
		}
	}
	s->at += octets.len;
	if (s->longest)
		emit_but_eol(s, octets);
	else
		emit(s, octets, s->at - octets.len);
	return octets.len;
}

/* The header ended. The line in it that ended it, if it has one, is taken again
 * as the first of the body. */
static void
end_header(struct mime_stream *s)
{
	const struct mime_header *h = &s->walker->header;
	struct span octets = buf_span(&h->octets);

	s->again.len = 0;
	buf_add(&s->again, span_from(octets, h->line));
	s->at -= s->again.len;
	mime_enter(s, span_upto(octets, h->line));
	sink_put(&s->sink, buf_span(&s->again));
}

static size_t
put_header(struct mime_stream *s, struct span octets)
{
	bool ended;
	size_t n = mime_header_put(s, octets, &ended);

	if (ended)
		end_header(s);
	return n;
}

static void
stream_put(struct sink *self, const char *p, size_t n)
{
	struct mime_stream *s = (struct mime_stream *)self;
	struct span octets = {p, n};

	while (octets.len) {
		bool header = mime_innermost(s)->state == MIME_IN_HEADER;

		octets = span_from(octets,
		    header ? put_header(s, octets) : put_body(s, octets));
	}
}

/* The octets that are held are the last ones. */
static void
end_held(struct mime_stream *s)
{
	struct span line = span_from(buf_span(&s->held), s->held_eol);
	bool last;
	struct mime_frame *f = mime_find_delimiter(s, line, &last);

	if (f)
		delimit(s, f, last, s->at - s->held.len);
	else
		emit_held(s);
}

/* At the end, a line may be held, or a header be open; the end of either can
 * begin the header of another part. */
static void
stream_end(struct sink *self)
{
	struct mime_stream *s = (struct mime_stream *)self;

	for (;;) {
		if (mime_innermost(s)->state == MIME_IN_HEADER) {
			mime_header_end(s);
			end_header(s);
		} else if (s->held.len) {
			end_held(s);
		} else {
			break;
		}
	}
	mime_pop(s, s->base, s->at);
}

void
mime_stream_init(struct mime_stream *s, struct mime *w)
{
	s->sink = (struct sink){stream_put, stream_end};
	s->walker = w;
	s->held = s->again = BUF(w->arena);
}
