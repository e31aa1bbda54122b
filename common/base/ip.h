/* ip: IPv4 and IPv6 addresses and networks. IPv4-mapped IPv6 is read as
 * IPv4. */
/* SPDX-License-Identifier: ISC */
#ifndef IP_H
#define IP_H

#include "base/span.h"

struct ip {
	int family; /* AF_INET, AF_INET6 (libc) */
	unsigned char octet[16];
};

struct ip_network {
	struct ip ip;
	unsigned bits;
};

/* Parses an address (RFC 4291 2.2, or dotted quad) with nothing around it. */
bool ip_parse(struct span text, struct ip *ip);

/* The same for an address of one family; IPv4-mapped IPv6 stays IPv6. */
bool ip_parse_family(struct span text, int family, struct ip *ip);

/* Parses ADDRESS or ADDRESS/BITS; the bits after the prefix may be set. */
bool ip_parse_network(struct span text, struct ip_network *network);

/* Is the address in the network? One of the other family is not. */
bool ip_within(const struct ip *ip, const struct ip_network *network);

/* Returns the same network with all bits after its prefix cleared. */
struct ip_network ip_masked(const struct ip_network *network);

/* Writes an address as text (RFC 5952) with a NUL at its end; returns text. */
#define IP_TEXT 46
const char *ip_text(const struct ip *ip, char text[static IP_TEXT]);

#endif
