/* compare_script: the shortest list of lines added and lost. */
/* SPDX-License-Identifier: ISC */

#include "explain/compare_internal.h"

#include <string.h>

#include "base/limit.h"

/*
 * Myers' greedy algorithm. Diagonal k has the places where x - y is k: x lines
 * of before and y of after were passed. For d = 0, 1, ... edits, reach[k] is
 * the furthest x on the diagonal k, which is -d, -d + 2, ..., d. The states of
 * all d are kept, so that the way can be found back.
 */
struct search {
	const uint32_t *before, *after;
	int32_t nbefore, nafter;
	int32_t **reach; /* of d edits, from diagonal -d on */
	struct arena *arena;
};

static int32_t
follow(const struct search *s, int32_t x, int32_t k)
{
	while (x < s->nbefore && x - k < s->nafter &&
	    s->before[x] == s->after[x - k])
		x++;
	return x;
}

/* Does the way to diagonal k with d edits come from above, by an added line?
 * Else from the left, by a lost one. */
static bool
is_added(const struct search *s, int32_t d, int32_t k)
{
	const int32_t *last = s->reach[d - 1];

	/* last[i] is of the diagonal i - (d - 1) */
	return k == -d || (k != d && last[k + d - 2] < last[k + d]);
}

static int32_t
start_of(const struct search *s, int32_t d, int32_t k)
{
	const int32_t *last = s->reach[d - 1];

	return is_added(s, d, k) ? last[k + d] : last[k + d - 2] + 1;
}

/* Takes d edits. True if the end of both is reached. */
static bool
advance(struct search *s, int32_t d)
{
	int32_t *now = s->reach[d] =
	    ARENA_ARRAY(s->arena, int32_t, (size_t)(2 * d + 1));

	for (int32_t k = -d; k <= d; k += 2) {
		int32_t x = d ? start_of(s, d, k) : 0;

		now[k + d] = x = follow(s, x, k);
		if (x == s->nbefore && x - k == s->nafter)
			return true;
	}
	return false;
}

/* An edit on the way, found from its end: the same lines after it. */
struct edit {
	bool is_added;
	size_t same;
};

/* Returns the same lines before the first edit. */
static size_t
go_back(const struct search *s, int32_t d, struct edit *edits)
{
	int32_t k = s->nbefore - s->nafter, x = s->nbefore;

	for (; d > 0; d--) {
		int32_t from = start_of(s, d, k);

		edits[d - 1] =
		    (struct edit){is_added(s, d, k), (size_t)(x - from)};
		x = edits[d - 1].is_added ? from : from - 1;
		k += edits[d - 1].is_added ? 1 : -1;
	}
	return (size_t)x;
}

static struct compare_step *
to_steps(
    const struct edit *edits, size_t d, size_t same, struct arena *a, size_t *n)
{
	struct compare_step *list = NULL, *step;

	*n = 0;
	step = ARENA_PUSH(a, list, *n);
	*step = (struct compare_step){.same = same};
	for (size_t i = 0; i < d; i++) {
		step->added += edits[i].is_added;
		step->lost += !edits[i].is_added;
		if (!edits[i].same)
			continue;
		step = ARENA_PUSH(a, list, *n);
		*step = (struct compare_step){.same = edits[i].same};
	}
	return list;
}

struct compare_step *
compare_script(const uint32_t *before, size_t nbefore, const uint32_t *after,
    size_t nafter, struct arena *a, size_t *n)
{
	struct search s = {before, after, (int32_t)nbefore, (int32_t)nafter,
	    ARENA_ARRAY(a, int32_t *, LIMIT_COMPARE_EDITS + 1), a};
	struct edit *edits = ARENA_ARRAY(a, struct edit, LIMIT_COMPARE_EDITS);

	for (int32_t d = 0; d <= (int32_t)LIMIT_COMPARE_EDITS; d++)
		if (advance(&s, d))
			return to_steps(
			    edits, (size_t)d, go_back(&s, d, edits), a, n);
	return NULL;
}
