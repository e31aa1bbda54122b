/* body_stage: bodies with repairs, as many as memory holds. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_engine.h"

#include "base/limit.h"

/* Octets that are not counted one by one: what a try takes, what the map of a
 * body with many parts takes, the headers of blocks. */
#define RESERVE ((size_t)4 << 20)

/* Proposals of one repair for the body as received: those after them are not
 * likely. After each repair there are half as many: most pairs are of likely
 * ones, and those that come late cost as much. */
#define PROPOSALS ((size_t)64)

/* What a line costs that a repair reads, in octets to be hashed, if that is
 * more than what the octets of the body cost: there are bodies of nothing but
 * line ends. */
#define PER_LINE 8u

/* What an octet of the fields costs that describe the body of a stage. */
#define PER_FIELD_OCTET 8u

/* What an octet of a proposal costs, in octets to be hashed: to encode a text
 * takes some 10 ns an octet. */
#define PROPOSED 8u

void
body_stages_begin(struct body_stages *s, struct body_test *t,
    struct body_node *root, struct body body, struct arena *a)
{
	*s = (struct body_stages){.test = t, .arena = a};
	s->root = (struct body_stage){.node = root,
	    .arena = arena_new(),
	    .body = body,
	    .lines = body_count_lines(body.octets)};
	s->root.body.arena = s->root.arena;
	s->root.body.room = LIMIT_EXPLAIN_MEMORY / 8;
	s->proposals.arena = arena_new();
	root->stage = &s->root;
}

static void
drop(struct body_stages *s, size_t i)
{
	s->list[i]->node->stage = NULL;
	arena_free(s->list[i]->arena);
	s->list[i] = s->list[--s->n];
}

void
body_stages_end(struct body_stages *s)
{
	while (s->n)
		drop(s, s->n - 1);
	arena_free(s->root.arena);
	arena_free(s->proposals.arena);
}

static size_t
held_by_stages(const struct body_stages *s)
{
	size_t size = arena_size(s->root.arena);

	for (size_t i = 0; i < s->n; i++)
		size += arena_size(s->list[i]->arena);
	return size;
}

/* Returns how many octets are left of a number. */
static size_t
left_of(const struct body_stages *s, size_t all)
{
	size_t held = held_by_stages(s) + arena_size(s->proposals.arena) +
	    arena_size(s->arena) + arena_size(s->test->scratch) + RESERVE;

	return held < all ? all - held : 0;
}

static bool
is_kept(const struct body_stage *stage, const struct body_node *keep)
{
	for (; keep; keep = keep->parent)
		if (keep->stage == stage)
			return true;
	return false;
}

static bool
drop_oldest(struct body_stages *s, const struct body_node *keep)
{
	size_t oldest = s->n;

	for (size_t i = 0; i < s->n; i++)
		if (!is_kept(s->list[i], keep) &&
		    (oldest == s->n ||
			s->list[i]->used < s->list[oldest]->used))
			oldest = i;
	if (oldest == s->n)
		return false;
	drop(s, oldest);
	return true;
}

static size_t
make_room(struct body_stages *s, const struct body_node *keep, size_t all,
    size_t wanted)
{
	while (left_of(s, all) < wanted && drop_oldest(s, keep))
		;
	return left_of(s, all);
}

static void
forget_proposals(struct body_stages *s)
{
	arena_reset(s->proposals.arena);
	s->proposals = (struct body_proposals){.arena = s->proposals.arena};
}

size_t
body_stages_room(
    struct body_stages *s, const struct body_node *keep, size_t wanted)
{
	forget_proposals(s);
	return make_room(s, keep, LIMIT_EXPLAIN_MEMORY, wanted);
}

static uint64_t
cost_of(const struct body_stage *stage)
{
	uint64_t octets = stage->body.octets.len / 4;
	uint64_t lines = (uint64_t)stage->lines * PER_LINE;

	return (octets > lines ? octets : lines) + stage->body.fields.len +
	    BUDGET_TRY;
}

static size_t
texts_of(const struct body_proposal *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->edits.n; i++)
		n += p->edits.list[i].text.len;
	return n;
}

/* What proposals have cost: an arena grows by blocks, so that those of a short
 * body may not show in its size; and ways that give the same, not in what is
 * proposed. */
static void
charge(struct body_stages *s, const struct body *b, size_t before)
{
	size_t grown = arena_size(s->proposals.arena) - before;
	size_t texts = 0;

	for (size_t i = 0; i < s->proposals.n; i++)
		texts += texts_of(&s->proposals.list[i]);
	if (texts > b->octets.len / 2)
		texts += 2 * b->octets.len;
	budget_work(
	    s->test->budget, PROPOSED * (grown > texts ? grown : texts));
}

const struct body_proposals *
body_stage_propose(struct body_stages *s, const struct body_stage *stage,
    const struct body_repair *repair)
{
	struct body body = stage->body;
	size_t room, before;

	room = body_stages_room(s, stage->node, LIMIT_EXPLAIN_MEMORY / 4);
	if (room < RESERVE)
		s->test->budget->spent = true;
	if (room < RESERVE || !budget_work(s->test->budget, cost_of(stage)))
		return NULL;
	/* What is chosen of them is copied in the end: twice 3/8. */
	s->proposals.octets = room / 8;
	s->proposals.most = PROPOSALS >> stage->node->depth;
	body.arena = s->proposals.arena;
	body.room = room / 8 * 3;
	before = arena_size(s->proposals.arena);
	repair->propose(&body, &s->proposals);
	charge(s, &body, before);
	return &s->proposals;
}

const struct body_proposal *
body_stage_proposal(struct body_stages *s, const struct body_stage *parent,
    const struct body_node *n)
{
	const struct body_proposals *p =
	    body_stage_propose(s, parent, n->step->repair);

	return p && n->index < p->n ? &p->list[n->index] : NULL;
}

static struct body_stage *
add_stage(struct body_stages *s, struct body_node *n)
{
	struct arena *a = arena_new();
	struct body_stage *stage = ARENA_NEW(a, struct body_stage);

	stage->node = n;
	stage->arena = a;
	s->list[s->n++] = stage;
	n->stage = stage;
	return stage;
}

/* Stages take at most half of the memory, unless one alone needs more. */
static bool
has_room(struct body_stages *s, const struct body_node *n, size_t size)
{
	make_room(s, n, LIMIT_EXPLAIN_MEMORY / 2, size);
	if (s->n == BODY_STAGES)
		drop_oldest(s, n);
	if (left_of(s, LIMIT_EXPLAIN_MEMORY) >= size)
		return true;
	s->test->budget->spent = true;
	return false;
}

static const struct body_stage *
make_stage(struct body_stages *s, struct body_node *n,
    const struct body *parent, const struct body_proposal *p)
{
	size_t size = edits_size(&p->edits, parent->octets.len) + p->fields.len;
	struct body_stage *stage;

	if (!has_room(s, n, size) ||
	    !budget_work(s->test->budget,
		size + PER_FIELD_OCTET * (p->fields.len + parent->fields.len)))
		return NULL;
	stage = add_stage(s, n);
	stage->body = *parent;
	stage->body.arena = stage->arena;
	stage->body.octets =
	    edits_apply(&p->edits, parent->octets, stage->arena);
	stage->lines = body_count_lines(stage->body.octets);
	if (p->fields.p)
		stage->body.fields = arena_span(stage->arena, p->fields);
	body_map(&stage->body);
	return stage;
}

/* A node's own copy of its proposal: the room of all copies, and of one. */
#define KEPT_ALL ((size_t)8 << 20)
#define KEPT_ONE ((size_t)64 << 10)

static size_t
size_of(const struct body_proposal *p)
{
	return p->edits.n * sizeof(struct edit) + texts_of(p) + p->fields.len;
}

void
body_stage_keep(
    struct body_stages *s, struct body_node *n, const struct body_proposal *p)
{
	struct edits copy = {NULL, p->edits.n};

	if (size_of(p) > KEPT_ONE || arena_size(s->arena) > KEPT_ALL)
		return;
	copy.list = ARENA_ARRAY(s->arena, struct edit, copy.n);
	for (size_t i = 0; i < copy.n; i++) {
		copy.list[i] = p->edits.list[i];
		copy.list[i].text = arena_span(s->arena, copy.list[i].text);
	}
	n->kept.edits = copy;
	if (p->fields.p)
		n->kept.fields = arena_span(s->arena, p->fields);
}

static const struct body_stage *
open_child(
    struct body_stages *s, struct body_node *n, const struct body_stage *parent)
{
	const struct body_proposal *p = &n->kept;

	if (!p->edits.n)
		p = body_stage_proposal(s, parent, n);
	return p ? make_stage(s, n, &parent->body, p) : NULL;
}

const struct body_stage *
body_stage_open(struct body_stages *s, struct body_node *n)
{
	struct body_node *path[REPAIR_DEPTH + 1];
	const struct body_stage *stage;
	size_t depth = 0;

	for (; !n->stage; n = n->parent)
		path[depth++] = n;
	stage = n->stage;
	while (stage && depth)
		stage = open_child(s, path[--depth], stage);
	if (stage)
		stage->node->stage->used = ++s->clock;
	return stage;
}
