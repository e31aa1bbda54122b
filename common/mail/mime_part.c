/* mime_part: the parts of a message begin and end. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "mail/mime_internal.h"

void
mime_stream_reset(struct mime_stream *s, unsigned base, unsigned encoded_in)
{
	s->base = s->end = base;
	s->encoded_in = encoded_in;
	s->at = 0;
	s->line_begins = true;
	s->held.len = s->held_eol = 0;
	s->longest = 0;
}

/* The part that the next frame of a stream is in, or NULL. */
static struct mime_part *
parent_of(const struct mime_stream *s)
{
	return s->end ? &mime_innermost(s)->part : NULL;
}

bool
mime_push(struct mime_stream *s)
{
	struct mime *w = s->walker;
	struct mime_part *parent = parent_of(s);
	struct mime_frame *f = &w->frames[s->end];

	if (w->result.parts == LIMIT_MAIL_PARTS) {
		w->result.too_many_parts = true;
		return false;
	}
	if (f->arena)
		arena_reset(f->arena);
	else
		f->arena = arena_new();
	f->part = (struct mime_part){
	    .parent = parent,
	    .number = ++w->result.parts,
	    .index = parent ? ++parent->children : 1,
	    .depth = s->end++,
	    .encoded_in = s->encoded_in,
	    .header_at = s->at,
	};
	f->state = MIME_IN_HEADER;
	f->boundary = SPAN_NONE;
	mime_decoder_begin(&f->decoder, MIME_IDENTITY, NULL);
	mime_header_begin(&w->header);
	return true;
}

static void
set_longest(struct mime_stream *s)
{
	s->longest = 0;
	for (unsigned i = s->base; i < s->end; i++)
		if (s->walker->frames[i].boundary.len > s->longest)
			s->longest = s->walker->frames[i].boundary.len;
}

void
mime_pop(struct mime_stream *s, unsigned keep, uint64_t at)
{
	struct mime *w = s->walker;

	while (s->end > keep) {
		struct mime_frame *f = mime_innermost(s);

		mime_decoder_end(&f->decoder, at);
		f->part.damage = f->decoder.damage;
		f->part.damage_at = f->decoder.damage_at;
		f->part.unclosed = f->boundary.len > 0;
		f->part.end_at = at;
		w->visitor->end(w->visitor, &f->part);
		s->end--;
	}
	set_longest(s);
}

void
mime_close_multipart(struct mime_stream *s)
{
	mime_innermost(s)->boundary = SPAN_NONE;
	set_longest(s);
}

/* The messages that are walked: RFC 2046 5.2.1, RFC 6532 3.7. */
static bool
is_message(struct span type)
{
	return span_eq(type, SPAN("message/rfc822")) ||
	    span_eq(type, SPAN("message/global"));
}

/* The boundary without blanks at its end (RFC 2046 5.1.1), as delimiters are
 * read. */
static struct span
boundary_of(const struct mime_part *part)
{
	struct span s = mime_parameter(part, SPAN("boundary"));

	while (s.len && ascii_is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* A multipart without a boundary is a leaf. */
static enum mime_kind
kind_of(const struct mime_part *part)
{
	if (is_message(part->type))
		return MIME_MESSAGE;
	if (span_starts(part->type, SPAN("multipart/")) &&
	    boundary_of(part).len)
		return MIME_MULTIPART;
	return MIME_LEAF;
}

/* The message in the innermost part begins. If it is encoded, the part's
 * decoder feeds a stream of its own; RFC 2046 5.2.1 forbids that, and mail has
 * it. */
static void
enter_message(struct mime_stream *s)
{
	struct mime_frame *f = mime_innermost(s);
	struct mime_stream *in = s + 1;

	if (f->part.encoding != MIME_BASE64 &&
	    f->part.encoding != MIME_QUOTED_PRINTABLE) {
		mime_push(s);
		return;
	}
	mime_stream_reset(in, s->end, f->part.number);
	if (!mime_push(in))
		return;
	f->state = MIME_IN_BODY;
	mime_decoder_begin(&f->decoder, f->part.encoding, &in->sink);
}

static void
set_kind(struct mime *w, struct mime_part *part)
{
	part->kind = kind_of(part);
	if (part->kind == MIME_LEAF || part->depth < LIMIT_MAIL_DEPTH)
		return;
	part->kind = MIME_LEAF;
	part->too_deep = true;
	w->result.too_deep = true;
}

void
mime_enter(struct mime_stream *s, struct span header)
{
	struct mime *w = s->walker;
	struct mime_frame *f = mime_innermost(s);
	struct mime_part *part = &f->part;
	struct sink *to;

	part->header_cut = w->header.cut;
	mime_read_fields(part, header,
	    part->parent &&
		span_eq(part->parent->type, SPAN("multipart/digest")),
	    f->arena);
	part->header = header;
	part->body_at = s->at;
	s->line_begins = true;
	set_kind(w, part);
	to = w->visitor->begin(w->visitor, part);
	part->header = SPAN_NONE;
	f->state = part->kind == MIME_LEAF ? MIME_IN_BODY : MIME_BETWEEN;
	if (part->kind == MIME_LEAF)
		mime_decoder_begin(&f->decoder, part->encoding, to);
	if (part->kind == MIME_MULTIPART)
		f->boundary = boundary_of(part);
	set_longest(s);
	if (part->kind == MIME_MESSAGE)
		enter_message(s);
}
