/* tally_table: groups and their sums. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <string.h>

#include "report/tally_internal.h"

#define SLOTS_MIN 64

void
table_init(struct table *table, struct tally *t, size_t counters)
{
	*table = (struct table){.tally = t, .counters = counters};
}

void
table_release(struct table *table)
{
	free(table->groups);
	free(table->slots);
	free(table->cells);
	free(table->cell_slots);
}

/*
 * Groups.
 */

/* Puts a group into the first free slot of its chain. */
static void
put_slot(struct table *table, struct slot slot)
{
	size_t i = slot.hash & (table->nslots - 1);

	while (table->slots[i].group)
		i = (i + 1) & (table->nslots - 1);
	table->slots[i] = slot;
}

/* Slots are at most half used. */
static void
grow_slots(struct table *table)
{
	struct slot *old = table->slots;
	size_t n = table->nslots;

	if (table->ngroups * 2 < n)
		return;
	table->nslots = n ? n * 2 : SLOTS_MIN;
	table->slots = arena_malloc(table->nslots * sizeof(*old));
	memset(table->slots, 0, table->nslots * sizeof(*old));
	for (size_t i = 0; i < n; i++)
		if (old[i].group)
			put_slot(table, old[i]);
	free(old);
}

static struct group *
find(const struct table *table, uint64_t hash, struct span key, bool others)
{
	size_t i = hash & (table->nslots - 1);

	for (; table->slots[i].group; i = (i + 1) & (table->nslots - 1)) {
		struct group *g = table->slots[i].group;

		if (table->slots[i].hash == hash && g->others == others &&
		    span_eq(group_key(g), key))
			return g;
	}
	return NULL;
}

static struct group *
add(struct table *table, uint64_t hash, struct span key, bool others)
{
	struct arena *a = table->tally->arena;
	struct group *g;

	if (table->ngroups == table->room) {
		table->room = table->room ? table->room * 2 : SLOTS_MIN / 2;
		table->groups = arena_realloc(
		    table->groups, table->room * sizeof(struct group *));
	}
	g = arena_alloc(a, sizeof(*g) + key.len);
	*g = (struct group){.n = ARENA_ARRAY(a, uint64_t, table->counters),
	    .index = (uint32_t)table->ngroups,
	    .first = TALLY_NO_DAY,
	    .last = TALLY_NO_DAY,
	    .seen_first = TALLY_NO_DAY,
	    .seen_last = TALLY_NO_DAY,
	    .len = (uint32_t)key.len,
	    .others = others};
	if (key.len)
		memcpy(g->key, key.p, key.len);
	table->groups[table->ngroups++] = g;
	table->nothers += others;
	put_slot(table, (struct slot){hash, g});
	return g;
}

struct group *
table_group(struct table *table, uint64_t hash, struct span key, bool others)
{
	struct group *g;

	grow_slots(table);
	g = find(table, hash, key, others);
	if (g)
		return g;
	if (!others && table->ngroups - table->nothers >= LIMIT_REPORT_GROUPS) {
		table->full = true;
		return NULL;
	}
	return add(table, hash, key, others);
}

static void
widen(int32_t *first, int32_t *last, int32_t day)
{
	if (day == TALLY_NO_DAY)
		return;
	if (*first == TALLY_NO_DAY || day < *first)
		*first = day;
	if (*last == TALLY_NO_DAY || day > *last)
		*last = day;
}

void
group_seen(struct group *g, int32_t day)
{
	widen(&g->seen_first, &g->seen_last, day);
}

/*
 * Cells.
 */

static size_t
cell_size(const struct table *table)
{
	return sizeof(struct cell) + table->counters * sizeof(uint64_t);
}

static struct cell *
cell_at(const struct table *table, size_t i)
{
	return (struct cell *)(void *)(table->cells + i * cell_size(table));
}

/* The slot of the cell of a group and day, or the free one where it belongs. */
static struct cell_slot *
cell_slot(const struct table *table, uint32_t group, int32_t day)
{
	uint32_t key[2] = {group, (uint32_t)day};
	uint64_t hash = siphash(&table->tally->hash_key[0], key, sizeof(key));
	uint32_t tag = (uint32_t)(hash >> 32);
	size_t i = hash & (table->ncell_slots - 1);
	struct cell_slot *slot = &table->cell_slots[i];

	while (slot->cell) {
		const struct cell *c = cell_at(table, slot->cell - 1);

		if (slot->tag == tag && c->group == group && c->day == day)
			break;
		i = (i + 1) & (table->ncell_slots - 1);
		slot = &table->cell_slots[i];
	}
	slot->tag = tag;
	return slot;
}

static void
add_counters(uint64_t *to, const uint64_t *n, size_t counters)
{
	for (size_t i = 0; i < counters; i++)
		to[i] += n[i];
}

static void
settle(struct table *table, struct group *g, int32_t day, const uint64_t *n)
{
	add_counters(g->n, n, table->counters);
	widen(&g->first, &g->last, day);
}

/* Is it known what becomes of a day? Then it needs no cell. */
static bool
is_settled(const struct tally *t, int32_t day)
{
	if (tally_from_moves(t))
		return day < tally_from(t);
	return !tally_to_moves(t) || day < tally_to(t);
}

/* Removes the cells whose day is settled: they are dropped, or counted for
 * good. The slots must be filled again. */
static void
remove_settled(struct table *table)
{
	size_t n = 0;

	table->settled = table->oldest = table->tally->end;
	for (size_t i = 0; i < table->ncells; i++) {
		const struct cell *c = cell_at(table, i);

		if (is_settled(table->tally, c->day)) {
			if (!tally_from_moves(table->tally))
				settle(table, table->groups[c->group], c->day,
				    c->n);
			continue;
		}
		if (c->day < table->oldest)
			table->oldest = c->day;
		if (n != i)
			memcpy(cell_at(table, n), c, cell_size(table));
		n++;
	}
	table->ncells = n;
}

/* Slots are at most half used. */
static void
fill_slots(struct table *table)
{
	size_t size = sizeof(*table->cell_slots);

	while (table->ncell_slots < table->cell_room * 2)
		table->ncell_slots =
		    table->ncell_slots ? table->ncell_slots * 2 : SLOTS_MIN;
	table->cell_slots =
	    arena_realloc(table->cell_slots, table->ncell_slots * size);
	memset(table->cell_slots, 0, table->ncell_slots * size);
	for (size_t i = 0; i < table->ncells; i++) {
		const struct cell *c = cell_at(table, i);

		cell_slot(table, c->group, c->day)->cell = (uint32_t)i + 1;
	}
}

/* Is there room for one more cell? If there are too many, they are looked
 * through only when some eighth of their days can be settled. */
static bool
has_room(const struct table *table)
{
	int32_t end = table->tally->end;

	if (table->ncells >= LIMIT_REPORT_CELLS &&
	    end - table->settled > (end - table->oldest) / 8)
		return false;
	return table->ncells < table->cell_room;
}

/* Makes room for one more cell; adds a half where less than a quarter is free,
 * so that cells are not looked through all the time. */
static void
make_room(struct table *table)
{
	if (has_room(table))
		return;
	remove_settled(table);
	if (table->ncells * 4 >= table->cell_room * 3) {
		table->cell_room += table->cell_room / 2 + SLOTS_MIN / 2;
		table->cells = arena_realloc(
		    table->cells, table->cell_room * cell_size(table));
	}
	fill_slots(table);
}

/* Finds the cell of a group and day or adds it; NULL if there are too many. */
static struct cell *
cell_of(struct table *table, const struct group *g, int32_t day)
{
	struct cell_slot *slot;
	struct cell *c;

	make_room(table);
	slot = cell_slot(table, g->index, day);
	if (slot->cell)
		return cell_at(table, slot->cell - 1);
	if (!g->others && table->ncells >= LIMIT_REPORT_CELLS) {
		table->full = true;
		return NULL;
	}
	c = cell_at(table, table->ncells++);
	memset(c, 0, cell_size(table));
	c->group = g->index;
	c->day = day;
	slot->cell = (uint32_t)table->ncells;
	return c;
}

bool
table_add(struct table *table, struct group *g, int32_t day, const uint64_t *n)
{
	const struct tally *t = table->tally;
	uint64_t *counters = g->n, *report = &g->report;

	if (is_settled(t, day)) {
		widen(&g->first, &g->last, day);
	} else {
		struct cell *c = cell_of(table, g, day);

		if (!c)
			return false;
		counters = c->n;
		report = &c->report;
	}
	add_counters(counters, n, table->counters);
	if (*report != t->current.number) {
		*report = t->current.number;
		counters[TALLY_REPORTS]++;
	}
	return true;
}

/*
 * Counting by key.
 */

struct group *
tally_group(struct table *table, const struct key *key)
{
	struct span octets = key_span(key);

	return table_group(table,
	    siphash(&table->tally->hash_key[0], octets.p, octets.len), octets,
	    false);
}

struct group *
tally_count(struct table *table, struct group *g, const struct key *key,
    size_t shared, const uint64_t *n)
{
	struct tally *t = table->tally;
	struct span octets = span_upto(key_span(key), shared);

	if (g && table_add(table, g, t->current.day, n))
		return g;
	g = table_group(
	    table, shared ? (uint64_t)octets.p[0] : 0, octets, true);
	table_add(table, g, t->current.day, n);
	return NULL;
}

/*
 * Sums.
 */

static bool
is_within(const struct tally_period *period, int32_t day)
{
	return (!period->bounded[0] || day >= period->from) &&
	    (!period->bounded[1] || day < period->to);
}

/* What is counted for good is of all days; parts have only cells. */
static void
add_groups(const struct table *table, struct sums *sums)
{
	for (size_t i = 0; i < table->ngroups; i++) {
		const struct group *g = table->groups[i];

		add_counters(
		    sums->n + i * table->counters, g->n, table->counters);
		sums->days[i] = (struct days){g->first, g->last};
	}
}

static void
add_cells(const struct table *table, const struct tally_period *period,
    struct sums *sums)
{
	for (size_t i = 0; i < table->ncells; i++) {
		const struct cell *c = cell_at(table, i);

		if (!is_within(period, c->day))
			continue;
		add_counters(sums->n + c->group * table->counters, c->n,
		    table->counters);
		widen(&sums->days[c->group].first, &sums->days[c->group].last,
		    c->day);
	}
}

struct sums
table_sums(struct table *table, enum tally_part part, struct arena *a)
{
	struct tally_period period = tally_period(table->tally, part);
	struct sums sums = {table->counters,
	    ARENA_ARRAY(a, uint64_t, table->ngroups * table->counters),
	    ARENA_ARRAY(a, struct days, table->ngroups)};

	for (size_t i = 0; i < table->ngroups; i++)
		sums.days[i] = (struct days){TALLY_NO_DAY, TALLY_NO_DAY};
	if (part == TALLY_ALL)
		add_groups(table, &sums);
	add_cells(table, &period, &sums);
	return sums;
}
