/* tally_totals: all groups together. */
/* SPDX-License-Identifier: ISC */

#include "report/tally_internal.h"

/* How many groups have reports in a part of the days? */
static size_t
count_groups(struct table *table, enum tally_part part, struct arena *a)
{
	struct sums sums = table_sums(table, part, a);
	size_t n = 0;

	for (size_t i = 0; i < table->ngroups; i++) {
		const struct group *g = table->groups[i];

		n += !g->others && sums_of(&sums, g)[TALLY_REPORTS];
	}
	return n;
}

/* Every report has one day, so what the days have is all there is. */
static void
add_days(struct tally_totals *totals, struct table *days, enum tally_part part,
    struct arena *a)
{
	struct sums sums = table_sums(days, part, a);

	totals->first = totals->last = TALLY_NO_DAY;
	for (size_t i = 0; i < days->ngroups; i++) {
		const uint64_t *n = sums_of(&sums, days->groups[i]);
		struct days d = sums.days[i];

		for (size_t k = 0; k < TALLY_COUNTERS; k++)
			totals->n[k] += n[k];
		if (d.first != TALLY_NO_DAY &&
		    (totals->first == TALLY_NO_DAY || d.first < totals->first))
			totals->first = d.first;
		if (d.last > totals->last)
			totals->last = d.last;
	}
}

struct tally_totals
tally_totals(struct tally *t, enum tally_part part)
{
	struct tally_totals totals = {.n = {0}};
	struct arena *a = arena_new();

	add_days(&totals, &t->days, part, a);
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
