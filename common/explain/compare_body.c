/* compare_body: the lines of a body and of its original. */
/* SPDX-License-Identifier: ISC */

#include "explain/compare_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"

/* What is left of one of the bodies, and how far it is. */
struct side {
	struct span rest;
	uint64_t line;   /* lines before rest */
	uint64_t octets; /* canonical octets before rest */
};

struct bodies {
	struct comparison *c;
	enum canon canon;
	uint64_t length; /* l= */
	struct side before, after;
	uint64_t differs_at; /* the first canonical octet that differs */
	struct arena *arena;
};

static struct span
take(struct bodies *b, struct side *side)
{
	struct span line = field_cut_line(&side->rest);

	side->line++;
	side->octets += compare_line_length(b->canon, line);
	return line;
}

static void
take_same(struct bodies *b, size_t lines)
{
	for (; lines; lines--) {
		struct span before = take(b, &b->before);

		b->c->nhidden += compare_is_hidden(before, take(b, &b->after));
	}
}

static void
skip_same_start(struct bodies *b)
{
	while (b->before.rest.len && b->after.rest.len) {
		struct span before = b->before.rest, after = b->after.rest;
		struct span first = field_cut_line(&before);

		if (!compare_same_line(b->canon, first, field_cut_line(&after)))
			return;
		take_same(b, 1);
	}
}

/* Leaves the lines out that are the same at the end of both. */
static void
skip_same_end(struct bodies *b)
{
	while (b->before.rest.len && b->after.rest.len) {
		struct span before = b->before.rest, after = b->after.rest;
		struct span last = compare_last_line(&before);
		struct span other = compare_last_line(&after);

		if (!compare_same_line(b->canon, last, other))
			return;
		b->c->nhidden += compare_is_hidden(last, other);
		b->before.rest = before;
		b->after.rest = after;
	}
}

/* Where do the canonical forms differ first? Called after the same start. */
static void
find_difference(struct bodies *b)
{
	struct span before = b->before.rest, after = b->after.rest, first;

	b->differs_at = b->before.octets;
	if (!before.len && !after.len)
		b->differs_at = UINT64_MAX;
	if (!before.len || !after.len)
		return;
	first = field_cut_line(&before);
	b->differs_at +=
	    compare_common(b->canon, first, field_cut_line(&after));
}

static void
add_hunk(struct bodies *b, uint64_t nbefore, uint64_t nafter)
{
	struct compare_hunk h = {.before_line = b->before.line,
	    .after_line = b->after.line,
	    .nbefore = nbefore,
	    .nafter = nafter,
	    .before = b->before.rest,
	    .after = b->after.rest};

	h.is_signed = b->differs_at < b->length &&
	    (b->before.octets < b->length || b->after.octets < b->length);
	for (; nbefore; nbefore--)
		take(b, &b->before);
	for (; nafter; nafter--)
		take(b, &b->after);
	h.before.len -= b->before.rest.len;
	h.after.len -= b->after.rest.len;
	*ARENA_PUSH(b->arena, b->c->hunks, b->c->nhunks) = h;
}

/* A line of either body, to be numbered such that equal lines have the same
 * number. */
struct numbered {
	uint64_t hash;
	const char *line;
	uint32_t index; /* those of the original first */
};

/* All lines that are numbered. */
struct numbering {
	struct numbered *list;
	uint32_t *numbers; /* by index */
	size_t nbefore, n;
};

static int
by_hash(const void *va, const void *vb)
{
	const struct numbered *a = va, *b = vb;

	if (a->hash != b->hash)
		return a->hash > b->hash ? 1 : -1;
	return (a->index > b->index) - (a->index < b->index);
}

static struct span
line_of(const struct bodies *b, const struct numbering *g,
    const struct numbered *at)
{
	struct span rest =
	    at->index < g->nbefore ? b->before.rest : b->after.rest;

	rest = span_between(at->line, rest.p + rest.len);
	return field_cut_line(&rest);
}

/* Numbers lines. Those of one hash are the same as the first of it, or have
 * numbers of their own, which at worst makes the list of steps longer. */
static void
number_lines(const struct bodies *b, struct numbering *g)
{
	const struct numbered *first = g->list;

	qsort(g->list, g->n, sizeof(*g->list), by_hash);
	for (size_t i = 0; i < g->n; i++) {
		const struct numbered *at = &g->list[i];

		if (at->hash != first->hash)
			first = at;
		g->numbers[at->index] =
		    compare_same_line(
			b->canon, line_of(b, g, first), line_of(b, g, at))
		    ? (uint32_t)(first - g->list)
		    : (uint32_t)i;
	}
}

static size_t
count_lines(struct span rest)
{
	size_t n = 0;

	for (; rest.len; n++)
		field_cut_line(&rest);
	return n;
}

static void
list_lines(const struct bodies *b, struct span rest, struct numbering *g)
{
	while (rest.len) {
		struct span line = field_cut_line(&rest);

		g->list[g->n] = (struct numbered){
		    compare_line_hash(b->canon, line), line.p, (uint32_t)g->n};
		g->n++;
	}
}

/* Compares what is left of both. False: they differ too much. */
static bool
add_steps(struct bodies *b, size_t nbefore, size_t nafter)
{
	size_t n = nbefore + nafter, nsteps;
	struct arena *scratch = arena_new();
	struct numbering g = {.list = ARENA_ARRAY(scratch, struct numbered, n),
	    .numbers = ARENA_ARRAY(scratch, uint32_t, n),
	    .nbefore = nbefore};
	struct compare_step *steps;

	list_lines(b, b->before.rest, &g);
	list_lines(b, b->after.rest, &g);
	number_lines(b, &g);
	steps = compare_script(
	    g.numbers, nbefore, g.numbers + nbefore, nafter, scratch, &nsteps);
	for (size_t i = 0; steps && i < nsteps; i++) {
		take_same(b, steps[i].same);
		if (steps[i].lost || steps[i].added)
			add_hunk(b, steps[i].lost, steps[i].added);
	}
	arena_free(scratch);
	return steps != NULL;
}

void
compare_body(struct span before, struct span after, struct comparison *c,
    struct arena *a)
{
	enum canon canon = c->signature->body;
	struct bodies b = {.c = c,
	    .canon = canon,
	    .length = c->signature->length,
	    .before = {.rest = compare_trimmed(canon, before)},
	    .after = {.rest = compare_trimmed(canon, after)},
	    .arena = a};
	size_t nbefore, nafter;
	bool one_has_none;

	skip_same_start(&b);
	find_difference(&b);
	skip_same_end(&b);
	c->body_differs = b.differs_at < b.length;
	nbefore = count_lines(b.before.rest);
	nafter = count_lines(b.after.rest);
	if (!nbefore && !nafter)
		return;
	one_has_none = !nbefore || !nafter;
	c->is_coarse = !one_has_none &&
	    (nbefore > LIMIT_COMPARE_LINES || nafter > LIMIT_COMPARE_LINES ||
		!add_steps(&b, nbefore, nafter));
	if (one_has_none || c->is_coarse)
		add_hunk(&b, nbefore, nafter);
}
