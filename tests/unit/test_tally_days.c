/* test_tally_days: which days are counted, what is new, what is silent. */
/* SPDX-License-Identifier: ISC */

#include "fixture_tally.h"

#define DAY_SECONDS 86400

static void
dates_are_days(void **state)
{
	static const struct {
		const char *date;
		int32_t day;
	} c[] = {
	    {"1970-01-01", 0},
	    {"1970-12-31", 364},
	    {"1972-02-29", 789},
	    {"1972-03-01", 790},
	    {"2000-02-29", 11016},
	    {"2024-10-04", DAY_0},
	    {"2026-11-30", 20787},
	    {"2100-03-01", 47541},
	    {"9999-12-31", 2932896},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_bound bound;
		struct tally_date date = tally_date_of(c[i].day);
		char text[40];

		assert_true(tally_bound_parse(span_of(c[i].date), &bound));
		assert_int_equal(bound.kind, TALLY_BOUND_DAY);
		assert_int_equal(bound.days, c[i].day);
		snprintf(text, sizeof(text), "%04d-%02d-%02d", date.year,
		    date.month, date.day);
		assert_string_equal(text, c[i].date);
	}
	for (int32_t day = 0; day < 200000; day++) {
		struct tally_date date = tally_date_of(day);
		struct tally_bound bound;
		char text[40];

		snprintf(text, sizeof(text), "%04d-%02d-%02d", date.year,
		    date.month, date.day);
		assert_true(tally_bound_parse(span_of(text), &bound));
		assert_int_equal(bound.days, day);
	}
}

static void
bounds_are_dates_or_numbers_of_days(void **state)
{
	static const char *const bad[] = {"", "d", "7", "0d", "-1d", "+7d",
	    "100000d", "7D", "7 d", "7dd", "1969-12-31", "2026-11-31",
	    "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01",
	    "2026-01-00", "2026-1-01", "26-01-01", "2026-01-01 ",
	    "2026-01-01T00", "2026/01/01", "10000-01-01", "2026-01",
	    "2026-01-+1"};
	struct tally_bound bound;
	int32_t days;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (tally_bound_parse(span_of(bad[i]), &bound))
			fail_msg("%s", bad[i]);
	assert_true(tally_bound_parse(SPAN("99999d"), &bound));
	assert_int_equal(bound.kind, TALLY_BOUND_BACK);
	assert_int_equal(bound.days, 99999);
	assert_true(tally_days_parse(SPAN("1d"), &days));
	assert_int_equal(days, 1);
	assert_false(tally_days_parse(SPAN("2026-11-30"), &days));
}

static void
times_outside_the_years_have_no_day(void **state)
{
	(void)state;
	assert_int_equal(tally_day_of(-1), TALLY_NO_DAY);
	assert_int_equal(tally_day_of(0), 0);
	assert_int_equal(tally_day_of(DAY_SECONDS - 1), 0);
	assert_int_equal(tally_day_of(DAY_SECONDS), 1);
	assert_int_equal(tally_day_of(253402300799), 2932896);
	assert_int_equal(tally_day_of(253402300800), TALLY_NO_DAY);
	assert_int_equal(tally_day_of(INT64_MAX), TALLY_NO_DAY);
	assert_int_equal(tally_day_of(INT64_MIN), TALLY_NO_DAY);
}

static void
words_of_by_are_known(void **state)
{
	enum tally_by by;

	(void)state;
	for (int i = 0; i < TALLY_BY_COUNT; i++) {
		assert_true(tally_by_parse(
		    span_of(tally_by_word((enum tally_by)i)), &by));
		assert_int_equal(by, i);
	}
	assert_false(tally_by_parse(SPAN("sources"), &by));
	assert_false(tally_by_parse(SPAN(""), &by));
}

/* Puts in one report for each day of a list, with as many messages as 2 to the
 * power of the day, so that a sum tells which days it has. */
static void
put_days(struct tally *t, const int *days, size_t n)
{
	char report[64], record[64];

	for (size_t i = 0; i < n; i++) {
		snprintf(
		    report, sizeof(report), "id=%d day=%d", days[i], days[i]);
		snprintf(record, sizeof(record), "192.0.2.1 n=%llu",
		    1ull << days[i]);
		put(t, report, record, NULL);
	}
}

/* The sum of days FROM to TO. */
static uint64_t
days_sum(int from, int to)
{
	uint64_t sum = 0;

	for (int day = from; day <= to; day++)
		sum += UINT64_C(1) << day;
	return sum;
}

/* Days 0 to 19 in different orders. */
static void
order_days(int days[20], int order)
{
	for (int i = 0; i < 20; i++)
		days[i] = order == 0 ? i : order == 1 ? 19 - i : i * 7 % 20;
}

#define NONE                        \
	{                           \
		TALLY_BOUND_NONE, 0 \
	}
#define ON_DAY(day)                            \
	{                                      \
		TALLY_BOUND_DAY, DAY_0 + (day) \
	}
#define BACK(days)                     \
	{                              \
		TALLY_BOUND_BACK, days \
	}

static void
days_are_counted_as_the_options_say(void **state)
{
	static const struct {
		struct tally_bound since, until;
		int compare;
		int from, to, last, before; /* days */
	} c[] = {
	    {NONE, NONE, 0, 0, 19, 0, 0},
	    {ON_DAY(5), NONE, 0, 5, 19, 0, 0},
	    {NONE, ON_DAY(5), 0, 0, 5, 0, 0},
	    {ON_DAY(5), ON_DAY(5), 0, 5, 5, 0, 0},
	    {ON_DAY(6), ON_DAY(5), 0, 6, 5, 0, 0},
	    {ON_DAY(5), ON_DAY(99), 0, 5, 19, 0, 0},
	    {BACK(7), NONE, 0, 13, 19, 0, 0},
	    {BACK(1), NONE, 0, 19, 19, 0, 0},
	    {BACK(20), NONE, 0, 0, 19, 0, 0},
	    {BACK(99999), NONE, 0, 0, 19, 0, 0},
	    {NONE, BACK(7), 0, 0, 12, 0, 0},
	    {BACK(14), BACK(7), 0, 6, 12, 0, 0},
	    {BACK(7), BACK(14), 0, 13, 5, 0, 0},
	    {ON_DAY(3), BACK(7), 0, 3, 12, 0, 0},
	    {BACK(7), ON_DAY(15), 0, 13, 15, 0, 0},
	    {NONE, NONE, 7, 6, 19, 13, 13},
	    {NONE, ON_DAY(15), 4, 8, 15, 12, 12},
	    {NONE, BACK(5), 3, 9, 14, 12, 12},
	    {BACK(10), NONE, 7, 10, 19, 13, 13},
	    {ON_DAY(15), NONE, 7, 15, 19, 15, 13},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		for (int order = 0; order < 3; order++) {
			struct tally_options o = {.since = c[i].since,
			    .until = c[i].until,
			    .compare = c[i].compare};
			struct tally *t = tally_new(&o);
			struct tally_totals all;
			int days[20];

			order_days(days, order);
			put_days(t, days, 20);
			all = tally_totals(t, TALLY_ALL);
			assert_int_equal(all.n[TALLY_MESSAGES],
			    days_sum(c[i].from, c[i].to));
			if (c[i].from <= c[i].to) {
				assert_int_equal(all.n[TALLY_REPORTS],
				    c[i].to - c[i].from + 1);
				assert_int_equal(all.first, DAY_0 + c[i].from);
				assert_int_equal(all.last, DAY_0 + c[i].to);
			}
			if (c[i].compare) {
				all = tally_totals(t, TALLY_LAST);
				assert_int_equal(all.n[TALLY_MESSAGES],
				    days_sum(c[i].last, c[i].to));
				all = tally_totals(t, TALLY_BEFORE);
				assert_int_equal(all.n[TALLY_MESSAGES],
				    days_sum(c[i].from, c[i].before - 1));
			}
			tally_free(t);
		}
}

/* Which day is the last, as --since=1d shows it. */
static void
the_last_period_ends_where_it_says(void **state)
{
	static const struct {
		const char *report;
		int from, to; /* the period of --since=1d */
	} c[] = {
	    /* to 23:59:59, to 0:00:00, from 7 to 7, three hours */
	    {"begin=1728000000 end=1728086399", 0, 1},
	    {"begin=1728000000 end=1728086400", 0, 1},
	    {"begin=1728025200 end=1728111600", 0, 1},
	    {"begin=1728025200 end=1728036000", 0, 1},
	    {"begin=1728000000 end=1728604799", 6, 7},
	    /* no end, an end before the beginning */
	    {"begin=1728025200 end=1", 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {.since = BACK(1), .until = NONE};
		struct tally *t = tally_new(&o);
		struct tally_period p;

		put(t, c[i].report, "192.0.2.1", NULL);
		p = tally_period(t, TALLY_ALL);
		assert_true(p.bounded[0]);
		assert_false(p.bounded[1]);
		assert_int_equal(p.from, DAY_0 + c[i].from);
		assert_int_equal(p.to, DAY_0 + c[i].to);
		tally_free(t);
	}
}

static void
an_odd_period_ends_with_its_first_day(void **state)
{
	struct tally_options o = {.since = BACK(1), .until = NONE};
	struct tally *t = tally_new(&o);
	struct aggregate_report r = read_report(SPAN("days=5000"));

	(void)state;
	r.notes = AGGREGATE_BIT(AGGREGATE_ODD_PERIOD);
	tally_begin(t, &r, SPAN_NONE);
	tally_end(t, &r);
	assert_int_equal(tally_period(t, TALLY_ALL).to, DAY_0 + 1);
	tally_free(t);
}

/* Puts in a report that has no day. */
static void
put_undated(struct tally *t, int64_t begin, bool has_begin)
{
	struct aggregate_report r = read_report(SPAN("id=undated"));
	struct aggregate_record record = {
	    .count = 100, .header_from = SPAN("example.org")};

	r.metadata.has_begin = has_begin;
	r.metadata.begin = begin;
	tally_begin(t, &r, SPAN_NONE);
	tally_record(t, &r, &record);
	tally_end(t, &r);
}

static void
what_has_no_day_is_counted_if_no_days_are_selected(void **state)
{
	static const struct {
		int64_t begin;
		bool has_begin;
	} c[] = {
	    {0, false}, {-1, true}, {INT64_MAX, true},
	    {(DAY_0 + 11) * (int64_t)DAY_SECONDS + 1, true}, /* in the future */
	};
	static const struct tally_options options[] = {
	    {.since = NONE},
	    {.since = ON_DAY(0)},
	    {.since = BACK(99)},
	    {.until = ON_DAY(99)},
	    {.until = BACK(1)},
	    {.compare = 99},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		for (size_t k = 0; k < COUNT(options); k++) {
			struct tally_options o = options[k];
			struct tally *t;
			struct tally_totals all;

			o.now = (DAY_0 + 10) * (int64_t)DAY_SECONDS;
			t = tally_new(&o);
			put_undated(t, c[i].begin, c[i].has_begin);
			put(t, "id=1 day=3 days=2", "192.0.2.1 n=7", NULL);
			all = tally_totals(t, TALLY_ALL);
			assert_int_equal(
			    all.n[TALLY_MESSAGES], k == 0 ? 107 : 7);
			assert_int_equal(
			    tally_input(t).undated, k == 0 ? 0 : 100);
			assert_int_equal(all.first, DAY_0 + 3);
			assert_int_equal(all.last, DAY_0 + 3);
			tally_free(t);
		}
}

static void
sources_are_new_that_were_not_seen_before(void **state)
{
	static const struct {
		struct tally_options options;
		const char *fresh;
		bool known;
	} c[] = {
	    {{.recent = 3}, "192.0.2.4 8, 192.0.2.3 4", true},
	    {{.recent = 1}, "192.0.2.4 8", true},
	    {{.recent = 9}, "192.0.2.4 8, 192.0.2.2 6, 192.0.2.3 4", true},
	    {{.recent = 10},
		"192.0.2.1 11, 192.0.2.4 8, 192.0.2.2 6, 192.0.2.3 4", false},
	    /* what was seen before counts even if it is not counted */
	    {{.recent = 3, .since = BACK(3)}, "192.0.2.4 8, 192.0.2.3 4", true},
	    {{.recent = 3, .since = ON_DAY(7)}, "192.0.2.4 8, 192.0.2.3 4",
		true},
	    {{.recent = 3, .fail = true}, "192.0.2.4 8, 192.0.2.3 0", true},
	    {{.recent = 3, .compare = 2}, "192.0.2.4 8, 192.0.2.3 4", true},
	    /* the period ends with until */
	    {{.recent = 3, .until = ON_DAY(8)}, "192.0.2.3 4", true},
	    {{.recent = 3, .until = BACK(1)}, "192.0.2.3 4", true},
	    /* of the domain */
	    {{.recent = 3, .domain = {"a.example", 9}}, "192.0.2.1 1", false},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally *t = tally_new(&c[i].options);
		uint64_t n;

		put(t, "id=1 day=0", "192.0.2.1 n=10", NULL);
		put(t, "id=2 day=1", "192.0.2.2 n=5 spf=pass;192.0.2.9 n=0",
		    NULL);
		put(t, "id=3 day=7",
		    "192.0.2.2 n=1;192.0.2.3 n=4 spf=pass dkim=pass;"
		    "192.0.2.1 n=1 from=a.example",
		    NULL);
		put(t, "id=4 day=9", "192.0.2.4 n=8", NULL);
		assert_int_equal(tally_new_sources(t, &n), c[i].known);
		same("new sources",
		    rows_text(t, TALLY_NEW_SOURCES, TALLY_ALL, false, *state),
		    c[i].fresh);
		tally_free(t);
	}
}

static void
reporters_are_silent_that_sent_nothing_recently(void **state)
{
	static const struct {
		struct tally_options options;
		const char *silent;
	} c[] = {
	    {{.recent = 3}, "a 1, c 1"},
	    {{.recent = 2}, "a 1, b 1, c 1"},
	    {{.recent = 9}, "a 1"},
	    {{.recent = 10}, ""},
	    {{.recent = 3, .since = BACK(3)}, "a 0, c 0"},
	    {{.recent = 2, .until = ON_DAY(8)}, "a 1, c 1"},
	    {{.recent = 3, .domain = {"a.example", 9}}, ""},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally *t = tally_new(&c[i].options);

		put(t, "org=a id=1 day=0", "192.0.2.1", NULL);
		put(t, "org=c id=2 day=1", "192.0.2.1", NULL);
		put(t, "org=b id=3 day=7", "192.0.2.1", NULL);
		put(t, "org=d id=4 day=9", "192.0.2.1 from=a.example", NULL);
		same("silent",
		    rows_text(
			t, TALLY_SILENT_REPORTERS, TALLY_ALL, false, *state),
		    c[i].silent);
		tally_free(t);
	}
}

static void
two_periods_are_compared(void **state)
{
	struct tally_options o = {.compare = 2};
	struct tally *t = tally_new(&o);

	put(t, "id=0 day=0", "192.0.2.9 n=50", NULL);
	put(t, "id=1 day=1", "192.0.2.1 n=5;192.0.2.2 n=7;192.0.2.5 n=2", NULL);
	put(t, "id=2 day=2", "192.0.2.1 n=5;192.0.2.2 n=7", NULL);
	put(t, "id=3 day=3", "192.0.2.1 n=1;192.0.2.3 n=1", NULL);
	put(t, "id=4 day=4", "192.0.2.4 n=3", NULL);
	same("sources", rows_text(t, TALLY_GROUPS, TALLY_LAST, false, *state),
	    "192.0.2.4 3, 192.0.2.1 1+, 192.0.2.3 1, 192.0.2.2 0+, "
	    "192.0.2.5 0+");
	same("before", rows_text(t, TALLY_GROUPS, TALLY_BEFORE, false, *state),
	    "192.0.2.2 14, 192.0.2.1 10, 192.0.2.5 2");
	same("both", rows_text(t, TALLY_GROUPS, TALLY_ALL, false, *state),
	    "192.0.2.2 14, 192.0.2.1 11, 192.0.2.4 3, 192.0.2.5 2, "
	    "192.0.2.3 1");
	tally_free(t);
}

/* The first addresses of a network are not merged where parts are compared, so
 * that a new one is seen. */
static void
what_is_compared_is_not_merged(void **state)
{
	struct tally_options o = {.compare = 1, .by_kind = true};
	struct tally *t = tally_new(&o);

	put(t, "id=1 day=0", "192.0.2.1;192.0.2.2", NULL);
	put(t, "id=2 day=1", "192.0.2.1;192.0.2.2;192.0.2.3", NULL);
	same("sources", rows_text(t, TALLY_GROUPS, TALLY_LAST, true, *state),
	    "N 192.0.2.1 1+, N 192.0.2.2 1+, N 192.0.2.3 1");
	tally_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(dates_are_days),
	    TEST(bounds_are_dates_or_numbers_of_days),
	    TEST(times_outside_the_years_have_no_day),
	    TEST(words_of_by_are_known),
	    TEST(days_are_counted_as_the_options_say),
	    TEST(the_last_period_ends_where_it_says),
	    TEST(an_odd_period_ends_with_its_first_day),
	    TEST(what_has_no_day_is_counted_if_no_days_are_selected),
	    TEST(sources_are_new_that_were_not_seen_before),
	    TEST(reporters_are_silent_that_sent_nothing_recently),
	    TEST(two_periods_are_compared),
	    TEST(what_is_compared_is_not_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
