/* test_dns_hang: silent servers, on which libresolv may wait for ever. */
/* SPDX-License-Identifier: ISC */

#include "fixture_server.h"

#include <poll.h>

/* A server that accepts connections and never answers. */
struct silence {
	struct server server;
	int listener;
	int connection[2 * LIMIT_DNS_THREADS];
	unsigned connections;
};

/* Returns a socket that listens at the server's address; -1: its port is in
 * use. */
static int
listen_at(const struct server *s)
{
	struct sockaddr_in at;
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &size), 0);
	if (!bind(fd, (struct sockaddr *)&at, size) &&
	    !listen(fd, 2 * LIMIT_DNS_THREADS))
		return fd;
	close(fd);
	return -1;
}

static void
silence_start(struct silence *s)
{
	s->connections = 0;
	for (int tries = 0; tries < 50; tries++) {
		server_start(&s->server);
		s->listener = listen_at(&s->server);
		if (s->listener >= 0)
			return;
		server_stop(&s->server);
	}
	fail_msg("no port is free for UDP and TCP");
}

/* Waits until there are n connections. */
static void
await_connections(struct silence *s, unsigned n)
{
	struct pollfd ready = {.fd = s->listener, .events = POLLIN};

	while (s->connections < n) {
		if (poll(&ready, 1, 30000) != 1)
			fail_msg("%u connections, not %u", s->connections, n);
		s->connection[s->connections++] =
		    accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
	}
}

static void
close_connections(struct silence *s)
{
	close(s->listener);
	while (s->connections)
		close(s->connection[--s->connections]);
}

/* Waits until only n threads are left: what abandoned ones still hold is not a
 * leak. */
static void
await_threads(unsigned n)
{
	for (int tries = 0; threads() > n; tries++) {
		if (tries == 600)
			fail_msg("%u threads, not %u", threads(), n);
		usleep(50000);
	}
}

/* Prefetches as many names as can be queried at once. */
static void
prefetch_round(struct dns *d, unsigned round)
{
	char name[32];

	for (unsigned i = 0; i < LIMIT_DNS_WORKERS; i++) {
		snprintf(name, sizeof(name), "tcp.%u.%u", round, i);
		dns_prefetch(d, span_of(name), DNS_A);
	}
}

/* Queries a name that is answered, up to 20 times: the one attempt without a
 * thread may fail when the machine pauses. */
static void
expect_alone(struct dns *d)
{
	for (int i = 0; i < 20; i++) {
		if (dns_query(d, SPAN("data"), DNS_A)->status == DNS_DATA)
			break;
		dns_begin(d);
	}
	expect(d, "data", DNS_A, "data|data. IN A 192.0.2.1");
}

/* Each message abandons all the threads that it may use. */
static void
threads_that_hang_are_no_more_than_the_limit(void **state)
{
	struct arena *a = arena_new();
	struct silence s;
	const char *const at[] = {s.server.address};
	unsigned before;
	struct dns *d;

	(void)state;
	silence_start(&s);
	before = threads();
	d = dns_at(at, 1, 8, a);
	for (unsigned i = 0; i < 2 * LIMIT_DNS_THREADS;
	     i += LIMIT_DNS_WORKERS) {
		prefetch_round(d, i);
		assert_true(threads() <= before + LIMIT_DNS_THREADS);
		if (i < LIMIT_DNS_THREADS)
			await_connections(&s, i + LIMIT_DNS_WORKERS);
		dns_begin(d);
	}
	assert_int_equal(threads(), before + LIMIT_DNS_THREADS);
	/* No thread is left: one query alone needs none, two have their full
	 * time. */
	expect_alone(d);
	dns_begin(d);
	dns_prefetch(d, SPAN("edns"), DNS_A);
	expect(d, "ad", DNS_A, "timeout");
	assert_int_equal(threads(), before + LIMIT_DNS_THREADS);
	/* A released thread serves queries again. */
	close_connections(&s);
	dns_begin(d);
	dns_prefetch(d, SPAN("edns"), DNS_A);
	expect(d, "ad", DNS_A, "data|ad. IN A 192.0.2.1");
	dns_free(d);
	await_threads(before);
	server_stop(&s.server);
	arena_free(a);
}

/* All workers are busy with silence when the next message begins. */
static void
workers_that_hang_do_not_block_the_next_message(void **state)
{
	struct arena *a = arena_new();
	struct server s;
	const char *const at[] = {s.address};
	unsigned before;
	struct dns *d;

	(void)state;
	server_start(&s);
	before = threads();
	d = dns_at(at, 1, 30, a);
	prefetch_silent(d, 2 * LIMIT_DNS_WORKERS);
	dns_begin(d);
	/* Waiting for them would take their 30 seconds. */
	assert_true(dns_query(d, SPAN("data"), DNS_A)->seconds < 29);
	expect(d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	dns_free(d);
	await_threads(before);
	server_stop(&s);
	arena_free(a);
}

/* Prefetched names are queried in turn, though nobody waits for them before the
 * deadline and all queries before them remain unanswered. */
static void
silence_keeps_no_other_question_waiting(void **state)
{
	struct client c;

	(void)state;
	client_start(&c, 8);
	prefetch_silent(c.d, 2 * LIMIT_DNS_WORKERS);
	dns_prefetch(c.d, SPAN("data"), DNS_A);
	expect(c.d, "silent.0", DNS_A, "timeout");
	expect(c.d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	client_stop(&c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(threads_that_hang_are_no_more_than_the_limit),
	    cmocka_unit_test(workers_that_hang_do_not_block_the_next_message),
	    cmocka_unit_test(silence_keeps_no_other_question_waiting),
	};

	only_if_full();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
