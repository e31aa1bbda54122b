/* mx_lint_host: has mail to a host somewhere to go? */
/* SPDX-License-Identifier: ISC */

#include "lint/mx_lint.h"

/* RFC 7505 3: a domain with a null MX has no other. Beside others it is only a
 * target that cannot be reached. */
static bool
is_null(const struct dns_answer *mx)
{
	for (size_t i = 0; i < mx->nrecords; i++)
		if (mx->records[i].data.len)
			return false;
	return true;
}

/* RFC 5321 5.1: without MX records, the host itself is its only MX. */
static enum mail_host
query_address(struct dns *dns, struct span host)
{
	const struct dns_answer *ip4, *ip6;

	dns_prefetch_limited(dns, host, DNS_A);
	dns_prefetch_limited(dns, host, DNS_AAAA);
	ip4 = dns_query_limited(dns, host, DNS_A);
	if (ip4->status == DNS_DATA)
		return MAIL_HOST_ADDRESS;
	ip6 = dns_query_limited(dns, host, DNS_AAAA);
	if (ip6->status == DNS_DATA)
		return MAIL_HOST_ADDRESS;
	return dns_unknown(ip4->status) || dns_unknown(ip6->status)
	    ? MAIL_HOST_UNKNOWN
	    : MAIL_HOST_NONE;
}

enum mail_host
mail_host_query(struct dns *dns, struct span host)
{
	const struct dns_answer *mx = dns_query_limited(dns, host, DNS_MX);

	if (dns_unknown(mx->status))
		return MAIL_HOST_UNKNOWN;
	if (mx->status == DNS_NODATA)
		return query_address(dns, host);
	if (mx->status != DNS_DATA)
		return MAIL_HOST_MISSING;
	return is_null(mx) ? MAIL_HOST_NULL : MAIL_HOST_MX;
}

void
mail_host_prefetch(struct dns *dns, struct span host)
{
	dns_prefetch_limited(dns, host, DNS_MX);
}

/*
 * The host of an MX record.
 */

/* The answers to queries for A and AAAA: the one that decides. */
static const struct dns_answer *
decisive(const struct dns_answer *ip4, const struct dns_answer *ip6)
{
	if (ip4->status == DNS_DATA || ip6->status == DNS_DATA)
		return ip4->status == DNS_DATA ? ip4 : ip6;
	return dns_unknown(ip4->status) ? ip4 : ip6;
}

static enum mx_host_state
state_of(enum dns_status status)
{
	if (status == DNS_DATA)
		return MX_HOST_ADDRESS;
	if (dns_unknown(status))
		return MX_HOST_UNKNOWN;
	return status == DNS_NXDOMAIN ? MX_HOST_MISSING : MX_HOST_NONE;
}

void
mx_host_query(struct dns *dns, struct arena *a, struct mx_host *h)
{
	struct span name;

	h->state = MX_HOST_NONE;
	h->answer = NULL;
	if (!dns_name_octets(h->name, a, &name))
		return;
	h->answer = decisive(
	    dns_query(dns, name, DNS_A), dns_query(dns, name, DNS_AAAA));
	h->state = state_of(h->answer->status);
}

void
mx_host_prefetch(struct dns *dns, struct arena *a, const struct mx_host *h)
{
	struct span name;

	if (!dns_name_octets(h->name, a, &name))
		return;
	dns_prefetch(dns, name, DNS_A);
	dns_prefetch(dns, name, DNS_AAAA);
}
