/* servers_find: the servers of the zones that names are in, by NS records. */
/* SPDX-License-Identifier: ISC */

#include "servers_find.h"

#include <netinet/in.h>
#include <string.h>

#include "base/domain.h"

/* The search for one name. */
struct search {
	struct asking *asking;
	struct servers_query *query;
	const struct dns_answer *ns; /* of the zone, or NULL */
};

static struct dns *
resolver(const struct search *s)
{
	return s->asking->servers->resolver;
}

/*
 * The zone.
 */

static void
prefetch_ns(const struct search *s, struct span name)
{
	for (; name.p; name = domain_parent(name))
		dns_prefetch(resolver(s), name, DNS_NS);
}

/* Looks up where CNAMEs lead, if they do. What is not a host name, such as a
 * key that was entered as a CNAME, has no servers. */
static void
find_target(const struct search *s)
{
	struct servers_query *q = s->query;
	const struct dns_answer *txt = dns_query(resolver(s), q->name, DNS_TXT);
	struct arena *a = s->asking->arena;

	q->target = q->name;
	if (span_eq(txt->canonical, txt->name))
		return;
	q->target = arena_span(a, txt->canonical);
	if (!span_eq(domain_normal(q->target, a), q->target))
		q->why = SPAN("its CNAME does not lead to a host name");
	else
		prefetch_ns(s, q->target);
}

static void
find_zone(struct search *s)
{
	struct servers_query *q = s->query;
	struct arena *a = s->asking->arena;

	for (struct span name = q->target; name.p && !q->why.p;
	     name = domain_parent(name)) {
		const struct dns_answer *ns =
		    dns_query(resolver(s), name, DNS_NS);

		if (dns_unknown(ns->status)) {
			q->has_failed = true;
			q->why = ARENA_JOIN(a, SPAN("NS records of "), name,
			    SPAN(": "), span_of(dns_status_words(ns->status)));
		} else if (ns->nrecords && span_eq(ns->canonical, ns->name)) {
			q->zone = arena_span(a, name);
			s->ns = ns;
			return;
		}
	}
	if (!q->why.p)
		q->why = SPAN("no name above it has NS records");
}

/*
 * Addresses.
 */

static const enum dns_type address_types[] = {DNS_A, DNS_AAAA};

static void
prefetch_addresses(const struct search *s)
{
	struct span host;

	for (size_t i = 0; s->ns && i < s->ns->nrecords; i++)
		if (dns_name_octets(
			s->ns->records[i].data, s->asking->arena, &host))
			for (size_t t = 0; t < COUNT(address_types); t++)
				dns_prefetch(
				    resolver(s), host, address_types[t]);
}

/* Adds a server by the text of its address, unless the name has it already. */
static void
add_address(struct search *s, struct span host, const char *address)
{
	struct servers *all = s->asking->servers;
	struct servers_query *q = s->query;
	struct server *server = NULL;

	for (size_t i = 0; i < q->nreplies; i++)
		if (!strcmp(q->replies[i].server->address, address))
			return;
	for (size_t i = 0; !server && i < all->nknown; i++)
		if (!strcmp(all->known[i]->address, address))
			server = all->known[i];
	if (!server) {
		server = ARENA_NEW(all->life, struct server);
		server->address = arena_cstr(all->life, span_of(address));
		*ARENA_PUSH(all->life, all->known, all->nknown) = server;
	}
	if (!server->name.p)
		server->name = arena_span(all->life, host);
	servers_add(s->asking, q, server);
}

static void
add_record(struct search *s, struct span host, const struct dns_rr *r)
{
	struct ip ip = {.family = r->type == DNS_A ? AF_INET : AF_INET6};
	char text[IP_TEXT];

	memcpy(ip.octet, r->data.p, r->data.len);
	add_address(s, host,
	    arena_printf(s->asking->arena, "%s#53", ip_text(&ip, text)).p);
}

/* A server without an address cannot be queried, and is one that has not
 * answered. */
static struct server *
nowhere(const struct search *s, struct span host, enum dns_status failure)
{
	struct server *server = ARENA_NEW(s->asking->arena, struct server);

	server->name = host;
	server->failure = dns_unknown(failure) ? failure : DNS_NETWORK;
	return server;
}

/* Adds the addresses of a name server. If one type is there, the other one is
 * not missed. */
static void
add_host(struct search *s, struct span host, struct server **unasked, size_t *n)
{
	enum dns_status failure = DNS_NXDOMAIN;
	bool found = false;

	for (size_t t = 0; t < COUNT(address_types); t++) {
		const struct dns_answer *answer =
		    dns_query(resolver(s), host, address_types[t]);

		for (size_t i = 0; i < answer->nrecords; i++)
			add_record(s, host, &answer->records[i]);
		found |= answer->nrecords > 0;
		if (dns_unknown(answer->status))
			failure = answer->status;
	}
	if (!found)
		unasked[(*n)++] = nowhere(s, host, failure);
}

static void
add_hosts(struct search *s)
{
	size_t n = s->ns ? s->ns->nrecords : 0, nunasked = 0;
	struct server **unasked =
	    ARENA_ARRAY(s->asking->arena, struct server *, n);
	struct span host;

	for (size_t i = 0; i < n; i++)
		if (dns_name_octets(
			s->ns->records[i].data, s->asking->arena, &host))
			add_host(s, host, unasked, &nunasked);
	for (size_t i = 0; i < nunasked; i++)
		servers_add(s->asking, s->query, unasked[i]);
}

static void
add_resolver(struct search *s)
{
	struct servers_query *q = s->query;

	if (q->nreplies)
		return;
	if (!q->why.p)
		q->why = SPAN("its NS records have no host names");
	q->source = SERVERS_RESOLVER;
	q->zone = SPAN_NONE;
	servers_add(s->asking, q, &s->asking->servers->self);
}

void
servers_find(struct asking *k)
{
	struct search *list = ARENA_ARRAY(k->arena, struct search, k->n);
	bool is_offline = cli_dns_zone();

	for (size_t i = 0; i < k->n; i++) {
		list[i] = (struct search){k, &k->list[i], NULL};
		dns_prefetch(k->servers->resolver, k->list[i].name, DNS_TXT);
		if (is_offline)
			k->list[i].why = SPAN("--zone");
		else
			prefetch_ns(&list[i], k->list[i].name);
	}
	for (size_t i = 0; i < k->n; i++)
		find_target(&list[i]);
	for (size_t i = 0; i < k->n; i++) {
		find_zone(&list[i]);
		prefetch_addresses(&list[i]);
	}
	for (size_t i = 0; i < k->n; i++)
		add_hosts(&list[i]);
	for (size_t i = 0; i < k->n; i++)
		add_resolver(&list[i]);
}
