/* spf_state: how far an evaluation is, and which queries it may still make. */
/* SPDX-License-Identifier: ISC */

#include <sys/socket.h>

#include "spf/spf_internal.h"

enum dns_type
spf_address_type(const struct spf_eval *e)
{
	return e->q->ip.family == AF_INET ? DNS_A : DNS_AAAA;
}

enum spf_match
spf_error(const struct spf_eval *e, enum spf_reason reason, struct span what,
    struct span domain, struct spf_outcome *out)
{
	*out = (struct spf_outcome){.reason = reason, .detail = domain};
	if (what.p)
		out->detail = ARENA_JOIN(e->arena, what, SPAN(" of "), domain);
	return SPF_ERROR;
}

uint64_t
spf_sendable(const struct spf_eval *e)
{
	uint64_t limit = e->policy->explore;
	uint64_t sent = dns_sent(e->dns) - e->sent_before;

	if (!limit)
		return UINT64_MAX;
	return sent < limit ? limit - sent : 0;
}

bool
spf_may_query(const struct spf_eval *e, struct span name, enum dns_type type)
{
	return e->live ||
	    (e->questions < e->policy->explore &&
		(spf_sendable(e) || dns_is_sent(e->dns, name, type)));
}
