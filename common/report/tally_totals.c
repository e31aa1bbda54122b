/* tally_totals: all groups together. */
/* SPDX-License-Identifier: ISC */

#include "report/tally_internal.h"

/* How many groups have reports in a part of the days? */
static size_t
count_groups(struct table *table, enum tally_part part, struct arena *a)
{
	const struct sum *sums = table_sums(table, part, a);
	size_t n = 0;

	for (size_t i = 0; i < table->ngroups; i++)
		n += !table->groups[i]->others && sums[i].n[TALLY_REPORTS];
	return n;
}

/* Every report has one day, so what the days have is all there is. */
static void
add_days(struct tally_totals *totals, const struct sum *days, size_t n)
{
	totals->first = totals->last = TALLY_NO_DAY;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < TALLY_COUNTERS; k++)
			totals->n[k] += days[i].n[k];
		if (days[i].first != TALLY_NO_DAY &&
		    (totals->first == TALLY_NO_DAY ||
			days[i].first < totals->first))
			totals->first = days[i].first;
		if (days[i].last > totals->last)
			totals->last = days[i].last;
	}
}

struct tally_totals
tally_totals(struct tally *t, enum tally_part part)
{
	struct tally_totals totals = {.n = {0}};
	struct arena *a = arena_new();

	add_days(&totals, table_sums(&t->days, part, a), t->days.ngroups);
	totals.reporters = count_groups(&t->reporters, part, a);
	totals.domains = count_groups(&t->domains, part, a);
	totals.sources = count_groups(&t->sources, part, a);
	arena_free(a);
	return totals;
}

bool
tally_new_sources(struct tally *t, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < t->sources.ngroups; i++)
		*n += tally_is_new(t, t->sources.groups[i]);
	return !t->sources.full && t->earliest != TALLY_NO_DAY &&
	    t->earliest < tally_recent(t);
}
