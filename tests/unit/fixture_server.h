/* fixture_server: a scripted DNS server. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_SERVER_H
#define FIXTURE_SERVER_H

#include "fixture_answer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limit.h"

/*
 * A server on the loopback interface. The first label of the name selects its
 * answer; it counts the queries.
 */

struct server {
	int fd;
	bool is_silent; /* it answers nothing; set before it is queried */
	unsigned questions, opts;
	char address[32];
	pthread_t thread;
	pthread_mutex_t lock;
};

/* What follows the question section, with RCODE and counts. "tcp" sets TC: the
 * rest is only available over TCP. */
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

/* \300\14 points to the name in the question section. */
static const struct script scripts[] = {
    {"data", 0x80, 1, S(A_OF("\300\14"))},
    {"ad", 0xa0, 1, S(A_OF("\300\14"))},
    {"edns", 0x80, 1, S(A_OF("\300\14"))},
    {"slow", 0x80, 1, S(A_OF("\300\14"))},
    {"twice", 0x80, 2, S(A_OF("\300\14") A_OF("\300\14"))},
    {"nodata", 0x80, 0, S("")},
    {"tcp", 0x80, 0, S("")},
    {"nx", 0x83, 0, S("")},
    {"servfail", 0x82, 0, S("")},
    {"refused", 0x85, 0, S("")},
    {"notauth", 0x89, 0, S("")},
    {"chain", 0x80, 2, S(CNAME_OF("\300\14", "b") A_OF("\1B\0"))},
    {"gone", 0x83, 1, S(CNAME_OF("\300\14", "b"))},
    {"part", 0x80, 1, S(CNAME_OF("\300\14", "e"))},
    {"e", 0x80, 1, S(A_OF("\300\14"))},
    {"loop", 0x80, 1, S(CNAME_OF("\300\14", "l"))},
    {"l", 0x80, 1, S(CNAME_OF("\300\14", "l"))},
    {"other", 0x80, 1, S(A_OF("\1b\0"))},
    {"long", 0x80, 1,
	S("\300\14\0\1\0\1\0\0\0\0\0\5\300\0\2\1\1")}, /* A of 5 octets */
    {"cut", 0x80, 1, S("\300\14\0\1\0\1\0\0\0\0\0\4\300")},
    {"ring", 0x80, 1, S(A_OF("\300\30"))}, /* points at itself */
    {"more", 0x80, 1, S(A_OF("\300\14") "x")},
    {"class", 0x80, 1, S("\300\14\0\1\0\3\0\0\0\0\0\4\300\0\2\1")},
    {"x\\y z", 0x80, 1, S(A_OF("\300\14"))},
};

static inline const struct script *
script_of(const unsigned char *label)
{
	struct span s = {(const char *)label + 1, *label};

	for (size_t i = 0; i < COUNT(scripts); i++)
		if (span_eq(s, span_of(scripts[i].label)))
			return &scripts[i];
	return NULL;
}

/* Turns the query in p, up to end, into the reply. */
static inline size_t
reply_to(unsigned char *p, size_t end, const struct script *s, bool edns)
{
	p[2] |= 0x80; /* QR */
	if (!strcmp(s->label, "tcp"))
		p[2] |= 0x02; /* TC */
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

static inline void *
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
		script = s->is_silent ? NULL : script_of(p + HEAD);
		pthread_mutex_unlock(&s->lock);
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

static inline void
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

static inline unsigned
questions(struct server *s)
{
	unsigned n;

	pthread_mutex_lock(&s->lock);
	n = s->questions;
	pthread_mutex_unlock(&s->lock);
	return n;
}

static inline void
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

static inline struct dns *
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

/* Prefetches n names that get no answer. */
static inline void
prefetch_silent(struct dns *d, unsigned n)
{
	char name[32];

	for (unsigned i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "silent.%u", i);
		dns_prefetch(d, span_of(name), DNS_A);
	}
}

/* Returns the number of threads of this process. */
static inline unsigned
threads(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	unsigned n = 0;

	assert_non_null(status);
	while (!n && fgets(line, sizeof(line), status))
		if (sscanf(line, "Threads: %u", &n) != 1)
			n = 0;
	fclose(status);
	assert_true(n > 0);
	return n;
}

/* A server and its client, which has so many seconds for a message. */
struct client {
	struct server s;
	struct arena *a;
	struct dns *d;
	double timeout, started;
};

static inline void
client_start(struct client *c, double timeout)
{
	const char *const at[] = {c->s.address};

	server_start(&c->s);
	c->a = arena_new();
	c->d = dns_at(at, 1, timeout, c->a);
	c->timeout = timeout;
	c->started = dns_now();
}

static inline void
client_stop(struct client *c)
{
	dns_free(c->d);
	server_stop(&c->s);
	arena_free(c->a);
}

/* Is a count of queries or threads void? The resolver waits for a second before
 * it queries again: if so much has passed since the client's start, the machine
 * may have paused for it. Then the client starts anew, and the caller
 * counts again; *tries, 0 at first, ends that. */
static inline bool
client_again(struct client *c, unsigned *tries)
{
	if (dns_now() - c->started < 0.9 || ++*tries == 20)
		return false;
	client_stop(c);
	client_start(c, c->timeout);
	return true;
}

/* The C library protects its table of resolver configurations with a lock that
 * thread sanitizers do not see. */
const char *__tsan_default_suppressions(void);
const char *
__tsan_default_suppressions(void)
{
	return "race:__libc_dynarray_emplace_enlarge\n";
}

#endif
