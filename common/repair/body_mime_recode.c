/* body_mime_recode: parts that were encoded, decoded, or encoded anew. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

/* Most ways of one recoding. */
#define WAYS 64

struct recoding {
	enum mime_encoding now, was;
	size_t ways;
	/* Writes the content in a way. False: it is not possible. */
	bool (*write)(struct span content, const struct body_mime_way *way,
	    struct buf *out);
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

/* One call of a repair. */
struct recode {
	struct body_mime_texts texts; /* contents, in one way of writing */
	const struct recoding *how;
	enum field_way field;    /* with this field */
	uint64_t sums[2 * WAYS]; /* of all texts, in each way before */
	size_t nsums;
	bool with_same; /* also contents that are the same in the encoding */
	bool has_same;  /* there are such */
};

static struct span
value_of(const struct recode *r, size_t part)
{
	bool eight = !span_is_ascii(r->texts.list[part]);

	if (r->how->was == MIME_BASE64)
		return SPAN("base64");
	if (r->how->was == MIME_QUOTED_PRINTABLE)
		return SPAN("quoted-printable");
	return eight || r->field == FIELD_OTHER_VALUE ? SPAN("8bit")
						      : SPAN("7bit");
}

/* Adds edits that remove a field and put a text at a place outside of it. */
static void
move_field(struct edits *e, const struct body_mime_texts *t, struct span raw,
    size_t to, struct span text)
{
	struct arena *a = t->p->arena;
	size_t from = raw.p ? body_mime_at(t->b, raw) : 0;

	if (raw.p && from < to)
		edits_add(e, a, from, raw.len, SPAN(""));
	edits_add(e, a, to, 0, text);
	if (raw.p && from >= to)
		edits_add(e, a, from, raw.len, SPAN(""));
}

static bool
place_field(struct edits *e, const struct recode *r, struct span header,
    struct span raw, struct span value)
{
	const struct body *b = r->texts.b;
	struct span type = field_find(header, SPAN("Content-Type")).raw;
	const char *to = header.p;

	if (r->field == FIELD_IN_PLACE)
		to += header.len;
	else if (r->field == FIELD_AFTER_TYPE && type.p)
		to = type.p + type.len;
	else if (r->field != FIELD_FIRST)
		return false;
	if (raw.p == to || (to > b->octets.p && to[-1] != '\n'))
		return false;
	move_field(e, &r->texts, raw, (size_t)(to - b->octets.p),
	    ARENA_JOIN(r->texts.p->arena, SPAN("Content-Transfer-Encoding: "),
		value, body_eol(b)));
	return true;
}

/* Can the field be removed, or have its other value? Only that of an encoding
 * that is undone. */
static bool
has_other(const struct recode *r, size_t part, const struct field *f)
{
	return f->raw.p && r->how->was == MIME_IDENTITY &&
	    (r->field == FIELD_REMOVED || span_is_ascii(r->texts.list[part]));
}

static bool
edit_field(struct edits *e, const struct recode *r, size_t i)
{
	const struct body *b = r->texts.b;
	struct arena *a = r->texts.p->arena;
	struct span header = body_mime_header(b, &b->parts[i]);
	struct field f = field_find(header, SPAN("Content-Transfer-Encoding"));
	struct span old = span_trim(f.body), value = value_of(r, i);
	bool other = r->field == FIELD_OTHER_VALUE;

	if ((other || r->field == FIELD_REMOVED) && !has_other(r, i, &f))
		return false;
	if (r->field == FIELD_REMOVED)
		edits_add(e, a, body_mime_at(b, f.raw), f.raw.len, SPAN(""));
	else if (f.raw.p && (other || r->field == FIELD_IN_PLACE))
		edits_add(e, a, body_mime_at(b, old), old.len, value);
	else
		return place_field(e, r, header, f.raw, value);
	return true;
}

/* There is no field to be edited where the encoding stays the same, nor for the
 * whole body: its header is not in it. */
static bool
edit_part(struct body_mime_texts *t, size_t i, struct edits *e)
{
	const struct recode *r = (const struct recode *)t;
	const struct body_part *part = &t->b->parts[i];

	if (!i || r->how->now == r->how->was) {
		if (r->field != FIELD_IN_PLACE)
			return false;
	} else if (part->begin - part->header > BODY_MIME_HEADER ||
	    !edit_field(e, r, i)) {
		return false;
	}
	edits_add(
	    e, t->p->arena, part->begin, part->end - part->begin, t->list[i]);
	return true;
}

/*
 * Contents.
 */

/* Has a part a content that may be written in another way? */
static bool
is_recodable(const struct recode *r, size_t i)
{
	const struct body_part *part = &r->texts.b->parts[i];

	return part->kind == MIME_LEAF && part->encoding == r->how->now &&
	    part->end > part->begin;
}

/* Writes the content of a part in a way, unless that changes nothing: then, the
 * encoding may have been named nevertheless, and is if with_same is set. */
static void
write_part(struct recode *r, size_t i, size_t number)
{
	struct body_mime_texts *t = &r->texts;
	struct span content = body_mime_content(t->b, &t->b->parts[i]);
	struct body_mime_way way = {number, body_eol(t->b), !i, t->room};
	struct buf out = BUF(t->p->arena);
	bool same;

	if (!is_recodable(r, i) ||
	    !body_mime_take(&t->room, 2 * content.len + 256) ||
	    !r->how->write(content, &way, &out))
		return;
	same = span_eq(buf_span(&out), content);
	if (same && (!i || r->how->now == r->how->was))
		return;
	r->has_same = r->has_same || same;
	if ((!same || r->with_same) && body_mime_take(&t->room, out.size))
		body_mime_texts_set(t, i, buf_span(&out));
}

/* A sum (FNV-1a) of the texts: several ways often give the same. */
static uint64_t
sum_of(const struct body_mime_texts *t)
{
	uint64_t sum = 0xcbf29ce484222325;

	for (size_t i = 0; i < t->b->nparts; i++)
		for (size_t k = 0; k < t->list[i].len; k++)
			sum = (sum ^ (unsigned char)t->list[i].p[k]) *
			    0x100000001b3;
	return sum;
}

static bool
is_new(struct recode *r)
{
	uint64_t sum = sum_of(&r->texts);

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
	struct body_mime_texts *t = &r->texts;

	if (!body_propose_more(t->p))
		return;
	body_mime_texts_clear(t);
	for (size_t i = 0; i < t->b->nparts; i++)
		write_part(r, i, way);
	if (!t->n || !is_new(r))
		return;
	for (int f = from; f < to && body_propose_more(t->p); f++) {
		r->field = (enum field_way)f;
		body_mime_propose_all(t);
		body_mime_propose_each(t);
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
recode(
    const struct body *b, struct body_proposals *p, const struct recoding *how)
{
	struct recode *r = ARENA_NEW(p->arena, struct recode);

	r->texts = body_mime_texts_begin(b, p, edit_part);
	r->how = how;
	for (size_t way = 0; way < how->ways; way++)
		recode_in(r, way, FIELD_IN_PLACE, FIELD_IN_PLACE + 1);
	r->nsums = 0;
	for (size_t way = 0; way < how->ways; way++)
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
