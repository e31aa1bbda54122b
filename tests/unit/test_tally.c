/* test_tally: groups, their order, and what is told of them. */
/* SPDX-License-Identifier: ISC */

#include "fixture_tally.h"

#define FAILED " spf=fail dkim=fail disp=reject"
#define PASSED " spf=pass dkim=pass disp=none"

/* Reports of three reporters, in an order that a test can change. */
static const struct {
	const char *report, *records;
} reports[] = {
    {"org=a id=1 day=0 p=none",
	"192.0.2.1 n=10" PASSED " d=example.org/s1/pass;"
	"192.0.2.9 n=3" FAILED ";"
	"2001:db8::1 n=3" FAILED},
    {"org=b id=1 day=1 p=none",
	"192.0.2.1 n=5" PASSED " d=example.org/s2/pass;"
	"198.51.100.7 n=3 spf=fail dkim=pass disp=quarantine "
	"d=m.example/k/fail d=example.org/s1/pass from=news.example.org"},
    {"org=a id=2 day=2 p=reject sp=none",
	"192.0.2.1 n=2" FAILED ";"
	"x.y.z n=1" FAILED ";"
	"192.0.2.10 n=3" FAILED " from=other.example d=/x/pass"},
    {"org=c id=1 day=1 domain=example.net p=reject pct=50",
	"192.0.2.200 n=7 spf=pass dkim=fail disp=none from=example.net"},
};

static struct tally *
tally_of(const struct tally_options *o, bool backwards)
{
	struct tally *t = tally_new(o);

	for (size_t i = 0; i < COUNT(reports); i++) {
		size_t k = backwards ? COUNT(reports) - 1 - i : i;

		put(t, reports[k].report, reports[k].records, NULL);
	}
	return t;
}

static void
messages_are_grouped_by_what_the_option_says(void **state)
{
	static const struct {
		enum tally_by by;
		const char *expect;
	} c[] = {
	    {TALLY_BY_SOURCE,
		"192.0.2.1 17, 192.0.2.200 7, 192.0.2.9 3, 192.0.2.10 3, "
		"198.51.100.7 3, 2001:db8::1 3, - 1"},
	    {TALLY_BY_NETWORK,
		"192.0.2.0/24 30, 198.51.100.0/24 3, 2001:db8::/48 3, - 1"},
	    {TALLY_BY_DOMAIN,
		"example.org 24, example.net 7, "
		"news.example.org 3, other.example 3"},
	    {TALLY_BY_REPORTER, "a 22, b 8, c 7"},
	    {TALLY_BY_DAY, "0 16, 1 15, 2 6"},
	    {TALLY_BY_SELECTOR,
		"- 16, s1|example.org 13, "
		"s2|example.org 5, x 3"},
	    {TALLY_BY_POLICY,
		"example.org|p=none 24, "
		"example.net|p=reject pct=50 7, "
		"example.org|p=reject sp=none 6"},
	    {TALLY_BY_DISPOSITION, "none 22, reject 12, quarantine 3"},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		for (int backwards = 0; backwards < 2; backwards++) {
			struct tally_options o = {.by = c[i].by};
			struct tally *t = tally_of(&o, backwards);

			same(tally_by_word(c[i].by),
			    rows_text(
				t, TALLY_GROUPS, TALLY_ALL, false, *state),
			    c[i].expect);
			tally_free(t);
		}
}

static void
kinds_come_one_after_the_other(void **state)
{
	struct tally_options o = {.by_kind = true};
	struct tally *t = tally_of(&o, false);

	put(t, "id=9", "192.0.2.1 n=4 reason=forwarded", NULL);
	same("sources", rows_text(t, TALLY_GROUPS, TALLY_ALL, true, *state),
	    "F 192.0.2.1 4, A 192.0.2.1 15, "
	    "P 192.0.2.200 7, P 198.51.100.7 3, "
	    "N 192.0.2.0/24 8, N 2001:db8::1 3, N - 1");
	tally_free(t);
	o.by = TALLY_BY_DOMAIN;
	t = tally_of(&o, true);
	same("domains", rows_text(t, TALLY_GROUPS, TALLY_ALL, true, *state),
	    "A example.org 15, P example.net 7, P news.example.org 3, "
	    "N example.org 9, N other.example 3");
	tally_free(t);
}

static void
a_group_has_counters(void **state)
{
	struct tally_options o = {.by = TALLY_BY_SOURCE};
	struct tally *t = tally_of(&o, false);
	size_t n;
	struct tally_row *rows =
	    tally_list(t, TALLY_GROUPS, TALLY_ALL, *state, &n);
	static const uint64_t expect[TALLY_COUNTERS] = {
	    3, 17, 15, 15, 15, 2, 15, 0, 2, 0, 15, 0, 2};

	assert_int_equal(n, 7);
	for (size_t i = 0; i < TALLY_COUNTERS; i++)
		assert_int_equal(rows[0].n[i], expect[i]);
	assert_int_equal(rows[0].first, DAY_0);
	assert_int_equal(rows[0].last, DAY_0 + 2);
	assert_int_equal(rows[4].n[TALLY_QUARANTINE], 3);
	assert_int_equal(rows[4].n[TALLY_DKIM], 3);
	assert_int_equal(rows[4].n[TALLY_SPF], 0);
	assert_int_equal(rows[4].n[TALLY_REFUSED], 0);
	assert_int_equal(rows[4].n[TALLY_KIND + VERDICT_PARTLY], 3);
	tally_free(t);
}

static void
totals_are_those_of_all_groups(void **state)
{
	struct tally_options o = {.by = TALLY_BY_DAY};
	struct tally *t = tally_of(&o, false);
	struct tally_totals all = tally_totals(t, TALLY_ALL);
	struct tally_input in = tally_input(t);
	static const uint64_t expect[TALLY_COUNTERS] = {
	    4, 37, 22, 18, 25, 12, 22, 3, 12, 0, 15, 10, 12};

	(void)state;
	for (size_t i = 0; i < TALLY_COUNTERS; i++)
		assert_int_equal(all.n[i], expect[i]);
	assert_int_equal(all.reporters, 3);
	assert_int_equal(all.domains, 2);
	assert_int_equal(all.sources, 7);
	assert_int_equal(all.first, DAY_0);
	assert_int_equal(all.last, DAY_0 + 2);
	assert_int_equal(in.reports, 4);
	assert_int_equal(in.records, 9);
	assert_false(in.overflow || in.groups_full || in.sources_full);
	tally_free(t);
}

static void
lists_are_by_other_things(void **state)
{
	static const struct {
		enum tally_list list;
		const char *expect;
	} c[] = {
	    {TALLY_SOURCES,
		"192.0.2.1 17, 192.0.2.200 7, 192.0.2.9 3, 192.0.2.10 3, "
		"198.51.100.7 3, 2001:db8::1 3, - 1"},
	    {TALLY_REPORTERS, "a 22, b 8, c 7"},
	    {TALLY_DOMAINS, "example.org 30, example.net 7"},
	    /* by domain and first day, not by volume */
	    {TALLY_POLICIES,
		"example.net|p=reject pct=50 7, "
		"example.org|p=none 24, "
		"example.org|p=reject sp=none 6"},
	    {TALLY_DAYS, "0 16, 1 15, 2 6"},
	};
	struct tally_options o = {.by_kind = true};
	struct tally *t = tally_of(&o, true);

	for (size_t i = 0; i < COUNT(c); i++)
		same("list", rows_text(t, c[i].list, TALLY_ALL, false, *state),
		    c[i].expect);
	tally_free(t);
}

static void
only_what_the_filters_let_pass_is_counted(void **state)
{
	static const struct {
		const char *domain;
		bool fail;
		const char *sources, *reporters;
		unsigned reports;
	} c[] = {
	    {"example.org", false,
		"192.0.2.1 17, 192.0.2.9 3, 198.51.100.7 3, 2001:db8::1 3, "
		"- 1",
		"a 19, b 8", 3},
	    {"news.example.org", false, "198.51.100.7 3", "b 3", 1},
	    {"", true,
		"192.0.2.9 3, 192.0.2.10 3, 2001:db8::1 3, 192.0.2.1 2, - 1",
		"a 12", 2},
	    {"example.net", true, "", "", 0},
	    {"ample.org", false, "", "", 0},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {
		    .domain = span_of(c[i].domain), .fail = c[i].fail};
		struct tally *t = tally_of(&o, false);
		struct tally_totals all = tally_totals(t, TALLY_ALL);

		same(c[i].domain,
		    rows_text(t, TALLY_GROUPS, TALLY_ALL, false, *state),
		    c[i].sources);
		same(c[i].domain,
		    rows_text(t, TALLY_REPORTERS, TALLY_ALL, false, *state),
		    c[i].reporters);
		assert_int_equal(all.n[TALLY_REPORTS], c[i].reports);
		tally_free(t);
	}
}

/* The row that a source has, in the order of the list. */
static struct tally_row
row_at(struct tally *t, size_t i, struct arena *a)
{
	size_t n;
	struct tally_row *rows = tally_list(t, TALLY_GROUPS, TALLY_ALL, a, &n);

	assert_true(i < n);
	return rows[i];
}

static void
typical_is_what_most_messages_have(void **state)
{
	static const struct {
		const char *records, *domain, *selector, *from, *rule;
		unsigned typical;
	} c[] = {
	    {"192.0.2.1 d=x.example/1/pass", "x.example", "1", "example.org",
		"neither-aligned", 1},
	    /* messages count, not records */
	    {"192.0.2.1 d=x.example/1/pass;192.0.2.1 d=x.example/1/pass;"
	     "192.0.2.1 n=3 d=x.example/2/pass",
		"x.example", "2", "example.org", "neither-aligned", 3},
	    /* of equals the first by octets: rule, d=, selector, From */
	    {"192.0.2.1 d=y.example/1/pass;192.0.2.1 d=x.example/9/pass",
		"x.example", "9", "example.org", "neither-aligned", 1},
	    {"192.0.2.1 d=x.example/9/pass;192.0.2.1 d=y.example/1/pass",
		"x.example", "9", "example.org", "neither-aligned", 1},
	    {"192.0.2.1 from=b.example;192.0.2.1 from=a.example", NULL, NULL,
		"a.example", "neither-aligned", 1},
	    /* together, though most have another d= */
	    {"192.0.2.1 n=2 d=x.example/1/pass;"
	     "192.0.2.1 n=2 d=x.example/2/pass;"
	     "192.0.2.1 n=3 d=y.example/3/pass",
		"y.example", "3", "example.org", "neither-aligned", 3},
	    {"192.0.2.1 n=2 dkim=pass;192.0.2.1 n=3 spf=pass", NULL, NULL,
		"example.org", "only-spf-aligned", 3},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {.by = TALLY_BY_SOURCE};
		struct tally *t = tally_new(&o);
		struct tally_row row;

		put(t, "id=1", c[i].records, NULL);
		row = row_at(t, 0, *state);
		same(c[i].records, row.dkim_domain, c[i].domain);
		same(c[i].records, row.dkim_selector, c[i].selector);
		same(c[i].records, row.header_from, c[i].from);
		same(c[i].records, span_of(verdict_rule_id(row.rule)),
		    c[i].rule);
		assert_int_equal(row.typical, c[i].typical);
		tally_free(t);
	}
}

static void
three_addresses_of_a_network_are_one_row(void **state)
{
	static const struct {
		const char *records, *expect;
		unsigned addresses;
	} c[] = {
	    {"192.0.2.1;192.0.2.2 n=2", "N 192.0.2.2 2, N 192.0.2.1 1", 1},
	    {"192.0.2.1;192.0.2.2 n=2;192.0.2.200", "N 192.0.2.0/24 4", 3},
	    {"192.0.2.1;192.0.2.2;192.0.3.3",
		"N 192.0.2.1 1, N 192.0.2.2 1, "
		"N 192.0.3.3 1",
		1},
	    {"2001:db8::1;2001:db8:0:1::1;2001:db8:0:ffff::",
		"N "
		"2001:db8::/48 3",
		3},
	    {"2001:db8::1;2001:db8:1::1;2001:db8:2::",
		"N 2001:db8::1 1, N 2001:db8:1::1 1, N 2001:db8:2:: 1", 1},
	    /* of one kind only */
	    {"192.0.2.1;192.0.2.2;192.0.2.3 dkim=pass",
		"P 192.0.2.3 1, N 192.0.2.1 1, N 192.0.2.2 1", 1},
	    {"192.0.2.4 dkim=pass;192.0.2.1;192.0.2.2;192.0.2.3",
		"P 192.0.2.4 1, N 192.0.2.0/24 3", 1},
	    /* an address that is not known is in no network */
	    {"x n=5;y n=5;z n=5;192.0.2.1", "N - 15, N 192.0.2.1 1", 1},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {.by_kind = true};
		struct tally *t = tally_new(&o);
		struct tally_row row;

		put(t, "id=1", c[i].records, NULL);
		same(c[i].records,
		    rows_text(t, TALLY_GROUPS, TALLY_ALL, true, *state),
		    c[i].expect);
		row = row_at(t, 0, *state);
		assert_int_equal(row.addresses, c[i].addresses);
		tally_free(t);
	}
}

static void
a_merged_network_has_the_days_and_texts_of_all(void **state)
{
	struct tally_options o = {.by_kind = true};
	struct tally *t = tally_new(&o);
	struct tally_row row;

	put(t, "id=1 day=5", "192.0.2.1 n=3 d=x.example/x/pass", NULL);
	put(t, "id=2 day=2", "192.0.2.2 n=2 d=y.example/y/pass", NULL);
	put(t, "id=3 day=9",
	    "192.0.2.3 n=2 d=y.example/y/pass;192.0.2.1 d=z.example/z/pass",
	    NULL);
	row = row_at(t, 0, *state);
	same("d=", row.dkim_domain, "y.example");
	assert_int_equal(row.typical, 4);
	assert_int_equal(row.n[TALLY_MESSAGES], 8);
	assert_int_equal(row.n[TALLY_REPORTS], 2);
	assert_int_equal(row.first, DAY_0 + 2);
	assert_int_equal(row.last, DAY_0 + 9);
	tally_free(t);
	/* --by=source has each address. */
	o.by_kind = false;
	t = tally_new(&o);
	put(t, "id=1", "192.0.2.1;192.0.2.2;192.0.2.3", NULL);
	same("by source", rows_text(t, TALLY_GROUPS, TALLY_ALL, false, *state),
	    "192.0.2.1 1, 192.0.2.2 1, 192.0.2.3 1");
	tally_free(t);
}

static void
a_policy_is_told_without_what_is_the_default(void **state)
{
	static const struct {
		const char *report, *expect;
	} c[] = {
	    {"p=reject", "example.org|p=reject 1"},
	    {"p=reject sp=reject np=reject adkim=r aspf=r pct=100 t=n",
		"example.org|p=reject 1"},
	    {"p=reject sp=none np=none", "example.org|p=reject sp=none 1"},
	    {"p=reject sp=none np=reject",
		"example.org|p=reject sp=none "
		"np=reject 1"},
	    {"p=quarantine adkim=s aspf=s pct=7 t=y",
		"example.org|p=quarantine adkim=s aspf=s pct=7 t=y 1"},
	    {"p=", "example.org 1"},
	    {"domain= p=none", "-|p=none 1"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally_options o = {.by = TALLY_BY_POLICY};
		struct tally *t = tally_new(&o);
		size_t n;
		struct tally_row *rows;

		put(t, c[i].report, "192.0.2.1", NULL);
		rows = tally_list(t, TALLY_POLICIES, TALLY_ALL, *state, &n);
		assert_int_equal(n, 1);
		if (rows[0].text.p)
			same(c[i].report,
			    rows_text(
				t, TALLY_GROUPS, TALLY_ALL, false, *state),
			    c[i].expect);
		else
			same(c[i].report, rows[0].more, "p=none");
		tally_free(t);
	}
}

static void
a_reporter_is_the_organization_or_the_domain_of_its_address(void **state)
{
	static const struct {
		const char *report, *expect;
	} c[] = {
	    {"org=Org email=a@example.com", "Org"},
	    {"org= email=a@example.com", "example.com"},
	    {"org= email=a@b@example.com", "example.com"},
	    {"org= email=", NULL},
	    {"org= email=a@", NULL},
	    {"org= email=example.com", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct aggregate_report r = read_report(span_of(c[i].report));

		same(c[i].report, tally_reporter(&r.metadata), c[i].expect);
	}
}

static void
a_count_of_0_counts_nothing(void **state)
{
	struct tally_options o = {.by = TALLY_BY_SOURCE};
	struct tally *t = tally_new(&o);

	put(t, "id=1", "192.0.2.1 n=0;192.0.2.2 n=1", NULL);
	put(t, "id=2 day=1", "192.0.2.1 n=0", NULL);
	same("sources", rows_text(t, TALLY_SOURCES, TALLY_ALL, false, *state),
	    "192.0.2.2 1");
	assert_int_equal(tally_totals(t, TALLY_ALL).n[TALLY_REPORTS], 1);
	assert_int_equal(tally_input(t).records, 3);
	tally_free(t);
}

static void
nothing_gives_nothing(void **state)
{
	struct tally_options o = {.by_kind = true, .compare = 7, .recent = 7};
	struct tally *t = tally_new(&o);
	struct tally_totals all = tally_totals(t, TALLY_ALL);

	for (int list = 0; list <= TALLY_SILENT_REPORTERS; list++)
		same("list",
		    rows_text(
			t, (enum tally_list)list, TALLY_LAST, true, *state),
		    "");
	assert_int_equal(all.n[TALLY_MESSAGES], 0);
	assert_int_equal(all.first, TALLY_NO_DAY);
	assert_int_equal(all.last, TALLY_NO_DAY);
	tally_free(t);
	tally_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(messages_are_grouped_by_what_the_option_says),
	    TEST(kinds_come_one_after_the_other),
	    TEST(a_group_has_counters),
	    TEST(totals_are_those_of_all_groups),
	    TEST(lists_are_by_other_things),
	    TEST(only_what_the_filters_let_pass_is_counted),
	    TEST(typical_is_what_most_messages_have),
	    TEST(three_addresses_of_a_network_are_one_row),
	    TEST(a_merged_network_has_the_days_and_texts_of_all),
	    TEST(a_policy_is_told_without_what_is_the_default),
	    TEST(a_reporter_is_the_organization_or_the_domain_of_its_address),
	    TEST(a_count_of_0_counts_nothing),
	    TEST(nothing_gives_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
