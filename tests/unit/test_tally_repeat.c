/* test_tally_repeat: duplicates and overlaps. */
/* SPDX-License-Identifier: ISC */

#include "fixture_tally.h"

#define RECORDS "192.0.2.1 n=2 spf=pass;192.0.2.2 n=3"

static void
a_copy_is_counted_once(void **state)
{
	static const struct {
		const char *report, *records;
		bool duplicate, differs;
	} c[] = {
	    {"id=1", RECORDS, true, false},
	    {"id=1", "192.0.2.2 n=3;192.0.2.1 n=2 spf=pass", true, false},
	    {"id=1", "192.0.2.2 n=3", true, true},
	    {"id=1", "", true, true},
	    {"id=1", RECORDS ";192.0.2.2 n=3", true, true},
	    {"id=1", "192.0.2.1 n=3 spf=pass;192.0.2.2 n=2", true, true},
	    {"id=1", "192.0.2.1 n=2 spf=fail;192.0.2.2 n=3", true, true},
	    {"id=1", "192.0.2.1 n=2 dkim=pass;192.0.2.2 n=3", true, true},
	    {"id=1", RECORDS " from=a.example", true, true},
	    {"id=1", RECORDS " disp=none", true, true},
	    {"id=1", RECORDS " env=a.example", true, true},
	    {"id=1", RECORDS " reason=other", true, true},
	    {"id=1", RECORDS " d=a.example/s/pass", true, true},
	    {"id=1", RECORDS " s=a.example/mfrom/pass", true, true},
	    {"id=1 p=reject", RECORDS, true, true},
	    {"id=1 sp=none", RECORDS, true, true},
	    {"id=1 pct=50", RECORDS, true, true},
	    /* the name counts, not the address */
	    {"id=1 email=a@a.example", RECORDS, true, false},
	    /* all of the key */
	    {"id=2", RECORDS, false, false},
	    {"id=1 org=other", RECORDS, false, false},
	    {"id=1 org= email=a@reporter", RECORDS, true, false},
	    {"id=1 org= email=a@a.example", RECORDS, false, false},
	    {"id=1 domain=example.net", RECORDS, false, false},
	    {"id=1 day=1", RECORDS, false, false},
	    {"id=1 days=2", RECORDS, false, false},
	    /* without an id, or a reporter, it can be another */
	    {"id=", RECORDS, false, false},
	    {"id=1 org=", RECORDS, false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {.keep_files = true};
		struct tally *t = tally_new(&o);
		struct tally_repeat r;
		uint64_t messages;

		r = put(t, "id=1", RECORDS, "first");
		assert_false(r.duplicate || r.differs || r.first.p);
		r = put(t, c[i].report, c[i].records, "second");
		if (r.duplicate != c[i].duplicate || r.differs != c[i].differs)
			fail_msg("%s %s", c[i].report, c[i].records);
		same("file", r.first, c[i].duplicate ? "first" : NULL);
		messages = tally_totals(t, TALLY_ALL).n[TALLY_MESSAGES];
		assert_int_equal(messages, c[i].duplicate ? 5 : 10);
		assert_int_equal(tally_input(t).reports, 2);
		assert_int_equal(tally_input(t).duplicates, c[i].duplicate);
		assert_int_equal(tally_input(t).differing, c[i].differs);
		tally_free(t);
	}
}

static void
what_has_no_id_is_never_a_copy(void **state)
{
	struct tally_options o = {.keep_files = false};
	struct tally *t = tally_new(&o);

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_false(put(t, "id=", RECORDS, NULL).duplicate);
		assert_false(put(t, "id=1 org=", RECORDS, NULL).duplicate);
	}
	assert_false(put(t, "id=1", RECORDS, "a").duplicate);
	assert_true(put(t, "id=1", RECORDS, "b").duplicate);
	assert_null(put(t, "id=1", RECORDS, "b").first.p);
	assert_int_equal(tally_totals(t, TALLY_ALL).n[TALLY_MESSAGES], 7 * 5);
	tally_free(t);
}

/* A long text counts to its last octet. */
static void
long_texts_are_compared_whole(void **state)
{
	char text[3][6000], report[6020];
	struct tally_options o = {.keep_files = false};
	struct tally *t = tally_new(&o);

	(void)state;
	for (int i = 0; i < 3; i++) {
		memset(text[i], 'x', sizeof(text[i]));
		memcpy(text[i], "192.0.2.1 env=", 14);
		text[i][5998] = i == 1 ? 'y' : 'x';
		text[i][5999] = '\0';
	}
	assert_false(put(t, "id=1", text[0], NULL).duplicate);
	assert_true(put(t, "id=1", text[1], NULL).differs);
	assert_false(put(t, "id=1", text[2], NULL).differs);
	memset(report, 'x', sizeof(report));
	memcpy(report, "id=", 3);
	report[6000] = '\0';
	assert_false(put(t, report, RECORDS, NULL).duplicate);
	assert_true(put(t, report, RECORDS, NULL).duplicate);
	report[5999] = 'y';
	assert_false(put(t, report, RECORDS, NULL).duplicate);
	tally_free(t);
}

/* Lengths are part of what is compared, those around 255, too. */
static void
texts_are_not_run_together(void **state)
{
	struct tally_options o = {.keep_files = false};
	struct tally *t = tally_new(&o);
	char records[2][700];

	(void)state;
	assert_false(put(t, "id=1", "192.0.2.1 env=ab from=c", NULL).duplicate);
	assert_true(put(t, "id=1", "192.0.2.1 env=a from=bc", NULL).differs);
	for (int n = 253; n < 258; n++) {
		char report[16];

		for (int i = 0; i < 2; i++)
			snprintf(records[i], sizeof(records[i]),
			    "192.0.2.1 from=%0*d env=%0*d", n + i, 0, 257 - i,
			    0);
		snprintf(report, sizeof(report), "id=%d day=9", n);
		assert_false(put(t, report, records[0], NULL).duplicate);
		assert_true(put(t, report, records[1], NULL).differs);
		assert_false(put(t, report, records[0], NULL).differs);
	}
	tally_free(t);
}

static void
many_reports_are_known(void **state)
{
	struct tally_options o = {.keep_files = false};
	struct tally *t = tally_new(&o);
	char report[64];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 20000; i++) {
			snprintf(report, sizeof(report), "id=%d day=%d org=%d",
			    i, i / 40, i % 40);
			assert_int_equal(
			    put(t, report, "", NULL).duplicate, round);
		}
	assert_int_equal(tally_input(t).duplicates, 20000);
	assert_int_equal(tally_input(t).overlaps, 0);
	tally_free(t);
}

static void
periods_overlap_that_have_time_in_common(void **state)
{
	/* Reports one after the other; "+" before those that overlap one
	 * before it. */
	static const char *const c[][6] = {
	    {"day=0", "day=1", "day=2"},
	    {"day=2", "day=0", "day=1", "day=1"},
	    {"day=0", "day=0", "day=0"},
	    {"day=0 days=2", "+day=1"},
	    {"day=1", "+day=0 days=2"},
	    {"day=0 days=3", "+day=1", "day=1", "day=4"},
	    {"day=0", "day=1", "day=2", "+day=0 days=3"},
	    {"day=0", "day=1", "day=1", "+day=0 days=2", "day=0 days=2"},
	    {"day=0", "day=4", "+day=0 days=5", "+day=2"},
	    {"day=0", "day=9", "day=3 days=2", "+day=4 days=9"},
	    /* with a second, and without one, between them */
	    {"begin=100 end=199", "begin=200 end=300"},
	    {"begin=100 end=200", "begin=200 end=300"},
	    {"begin=100 end=201", "+begin=200 end=300"},
	    {"begin=200 end=300", "+begin=100 end=201"},
	    {"begin=200 end=300", "begin=100 end=200"},
	    {"begin=200 end=300", "+begin=299 end=400", "begin=400 end=500"},
	    {"begin=200 end=300", "+begin=220 end=221", "+begin=221 end=230"},
	    /* other reporters and domains */
	    {"day=0 days=2", "day=1 org=other", "day=1 domain=a.example"},
	    {"day=0 days=2", "+day=1 org= email=x@reporter"},
	    /* a period that is empty, or ends before it begins */
	    {"day=0", "begin=1728000010 end=1728000010",
		"begin=1728000010 end=1728000009"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {.keep_files = false};
		struct tally *t = tally_new(&o);
		uint64_t overlaps = 0;

		for (size_t k = 0; k < COUNT(c[i]) && c[i][k]; k++) {
			bool overlap = *c[i][k] == '+';
			char report[80];

			snprintf(report, sizeof(report), "id=%zu %s", k,
			    c[i][k] + overlap);
			if (put(t, report, RECORDS, NULL).overlap != overlap)
				fail_msg("case %zu: %s", i, report);
			overlaps += overlap;
		}
		assert_int_equal(tally_input(t).overlaps, overlaps);
		tally_free(t);
	}
}

/* Overlaps as they are found one by one, of random periods. They have 2 seconds
 * at least: the one between two periods is joined with them. */
static void
overlaps_are_those_that_a_search_finds(void **state)
{
	enum {
		PERIODS = 300
	};
	struct interval {
		int begin, end;
	} list[PERIODS];
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20; round++) {
		struct tally_options o = {.keep_files = false};
		struct tally *t = tally_new(&o);

		for (int i = 0; i < PERIODS; i++) {
			bool overlap = false, equal = false;
			char report[80];

			seed = seed * 1103515245 + 12345;
			list[i].begin = 100 + (int)(seed >> 16) % 4000;
			list[i].end = list[i].begin + 2 + (int)(seed % 16);
			for (int k = 0; k < i; k++) {
				overlap |= list[k].begin < list[i].end &&
				    list[i].begin < list[k].end;
				equal |= list[k].begin == list[i].begin &&
				    list[k].end == list[i].end;
			}
			snprintf(report, sizeof(report),
			    "id=%d begin=%d end=%d", i, list[i].begin,
			    list[i].end);
			assert_int_equal(put(t, report, "", NULL).overlap,
			    overlap && !equal);
		}
		tally_free(t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_copy_is_counted_once),
	    TEST(what_has_no_id_is_never_a_copy),
	    TEST(long_texts_are_compared_whole),
	    TEST(texts_are_not_run_together),
	    TEST(many_reports_are_known),
	    TEST(periods_overlap_that_have_time_in_common),
	    TEST(overlaps_are_those_that_a_search_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
