/* header_search: tries repairs of a header, alone and together. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_search_internal.h"

#include <assert.h>
#include <stdlib.h>

/* Candidates of one cost and rank: [begin, end) of their level. */
struct class
{
	unsigned cost, rank;
	size_t begin, end;
};

/* Classes one candidate of each of which is tried with those of the others. */
struct plan {
	const struct class *classes[REPAIR_DEPTH];
	size_t n;
	unsigned rank;
	size_t sequence;
};

struct combination {
	struct header_search *s;
	struct class *classes;
	size_t nclasses;
	struct plan *plans;
	size_t nplans;
	/* Of the plan that is being tried: */
	const struct header_candidate *chosen[REPAIR_DEPTH];
	size_t at[REPAIR_DEPTH];
};

static void
add_classes(struct combination *c)
{
	const struct header_search *s = c->s;
	struct class *last = NULL;

	for (unsigned cost = 1; cost <= REPAIR_DEPTH; cost++)
		for (size_t i = 0; i < s->nlevel[cost]; i++) {
			unsigned rank = s->level[cost][i]->rank;

			if (!last || last->cost != cost || last->rank != rank) {
				last = ARENA_PUSH(
				    s->arena, c->classes, c->nclasses);
				*last = (struct class){cost, rank, i, i};
			}
			last->end = i + 1;
		}
}

/* Adds the plans that begin with that of p and whose costs add up to cost. The
 * depth is at most REPAIR_DEPTH: each class costs 1 or more. */
static void
add_plans(
    struct combination *c, const struct plan *p, size_t first, unsigned cost)
{
	if (!cost) {
		struct plan *added =
		    ARENA_PUSH(c->s->arena, c->plans, c->nplans);

		*added = *p;
		added->sequence = c->nplans;
		return;
	}
	for (size_t i = first; i < c->nclasses; i++) {
		const struct class *class = &c->classes[i];
		struct plan longer = *p;

		if (class->cost > cost)
			return;
		longer.classes[longer.n++] = class;
		longer.rank += class->rank;
		add_plans(c, &longer, i, cost - class->cost);
	}
}

static int
compare_plans(const void *va, const void *vb)
{
	const struct plan *a = va, *b = vb;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* What to pass over costs, in octets: it takes a tenth of the shortest try. */
#define PASS_OVER 32

/* Can the next candidate be tried with those chosen before? A conflict takes
 * work, too, which hostile headers could make much of. */
static enum header_tried
check(struct combination *c, size_t k, const struct header_candidate *next)
{
	for (size_t i = 0; i < k; i++) {
		const struct header_set *other = &c->chosen[i]->set;
		uint64_t work = PASS_OVER + other->n * next->set.n;

		if (!(other->touched & next->set.touched))
			continue;
		if (!budget_work(c->s->budget, work))
			return HEADER_TRIED_SPENT;
		if (header_try_conflicts(other, &next->set))
			return HEADER_TRIED_DIFFERS;
	}
	return HEADER_TRIED_SIGNED;
}

static enum header_tried
try_chosen(struct combination *c, size_t n)
{
	const struct header_set *sets[REPAIR_DEPTH];

	for (size_t i = 0; i < n; i++)
		sets[i] = &c->chosen[i]->set;
	return header_try(c->s->try, sets, n, c->s->budget);
}

/* Tries all choices of candidates from the classes of a plan, of which the
 * first k are chosen. */
static enum header_tried
run(struct combination *c, const struct plan *p, size_t k)
{
	const struct class *class;
	enum header_tried tried = HEADER_TRIED_DIFFERS;
	bool again;

	if (k == p->n)
		return try_chosen(c, k);
	assert(k < REPAIR_DEPTH);
	class = p->classes[k];
	again = k && p->classes[k - 1] == class;
	for (c->at[k] = again ? c->at[k - 1] + 1 : class->begin;
	     tried == HEADER_TRIED_DIFFERS && c->at[k] < class->end;
	     c->at[k]++) {
		c->chosen[k] = c->s->level[class->cost][c->at[k]];
		tried = check(c, k, c->chosen[k]);
		if (tried == HEADER_TRIED_SIGNED)
			tried = run(c, p, k + 1);
	}
	return tried;
}

/* Tries the combinations whose costs add up to this one, those with the lowest
 * sum of ranks first. False: none is signed. */
static bool
combine(struct header_search *s, unsigned cost,
    const struct header_candidate **found, size_t *n)
{
	struct combination c = {.s = s};
	const struct plan none = {.n = 0};
	enum header_tried tried = HEADER_TRIED_DIFFERS;

	add_classes(&c);
	add_plans(&c, &none, 0, cost);
	if (c.nplans)
		qsort(c.plans, c.nplans, sizeof(*c.plans), compare_plans);
	for (size_t i = 0; tried == HEADER_TRIED_DIFFERS && i < c.nplans; i++) {
		*n = c.plans[i].n;
		tried = run(&c, &c.plans[i], 0);
	}
	for (size_t i = 0; i < *n && tried == HEADER_TRIED_SIGNED; i++)
		found[i] = c.chosen[i];
	return tried == HEADER_TRIED_SIGNED;
}

static bool
search(
    struct header_search *s, const struct header_candidate **found, size_t *n)
{
	for (unsigned cost = 1; cost <= REPAIR_DEPTH; cost++) {
		header_search_propose(s, cost);
		if (combine(s, cost, found, n))
			return true;
	}
	return false;
}

struct header_found
header_search(const struct header *h, const struct header_witness *w,
    const struct header_repair *const *tables, struct budget *budget,
    struct arena *a)
{
	struct header_search *s;
	struct arena *arena = arena_new();
	const struct header_candidate *list[REPAIR_DEPTH];
	struct header_found found = {.is_found = false};
	uint64_t tries = budget->tries;
	size_t n = 0;

	arena_probe(); /* for all tries: the library takes little */
	s = ARENA_NEW(arena, struct header_search);
	s->h = h;
	s->tables = tables;
	s->budget = budget;
	s->arena = arena;
	s->scratch = arena_new();
	s->key = siphash_random_key();
	s->try = header_try_new(h, w, arena);
	if (search(s, list, &n))
		found = header_search_result(h, list, n, a);
	found.tries = budget->tries - tries;
	arena_free(s->scratch);
	arena_free(arena);
	return found;
}
