/* test_dmarc_summary: counts of many results. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <stdio.h>

#include "base/arena.h"
#include "dmarc/dmarc_summary.h"

static void
check_text(struct dmarc_summary *t, const char *wanted)
{
	struct arena *a = arena_new();
	struct span got = dmarc_summary_text(t, a);

	if (!span_eq(got, span_of(wanted)))
		fail_msg(SPAN_FMT ", not %s", SPAN_ARG(got), wanted);
	arena_free(a);
}

/* Adds a message from a client; NULL: the client is not known. */
static void
add(struct dmarc_summary *t, enum result_code code,
    enum dmarc_policy disposition, const char *client)
{
	struct result r = {.method = "dmarc", .code = code};
	struct envelope e = {.has_ip = client != NULL};

	if (client)
		assert_true(ip_parse(span_of(client), &e.ip));
	dmarc_summary_add(t, &r, disposition, &e);
}

static void
add_fails(struct dmarc_summary *t, size_t n, const char *client)
{
	for (size_t i = 0; i < n; i++)
		add(t, RESULT_FAIL, DMARC_POLICY_NONE, client);
}

static void
nothing_is_nothing(void **state)
{
	static struct dmarc_summary t;

	(void)state;
	check_text(&t, "0 messages");
}

static void
every_result_has_its_count(void **state)
{
	static struct dmarc_summary t;

	(void)state;
	for (int code = 0; code < RESULT_CODES; code++)
		for (int i = 0; i <= code; i++)
			add(&t, (enum result_code)code, DMARC_POLICY_NONE,
			    "192.0.2.1");
	assert_int_equal(t.messages, 36);
	check_text(&t,
	    "36 messages: 1 pass, 2 fail (2 none, 0 quarantine, 0 reject), 3 "
	    "softfail, 4 neutral, 5 policy, 6 none, 7 permerror, 8 temperror; "
	    "failed from 192.0.2.1 (2)");
}

static void
results_that_are_not_there_are_left_out(void **state)
{
	static struct dmarc_summary t;

	(void)state;
	add(&t, RESULT_TEMPERROR, DMARC_POLICY_NONE, "192.0.2.1");
	check_text(&t, "1 messages: 1 temperror");
	add(&t, RESULT_PASS, DMARC_POLICY_NONE, "192.0.2.2");
	add(&t, RESULT_PASS, DMARC_POLICY_NONE, NULL);
	check_text(&t, "3 messages: 2 pass, 1 temperror");
}

static void
fails_are_counted_by_disposition_and_nothing_else_is(void **state)
{
	static struct dmarc_summary t;

	(void)state;
	add(&t, RESULT_FAIL, DMARC_POLICY_NONE, "192.0.2.1");
	add(&t, RESULT_FAIL, DMARC_POLICY_QUARANTINE, "192.0.2.1");
	add(&t, RESULT_FAIL, DMARC_POLICY_QUARANTINE, "192.0.2.1");
	add(&t, RESULT_FAIL, DMARC_POLICY_REJECT, "192.0.2.1");
	add(&t, RESULT_FAIL, DMARC_POLICY_REJECT, "192.0.2.1");
	add(&t, RESULT_FAIL, DMARC_POLICY_REJECT, "192.0.2.1");
	add(&t, RESULT_NONE, DMARC_POLICY_REJECT, "192.0.2.9");
	add(&t, RESULT_PASS, DMARC_POLICY_REJECT, "192.0.2.9");
	check_text(&t,
	    "8 messages: 1 pass, 6 fail (1 none, 2 quarantine, 3 reject), 1 "
	    "none; failed from 192.0.2.1 (6)");
}

static void
clients_that_failed_most_come_first(void **state)
{
	static struct dmarc_summary t;

	(void)state;
	add_fails(&t, 1, "192.0.2.9");
	add_fails(&t, 2, "2001:db8::1");
	add_fails(&t, 1, "192.0.2.10");
	add_fails(&t, 3, "192.0.2.1");
	add_fails(&t, 1, "2001:DB8:0::1");
	check_text(&t,
	    "8 messages: 8 fail (8 none, 0 quarantine, 0 reject); failed from "
	    "192.0.2.1 (3), 2001:db8::1 (3), 192.0.2.9 (1), 192.0.2.10 (1)");
	/* Reading the text does not change the order. */
	add_fails(&t, 4, "192.0.2.10");
	check_text(&t,
	    "12 messages: 12 fail (12 none, 0 quarantine, 0 reject); failed "
	    "from 192.0.2.10 (5), 192.0.2.1 (3), 2001:db8::1 (3), 192.0.2.9 "
	    "(1)");
}

static void
clients_that_are_not_known_come_after_them(void **state)
{
	static struct dmarc_summary t;

	(void)state;
	add_fails(&t, 2, NULL);
	check_text(&t,
	    "2 messages: 2 fail (2 none, 0 quarantine, 0 reject); failed from "
	    "unknown clients (2)");
	add_fails(&t, 1, "192.0.2.1");
	check_text(&t,
	    "3 messages: 3 fail (3 none, 0 quarantine, 0 reject); failed from "
	    "192.0.2.1 (1), unknown clients (2)");
}

static void
ten_clients_are_named_and_more_are_others(void **state)
{
	static const char *const client[] = {"192.0.2.1", "192.0.2.2",
	    "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7",
	    "192.0.2.8", "192.0.2.9", "192.0.2.10", "192.0.2.11", "192.0.2.12"};
	static struct dmarc_summary t;

	(void)state;
	for (size_t i = 0; i < 10; i++)
		add_fails(&t, 12 - i, client[i]);
	check_text(&t,
	    "75 messages: 75 fail (75 none, 0 quarantine, 0 reject); failed "
	    "from 192.0.2.1 (12), 192.0.2.2 (11), 192.0.2.3 (10), 192.0.2.4 "
	    "(9), 192.0.2.5 (8), 192.0.2.6 (7), 192.0.2.7 (6), 192.0.2.8 (5), "
	    "192.0.2.9 (4), 192.0.2.10 (3)");
	add_fails(&t, 2, client[10]);
	add_fails(&t, 1, client[11]);
	add_fails(&t, 1, NULL);
	check_text(&t,
	    "79 messages: 79 fail (79 none, 0 quarantine, 0 reject); failed "
	    "from 192.0.2.1 (12), 192.0.2.2 (11), 192.0.2.3 (10), 192.0.2.4 "
	    "(9), 192.0.2.5 (8), 192.0.2.6 (7), 192.0.2.7 (6), 192.0.2.8 (5), "
	    "192.0.2.9 (4), 192.0.2.10 (3), unknown clients (1), others (3)");
}

static void
of_clients_over_the_limit_only_the_number_is_known(void **state)
{
	static struct dmarc_summary t;
	char text[32];

	(void)state;
	for (unsigned i = 0; i < LIMIT_SUMMARY_SOURCES + 7; i++) {
		snprintf(text, sizeof(text), "10.0.%u.%u", i / 256, i % 256);
		add_fails(&t, 1, text);
	}
	assert_int_equal(t.nsources, LIMIT_SUMMARY_SOURCES);
	assert_int_equal(t.others, 7);
	add_fails(&t, 1, "10.0.0.0"); /* the client already has an entry */
	assert_int_equal(t.others, 7);
	check_text(&t,
	    "1008 messages: 1008 fail (1008 none, 0 quarantine, 0 reject); "
	    "failed from 10.0.0.0 (2), 10.0.0.1 (1), 10.0.0.2 (1), 10.0.0.3 "
	    "(1), 10.0.0.4 (1), 10.0.0.5 (1), 10.0.0.6 (1), 10.0.0.7 (1), "
	    "10.0.0.8 (1), 10.0.0.9 (1), others (997)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_nothing),
	    cmocka_unit_test(every_result_has_its_count),
	    cmocka_unit_test(results_that_are_not_there_are_left_out),
	    cmocka_unit_test(
		fails_are_counted_by_disposition_and_nothing_else_is),
	    cmocka_unit_test(clients_that_failed_most_come_first),
	    cmocka_unit_test(clients_that_are_not_known_come_after_them),
	    cmocka_unit_test(ten_clients_are_named_and_more_are_others),
	    cmocka_unit_test(
		of_clients_over_the_limit_only_the_number_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
