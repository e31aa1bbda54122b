/* dns_upstream: the servers, and all attempts for one query. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limit.h"

struct dns_upstream {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
	const char *text; /* "192.0.2.53#53" */
	/* What has become of the attempts so far, under the caller's lock: */
	bool tried, answered;
	int error; /* why the last one had no answer; 0: it had one */
	bool told; /* dns_upstreams_failure() has returned it */
};

double
dns_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * Servers.
 */

static const char *
text_of(const struct dns_upstream *s, struct arena *a)
{
	char text[INET6_ADDRSTRLEN];
	const void *address = &s->address.v6.sin6_addr;
	in_port_t port = s->address.v6.sin6_port;

	if (s->address.any.sa_family == AF_INET) {
		address = &s->address.v4.sin_addr;
		port = s->address.v4.sin_port;
	}
	inet_ntop(s->address.any.sa_family, address, text, sizeof(text));
	return arena_printf(a, "%s#%u", text, (unsigned)ntohs(port)).p;
}

/* ADDR[#PORT] */
static bool
parse_server(struct span text, struct dns_upstream *s, struct arena *a)
{
	const char *host = arena_cstr(a, span_cut(&text, '#'));
	uint64_t port = NS_DEFAULTPORT;

	if (text.p && (!span_number(text, 65535, &port) || !port))
		return false;
	if (inet_pton(AF_INET, host, &s->address.v4.sin_addr) == 1) {
		s->address.v4.sin_family = AF_INET;
		s->address.v4.sin_port = htons((uint16_t)port);
	} else if (inet_pton(AF_INET6, host, &s->address.v6.sin6_addr) == 1) {
		s->address.v6.sin6_family = AF_INET6;
		s->address.v6.sin6_port = htons((uint16_t)port);
	} else {
		return false;
	}
	s->text = text_of(s, a);
	return true;
}

/* The servers of the system's configuration. Its search list is for names that
 * people type, and is not used. */
static void
system_servers(struct dns_upstreams *s, struct arena *a)
{
	struct __res_state state = {0};

	if (res_ninit(&state))
		return;
	s->list = ARENA_ARRAY(a, struct dns_upstream, MAXNS);
	for (int i = 0; i < state.nscount && i < MAXNS; i++) {
		struct dns_upstream *to = &s->list[s->n];

		if (state.nsaddr_list[i].sin_family == AF_INET)
			to->address.v4 = state.nsaddr_list[i];
		else if (state._u._ext.nsaddrs[i])
			to->address.v6 = *state._u._ext.nsaddrs[i];
		else
			continue;
		to->text = text_of(to, a);
		s->n++;
	}
	res_nclose(&state);
}

bool
dns_upstreams_init(struct dns_upstreams *s, const char *const *text, size_t n,
    struct arena *a, struct span *error)
{
	*s = (struct dns_upstreams){
	    .list = ARENA_ARRAY(a, struct dns_upstream, n)};
	for (; s->n < n; s->n++)
		if (!parse_server(span_of(text[s->n]), &s->list[s->n], a)) {
			*error = arena_printf(a,
			    "--nameserver: '%s' is not ADDRESS[#PORT]",
			    text[s->n]);
			return false;
		}
	s->is_system = !n;
	if (!n)
		system_servers(s, a);
	return true;
}

/*
 * Attempts.
 */

/* Seconds to wait in each round; later rounds wait as long as the last. */
static const unsigned timeouts[] = {1, 2, 3, 5, 8};

#define ROUNDS      (COUNT(timeouts))
#define ROUNDS_EDNS 2u /* with EDNS, which some networks drop */

/* Does the error mean that nothing could be sent or received? */
static bool
is_network_error(int error)
{
	static const int errors[] = {ECONNREFUSED, ENETUNREACH, EHOSTUNREACH,
	    ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL, EAFNOSUPPORT, EACCES, EPERM,
	    EMFILE, ENFILE, ENOBUFS, ENOMEM, ESRCH, EINVAL};

	for (size_t i = 0; i < COUNT(errors); i++)
		if (errors[i] == error)
			return true;
	return false;
}

/* Octets of memory that checking an answer here may take: there can be many
 * threads. */
#define CHECKED (256u << 10)

/* The status of an attempt without a reply that can be used, which began at
 * start. */
static enum dns_status
status_of(int error, double start, unsigned seconds, unsigned how)
{
	bool was_cut = how & DNS_WIRE_TCP; /* over UDP, before */

	if (was_cut ? error != ETIMEDOUT : error == EMSGSIZE)
		return DNS_TRUNCATED;
	if (is_network_error(error))
		return DNS_NETWORK;
	/* libresolv gave up early: the reply was unusable. */
	return dns_now() - start < seconds * 0.9 ? DNS_GARBAGE : DNS_TIMEOUT;
}

/* Sends one query to one server, and checks the reply. */
static enum dns_status
query_once(struct dns_upstream *s, const struct dns_attempts *q,
    unsigned seconds, unsigned how, unsigned char *buffer, size_t *len,
    bool *retry)
{
	enum dns_status status = DNS_DATA;
	double start = dns_now();
	struct arena *scratch;
	struct dns_reply reply;
	int n = dns_wire_ask(&s->address.any, q->name, q->type, seconds, how,
	    buffer, LIMIT_DNS_ANSWER);
	int error = n < 0 ? errno : 0;

	*retry = false;
	if (n < 0)
		status = status_of(error, start, seconds, how);
	/* A truncated reply is one. */
	q->ended(q->arg, s, status == DNS_TRUNCATED ? 0 : error);
	if (n < 0)
		return status;
	*len = (size_t)n;
	scratch = arena_new();
	dns_wire_parse(buffer, *len, span_of(q->name), q->type, CHECKED,
	    scratch, &reply, retry);
	arena_free(scratch);
	return reply.status;
}

static enum dns_status
query_server(struct dns_upstream *s, const struct dns_attempts *q,
    unsigned char *buffer, size_t *len)
{
	double left = q->deadline - dns_now();
	unsigned seconds = timeouts[q->round < ROUNDS ? q->round : ROUNDS - 1];
	unsigned how = q->round < ROUNDS_EDNS ? q->how : 0;
	enum dns_status status;
	bool retry;

	if (left < seconds)
		seconds = left > 0 ? (unsigned)left + 1 : 1;
	status = query_once(s, q, seconds, how, buffer, len, &retry);
	if (retry && how)
		status = query_once(s, q, seconds, 0, buffer, len, &retry);
	return status;
}

/* Returns the more telling failure of a round: an error that a server returned
 * ranks above silence. */
static enum dns_status
worse(enum dns_status a, enum dns_status b)
{
	static const unsigned char rank[] = {[DNS_NETWORK] = 1,
	    [DNS_TIMEOUT] = 2,
	    [DNS_GARBAGE] = 3,
	    [DNS_TRUNCATED] = 4,
	    [DNS_RCODE] = 5,
	    [DNS_REFUSED] = 6,
	    [DNS_SERVFAIL] = 7};

	return rank[a] >= rank[b] ? a : b;
}

/* Is a failure final after this round? Garbage may have been forged, and a
 * server may have had too many TCP connections: these are tried once more. */
static bool
is_final(enum dns_status status, size_t round)
{
	if (status == DNS_GARBAGE || status == DNS_TRUNCATED)
		return round > 0;
	return status != DNS_TIMEOUT;
}

/* Notes that a server has failed. */
static void
note_failure(struct dns_attempts *q, enum dns_status status)
{
	q->worst = worse(q->worst, status);
	q->tried++;
	q->how = DNS_WIRE_EDNS;
}

/* Runs one round. Without any server *status is DNS_NETWORK. */
static bool
query_round(const struct dns_upstreams *s, struct dns_attempts *q,
    unsigned char *buffer, size_t *len, enum dns_status *status)
{
	while (q->tried < s->n) {
		struct dns_upstream *to = &s->list[q->tried];

		*status = DNS_TIMEOUT;
		if (dns_now() >= q->deadline || !q->wanted(q->arg, to))
			return true;
		*status = query_server(to, q, buffer, len);
		if (!dns_failed(*status))
			return true;
		note_failure(q, *status);
	}
	*status = q->worst;
	return is_final(q->worst, q->round);
}

bool
dns_upstreams_query(const struct dns_upstreams *s, struct dns_attempts *q,
    unsigned char *buffer, size_t *len, enum dns_status *status)
{
	bool over = query_round(s, q, buffer, len, status);

	q->round++;
	q->tried = 0;
	q->worst = DNS_NETWORK;
	return over;
}

bool
dns_upstreams_first(const struct dns_upstreams *s, struct dns_attempts *q,
    unsigned char *buffer, size_t *len, enum dns_status *status)
{
	bool retry;

	if (!s->n || dns_now() + timeouts[0] > q->deadline ||
	    dns_wire_is_tcp() || !q->wanted(q->arg, &s->list[0]))
		return false;
	*status = query_once(&s->list[0], q, timeouts[0],
	    DNS_WIRE_EDNS | DNS_WIRE_UDP, buffer, len, &retry);
	if (!dns_failed(*status))
		return true;
	if (*status == DNS_TRUNCATED)
		q->how = DNS_WIRE_EDNS | DNS_WIRE_TCP;
	else if (retry)
		q->how = 0;
	else
		note_failure(q, *status);
	return q->tried == s->n && is_final(q->worst, 0);
}

/*
 * Failures of servers.
 */

const char *
dns_upstream_try(struct dns_upstream *s)
{
	s->tried = true;
	return s->text;
}

void
dns_upstream_ended(struct dns_upstream *s, int error)
{
	s->answered |= !error;
	s->error = error;
}

/* Milliseconds to wait for the kernel to report a datagram as undeliverable. */
#define PROBE 200

/* Returns why a server cannot be reached, or 0 if that does not show soon.
 * libresolv has ECONNREFUSED for any reason. */
static int
probe(const struct dns_upstream *s)
{
	int fd = socket(s->address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct pollfd p = {fd, POLLIN, 0};
	char room;
	int error = 0;

	if (fd < 0)
		return errno;
	if (connect(fd, &s->address.any, sizeof(s->address)) < 0 ||
	    send(fd, "", 0, MSG_NOSIGNAL) < 0 ||
	    (poll(&p, 1, PROBE) > 0 && recv(fd, &room, 1, MSG_DONTWAIT) < 0))
		error = errno;
	close(fd);
	return error;
}

static bool
names_a_server(struct span line, struct arena *a)
{
	struct dns_upstream server;

	line = span_trim(line);
	if (!span_starts(line, SPAN("nameserver")))
		return false;
	line = span_trim(span_from(line, sizeof("nameserver") - 1));
	line = span_upto(line, span_find(line, '%')); /* an IPv6 scope */
	return parse_server(line, &server, a);
}

struct span
dns_upstreams_fault(const char *path, struct arena *a)
{
	struct span text = file_read(path, a);

	if (!text.p)
		return arena_printf(a, "%s: %s", path, strerror(errno));
	while (text.p)
		if (names_a_server(span_cut(&text, '\n'), a))
			return SPAN_NONE;
	return arena_printf(a, "%s names no server", path);
}

/* Why a server has failed, or an absent span if it has not. */
static struct span
failure(const struct dns_upstream *s, double seconds, struct arena *a)
{
	int error;

	if (is_network_error(s->error)) {
		error = probe(s);
		return error ? span_of(strerror(error))
			     : SPAN("it cannot be reached");
	}
	if (!s->tried || s->answered)
		return SPAN_NONE;
	return arena_printf(
	    a, "no answer in %.0f s", seconds < 1 ? 1 : seconds);
}

/* The words for a failure. If it is the system's configuration that has no
 * server, libresolv queries this host, and they say so. */
static struct span
describe(const struct dns_upstreams *s, const struct dns_upstream *server,
    struct span why, struct arena *a)
{
	struct span fault = SPAN_NONE;

	if (s->is_system)
		fault = dns_upstreams_fault(_PATH_RESCONF, a);
	return arena_printf(a, "DNS server %s: " SPAN_FMT "%s" SPAN_FMT "%s",
	    server->text, SPAN_ARG(why), fault.p ? " (" : "", SPAN_ARG(fault),
	    fault.p ? ")" : "");
}

struct span
dns_upstreams_failure(struct dns_upstreams *s, double seconds, struct arena *a)
{
	for (size_t i = 0; i < s->n; i++) {
		struct dns_upstream *server = &s->list[i];
		struct span why = SPAN_NONE;

		if (!server->told)
			why = failure(server, seconds, a);
		server->told |= why.p != NULL;
		if (why.p)
			return describe(s, server, why, a);
	}
	return SPAN_NONE;
}
