/* dns_zone: records and directives of zone files, and lookups in them. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <stdlib.h>

/* A record, or a directive. */
struct entry {
	struct entry *next;
	struct dns_rr record;
	enum dns_status status; /* DNS_DATA for a record */
	size_t number;          /* in the order of the files and their lines */
};

struct node {
	struct entry *first, **last;
	bool exists; /* the name, or one below it, owns an entry: then it has */
	struct span name;
	struct node *above, *below,
	    *beside; /* its place in the tree of names */
};

struct dns_zone {
	struct arena *arena;
	struct dns_table names; /* of struct node */
	size_t nentries;
};

struct dns_zone *
dns_zone_new(struct arena *a)
{
	struct dns_zone *z = ARENA_NEW(a, struct dns_zone);

	z->arena = a;
	z->names.arena = a;
	return z;
}

static struct node *
node_of(struct dns_zone *z, struct span name)
{
	void **at = dns_table_at(&z->names, name);
	struct node *n = *at;

	if (!n) {
		n = *at = ARENA_NEW(z->arena, struct node);
		n->last = &n->first;
	}
	return n;
}

static bool
is_wildcard(struct span name)
{
	return span_starts(name, SPAN("\\*"));
}

/* Marks a name as existing, and so all names above it (RFC 8020 2). */
static void
mark_existing(struct dns_zone *z, struct span name)
{
	for (struct node *under = NULL;;) {
		struct node *n = node_of(z, name);

		if (under) {
			under->above = n;
			under->beside = n->below;
			n->below = under;
		}
		if (n->exists)
			return;
		n->exists = true;
		n->name = name;
		if (!name.len)
			return;
		under = n;
		name = dns_name_parent(name);
	}
}

void
dns_zone_add(struct dns_zone *z, const struct dns_rr *r, enum dns_status status)
{
	struct entry *e = ARENA_NEW(z->arena, struct entry);
	struct node *n = node_of(z, r->owner);

	e->record = *r;
	e->status = status;
	e->number = z->nentries++;
	*n->last = e;
	n->last = &e->next;
	/* A directive for a failure, or that the name does not exist, does not
	 * make it exist. A wildcard is only found below a name that exists. */
	if (!dns_failed(status) && status != DNS_NXDOMAIN)
		mark_existing(z, r->owner);
	else if (is_wildcard(r->owner))
		mark_existing(z, dns_name_parent(r->owner));
}

/*
 * Lookups.
 */

static const struct entry *
find_directive(const struct node *n, enum dns_type type)
{
	for (const struct entry *e = n->first; e; e = e->next)
		if (e->status != DNS_DATA && e->record.type == type)
			return e;
	return NULL;
}

/* Takes the node's records of a type; the name that was looked up becomes their
 * owner, for wildcards (RFC 1034 4.3.3). */
static bool
take_records(const struct node *n, struct span name, enum dns_type type,
    struct arena *a, struct dns_reply *reply)
{
	for (const struct entry *e = n->first; e; e = e->next) {
		struct dns_rr *r;

		if (e->status != DNS_DATA || e->record.type != type ||
		    !e->record.data.p)
			continue;
		r = ARENA_PUSH(a, reply->records, reply->nrecords);
		*r = e->record;
		r->owner = name;
	}
	if (reply->nrecords)
		reply->status = DNS_DATA;
	return reply->nrecords > 0;
}

/*
 * Takes the first of these that the node has: a directive for this type,
 * records of this type, a directive for all other types, a CNAME. Returns false
 * if it has none of them.
 */
static bool
take_answer(const struct node *n, struct span name, enum dns_type type,
    struct arena *a, struct dns_reply *reply)
{
	const struct entry *e = find_directive(n, type);

	if (!e && take_records(n, name, type, a, reply))
		return true;
	if (!e)
		e = find_directive(n, DNS_ANY);
	if (!e)
		return take_records(n, name, DNS_CNAME, a, reply);
	reply->status = e->status;
	reply->is_stated = true;
	return true;
}

/* Returns the wildcard below the closest encloser (RFC 4592 3.3.1), or NULL. */
static const struct node *
wildcard_for(const struct dns_zone *z, struct span name, struct arena *a)
{
	const struct node *n;

	do {
		name = dns_name_parent(name);
		n = dns_table_find(&z->names, name);
	} while (name.len && !(n && n->exists));
	return dns_table_find(&z->names,
	    arena_printf(
		a, "\\*%s" SPAN_FMT, name.len ? "." : "", SPAN_ARG(name)));
}

void
dns_zone_lookup(const struct dns_zone *z, struct span name, enum dns_type type,
    struct arena *a, struct dns_reply *reply)
{
	const struct node *n = dns_table_find(&z->names, name);

	*reply = (struct dns_reply){.server = "zone"};
	if (n && take_answer(n, name, type, a, reply))
		return;
	reply->status = DNS_NODATA;
	if (n && n->exists)
		return;
	n = wildcard_for(z, name, a);
	if (n && take_answer(n, name, type, a, reply))
		return;
	reply->status = n && n->exists ? DNS_NODATA : DNS_NXDOMAIN;
}

/*
 * All names.
 */

/* Returns the node's first record, of any type, or NULL. */
static const struct entry *
first_record(const struct node *n)
{
	const struct entry *e = n->first;

	while (e && e->status != DNS_DATA)
		e = e->next;
	return e;
}

/* Returns the node that follows one in the tree below top, or NULL. */
static const struct node *
next_node(const struct node *n, const struct node *top)
{
	if (n->below)
		return n->below;
	while (n != top && !n->beside)
		n = n->above;
	return n == top ? NULL : n->beside;
}

/* Returns the node of a domain that exists, or NULL. */
static const struct node *
top_node(const struct dns_zone *z, struct span domain)
{
	const struct node *n = dns_table_find(&z->names, domain);

	return n && n->exists && domain.len ? n : NULL;
}

void
dns_zone_each(const struct dns_zone *z, struct span domain,
    void (*found)(void *arg, struct span name), void *arg)
{
	const struct node *top = top_node(z, domain);

	for (const struct node *n = top; n; n = next_node(n, top))
		if (!is_wildcard(n->name) && first_record(n))
			found(arg, n->name);
}

const struct dns_rr *
dns_zone_top(const struct dns_zone *z, struct span domain)
{
	const struct node *top = top_node(z, domain);
	const struct entry *first = top ? first_record(top) : NULL;

	if (first)
		return &first->record;
	for (const struct node *n = top; n; n = next_node(n, top)) {
		const struct entry *e = first_record(n);

		if (e && (!first || e->number < first->number))
			first = e;
	}
	return first ? &first->record : NULL;
}

static int
compare_numbers(const void *one, const void *other)
{
	const struct entry *const *a = one, *const *b = other;

	return (*a)->number < (*b)->number ? -1 : 1;
}

void
dns_zone_list(const struct dns_zone *z, enum dns_type type, struct arena *a,
    struct dns_rr **list, size_t *n)
{
	const struct node *root = dns_table_find(&z->names, SPAN(""));
	const struct entry **found = NULL;

	*n = 0;
	for (const struct node *at = root; at; at = next_node(at, root))
		for (const struct entry *e = at->first; e; e = e->next)
			if (e->status == DNS_DATA && e->record.type == type &&
			    !is_wildcard(at->name))
				*ARENA_PUSH(a, found, *n) = e;
	if (*n)
		qsort(found, *n, sizeof(*found), compare_numbers);
	*list = ARENA_ARRAY(a, struct dns_rr, *n);
	for (size_t i = 0; i < *n; i++)
		(*list)[i] = found[i]->record;
}
