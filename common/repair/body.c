/* body: the search for a body that was signed. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_engine.h"

#include <string.h>

#include "base/limit.h"

/* What is made of the end of a search. Edits are composed in an arena of their
 * own: only the last ones are kept. */
struct builder {
	struct body_found *out;
	struct span octets; /* the body as received */
	uint64_t offset;    /* of the body in the message */
	struct edits edits; /* of the repairs so far */
	/* By repair: its own edits, and those of the repairs before it. */
	struct edits own[REPAIR_DEPTH], before[REPAIR_DEPTH];
	struct arena *arena, *scratch;
};

static bool
is_within(struct span s, struct span whole)
{
	uintptr_t p = (uintptr_t)s.p, start = (uintptr_t)whole.p;

	return p >= start && p + s.len <= start + whole.len;
}

/* A text that is not of the body as received is copied to *room. */
static struct span
copy_text(struct span text, struct span octets, char **room)
{
	char *copy = *room;

	if (is_within(text, octets))
		return text;
	if (text.len)
		memcpy(copy, text.p, text.len);
	*room += text.len;
	return (struct span){copy, text.len};
}

static struct edits
copy_edits(const struct edits *e, struct span octets, struct arena *a)
{
	struct edits copy = {ARENA_ARRAY(a, struct edit, e->n), e->n};
	size_t size = 0;
	char *room;

	for (size_t i = 0; i < e->n; i++)
		size += e->list[i].text.len;
	room = arena_alloc(a, size);
	for (size_t i = 0; i < e->n; i++) {
		copy.list[i] = e->list[i];
		copy.list[i].text = copy_text(e->list[i].text, octets, &room);
	}
	return copy;
}

/* Returns the octets that an edit replaces: as received, or as the repairs
 * before it have made them. */
static struct span
replaced(struct builder *b, const struct edit *d, size_t from, size_t to)
{
	struct span received = {b->octets.p + from, to - from}, made;

	if (!d->length)
		return span_upto(received, 0);
	made = body_range(&b->edits, b->octets, d->at, d->length, b->arena);
	return span_eq(made, received) ? received : made;
}

/* Adds a repair after those there are, whose edits are in the scratch arena. */
static void
append(struct builder *b, const struct repair_kind *kind, const struct edits *e)
{
	const struct edit *d = &e->list[0];
	size_t from = edits_origin(&b->edits, d->at), to = from;
	size_t n = b->out->nrepairs++;
	struct repair *r = &b->out->repairs[n];

	if (d->length)
		to = edits_origin_end(&b->edits, d->at + d->length);
	*r = (struct repair){
	    .kind = kind,
	    .offset = b->offset + from,
	    .length = to - from,
	    .after = replaced(b, d, from, to),
	    .before = arena_span(b->arena, d->text),
	    .line = body_count_lines(span_upto(b->octets, from)),
	    .places = e->n,
	};
	r->is_made = r->after.len && !is_within(r->after, b->octets);
	if (r->is_made)
		r->line = body_lines_before(&b->edits, b->octets, d->at);
	b->own[n] = *e;
	b->before[n] = b->edits;
	b->edits = b->edits.n
	    ? edits_compose(&b->edits, e, b->octets, b->scratch)
	    : *e;
}

static bool
is_same(const struct edits *a, const struct edits *b)
{
	size_t i = 0;

	while (i < a->n && i < b->n && a->list[i].at == b->list[i].at &&
	    a->list[i].length == b->list[i].length &&
	    span_eq(a->list[i].text, b->list[i].text))
		i++;
	return i == a->n && i == b->n;
}

/* Returns the edits whose texts those of later, which are made after them,
 * leave alone. */
static struct edits
left_alone(const struct edits *e, const struct edits *later, struct arena *a)
{
	struct edits left = {ARENA_ARRAY(a, struct edit, e->n), 0};
	size_t before = 0, after = 0, k = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct edit *d = &e->list[i], *l = later->list;
		size_t at = d->at - before + after;

		while (k < later->n && l[k].at + l[k].length < at)
			k++;
		if (k == later->n || l[k].at > at + d->text.len)
			left.list[left.n++] = *d;
		before += d->length;
		after += d->text.len;
	}
	return left;
}

/* Does a repair take back a part of the one before it, and nothing else? Then
 * that one, with the rest of its edits, is all there was. */
static bool
takes_back(struct builder *b, const struct edits *e)
{
	size_t last = b->out->nrepairs - 1;
	struct edits left, with, without;

	if (!b->out->nrepairs)
		return false;
	left = left_alone(&b->own[last], e, b->scratch);
	if (!left.n || left.n == b->own[last].n)
		return false;
	with = edits_compose(&b->edits, e, b->octets, b->scratch);
	without = edits_compose(&b->before[last], &left, b->octets, b->scratch);
	if (!is_same(&with, &without))
		return false;
	b->edits = b->before[last];
	b->out->nrepairs--;
	append(b, b->out->repairs[last].kind, &left);
	return true;
}

/* Adds a repair after those there are. */
static void
add_repair(
    struct builder *b, const struct repair_kind *kind, const struct edits *e)
{
	struct edits copy = copy_edits(e, b->octets, b->scratch);

	if (!takes_back(b, &copy))
		append(b, kind, &copy);
}

static void
add_proposal(
    struct builder *b, const struct body_node *n, const struct body_proposal *p)
{
	struct edits edits = p->edits;

	if (p->is_choice)
		edits = (struct edits){&edits.list[n->place], 1};
	add_repair(b, &n->step->repair->kind, &edits);
	if (p->fields.p)
		b->out->fields = arena_span(b->arena, p->fields);
}

/* Adds the repairs of a node and, before it, those of its parents. */
static bool
add_nodes(struct builder *b, struct body_stages *s, struct body_node *leaf)
{
	struct body_node *path[REPAIR_DEPTH];
	size_t depth = 0;

	for (; leaf->parent; leaf = leaf->parent)
		path[depth++] = leaf;
	while (depth) {
		struct body_node *n = path[--depth];
		const struct body_stage *stage = body_stage_open(s, n->parent);
		const struct body_proposal *p =
		    stage ? body_stage_proposal(s, stage, n) : NULL;

		if (!p)
			return false;
		add_proposal(b, n, p);
	}
	return true;
}

static void
add_cuts(struct builder *b, const struct body_cuts *cuts)
{
	for (size_t i = 0; i < cuts->n; i++) {
		const struct body_cut *c = &cuts->list[i];
		struct edit edit = {c->from, c->to - c->from, SPAN("")};

		add_repair(b, c->kind, &(struct edits){&edit, 1});
	}
}

/* What was found was within the budget, and so is finding it again. Repairs
 * propose as much as there is memory for, so it may be something else the
 * second time: it is told only if it has the hash. */
static void
build(struct builder *b, struct body_stages *s, const struct body_outcome *o)
{
	struct budget budget = {.octets = UINT64_MAX};
	struct body_found *out = b->out;
	struct body_match match;

	s->test->budget = &budget;
	b->scratch = arena_new();
	body_stages_room(s, o->node, SIZE_MAX);
	if (add_nodes(b, s, o->node))
		add_cuts(b, &o->cuts);
	out->is_found = !o->node->parent ||
	    body_try(s->test, b->octets, &b->edits, BODY_ENDS_WHOLE, &match);
	if (out->is_found)
		out->edits = copy_edits(&b->edits, b->octets, b->arena);
	else
		*out = (struct body_found){.fields = SPAN_NONE};
	arena_free(b->scratch);
}

/* Copies the fields of the message that describe its body, as long as they are
 * not too many: they are read for each stage of the search. */
static struct span
fields_of(const struct message *m, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < m->nfields; i++) {
		const struct field *f = &m->fields[i];

		if (span_casestarts(f->name, SPAN("Content-")) &&
		    f->raw.len <= LIMIT_EXPLAIN_FIELD - b.len)
			buf_add(&b, f->raw);
	}
	return b.len ? buf_span(&b) : SPAN("");
}

static uint64_t
offset_of_body(const struct message *m)
{
	if (!m->body.p || !m->head.p)
		return 0;
	return (uint64_t)(m->body.p - m->head.p) - m->mbox.len;
}

static void
search(struct builder *b, struct body_test *test, struct body body)
{
	struct arena *nodes = arena_new();
	struct body_node root = {.parent = NULL};
	struct body_stages stages;
	struct body_outcome outcome;

	body_stages_begin(&stages, test, &root, body, nodes);
	outcome = body_search(&stages, &root);
	if (outcome.node)
		build(b, &stages, &outcome);
	body_stages_end(&stages);
	arena_free(nodes);
}

struct body_found
body_find_by(const struct body_repair *lines, const struct body_repair *mime,
    const struct message *m, struct span octets, const struct dkim_signature *s,
    struct budget *budget, struct arena *a)
{
	struct body_found found = {.fields = SPAN_NONE};
	struct body_test test = {.canon = s->body,
	    .hash = s->hash,
	    .length = s->length,
	    .wanted = s->body_hash,
	    .budget = budget,
	    .tables = {lines, mime},
	    .scratch = arena_new()};
	struct body body = {.octets = octets.p ? octets : SPAN(""),
	    .fields = fields_of(m, a),
	    .canon = s->body,
	    .length = s->length};
	struct builder b = {.out = &found,
	    .octets = body.octets,
	    .offset = offset_of_body(m),
	    .arena = a};
	uint64_t tries = budget->tries;

	search(&b, &test, body);
	found.tries = budget->tries - tries;
	arena_free(test.scratch);
	return found;
}

struct body_found
body_find(const struct message *m, struct span octets,
    const struct dkim_signature *s, struct budget *budget, struct arena *a)
{
	return body_find_by(
	    body_lines_repairs, body_mime_repairs, m, octets, s, budget, a);
}
