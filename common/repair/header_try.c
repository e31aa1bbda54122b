/* header_try: the hash of a header with changes. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_try_internal.h"

#include <stdlib.h>

static int
compare_groups(const void *a, const void *b)
{
	return span_casecmp(((const struct header_try_group *)a)->name,
	    ((const struct header_try_group *)b)->name);
}

size_t
header_try_group(const struct header_try *t, struct span name)
{
	struct header_try_group key = {.name = name}, *found;

	found =
	    bsearch(&key, t->groups, t->ngroups, sizeof(key), compare_groups);
	return found ? (size_t)(found - t->groups) : HEADER_TRY_NONE;
}

/* Makes a group of each name in h=, once. */
static void
add_groups(struct header_try *t)
{
	const struct message *m = t->h->m;
	struct span names = t->h->s->names, item;
	size_t n = 0;

	while (taglist_item(&names, ':', &item))
		*ARENA_PUSH(t->arena, t->groups, t->ngroups) =
		    (struct header_try_group){
			.name = item, .lowest = UINT32_MAX};
	qsort(t->groups, t->ngroups, sizeof(struct header_try_group),
	    compare_groups);
	for (size_t i = 0; i < t->ngroups; i++)
		if (!n || compare_groups(&t->groups[n - 1], &t->groups[i]))
			t->groups[n++] = t->groups[i];
	t->ngroups = n;
	t->group_of = ARENA_ARRAY(t->arena, size_t, m->nnames);
	for (size_t i = 0; i < m->nnames; i++) {
		size_t group = header_try_group(t, m->names[i].name);

		t->group_of[i] = group;
		if (group != HEADER_TRY_NONE)
			t->groups[group].lowest = m->names[i].lowest;
	}
}

static void
add_items(struct header_try *t)
{
	struct span names = t->h->s->names, item;

	while (taglist_item(&names, ':', &item))
		*ARENA_PUSH(t->arena, t->items, t->nitems) =
		    header_try_group(t, item);
}

struct span
header_canonical(const struct header *h, struct span raw, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	canon_header(h->s->header, raw, &out.sink);
	return buf_span(&out.buf);
}

/* RFC 6376 3.7 */
struct span
header_try_tail(
    const struct header_try *t, const struct dkim_signature *s, struct arena *a)
{
	struct span whole =
	    header_canonical(t->h, dkim_signature_text(s, a), a);

	return span_upto(whole, whole.len - 2);
}

/* Returns the next field up of the same name; the
 * signature field is never selected. */
static uint32_t
above(const struct header_try *t, uint32_t index)
{
	const struct field *fields = t->h->m->fields;

	index = fields[index].above;
	return index == t->h->signature ? fields[index].above : index;
}

/* Prepares to select fields of each name from the bottom up (RFC 6376
 * 5.4.2). */
static void
rewind_groups(struct header_try *t)
{
	for (size_t i = 0; i < t->ngroups; i++) {
		struct header_try_group *g = &t->groups[i];

		g->next = g->lowest;
		if (g->next != UINT32_MAX && g->next == t->h->signature)
			g->next = above(t, g->next);
		g->first = g->end = 0;
	}
}

static void
mark_selected(struct header_try *t)
{
	t->selected = ARENA_ARRAY(t->arena, bool, t->h->m->nfields);
	t->selected[t->h->signature] = true;
	rewind_groups(t);
	for (size_t i = 0; i < t->nitems; i++) {
		struct header_try_group *g = &t->groups[t->items[i]];

		if (g->next == UINT32_MAX)
			continue;
		t->selected[g->next] = true;
		g->next = above(t, g->next);
	}
}

struct header_try *
header_try_new(
    const struct header *h, const struct header_witness *w, struct arena *a)
{
	struct header_try *t = ARENA_NEW(a, struct header_try);

	t->h = h;
	t->w = w;
	t->arena = a;
	t->octets = BUF(a);
	add_groups(t);
	add_items(t);
	mark_selected(t);
	t->canonical = ARENA_ARRAY(a, struct span, h->m->nfields);
	t->tail = header_try_tail(t, h->s, a);
	return t;
}

bool
header_try_selects(const struct header_try *t, size_t index)
{
	return t->selected[index];
}

struct span
header_try_received(struct header_try *t, size_t index)
{
	struct span *c = &t->canonical[index];

	if (!c->p)
		*c = header_canonical(
		    t->h, t->h->m->fields[index].raw, t->arena);
	return *c;
}

/*
 * Returns what the next occurrence of a name in h= selects: the lowest field
 * that is left, as changed, or inserted. What is inserted above a field is
 * selected after it. Absent if nothing is left.
 */
static struct span
take(struct header_try *t, struct header_try_group *g)
{
	for (;;) {
		const struct header_step *s =
		    g->end > g->first ? &t->steps[g->end - 1] : NULL;
		size_t index = g->next;

		if (s && s->insert &&
		    (index == UINT32_MAX || s->index > index)) {
			g->end--;
			return s->canonical;
		}
		if (index == UINT32_MAX)
			return SPAN_NONE;
		g->next = above(t, g->next);
		if (!s || s->insert || s->index != index)
			return header_try_received(t, index);
		g->end--;
		if (!s->drop)
			return s->canonical;
	}
}

int
header_try_order(const struct header_step *a, const struct header_step *b)
{
	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	if (a->insert != b->insert)
		return a->insert ? -1 : 1;
	return a->renamed - b->renamed;
}

static size_t
count_steps(const struct header_set *const *sets, size_t n)
{
	size_t steps = 0;

	for (size_t i = 0; i < n; i++)
		steps += sets[i]->nsteps;
	return steps;
}

/* Merges the steps of the sets, those of the first before
 * equal ones of others, and gives each group its own. */
static void
merge_steps(
    struct header_try *t, const struct header_set *const *sets, size_t n)
{
	size_t at[REPAIR_DEPTH] = {0}, all = count_steps(sets, n), best;

	if (all > t->room) {
		t->room = all * 2;
		t->steps = ARENA_ARRAY(t->arena, struct header_step, t->room);
	}
	for (size_t k = 0; k < all; k++) {
		struct header_try_group *g;

		best = n;
		for (size_t i = 0; i < n; i++)
			if (at[i] < sets[i]->nsteps &&
			    (best == n ||
				header_try_order(&sets[i]->steps[at[i]],
				    &sets[best]->steps[at[best]]) < 0))
				best = i;
		t->steps[k] = sets[best]->steps[at[best]++];
		g = &t->groups[t->steps[k].group];
		if (g->first == g->end)
			g->first = k;
		g->end = k + 1;
	}
}

struct span
header_try_octets(
    struct header_try *t, const struct header_set *const *sets, size_t n)
{
	struct span tail = t->tail;

	rewind_groups(t);
	merge_steps(t, sets, n);
	t->octets.len = 0;
	for (size_t i = 0; i < t->nitems; i++)
		buf_add(&t->octets, take(t, &t->groups[t->items[i]]));
	for (size_t i = 0; i < n; i++)
		if (sets[i]->tail.p)
			tail = sets[i]->tail;
	buf_add(&t->octets, tail);
	return buf_span(&t->octets);
}

/* Is it what was signed? Without its digest, the signature is verified. */
static enum header_tried
compare(struct header_try *t, struct span octets, struct budget *budget)
{
	enum digest_hash hash = t->h->s->hash;
	char room[DIGEST_MAX];
	struct span value = {room, digest_size(hash)};
	bool is;

	if (!digest_once(hash, octets, room))
		return HEADER_TRIED_SPENT;
	if (t->w->digest.p) {
		is = span_eq(value, t->w->digest);
	} else if (!budget->verifications) {
		budget->spent = true;
		return HEADER_TRIED_SPENT;
	} else {
		budget->verifications--;
		is = key_verify(t->w->key, hash, value, t->h->s->signature) ==
		    KEY_FITS;
	}
	return is ? HEADER_TRIED_SIGNED : HEADER_TRIED_DIFFERS;
}

enum header_tried
header_try(struct header_try *t, const struct header_set *const *sets, size_t n,
    struct budget *budget)
{
	struct span octets = header_try_octets(t, sets, n);

	/* To select fields takes time, too, where h= or a set is large. */
	if (!budget_take(budget,
		octets.len + t->nitems + t->ngroups + 8 * count_steps(sets, n)))
		return HEADER_TRIED_SPENT;
	return compare(t, octets, budget);
}
