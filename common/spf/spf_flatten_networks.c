/* spf_flatten_networks: the networks that terms and records match. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

#include "spf/spf_flatten_internal.h"

static void
add(struct spf_flat_list *list, const struct ip_network *network)
{
	*ARENA_PUSH(list->arena, list->network, list->n) = *network;
}

/*
 * Addresses. A is for IPv4 clients, AAAA for IPv6 ones (RFC 7208 5): here both
 * are needed.
 */

static void
prefetch_host(struct spf_flat_tree *t, struct span name)
{
	dns_prefetch(t->dns, name, DNS_A);
	dns_prefetch(t->dns, name, DNS_AAAA);
}

enum spf_reason
spf_flat_prefetch(struct spf_flat_tree *t, const struct spf_flat_node *node)
{
	enum spf_reason reason = SPF_PASS;

	for (size_t i = 0; i < node->nterms && reason == SPF_PASS; i++) {
		enum spf_kind kind = node->terms[i].term->kind;
		struct span name = node->terms[i].target;

		if ((kind != SPF_A && kind != SPF_MX) || !name.p)
			continue;
		reason = spf_flat_plan(t, kind == SPF_A ? 2 : 1);
		if (reason == SPF_PASS && kind == SPF_A)
			prefetch_host(t, name);
		else if (reason == SPF_PASS)
			dns_prefetch(t->dns, name, DNS_MX);
	}
	return reason;
}

/* Void lookups (RFC 7208 4.6.4) are not counted: the flattened record does not
 * cause them. */
enum spf_reason
spf_flat_query(struct spf_flat_tree *t, struct span name, enum dns_type type,
    const struct dns_answer **answer)
{
	*answer = dns_query(t->dns, name, type);
	if (!dns_unknown((*answer)->status))
		return SPF_PASS;
	if ((*answer)->status == DNS_LIMIT)
		return spf_flat_fail_of(t, SPF_DNS_LIMIT,
		    span_of(dns_type_name(type, t->arena)), name);
	return spf_flat_fail_of(t,
	    DNS_REASON(SPF_DNS_TIMEOUT, (*answer)->status),
	    span_of(dns_type_name(type, t->arena)), name);
}

static enum spf_reason
add_addresses(struct spf_flat_tree *t, struct span name, enum dns_type type,
    const struct ip_network *shape, struct spf_flat_list *list)
{
	const struct dns_answer *answer;
	enum spf_reason reason = spf_flat_query(t, name, type, &answer);

	if (reason != SPF_PASS)
		return reason;
	for (size_t i = 0; i < answer->nrecords; i++) {
		struct span address = answer->records[i].data;
		struct ip_network network = *shape;

		assert(address.len <= sizeof(network.ip.octet));
		memcpy(network.ip.octet, address.p, address.len);
		add(list, &network);
	}
	return SPF_PASS;
}

static enum spf_reason
add_host(struct spf_flat_tree *t, struct span name, const struct spf_term *term,
    struct spf_flat_list *list)
{
	const struct ip_network v4 = {{.family = AF_INET}, term->ip4_bits},
				v6 = {{.family = AF_INET6}, term->ip6_bits};
	enum spf_reason reason = add_addresses(t, name, DNS_A, &v4, list);

	if (reason != SPF_PASS)
		return reason;
	return add_addresses(t, name, DNS_AAAA, &v6, list);
}

static enum spf_reason
prefetch_exchangers(struct spf_flat_tree *t, const struct dns_answer *answer,
    struct span name[static LIMIT_SPF_NAMES], size_t *n)
{
	enum spf_reason reason = SPF_PASS;

	*n = 0;
	for (size_t i = 0; i < answer->nrecords && reason == SPF_PASS; i++) {
		if (!dns_name_octets(
			answer->records[i].data, t->arena, &name[*n]))
			continue;
		reason = spf_flat_plan(t, 2);
		if (reason == SPF_PASS)
			prefetch_host(t, name[(*n)++]);
	}
	return reason;
}

/* RFC 7208 5.4 */
static enum spf_reason
add_exchangers(struct spf_flat_tree *t, const struct spf_flat_term *term,
    struct spf_flat_list *list)
{
	const struct dns_answer *answer;
	struct span name[LIMIT_SPF_NAMES];
	size_t n = 0;
	enum spf_reason reason =
	    spf_flat_query(t, term->target, DNS_MX, &answer);

	if (reason != SPF_PASS)
		return reason;
	if (answer->nrecords > LIMIT_SPF_NAMES) /* RFC 7208 4.6.4 */
		return spf_flat_fail_of(
		    t, SPF_MX_LIMIT, SPAN("mx"), term->target);
	reason = prefetch_exchangers(t, answer, name, &n);
	for (size_t i = 0; i < n && reason == SPF_PASS; i++)
		reason = add_host(t, name[i], term->term, list);
	return reason;
}

/*
 * Records.
 */

/* Consecutive terms that all give pass, or all do not. */
struct group {
	bool passes;
	struct spf_flat_list list;
};

struct groups {
	struct group *p;
	size_t n;
};

/* Adds a term to the last group, or to a new one.
 * redirect= passes where its target does. */
static enum spf_reason
add_to_groups(struct spf_flat_tree *t, const struct spf_flat_term *term,
    struct arena *a, struct groups *g)
{
	bool passes = term->term->qualifier == '+';

	if (!g->n || g->p[g->n - 1].passes != passes) {
		*ARENA_PUSH(a, g->p, g->n) =
		    (struct group){.passes = passes, .list = {.arena = a}};
	}
	return spf_flat_networks(t, term, &g->p[g->n - 1].list);
}

/* Adds the networks that pass. The first match decides (RFC 7208 4.6.2), so the
 * groups are taken from the last to the first, and each overrides those that
 * follow it in the record. */
static void
add_decided(const struct groups *g, struct arena *a, struct spf_flat_list *list)
{
	struct ipset set = IPSET(a);

	for (size_t i = g->n; i > 0; i--) {
		const struct spf_flat_list *l = &g->p[i - 1].list;

		if (g->p[i - 1].passes)
			ipset_add(&set, l->network, l->n);
		else
			ipset_remove(&set, l->network, l->n);
	}
	for (size_t i = 0; i < set.nnetworks; i++)
		add(list, &set.networks[i]);
}

/* Adds the networks that pass in a record. Recurses as the records nest. */
static enum spf_reason
add_passing(struct spf_flat_tree *t, const struct spf_flat_node *node,
    struct spf_flat_list *list)
{
	struct arena *scratch = arena_new();
	struct groups g = {.n = 0};
	enum spf_reason reason = spf_flat_prefetch(t, node);

	for (size_t i = 0; i < node->nterms && reason == SPF_PASS; i++)
		reason = add_to_groups(t, &node->terms[i], scratch, &g);
	if (reason == SPF_PASS)
		add_decided(&g, scratch, list);
	arena_free(scratch);
	return reason;
}

enum spf_reason
spf_flat_networks(struct spf_flat_tree *t, const struct spf_flat_term *term,
    struct spf_flat_list *list)
{
	static const struct ip_network v4 = {.ip = {.family = AF_INET}},
				       v6 = {.ip = {.family = AF_INET6}};

	switch (term->term->kind) {
	case SPF_ALL:
		add(list, &v4);
		add(list, &v6);
		return SPF_PASS;
	case SPF_IP4:
	case SPF_IP6:
		add(list, &term->term->network);
		return SPF_PASS;
	case SPF_A:
		return add_host(t, term->target, term->term, list);
	case SPF_MX:
		return add_exchangers(t, term, list);
	default:
		assert(spf_flat_is_networks(term));
		return add_passing(t, term->child, list);
	}
}
