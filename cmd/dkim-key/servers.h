/*
 * servers: the authoritative servers of the names of keys, queried directly and
 * at the same time: neither a cache nor a server that lags hides anything.
 *	servers.c	the replies, and how far a server lags
 *	servers_find.c	which servers are queried
 */
/* SPDX-License-Identifier: ISC */
#ifndef SERVERS_H
#define SERVERS_H

#include "tool/cli.h"

/* Where the replies are from. */
enum servers_source {
	SERVERS_NS,       /* the servers of the NS records above the name */
	SERVERS_GIVEN,    /* those of --server */
	SERVERS_RESOLVER, /* the resolver, or the zone files, alone */
};

/* A server that is queried. */
struct server {
	struct span name;    /* that of its NS record, or absent */
	const char *address; /* "192.0.2.53#53"; NULL: the resolver's server, or
				its name has no address */
	struct dns *dns;     /* NULL: it is not queried */
	/* Why it is not queried: no address, or it did not answer earlier in
	 * this run. DNS_DATA: it is queried. */
	enum dns_status failure;
};

/* What one server has. It is valid until the next servers_ask(). */
struct server_reply {
	struct server *server;
	/* By its status, name and CNAMEs as for a query of the key's name, even
	 * if the server was queried for the end of the CNAMEs. */
	struct dns_answer txt;
	const char *address; /* that of the server, or NULL: it has none */
	/* The SOA of its zone (RFC 1035 3.3.13). */
	bool has_serial;
	uint32_t serial;
	/* Seconds that a "no such name" is cached at most: the smaller one of
	 * the SOA's TTL and its last field (RFC 2308 5). */
	uint32_t negative_ttl;
	uint32_t lag; /* how much older serial is than the newest */
	/* An IPv6 address that cannot be reached from here, of a server that
	 * has answered by IPv4. It is of no account. */
	bool is_unreachable;
};

/* A name that is queried. */
struct servers_query {
	struct span name; /* set by the caller, normal form: the key's name */
	enum servers_source source;
	/* SERVERS_NS: whose NS they are. */
	struct span zone;
	/* SERVERS_RESOLVER: why, in words. If has_failed, a DNS failure keeps
	 * the servers from being known, which may be over later. */
	struct span why;
	bool has_failed;
	struct server_reply *replies; /* at least one */
	size_t nreplies;
	size_t nmore; /* addresses over LIMIT_DNS_SERVERS: not queried */
	/* Of the caller's name, as the resolver has it. With --server it is
	 * queried only for the end of a CNAME. */
	struct span target; /* the end of the CNAMEs, or the name */
};

struct servers;

/* Begins with the resolver that the options describe, and the addresses of
 * --server (ADDR[#PORT]; none: NS records are looked up). An invalid one is a
 * usage error. servers_free() does not free the resolver. */
struct servers *servers_new(
    struct dns *resolver, const struct cli_list *given, struct arena *a);
void servers_free(struct servers *s);

/* Queries at most LIMIT_DNS_SERVER_NAMES names, and waits for the replies:
 * at most --timeout for the resolver, and once more for the servers. */
void servers_ask(
    struct servers *s, struct servers_query *list, size_t n, struct arena *a);

/* Has the server answered, be it that it has no record? */
bool server_has_answered(const struct server_reply *r);

#endif
