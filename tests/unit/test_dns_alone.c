/* test_dns_alone: one query alone, which needs no thread. */
/* SPDX-License-Identifier: ISC */

#include "fixture_server.h"

/* Waits until the server has received n queries. */
static void
await_questions(struct server *s, unsigned n)
{
	for (int tries = 0; questions(s) < n; tries++) {
		if (tries == 600)
			fail_msg("%u queries, not %u", questions(s), n);
		usleep(50000);
	}
}

/* Waits for the threads of an earlier client to end. Returns how many there are
 * with a server, but without one that was started for a query. */
static unsigned
threads_at_first(void)
{
	static unsigned first;

	if (!first)
		first = threads();
	for (int tries = 0; threads() > first && tries < 12000; tries++)
		usleep(5000);
	assert_int_equal(threads(), first);
	return first;
}

static void
one_question_alone_takes_no_thread(void **state)
{
	static const struct question cases[] = {
	    {"data.t", DNS_A, "data|data.t. IN A 192.0.2.1"},
	    {"nodata", DNS_A, "no data"},
	    {"nx", DNS_A, "no such name"},
	    {"servfail", DNS_A, "SERVFAIL"},
	    {"refused", DNS_A, "REFUSED"},
	    {"part", DNS_A, "data>e|e. IN A 192.0.2.1"},
	};
	struct client c;
	unsigned before, after, sent, tries = 0;

	(void)state;
	client_start(&c, 60);
	do {
		before = threads_at_first();
		check(c.d, cases, COUNT(cases));
		after = threads();
		sent = questions(&c.s);
	} while (client_again(&c, &tries));
	assert_int_equal(after, before);
	assert_int_equal(sent, COUNT(cases) + 1); /* and e */
	assert_string_equal(
	    dns_query(c.d, SPAN("data.t"), DNS_A)->server, c.s.address);
	client_stop(&c);
}

/* The first attempt has not the last word: a thread goes on, and sends no more
 * than if it had made all attempts. */
static void
what_one_attempt_does_not_answer_is_left_to_a_thread(void **state)
{
	static const struct {
		const char *name, *text;
		unsigned questions;
	} rows[] = {
	    {"edns", "data|edns. IN A 192.0.2.1", 2},
	    {"other", "unusable answer", 2},
	    {"short", "unusable answer", 2},
	    {"tcp", "truncated, and TCP does not work", 2},
	};
	struct client c;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned before, after, sent, tries = 0;

		client_start(&c, 60);
		do {
			before = threads_at_first();
			expect(c.d, rows[i].name, DNS_A, rows[i].text);
			after = threads();
			sent = questions(&c.s);
		} while (client_again(&c, &tries));
		assert_int_equal(after, before + 1);
		assert_int_equal(sent, rows[i].questions);
		client_stop(&c);
	}
}

/* What was counted when some names had been prefetched. */
struct prefetched {
	unsigned held; /* queries while the first was held */
	int threads;   /* more than before, when it was answered */
	unsigned sent;
};

static struct prefetched
prefetch_held_and_others(struct client *c)
{
	unsigned before = threads_at_first();
	struct prefetched seen;

	dns_hold(c->d);
	dns_prefetch(c->d, SPAN("data.1"), DNS_A);
	usleep(50000);
	seen.held = questions(&c->s);
	expect(c->d, "data.1", DNS_A, "data|data.1. IN A 192.0.2.1");
	seen.threads = (int)(threads() - before);
	/* Another one releases it. */
	dns_prefetch(c->d, SPAN("data.2"), DNS_A);
	dns_prefetch(c->d, SPAN("data.3"), DNS_A);
	await_questions(&c->s, 3);
	dns_begin(c->d);
	dns_prefetch(c->d, SPAN("data.4"), DNS_A);
	await_questions(&c->s, 4);
	/* Threads that are idle are not needed either. */
	expect(c->d, "data.4", DNS_A, "data|data.4. IN A 192.0.2.1");
	dns_hold(c->d);
	dns_prefetch(c->d, SPAN("data.5"), DNS_A);
	dns_begin(c->d);
	seen.sent = questions(&c->s);
	return seen;
}

static void
a_prefetched_question_is_sent_at_once_unless_it_is_held(void **state)
{
	struct client c;
	struct prefetched seen;
	unsigned tries = 0;

	(void)state;
	/* A thread becomes idle some time after its answer is there. If the
	 * last name is prefetched before, the thread queries it; so it does if
	 * the machine pauses. */
	do {
		client_start(&c, 60);
		seen = prefetch_held_and_others(&c);
		client_stop(&c);
		assert_int_equal(seen.held, 0);
	} while ((seen.threads || seen.sent > 4) && ++tries < 20);
	assert_int_equal(seen.threads, 0);
	assert_int_equal(seen.sent, 4);
}

/* What waiters were called with. */
struct arrival {
	struct dns *d;
	unsigned calls;
};

static void
prefetch_more(void *arg)
{
	struct arrival *a = arg;

	if (!a->calls++)
		dns_prefetch(a->d, SPAN("slow"), DNS_TXT);
}

/* Both take 0.1 s, in turn, as the server has one thread: it has received the
 * second when it answers the first. */
static void
who_waits_may_send_more_before(void **state)
{
	struct arrival a = {0};
	struct client c;
	unsigned before;

	(void)state;
	client_start(&c, 60);
	before = threads_at_first();
	a.d = c.d;
	dns_on_arrival(c.d, prefetch_more, &a);
	expect(c.d, "slow", DNS_A, "data|slow. IN A 192.0.2.1");
	dns_on_arrival(c.d, NULL, NULL);
	assert_true(a.calls > 0);
	assert_true(threads() > before);
	await_questions(&c.s, 2);
	client_stop(&c);
}

/* Queries a silent server and one that answers. Returns the time that it took,
 * and how many queries the silent one has received. */
static double
query_silent_and_other(unsigned *sent)
{
	struct arena *a = arena_new();
	struct server s, silent;
	const char *const at[] = {silent.address, s.address};
	const struct dns_answer *answer;
	struct dns *d;
	double seconds;

	server_start(&s);
	server_start(&silent);
	pthread_mutex_lock(&silent.lock);
	silent.is_silent = true;
	pthread_mutex_unlock(&silent.lock);
	d = dns_at(at, 2, 60, a);
	answer = dns_query(d, SPAN("data"), DNS_A);
	assert_int_equal(answer->status, DNS_DATA);
	assert_string_equal(answer->server, s.address);
	seconds = answer->seconds;
	*sent = questions(&silent);
	dns_free(d);
	server_stop(&silent);
	server_stop(&s);
	arena_free(a);
	return seconds;
}

/* A server that is silent takes the second of its attempt, and not another one
 * in the thread. On a machine that pauses it can take longer, never
 * less: some of the times are true. */
static void
after_a_silent_server_the_next_is_queried(void **state)
{
	double seconds = 0;
	unsigned sent;

	(void)state;
	for (int tries = 0; tries < 20 && !(seconds > 0 && seconds < 1.9);
	     tries++)
		seconds = query_silent_and_other(&sent);
	assert_true(seconds > 0.9 && seconds < 1.9);
	assert_int_equal(sent, 1);
}

static double
query_silent(double timeout)
{
	const struct dns_answer *answer;
	struct client c;
	double seconds;

	client_start(&c, timeout);
	answer = dns_query(c.d, SPAN("silent"), DNS_A);
	assert_int_equal(answer->status, DNS_TIMEOUT);
	seconds = answer->seconds;
	assert_true(seconds > timeout * 0.9);
	client_stop(&c);
	return seconds;
}

static void
the_deadline_is_kept(void **state)
{
	static const double timeouts[] = {0.3, 1, 1.5};

	(void)state;
	for (size_t i = 0; i < COUNT(timeouts); i++) {
		double most = timeouts[i] + 0.5, seconds;
		int tries = 0;

		do
			seconds = query_silent(timeouts[i]);
		while (seconds >= most && ++tries < 20);
		assert_true(seconds < most);
	}
}

/* What a message takes besides, more than all of its time, leaves that to the
 * queries after it. On a machine that pauses an answer can come too late, never
 * too early: one of some is in time. */
static void
only_what_is_waited_counts(void **state)
{
	enum dns_status status = DNS_TIMEOUT;
	struct client c;

	(void)state;
	client_start(&c, 0.3);
	for (int tries = 0; tries < 20 && status == DNS_TIMEOUT; tries++) {
		dns_begin(c.d);
		usleep(400000);
		status = dns_query(c.d, SPAN("data"), DNS_A)->status;
	}
	assert_int_equal(status, DNS_DATA);
	client_stop(&c);
}

/* Queries that are waited for, one after the other, have one deadline. */
static void
a_deadline_that_has_passed_leaves_no_time(void **state)
{
	const struct dns_answer *last;
	struct client c;

	(void)state;
	client_start(&c, 1);
	expect(c.d, "silent.1", DNS_A, "timeout");
	last = dns_query(c.d, SPAN("data"), DNS_A);
	assert_int_equal(last->status, DNS_TIMEOUT);
	assert_true(questions(&c.s) <= 1);
	client_stop(&c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_question_alone_takes_no_thread),
	    cmocka_unit_test(
		what_one_attempt_does_not_answer_is_left_to_a_thread),
	    cmocka_unit_test(
		a_prefetched_question_is_sent_at_once_unless_it_is_held),
	    cmocka_unit_test(who_waits_may_send_more_before),
	    cmocka_unit_test(after_a_silent_server_the_next_is_queried),
	    cmocka_unit_test(the_deadline_is_kept),
	    cmocka_unit_test(only_what_is_waited_counts),
	    cmocka_unit_test(a_deadline_that_has_passed_leaves_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
