/* ip: IPv4 and IPv6 addresses and networks. IPv4-mapped IPv6 is IPv4. */
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

/* An address in text form (RFC 4291 2.2, dotted quad), nothing around it. */
bool ip_parse(struct span text, struct ip *ip);

/* An address of that family alone; IPv4-mapped IPv6 stays IPv6. */
bool ip_parse_family(struct span text, int family, struct ip *ip);

/* ADDRESS or ADDRESS/BITS; octets beyond the prefix must not matter. */
bool ip_parse_network(struct span text, struct ip_network *network);

/* Is the address in the network? Different families: no. */
bool ip_within(const struct ip *ip, const struct ip_network *network);

/* The same network with all bits beyond its prefix 0. */
struct ip_network ip_masked(const struct ip_network *network);

/* Text form of an address (RFC 5952), NUL-terminated. */
#define IP_TEXT 46
const char *ip_text(const struct ip *ip, char text[static IP_TEXT]);

#endif
