/* servers: what authoritative servers have, each queried directly. */
/* SPDX-License-Identifier: ISC */

#include "servers_find.h"

#include <assert.h>
#include <string.h>

#include "base/domain.h"
#include "base/limit.h"

/*
 * Servers.
 */

static struct server *
given_server(const char *text, struct arena *a)
{
	struct server *server = ARENA_NEW(a, struct server);
	struct dns *dns = cli_dns_open_server(text, a);

	if (!dns)
		cli_usage("--server: '%s' is not ADDRESS[#PORT]", text);
	dns_free(dns);
	server->address =
	    strchr(text, '#') ? text : arena_printf(a, "%s#53", text).p;
	return server;
}

struct servers *
servers_new(struct dns *resolver, const struct cli_list *given, struct arena *a)
{
	struct servers *s = ARENA_NEW(a, struct servers);

	s->life = a;
	s->resolver = s->self.dns = resolver;
	for (size_t i = 0; i < given->nitems; i++)
		*ARENA_PUSH(a, s->given, s->ngiven) =
		    given_server(given->items[i], a);
	return s;
}

static void
close_servers(struct server **list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i]->dns)
			dns_free(list[i]->dns);
		list[i]->dns = NULL;
	}
}

void
servers_free(struct servers *s)
{
	close_servers(s->given, s->ngiven);
	close_servers(s->known, s->nknown);
}

/*
 * Queries.
 */

/* The name that servers are queried for: those of the target's zone do not know
 * the CNAME that leads to it. */
static struct span
asked_name(const struct servers_query *q)
{
	return q->source == SERVERS_NS ? q->target : q->name;
}

/* The next name that may be the zone's, after the last one (absent: the first).
 * NS records have named it; otherwise it is one of those above the key. */
static struct span
next_zone(const struct servers_query *q, struct span last)
{
	if (q->zone.p)
		return last.p ? SPAN_NONE : q->zone;
	return last.p ? domain_parent(last) : asked_name(q);
}

void
servers_add(struct asking *k, struct servers_query *q, struct server *server)
{
	struct server_reply *r;
	struct span zone = SPAN_NONE;

	if (q->nreplies == LIMIT_DNS_SERVERS) {
		q->nmore++;
		return;
	}
	r = ARENA_PUSH(k->arena, q->replies, q->nreplies);
	*r = (struct server_reply){.server = server};
	if (!server->dns && server->failure == DNS_DATA)
		server->dns = cli_dns_open_server(server->address, k->arena);
	if (!server->dns)
		return;
	dns_prefetch(server->dns, asked_name(q), DNS_TXT);
	while ((zone = next_zone(q, zone)).p)
		dns_prefetch(server->dns, zone, DNS_SOA);
}

/*
 * Replies.
 */

bool
server_has_answered(const struct server_reply *r)
{
	return !dns_unknown(r->txt.status);
}

static bool
has_alias(const struct dns_answer *answer)
{
	return !span_eq(answer->canonical, answer->name);
}

/* Takes what the resolver has at the end of CNAMEs that lead out of the zones
 * of a given server. */
static void
follow(const struct asking *k, struct dns_answer *answer)
{
	const struct dns_answer *end;
	struct span name;

	if (!dns_failed(answer->status) || !has_alias(answer) ||
	    !dns_name_octets(answer->canonical, k->arena, &name))
		return;
	end = dns_query(k->servers->resolver, name, DNS_TXT);
	answer->status = end->status;
	answer->records = end->records;
	answer->nrecords = end->nrecords;
	answer->nrepeated = end->nrepeated;
	answer->canonical = end->canonical;
}

static void
take_txt(const struct asking *k, const struct servers_query *q,
    struct server_reply *r)
{
	struct server *server = r->server;

	r->address = server->address;
	if (!server->dns) {
		r->txt = (struct dns_answer){.name = q->name,
		    .type = DNS_TXT,
		    .status = server->failure,
		    .canonical = q->target,
		    .server = "not queried"};
		return;
	}
	r->txt = *dns_query(server->dns, asked_name(q), DNS_TXT);
	if (q->source == SERVERS_GIVEN)
		follow(k, &r->txt);
	r->txt.name = q->name;
	if (!r->address)
		r->address = r->txt.server;
}

/* The SOA's rdata as text: MNAME RNAME SERIAL REFRESH RETRY EXPIRE MINIMUM. */
static bool
read_soa(struct span text, struct server_reply *r)
{
	uint64_t number[7] = {0};

	for (size_t i = 0; i < COUNT(number); i++) {
		struct span word = span_cut(&text, ' ');

		if (i >= 2 && !span_number(word, UINT32_MAX, &number[i]))
			return false;
	}
	r->serial = (uint32_t)number[2];
	r->negative_ttl = (uint32_t)number[6];
	return true;
}

static void
take_soa(const struct servers_query *q, struct server_reply *r)
{
	struct span zone = SPAN_NONE;

	/* Of the resolver it is that of the name, not that of a target. */
	if (!r->server->dns || !server_has_answered(r) ||
	    (q->source == SERVERS_RESOLVER && has_alias(&r->txt)))
		return;
	while (!r->has_serial && (zone = next_zone(q, zone)).p) {
		const struct dns_answer *answer =
		    dns_query(r->server->dns, zone, DNS_SOA);

		if (answer->nrecords && !has_alias(answer))
			r->has_serial = read_soa(answer->records->data, r);
		/* The TTL of a cache is what is left of it. */
		if (r->has_serial &&
		    (q->source != SERVERS_RESOLVER || cli_dns_zone()) &&
		    answer->records->ttl < r->negative_ttl)
			r->negative_ttl = answer->records->ttl;
	}
}

/* RFC 1982 3.2: serials compare around the end of their numbers. */
static bool
is_newer(uint32_t serial, uint32_t other)
{
	return serial != other && serial - other < UINT32_C(1) << 31;
}

static void
set_lags(struct servers_query *q)
{
	const struct server_reply *newest = NULL;

	for (size_t i = 0; i < q->nreplies; i++)
		if (q->replies[i].has_serial &&
		    (!newest || is_newer(q->replies[i].serial, newest->serial)))
			newest = &q->replies[i];
	for (size_t i = 0; i < q->nreplies; i++)
		if (q->replies[i].has_serial)
			q->replies[i].lag =
			    newest->serial - q->replies[i].serial;
}

/* Has the server of an IPv6 address that cannot be reached, as this host may
 * have no IPv6, answered by IPv4? */
static bool
is_unreachable(const struct servers_query *q, const struct server_reply *r)
{
	if (r->txt.status != DNS_NETWORK || !r->server->name.p || !r->address ||
	    !strchr(r->address, ':'))
		return false;
	for (size_t i = 0; i < q->nreplies; i++)
		if (span_eq(q->replies[i].server->name, r->server->name) &&
		    server_has_answered(&q->replies[i]))
			return true;
	return false;
}

/* A server that has answered none of the queries is not waited for again. */
static void
note_silence(struct asking *k)
{
	for (int answered = 0; answered < 2; answered++)
		for (size_t i = 0; i < k->n; i++)
			for (size_t j = 0; j < k->list[i].nreplies; j++) {
				struct server_reply *r = &k->list[i].replies[j];
				enum dns_status status = r->txt.status;

				if (!r->server->address || !r->server->dns)
					continue;
				if (answered && server_has_answered(r))
					r->server->failure = DNS_DATA;
				if (!answered &&
				    (status == DNS_TIMEOUT ||
					status == DNS_NETWORK))
					r->server->failure = status;
			}
}

static void
take_replies(struct asking *k, struct servers_query *q)
{
	for (size_t i = 0; i < q->nreplies; i++) {
		take_txt(k, q, &q->replies[i]);
		take_soa(q, &q->replies[i]);
	}
	set_lags(q);
	for (size_t i = 0; i < q->nreplies; i++)
		q->replies[i].is_unreachable =
		    is_unreachable(q, &q->replies[i]);
}

static void
add_given(struct asking *k)
{
	for (size_t i = 0; i < k->n; i++) {
		struct servers_query *q = &k->list[i];

		q->source = SERVERS_GIVEN;
		q->target = q->name;
		for (size_t j = 0; j < k->servers->ngiven; j++)
			servers_add(k, q, k->servers->given[j]);
	}
}

void
servers_ask(
    struct servers *s, struct servers_query *list, size_t n, struct arena *a)
{
	struct asking k = {s, list, n, a};

	assert(n <= LIMIT_DNS_SERVER_NAMES);
	servers_free(s);
	dns_begin(s->resolver);
	for (size_t i = 0; i < n; i++)
		list[i] = (struct servers_query){.name = list[i].name};
	if (s->ngiven)
		add_given(&k);
	else
		servers_find(&k);
	for (size_t i = 0; i < n; i++)
		take_replies(&k, &list[i]);
	note_silence(&k);
}
