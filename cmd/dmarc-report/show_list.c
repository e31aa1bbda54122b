/* show_list: --by: one list. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include "show_table.h"

/* What a row is grouped by. */

static struct span
text_or(struct span text, const char *otherwise)
{
	return text.p ? text : span_of(otherwise);
}

static struct span
network_text(const struct tally_row *row, enum tally_by by, struct arena *a)
{
	char text[IP_TEXT];

	if (!row->has_network)
		return SPAN("no address");
	ip_text(&row->network.ip, text);
	if (by == TALLY_BY_NETWORK)
		return arena_printf(a, "%s/%u", text, row->network.bits);
	return arena_printf(a, "%s", text);
}

/* The domain before the selector, as on the screen of groups. */
static struct span
selector_text(const struct tally_row *row, struct arena *a)
{
	if (!row->more.p && !row->text.p)
		return SPAN("no signature");
	return ARENA_JOIN(a, text_or(row->more, "no d="), SPAN(" "),
	    text_or(row->text, "no selector"));
}

/* "30 Nov 2026", " 1 Nov 2026": months are below each other. */
static struct span
day_text(int32_t day, struct arena *a)
{
	struct span text = show_day(day, a);

	return text.p[1] == ' ' ? ARENA_JOIN(a, SPAN(" "), text) : text;
}

struct span
show_key(const struct tally_row *row, enum tally_by by, struct arena *a)
{
	if (row->others)
		return SPAN("others");
	switch (by) {
	case TALLY_BY_SOURCE:
	case TALLY_BY_NETWORK:
		return network_text(row, by, a);
	case TALLY_BY_DAY:
		return day_text(row->day, a);
	case TALLY_BY_SELECTOR:
		return selector_text(row, a);
	case TALLY_BY_POLICY:
		return ARENA_JOIN(a, text_or(row->text, "no domain"), SPAN(" "),
		    row->more.len ? row->more : SPAN("without a policy"));
	case TALLY_BY_DOMAIN:
		return text_or(row->text, "no domain");
	case TALLY_BY_REPORTER:
		return text_or(row->text, "no name");
	default:
		return text_or(row->text, "no disposition");
	}
}

const char *
show_heading(enum tally_by by)
{
	static const char *const headings[TALLY_BY_COUNT] = {
	    [TALLY_BY_SOURCE] = "SOURCE",
	    [TALLY_BY_NETWORK] = "NETWORK",
	    [TALLY_BY_DOMAIN] = "DOMAIN",
	    [TALLY_BY_REPORTER] = "REPORTER",
	    [TALLY_BY_DAY] = "DAY",
	    [TALLY_BY_SELECTOR] = "D= AND SELECTOR",
	    [TALLY_BY_POLICY] = "POLICY",
	    [TALLY_BY_DISPOSITION] = "DISPOSITION",
	};

	return headings[by];
}

/*
 * Cells.
 */

/* A number; nothing where there is none, so that the others are seen. */
static void
add_some(struct show_table *t, uint64_t n)
{
	show_cell(t, SCREEN_PLAIN, n ? show_number(n, t->arena) : SPAN_NONE);
}

/* A share of the messages of a row, which has some. */
static void
add_aligned(struct show_table *t, uint64_t part, uint64_t whole)
{
	show_cell(t,
	    part == whole ? SCREEN_PASS
		: part    ? SCREEN_DOUBT
			  : SCREEN_FAIL,
	    show_share(part, whole, t->arena));
}

/*
 * The list.
 */

struct list {
	struct job *job;
	struct arena *arena;
	enum tally_by by;
	const struct tally_row *rows;
	size_t nrows;
	size_t from, to;   /* rows that are shown: the first ones, or the last
			    days */
	uint64_t messages; /* of all */
	struct show_table table;
};

/* Adds a row: a group, the other groups, or the total. */
static void
add_row(struct list *l, struct span key, const uint64_t n[TALLY_COUNTERS],
    struct span days)
{
	struct show_table *t = &l->table;
	uint64_t messages = n[TALLY_MESSAGES];
	/* A list of dispositions needs no columns of them. */
	bool other = l->by != TALLY_BY_DISPOSITION;

	show_cell(t, SCREEN_PLAIN, key);
	show_cell(t, SCREEN_PLAIN, show_number(messages, l->arena));
	show_cell(t, SCREEN_PLAIN, show_share(messages, l->messages, l->arena));
	add_aligned(t, n[TALLY_PASSED], messages);
	add_aligned(t, n[TALLY_SPF], messages);
	add_aligned(t, n[TALLY_DKIM], messages);
	add_some(t, other ? n[TALLY_NONE] : 0);
	add_some(t, other ? n[TALLY_QUARANTINE] : 0);
	add_some(t, other ? n[TALLY_REJECT] : 0);
	show_cell(t, SCREEN_PLAIN, days);
}

static void
add_group(struct list *l, const struct tally_row *row)
{
	struct span days = SPAN_NONE;

	/* Of a day they are the day. */
	if (l->by != TALLY_BY_DAY && row->first != TALLY_NO_DAY)
		days = show_days(row->first, row->last, l->arena);
	add_row(l, show_key(row, l->by, l->arena), row->n, days);
}

/* Adds the sum of the rows that are not shown. If the row of others is one of
 * them, it is not known how many groups that are. */
static void
add_others(struct list *l)
{
	uint64_t n[TALLY_COUNTERS] = {0};
	size_t count = l->nrows - (l->to - l->from);
	bool known = true;

	for (size_t i = 0; i < l->nrows; i++) {
		if (i >= l->from && i < l->to)
			continue;
		known = known && !l->rows[i].others;
		for (size_t k = 0; k < TALLY_COUNTERS; k++)
			n[k] += l->rows[i].n[k];
	}
	add_row(l,
	    !known ? SPAN("others")
		: l->by == TALLY_BY_DAY
		? show_count(count, "earlier day", "earlier days", l->arena)
		: show_count(count, "other", "others", l->arena),
	    n, SPAN_NONE);
}

/* A list of days ends with the last one, other lists begin with the row that
 * has most messages. */
static void
select_rows(struct list *l)
{
	uint64_t top = l->job->top;

	l->to = l->nrows;
	if (!top || top >= l->nrows)
		return;
	if (l->by == TALLY_BY_DAY)
		l->from = l->nrows - (size_t)top;
	else
		l->to = (size_t)top;
}

static void
put_list(struct list *l, const struct tally_totals *total)
{
	l->rows = tally_list(
	    l->job->tally, TALLY_GROUPS, TALLY_ALL, l->arena, &l->nrows);
	select_rows(l);
	if (l->from)
		add_others(l);
	for (size_t i = l->from; i < l->to; i++)
		add_group(l, &l->rows[i]);
	if (l->to < l->nrows)
		add_others(l);
	add_row(l, SPAN("total"), total->n, SPAN_NONE);
	fputc('\n', l->job->out.to);
	show_table(&l->table, &l->job->out);
}

void
show_list(struct job *job)
{
	struct tally_totals total = tally_totals(job->tally, TALLY_ALL);
	const struct show_column columns[] = {
	    {show_heading(job->options.by), 0, true},
	    {"MESSAGES", 0, false},
	    {"SHARE", 5, false},
	    {"ALIGNED", 1, false},
	    {"SPF", 2, false},
	    {"DKIM", 2, false},
	    {"NONE", 6, false},
	    {"QUARANTINE", 4, false},
	    {"REJECT", 3, false},
	    {"DAYS", 7, true},
	};
	struct list l = {.job = job,
	    .arena = job->memory,
	    .by = job->options.by,
	    .messages = total.n[TALLY_MESSAGES],
	    .table = SHOW_TABLE(job->memory, columns)};

	if (show_head(job, &total))
		put_list(&l, &total);
	show_rest(job);
}
