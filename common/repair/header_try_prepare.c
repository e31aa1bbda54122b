/* header_try_prepare: changes of a header, prepared to be tried. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_try_internal.h"

#include <stdlib.h>

#include "base/limit.h"

/* Changes on their way into a set. */
struct preparation {
	struct header_try *t;
	struct arena *arena;
	struct header_change *changes;
	size_t n;
	struct header_step *steps;
	size_t nsteps;
	struct span tail;
	uint64_t touched;
};

static int
compare_sizes(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* Is a field replaced or dropped twice? */
static bool
has_twice(const struct header_change *changes, size_t n, struct arena *a)
{
	size_t *list = ARENA_ARRAY(a, size_t, n), count = 0;

	for (size_t i = 0; i < n; i++)
		if (changes[i].action != HEADER_INSERT)
			list[count++] = changes[i].index;
	qsort(list, count, sizeof(*list), compare_sizes);
	for (size_t i = 1; i < count; i++)
		if (list[i] == list[i - 1])
			return true;
	return false;
}

/* Is it known that nothing has altered the field? */
static bool
is_intact(const struct header *h, size_t index)
{
	return h->intact && h->intact[index];
}

/* Are these changes of this header? */
static bool
is_sound(const struct header *h, const struct header_change *changes, size_t n,
    struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const struct header_change *c = &changes[i];

		if (c->index > h->m->nfields ||
		    (c->action != HEADER_INSERT && c->index == h->m->nfields) ||
		    (c->action == HEADER_DROP && c->index == h->signature) ||
		    (c->action != HEADER_INSERT && is_intact(h, c->index)) ||
		    (c->action != HEADER_DROP && !field_is_one(c->raw)))
			return false;
	}
	return n < 2 || !has_twice(changes, n, a);
}

static bool
same_names(struct span a, struct span b)
{
	struct span x, y;

	while (taglist_item(&a, ':', &x))
		if (!taglist_item(&b, ':', &y) || !span_caseeq(x, y))
			return false;
	return !b.p;
}

/* Do both tell how to verify one signature? The hash of the body may differ. */
static bool
same_signature(const struct dkim_signature *a, const struct dkim_signature *b)
{
	return a->type == b->type && a->hash == b->hash &&
	    a->header == b->header && a->body == b->body &&
	    a->length == b->length && span_eq(a->signature, b->signature) &&
	    span_eq(a->domain, b->domain) &&
	    span_eq(a->selector, b->selector) && same_names(a->names, b->names);
}

/* Returns the signature field of another text as
 * it is hashed; absent if it is another signature. */
static struct span
other_tail(struct header_try *t, struct span raw, struct arena *a)
{
	struct field *f = ARENA_NEW(a, struct field);
	struct dkim_signature s;

	*f = field_split(raw);
	if (!span_caseeq(f->name, SPAN("DKIM-Signature")) ||
	    dkim_signature_parse(f, a, &s) != DKIM_OK ||
	    !same_signature(&s, t->h->s))
		return SPAN_NONE;
	return header_try_tail(t, &s, a);
}

static struct header_step *
add_step(struct preparation *p, size_t group, const struct header_change *c,
    enum header_action action)
{
	struct header_step *s = ARENA_PUSH(p->arena, p->steps, p->nsteps);

	*s = (struct header_step){
	    .group = group,
	    .index = c->index,
	    .insert = action == HEADER_INSERT,
	    .drop = action == HEADER_DROP,
	    .order = p->nsteps,
	};
	return s;
}

/* Adds what a change does to the fields that h= names. A field that gets
 * another name is dropped and inserted. False: nothing. */
static bool
add_steps(struct preparation *p, const struct header_change *c)
{
	const struct message *m = p->t->h->m;
	size_t from = HEADER_TRY_NONE, to = HEADER_TRY_NONE;
	struct span canonical = SPAN_NONE;

	if (c->action != HEADER_INSERT)
		from = p->t->group_of[m->fields[c->index].name_id];
	if (c->action != HEADER_DROP)
		to = header_try_group(p->t, field_split(c->raw).name);
	if (to != HEADER_TRY_NONE)
		canonical = header_canonical(p->t->h, c->raw, p->arena);
	if (from == to &&
	    (from == HEADER_TRY_NONE ||
		span_eq(canonical, header_try_received(p->t, c->index))))
		return false;
	if (from == to) {
		add_step(p, from, c, HEADER_REPLACE)->canonical = canonical;
		return true;
	}
	if (from != HEADER_TRY_NONE)
		add_step(p, from, c, HEADER_DROP);
	if (to != HEADER_TRY_NONE) {
		struct header_step *s = add_step(p, to, c, HEADER_INSERT);

		s->renamed = c->action == HEADER_REPLACE;
		s->canonical = canonical;
	}
	return true;
}

/* Sets the signature field. False: it is as received. */
static bool
set_tail(struct preparation *p, struct span tail)
{
	if (span_eq(tail, p->t->tail))
		return false;
	p->tail = tail;
	return true;
}

/* Adds a change if it matters. False: it makes another signature. */
static bool
add_change(struct preparation *p, const struct header_change *c)
{
	bool matters;

	if (c->action == HEADER_REPLACE && c->index == p->t->h->signature) {
		struct span tail = other_tail(p->t, c->raw, p->arena);

		if (!tail.p)
			return false;
		matters = set_tail(p, tail);
	} else {
		matters = add_steps(p, c);
	}
	if (!matters)
		return true;
	p->changes[p->n++] = *c;
	if (c->action != HEADER_INSERT)
		p->touched |= (uint64_t)1 << c->index % 64;
	return true;
}

static int
compare_steps(const void *va, const void *vb)
{
	const struct header_step *a = va, *b = vb;
	int d = header_try_order(a, b);

	return d ? d : (a->order > b->order) - (a->order < b->order);
}

bool
header_try_prepare(struct header_try *t, const struct header_change *changes,
    size_t n, struct header_set *set, struct arena *a)
{
	struct preparation p = {.t = t, .arena = a};

	if (n > LIMIT_SIGNED_FIELDS || !is_sound(t->h, changes, n, a))
		return false;
	p.changes = ARENA_ARRAY(a, struct header_change, n);
	for (size_t i = 0; i < n; i++)
		if (!add_change(&p, &changes[i]))
			return false;
	if (!p.n)
		return false;
	if (p.nsteps)
		qsort(p.steps, p.nsteps, sizeof(*p.steps), compare_steps);
	*set = (struct header_set){.changes = p.changes,
	    .n = p.n,
	    .steps = p.steps,
	    .nsteps = p.nsteps,
	    .tail = p.tail,
	    .touched = p.touched};
	return true;
}

bool
header_try_conflicts(const struct header_set *a, const struct header_set *b)
{
	if (!(a->touched & b->touched))
		return false;
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (a->changes[i].index == b->changes[k].index &&
			    a->changes[i].action != HEADER_INSERT &&
			    b->changes[k].action != HEADER_INSERT)
				return true;
	return false;
}

struct ordered {
	struct header_change change;
	size_t order;
};

/* By index; what is inserted above a field comes before its own change. */
static int
compare_ordered(const void *va, const void *vb)
{
	const struct ordered *a = va, *b = vb;
	bool first = a->change.action == HEADER_INSERT;
	bool second = b->change.action == HEADER_INSERT;

	if (a->change.index != b->change.index)
		return a->change.index < b->change.index ? -1 : 1;
	if (first != second)
		return first ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

struct header_change *
header_try_changes(const struct header_set *const *sets, size_t n,
    size_t *count, struct arena *a)
{
	struct ordered *list = NULL;
	struct header_change *changes;
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sets[i]->n; k++) {
			struct ordered o = {sets[i]->changes[k], all};

			*ARENA_PUSH(a, list, all) = o;
		}
	if (all)
		qsort(list, all, sizeof(*list), compare_ordered);
	changes = ARENA_ARRAY(a, struct header_change, all);
	for (size_t i = 0; i < all; i++)
		changes[i] = list[i].change;
	*count = all;
	return changes;
}
