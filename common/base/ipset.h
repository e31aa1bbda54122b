/* ipset: a set of addresses, as the fewest networks that are exactly it. */
#ifndef IPSET_H
#define IPSET_H

#include "base/arena.h"
#include "base/ip.h"

struct ipset {
	struct arena *arena;
	/* Disjoint, IPv4 first, in the order of their octets; those beyond a
	 * prefix are 0. Until the next change. */
	struct ip_network *networks;
	size_t nnetworks, size; /* size: there is room for */
};

#define IPSET(a) ((struct ipset){.arena = (a)})

/* Puts networks in, or takes them out: in any order, also of one another.
 * Octets beyond a prefix do not matter. */
void ipset_add(struct ipset *s, const struct ip_network *list, size_t n);
void ipset_remove(struct ipset *s, const struct ip_network *list, size_t n);

/* Is all of a network in the set? */
bool ipset_covers(const struct ipset *s, const struct ip_network *network);

#endif
