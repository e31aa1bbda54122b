/* spf_lint_address: single addresses and networks of ip4 and ip6 terms. */
/* SPDX-License-Identifier: ISC */

#include <string.h>
#include <sys/socket.h>

#include "lint/spf_lint_internal.h"

/* RFC 4291 2.5.5.2 */
static const struct ip_network mapped = {
    {AF_INET6, {[10] = 0xff, [11] = 0xff}}, 96};

/* Networks for private use (RFC 1918, RFC 4193), loopback (RFC 1122 3.2.1.3,
 * RFC 4291 2.5.3) and link-local ones (RFC 3927, RFC 4291 2.5.6). Those for
 * documentation (RFC 5737, RFC 3849) are not here: a record that has them is an
 * example. */
static const struct ip_network reserved[] = {
    {{AF_INET, {10}}, 8},
    {{AF_INET, {172, 16}}, 12},
    {{AF_INET, {192, 168}}, 16},
    {{AF_INET, {127}}, 8},
    {{AF_INET, {169, 254}}, 16},
    {{AF_INET6, {0xfc}}, 7},
    {{AF_INET6, {0xfe, 0x80}}, 10},
    {{AF_INET6, {[15] = 1}}, 128},
};

static bool
is_inside(const struct ip_network *n, const struct ip_network *of)
{
	return n->bits >= of->bits && ip_within(&n->ip, of);
}

bool
spf_lint_is_reserved(const struct ip_network *network)
{
	for (size_t i = 0; i < COUNT(reserved); i++)
		if (is_inside(network, &reserved[i]))
			return true;
	return false;
}

static bool
has_host_bits(const struct ip_network *n)
{
	struct ip_network masked = ip_masked(n);

	return memcmp(masked.ip.octet, n->ip.octet, sizeof(n->ip.octet)) != 0;
}

/* The IPv4 network that an IPv4-mapped one was meant to be. */
static struct ip_network
unmapped(const struct ip_network *n)
{
	struct ip_network ip4 = {{.family = AF_INET}, n->bits - mapped.bits};

	memcpy(ip4.ip.octet, n->ip.octet + mapped.bits / 8, 4);
	return ip4;
}

/* "~ip4:192.0.2.0/24" */
struct span
spf_lint_plain(const struct spf_term *t, struct arena *a)
{
	bool is_mapped = is_inside(&t->network, &mapped);
	struct ip_network n = is_mapped ? unmapped(&t->network) : t->network;
	bool is_ip4 = n.ip.family == AF_INET;
	struct span text;
	char ip[IP_TEXT];

	if (!is_mapped && !has_host_bits(&n))
		return SPAN_NONE;
	n = ip_masked(&n);
	text = arena_printf(
	    a, "%s:%s", is_ip4 ? "ip4" : "ip6", ip_text(&n.ip, ip));
	if (t->text.p[0] == t->qualifier)
		text = ARENA_JOIN(a, span_upto(t->text, 1), text);
	if (n.bits == (is_ip4 ? 32 : 128))
		return text;
	return arena_printf(a, SPAN_FMT "/%u", SPAN_ARG(text), n.bits);
}

/* IPv4-mapped addresses of clients are those of IPv4 (RFC 7208 5), so that ip6
 * never matches them. */
void
spf_lint_address(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_term *t)
{
	enum spf_finding kind;
	struct span plain;

	if (t->kind != SPF_IP4 && t->kind != SPF_IP6)
		return;
	if (t->qualifier == '+' && spf_lint_is_reserved(&t->network))
		spf_lint_add_at(job, p, t, SPF_FINDING_RESERVED, t->text);
	plain = spf_lint_plain(t, job->arena);
	if (!plain.p)
		return;
	kind = is_inside(&t->network, &mapped) ? SPF_FINDING_MAPPED
					       : SPF_FINDING_HOST_BITS;
	spf_lint_add_at(job, p, t, kind, t->text)->near =
	    arena_cstr(job->arena, plain);
}
