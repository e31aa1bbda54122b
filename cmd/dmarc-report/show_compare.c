/* show_compare: --compare: the last period against the one before it. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <stdlib.h>
#include <string.h>

#include "show_table.h"

/*
 * Changes.
 */

static struct span
change_text(uint64_t before, uint64_t last, struct arena *a)
{
	if (last == before)
		return SPAN("0");
	if (last > before)
		return ARENA_JOIN(a, SPAN("+"), show_number(last - before, a));
	return ARENA_JOIN(a, SPAN("-"), show_number(before - last, a));
}

/* The change of a share in points of a percent. It is the difference of the
 * shares as they are shown, which are rounded down. */
static int
share_change(const uint64_t *before, const uint64_t *last)
{
	return (int)tally_share(last[TALLY_PASSED], last[TALLY_MESSAGES]) -
	    (int)tally_share(before[TALLY_PASSED], before[TALLY_MESSAGES]);
}

static void
add_share_change(
    struct show_table *t, const uint64_t *before, const uint64_t *last)
{
	int change = share_change(before, last);
	unsigned tenths = (unsigned)abs(change);

	if (!before[TALLY_MESSAGES] || !last[TALLY_MESSAGES])
		show_cell(t, SCREEN_PLAIN, SPAN("-"));
	else if (!change)
		show_cell(t, SCREEN_PLAIN, SPAN("0"));
	else
		show_cell(t, change > 0 ? SCREEN_PASS : SCREEN_FAIL,
		    arena_printf(t->arena, "%c%u.%u", change > 0 ? '+' : '-',
			tenths / 10, tenths % 10));
}

static void
add_share(struct show_table *t, const uint64_t *n)
{
	show_cell(t, SCREEN_PLAIN,
	    n[TALLY_MESSAGES]
		? show_share(n[TALLY_PASSED], n[TALLY_MESSAGES], t->arena)
		: SPAN("-"));
}

static uint64_t
failed(const uint64_t *n)
{
	return n[TALLY_MESSAGES] - n[TALLY_PASSED];
}

/*
 * The head: both periods as a whole.
 */

static void
add_period(struct job *job, struct show_table *t, enum tally_part part,
    const struct tally_totals *total)
{
	struct tally_period p = tally_period(job->tally, part);

	show_cell(t, SCREEN_PLAIN,
	    p.from < p.to ? show_days(p.from, p.to - 1, t->arena)
			  : SPAN("no days"));
	show_cell(
	    t, SCREEN_PLAIN, show_number(total->n[TALLY_MESSAGES], t->arena));
	add_share(t, total->n);
	show_cell(t, SCREEN_PLAIN, show_number(failed(total->n), t->arena));
	show_cell(
	    t, SCREEN_PLAIN, show_number(total->n[TALLY_REPORTS], t->arena));
	show_cell(t, SCREEN_PLAIN, show_number(total->reporters, t->arena));
	show_cell(t, SCREEN_PLAIN, show_number(total->sources, t->arena));
}

static void
add_change(
    struct show_table *t, enum screen_role role, uint64_t before, uint64_t last)
{
	show_cell(t, role, change_text(before, last, t->arena));
}

static void
add_changes(struct show_table *t, const struct tally_totals *before,
    const struct tally_totals *last)
{
	uint64_t failed_before = failed(before->n),
		 failed_last = failed(last->n);

	show_cell(t, SCREEN_PLAIN, SPAN("change"));
	add_change(t, SCREEN_PLAIN, before->n[TALLY_MESSAGES],
	    last->n[TALLY_MESSAGES]);
	add_share_change(t, before->n, last->n);
	add_change(t,
	    failed_last > failed_before       ? SCREEN_FAIL
		: failed_last < failed_before ? SCREEN_PASS
					      : SCREEN_PLAIN,
	    failed_before, failed_last);
	add_change(
	    t, SCREEN_PLAIN, before->n[TALLY_REPORTS], last->n[TALLY_REPORTS]);
	add_change(t, SCREEN_PLAIN, before->reporters, last->reporters);
	add_change(t, SCREEN_PLAIN, before->sources, last->sources);
}

static void
put_periods(struct job *job, const struct tally_totals *before,
    const struct tally_totals *last)
{
	static const struct show_column columns[] = {
	    {"PERIOD", 0, true},
	    {"MESSAGES", 0, false},
	    {"ALIGNED", 0, false},
	    {"FAILED", 1, false},
	    {"REPORTS", 2, false},
	    {"REPORTERS", 3, false},
	    {"SOURCES", 4, false},
	};
	struct show_table t = SHOW_TABLE(job->memory, columns);

	add_period(job, &t, TALLY_BEFORE, before);
	add_period(job, &t, TALLY_LAST, last);
	add_changes(&t, before, last);
	show_table(&t, &job->out);
}

/*
 * The rows.
 */

struct comparison {
	struct job *job;
	struct arena *arena;
	struct tally_row *rows;
	size_t nrows;
	bool is_known; /* there are reports of both periods */
	struct show_table table;
};

static int32_t
day_at(const struct comparison *c, size_t i, size_t end)
{
	return i < end ? c->rows[i].day : INT32_MAX;
}

/* Makes one row of a day and the day as far into the period before, with the
 * counters of both. The rows are sorted by day. */
static void
pair_days(struct comparison *c)
{
	int32_t shift = c->job->options.compare;
	struct tally_row *pairs =
	    ARENA_ARRAY(c->arena, struct tally_row, c->nrows);
	size_t half = 0, n = 0, b, i;

	while (half < c->nrows && c->rows[half].before[TALLY_REPORTS])
		c->rows[half++].day += shift;
	for (b = 0, i = half; b < half || i < c->nrows; n++) {
		int32_t before = day_at(c, b, half);
		int32_t last = day_at(c, i, c->nrows);

		pairs[n] = c->rows[last <= before ? i : b];
		if (before <= last)
			memcpy(pairs[n].before, c->rows[b].before,
			    sizeof(pairs[n].before));
		b += before <= last;
		i += last <= before;
	}
	c->rows = pairs;
	c->nrows = n;
}

static uint64_t
size_of_change(const struct tally_row *row)
{
	uint64_t before = row->before[TALLY_MESSAGES];
	uint64_t last = row->n[TALLY_MESSAGES];

	return last > before ? last - before : before - last;
}

/* For qsort() of pointers to rows of one list: others last, then the largest
 * change first, else in the order of the list. */
static int
compare_changes(const void *a, const void *b)
{
	const struct tally_row *x = *(const struct tally_row *const *)a;
	const struct tally_row *y = *(const struct tally_row *const *)b;
	uint64_t change_x = size_of_change(x), change_y = size_of_change(y);

	if (x->others != y->others)
		return x->others ? 1 : -1;
	if (change_x != change_y)
		return change_x > change_y ? -1 : 1;
	return (x > y) - (x < y);
}

/* Returns pointers to the rows in the order in which they are shown. */
static const struct tally_row **
sorted(const struct comparison *c)
{
	const struct tally_row **order =
	    ARENA_ARRAY(c->arena, const struct tally_row *, c->nrows);

	for (size_t i = 0; i < c->nrows; i++)
		order[i] = &c->rows[i];
	if (c->nrows && c->job->options.by != TALLY_BY_DAY)
		qsort(order, c->nrows, sizeof(*order), compare_changes);
	return order;
}

/* Of days, and where one period has no reports, no row is new. */
static const char *
mark(const struct comparison *c, const struct tally_row *row)
{
	if (!c->is_known || c->job->options.by == TALLY_BY_DAY || row->others)
		return NULL;
	return !row->before[TALLY_REPORTS] ? "new"
	    : !row->n[TALLY_REPORTS]       ? "vanished"
					   : NULL;
}

static void
add_row(struct comparison *c, struct span key, const uint64_t *before,
    const uint64_t *last, const char *marked)
{
	struct show_table *t = &c->table;

	show_cell(t, SCREEN_PLAIN, key);
	show_cell(
	    t, SCREEN_PLAIN, show_number(before[TALLY_MESSAGES], c->arena));
	show_cell(t, SCREEN_PLAIN, show_number(last[TALLY_MESSAGES], c->arena));
	add_change(
	    t, SCREEN_PLAIN, before[TALLY_MESSAGES], last[TALLY_MESSAGES]);
	add_share(t, last);
	add_share_change(t, before, last);
	show_cell(t, SCREEN_DOUBT, span_of(marked));
}

/* Adds the sum of the rows that are not shown. */
static void
add_others(
    struct comparison *c, const struct tally_row *const *row, size_t count)
{
	uint64_t before[TALLY_COUNTERS] = {0}, last[TALLY_COUNTERS] = {0};

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < TALLY_COUNTERS; k++) {
			before[k] += row[i]->before[k];
			last[k] += row[i]->n[k];
		}
	/* How many groups the row of others has is not known. */
	add_row(c,
	    row[count - 1]->others
		? SPAN("others")
		: show_count(count, "other", "others", c->arena),
	    before, last, NULL);
}

static void
put_rows(struct comparison *c)
{
	uint64_t top = c->job->top;
	size_t n;
	const struct tally_row **order;

	c->rows = tally_list(
	    c->job->tally, TALLY_GROUPS, TALLY_LAST, c->arena, &c->nrows);
	if (c->job->options.by == TALLY_BY_DAY)
		pair_days(c);
	order = sorted(c);
	n = top && top < c->nrows ? (size_t)top : c->nrows;
	for (size_t i = 0; i < n; i++)
		add_row(c, show_key(order[i], c->job->options.by, c->arena),
		    order[i]->before, order[i]->n, mark(c, order[i]));
	if (n < c->nrows)
		add_others(c, order + n, c->nrows - n);
	show_table(&c->table, &c->job->out);
}

/* Writes what is compared. */
static void
put_title(struct job *job)
{
	struct arena *a = job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	int days = job->options.compare;

	screen_add(&t, SCREEN_HEADING, show_domains(job, a));
	if (days == 1)
		screen_str(
		    &t, SCREEN_PLAIN, ": the last day and the one before");
	else
		screen_add(&t, SCREEN_PLAIN,
		    arena_printf(a, ": the last %d days and the %d days before",
			days, days));
	screen_put(&job->out, &t);
}

void
show_compare(struct job *job)
{
	struct tally_totals before = tally_totals(job->tally, TALLY_BEFORE);
	struct tally_totals last = tally_totals(job->tally, TALLY_LAST);
	const struct show_column columns[] = {
	    {show_heading(job->options.by), 0, true},
	    {"BEFORE", 1, false},
	    {"LAST", 1, false},
	    {"CHANGE", 0, false},
	    {"ALIGNED", 3, false},
	    {"CHANGE", 3, false},
	    {"", 2, true},
	};
	struct comparison c = {.job = job,
	    .arena = job->memory,
	    .is_known = before.n[TALLY_REPORTS] && last.n[TALLY_REPORTS],
	    .table = SHOW_TABLE(job->memory, columns)};

	if (!before.n[TALLY_REPORTS] && !last.n[TALLY_REPORTS]) {
		show_nothing(job);
	} else {
		put_title(job);
		fputc('\n', job->out.to);
		put_periods(job, &before, &last);
		if (!c.is_known)
			screen_line(&job->out,
			    SPAN("No reports of one of the periods: what is "
				 "new is not known."));
		fputc('\n', job->out.to);
		put_rows(&c);
	}
	show_rest(job);
}
