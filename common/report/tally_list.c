/* tally_list: groups, sorted. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <string.h>

#include "report/tally_internal.h"

/* A group that is listed, and the first octets of its key, which usually tell
 * it from others: comparing them needs no look at the group. */
struct listed {
	uint64_t prefix;
	const struct group *group;
};

struct lister {
	struct tally *t;
	enum tally_list list;
	struct table *table;
	enum tally_by by;
	bool by_kind, merges;
	bool has_before;
	struct sums sums, before;
	struct listed *listed;
	size_t nlisted;
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
	    [TALLY_SENDERS] = {&t->senders, TALLY_BY_SOURCE},
	    [TALLY_KEYS] = {&t->keys, TALLY_BY_SELECTOR},
	};

	l->table = lists[l->list].table;
	l->by = lists[l->list].by;
	l->by_kind = l->list == TALLY_GROUPS && t->options.by_kind;
	l->merges =
	    l->by_kind && l->by == TALLY_BY_SOURCE && !t->options.compare;
}

/*
 * Groups by key.
 */

static bool
is_listed(const struct lister *l, const struct group *g)
{
	if (l->list == TALLY_NEW_SOURCES)
		return tally_is_new(l->t, g);
	if (l->list == TALLY_SILENT_REPORTERS)
		return tally_is_silent(l->t, g);
	return sums_of(&l->sums, g)[TALLY_REPORTS] ||
	    (l->has_before && sums_of(&l->before, g)[TALLY_REPORTS]);
}

/* The first 8 octets; what is missing is 0. */
static uint64_t
prefix_of(struct span key)
{
	uint64_t prefix = 0;

	for (size_t i = 0; i < sizeof(prefix); i++)
		prefix =
		    prefix << 8 | (i < key.len ? (unsigned char)key.p[i] : 0);
	return prefix;
}

/* For qsort(): others last. */
static int
compare_keys(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	if (x->group->others != y->group->others)
		return x->group->others ? 1 : -1;
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return span_cmp(group_key(x->group), group_key(y->group));
}

static void
list_groups(struct lister *l, struct arena *a)
{
	l->listed = ARENA_ARRAY(a, struct listed, l->table->ngroups);
	for (size_t i = 0; i < l->table->ngroups; i++) {
		const struct group *g = l->table->groups[i];

		if (is_listed(l, g))
			l->listed[l->nlisted++] =
			    (struct listed){prefix_of(group_key(g)), g};
	}
	if (l->nlisted)
		qsort(l->listed, l->nlisted, sizeof(*l->listed), compare_keys);
}

/*
 * Rows.
 */

/* The key without the kind before it. */
static struct span
bare_key(const struct lister *l, const struct group *g)
{
	return span_from(group_key(g), l->by_kind);
}

static struct tally_row
row_of_group(const struct lister *l, const struct group *g)
{
	struct tally_row row = {.others = g->others,
	    .addresses = 1,
	    .day = TALLY_NO_DAY,
	    .first = l->sums.days[g->index].first,
	    .last = l->sums.days[g->index].last,
	    .seen_first = g->seen_first,
	    .seen_last = g->seen_last};
	size_t size = l->table->counters * sizeof(uint64_t);

	memcpy(row.n, sums_of(&l->sums, g), size);
	if (l->has_before)
		memcpy(row.before, sums_of(&l->before, g), size);
	if (l->by_kind)
		row.kind = (enum verdict_kind)g->key[0];
	if (!g->others && l->list == TALLY_SENDERS)
		key_read_sender(group_key(g), &row);
	else if (!g->others)
		key_read(bare_key(l, g), l->by, &row);
	return row;
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

/* Adds an address to its network; a report can have both, so reports are not
 * added. */
static void
merge(struct tally_row *to, const struct tally_row *row)
{
	uint64_t reports = to->n[TALLY_REPORTS];

	if (row->n[TALLY_REPORTS] > reports)
		reports = row->n[TALLY_REPORTS];
	for (size_t i = 0; i < TALLY_COUNTERS; i++)
		to->n[i] += row->n[i];
	to->n[TALLY_REPORTS] = reports;
	to->addresses++;
	to->first = earlier(to->first, row->first);
	to->last = later(to->last, row->last);
	to->network = key_network_of(&to->network.ip);
}

static bool
is_same_network(
    const struct lister *l, const struct group *a, const struct group *b)
{
	struct tally_row x = {.n = {0}}, y = {.n = {0}};
	struct ip_network network;

	if (a->others || b->others || a->key[0] != b->key[0])
		return false;
	key_read(bare_key(l, a), l->by, &x);
	key_read(bare_key(l, b), l->by, &y);
	if (!x.has_network || !y.has_network)
		return false;
	network = key_network_of(&x.network.ip);
	return ip_within(&y.network.ip, &network);
}

/* How many groups from i on are one row. Sorted by key, the addresses of a
 * network follow each other. */
static size_t
run_at(const struct lister *l, size_t i)
{
	size_t n = 1;

	while (l->merges && i + n < l->nlisted &&
	    is_same_network(l, l->listed[i].group, l->listed[i + n].group))
		n++;
	return n < TALLY_MERGE ? 1 : n;
}

static void
make_rows(struct lister *l, uint32_t *row_of, struct arena *a)
{
	for (size_t i = 0, n; i < l->nlisted; i += n) {
		struct tally_row *row = ARENA_PUSH(a, l->rows, l->nrows);

		n = run_at(l, i);
		*row = row_of_group(l, l->listed[i].group);
		row->order = i;
		row_of[l->listed[i].group->index] = (uint32_t)l->nrows - 1;
		for (size_t k = 1; k < n; k++) {
			const struct group *g = l->listed[i + k].group;
			struct tally_row other = row_of_group(l, g);

			merge(row, &other);
			row_of[g->index] = (uint32_t)l->nrows - 1;
		}
	}
}

/*
 * Order.
 */

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* For qsort(): others last in each kind. */
static int
compare_volumes(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	int order = (int)x->kind - (int)y->kind;

	if (!order)
		order = x->others - y->others;
	if (!order)
		order =
		    compare_numbers(y->n[TALLY_MESSAGES], x->n[TALLY_MESSAGES]);
	if (!order)
		order = compare_numbers(
		    y->before[TALLY_MESSAGES], x->before[TALLY_MESSAGES]);
	return order ? order : compare_numbers(x->order, y->order);
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
	return order ? order : compare_numbers(x->order, y->order);
}

static int
compare_days(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	int order = (int)x->kind - (int)y->kind;

	return order ? order : compare_numbers(x->order, y->order);
}

static void
sort_rows(struct lister *l)
{
	if (l->nrows)
		qsort(l->rows, l->nrows, sizeof(*l->rows),
		    l->by == TALLY_BY_DAY           ? compare_days
			: l->list == TALLY_POLICIES ? compare_policies
						    : compare_volumes);
}

struct tally_row *
tally_list(struct tally *t, enum tally_list list, enum tally_part part,
    struct arena *a, size_t *n)
{
	struct lister l = {
	    .t = t, .list = list, .has_before = part == TALLY_LAST};
	struct arena *work = arena_new();
	uint32_t *row_of;

	select_table(&l);
	l.sums = table_sums(l.table, part, work);
	if (l.has_before)
		l.before = table_sums(l.table, TALLY_BEFORE, work);
	list_groups(&l, work);
	row_of = ARENA_ARRAY(work, uint32_t, l.table->ngroups);
	for (size_t i = 0; i < l.table->ngroups; i++)
		row_of[i] = NO_GROUP;
	make_rows(&l, row_of, a);
	if (list == TALLY_GROUPS)
		tally_typical(t, l.rows, row_of, work);
	sort_rows(&l);
	arena_free(work);
	*n = l.nrows;
	return l.rows;
}
