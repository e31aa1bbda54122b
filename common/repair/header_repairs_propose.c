/* header_repairs_propose: what repairs of the header propose. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limit.h"
#include "base/taglist.h"

/*
 * Proposing.
 */

/* Have both texts the same octets, whichever way their lines end (RFC 6376
 * 3.4.1), or with words, the same words (3.4.2)? Most differ early. */
static bool
is_same(struct span a, struct span b, bool words)
{
	while (a.len && b.len) {
		size_t n = words ? field_blanks(a) : field_line_end(a);
		size_t k = words ? field_blanks(b) : field_line_end(b);
		bool is_end = words && (n == a.len || k == b.len);

		if (is_end)
			return n == a.len && k == b.len;
		if ((n != 0) != (k != 0) || (!n && a.p[0] != b.p[0]))
			return false;
		a = span_from(a, n ? n : 1);
		b = span_from(b, k ? k : 1);
	}
	return words ? field_blanks(a) == a.len && field_blanks(b) == b.len
		     : a.len == b.len;
}

/* Is the text the same to the signature as the field that was received? */
static bool
is_received(const struct header *h, struct span received, struct span raw)
{
	struct field a = field_split(received), b = field_split(raw);

	if (h->s->header == CANON_SIMPLE)
		return is_same(field_chomp(received), field_chomp(raw), false);
	a.body = span_from(a.body, field_blanks(a.body));
	b.body = span_from(b.body, field_blanks(b.body));
	return span_caseeq(a.name, b.name) && is_same(a.body, b.body, true);
}

/* Returns the index of the proposal that has the text already, or p->n. Other
 * repairs may propose it, too: the search finds that out. */
static size_t
find_proposed(const struct header_proposals *p, size_t index, struct span raw)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct header_change *c = p->list[i].changes;

		if (p->list[i].n == 1 && c->action == HEADER_REPLACE &&
		    c->index == index && span_eq(c->raw, raw))
			return i;
	}
	return p->n;
}

void
header_propose_text(struct header_proposals *p, const struct header *h,
    size_t index, struct span raw)
{
	struct span received = h->m->fields[index].raw, eol;
	struct header_change c = {HEADER_REPLACE, index, SPAN_NONE};
	size_t *way;

	if (p->n >= p->most)
		return;
	way = ARENA_PUSH(p->arena, p->ways, p->nways);
	*way = SIZE_MAX;
	eol = span_from(received, field_chomp(received).len);
	c.raw = ARENA_JOIN(h->arena, field_chomp(raw), eol);
	if (!field_is_one(c.raw) || is_received(h, received, c.raw))
		return;
	*way = find_proposed(p, index, c.raw);
	if (*way == p->n)
		header_propose(p, &c, 1);
}

/* By index, and what is inserted above a field before the change of it. */
static bool
is_before(const struct header_change *a, const struct header_change *b)
{
	if (a->index != b->index)
		return a->index < b->index;
	return a->action == HEADER_INSERT && b->action != HEADER_INSERT;
}

void
header_propose(
    struct header_proposals *p, const struct header_change *changes, size_t n)
{
	struct header_change *copy;

	if (!n || p->n >= p->most)
		return;
	copy = ARENA_ARRAY(p->arena, struct header_change, n);
	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		for (; at && is_before(&changes[i], &copy[at - 1]); at--)
			copy[at] = copy[at - 1];
		copy[at] = changes[i];
	}
	*ARENA_PUSH(p->arena, p->list, p->n) =
	    (struct header_proposal){copy, n};
}

/*
 * What is signed.
 */

size_t
header_named(const struct header *h, struct span name)
{
	return dkim_times_named(h->s->names, name);
}

/* RFC 6376 5.4.2: repeated names select fields from the bottom up. */
bool
header_is_signed(const struct header *h, size_t index)
{
	const struct field *f = &h->m->fields[index], *at;
	size_t n;

	if (index == h->signature)
		return true;
	n = header_named(h, f->name);
	at = n ? &h->m->fields[h->m->names[f->name_id].lowest] : NULL;
	for (; at && n; at = message_above(h->m, at)) {
		if (at == f)
			return true;
		n -= at != &h->m->fields[h->signature];
	}
	return false;
}

/* How often h= has the name before an item of it. */
static size_t
named_before(const struct header *h, struct span item)
{
	struct span before = span_between(h->s->names.p, item.p), other;
	size_t n = 0;

	while (before.len && taglist_item(&before, ':', &other))
		n += span_caseeq(other, item);
	return n;
}

/* The field that is so many above the lowest, the signature left out. */
static const struct field *
field_at(const struct header *h, struct span name, size_t n)
{
	const struct field *f = message_lowest(h->m, name);

	for (; f; f = message_above(h->m, f)) {
		if (f == &h->m->fields[h->signature])
			continue;
		if (!n--)
			return f;
	}
	return NULL;
}

size_t
header_selected(const struct header *h, size_t **list)
{
	struct span names = h->s->names, item;
	size_t n = 0;

	*list = ARENA_ARRAY(h->arena, size_t, LIMIT_EXPLAIN_FIELDS);
	while (n < LIMIT_EXPLAIN_FIELDS && taglist_item(&names, ':', &item)) {
		const struct field *f =
		    field_at(h, item, named_before(h, item));

		if (f)
			(*list)[n++] = (size_t)(f - h->m->fields);
	}
	return n;
}

/*
 * Names.
 */

struct span
header_capital(struct span s, const char *after, struct arena *a)
{
	char *p = arena_cstr(a, s);

	for (size_t i = 0; i < s.len; i++)
		if (!after || !i || (p[i - 1] && strchr(after, p[i - 1])))
			p[i] = ascii_upper(p[i]);
	return (struct span){p, s.len};
}
