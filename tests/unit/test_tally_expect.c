/* test_tally_expect: expectations, shares. */
/* SPDX-License-Identifier: ISC */

#include "fixture_tally.h"

#include "../helper/random.h"

static void
expectations_are_parsed(void **state)
{
	static const struct {
		const char *text;
		struct tally_expectation e;
	} c[] = {
	    {"aligned>=98", {TALLY_MEASURE_ALIGNED, TALLY_AT_LEAST, 98000000}},
	    {"aligned>=98.5",
		{TALLY_MEASURE_ALIGNED, TALLY_AT_LEAST, 98500000}},
	    {"aligned>99.999999",
		{TALLY_MEASURE_ALIGNED, TALLY_OVER, 99999999}},
	    {"aligned=100", {TALLY_MEASURE_ALIGNED, TALLY_EQUAL, 100000000}},
	    {"aligned=100.000",
		{TALLY_MEASURE_ALIGNED, TALLY_EQUAL, 100000000}},
	    {"aligned<0.05", {TALLY_MEASURE_ALIGNED, TALLY_UNDER, 50000}},
	    {"new-sources=0", {TALLY_MEASURE_NEW_SOURCES, TALLY_EQUAL, 0}},
	    {"messages>0", {TALLY_MEASURE_MESSAGES, TALLY_OVER, 0}},
	    {"failed<=10", {TALLY_MEASURE_FAILED, TALLY_AT_MOST, 10}},
	    {"refused < 1000", {TALLY_MEASURE_REFUSED, TALLY_UNDER, 1000}},
	    {" messages <=999999999999999999 ",
		{TALLY_MEASURE_MESSAGES, TALLY_AT_MOST, 999999999999999999}},
	};
	static const char *const bad[] = {"", "aligned", "aligned>=", ">=98",
	    "98", "aligned>=101", "aligned>=100.000001", "aligned>=98.1234567",
	    "aligned>=98.", "aligned>=.5", "aligned>=-1", "aligned>=98%",
	    "aligned=>98", "aligned==98", "aligned!=98", "aligned>=9 8",
	    "aligned>=98.5.5", "Aligned>=98", "messages>=1.5", "messages>=-1",
	    "messages>=+1", "messages>=1000000000000000000", "newsources=0",
	    "=0", "failed<>1", "failed<10 messages>0"};
	struct tally_expectation e;

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		assert_true(tally_expect_parse(span_of(c[i].text), &e));
		assert_int_equal(e.measure, c[i].e.measure);
		assert_int_equal(e.comparison, c[i].e.comparison);
		assert_int_equal(e.value, c[i].e.value);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (tally_expect_parse(span_of(bad[i]), &e))
			fail_msg("%s", bad[i]);
}

static enum tally_met
expect(struct tally *t, const char *text)
{
	struct tally_expectation e;

	assert_true(tally_expect_parse(span_of(text), &e));
	return tally_expect(t, &e);
}

static void
expectations_are_met_without_rounding(void **state)
{
	static const struct {
		unsigned passed, failed;
		const char *text;
		enum tally_met met;
	} c[] = {
	    {98, 2, "aligned>=98", TALLY_MET},
	    {97999, 2001, "aligned>=98", TALLY_NOT_MET},
	    {97999, 2001, "aligned>=97.999", TALLY_MET},
	    {97999, 2001, "aligned>97.999", TALLY_NOT_MET},
	    {97999, 2001, "aligned=97.999", TALLY_MET},
	    {97999, 2001, "aligned<98", TALLY_MET},
	    {999999999, 1, "aligned=100", TALLY_NOT_MET},
	    {999999999, 1, "aligned>=99.999999", TALLY_MET},
	    {1, 2, "aligned>=33.333333", TALLY_MET},
	    {1, 2, "aligned>=33.333334", TALLY_NOT_MET},
	    {1, 0, "aligned=100", TALLY_MET},
	    {0, 1, "aligned=0", TALLY_MET},
	    {0, 1, "aligned>0", TALLY_NOT_MET},
	    {0, 0, "aligned>=0", TALLY_NO_MESSAGES},
	    {0, 0, "aligned<=100", TALLY_NO_MESSAGES},
	    {0, 0, "messages=0", TALLY_MET},
	    {0, 0, "messages>0", TALLY_NOT_MET},
	    {0, 0, "failed=0", TALLY_MET},
	    {3, 4, "messages=7", TALLY_MET},
	    {3, 4, "messages<7", TALLY_NOT_MET},
	    {3, 4, "messages<=7", TALLY_MET},
	    {3, 4, "messages>=8", TALLY_NOT_MET},
	    {3, 4, "failed=4", TALLY_MET},
	    {3, 4, "failed<4", TALLY_NOT_MET},
	    {3, 4, "failed>3", TALLY_MET},
	    {3, 4, "refused=3", TALLY_MET}, /* one is forwarded */
	    {3, 4, "refused>3", TALLY_NOT_MET},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {.recent = 7};
		struct tally *t = tally_new(&o);
		char records[200];

		snprintf(records, sizeof(records),
		    "192.0.2.1 n=%u spf=pass;192.0.2.2 n=%u;"
		    "192.0.2.3 n=%u reason=forwarded",
		    c[i].passed, c[i].failed - (c[i].failed > 1),
		    (unsigned)(c[i].failed > 1));
		put(t, "id=1", records, NULL);
		if (expect(t, c[i].text) != c[i].met)
			fail_msg("%u of %u: %s", c[i].passed,
			    c[i].passed + c[i].failed, c[i].text);
		tally_free(t);
	}
}

static void
new_sources_need_an_earlier_period(void **state)
{
	struct tally_options o = {.recent = 2};
	struct tally *t = tally_new(&o);

	(void)state;
	assert_int_equal(expect(t, "new-sources=0"), TALLY_NO_EARLIER);
	put(t, "id=1 day=1", "192.0.2.1", NULL);
	put(t, "id=2 day=2", "192.0.2.1", NULL);
	assert_int_equal(expect(t, "new-sources=0"), TALLY_NO_EARLIER);
	assert_int_equal(expect(t, "new-sources>=0"), TALLY_NO_EARLIER);
	put(t, "id=3 day=0", "192.0.2.1", NULL);
	assert_int_equal(expect(t, "new-sources=0"), TALLY_MET);
	put(t, "id=4 day=2", "192.0.2.2;192.0.2.3", NULL);
	assert_int_equal(expect(t, "new-sources=0"), TALLY_NOT_MET);
	assert_int_equal(expect(t, "new-sources=2"), TALLY_MET);
	assert_int_equal(expect(t, "new-sources<2"), TALLY_NOT_MET);
	tally_free(t);
}

static void
of_two_periods_the_last_is_evaluated(void **state)
{
	struct tally_options o = {.compare = 1};
	struct tally *t = tally_new(&o);

	(void)state;
	put(t, "id=1 day=0", "192.0.2.1 n=9", NULL);
	put(t, "id=2 day=1", "192.0.2.1 n=1 spf=pass", NULL);
	assert_int_equal(expect(t, "aligned=100"), TALLY_MET);
	assert_int_equal(expect(t, "messages=1"), TALLY_MET);
	tally_free(t);
}

static void
shares_are_rounded_down(void **state)
{
	static const struct {
		uint64_t part, whole;
		unsigned share;
	} c[] = {
	    {0, 0, 0},
	    {0, 1, 0},
	    {1, 1, 1000},
	    {1, 2, 500},
	    {1, 3, 333},
	    {2, 3, 666},
	    {1, 7, 142},
	    {1, 1000, 1},
	    {999, 1000000, 0},
	    {1000, 1000000, 1},
	    {9999, 10000, 999},
	    {999999, 1000000, 999},
	    {INT64_MAX, INT64_MAX, 1000},
	    {INT64_MAX - 1, INT64_MAX, 999},
	    {INT64_MAX / 2, INT64_MAX, 499},
	    {INT64_MAX / 2 + 1, INT64_MAX, 500},
	    {1, INT64_MAX, 0},
	    {UINT64_MAX, UINT64_MAX, 1000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		assert_int_equal(
		    tally_share(c[i].part, c[i].whole), c[i].share);
}

static void
shares_never_add_up_to_more_than_all(void **state)
{
	struct generator g = {.random = 1};

	(void)state;
	for (int round = 0; round < 2000; round++) {
		uint64_t part[12], whole = 0;
		unsigned sum = 0, n = 2 + (unsigned)round % 11;

		for (unsigned i = 0; i < n; i++) {
			part[i] = pick(&g, round % 2 ? 50 : 1000000);
			whole += part[i];
		}
		for (unsigned i = 0; i < n; i++) {
			unsigned share = tally_share(part[i], whole);

			assert_true(share * whole <= part[i] * 1000);
			assert_true(
			    !whole || (share + 1) * whole > part[i] * 1000);
			sum += share;
		}
		assert_true(sum <= 1000);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(expectations_are_parsed),
	    TEST(expectations_are_met_without_rounding),
	    TEST(new_sources_need_an_earlier_period),
	    TEST(of_two_periods_the_last_is_evaluated),
	    TEST(shares_are_rounded_down),
	    TEST(shares_never_add_up_to_more_than_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
