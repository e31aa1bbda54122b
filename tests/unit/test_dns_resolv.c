/* test_dns_resolv: the resolver and its deadline. */
/* SPDX-License-Identifier: ISC */

#include "fixture_server.h"

#include <stdlib.h>

static void
what_a_server_says_is_told_apart(void **state)
{
	static const struct question cases[] = {
	    {"data.t", DNS_A, "data|data.t. IN A 192.0.2.1"},
	    {"DATA.t.", DNS_A, "data|data.t. IN A 192.0.2.1"},
	    {"edns.t", DNS_A, "data|edns.t. IN A 192.0.2.1"},
	    {"twice.t", DNS_A, "data|twice.t. IN A 192.0.2.1"},
	    {"x\\y z", DNS_A, "data|x\\092y\\032z. IN A 192.0.2.1"},
	    {"nodata", DNS_A, "no data"},
	    {"nx", DNS_A, "no such name"},
	    {"servfail", DNS_A, "SERVFAIL"},
	    {"refused", DNS_A, "REFUSED"},
	    {"notauth", DNS_A, "unexpected RCODE"},
	    {"chain", DNS_A, "data>b|b. IN A 192.0.2.1"},
	    {"chain", DNS_CNAME, "data|chain. IN CNAME b."},
	    {"gone", DNS_A, "no such name>b"},
	    {"part", DNS_A, "data>e|e. IN A 192.0.2.1"},
	    {"loop", DNS_A, "CNAME loop or chain too long>l"},
	    {"other", DNS_A, "unusable answer"},
	    {"long", DNS_A, "unusable answer"},
	    {"cut", DNS_A, "unusable answer"},
	    {"ring", DNS_A, "unusable answer"},
	    {"data", DNS_TXT, "unusable answer"},
	    {"more", DNS_A, "unusable answer"},
	    {"class", DNS_A, "unusable answer"},
	    {"short", DNS_A, "unusable answer"},
	};
	struct client c;

	(void)state;
	client_start(&c, 60);
	check(c.d, cases, COUNT(cases));
	assert_true(dns_query(c.d, SPAN("ad"), DNS_A)->ad);
	assert_false(dns_query(c.d, SPAN("data"), DNS_A)->ad);
	assert_string_equal(
	    dns_query(c.d, SPAN("data"), DNS_A)->server, c.s.address);
	assert_true(c.s.opts > 0);
	client_stop(&c);
}

/* Prefetches names of which one is answered. Returns whether it was in time,
 * which it is unless the machine pauses for a second. */
static bool
data_beside_silence_is_in_time(struct client *c)
{
	static const char *const names[] = {
	    "silent", "never.asked", "wrong", "data"};

	for (size_t i = 0; i < COUNT(names); i++)
		dns_prefetch(c->d, span_of(names[i]), DNS_A);
	expect(c->d, "silent", DNS_A, "timeout");
	expect(c->d, "wrong", DNS_A, "timeout");
	return dns_query(c->d, SPAN("data"), DNS_A)->status == DNS_DATA;
}

static void
silence_is_a_timeout(void **state)
{
	struct client c;
	const struct dns_answer *silent;
	unsigned tries = 0;

	(void)state;
	client_start(&c, 1);
	while (!data_beside_silence_is_in_time(&c) && client_again(&c, &tries))
		;
	/* An answer that arrived in time is available nevertheless. */
	expect(c.d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	/* What was not waited yet is, and nothing is left. */
	expect(c.d, "silent.last", DNS_A, "timeout");
	expect(c.d, "e", DNS_A, "timeout");
	silent = dns_query(c.d, SPAN("silent"), DNS_A);
	assert_true(silent->seconds > 0.9);
	assert_string_equal(silent->server, c.s.address);
	/* The next message has its own deadline. */
	for (tries = 0; tries < 20; tries++) {
		dns_begin(c.d);
		if (dns_query(c.d, SPAN("e"), DNS_A)->status == DNS_DATA)
			break;
	}
	expect(c.d, "e", DNS_A, "data|e. IN A 192.0.2.1");
	client_stop(&c);
}

static void
each_question_is_sent_once(void **state)
{
	struct client c;
	unsigned once, more, tries = 0;

	(void)state;
	client_start(&c, 60);
	do {
		for (int i = 0; i < 3; i++) {
			dns_prefetch(c.d, SPAN("slow"), DNS_A);
			dns_prefetch(c.d, SPAN("SLOW."), DNS_A);
			dns_prefetch(c.d, SPAN("a..b"), DNS_A);
		}
		expect(c.d, "slow", DNS_A, "data|slow. IN A 192.0.2.1");
		expect(c.d, "servfail", DNS_A, "SERVFAIL");
		expect(c.d, "servfail", DNS_A, "SERVFAIL");
		once = questions(&c.s);
		/* Answers are cached for the next message, failures are
		 * not. */
		dns_begin(c.d);
		expect(c.d, "slow", DNS_A, "data|slow. IN A 192.0.2.1");
		expect(c.d, "servfail", DNS_A, "SERVFAIL");
		more = questions(&c.s);
	} while (client_again(&c, &tries));
	assert_int_equal(once, 2);
	assert_int_equal(more, 3);
	client_stop(&c);
}

/* Prefetches n names, and queries them, the last one first. */
static void
query_many(struct dns *d, unsigned n)
{
	char name[32];

	for (unsigned i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "data.%u", i);
		dns_prefetch(d, span_of(name), DNS_A);
	}
	for (unsigned i = n; i-- > 0;) {
		snprintf(name, sizeof(name), "data.%u", i);
		assert_int_equal(
		    dns_query(d, span_of(name), DNS_A)->status, DNS_DATA);
	}
}

static void
many_questions_wait_for_the_workers(void **state)
{
	struct client c;
	unsigned sent, tries = 0;

	(void)state;
	client_start(&c, 60);
	do {
		query_many(c.d, 4 * LIMIT_DNS_WORKERS);
		sent = questions(&c.s);
	} while (client_again(&c, &tries));
	assert_int_equal(sent, 4 * LIMIT_DNS_WORKERS);
	client_stop(&c);
}

/* Every silent query lasts until the deadline: no thread becomes free
 * before. */
static void
who_waits_needs_no_worker_to_be_free(void **state)
{
	struct client c;

	(void)state;
	client_start(&c, 10);
	prefetch_silent(c.d, 2 * LIMIT_DNS_WORKERS);
	expect(c.d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	expect(c.d, "edns", DNS_A, "data|edns. IN A 192.0.2.1");
	client_stop(&c);
}

static void
another_server_is_asked_if_one_fails(void **state)
{
	struct arena *a = arena_new();
	struct server s;
	/* Nothing listens on port 1. */
	const char *const at[] = {"127.0.0.1#1", "::1#1", s.address};
	struct dns *d;

	(void)state;
	server_start(&s);
	d = dns_at(at, 3, 60, a);
	expect(d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	assert_string_equal(
	    dns_query(d, SPAN("data"), DNS_A)->server, s.address);
	expect(d, "refused", DNS_A, "REFUSED");
	dns_free(d);
	d = dns_at(at, 2, 60, a);
	expect(d, "data", DNS_A, "no server reached");
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

/* What dns_config.failed was called with, each followed by a semicolon. */
static char told[400];

static void
tell(struct span words)
{
	size_t len = strlen(told);

	snprintf(told + len, sizeof(told) - len, SPAN_FMT ";", SPAN_ARG(words));
}

static void
a_server_that_fails_is_told_once(void **state)
{
	static const char *const unreachable[] = {"127.0.0.1#1"};
	struct arena *a = arena_new();
	struct server s;
	const char *const silent[] = {s.address};
	struct dns_config config = {.servers = unreachable,
	    .nservers = 1,
	    .timeout = 10,
	    .failed = tell};
	struct span error, before;
	unsigned seconds;
	struct dns *d;
	int status;
	char end;

	(void)state;
	server_start(&s);
	d = dns_new(&config, a, &error, &status);
	for (int i = 0; i < 3; i++) {
		dns_begin(d);
		expect(d, "data", DNS_A, "no server reached");
		expect(d, "data", DNS_TXT, "no server reached");
	}
	assert_string_equal(
	    told, "DNS server 127.0.0.1#1: Connection refused;");
	dns_free(d);
	told[0] = '\0';
	config.servers = silent;
	config.timeout = 1;
	d = dns_new(&config, a, &error, &status);
	dns_prefetch(d, SPAN("silent"), DNS_A);
	expect(d, "silent", DNS_TXT, "timeout");
	expect(d, "silent", DNS_A, "timeout");
	/* It takes the time it took, which may be more than a second. */
	before = arena_printf(a, "DNS server %s: no answer in ", s.address);
	assert_true(span_starts(span_of(told), before));
	assert_int_equal(
	    sscanf(told + before.len, "%u s%c", &seconds, &end), 2);
	assert_true(seconds >= 1 && end == ';');
	assert_int_equal(strlen(strchr(told, ';')), 1); /* once */
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

/* The reason of one name's failure is in its answer. */
static void
a_server_that_answers_is_not_told(void **state)
{
	struct arena *a = arena_new();
	struct server s;
	const char *const at[] = {"127.0.0.1#1", s.address};
	struct dns_config config = {
	    .servers = at, .nservers = 2, .timeout = 3, .failed = tell};
	struct span error;
	struct dns *d;
	int status;

	(void)state;
	told[0] = '\0';
	server_start(&s);
	d = dns_new(&config, a, &error, &status);
	expect(d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	expect(d, "servfail", DNS_A, "SERVFAIL");
	assert_string_equal(told, "");
	expect(d, "silent", DNS_A, "timeout");
	assert_string_equal(
	    told, "DNS server 127.0.0.1#1: Connection refused;");
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

static void
a_configuration_without_a_server_is_named(void **state)
{
	static const struct {
		const char *text;
		bool has_server;
	} c[] = {
	    {"", false},
	    {"search example.org\noptions edns0\n", false},
	    {"# nameserver 192.0.2.1\n", false},
	    {"nameserver\n", false},
	    {"nameserver localhost\n", false},
	    {"nameserver 192.0.2.1", true},
	    {"search a\nnameserver\t2001:db8::1 \n", true},
	    {"nameserver fe80::1%eth0\n", true},
	};
	struct arena *a = arena_new();
	char path[] = "/tmp/test_dns_resolv.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	for (size_t i = 0; i < COUNT(c); i++) {
		struct span fault;

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, c[i].text, strlen(c[i].text), 0),
		    strlen(c[i].text));
		fault = dns_upstreams_fault(path, a);
		if (!fault.p != c[i].has_server)
			fail_msg("%s", c[i].text);
		if (fault.p)
			assert_true(span_eq(fault,
			    arena_printf(a, "%s names no server", path)));
	}
	close(fd);
	unlink(path);
	assert_true(span_eq(dns_upstreams_fault(path, a),
	    arena_printf(a, "%s: No such file or directory", path)));
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_server_says_is_told_apart),
	    cmocka_unit_test(silence_is_a_timeout),
	    cmocka_unit_test(each_question_is_sent_once),
	    cmocka_unit_test(many_questions_wait_for_the_workers),
	    cmocka_unit_test(who_waits_needs_no_worker_to_be_free),
	    cmocka_unit_test(another_server_is_asked_if_one_fails),
	    cmocka_unit_test(a_server_that_fails_is_told_once),
	    cmocka_unit_test(a_server_that_answers_is_not_told),
	    cmocka_unit_test(a_configuration_without_a_server_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
