/* compare_header: the fields of a header and of its original. */
/* SPDX-License-Identifier: ISC */

#include "explain/compare_internal.h"

#include "base/limit.h"

/* A header whose fields are taken by their names from the bottom up, but for
 * the signature field itself (RFC 6376 5.4.2). */
struct header {
	const struct message *m;
	uint32_t *next; /* by name_id */
	const struct field *self;
};

struct headers {
	struct comparison *c;
	struct header before, after;
	size_t most; /* fields that are listed */
	enum canon canon;
	struct arena *arena, *scratch;
};

static struct header
header_of(
    const struct message *m, const struct field *self, struct arena *scratch)
{
	struct header h = {
	    m, ARENA_ARRAY(scratch, uint32_t, m->nnames + 1), self};

	for (size_t i = 0; i < m->nnames; i++)
		h.next[i] = m->names[i].lowest;
	return h;
}

/* Takes the next field of a name, given by any field of it. */
static const struct field *
take_like(struct header *h, const struct field *f)
{
	while (f && h->next[f->name_id] != UINT32_MAX) {
		const struct field *next = &h->m->fields[h->next[f->name_id]];

		h->next[f->name_id] = next->above;
		if (next != h->self)
			return next;
	}
	return NULL;
}

static const struct field *
take(struct header *h, struct span name)
{
	return take_like(h, message_lowest(h->m, name));
}

static struct span
canonical(enum canon c, struct span raw, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	canon_header(c, raw, &out.sink);
	return buf_span(&out.buf);
}

static bool
is_same(enum canon c, struct span x, struct span y, struct arena *scratch)
{
	return span_eq(x, y) ||
	    span_eq(canonical(c, x, scratch), canonical(c, y, scratch));
}

static struct compare_field
compare_pair(struct headers *h, const struct field *before,
    const struct field *after, struct span x, struct span y)
{
	struct compare_field f = {.before = before, .after = after};
	struct arena *scratch;

	f.name = after->name;
	if (span_eq(x, y))
		return f;
	scratch = arena_new();
	f.state =
	    is_same(h->canon, x, y, scratch) ? COMPARE_SAME : COMPARE_CHANGED;
	f.is_hidden =
	    f.state == COMPARE_SAME && !is_same(CANON_SIMPLE, x, y, scratch);
	arena_free(scratch);
	return f;
}

static struct compare_field
compare_fields(
    struct headers *h, const struct field *before, const struct field *after)
{
	if (before && after)
		return compare_pair(h, before, after, before->raw, after->raw);
	return (struct compare_field){
	    .state = before ? COMPARE_LOST : COMPARE_ADDED,
	    .name = (before ? before : after)->name,
	    .before = before,
	    .after = after};
}

static void
add(struct headers *h, struct compare_field f, bool is_signed)
{
	struct comparison *c = h->c;

	f.is_signed = is_signed;
	c->header_differs |= is_signed && f.state != COMPARE_SAME;
	*ARENA_PUSH(h->arena, c->fields, c->nfields) = f;
}

static void
add_signed(struct headers *h)
{
	struct span names = h->c->signature->names, name;

	while (taglist_item(&names, ':', &name)) {
		const struct field *before = take(&h->before, name);
		const struct field *after = take(&h->after, name);

		if (before || after)
			add(h, compare_fields(h, before, after), true);
	}
}

static void
add_signature(struct headers *h, const struct dkim_signature *before)
{
	const struct dkim_signature *after = h->c->signature;
	struct compare_field f = compare_pair(h, before->field, after->field,
	    dkim_signature_text(before, h->scratch),
	    dkim_signature_text(after, h->scratch));

	if (!span_eq(before->signature, after->signature)) {
		f.state = COMPARE_CHANGED;
		f.is_hidden = false;
	}
	add(h, f, true);
}

/* Compares the fields of one name that are left, given by any of either. */
static void
add_unsigned(struct headers *h, const struct field *before_like,
    const struct field *after_like)
{
	struct comparison *c = h->c;

	for (;;) {
		const struct field *before = take_like(&h->before, before_like);
		const struct field *after = take_like(&h->after, after_like);
		struct compare_field f;

		if (!before && !after)
			return;
		f = compare_fields(h, before, after);
		if (f.state == COMPARE_SAME)
			c->nunsigned_same++;
		else if (c->nfields < h->most)
			add(h, f, false);
		else
			c->nleft++;
	}
}

static void
add_all_unsigned(struct headers *h)
{
	const struct message *before = h->before.m, *after = h->after.m;

	for (size_t i = 0; i < after->nnames; i++) {
		const struct field *f = &after->fields[after->names[i].lowest];

		add_unsigned(h, message_lowest(before, f->name), f);
	}
	for (size_t i = 0; i < before->nnames; i++) {
		const struct field *f =
		    &before->fields[before->names[i].lowest];

		add_unsigned(h, f, message_lowest(after, f->name));
	}
}

/* Returns the signature of the original that is this one, by b= or else by
 * bh=, d= and s=; or NULL. */
static const struct dkim_signature *
find_signature(const struct compare_original *o, const struct dkim_signature *s)
{
	const struct dkim_signature *found = NULL;

	for (size_t i = 0; i < o->nsignatures; i++) {
		const struct dkim_signature *other = &o->signatures[i];

		if (span_eq(other->signature, s->signature))
			return other;
		if (span_eq(other->domain, s->domain) &&
		    span_eq(other->selector, s->selector) &&
		    span_eq(other->body_hash, s->body_hash))
			found = other;
	}
	return found;
}

void
compare_header(const struct message *m, const struct compare_original *o,
    struct comparison *c, struct arena *a)
{
	const struct dkim_signature *before = find_signature(o, c->signature);
	struct arena *scratch = arena_new();
	struct headers h = {.c = c,
	    .before = header_of(o->m, before ? before->field : NULL, scratch),
	    .after = header_of(m, c->signature->field, scratch),
	    .canon = c->signature->header,
	    .arena = a,
	    .scratch = scratch};

	add_signed(&h);
	c->has_signature = before != NULL;
	if (before)
		add_signature(&h, before);
	h.most = c->nfields + LIMIT_COMPARE_FIELDS;
	add_all_unsigned(&h);
	arena_free(scratch);
}
