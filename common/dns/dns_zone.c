/* dns_zone: records and directives of zone files, and lookups in them. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <stdlib.h>

#include "base/domain.h"

/* A record, or a directive. */
struct entry {
	struct entry *next;
	struct dns_rr record;
	enum dns_status status; /* DNS_DATA for a record */
	size_t number;          /* in the order of the files and their lines */
};

struct node {
	struct entry *first, **last;
	bool exists; /* the name, or one below it, owns an entry */
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
	for (;;) {
		struct node *n = node_of(z, name);

		if (n->exists)
			return;
		n->exists = true;
		if (!name.len)
			return;
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

void
dns_zone_each(const struct dns_zone *z, struct span domain,
    void (*found)(void *arg, struct span name), void *arg)
{
	const struct node *n;
	struct span name;
	size_t i = 0;

	while ((n = dns_table_next(&z->names, &i, &name)))
		if (!is_wildcard(name) && domain_within(name, domain) &&
		    first_record(n))
			found(arg, name);
}

const struct dns_rr *
dns_zone_top(const struct dns_zone *z, struct span domain)
{
	const struct node *n = dns_table_find(&z->names, domain);
	const struct entry *e = n ? first_record(n) : NULL, *top = e;
	struct span name;
	size_t i = 0;

	if (e)
		return &e->record;
	while ((n = dns_table_next(&z->names, &i, &name))) {
		e = domain_within(name, domain) ? first_record(n) : NULL;
		if (e && (!top || e->number < top->number))
			top = e;
	}
	return top ? &top->record : NULL;
}

static int
compare_lines(const void *one, const void *other)
{
	const struct dns_rr *a = one, *b = other;

	return a->line < b->line ? -1 : a->line > b->line;
}

void
dns_zone_list(const struct dns_zone *z, enum dns_type type, struct arena *a,
    struct dns_rr **list, size_t *n)
{
	const struct node *node;
	struct span name;
	size_t i = 0;

	*list = NULL;
	*n = 0;
	while ((node = dns_table_next(&z->names, &i, &name)))
		for (const struct entry *e = node->first; e; e = e->next)
			if (e->status == DNS_DATA && e->record.type == type &&
			    !is_wildcard(name))
				*ARENA_PUSH(a, *list, *n) = e->record;
	if (*n)
		qsort(*list, *n, sizeof(**list), compare_lines);
}
