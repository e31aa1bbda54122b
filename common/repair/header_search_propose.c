/* header_search_propose: what repairs propose, and repairs of that. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_search_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"

/* What is spent on a call of a repair: it takes several times as long as to
 * hash the text it is given. */
#define CALL           1024
#define CALL_PER_OCTET 8
#define CALL_PER_FIELD 64

/* Proposals at one cost may take this part of what is left of the budget. */
#define SHARE 4

static bool
spend(struct header_search *s, uint64_t octets)
{
	if (octets > s->allowance) {
		s->budget->spent = true;
		return false;
	}
	s->allowance -= octets;
	return budget_work(s->budget, octets);
}

static struct span
keep(struct header_search *s, struct span text)
{
	s->octets += text.len;
	return arena_span(s->arena, text);
}

/* Copies a set from the scratch arena. */
static struct header_set
keep_set(struct header_search *s, const struct header_set *set)
{
	struct header_change *changes =
	    ARENA_ARRAY(s->arena, struct header_change, set->n);
	struct header_step *steps =
	    ARENA_ARRAY(s->arena, struct header_step, set->nsteps);
	struct header_set kept = *set;

	for (size_t i = 0; i < set->n; i++) {
		changes[i] = set->changes[i];
		changes[i].raw = keep(s, changes[i].raw);
	}
	for (size_t i = 0; i < set->nsteps; i++) {
		steps[i] = set->steps[i];
		steps[i].canonical = keep(s, steps[i].canonical);
	}
	kept.changes = changes;
	kept.steps = steps;
	kept.tail = keep(s, set->tail);
	s->octets += set->n * sizeof(*changes) + set->nsteps * sizeof(*steps);
	return kept;
}

/* Returns the index of the field that a set gives another text, if it does
 * nothing else, or SIZE_MAX. */
static size_t
index_of(const struct header_set *set)
{
	const struct header_step *step = set->steps;
	bool is_text =
	    set->tail.p || (set->nsteps == 1 && !step->insert && !step->drop);

	return set->n == 1 && is_text ? set->changes[0].index : SIZE_MAX;
}

static struct span
canonical_of(const struct header_set *set)
{
	return set->tail.p ? set->tail : set->steps[0].canonical;
}

static struct header_candidate **
bucket_of(struct header_search *s, size_t index, struct span canonical)
{
	uint64_t hash = siphash(&s->key, canonical.p, canonical.len) ^ index;

	return &s->buckets[hash % HEADER_SEARCH_BUCKETS];
}

/* Returns the candidate that has this text of the field, or NULL. */
static const struct header_candidate *
find_known(struct header_search *s, size_t index, struct span canonical)
{
	const struct header_candidate *c = *bucket_of(s, index, canonical);

	while (c && (c->index != index || !span_eq(c->canonical, canonical)))
		c = c->next;
	return c;
}

/* A repair proposes the likeliest first: the rank of its proposals grows by so
 * much each time that their number doubles. */
#define LATER 2

/* Returns the rank of a proposal that so many of its repair come before. */
static unsigned
rank_of(const struct header_repair *repair, size_t before)
{
	unsigned rank = repair->kind.rank;

	for (; before; before /= 2)
		rank += LATER;
	return rank;
}

/* Adds what a repair has made of its parent, or of the header. */
static struct header_candidate *
add(struct header_search *s, const struct header_repair *repair,
    const struct header_candidate *parent, const struct header_set *set,
    unsigned rank)
{
	struct header_candidate *c =
	    ARENA_NEW(s->arena, struct header_candidate);

	if (parent)
		*c = *parent;
	c->set = keep_set(s, set);
	c->index = index_of(set);
	c->rank += rank;
	c->repairs[c->cost++] = repair;
	c->sequence = s->candidates++;
	*ARENA_PUSH(s->arena, s->level[c->cost], s->nlevel[c->cost]) = c;
	return c;
}

/* Lets a candidate be found by what it makes of the field, or of several. */
static void
enter(
    struct header_search *s, struct header_candidate *c, struct span canonical)
{
	struct header_candidate **bucket = bucket_of(s, c->index, canonical);

	c->canonical = canonical;
	c->next = *bucket;
	*bucket = c;
}

static bool
has_room(struct header_search *s)
{
	if (s->candidates < LIMIT_EXPLAIN_PROPOSALS &&
	    s->octets < LIMIT_EXPLAIN_TEXTS)
		return true;
	s->budget->spent = true;
	return false;
}

/* Adds a proposal that is new, matters, and has room. Returns its candidate, or
 * NULL. */
static const struct header_candidate *
consider(struct header_search *s, const struct header_repair *repair,
    const struct header_candidate *parent, const struct header_proposal *p,
    unsigned rank)
{
	const struct header_candidate *known;
	struct header_candidate *c;
	struct header_set set;
	size_t index;

	if (!has_room(s) ||
	    !header_try_prepare(s->try, p->changes, p->n, &set, s->scratch))
		return NULL;
	index = index_of(&set);
	if (parent ? index != parent->index
		   : index == SIZE_MAX && repair->field)
		return NULL;
	if (index == SIZE_MAX)
		return add(s, repair, parent, &set, rank);
	known = find_known(s, index, canonical_of(&set));
	if (known)
		return known;
	c = add(s, repair, parent, &set, rank);
	c->texts[c->cost - 1] = c->set.changes[0].raw;
	enter(s, c, canonical_of(&c->set));
	return c;
}

/*
 * Fields that were changed alike.
 */

/* Most ways to change a field that are tried in all fields at once: those after
 * so many are places of one field. */
#define WAYS 64

/* What a repair proposes for the fields: by way, a candidate for each field
 * that has one. */
struct alike {
	struct arena *arena;
	struct way {
		const struct header_candidate **list;
		size_t n;
	} ways[WAYS];
};

/* Adds what is proposed for a field, of which these are the candidates. */
static void
add_ways(struct alike *alike, const struct header_proposals *p,
    const struct header_candidate *const *candidates)
{
	for (size_t i = 0; i < p->nways && i < WAYS; i++) {
		struct way *way = &alike->ways[i];

		if (p->ways[i] < p->n && candidates[p->ways[i]])
			*ARENA_PUSH(alike->arena, way->list, way->n) =
			    candidates[p->ways[i]];
	}
}

/* Adds candidates of several fields as one, if that is new. */
static bool
consider_members(struct header_search *s, const struct header_repair *repair,
    const struct header_candidate *parent,
    const struct header_candidate *const *members, size_t n, unsigned rank)
{
	struct header_change *changes =
	    ARENA_ARRAY(s->scratch, struct header_change, n);
	size_t size = n * sizeof(struct header_candidate *);
	struct header_candidate *c;
	struct header_set set;
	uint64_t octets = 0;

	for (size_t i = 0; i < n; i++) {
		changes[i] = members[i]->set.changes[0];
		octets += changes[i].raw.len;
	}
	if (!has_room(s) ||
	    find_known(
		s, SIZE_MAX, (struct span){(const void *)members, size}) ||
	    !spend(s, CALL + CALL_PER_OCTET * octets) ||
	    !header_try_prepare(s->try, changes, n, &set, s->scratch))
		return false;
	c = add(s, repair, parent, &set, rank);
	c->members = memcpy(arena_alloc(s->arena, size), members, size);
	c->nmembers = n;
	s->octets += size;
	enter(s, c, (struct span){(const void *)c->members, size});
	return true;
}

/* Returns the members of a parent, with the candidates of a way in the place of
 * those of their fields; without a parent, these candidates. */
static struct way
merged(const struct header_candidate *parent, const struct way *way,
    struct arena *a)
{
	struct way all = {.n = 0};
	size_t at = 0;

	if (!parent)
		return *way;
	all.list =
	    ARENA_ARRAY(a, const struct header_candidate *, parent->nmembers);
	for (; all.n < parent->nmembers; all.n++) {
		const struct header_candidate *m = parent->members[all.n];
		bool is_changed =
		    at < way->n && way->list[at]->index == m->index;

		all.list[all.n] = is_changed ? way->list[at++] : m;
	}
	return all;
}

/* Considers all ways in which a repair changes the header, or its parent. */
static void
consider_ways(struct header_search *s, const struct header_repair *repair,
    const struct header_candidate *parent, const struct alike *alike)
{
	size_t n = 0;

	for (size_t i = 0; i < WAYS; i++) {
		struct way all;

		if (!alike->ways[i].n)
			continue;
		all = merged(parent, &alike->ways[i], s->scratch);
		if (all.n > 1)
			n += consider_members(s, repair, parent, all.list,
			    all.n, rank_of(repair, n));
		arena_reset(s->scratch);
	}
}

/*
 * What repairs propose.
 */

static size_t
most_at_once(const struct header_repair *repair, struct span raw)
{
	return repair->field && raw.len <= LIMIT_EXPLAIN_SHORT
	    ? LIMIT_EXPLAIN_AT_ONCE_SHORT
	    : LIMIT_EXPLAIN_AT_ONCE;
}

/* Calls a repair for a text of a field, or for the header as a whole. Adds what
 * it proposes for the field to alike, unless that is NULL. */
static void
call(struct header_search *s, const struct header_repair *repair, size_t index,
    struct span raw, const struct header_candidate *parent, struct alike *alike)
{
	const struct header_candidate **candidates;
	struct header h = *s->h;
	struct header_proposals p = {
	    .arena = s->scratch, .most = most_at_once(repair, raw)};

	if (raw.len > LIMIT_EXPLAIN_FIELD && index != s->h->signature) {
		s->budget->spent = true;
		return;
	}
	if (!spend(s, CALL + CALL_PER_OCTET * (uint64_t)raw.len))
		return;
	h.arena = s->scratch;
	if (repair->field)
		repair->field(&h, index, raw, &p);
	else
		repair->whole(&h, &p);
	if (p.n == p.most)
		s->budget->spent = true;
	candidates =
	    ARENA_ARRAY(s->scratch, const struct header_candidate *, p.n);
	for (size_t i = 0; i < p.n; i++)
		candidates[i] =
		    consider(s, repair, parent, &p.list[i], rank_of(repair, i));
	if (alike)
		add_ways(alike, &p, candidates);
	arena_reset(s->scratch);
}

/* What a repair proposes for the header as received. */
static void
propose_first(struct header_search *s, const struct header_repair *repair)
{
	const struct message *m = s->h->m;
	struct alike alike = {.arena = NULL};

	if (!repair->field) {
		if (spend(s, CALL_PER_FIELD * (uint64_t)m->nfields))
			call(s, repair, 0, SPAN_NONE, NULL, NULL);
		return;
	}
	alike.arena = arena_new();
	for (size_t i = 0; i < m->nfields; i++)
		if (header_try_selects(s->try, i))
			call(s, repair, i, m->fields[i].raw, NULL, &alike);
	consider_ways(s, repair, NULL, &alike);
	arena_free(alike.arena);
}

/* What a repair proposes for the texts of fields that were changed alike. */
static void
propose_alike(struct header_search *s, const struct header_repair *repair,
    const struct header_candidate *parent)
{
	struct alike alike = {.arena = arena_new()};

	for (size_t i = 0; i < parent->nmembers; i++) {
		const struct header_candidate *m = parent->members[i];

		call(s, repair, m->index, m->texts[m->cost - 1], m, &alike);
	}
	consider_ways(s, repair, parent, &alike);
	arena_free(alike.arena);
}

/* What the repairs propose for a text that others have made, or for several. */
static void
propose_more(struct header_search *s, const struct header_candidate *parent)
{
	for (size_t i = 0; s->tables[i]; i++)
		for (const struct header_repair *r = s->tables[i]; r->kind.id;
		     r++)
			if (r->field && parent->members)
				propose_alike(s, r, parent);
			else if (r->field)
				call(s, r, parent->index,
				    parent->texts[parent->cost - 1], parent,
				    NULL);
}

/* Is it a text, or several, that repairs are tried on? What was changed alike
 * and then again would give too many proposals. */
static bool
has_more(const struct header_candidate *c)
{
	return c->index != SIZE_MAX || (c->members && c->cost == 1);
}

static int
compare(const void *va, const void *vb)
{
	const struct header_candidate *a =
	    *(const struct header_candidate *const *)va;
	const struct header_candidate *b =
	    *(const struct header_candidate *const *)vb;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

void
header_search_propose(struct header_search *s, unsigned cost)
{
	s->allowance = s->budget->octets / SHARE;
	if (cost == 1)
		for (size_t i = 0; s->tables[i]; i++)
			for (const struct header_repair *r = s->tables[i];
			     r->kind.id; r++)
				propose_first(s, r);
	else
		for (size_t i = 0; i < s->nlevel[cost - 1]; i++)
			if (has_more(s->level[cost - 1][i]))
				propose_more(s, s->level[cost - 1][i]);
	if (s->nlevel[cost])
		qsort(s->level[cost], s->nlevel[cost],
		    sizeof(struct header_candidate *), compare);
}
