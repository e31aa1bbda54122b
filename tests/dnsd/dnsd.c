/* dnsd: a small scriptable DNS server on loopback, for tests of a resolver. */
/* SPDX-License-Identifier: ISC */

/*
 *	dnsd [-6e] [-p PORT] [-l LOGFILE] ZONEFILE...
 *
 * dnsd shares no DNS code with the toolkit, so that the toolkit can be tested
 * against it. It binds UDP and TCP on 127.0.0.1 (with -6: ::1) at PORT (by
 * default a free one, the same for both), writes the port as one line to
 * stdout, closes stdout, and serves until SIGTERM or SIGINT, until its stdin
 * ends (only with -e), or for an hour; then it exits with 0. With -l it
 * logs each query as it arrives, on one line:
 *	MILLISECONDS udp|tcp NAME TYPE edns=SIZE|- ad=0|1 do=0|1 round=N
 * The time counts from the start, NAME is as received, and "- -" means that the
 * message has no valid question section.
 *
 * A zone file has one record on each line, `owner. TTL IN TYPE rdata`,
 * separated by blanks or tabs. Names are absolute, and there is no $ORIGIN; all
 * files are one zone. TYPE is A, AAAA, CNAME, MX, NS, PTR, SOA, TXT or SPF, or
 * any type as `TYPEn \# length hex`. Names and strings may contain \DDD and \X.
 * An owner that begins with `*.` is a wildcard (RFC 1034 4.3.3). A name exists
 * if it, or a name below it, owns a record. Lines that begin with `;` are
 * comments, except for the directives, `;!WORD NAME TYPE`:
 *
 *	TIMEOUT		no reply
 *	SERVFAIL	rcode 2 and no records
 *	NODATA		rcode 0 and no records
 *	REFUSED, RCODE n	rcode 5, n, and no records
 *	DELAY ms	the reply is sent that much later, without delaying
 *			others
 *	ROUND ms	the reply waits until no query with this directive has
 *			arrived for that long; then the round is over, and all
 *			waiting replies are sent. Queries that a client sends
 *			at the same time share a round; those that follow from
 *			a reply are in the next one
 *	LOSS n		the first n UDP queries get no reply
 *	TRUNCATE	over UDP: TC and no records
 *	TCPSILENT	the same, and no reply over TCP
 *	TCPCLOSE	the same, and over TCP the connection is closed
 *	GARBAGE		the right id, then random octets (the same each time)
 *	SHORT		the reply ends in the middle of its last record
 *	WRONGID		the reply has another id
 *	WRONGQUESTION	the reply's question section has another name
 *	NOQUESTION	the reply has no question section
 *	LOOPPTR		the first record's owner is a pointer to itself
 *	CASE		upper and lower case are swapped in owners
 *	AD		the AD bit is set, if the query has AD or DO
 *
 * NAME `*` is every name. TYPE `*` is every type, but with TIMEOUT, SERVFAIL
 * and NODATA only every type that the name owns no record of. Different
 * directives for one name combine; of several of the same kind (SERVFAIL,
 * REFUSED and RCODE are one kind) the first applies. The directives of the
 * first four lines also apply to a name that a CNAME leads to, the others only
 * to the name in the query.
 *
 * CNAMEs are followed as by a recursive server: the answer has the chain (up to
 * 16 links, none twice) and the records at its end, with rcode 3 if that name
 * does not exist. Records that do not fit in the EDNS0 size (by default 512)
 * are left out, with TC. Connections beyond 52 are closed, and delayed replies
 * beyond 4096 are dropped.
 *
 * The other parts of this program are headers with function bodies, because the
 * Makefile builds a program from each .c here: name.h, zone.h, answer.h,
 * conn.h, pending.h.
 */

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "conn.h"
#include "pending.h"

#define LIFETIME   3600000 /* milliseconds */
#define BATCH      1000    /* UDP queries before connections are served */
#define UDP_BUFFER (4 << 20)
#define PORT_TRIES 50

struct server {
	struct zone zone;
	struct arena *scratch; /* for one query */
	struct pendings pendings;
	struct conn conn[CONNS];
	unsigned serial;
	int udp, tcp, signals, input; /* input: stdin, or -1 */
	FILE *log;
	int64_t start;
};

static int64_t
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- replies, now or later --- */

/* Sends a reply. Errors are ignored: a reply may be lost. */
static void
deliver(struct server *s, const struct peer *to, struct span message)
{
	if (!to->conn)
		sendto(s->udp, message.p, message.len, 0,
		    (const struct sockaddr *)&to->address, to->len);
	else if (to->conn->fd >= 0 && to->conn->serial == to->serial)
		conn_send(to->conn, message);
}

/* Sends all replies that are due. */
static void
deliver_due(struct server *s)
{
	int64_t now = milliseconds();
	struct pending *p;
	bool over = false;

	while ((p = pendings_take(&s->pendings, now))) {
		deliver(s, &p->to, (struct span){p->octet, p->len});
		over |= p->round;
		free(p);
	}
	s->pendings.round += over;
}

/* Sends a reply, or keeps it until it is due. */
static void
deliver_timed(struct server *s, const struct peer *to, struct span message,
    const struct query *q)
{
	const struct rule *delay =
	    zone_rule(&s->zone, ACT_DELAY, q->name, q->type);
	const struct rule *round =
	    zone_rule(&s->zone, ACT_ROUND, q->name, q->type);
	const struct rule *rule = round && round->number ? round : delay;
	int64_t due = milliseconds();

	if (!rule || !rule->number) {
		deliver(s, to, message);
		return;
	}
	due += (int64_t)rule->number;
	if (rule == round)
		pendings_postpone(&s->pendings, due);
	pendings_add(&s->pendings, to, message, due, rule == round);
}

/* --- queries --- */

static void
query_log(const struct server *s, const struct query *q)
{
	const struct type *type = type_of(q->type);
	struct buf line = BUF(s->scratch);

	if (!s->log)
		return;
	buf_printf(&line, "%lld %s ", (long long)(milliseconds() - s->start),
	    q->tcp ? "tcp" : "udp");
	if (!q->name.p)
		buf_str(&line, "-");
	name_write(&line, q->name);
	if (!q->name.p)
		buf_str(&line, " -");
	else if (type)
		buf_printf(&line, " %s", type->name);
	else
		buf_printf(&line, " TYPE%u", q->type);
	if (q->edns)
		buf_printf(&line, " edns=%u", q->size);
	else
		buf_str(&line, " edns=-");
	buf_printf(&line, " ad=%d do=%d round=%u\n", (q->flags & AD) != 0,
	    q->dnssec, s->pendings.round);
	if (fwrite(line.p, 1, line.len, s->log) != line.len || fflush(s->log))
		die(EX_IOERR, "cannot write the log");
}

/* Is the query lost, by LOSS or a directive for TCP? */
static bool
query_lost(struct server *s, const struct query *q, struct conn *conn)
{
	struct rule *loss = zone_rule(&s->zone, ACT_LOSS, q->name, q->type);

	if (conn && query_has(q, &s->zone, ACT_TCPCLOSE)) {
		conn_close(conn);
		return true;
	}
	if (conn)
		return query_has(q, &s->zone, ACT_TCPSILENT);
	return loss && loss->number && loss->number--;
}

static void
query_serve(struct server *s, struct span octets, const struct peer *to)
{
	struct query q = {.tcp = to->conn != NULL};
	int refused = query_parse(octets, &q);
	struct answer answer = {0};

	arena_reset(s->scratch);
	query_log(s, &q);
	if (refused < 0 || query_lost(s, &q, to->conn))
		return;
	if (refused)
		answer.rcode = (unsigned)refused;
	else
		answer_find(&answer, &s->zone, &q, s->scratch);
	if (answer.silent)
		return;
	deliver_timed(s, to, reply_make(&answer, &q, &s->zone, s->scratch), &q);
}

static void
udp_read(struct server *s)
{
	for (int i = 0; i < BATCH; i++) {
		char octet[QUERY_MAX];
		struct peer from = {.len = sizeof(from.address)};
		ssize_t n = recvfrom(s->udp, octet, sizeof(octet), MSG_DONTWAIT,
		    (struct sockaddr *)&from.address, &from.len);

		if (n < 0)
			return;
		query_serve(s, (struct span){octet, (size_t)n}, &from);
	}
}

static void
conn_read(struct server *s, struct conn *c)
{
	ssize_t n =
	    recv(c->fd, c->in + c->have, sizeof(c->in) - c->have, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		c->have += (size_t)n;
	else
		conn_close(c);
	while (c->fd >= 0 && c->have >= 2) {
		size_t len = get16(c->in);
		struct peer from = {.conn = c, .serial = c->serial};

		if (len > QUERY_MAX)
			conn_close(c);
		if (len > QUERY_MAX || c->have < 2 + len)
			return;
		query_serve(s, (struct span){c->in + 2, len}, &from);
		c->have -= 2 + len;
		memmove(c->in, c->in + 2 + len, c->have);
	}
}

/* --- the server --- */

enum {
	POLL_UDP,
	POLL_TCP,
	POLL_SIGNALS,
	POLL_INPUT,
	POLL_CONNS
};

/* Returns how many milliseconds poll() may wait. */
static int
server_rest(const struct server *s)
{
	int64_t until = pendings_due(&s->pendings, s->start + LIFETIME);
	int64_t now = milliseconds();

	return until > now ? (int)(until - now) : 0;
}

/* Has stdin ended (-e)? */
static bool
input_ended(int fd)
{
	char octet[512];
	ssize_t n = read(fd, octet, sizeof(octet));

	return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

/* Waits for queries and serves them. Returns false when it is time to end. */
static bool
server_turn(struct server *s)
{
	struct pollfd p[POLL_CONNS + CONNS] = {
	    [POLL_UDP] = {s->udp, POLLIN, 0},
	    [POLL_TCP] = {s->tcp, POLLIN, 0},
	    [POLL_SIGNALS] = {s->signals, POLLIN, 0},
	    [POLL_INPUT] = {s->input, POLLIN, 0},
	};

	for (size_t i = 0; i < CONNS; i++) {
		short out = s->conn[i].unsent ? POLLOUT : 0;

		p[POLL_CONNS + i].fd = s->conn[i].fd;
		p[POLL_CONNS + i].events = POLLIN | out;
	}
	if (poll(p, POLL_CONNS + CONNS, server_rest(s)) < 0)
		return errno == EINTR;
	if (p[POLL_SIGNALS].revents ||
	    (p[POLL_INPUT].revents && input_ended(s->input)))
		return false;
	for (size_t i = 0; i < CONNS; i++) {
		struct conn *c = &s->conn[i];

		if (c->fd >= 0 && p[POLL_CONNS + i].revents & POLLOUT)
			conn_flush(c);
		if (c->fd >= 0 && p[POLL_CONNS + i].revents & ~POLLOUT)
			conn_read(s, c);
	}
	if (p[POLL_UDP].revents)
		udp_read(s);
	if (p[POLL_TCP].revents)
		conn_accept(s->conn, s->tcp, ++s->serial);
	/* Last, so that queries that arrived while this process was not
	 * running still belong to their round. */
	deliver_due(s);
	return milliseconds() - s->start < LIFETIME;
}

static int
socket_bound(int family, int type, unsigned port)
{
	const struct sockaddr_in6 six = {.sin6_family = AF_INET6,
	    .sin6_port = htons((uint16_t)port),
	    .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	const struct sockaddr_in four = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(family, type | SOCK_CLOEXEC, 0), on = 1;
	int option = type == SOCK_STREAM ? SO_REUSEADDR : SO_RCVBUF;
	int value = type == SOCK_STREAM ? on : UDP_BUFFER;

	if (fd < 0)
		die(EX_OSERR, "socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, option, &value, sizeof(value));
	if (family == AF_INET
		? !bind(fd, (const struct sockaddr *)&four, sizeof(four))
		: !bind(fd, (const struct sockaddr *)&six, sizeof(six)))
		return fd;
	close(fd);
	return -1;
}

static unsigned
socket_port(int fd)
{
	struct sockaddr_storage a = {0};
	socklen_t len = sizeof(a);

	if (getsockname(fd, (struct sockaddr *)&a, &len))
		die(EX_OSERR, "getsockname: %s", strerror(errno));
	if (a.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&a)->sin_port);
	return ntohs(((struct sockaddr_in6 *)&a)->sin6_port);
}

/* Binds both sockets to one port, and returns it. If a port is free for UDP but
 * not for TCP, tries another one. */
static unsigned
server_bind(struct server *s, int family, unsigned wanted)
{
	for (int tries = 0; tries < (wanted ? 1 : PORT_TRIES); tries++) {
		unsigned port;

		s->udp = socket_bound(family, SOCK_DGRAM, wanted);
		if (s->udp < 0)
			break;
		port = socket_port(s->udp);
		s->tcp = socket_bound(family, SOCK_STREAM, port);
		if (s->tcp >= 0 && !listen(s->tcp, CONNS))
			return port;
		close(s->udp);
		if (s->tcp >= 0)
			close(s->tcp);
	}
	die(EX_OSERR, "cannot bind port %u: %s", wanted, strerror(errno));
}

static struct server *
server_new(void)
{
	struct server *s = calloc(1, sizeof(*s));
	sigset_t ends;

	if (!s)
		die(EX_TEMPFAIL, "out of memory");
	s->start = milliseconds();
	s->zone.arena = arena_new();
	s->scratch = arena_new();
	s->input = -1;
	for (size_t i = 0; i < CONNS; i++)
		s->conn[i].fd = -1;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	s->signals = signalfd(-1, &ends, SFD_CLOEXEC);
	if (s->signals < 0)
		die(EX_OSERR, "signalfd: %s", strerror(errno));
	return s;
}

static void
server_free(struct server *s)
{
	for (size_t i = 0; i < s->pendings.count; i++)
		free(s->pendings.list[i]);
	for (size_t i = 0; i < CONNS; i++)
		if (s->conn[i].fd >= 0)
			conn_close(&s->conn[i]);
	close(s->udp);
	close(s->tcp);
	close(s->signals);
	if (s->log)
		fclose(s->log);
	arena_free(s->zone.arena);
	arena_free(s->scratch);
	free(s);
}

/* Parses the options. Returns the port, or 0 for any. */
static unsigned
options(struct server *s, int argc, char **argv, int *family)
{
	static const char usage[] =
	    "usage: dnsd [-6e] [-p PORT] [-l LOGFILE] ZONEFILE...";
	uint64_t port = 0;
	int c;

	*family = AF_INET;
	while ((c = getopt(argc, argv, "6ep:l:")) != -1) {
		if (c == '6')
			*family = AF_INET6;
		else if (c == 'e')
			s->input = STDIN_FILENO;
		else if (c == 'p' &&
		    !span_number(span_of(optarg), 65535, &port))
			die(EX_USAGE, "not a port: %s", optarg);
		else if (c == 'l' && !(s->log = fopen(optarg, "we")))
			die(EX_CANTCREAT, "%s: %s", optarg, strerror(errno));
		else if (c == '?')
			die(EX_USAGE, "%s", usage);
	}
	if (optind == argc)
		die(EX_USAGE, "%s", usage);
	for (; optind < argc; optind++)
		zone_read(&s->zone, argv[optind]);
	return (unsigned)port;
}

int
main(int argc, char **argv)
{
	struct server *s = server_new();
	unsigned port;
	int family;

	die_init(argv[0]);
	port = options(s, argc, argv, &family);
	port = server_bind(s, family, port);
	if (printf("%u\n", port) < 0 || fclose(stdout))
		die(EX_IOERR, "cannot write the port");
	while (server_turn(s))
		;
	server_free(s);
	return 0;
}
