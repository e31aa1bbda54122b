/* body_mime_recode: parts that were encoded, decoded, or encoded anew. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

/* Most proposals of one repair. */
#define MOST 1000

/* Most ways of one recoding. */
#define WAYS 64

struct recoding {
	enum mime_encoding now, was;
	size_t ways;
	/* Writes the content in a way. False: it is not possible. */
	bool (*write)(struct span content, const struct body_mime_way *way,
	    struct buf *out);
};

/* One call of a repair. */
struct recode {
	const struct body *b;
	struct body_proposals *p;
	const struct recoding *r;
	size_t room, proposed;
	struct span *texts; /* of each part, in one way; or absent */
	size_t ntexts;
	uint64_t sums[2 * WAYS]; /* of all texts, in each way before */
	size_t nsums;
	bool with_same; /* also contents that are the same in the encoding */
	bool has_same;  /* there are such */
};

/*
 * The field of the encoding.
 */

enum field_way {
	FIELD_IN_PLACE, /* has another value, or comes last if there is none */
	FIELD_REMOVED,
	FIELD_OTHER_VALUE,
	FIELD_AFTER_TYPE, /* follows Content-Type */
	FIELD_FIRST,
	FIELD_WAYS,
};

static struct span
value_of(const struct recode *r, size_t part, enum field_way way)
{
	bool eight = !span_is_ascii(r->texts[part]);

	if (r->r->was == MIME_BASE64)
		return SPAN("base64");
	if (r->r->was == MIME_QUOTED_PRINTABLE)
		return SPAN("quoted-printable");
	return eight || way == FIELD_OTHER_VALUE ? SPAN("8bit") : SPAN("7bit");
}

/* Adds edits that remove a field and put a text at a place outside of it. */
static void
move_field(struct edits *e, const struct recode *r, struct span raw, size_t to,
    struct span text)
{
	size_t from = raw.p ? body_mime_at(r->b, raw) : 0;

	if (raw.p && from < to)
		edits_add(e, r->p->arena, from, raw.len, SPAN(""));
	edits_add(e, r->p->arena, to, 0, text);
	if (raw.p && from >= to)
		edits_add(e, r->p->arena, from, raw.len, SPAN(""));
}

static bool
place_field(struct edits *e, const struct recode *r,
    const struct body_part *part, struct span value, enum field_way way)
{
	struct span header = body_mime_header(r->b, part);
	struct span raw =
	    field_find(header, SPAN("Content-Transfer-Encoding")).raw;
	struct span type = field_find(header, SPAN("Content-Type")).raw;
	const char *to = header.p;

	if (way == FIELD_IN_PLACE)
		to += header.len;
	else if (way == FIELD_AFTER_TYPE && type.p)
		to = type.p + type.len;
	else if (way != FIELD_FIRST)
		return false;
	if (raw.p == to || (to > r->b->octets.p && to[-1] != '\n'))
		return false;
	move_field(e, r, raw, (size_t)(to - r->b->octets.p),
	    ARENA_JOIN(r->p->arena, SPAN("Content-Transfer-Encoding: "), value,
		body_mime_eol(r->b)));
	return true;
}

/* Adds the edits of the header of a part, of which the way may have none.
 * False: the way does not apply, or does what another one does. */
static bool
edit_header(
    struct edits *e, const struct recode *r, size_t i, enum field_way way)
{
	const struct body_part *part = &r->b->parts[i];
	struct span value = value_of(r, i, way), old;
	struct field f;

	if (!i || r->r->now == r->r->was)
		return way == FIELD_IN_PLACE;
	if (part->begin - part->header > BODY_MIME_HEADER)
		return false;
	f = field_find(
	    body_mime_header(r->b, part), SPAN("Content-Transfer-Encoding"));
	old = span_trim(f.body);
	if (way == FIELD_REMOVED || way == FIELD_OTHER_VALUE)
		if (!f.raw.p || r->r->was != MIME_IDENTITY)
			return false;
	if (way == FIELD_OTHER_VALUE &&
	    span_eq(value, value_of(r, i, FIELD_IN_PLACE)))
		return false;
	if (way == FIELD_REMOVED)
		edits_add(e, r->p->arena, body_mime_at(r->b, f.raw), f.raw.len,
		    SPAN(""));
	else if (f.raw.p && (way == FIELD_IN_PLACE || way == FIELD_OTHER_VALUE))
		edits_add(
		    e, r->p->arena, body_mime_at(r->b, old), old.len, value);
	else
		return place_field(e, r, part, value, way);
	return true;
}

/*
 * Proposals.
 */

static bool
edit_part(struct edits *e, const struct recode *r, size_t i, enum field_way way)
{
	const struct body_part *part = &r->b->parts[i];

	if (!edit_header(e, r, i, way))
		return false;
	edits_add(
	    e, r->p->arena, part->begin, part->end - part->begin, r->texts[i]);
	return true;
}

static void
propose_all(struct recode *r, enum field_way way)
{
	struct edits e = {NULL, 0};

	if (!body_mime_take(&r->room, r->ntexts * 2 * sizeof(struct edit)))
		return;
	for (size_t i = 0; i < r->b->nparts; i++)
		if (r->texts[i].p && !edit_part(&e, r, i, way))
			return;
	body_propose(r->p, e);
	r->proposed++;
}

static void
propose_each(struct recode *r, enum field_way way)
{
	size_t n = 0;

	for (size_t i = 0; i < r->b->nparts && n < BODY_MIME_ALONE; i++) {
		struct edits e = {NULL, 0};

		if (!r->texts[i].p || r->proposed == MOST)
			continue;
		n++;
		if (!edit_part(&e, r, i, way))
			continue;
		body_propose(r->p, e);
		r->proposed++;
	}
}

/* Writes the content of a part in a way, unless that changes nothing: then, the
 * encoding may have been named nevertheless, and is if with_same is set. */
static void
write_part(struct recode *r, size_t i, size_t number)
{
	const struct body_part *part = &r->b->parts[i];
	struct span content = body_mime_content(r->b, part);
	struct body_mime_way way = {number, body_mime_eol(r->b), !i, r->room};
	struct buf out = BUF(r->p->arena);
	bool same;

	r->texts[i] = SPAN_NONE;
	if (part->kind != MIME_LEAF || part->encoding != r->r->now ||
	    !content.len || !body_mime_take(&r->room, 2 * content.len + 256))
		return;
	if (!r->r->write(content, &way, &out))
		return;
	same = span_eq(buf_span(&out), content);
	if (same && (!i || r->r->now == r->r->was))
		return;
	r->has_same = r->has_same || same;
	if ((same && !r->with_same) || !body_mime_take(&r->room, out.size))
		return;
	r->texts[i] = buf_span(&out);
	r->ntexts++;
}

/* A sum (FNV-1a) of the texts: several ways often give the same. */
static uint64_t
sum_of(const struct recode *r)
{
	uint64_t sum = 0xcbf29ce484222325;

	for (size_t i = 0; i < r->b->nparts; i++)
		for (size_t k = 0; k < r->texts[i].len; k++)
			sum = (sum ^ (unsigned char)r->texts[i].p[k]) *
			    0x100000001b3;
	return sum;
}

static bool
is_new(struct recode *r)
{
	uint64_t sum = sum_of(r);

	for (size_t i = 0; i < r->nsums; i++)
		if (r->sums[i] == sum)
			return false;
	r->sums[r->nsums++] = sum;
	return true;
}

/* Proposes the texts in one way, with some ways of the field. */
static void
propose_in(struct recode *r, size_t way, int from, int to)
{
	r->ntexts = 0;
	if (r->p->n >= r->p->most)
		return;
	for (size_t i = 0; i < r->b->nparts; i++)
		write_part(r, i, way);
	if (!r->ntexts || !is_new(r))
		return;
	for (int f = from; f < to && r->proposed < MOST; f++) {
		if (r->ntexts > 1)
			propose_all(r, (enum field_way)f);
		propose_each(r, (enum field_way)f);
	}
}

static void
recode_in(struct recode *r, size_t way, int from, int to)
{
	r->with_same = r->has_same = false;
	propose_in(r, way, from, to);
	r->with_same = r->has_same;
	if (r->has_same)
		propose_in(r, way, from, to);
}

static void
recode(const struct body *b, struct body_proposals *p,
    const struct recoding *recoding)
{
	struct recode *r = ARENA_NEW(p->arena, struct recode);

	r->b = b;
	r->p = p;
	r->r = recoding;
	r->room = b->room;
	r->texts = ARENA_ARRAY(p->arena, struct span, b->nparts);
	for (size_t way = 0; way < recoding->ways; way++)
		recode_in(r, way, FIELD_IN_PLACE, FIELD_IN_PLACE + 1);
	r->nsums = 0;
	for (size_t way = 0; way < recoding->ways; way++)
		recode_in(r, way, FIELD_IN_PLACE + 1, FIELD_WAYS);
}

/* Is there a sign that a leaf without an encoding had one? Only then it has
 * octets over 127, or lines that are too long for quoted-printable; or it has a
 * "=", and a field whose value was changed. */
static bool
may_be_decoded(const struct body *b)
{
	struct span rest = b->octets;
	bool labelled =
	    mime_field(b->fields, SPAN("Content-Transfer-Encoding")).p;

	if (!span_is_ascii(rest))
		return true;
	while (rest.len) {
		struct span line = field_chomp(field_cut_line(&rest));

		if (line.len > 76 ||
		    ((labelled || b->nparts > 1) &&
			span_find(line, '=') < line.len))
			return true;
	}
	return false;
}

BODY_MIME_REPAIR(quoted)
{
	recode(b, p,
	    &(struct recoding){MIME_QUOTED_PRINTABLE, MIME_IDENTITY, 1,
		body_mime_write_unquoted});
}

BODY_MIME_REPAIR(base64)
{
	recode(b, p,
	    &(struct recoding){
		MIME_BASE64, MIME_IDENTITY, 2, body_mime_write_unbase64});
}

BODY_MIME_REPAIR(quoted_to_base64)
{
	recode(b, p,
	    &(struct recoding){MIME_BASE64, MIME_QUOTED_PRINTABLE,
		2 * BODY_MIME_STYLES, body_mime_write_base64_as_quoted});
}

BODY_MIME_REPAIR(base64_to_quoted)
{
	recode(b, p,
	    &(struct recoding){MIME_QUOTED_PRINTABLE, MIME_BASE64,
		BODY_MIME_BASE64_WAYS, body_mime_write_quoted_as_base64});
}

BODY_MIME_REPAIR(unquoted)
{
	if (may_be_decoded(b))
		recode(b, p,
		    &(struct recoding){MIME_IDENTITY, MIME_QUOTED_PRINTABLE,
			BODY_MIME_STYLES, body_mime_write_quoted});
}

BODY_MIME_REPAIR(unbase64)
{
	if (!span_is_ascii(b->octets))
		recode(b, p,
		    &(struct recoding){MIME_IDENTITY, MIME_BASE64,
			BODY_MIME_BASE64_WAYS, body_mime_write_base64});
}

BODY_MIME_REPAIR(rewrapped)
{
	recode(b, p,
	    &(struct recoding){MIME_BASE64, MIME_BASE64, 3 * BODY_MIME_WIDTHS,
		body_mime_write_rewrapped});
}

BODY_MIME_REPAIR(requoted)
{
	recode(b, p,
	    &(struct recoding){MIME_QUOTED_PRINTABLE, MIME_QUOTED_PRINTABLE,
		BODY_MIME_STYLES, body_mime_write_requoted});
}

BODY_MIME_REPAIR(hex)
{
	recode(b, p,
	    &(struct recoding){MIME_QUOTED_PRINTABLE, MIME_QUOTED_PRINTABLE, 2,
		body_mime_write_hex});
}
