/* edit: lists of changes of a text. */
/* SPDX-License-Identifier: ISC */

#include "repair/edit.h"

const struct edits edits_none = {NULL, 0};

/* Joins the text of an edit with one that follows it. False: they would have to
 * be copied. */
static bool
join_texts(struct edit *d, struct span text)
{
	if (d->text.len && text.len && d->text.p + d->text.len != text.p)
		return false;
	if (!d->text.len)
		d->text = text;
	else
		d->text.len += text.len;
	return true;
}

void
edits_add(struct edits *e, struct arena *a, size_t at, size_t length,
    struct span text)
{
	struct edit *last = e->n ? &e->list[e->n - 1] : NULL;

	if (!text.p)
		text = SPAN("");
	if (last && last->at + last->length == at && join_texts(last, text))
		last->length += length;
	else
		*ARENA_PUSH(a, e->list, e->n) = (struct edit){at, length, text};
}

void
edit_trim(struct edit *d, struct span octets)
{
	const char *old = octets.p + d->at;

	while (d->length && d->text.len && *old == d->text.p[0]) {
		d->text = span_from(d->text, 1);
		d->length--;
		d->at++;
		old++;
	}
	while (d->length && d->text.len &&
	    old[d->length - 1] == d->text.p[d->text.len - 1]) {
		d->text.len--;
		d->length--;
	}
}

void
edits_put(const struct edits *e, struct span octets, struct sink *to)
{
	size_t at = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct edit *d = &e->list[i];

		sink_put(to, span_between(octets.p + at, octets.p + d->at));
		sink_put(to, d->text);
		at = d->at + d->length;
	}
	sink_put(to, span_from(octets, at));
}

size_t
edits_size(const struct edits *e, size_t octets)
{
	for (size_t i = 0; i < e->n; i++)
		octets = octets - e->list[i].length + e->list[i].text.len;
	return octets;
}

/* The buf has room for all: it would double its size. */
struct span
edits_apply(const struct edits *e, struct span octets, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	out.buf.size = edits_size(e, octets.len);
	out.buf.p = arena_alloc(a, out.buf.size);
	edits_put(e, octets, &out.sink);
	return (struct span){out.buf.p, out.buf.len};
}

/*
 * Two lists become one by a walk over what is between them: the octets after
 * the first list and before the second. Each piece of these is either as
 * received or of a text of the first list, and either left or removed by the
 * second.
 */
struct composer {
	const struct edits *first, *second;
	struct span octets;
	struct arena *arena;
	struct edits out;
	size_t i, j;      /* the next edits of first and second */
	size_t at;        /* in the octets */
	size_t between;   /* in what is between */
	struct span text; /* the rest of a text of first */
	size_t removed;   /* how many octets second still removes */
	bool is_open;     /* an edit is being made ... */
	struct edit edit; /* ... this, whose text is the pieces */
	struct span *pieces;
	size_t npieces;
};

static void
open_edit(struct composer *c)
{
	if (!c->is_open)
		c->edit = (struct edit){.at = c->at};
	c->is_open = true;
}

static void
add_piece(struct composer *c, struct span text)
{
	open_edit(c);
	if (text.len)
		*ARENA_PUSH(c->arena, c->pieces, c->npieces) = text;
}

static void
remove_octets(struct composer *c, size_t n)
{
	open_edit(c);
	c->edit.length += n;
	c->at += n;
}

static void
close_edit(struct composer *c)
{
	struct edit d = c->edit;

	if (!c->is_open)
		return;
	d.text = c->npieces == 1 ? c->pieces[0]
				 : arena_join(c->arena, c->pieces, c->npieces);
	edit_trim(&d, c->octets);
	if (d.length || d.text.len)
		edits_add(&c->out, c->arena, d.at, d.length, d.text);
	c->is_open = false;
	c->pieces = NULL;
	c->npieces = 0;
}

/* Begins an edit that is at this place. One of second comes first: what it
 * replaces may begin with a text of first. */
static bool
begin_edit(struct composer *c)
{
	if (!c->removed && c->j < c->second->n &&
	    c->second->list[c->j].at == c->between) {
		const struct edit *d = &c->second->list[c->j++];

		add_piece(c, d->text);
		c->removed = d->length;
		return true;
	}
	if (!c->text.len && c->i < c->first->n &&
	    c->first->list[c->i].at == c->at) {
		const struct edit *d = &c->first->list[c->i++];

		remove_octets(c, d->length);
		c->text = d->text;
		return true;
	}
	return false;
}

/* Returns how many octets are of one kind from here. */
static size_t
run_length(const struct composer *c)
{
	size_t n = c->octets.len - c->at, most;

	if (c->text.len)
		n = c->text.len;
	else if (c->i < c->first->n)
		n = c->first->list[c->i].at - c->at;
	most = c->removed;
	if (!most)
		most = c->j < c->second->n
		    ? c->second->list[c->j].at - c->between
		    : n;
	return n < most ? n : most;
}

static void
take_run(struct composer *c, size_t n)
{
	if (c->text.len) {
		if (!c->removed)
			add_piece(c, span_upto(c->text, n));
		c->text = span_from(c->text, n);
	} else if (c->removed) {
		remove_octets(c, n);
	} else {
		close_edit(c);
		c->at += n;
	}
	c->removed -= c->removed ? n : 0;
	c->between += n;
}

struct edits
edits_compose(const struct edits *first, const struct edits *second,
    struct span octets, struct arena *a)
{
	struct composer c = {.first = first,
	    .second = second,
	    .octets = octets,
	    .arena = a,
	    .text = SPAN("")};

	for (;;) {
		size_t n;

		if (begin_edit(&c))
			continue;
		n = run_length(&c);
		if (!n)
			break;
		take_run(&c, n);
	}
	close_edit(&c);
	return c.out;
}

/* Returns the edit whose text has the octet, or NULL: *before is then where it
 * was. */
static const struct edit *
edit_of(const struct edits *e, size_t at, size_t *before)
{
	*before = at;
	for (size_t i = 0; i < e->n && e->list[i].at <= *before; i++) {
		const struct edit *d = &e->list[i];

		if (*before - d->at < d->text.len)
			return d;
		*before = *before - d->text.len + d->length;
	}
	return NULL;
}

size_t
edits_origin(const struct edits *e, size_t at)
{
	size_t before;
	const struct edit *d = edit_of(e, at, &before);

	return d ? d->at : before;
}

size_t
edits_origin_end(const struct edits *e, size_t end)
{
	size_t before;
	const struct edit *d;

	if (!end)
		return 0;
	d = edit_of(e, end - 1, &before);
	return d ? d->at + d->length : before + 1;
}
