/* body_search: tries repairs, and further repairs of what these give. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_engine.h"

#include "base/limit.h"

/* Combinations that are gone on from. The budget of one message of 1 MB allows
 * a thousand, of a very short one some more than these. */
#define NODES ((size_t)1 << 15)

/* The shares of the budget that one search by force may use, after so many
 * repairs. A larger first one leaves too little for pairs of repairs. */
static const uint64_t shares[REPAIR_DEPTH] = {8, 256, 4096};

/* And those that one choice may use. */
static const uint64_t choice_shares[REPAIR_DEPTH] = {16, 256, 4096};

struct search {
	struct body_stages *stages;
	struct body_test *test;
	struct arena *arena;
	struct body_step *steps; /* by rank */
	size_t nsteps;
	/* Nodes of the depth that is being searched: a heap, first the one
	 * whose next step has the lowest rank. And those one deeper. */
	struct body_node **heap, **deeper;
	size_t nheap, ndeeper;
	size_t nodes;   /* in all */
	uint64_t *keys; /* of their bodies: a hash table */
	size_t nkeys, slots;
	uint64_t octets; /* of the budget, at first */
	struct body_outcome outcome;
};

/*
 * Steps.
 */

static void
add_step(struct search *s, struct body_step step)
{
	size_t i = s->nsteps;

	*ARENA_PUSH(s->arena, s->steps, s->nsteps) = step;
	for (; i && s->steps[i - 1].rank > step.rank; i--)
		s->steps[i] = s->steps[i - 1];
	s->steps[i] = step;
}

static void
add_repairs(struct search *s, const struct body_repair *list)
{
	for (; list->kind.id; list++)
		add_step(s, (struct body_step){list, NULL, list->kind.rank});
}

static void
list_steps(struct search *s)
{
	for (size_t i = 0; i < COUNT(s->test->tables); i++)
		add_repairs(s, s->test->tables[i]);
	for (const struct body_force *f = body_forces; f->kind.id; f++)
		add_step(s, (struct body_step){NULL, f, f->kind.rank});
}

/*
 * The heap.
 */

static bool
is_before(const struct search *s, const struct body_node *a,
    const struct body_node *b)
{
	uint64_t x = a->rank + s->steps[a->next].rank;
	uint64_t y = b->rank + s->steps[b->next].rank;

	return x < y || (x == y && a->order < b->order);
}

static void
swap(struct search *s, size_t i, size_t j)
{
	struct body_node *n = s->heap[i];

	s->heap[i] = s->heap[j];
	s->heap[j] = n;
}

static void
sift_down(struct search *s)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < s->nheap) {
		if (child + 1 < s->nheap &&
		    is_before(s, s->heap[child + 1], s->heap[child]))
			child++;
		if (!is_before(s, s->heap[child], s->heap[i]))
			break;
		swap(s, i, child);
		i = child;
	}
}

static void
push(struct search *s, struct body_node *n)
{
	size_t i = s->nheap;

	*ARENA_PUSH(s->arena, s->heap, s->nheap) = n;
	for (; i && is_before(s, s->heap[i], s->heap[(i - 1) / 2]);
	     i = (i - 1) / 2)
		swap(s, i, (i - 1) / 2);
}

/* Takes the next step of the first node. */
static const struct body_step *
take_step(struct search *s, struct body_node **node)
{
	const struct body_step *step;

	*node = s->heap[0];
	step = &s->steps[(*node)->next++];
	if ((*node)->next == s->nsteps)
		s->heap[0] = s->heap[--s->nheap];
	sift_down(s);
	return step;
}

/*
 * Bodies that have been tried.
 */

static bool
put_key(struct search *s, uint64_t key)
{
	size_t i = (size_t)key & (s->slots - 1);

	key += key == 0; /* that is a free slot */
	while (s->keys[i] && s->keys[i] != key)
		i = (i + 1) & (s->slots - 1);
	if (s->keys[i])
		return false;
	s->keys[i] = key;
	return true;
}

static void
enlarge_keys(struct search *s)
{
	const uint64_t *old = s->keys;
	size_t slots = s->slots;

	s->slots = slots ? slots * 2 : 256;
	s->keys = ARENA_ARRAY(s->arena, uint64_t, s->slots);
	for (size_t i = 0; i < slots; i++)
		if (old[i])
			put_key(s, old[i]);
}

/* Two repairs in either order mostly give the same. */
static bool
is_new(struct search *s, uint64_t key)
{
	if (s->nkeys * 2 >= s->slots)
		enlarge_keys(s);
	if (!put_key(s, key))
		return false;
	s->nkeys++;
	return true;
}

/*
 * Steps are tried.
 */

/* Later proposals of a repair are less likely. */
static struct body_node *
node_of(struct search *s, struct body_node *parent,
    const struct body_step *step, size_t index)
{
	struct body_node *n = ARENA_NEW(s->arena, struct body_node);

	*n = (struct body_node){.parent = parent,
	    .step = step,
	    .index = index,
	    .depth = parent->depth + 1,
	    .rank = parent->rank + step->rank + index,
	    .order = s->nodes++};
	return n;
}

static void
found_try(
    struct search *s, struct body_node *node, const struct body_match *match)
{
	s->outcome.node = node;
	if (match->at < match->size)
		s->outcome.cuts = (struct body_cuts){
		    {{&body_footer, match->at, match->size}}, 1};
}

/* A footer is a repair, too. */
static enum body_ends
ends_of(const struct body_stage *stage)
{
	return stage->node->depth + 1 == REPAIR_DEPTH ? BODY_ENDS_WHOLE
						      : BODY_ENDS_LAST;
}

static void
add_deeper(
    struct search *s, struct body_node *node, const struct body_proposal *p)
{
	*ARENA_PUSH(s->arena, s->deeper, s->ndeeper) = node;
	body_stage_keep(s->stages, node, p);
}

static bool
try_proposal(struct search *s, const struct body_stage *stage,
    const struct body_step *step, const struct body_proposals *p, size_t index)
{
	bool is_last = stage->node->depth + 1 == REPAIR_DEPTH;
	struct body_match match;

	if (body_try(s->test, stage->body.octets, &p->list[index].edits,
		ends_of(stage), &match)) {
		found_try(s, node_of(s, stage->node, step, index), &match);
		return true;
	}
	if (!is_last && match.is_tried && s->nodes < NODES &&
	    is_new(s, match.key))
		add_deeper(
		    s, node_of(s, stage->node, step, index), &p->list[index]);
	return false;
}

/* Each edit of a choice alone. A few of many are not worth a part of the
 * budget: of a large body, none is tried. */
static bool
try_choice(struct search *s, const struct body_stage *stage,
    const struct body_step *step, const struct body_proposals *p, size_t index)
{
	const struct edits *all = &p->list[index].edits;
	const struct budget *b = s->test->budget;
	uint64_t share = s->octets / choice_shares[stage->node->depth];
	uint64_t least = b->octets < share ? 0 : b->octets - share;
	struct body_match match;

	if (share / (stage->body.octets.len + BUDGET_TRY) <
	    LIMIT_EXPLAIN_PLACES)
		return false;
	for (size_t i = 0; i < all->n && b->octets > least; i++) {
		struct edits edits = {&all->list[i], 1};

		if (!body_try(s->test, stage->body.octets, &edits,
			ends_of(stage), &match))
			continue;
		found_try(s, node_of(s, stage->node, step, index), &match);
		s->outcome.node->place = i;
		return true;
	}
	return false;
}

static bool
try_repair(struct search *s, const struct body_stage *stage,
    const struct body_step *step)
{
	const struct body_proposals *p =
	    body_stage_propose(s->stages, stage, step->repair);

	for (size_t i = 0; p && i < p->n; i++)
		if ((p->list[i].is_choice ? try_choice : try_proposal)(
			s, stage, step, p, i))
			return true;
	return false;
}

static bool
try_force(struct search *s, const struct body_stage *stage,
    const struct body_step *step)
{
	unsigned depth = stage->node->depth;
	struct body_cuts cuts = {.n = REPAIR_DEPTH - depth};

	if (cuts.n > COUNT(cuts.list))
		cuts.n = COUNT(cuts.list);
	s->test->room = body_stages_room(
	    s->stages, stage->node, 2 * stage->body.octets.len + (4u << 20));
	if (!step->force->search(
		s->test, stage->body.octets, s->octets / shares[depth], &cuts))
		return false;
	s->outcome = (struct body_outcome){stage->node, cuts};
	return true;
}

static bool
try_step(struct search *s, struct body_node *node, const struct body_step *step)
{
	const struct body_stage *stage;

	if (step == node->step || node->is_dropped)
		return false;
	stage = body_stage_open(s->stages, node);
	node->is_dropped = !stage;
	if (!stage)
		return false;
	return step->force ? try_force(s, stage, step)
			   : try_repair(s, stage, step);
}

/* All nodes of one depth; what they give is one deeper. */
static bool
search_depth(struct search *s)
{
	const struct budget *b = s->test->budget;
	size_t size = s->stages->root.body.octets.len;

	while (s->nheap && b->octets >= size / 2 + BUDGET_TRY) {
		struct body_node *node;
		const struct body_step *step = take_step(s, &node);

		if (try_step(s, node, step))
			return true;
	}
	return false;
}

static void
go_deeper(struct search *s)
{
	struct body_node **list = s->deeper;
	size_t n = s->ndeeper;

	s->heap = s->deeper = NULL;
	s->nheap = s->ndeeper = 0;
	for (size_t i = 0; i < n; i++)
		push(s, list[i]);
}

static bool
try_received(struct search *s, struct body_node *root)
{
	struct span octets = s->stages->root.body.octets;
	struct body_match match;

	if (body_try(s->test, octets, &edits_none, BODY_ENDS_LAST, &match)) {
		found_try(s, root, &match);
		return true;
	}
	is_new(s, match.key);
	if (!body_try_empty(s->test))
		return false;
	match.at = 0;
	found_try(s, root, &match);
	return true;
}

struct body_outcome
body_search(struct body_stages *stages, struct body_node *root)
{
	struct search s = {.stages = stages,
	    .test = stages->test,
	    .arena = stages->arena,
	    .octets = stages->test->budget->octets};

	list_steps(&s);
	if (try_received(&s, root))
		return s.outcome;
	body_map(&stages->root.body);
	push(&s, root);
	while (!search_depth(&s) && s.ndeeper)
		go_deeper(&s);
	return s.outcome;
}
