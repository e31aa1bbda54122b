/* ipset: add and remove networks, merging halves. */
/* SPDX-License-Identifier: ISC */

#include "base/ipset.h"

#include <stdlib.h>
#include <string.h>

/* A set that is being made: disjoint networks, in order. */
struct list {
	struct arena *arena;
	struct ip_network *p;
	size_t n;
};

/* The order of a set: a network comes before those within it. */
static int
compare(const void *x, const void *y)
{
	const struct ip_network *a = x, *b = y;
	int order;

	if (a->ip.family != b->ip.family)
		return a->ip.family < b->ip.family ? -1 : 1;
	order = memcmp(a->ip.octet, b->ip.octet, sizeof(a->ip.octet));
	if (order)
		return order;
	return a->bits < b->bits ? -1 : a->bits > b->bits;
}

static bool
is_within(const struct ip_network *inner, const struct ip_network *outer)
{
	return outer->bits <= inner->bits && ip_within(&inner->ip, outer);
}

/* Are two disjoint networks the halves of one? */
static bool
are_halves(const struct ip_network *a, const struct ip_network *b)
{
	struct ip_network both = *a;

	if (!a->bits || a->bits != b->bits)
		return false;
	both.bits--;
	return ip_within(&b->ip, &both);
}

/* Adds a network that comes after all others, or is within the last one. */
static void
append(struct list *l, const struct ip_network *network)
{
	if (l->n && is_within(network, &l->p[l->n - 1]))
		return;
	*ARENA_PUSH(l->arena, l->p, l->n) = *network;
	while (l->n > 1 && are_halves(&l->p[l->n - 2], &l->p[l->n - 1])) {
		l->n--;
		l->p[l->n - 1].bits--;
	}
}

static struct list
sorted(const struct ip_network *network, size_t n, struct arena *a)
{
	struct ip_network *copy = ARENA_ARRAY(a, struct ip_network, n);
	struct list l = {.arena = a};

	for (size_t i = 0; i < n; i++)
		copy[i] = ip_masked(&network[i]);
	qsort(copy, n, sizeof(*copy), compare);
	for (size_t i = 0; i < n; i++)
		append(&l, &copy[i]);
	return l;
}

/* Copies a list into the set. */
static void
assign(struct ipset *s, const struct list *l)
{
	size_t unit = sizeof(*s->networks);

	if (l->n > s->size) {
		s->networks = arena_grow(
		    s->arena, s->networks, s->size * unit, 2 * l->n * unit);
		s->size = 2 * l->n;
	}
	if (l->n)
		memcpy(s->networks, l->p, l->n * unit);
	s->nnetworks = l->n;
}

void
ipset_add(struct ipset *s, const struct ip_network *list, size_t n)
{
	struct arena *scratch = arena_new();
	struct list more = sorted(list, n, scratch), all = {.arena = scratch};
	size_t i = 0, k = 0;

	while (i < s->nnetworks || k < more.n)
		if (k == more.n ||
		    (i < s->nnetworks &&
			compare(&s->networks[i], &more.p[k]) < 0))
			append(&all, &s->networks[i++]);
		else
			append(&all, &more.p[k++]);
	assign(s, &all);
	arena_free(scratch);
}

static struct ip_network
half(const struct ip_network *network, bool upper)
{
	struct ip_network h = *network;

	if (upper)
		h.ip.octet[h.bits / 8] |= (unsigned char)(0x80 >> h.bits % 8);
	h.bits++;
	return h;
}

/*
 * Appends what is left of a network when those of out that are within it, which
 * begin at *at, are removed; moves *at past them. Each nested call has a prefix
 * longer by one bit, so calls nest at most 129 deep.
 */
static void
append_rest(struct list *l, struct ip_network network, const struct list *out,
    size_t *at)
{
	if (*at == out->n || !is_within(&out->p[*at], &network)) {
		append(l, &network);
	} else if (out->p[*at].bits == network.bits) {
		++*at;
	} else {
		append_rest(l, half(&network, false), out, at);
		append_rest(l, half(&network, true), out, at);
	}
}

void
ipset_remove(struct ipset *s, const struct ip_network *list, size_t n)
{
	struct arena *scratch = arena_new();
	struct list out = sorted(list, n, scratch), rest = {.arena = scratch};
	size_t at = 0;

	for (size_t i = 0; i < s->nnetworks; i++) {
		const struct ip_network *network = &s->networks[i];

		while (at < out.n && !is_within(network, &out.p[at]) &&
		    compare(&out.p[at], network) < 0)
			at++;
		if (at == out.n || !is_within(network, &out.p[at]))
			append_rest(&rest, *network, &out, &at);
	}
	assign(s, &rest);
	arena_free(scratch);
}

static int
compare_within(const void *network, const void *element)
{
	return is_within(network, element) ? 0 : compare(network, element);
}

bool
ipset_covers(const struct ipset *s, const struct ip_network *network)
{
	struct ip_network n = ip_masked(network);

	/* Halves of a network are merged, so a single one covers n, or none. */
	return s->nnetworks &&
	    bsearch(&n, s->networks, s->nnetworks, sizeof(n), compare_within);
}
