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
}

/*
 * Groups.
 */

/* Puts a group into the first free slot of its chain. */
static void
put_slot(struct table *table, struct group *g)
{
	size_t i = g->hash & (table->nslots - 1);

	while (table->slots[i].group)
		i = (i + 1) & (table->nslots - 1);
	table->slots[i] = (struct slot){g->hash, g};
}

/* Slots are at most half used. */
static void
grow_slots(struct table *table)
{
	if (table->ngroups * 2 < table->nslots)
		return;
	table->nslots = table->nslots ? table->nslots * 2 : SLOTS_MIN;
	free(table->slots);
	table->slots = arena_malloc(table->nslots * sizeof(*table->slots));
	memset(table->slots, 0, table->nslots * sizeof(*table->slots));
	for (size_t i = 0; i < table->ngroups; i++)
		put_slot(table, table->groups[i]);
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
	*g = (struct group){.hash = hash,
	    .n = ARENA_ARRAY(a, uint64_t, table->counters),
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
	put_slot(table, g);
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

/* Finds the cell of a group and day, or the free one where it belongs. */
static struct cell *
cell_place(const struct table *table, uint32_t group, int32_t day)
{
	uint32_t key[2] = {group, (uint32_t)day};
	size_t i = siphash(&table->tally->hash_key[0], key, sizeof(key)) &
	    (table->cell_room - 1);
	struct cell *c = cell_at(table, i);

	while (c->group != NO_GROUP && (c->group != group || c->day != day)) {
		i = (i + 1) & (table->cell_room - 1);
		c = cell_at(table, i);
	}
	return c;
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

static void
clear_cells(struct table *table, size_t room)
{
	table->cell_room = room;
	table->ncells = 0;
	table->settled = table->oldest = table->tally->end;
	table->cells = arena_malloc(room * cell_size(table));
	for (size_t i = 0; i < room; i++)
		cell_at(table, i)->group = NO_GROUP;
}

/* Moves a cell of a former table into this one, unless its day is settled: then
 * it is dropped, or counted for good. */
static void
move_cell(struct table *table, const struct cell *c)
{
	if (!is_settled(table->tally, c->day)) {
		memcpy(
		    cell_place(table, c->group, c->day), c, cell_size(table));
		table->ncells++;
		if (c->day < table->oldest)
			table->oldest = c->day;
	} else if (!tally_from_moves(table->tally)) {
		settle(table, table->groups[c->group], c->day, c->n);
	}
}

/* Cells are at most five eighths used: each step of a search can be a miss of
 * the processor's cache. */
static size_t
most_used(size_t room)
{
	return room / 8 * 5;
}

/* The room for the cells that are left. Only others can fill a table that has
 * room for the limit. */
static size_t
room_for(size_t left, size_t room)
{
	if (!room)
		return SLOTS_MIN;
	if (left * 2 <= room ||
	    (most_used(room) > LIMIT_REPORT_CELLS && left < most_used(room)))
		return room;
	return room * 2;
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
	return table->ncells < most_used(table->cell_room);
}

/* Makes room for one more cell: removes those whose day is settled, and if that
 * leaves more than half of the room used, doubles it. */
static void
grow_cells(struct table *table)
{
	struct table old;
	size_t left = 0;

	if (has_room(table))
		return;
	old = *table;
	for (size_t i = 0; i < old.cell_room; i++)
		left += cell_at(&old, i)->group != NO_GROUP &&
		    !is_settled(table->tally, cell_at(&old, i)->day);
	clear_cells(table, room_for(left, old.cell_room));
	for (size_t i = 0; i < old.cell_room; i++)
		if (cell_at(&old, i)->group != NO_GROUP)
			move_cell(table, cell_at(&old, i));
	free(old.cells);
}

/* Finds the cell of a group and day or adds it; NULL if there are too many. */
static struct cell *
cell_of(struct table *table, const struct group *g, int32_t day)
{
	struct cell *c;

	grow_cells(table);
	c = cell_place(table, g->index, day);
	if (c->group != NO_GROUP)
		return c;
	if (!g->others && table->ncells >= LIMIT_REPORT_CELLS) {
		table->full = true;
		return NULL;
	}
	memset(c, 0, cell_size(table));
	c->group = g->index;
	c->day = day;
	table->ncells++;
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
 * Sums.
 */

static bool
is_within(const struct tally_period *period, int32_t day)
{
	return (!period->bounded[0] || day >= period->from) &&
	    (!period->bounded[1] || day < period->to);
}

struct sum *
table_sums(struct table *table, enum tally_part part, struct arena *a)
{
	struct tally_period period = tally_period(table->tally, part);
	struct sum *sums = ARENA_ARRAY(a, struct sum, table->ngroups);

	for (size_t i = 0; i < table->ngroups; i++) {
		const struct group *g = table->groups[i];

		sums[i].first = sums[i].last = TALLY_NO_DAY;
		if (part != TALLY_ALL)
			continue;
		add_counters(sums[i].n, g->n, table->counters);
		widen(&sums[i].first, &sums[i].last, g->first);
		widen(&sums[i].first, &sums[i].last, g->last);
	}
	for (size_t i = 0; i < table->cell_room; i++) {
		const struct cell *c = cell_at(table, i);

		if (c->group == NO_GROUP || !is_within(&period, c->day))
			continue;
		add_counters(sums[c->group].n, c->n, table->counters);
		widen(&sums[c->group].first, &sums[c->group].last, c->day);
	}
	return sums;
}
