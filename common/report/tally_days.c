/* tally_days: which days are counted. */
/* SPDX-License-Identifier: ISC */

#include "report/tally_internal.h"

static int32_t
later(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

bool
tally_has_all_days(const struct tally *t)
{
	const struct tally_options *o = &t->options;

	return o->since.kind == TALLY_BOUND_NONE &&
	    o->until.kind == TALLY_BOUND_NONE && !o->compare;
}

int32_t
tally_to(const struct tally *t)
{
	const struct tally_bound *until = &t->options.until;

	if (until->kind == TALLY_BOUND_BACK)
		return t->end - until->days;
	if (until->kind == TALLY_BOUND_DAY && until->days < t->end)
		return until->days + 1;
	return t->end;
}

int32_t
tally_from(const struct tally *t)
{
	const struct tally_options *o = &t->options;
	int32_t from = INT32_MIN;

	if (o->since.kind == TALLY_BOUND_DAY)
		from = o->since.days;
	if (o->since.kind == TALLY_BOUND_BACK)
		from = t->end - o->since.days;
	if (o->compare)
		from = later(from, tally_to(t) - 2 * o->compare);
	return from;
}

bool
tally_from_moves(const struct tally *t)
{
	return t->options.since.kind == TALLY_BOUND_BACK || t->options.compare;
}

bool
tally_to_moves(const struct tally *t)
{
	return t->options.until.kind == TALLY_BOUND_BACK;
}

struct tally_period
tally_period(const struct tally *t, enum tally_part part)
{
	const struct tally_options *o = &t->options;
	struct tally_period p = {
	    .bounded = {o->since.kind != TALLY_BOUND_NONE || o->compare,
		o->until.kind != TALLY_BOUND_NONE || o->compare},
	    .from = tally_from(t),
	    .to = tally_to(t)};

	if (part == TALLY_LAST)
		p.from = later(p.from, p.to - o->compare);
	if (part == TALLY_BEFORE)
		p.to -= o->compare;
	return p;
}

int32_t
tally_recent(const struct tally *t)
{
	return tally_to(t) - t->options.recent;
}

bool
tally_is_new(const struct tally *t, const struct group *g)
{
	return !g->others && g->seen_first != TALLY_NO_DAY &&
	    g->seen_first >= tally_recent(t) && g->seen_first < tally_to(t);
}

bool
tally_is_silent(const struct tally *t, const struct group *g)
{
	return !g->others && g->seen_last != TALLY_NO_DAY &&
	    g->seen_last < tally_recent(t);
}
