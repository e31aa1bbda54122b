/* tally_list: groups, sorted. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <string.h>

#include "report/tally_internal.h"

struct lister {
	struct tally *t;
	enum tally_list list;
	enum tally_part part;
	struct table *table;
	enum tally_by by;
	bool by_kind;
	const struct sum *sums, *before;
	struct tally_row *rows;
	size_t nrows;
};

/* What a list is made of. */
static void
select_table(struct lister *l)
{
	struct tally *t = l->t;
	const struct {
		struct table *table;
		enum tally_by by;
	} lists[] = {
	    [TALLY_GROUPS] = {&t->groups, t->options.by},
	    [TALLY_SOURCES] = {&t->sources, TALLY_BY_SOURCE},
	    [TALLY_REPORTERS] = {&t->reporters, TALLY_BY_REPORTER},
	    [TALLY_DOMAINS] = {&t->domains, TALLY_BY_DOMAIN},
	    [TALLY_POLICIES] = {&t->policies, TALLY_BY_POLICY},
	    [TALLY_DAYS] = {&t->days, TALLY_BY_DAY},
	    [TALLY_NEW_SOURCES] = {&t->sources, TALLY_BY_SOURCE},
	    [TALLY_SILENT_REPORTERS] = {&t->reporters, TALLY_BY_REPORTER},
	};

	l->table = lists[l->list].table;
	l->by = lists[l->list].by;
	l->by_kind = l->list == TALLY_GROUPS && t->options.by_kind;
}

static bool
is_listed(const struct lister *l, size_t i)
{
	const struct group *g = l->table->groups[i];

	if (l->list == TALLY_NEW_SOURCES)
		return tally_is_new(l->t, g);
	if (l->list == TALLY_SILENT_REPORTERS)
		return tally_is_silent(l->t, g);
	return l->sums[i].n[TALLY_REPORTS] ||
	    (l->before && l->before[i].n[TALLY_REPORTS]);
}

static void
add_row(struct lister *l, size_t i)
{
	const struct group *g = l->table->groups[i];
	struct span key = group_key(g);
	struct tally_row *row = &l->rows[l->nrows++];

	*row = (struct tally_row){.group = g,
	    .others = g->others,
	    .addresses = 1,
	    .day = TALLY_NO_DAY,
	    .first = l->sums[i].first,
	    .last = l->sums[i].last,
	    .seen_first = g->seen_first,
	    .seen_last = g->seen_last};
	memcpy(row->n, l->sums[i].n, sizeof(row->n));
	if (l->before)
		memcpy(row->before, l->before[i].n, sizeof(row->before));
	if (l->by_kind) {
		row->kind = (enum verdict_kind)key.p[0];
		key = span_from(key, 1);
	}
	if (!g->others)
		key_read(key, l->by, row);
}

/*
 * Order.
 */

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* For qsort(): others last in each kind, then by key. */
static int
compare_keys(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->others != y->others)
		return x->others ? 1 : -1;
	return span_cmp(group_key(x->group), group_key(y->group));
}

static int
compare_volumes(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	int order = 0;

	if (x->kind == y->kind && x->others == y->others)
		order =
		    compare_numbers(y->n[TALLY_MESSAGES], x->n[TALLY_MESSAGES]);
	if (!order && x->kind == y->kind && x->others == y->others)
		order = compare_numbers(
		    y->before[TALLY_MESSAGES], x->before[TALLY_MESSAGES]);
	return order ? order : compare_keys(a, b);
}

static int
compare_policies(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	int order = x->others - y->others;

	if (!order)
		order = span_cmp(x->text, y->text);
	if (!order)
		order = (x->seen_first > y->seen_first) -
		    (x->seen_first < y->seen_first);
	return order ? order : compare_keys(a, b);
}

static void
sort_rows(struct lister *l, int (*compare)(const void *, const void *))
{
	if (l->nrows)
		qsort(l->rows, l->nrows, sizeof(*l->rows), compare);
}

static void
sort_list(struct lister *l)
{
	if (l->by == TALLY_BY_DAY)
		sort_rows(l, compare_keys);
	else if (l->list == TALLY_POLICIES)
		sort_rows(l, compare_policies);
	else
		sort_rows(l, compare_volumes);
}

/*
 * Addresses of one network.
 */

static bool
is_same_network(const struct tally_row *a, const struct tally_row *b)
{
	struct ip_network network;

	if (!a->has_network || !b->has_network || a->kind != b->kind)
		return false;
	network = key_network_of(&a->network.ip);
	return ip_within(&b->network.ip, &network);
}

static int32_t
earlier(int32_t a, int32_t b)
{
	return a != TALLY_NO_DAY && (a < b || b == TALLY_NO_DAY) ? a : b;
}

/* TALLY_NO_DAY is before all days. */
static int32_t
later(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* Adds a row to another; a report can have both, so reports are not added. */
static void
merge(struct tally_row *to, const struct tally_row *row)
{
	uint64_t reports = to->n[TALLY_REPORTS];

	if (row->n[TALLY_REPORTS] > reports)
		reports = row->n[TALLY_REPORTS];
	for (size_t i = 0; i < TALLY_COUNTERS; i++)
		to->n[i] += row->n[i];
	to->n[TALLY_REPORTS] = reports;
	to->addresses += row->addresses;
	to->first = earlier(to->first, row->first);
	to->last = later(to->last, row->last);
}

/* Copies a run of rows of one network to the rows that are kept, merged if
 * there are enough of them. */
static void
keep_run(
    struct lister *l, const struct tally_row *run, size_t n, uint32_t *row_of)
{
	for (size_t i = 0; i < n; i++) {
		const struct group *g = run[i].group;

		if (i && n >= TALLY_MERGE)
			merge(&l->rows[l->nrows - 1], &run[i]);
		else
			l->rows[l->nrows++] = run[i];
		row_of[g->index] = (uint32_t)(l->nrows - 1);
	}
	if (n >= TALLY_MERGE)
		l->rows[l->nrows - 1].network =
		    key_network_of(&l->rows[l->nrows - 1].network.ip);
}

/* Sorted by key, the addresses of a network follow each other. */
static void
merge_networks(struct lister *l, uint32_t *row_of)
{
	size_t n = l->nrows;

	sort_rows(l, compare_keys);
	l->nrows = 0;
	for (size_t i = 0, run; i < n; i += run) {
		for (run = 1; i + run < n &&
		     is_same_network(&l->rows[i], &l->rows[i + run]);
		     run++)
			;
		keep_run(l, &l->rows[i], run, row_of);
	}
}

static void
map_rows(const struct lister *l, uint32_t *row_of)
{
	for (size_t i = 0; i < l->nrows; i++)
		row_of[l->rows[i].group->index] = (uint32_t)i;
}

/* Only groups have what is typical. */
static void
complete_groups(struct lister *l, struct arena *a)
{
	size_t size = l->table->ngroups * sizeof(uint32_t);
	uint32_t *row_of = arena_alloc(a, size);

	memset(row_of, 0xff, size); /* NO_GROUP */
	if (l->by_kind && l->by == TALLY_BY_SOURCE && !l->t->options.compare)
		merge_networks(l, row_of);
	else
		map_rows(l, row_of);
	tally_typical(l->t, l->rows, row_of, a);
}

struct tally_row *
tally_list(struct tally *t, enum tally_list list, enum tally_part part,
    struct arena *a, size_t *n)
{
	struct lister l = {.t = t, .list = list, .part = part};
	struct arena *work = arena_new();

	select_table(&l);
	l.sums = table_sums(l.table, part, work);
	if (part == TALLY_LAST)
		l.before = table_sums(l.table, TALLY_BEFORE, work);
	for (size_t i = 0; i < l.table->ngroups; i++)
		l.nrows += is_listed(&l, i);
	l.rows = ARENA_ARRAY(a, struct tally_row, l.nrows);
	l.nrows = 0;
	for (size_t i = 0; i < l.table->ngroups; i++)
		if (is_listed(&l, i))
			add_row(&l, i);
	if (list == TALLY_GROUPS)
		complete_groups(&l, work);
	sort_list(&l);
	arena_free(work);
	*n = l.nrows;
	return l.rows;
}
