/* show_new: the sources that are new. */
/* SPDX-License-Identifier: ISC */

#include "show.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* For qsort(): as numbers, IPv4 first. */
static int
compare_ip(const void *a, const void *b)
{
	const struct ip *x = a, *y = b;

	if (x->family != y->family)
		return x->family == AF_INET ? -1 : 1;
	return memcmp(x->octet, y->octet, sizeof(x->octet));
}

/* The same, an unknown one last. */
static int
compare_source(const void *a, const void *b)
{
	const struct show_newcomer *x = a, *y = b;

	if (x->has_network != y->has_network)
		return x->has_network ? -1 : 1;
	return compare_ip(&x->network.ip, &y->network.ip);
}

/* Most messages first. */
static int
compare_messages(const void *a, const void *b)
{
	const struct show_newcomer *x = a, *y = b;

	if (x->messages != y->messages)
		return x->messages > y->messages ? -1 : 1;
	return compare_source(a, b);
}

static struct ip_network
network_of(const struct ip *ip)
{
	struct ip_network network = {*ip, ip->family == AF_INET ? 24 : 48};

	return ip_masked(&network);
}

/* Merges networks, as tally_list() does in a list by kind. Returns how many are
 * left of n sources, which are sorted. */
static size_t
merge(struct show_newcomer *list, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0, end; i < n; i = end) {
		struct show_newcomer all = {.has_network = list[i].has_network};

		if (all.has_network)
			all.network = network_of(&list[i].network.ip);
		for (end = i; end < n &&
		     (end == i ||
			 ip_within(&list[end].network.ip, &all.network));
		     end++) {
			all.addresses++;
			all.messages += list[end].messages;
		}
		if (all.addresses >= TALLY_MERGE)
			list[kept++] = all;
		else
			while (i < end)
				list[kept++] = list[i++];
	}
	return kept;
}

/* Sets the list of those that have messages that are aligned, or of those that
 * have none. */
static void
set_list(struct show_new *new, const struct tally_row *rows, size_t n,
    bool aligned, struct arena *a)
{
	struct show_newcomer *list = ARENA_ARRAY(a, struct show_newcomer, n);
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if ((rows[i].n[TALLY_PASSED] > 0) == aligned)
			list[found++] = (struct show_newcomer){rows[i].network,
			    1, rows[i].n[TALLY_MESSAGES], rows[i].has_network};
	if (!found)
		return;
	qsort(list, found, sizeof(*list), compare_source);
	found = merge(list, found);
	qsort(list, found, sizeof(*list), compare_messages);
	new->list[aligned] = list;
	new->n[aligned] = found;
}

static void
set_ips(struct show_new *new, const struct tally_row *rows, size_t n,
    struct arena *a)
{
	new->ips = ARENA_ARRAY(a, struct ip, n);
	for (size_t i = 0; i < n; i++)
		if (rows[i].has_network)
			new->ips[new->nips++] = rows[i].network.ip;
	if (new->nips)
		qsort(new->ips, new->nips, sizeof(*new->ips), compare_ip);
}

struct show_new
show_new(struct job *job)
{
	struct show_new new = {.from = tally_recent(job->tally)};
	const struct tally_row *rows;
	uint64_t found;
	size_t n;

	new.known = tally_new_sources(job->tally, &found);
	if (!new.known)
		return new;
	rows = tally_list(
	    job->tally, TALLY_NEW_SOURCES, TALLY_ALL, job->memory, &n);
	set_ips(&new, rows, n, job->memory);
	set_list(&new, rows, n, false, job->memory);
	set_list(&new, rows, n, true, job->memory);
	return new;
}

/* Returns the number of addresses before a given one. */
static size_t
count_before(const struct show_new *new, const struct ip *ip)
{
	size_t low = 0, high = new->nips;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_ip(&new->ips[middle], ip) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
show_is_new(const struct show_new *new, const struct tally_row *row)
{
	struct ip_network network;
	size_t first;

	if (!new->known || !row->has_network || row->first < new->from)
		return false;
	network = ip_masked(&row->network);
	first = count_before(new, &network.ip);
	for (size_t i = first; i < first + row->addresses; i++)
		if (i >= new->nips || !ip_within(&new->ips[i], &network))
			return false;
	return true;
}
