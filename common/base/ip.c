/* ip: parse, compare and print addresses and networks. */
/* SPDX-License-Identifier: ISC */

#include "base/ip.h"

#include <arpa/inet.h>
#include <string.h>

/* RFC 4291 2.5.5.2: IPv4-mapped IPv6 addresses begin with these bits. */
static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool
is_mapped(const struct ip *ip)
{
	return ip->family == AF_INET6 &&
	    !memcmp(ip->octet, mapped, sizeof(mapped));
}

/* Parses an address; an IPv4-mapped one stays IPv6. */
static bool
parse_as_is(struct span text, struct ip *ip)
{
	char copy[IP_TEXT];

	if (!text.len || text.len >= sizeof(copy) ||
	    span_find(text, '\0') < text.len)
		return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	*ip = (struct ip){.family = AF_INET};
	if (span_find(text, ':') < text.len)
		ip->family = AF_INET6;
	return inet_pton(ip->family, copy, ip->octet) == 1;
}

/* Turns an IPv4-mapped address into the IPv4 address. */
static void
unmap(struct ip *ip)
{
	struct ip v4 = {.family = AF_INET};

	memcpy(v4.octet, ip->octet + sizeof(mapped), 4);
	*ip = v4;
}

bool
ip_parse(struct span text, struct ip *ip)
{
	if (!parse_as_is(text, ip))
		return false;
	if (is_mapped(ip))
		unmap(ip);
	return true;
}

bool
ip_parse_family(struct span text, int family, struct ip *ip)
{
	return parse_as_is(text, ip) && ip->family == family;
}

bool
ip_parse_network(struct span text, struct ip_network *network)
{
	struct span rest = text, address = span_cut(&rest, '/');
	uint64_t bits;

	if (!parse_as_is(address, &network->ip))
		return false;
	bits = network->ip.family == AF_INET ? 32 : 128;
	if (rest.p && (rest.len > 3 || !span_number(rest, bits, &bits)))
		return false;
	if (is_mapped(&network->ip)) {
		/* A shorter prefix has other IPv6 addresses, too. */
		if (bits < 96)
			return false;
		bits -= 96;
		unmap(&network->ip);
	}
	network->bits = (unsigned)bits;
	return true;
}

bool
ip_within(const struct ip *ip, const struct ip_network *network)
{
	size_t whole = network->bits / 8;
	unsigned rest = network->bits % 8;
	unsigned mask = 0xff00u >> rest & 0xff;

	if (ip->family != network->ip.family ||
	    memcmp(ip->octet, network->ip.octet, whole))
		return false;
	return !rest || !((ip->octet[whole] ^ network->ip.octet[whole]) & mask);
}

struct ip_network
ip_masked(const struct ip_network *network)
{
	struct ip_network n = {
	    {.family = network->ip.family}, .bits = network->bits};
	size_t whole = n.bits / 8;

	memcpy(n.ip.octet, network->ip.octet, whole);
	if (n.bits % 8)
		n.ip.octet[whole] = (unsigned char)(network->ip.octet[whole] &
		    0xff00u >> n.bits % 8);
	return n;
}

const char *
ip_text(const struct ip *ip, char text[static IP_TEXT])
{
	return inet_ntop(ip->family, ip->octet, text, IP_TEXT);
}
