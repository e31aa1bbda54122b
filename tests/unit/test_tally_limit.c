/* test_tally_limit: many groups, records and messages. */
/* SPDX-License-Identifier: ISC */

#include "fixture_tally.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include "base/limit.h"

/* Records of addresses FROM to TO-1, with COUNT messages each. */
static void
put_sources(struct tally *t, const char *report, unsigned from, unsigned to,
    uint64_t count, const struct aggregate_dkim *dkim)
{
	struct aggregate_report r = read_report(span_of(report));
	struct aggregate_dkim copy = dkim ? *dkim : (struct aggregate_dkim){0};
	struct aggregate_record record = {.count = count,
	    .has_ip = true,
	    .header_from = SPAN("example.org"),
	    .dkim_results = &copy,
	    .ndkim = dkim != NULL};

	tally_begin(t, &r, SPAN_NONE);
	for (unsigned i = from; i < to; i++) {
		record.ip = (struct ip){AF_INET,
		    {10, (unsigned char)(i >> 16), (unsigned char)(i >> 8),
			(unsigned char)i}};
		tally_record(t, &r, &record);
	}
	tally_end(t, &r);
}

static void
groups_over_the_limit_are_others(void **state)
{
	struct tally_options o = {.by = TALLY_BY_SOURCE, .recent = 1};
	struct tally *t = tally_new(&o);
	size_t n;
	struct tally_row *rows;
	uint64_t fresh;

	put_sources(t, "id=1 day=0", 0, LIMIT_REPORT_GROUPS, 1, NULL);
	assert_false(tally_input(t).groups_full);
	rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
	assert_int_equal(n, LIMIT_REPORT_GROUPS);
	assert_false(rows[n - 1].others);

	put_sources(t, "id=2 day=1", LIMIT_REPORT_GROUPS - 1,
	    LIMIT_REPORT_GROUPS + 2, 5, NULL);
	assert_true(tally_input(t).groups_full);
	assert_true(tally_input(t).sources_full);
	rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
	assert_int_equal(n, LIMIT_REPORT_GROUPS + 1);
	/* the one that is known goes on; the others are last */
	assert_int_equal(rows[0].n[TALLY_MESSAGES], 6);
	assert_true(rows[n - 1].others);
	assert_int_equal(rows[n - 1].n[TALLY_MESSAGES], 10);
	assert_int_equal(rows[n - 1].n[TALLY_REPORTS], 1);
	assert_int_equal(tally_totals(t, TALLY_ALL).n[TALLY_MESSAGES],
	    LIMIT_REPORT_GROUPS + 15);
	/* which sources are new is no longer known */
	assert_false(tally_new_sources(t, &fresh));
	tally_free(t);
}

static void
each_kind_has_others(void **state)
{
	struct tally_options o = {.by = TALLY_BY_SOURCE, .by_kind = true};
	struct tally *t = tally_new(&o);
	size_t n;
	struct tally_row *rows;
	uint64_t sum = 0;

	put_sources(t, "id=1", 0, LIMIT_REPORT_GROUPS, 1, NULL);
	put_sources(t, "id=2 day=1", 1u << 20, (1u << 20) + 2, 3, NULL);
	put(t, "id=3 day=2", "192.0.2.1 n=100 spf=pass;192.0.2.2 dkim=pass",
	    NULL);
	rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
	assert_true(rows[0].others);
	assert_int_equal(rows[0].kind, VERDICT_PARTLY);
	assert_int_equal(rows[0].n[TALLY_MESSAGES], 101);
	assert_true(rows[n - 1].others);
	assert_int_equal(rows[n - 1].kind, VERDICT_NEITHER);
	assert_int_equal(rows[n - 1].n[TALLY_MESSAGES], 6);
	for (size_t i = 0; i < n; i++)
		sum += rows[i].n[TALLY_MESSAGES];
	assert_int_equal(sum, LIMIT_REPORT_GROUPS + 6 + 101);
	/* 256 addresses of a network, and the 160 of the last */
	assert_int_equal(rows[1].addresses, 256);
	assert_int_equal(rows[n - 2].addresses, 160);
	tally_free(t);
}

/* What most messages have is not known where too many have been seen, but all
 * are counted. */
static void
too_many_selectors_are_not_known(void **state)
{
	struct tally_options o = {.by = TALLY_BY_SOURCE};
	struct tally *t = tally_new(&o);
	char selector[20];
	size_t n;
	struct tally_row *rows;

	for (unsigned i = 0; i < LIMIT_REPORT_GROUPS; i++) {
		struct aggregate_dkim dkim = {
		    SPAN("a.example"), SPAN_NONE, SPAN("pass"), SPAN_NONE};

		snprintf(selector, sizeof(selector), "s%06u", i);
		dkim.selector = span_of(selector);
		put_sources(t, "id=", 0, 1, 1, &dkim);
	}
	put_sources(t, "id=", 0, 2, 7, NULL);
	rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].n[TALLY_MESSAGES], LIMIT_REPORT_GROUPS + 7);
	same("selector", rows[0].dkim_selector, "s000000");
	assert_int_equal(rows[0].typical, 1);
	assert_int_equal(rows[1].n[TALLY_MESSAGES], 7);
	assert_int_equal(rows[1].typical, 0);
	tally_free(t);
}

static void
days_over_the_limit_are_others(void **state)
{
	enum {
		SOURCES = LIMIT_REPORT_CELLS / 100 + 7,
		DAYS = 100
	};
	struct tally_options o = {
	    .by = TALLY_BY_SOURCE, .since = {TALLY_BOUND_BACK, 99999}};
	struct tally *t = tally_new(&o);
	size_t n;
	struct tally_row *rows;
	uint64_t sum = 0;

	for (int day = 0; day < DAYS; day++) {
		char report[40];

		snprintf(report, sizeof(report), "id=%d day=%d", day, day);
		put_sources(t, report, 0, SOURCES, 2, NULL);
	}
	rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
	for (size_t i = 0; i < n; i++)
		sum += rows[i].n[TALLY_MESSAGES];
	assert_int_equal(sum, 2 * SOURCES * DAYS);
	assert_int_equal(tally_totals(t, TALLY_ALL).n[TALLY_MESSAGES], sum);
	assert_true(rows[n - 1].others);
	assert_int_equal(rows[n - 1].n[TALLY_MESSAGES], 2 * 7 * 100);
	assert_true(tally_input(t).groups_full);
	tally_free(t);
}

/* Days whose sums are settled make room for later ones. */
static void
settled_days_make_room(void **state)
{
	enum {
		SOURCES = LIMIT_REPORT_CELLS / 40,
		DAYS = 60
	};
	static const struct tally_bound bounds[2] = {
	    {TALLY_BOUND_BACK, 5}, {TALLY_BOUND_NONE, 0}};

	for (int k = 0; k < 2; k++) {
		struct tally_options o = {.by = TALLY_BY_SOURCE,
		    .since = bounds[k],
		    .until = bounds[!k]};
		struct tally *t = tally_new(&o);
		size_t n;
		struct tally_row *rows;

		for (int day = 0; day < DAYS; day++) {
			char report[40];

			snprintf(
			    report, sizeof(report), "id=%d day=%d", day, day);
			put_sources(t, report, 0, SOURCES, 1, NULL);
		}
		rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
		assert_int_equal(n, SOURCES);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(
			    rows[i].n[TALLY_MESSAGES], k == 0 ? 5 : DAYS - 5);
			assert_int_equal(
			    rows[i].n[TALLY_REPORTS], k == 0 ? 5 : DAYS - 5);
			assert_int_equal(
			    rows[i].first, DAY_0 + (k == 0 ? DAYS - 5 : 0));
			assert_int_equal(rows[i].last,
			    DAY_0 + (k == 0 ? DAYS - 1 : DAYS - 6));
		}
		assert_false(tally_input(t).groups_full);
		tally_free(t);
	}
}

static void
sums_stop_at_the_largest_number(void **state)
{
	struct tally_options o = {.by = TALLY_BY_SOURCE};
	struct tally *t = tally_new(&o);
	struct tally_totals all;
	size_t n;
	struct tally_row *rows;

	put_sources(t, "id=1", 0, 1, INT64_MAX - 9, NULL);
	put_sources(t, "id=2 day=1", 1, 2, 9, NULL);
	assert_false(tally_input(t).overflow);
	all = tally_totals(t, TALLY_ALL);
	assert_int_equal(all.n[TALLY_MESSAGES], INT64_MAX);
	put_sources(t, "id=3 day=2", 0, 3, 1, NULL);
	put_sources(t, "id=4 day=3", 0, 3, UINT64_MAX, NULL);
	assert_true(tally_input(t).overflow);
	all = tally_totals(t, TALLY_ALL);
	assert_int_equal(all.n[TALLY_MESSAGES], INT64_MAX);
	rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].n[TALLY_MESSAGES], INT64_MAX - 9);
	assert_int_equal(rows[1].n[TALLY_MESSAGES], 9);
	tally_free(t);
}

static void
long_names_are_cut_at_a_character(void **state)
{
	static const struct {
		size_t ascii;    /* octets */
		const char *end; /* what follows them */
		size_t kept;
	} c[] = {
	    {LIMIT_REPORT_KEY, "", LIMIT_REPORT_KEY},
	    {LIMIT_REPORT_KEY, "x", LIMIT_REPORT_KEY},
	    {LIMIT_REPORT_KEY - 1, "\303\244", LIMIT_REPORT_KEY - 1},
	    {LIMIT_REPORT_KEY - 2, "\303\244", LIMIT_REPORT_KEY},
	    {LIMIT_REPORT_KEY - 2, "\342\202\254x", LIMIT_REPORT_KEY - 2},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {.by = TALLY_BY_REPORTER};
		struct tally *t = tally_new(&o);
		struct aggregate_report r = read_report(SPAN("id=1"));
		struct aggregate_record record = {.count = 1};
		char name[LIMIT_REPORT_KEY + 10];
		size_t n;
		struct tally_row *rows;

		memset(name, 'n', c[i].ascii);
		strcpy(name + c[i].ascii, c[i].end);
		r.metadata.org_name = span_of(name);
		tally_begin(t, &r, SPAN_NONE);
		tally_record(t, &r, &record);
		tally_end(t, &r);
		rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
		assert_int_equal(n, 1);
		assert_int_equal(rows[0].text.len, c[i].kept);
		tally_free(t);
	}
}

/* Every text of a key at its longest. */
static void
all_texts_can_be_long(void **state)
{
	static char text[70000];
	struct aggregate_dkim dkim = {.result = SPAN("pass")};
	struct span all = {text, sizeof(text)};

	memset(text, 'x', sizeof(text));
	dkim.domain = dkim.selector = all;
	for (int by = 0; by < TALLY_BY_COUNT; by++) {
		struct tally_options o = {
		    .by = (enum tally_by)by, .by_kind = true};
		struct tally *t = tally_new(&o);
		struct aggregate_report r =
		    read_report(SPAN("p=quarantine sp=quarantine "
				     "np=quarantine adkim=s aspf=s pct=99 "
				     "t=y"));
		struct aggregate_record record = {.count = 1,
		    .header_from = all,
		    .source_ip = all,
		    .dkim_results = &dkim,
		    .ndkim = 1};
		size_t n;

		r.policy.domain = r.metadata.org_name = all;
		tally_begin(t, &r, SPAN_NONE);
		tally_record(t, &r, &record);
		tally_end(t, &r);
		tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
		assert_int_equal(n, 1);
		tally_free(t);
	}
}

static long
resident(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

/* Runs first, as memory is that of the whole program. */
static void
a_million_records_take_the_memory_of_their_groups(void **state)
{
	struct tally_options o = {.by_kind = true};
	struct tally *t = tally_new(&o);
	long before = resident();
	char report[40];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(report, sizeof(report), "id=%d day=%d", i, i);
		put_sources(t, report, 0, 1000, 1, NULL);
	}
	assert_int_equal(tally_totals(t, TALLY_ALL).n[TALLY_MESSAGES], 1000000);
	assert_true(resident() - before < 8 << 10); /* KiB */
	tally_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_million_records_take_the_memory_of_their_groups),
	    TEST(groups_over_the_limit_are_others),
	    TEST(each_kind_has_others),
	    TEST(too_many_selectors_are_not_known),
	    TEST(days_over_the_limit_are_others),
	    TEST(settled_days_make_room),
	    TEST(sums_stop_at_the_largest_number),
	    TEST(long_names_are_cut_at_a_character),
	    TEST(all_texts_can_be_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
