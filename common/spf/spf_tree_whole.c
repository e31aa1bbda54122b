/* spf_tree_whole: evaluates a record for clients that no term matches. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <sys/socket.h>

#include "base/limit.h"
#include "spf/spf_tree_internal.h"

const struct spf_whole_client spf_whole_clients[SPF_WHOLE_CLIENTS] = {
    {"IPv4", {AF_INET, {192, 0, 0, 8}}},
    {"IPv6", {AF_INET6, {0x01, [15] = 8}}},
};

struct spf_query
spf_whole_query(struct span domain, size_t client)
{
	return (struct spf_query){.ip = spf_whole_clients[client].ip,
	    .domain = domain,
	    .local = SPAN("postmaster"),
	    .helo = domain};
}

/* Counts void lookups, and finds what was not queried. Recursion is bounded, as
 * that of the evaluation is. */
static void
count(const struct spf_trace_check *v, unsigned depth, struct spf_cost *c)
{
	assert(depth <= LIMIT_SPF_DEPTH + 1);
	for (size_t i = 0; i < v->nsteps; i++) {
		const struct spf_step *s = &v->steps[i];

		for (size_t k = 0; k < s->nanswers; k++)
			c->voids += spf_tree_is_void(s->answers[k]);
		c->cut |= s->match == SPF_NOT_QUERIED;
		if (s->check)
			count(s->check, depth + 1, c);
	}
}

static void
evaluate(struct span domain, const struct spf_policy *policy, struct dns *dns,
    struct arena *a, size_t client, struct spf_cost *c)
{
	const struct spf_query q = spf_whole_query(domain, client);
	struct spf_policy observed = *policy;

	*c = (struct spf_cost){.family = spf_whole_clients[client].family};
	spf_trace_init(&c->trace, a);
	observed.observer = &c->trace.observer;
	spf_check(&q, &observed, dns, a, &c->verdict);
	assert(c->trace.root);
	c->lookups = spf_trace_lookups(c->trace.root);
	count(c->trace.root, 0, c);
}

void
spf_whole(struct span domain, const struct spf_policy *policy, struct dns *dns,
    struct arena *a, struct spf_whole *w)
{
	const struct spf_cost *cost = w->cost;

	for (size_t i = 0; i < SPF_WHOLE_CLIENTS; i++)
		evaluate(domain, policy, dns, a, i, &w->cost[i]);
	w->worse = &cost[cost[1].lookups > cost[0].lookups ||
	    (cost[1].lookups == cost[0].lookups &&
		cost[1].voids > cost[0].voids)];
}
