/* show_plot: --plot: days as bars. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

/* The parts of a bar. */
enum {
	PLOT_ALIGNED, /* both SPF and DKIM */
	PLOT_PARTLY,  /* one of them */
	PLOT_FAILED,
	PLOT_PARTS
};

/* Each part has a fill of its own, so that no colour is needed to tell them
 * apart. They are the same octets in every locale. */
static const struct {
	const char *fill;
	const char *words;
	enum screen_role role;
} parts[PLOT_PARTS] = {
    [PLOT_ALIGNED] = {"\xe2\x96\x88", "SPF and DKIM aligned", SCREEN_PASS},
    [PLOT_PARTLY] = {"\xe2\x96\x92", "one of them", SCREEN_DOUBT},
    [PLOT_FAILED] = {"\xe2\x96\x91", "neither: failed", SCREEN_FAIL},
};

/* What a bar is; the first for which there are at most PLOT_BARS bars, as more
 * are not seen at once. */
#define PLOT_BARS 62
enum unit {
	UNIT_DAY,
	UNIT_WEEK,
	UNIT_MONTH,
	UNIT_YEAR,
	UNITS
};

static const struct {
	const char *heading, *words;
} units[UNITS] = {
    [UNIT_DAY] = {"DAY", "a day"},
    [UNIT_WEEK] = {"WEEK OF", "a week, from Monday to Sunday"},
    [UNIT_MONTH] = {"MONTH", "a month"},
    [UNIT_YEAR] = {"YEAR", "a year"},
};

struct bar {
	struct span label;
	bool is_reported; /* else there are no reports of it */
	uint64_t part[PLOT_PARTS];
};

struct plot {
	struct job *job;
	struct arena *arena;
	enum unit unit;
	int32_t first, last; /* days */
	struct bar *bars;
	size_t nbars;
	uint64_t longest; /* messages of the longest bar */
	/* Columns: of labels, of both numbers (0: left out), of bars. */
	size_t label, messages, failed, width;
};

/*
 * Bars.
 */

static uint64_t
total_of(const struct bar *bar)
{
	uint64_t total = 0;

	for (size_t i = 0; i < PLOT_PARTS; i++)
		total += bar->part[i];
	return total;
}

static void
add_counts(struct bar *bar, const uint64_t n[TALLY_COUNTERS])
{
	/* Messages with one aligned are counted once in PASSED, those with
	 * both twice in SPF and DKIM. */
	uint64_t both = n[TALLY_SPF] + n[TALLY_DKIM] - n[TALLY_PASSED];

	bar->is_reported = true;
	bar->part[PLOT_ALIGNED] += both;
	bar->part[PLOT_PARTLY] += n[TALLY_PASSED] - both;
	bar->part[PLOT_FAILED] += n[TALLY_MESSAGES] - n[TALLY_PASSED];
}

/* Returns the number of the day's week, month or year. */
static int32_t
number_of(int32_t day, enum unit unit)
{
	struct tally_date date = tally_date_of(day);

	switch (unit) {
	case UNIT_WEEK:
		return (day + 3) / 7; /* 1970-01-01 was a Thursday */
	case UNIT_MONTH:
		return date.year * 12 + date.month;
	case UNIT_YEAR:
		return date.year;
	default:
		return day;
	}
}

/* "30 Nov 2026", "Nov 2026", "2026". */
static struct span
label_of(int32_t day, enum unit unit, struct arena *a)
{
	struct span text = show_day(day, a);

	if (unit >= UNIT_MONTH)
		span_cut(&text, ' ');
	if (unit == UNIT_YEAR)
		span_cut(&text, ' ');
	return text;
}

static struct bar *
push_bar(struct plot *p, struct span label)
{
	struct bar *bar = ARENA_PUSH(p->arena, p->bars, p->nbars);

	*bar = (struct bar){.label = label};
	return bar;
}

/* Makes the bars of all days, with reports or without. What has no day comes
 * after them. */
static void
fill_bars(struct plot *p, const struct tally_row *rows, size_t n)
{
	struct bar *bar = NULL;
	int32_t number = 0;
	size_t next = 0;

	for (int32_t day = p->first; day <= p->last; day++) {
		if (!bar || number_of(day, p->unit) != number)
			bar = push_bar(p, label_of(day, p->unit, p->arena));
		number = number_of(day, p->unit);
		if (next < n && rows[next].day == day)
			add_counts(bar, rows[next++].n);
	}
	for (; next < n; next++)
		add_counts(
		    push_bar(p, show_key(&rows[next], TALLY_BY_DAY, p->arena)),
		    rows[next].n);
	for (size_t i = 0; i < p->nbars; i++)
		if (total_of(&p->bars[i]) > p->longest)
			p->longest = total_of(&p->bars[i]);
}

/* Sets the days from the first to the last: of the options, where they select
 * any, else of the reports. */
static void
set_days(struct plot *p, const struct tally_totals *total)
{
	struct tally_period period = tally_period(p->job->tally, TALLY_ALL);

	p->first = period.bounded[0] ? period.from : total->first;
	p->last = period.bounded[1] ? period.to - 1 : total->last;
	/* Nothing has a day before 1970. */
	if (p->first < 0)
		p->first = 0;
	if (total->first == TALLY_NO_DAY)
		p->last = p->first - 1;
	while (p->unit < UNIT_YEAR &&
	    number_of(p->last, p->unit) - number_of(p->first, p->unit) >=
		PLOT_BARS)
		p->unit++;
}

/*
 * Cells. A bar has as many as its messages have of the longest bar, rounded to
 * the nearest number, and a message is never more than a cell. So bars of as
 * many messages are as long as each other, with one exception: each part that
 * has messages has a cell, and a bar as many cells as it has such parts. Its
 * other cells are given one by one to the part that lacks most, so a part is at
 * most a cell longer or shorter than its share, or two where small parts have
 * taken the cells.
 */

/* The largest products must be less than 2^63. */
static unsigned
shift_of(uint64_t longest)
{
	unsigned shift = 0;

	while (longest >> shift >= UINT64_C(1) << 48)
		shift++;
	return shift;
}

static void
share_cells(const struct plot *p, const struct bar *bar, size_t cells[])
{
	uint64_t longest = p->longest > p->width ? p->longest : p->width;
	unsigned shift = shift_of(longest);
	uint64_t scale = longest >> shift, width = p->width;
	uint64_t total = total_of(bar) >> shift;
	size_t n = (size_t)((2 * total * width + scale) / (2 * scale)),
	       used = 0;

	for (size_t i = 0; i < PLOT_PARTS; i++)
		used += cells[i] = bar->part[i] > 0;
	for (; used < n; used++) {
		int64_t most = INT64_MIN;
		size_t to = 0;

		for (size_t i = 0; i < PLOT_PARTS; i++) {
			int64_t lacks =
			    (int64_t)((bar->part[i] >> shift) * width) -
			    (int64_t)(cells[i] * scale);

			if (bar->part[i] && lacks > most) {
				most = lacks;
				to = i;
			}
		}
		cells[to]++;
	}
}

/*
 * Writing.
 */

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Bars have what labels and numbers leave. If that is less than BAR_MIN, the
 * numbers are left out, the failed ones first. */
#define BAR_MIN 20u
static void
set_columns(struct plot *p)
{
	size_t screen = p->job->out.width ? p->job->out.width : SCREEN_WIDTH;
	size_t used;

	p->label = span_of(units[p->unit].heading).len;
	p->messages = 8;
	p->failed = 6;
	for (size_t i = 0; i < p->nbars; i++) {
		const struct bar *bar = &p->bars[i];

		p->label = larger(p->label, bar->label.len);
		p->messages = larger(
		    p->messages, show_number(total_of(bar), p->arena).len);
		p->failed = larger(p->failed,
		    show_number(bar->part[PLOT_FAILED], p->arena).len);
	}
	used = p->label + 2;
	if (used + p->messages + 2 + BAR_MIN > screen)
		p->messages = 0;
	used += p->messages ? p->messages + 2 : 0;
	if (!p->messages || used + p->failed + 2 + BAR_MIN > screen)
		p->failed = 0;
	used += p->failed ? p->failed + 2 : 0;
	p->width = used + PLOT_PARTS < screen ? screen - used : PLOT_PARTS;
}

/* Adds a text at the right of a column that ends before end. */
static void
add_right(
    struct screen_text *t, size_t end, enum screen_role role, struct span text)
{
	screen_to_column(t, end - text.len);
	screen_add(t, role, text);
}

static void
put_columns(const struct plot *p)
{
	struct screen_text t = SCREEN_TEXT(p->arena);
	size_t at = p->label;

	screen_str(&t, SCREEN_HEADING, units[p->unit].heading);
	if (p->messages)
		add_right(&t, at += 2 + p->messages, SCREEN_HEADING,
		    SPAN("MESSAGES"));
	if (p->failed)
		add_right(
		    &t, at + 2 + p->failed, SCREEN_HEADING, SPAN("FAILED"));
	screen_put(&p->job->out, &t);
}

static void
add_cells(const struct plot *p, struct screen_text *t, const struct bar *bar)
{
	size_t cells[PLOT_PARTS];

	share_cells(p, bar, cells);
	for (size_t i = 0; i < PLOT_PARTS; i++)
		while (cells[i]--)
			screen_str(t, parts[i].role, parts[i].fill);
}

static void
put_bar(const struct plot *p, const struct bar *bar)
{
	struct screen_text t = SCREEN_TEXT(p->arena);
	size_t at = p->label;
	uint64_t total = total_of(bar);

	for (size_t n = bar->label.len; n < p->label; n++)
		screen_str(&t, SCREEN_PLAIN, " ");
	screen_add(&t, SCREEN_PLAIN, bar->label);
	if (bar->is_reported && p->messages)
		add_right(&t, at += 2 + p->messages, SCREEN_PLAIN,
		    show_number(total, p->arena));
	if (bar->is_reported && p->failed)
		add_right(&t, at += 2 + p->failed, SCREEN_PLAIN,
		    show_number(bar->part[PLOT_FAILED], p->arena));
	if (total) {
		screen_to_column(&t, at + 2);
		add_cells(p, &t, bar);
	}
	screen_put(&p->job->out, &t);
}

static void
put_legend(const struct plot *p)
{
	struct arena *a = p->arena;
	struct screen_text t = SCREEN_TEXT(a);

	for (size_t i = 0; i < PLOT_PARTS; i++) {
		screen_str(&t, SCREEN_PLAIN, i ? "  " : "");
		screen_str(&t, parts[i].role, parts[i].fill);
		screen_str(&t, SCREEN_PLAIN, " ");
		screen_str(&t, SCREEN_PLAIN, parts[i].words);
	}
	if (!p->messages)
		screen_add(&t, SCREEN_PLAIN,
		    ARENA_JOIN(a, SPAN("; the longest bar: "),
			show_count(p->longest, "message", "messages", a)));
	screen_put(&p->job->out, &t);
	if (p->unit != UNIT_DAY)
		screen_line(&p->job->out,
		    arena_printf(a,
			"A bar is %s, as there are too many days; the first "
			"begins on " SPAN_FMT ", the last ends on " SPAN_FMT
			". --since=%dd shows days.",
			units[p->unit].words, SPAN_ARG(show_day(p->first, a)),
			SPAN_ARG(show_day(p->last, a)), PLOT_BARS));
}

void
show_plot(struct job *job)
{
	struct tally_totals total = tally_totals(job->tally, TALLY_ALL);
	struct plot p = {.job = job, .arena = job->memory};
	size_t n;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_DAYS, TALLY_ALL, p.arena, &n);

	if (show_head(job, &total)) {
		set_days(&p, &total);
		fill_bars(&p, rows, n);
		set_columns(&p);
		fputc('\n', job->out.to);
		put_columns(&p);
		for (size_t i = 0; i < p.nbars; i++)
			put_bar(&p, &p.bars[i]);
		fputc('\n', job->out.to);
		put_legend(&p);
	}
	show_rest(job);
}
