/* ipset: a set of addresses, as the fewest networks that make exactly it. */
/* SPDX-License-Identifier: ISC */
#ifndef IPSET_H
#define IPSET_H

#include "base/arena.h"
#include "base/ip.h"

struct ipset {
	struct arena *arena;
	/* Disjoint, IPv4 first, ordered by octets; bits after a prefix are 0.
	 * Valid until the set is changed. */
	struct ip_network *networks;
	size_t nnetworks, size; /* size: how many there is room for */
};

#define IPSET(a) ((struct ipset){.arena = (a)})

/* Add networks to the set, or remove them from it. They may be in any order and
 * overlap; bits after a prefix are ignored. */
void ipset_add(struct ipset *s, const struct ip_network *list, size_t n);
void ipset_remove(struct ipset *s, const struct ip_network *list, size_t n);

/* Is every address of the network in the set? */
bool ipset_covers(const struct ipset *s, const struct ip_network *network);

#endif
