/* body_map: the MIME parts of a body, and how its lines end. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/limit.h"
#include "repair/body_internal.h"

/* Octets of a type, charset or boundary that are kept. RFC 2046 5.1.1 allows
 * boundaries of 70; longer ones are of no use to any repair. */
#define KEPT 255

struct mapper {
	struct mime_visitor visitor;
	struct arena *arena;
	struct span octets;
	size_t shift; /* octets that the walker was given before the body */
	struct body_part *list;
	size_t n;
	size_t open[LIMIT_MAIL_DEPTH + 1]; /* indexes, by depth */
};

static struct span
keep(const struct mapper *m, struct span s)
{
	return s.len > KEPT ? SPAN_NONE : arena_span(m->arena, s);
}

/* Boundaries are compared without blanks at their end, as the walker does. */
static struct span
boundary_of(const struct mapper *m, const struct mime_part *part)
{
	struct span s = mime_parameter(part, SPAN("boundary"));

	if (part->kind != MIME_MULTIPART)
		return SPAN_NONE;
	return keep(m, span_upto(s, s.len - span_run_last(s, ascii_is_space)));
}

/* Is there a delimiter of a boundary? */
static bool
is_delimiter(const struct mapper *m, size_t at, struct span boundary)
{
	struct span rest = span_from(m->octets, at);
	struct span line = span_trim(span_upto(rest, span_find(rest, '\n')));

	if (!boundary.len || !span_starts(rest, SPAN("--")) ||
	    !span_starts(span_from(line, 2), boundary))
		return false;
	line = span_from(line, 2 + boundary.len);
	return !line.len || span_eq(line, SPAN("--"));
}

/* Returns the delimiter line before a header, or the header itself if there is
 * none. Lines of an mbox may be between them. */
static size_t
delimiter_before(const struct mapper *m, size_t header, struct span boundary)
{
	size_t at = header;

	while (at && boundary.len) {
		struct span above = span_upto(m->octets, at - 1);
		size_t lf = span_find_last(above, '\n');

		at = lf < above.len ? lf + 1 : 0;
		if (is_delimiter(m, at, boundary))
			return at;
	}
	return header;
}

/* Returns the delimiter line after the end of a content, or that end if no
 * delimiter follows. */
static size_t
delimiter_after(const struct mapper *m, size_t end, struct span boundary)
{
	size_t at = end;

	if (at < m->octets.len && m->octets.p[at] == '\r')
		at++;
	if (at < m->octets.len && m->octets.p[at] == '\n')
		at++;
	if (at > end && is_delimiter(m, at, boundary))
		return at;
	return end;
}

/* A message that is encoded is a leaf, as what is in it is not octets of the
 * body. */
static enum mime_kind
kind_of(const struct mime_part *part)
{
	bool encoded = part->encoding == MIME_BASE64 ||
	    part->encoding == MIME_QUOTED_PRINTABLE;

	return part->kind == MIME_MESSAGE && encoded ? MIME_LEAF : part->kind;
}

/* The part before this one in the same multipart ends where this one's
 * delimiter is; only before the first one it is to be looked for. */
static void
set_from(struct mapper *m, struct body_part *p, unsigned index)
{
	p->from = p->header;
	if (!p->depth || m->list[p->parent].kind != MIME_MULTIPART)
		return;
	p->from = index > 1
	    ? m->list[m->open[p->depth]].to
	    : delimiter_before(m, p->header, m->list[p->parent].boundary);
}

static struct sink *
begin(struct mime_visitor *self, const struct mime_part *part)
{
	struct mapper *m = (struct mapper *)self;
	struct body_part p = {
	    .depth = part->depth,
	    .kind = kind_of(part),
	    .encoding = part->encoding,
	    .type = keep(m, part->type),
	    .charset = keep(m, mime_parameter(part, SPAN("charset"))),
	    .boundary = boundary_of(m, part),
	};

	if (part->encoded_in)
		return NULL;
	if (!p.type.p)
		p.type = SPAN("application/octet-stream");
	if (part->depth) {
		p.parent = m->open[part->depth - 1];
		p.header = part->header_at - m->shift;
	}
	p.begin = part->body_at - m->shift;
	set_from(m, &p, part->index);
	m->open[part->depth] = m->n;
	*ARENA_PUSH(m->arena, m->list, m->n) = p;
	return NULL;
}

static void
end(struct mime_visitor *self, const struct mime_part *part)
{
	struct mapper *m = (struct mapper *)self;
	struct body_part *p;

	if (part->encoded_in)
		return;
	p = &m->list[m->open[part->depth]];
	p->end = p->to = part->end_at - m->shift;
	if (p->end < p->begin)
		p->end = p->to = p->begin;
	if (p->depth && m->list[p->parent].kind == MIME_MULTIPART)
		p->to = is_delimiter(m, p->end, m->list[p->parent].boundary) &&
			(!p->end || m->octets.p[p->end - 1] == '\n')
		    ? p->end
		    : delimiter_after(m, p->end, m->list[p->parent].boundary);
}

/* Returns the fields that the walk of the body needs, and an empty line. */
static struct span
header_of(const struct body *b)
{
	static const struct span names[] = {
	    {"Content-Type", 12}, {"Content-Transfer-Encoding", 25}};
	struct buf h = BUF(b->arena);

	for (size_t i = 0; i < COUNT(names); i++) {
		struct span value = mime_field(b->fields, names[i]);

		if (!value.p)
			continue;
		buf_add(&h, names[i]);
		buf_char(&h, ':');
		buf_add(&h, value);
		buf_char(&h, '\n');
	}
	buf_char(&h, '\n');
	return buf_span(&h);
}

void
body_map(struct body *b)
{
	struct span header = header_of(b);
	struct mapper m = {
	    .visitor = {begin, end},
	    .arena = b->arena,
	    .octets = b->octets,
	    .shift = header.len,
	};
	struct mime *walker = mime_new();
	struct sink *in = mime_begin(walker, &m.visitor);

	sink_put(in, header);
	sink_put(in, b->octets);
	sink_end(in);
	mime_free(walker);
	b->parts = m.list;
	b->nparts = m.n;
}

struct span
body_eol(const struct body *b)
{
	size_t lf = span_find(b->octets, '\n');

	if (lf < b->octets.len && (!lf || b->octets.p[lf - 1] != '\r'))
		return SPAN("\n");
	return SPAN("\r\n");
}
