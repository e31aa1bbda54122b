#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buf.h"
#include "dns.h"
#include "limit.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* "data|CANONICAL|RECORD|RECORD": what an answer says. */
static struct span
text_of(const struct dns_answer *answer, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, dns_status_words(answer->status));
	if (!span_eq(answer->canonical, answer->name)) {
		buf_char(&b, '>');
		buf_add(&b, answer->canonical);
	}
	for (size_t i = 0; i < answer->records; i++) {
		buf_char(&b, '|');
		buf_add(&b, dns_record_text(&answer->record[i], a));
	}
	return buf_span(&b);
}

static void
expect(struct dns *d, const char *name, enum dns_type type, const char *text)
{
	struct arena *a = arena_new();
	struct span said = text_of(dns_query(d, span_of(name), type), a);

	if (!span_eq(said, span_of(text)))
		fail_msg("%s %d: " SPAN_FMT ", not %s", name, (int)type,
		    SPAN_ARG(said), text);
	arena_free(a);
}

struct question {
	const char *name;
	enum dns_type type;
	const char *expect;
};

static void
check(struct dns *d, const struct question *q, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect(d, q[i].name, q[i].type, q[i].expect);
}

/*
 * A server on the loopback interface that does what the name's first label
 * says, and counts.
 */

struct server {
	int fd;
	unsigned questions, opts;
	char address[32];
	pthread_t thread;
	pthread_mutex_t lock;
};

/* What follows the question, with its RCODE and counts. */
struct script {
	const char *label;
	unsigned char flags2; /* RA, AD, RCODE */
	unsigned char answers;
	struct span octets;
};

#define HEAD 12
#define A_OF(owner) \
	owner "\0\1\0\1\0\0\0\0\0\4\300\0\2\1" /* class IN, TTL 0, 192.0.2.1 */
#define CNAME_OF(owner, to) owner "\0\5\0\1\0\0\0\0\0\3\1" to "\0"

#define OCTETS(lit)                  \
	{                            \
		lit, sizeof(lit) - 1 \
	}

/* \300\14 points to the question's name. */
static const struct script scripts[] = {
    {"data", 0x80, 1, OCTETS(A_OF("\300\14"))},
    {"ad", 0xa0, 1, OCTETS(A_OF("\300\14"))},
    {"edns", 0x80, 1, OCTETS(A_OF("\300\14"))},
    {"slow", 0x80, 1, OCTETS(A_OF("\300\14"))},
    {"twice", 0x80, 2, OCTETS(A_OF("\300\14") A_OF("\300\14"))},
    {"nodata", 0x80, 0, OCTETS("")},
    {"nx", 0x83, 0, OCTETS("")},
    {"servfail", 0x82, 0, OCTETS("")},
    {"refused", 0x85, 0, OCTETS("")},
    {"notauth", 0x89, 0, OCTETS("")},
    {"chain", 0x80, 2, OCTETS(CNAME_OF("\300\14", "b") A_OF("\1B\0"))},
    {"gone", 0x83, 1, OCTETS(CNAME_OF("\300\14", "b"))},
    {"part", 0x80, 1, OCTETS(CNAME_OF("\300\14", "e"))},
    {"e", 0x80, 1, OCTETS(A_OF("\300\14"))},
    {"loop", 0x80, 1, OCTETS(CNAME_OF("\300\14", "l"))},
    {"l", 0x80, 1, OCTETS(CNAME_OF("\300\14", "l"))},
    {"other", 0x80, 1, OCTETS(A_OF("\1b\0"))},
    {"long", 0x80, 1,
	OCTETS("\300\14\0\1\0\1\0\0\0\0\0\5\300\0\2\1\1")}, /* A of 5 octets */
    {"cut", 0x80, 1, OCTETS("\300\14\0\1\0\1\0\0\0\0\0\4\300")},
    {"ring", 0x80, 1, OCTETS(A_OF("\300\30"))}, /* points at itself */
    {"more", 0x80, 1, OCTETS(A_OF("\300\14") "x")},
    {"class", 0x80, 1, OCTETS("\300\14\0\1\0\3\0\0\0\0\0\4\300\0\2\1")},
    {"x\\y z", 0x80, 1, OCTETS(A_OF("\300\14"))},
};

static const struct script *
script_of(const unsigned char *label)
{
	struct span s = {(const char *)label + 1, *label};

	for (size_t i = 0; i < COUNT(scripts); i++)
		if (span_eq(s, span_of(scripts[i].label)))
			return &scripts[i];
	return NULL;
}

/* Makes the question in p, as far as its end, the reply. */
static size_t
reply_to(unsigned char *p, size_t end, const struct script *s, bool edns)
{
	p[2] |= 0x80; /* QR */
	p[3] = s->flags2;
	p[7] = s->answers;
	p[11] = 0;
	if (edns && !strcmp(s->label, "edns")) {
		p[3] = 0x81; /* FORMERR */
		p[7] = 0;
		return end;
	}
	memcpy(p + end, s->octets.p, s->octets.len);
	return end + s->octets.len;
}

static void *
serve(void *arg)
{
	struct server *s = arg;

	for (;;) {
		unsigned char p[1024] = {0};
		struct sockaddr_in from;
		socklen_t size = sizeof(from);
		ssize_t n =
		    recvfrom(s->fd, p, 512, 0, (struct sockaddr *)&from, &size);
		size_t end = HEAD;
		const struct script *script;

		if (n < HEAD) /* the end */
			return NULL;
		while (p[end])
			end += p[end] + 1u;
		end += 5;
		pthread_mutex_lock(&s->lock);
		s->questions++;
		s->opts += p[11];
		pthread_mutex_unlock(&s->lock);
		script = script_of(p + HEAD);
		if (script && !strcmp(script->label, "slow"))
			usleep(100000);
		if (script)
			end = reply_to(p, end, script, p[11]);
		else if (!memcmp(p + HEAD, "\5short", 6))
			end = 5;
		else if (!memcmp(p + HEAD, "\5wrong", 6))
			p[HEAD + 1]++, p[2] |= 0x80;
		else
			continue; /* silence */
		sendto(s->fd, p, end, 0, (struct sockaddr *)&from, size);
	}
}

static void
server_start(struct server *s)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);

	*s = (struct server){.fd = socket(AF_INET, SOCK_DGRAM, 0)};
	assert_int_equal(bind(s->fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &size), 0);
	snprintf(
	    s->address, sizeof(s->address), "127.0.0.1#%d", ntohs(at.sin_port));
	pthread_mutex_init(&s->lock, NULL);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static unsigned
questions(struct server *s)
{
	unsigned n;

	pthread_mutex_lock(&s->lock);
	n = s->questions;
	pthread_mutex_unlock(&s->lock);
	return n;
}

static void
server_stop(struct server *s)
{
	struct sockaddr_in at;
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	getsockname(s->fd, (struct sockaddr *)&at, &size);
	sendto(fd, "", 0, 0, (struct sockaddr *)&at, size);
	pthread_join(s->thread, NULL);
	pthread_mutex_destroy(&s->lock);
	close(fd);
	close(s->fd);
}

static struct dns *
dns_at(const char *const *servers, size_t n, double timeout, struct arena *a)
{
	struct dns_config c = {
	    .servers = servers, .nservers = n, .timeout = timeout};
	struct span error;
	int status;
	struct dns *d = dns_new(&c, a, &error, &status);

	assert_non_null(d);
	return d;
}

/* The C library locks its table of resolver configurations with a lock that
 * thread sanitizers do not see. */
const char *__tsan_default_suppressions(void);
const char *
__tsan_default_suppressions(void)
{
	return "race:__libc_dynarray_emplace_enlarge\n";
}

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
	struct arena *a = arena_new();
	struct server s;
	const char *const at[] = {s.address};
	struct dns *d;

	(void)state;
	server_start(&s);
	d = dns_at(at, 1, 10, a);
	check(d, cases, COUNT(cases));
	assert_true(dns_query(d, SPAN("ad"), DNS_A)->ad);
	assert_false(dns_query(d, SPAN("data"), DNS_A)->ad);
	assert_string_equal(
	    dns_query(d, SPAN("data"), DNS_A)->server, s.address);
	assert_true(s.opts > 0);
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

static void
silence_is_a_timeout(void **state)
{
	struct arena *a = arena_new();
	struct server s;
	const char *const at[] = {s.address};
	const struct dns_answer *silent;
	struct dns *d;

	(void)state;
	server_start(&s);
	d = dns_at(at, 1, 1, a);
	dns_prefetch(d, SPAN("silent"), DNS_A);
	dns_prefetch(d, SPAN("never.asked"), DNS_A);
	dns_prefetch(d, SPAN("wrong"), DNS_A);
	dns_prefetch(d, SPAN("data"), DNS_A);
	expect(d, "silent", DNS_A, "timeout");
	expect(d, "wrong", DNS_A, "timeout");
	/* What came in time is there all the same. */
	expect(d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	expect(d, "e", DNS_A, "timeout");
	silent = dns_query(d, SPAN("silent"), DNS_A);
	assert_true(silent->seconds > 0.9 && silent->seconds < 5);
	assert_string_equal(silent->server, s.address);
	/* The next message has its own time. */
	dns_begin(d);
	expect(d, "e", DNS_A, "data|e. IN A 192.0.2.1");
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

static void
each_question_is_sent_once(void **state)
{
	struct arena *a = arena_new();
	struct server s;
	const char *const at[] = {s.address};
	struct dns *d;

	(void)state;
	server_start(&s);
	d = dns_at(at, 1, 10, a);
	for (int i = 0; i < 3; i++) {
		dns_prefetch(d, SPAN("slow"), DNS_A);
		dns_prefetch(d, SPAN("SLOW."), DNS_A);
		dns_prefetch(d, SPAN("a..b"), DNS_A);
	}
	expect(d, "slow", DNS_A, "data|slow. IN A 192.0.2.1");
	expect(d, "servfail", DNS_A, "SERVFAIL");
	expect(d, "servfail", DNS_A, "SERVFAIL");
	assert_int_equal(questions(&s), 2);
	/* Failures are forgotten, answers are not. */
	dns_begin(d);
	expect(d, "slow", DNS_A, "data|slow. IN A 192.0.2.1");
	expect(d, "servfail", DNS_A, "SERVFAIL");
	assert_int_equal(questions(&s), 3);
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

static void
many_questions_wait_for_the_workers(void **state)
{
	struct arena *a = arena_new();
	struct server s;
	const char *const at[] = {s.address};
	struct dns *d;
	char name[32];

	(void)state;
	server_start(&s);
	d = dns_at(at, 1, 10, a);
	for (unsigned i = 0; i < 4 * LIMIT_DNS_WORKERS; i++) {
		snprintf(name, sizeof(name), "data.%u", i);
		dns_prefetch(d, span_of(name), DNS_A);
	}
	for (unsigned i = 4 * LIMIT_DNS_WORKERS; i-- > 0;) {
		snprintf(name, sizeof(name), "data.%u", i);
		assert_int_equal(
		    dns_query(d, span_of(name), DNS_A)->status, DNS_DATA);
	}
	assert_int_equal(questions(&s), 4 * LIMIT_DNS_WORKERS);
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

/* All workers are busy with silence when the next message begins. */
static void
workers_that_hang_do_not_block_the_next_message(void **state)
{
	struct arena *a = arena_new();
	struct server s;
	const char *const at[] = {s.address};
	struct dns *d;
	char name[32];

	(void)state;
	server_start(&s);
	d = dns_at(at, 1, 5, a);
	for (unsigned i = 0; i < 2 * LIMIT_DNS_WORKERS; i++) {
		snprintf(name, sizeof(name), "silent.%u", i);
		dns_prefetch(d, span_of(name), DNS_A);
	}
	dns_begin(d);
	assert_true(dns_query(d, SPAN("data"), DNS_A)->seconds < 1);
	expect(d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

static void
another_server_is_asked_if_one_fails(void **state)
{
	struct arena *a = arena_new();
	struct server s;
	/* Nobody listens on port 1. */
	const char *const at[] = {"127.0.0.1#1", "::1#1", s.address};
	struct dns *d;

	(void)state;
	server_start(&s);
	d = dns_at(at, 3, 10, a);
	expect(d, "data", DNS_A, "data|data. IN A 192.0.2.1");
	assert_string_equal(
	    dns_query(d, SPAN("data"), DNS_A)->server, s.address);
	expect(d, "refused", DNS_A, "REFUSED");
	dns_free(d);
	d = dns_at(at, 2, 10, a);
	expect(d, "data", DNS_A, "no server reached");
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_server_says_is_told_apart),
	    /* What the first leaves behind ends while the second waits. */
	    cmocka_unit_test(workers_that_hang_do_not_block_the_next_message),
	    cmocka_unit_test(silence_is_a_timeout),
	    cmocka_unit_test(each_question_is_sent_once),
	    cmocka_unit_test(many_questions_wait_for_the_workers),
	    cmocka_unit_test(another_server_is_asked_if_one_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
