/*
 * spf_flatten_internal: what the files of spf_flatten share: spf_flatten_tree.c
 * reads the records that a domain's record leads to, spf_flatten_networks.c
 * finds their addresses, spf_flatten.c makes terms of these,
 * spf_flatten_write.c writes the records, under names that spf_flatten_names.c
 * finds. For the files of spf_flatten alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_FLATTEN_INTERNAL_H
#define SPF_FLATTEN_INTERNAL_H

#include "base/ipset.h"
#include "base/limit.h"
#include "spf/spf_flatten.h"
#include "spf/spf_record.h"

/* What an include of a record can become. */
enum spf_flat_shape {
	SPF_FLAT_NETWORKS, /* the addresses that pass, and nothing else */
	SPF_FLAT_TERMS,    /* its terms, which all give pass */
	SPF_FLAT_KEPT,     /* the same include */
};

/* A record, and those of its terms that can be evaluated, redirect= last. */
struct spf_flat_node {
	const struct spf_flat_node *parent; /* or NULL */
	struct span domain;
	struct spf_record record;
	struct spf_flat_term *terms;
	size_t nterms;
	enum spf_flat_shape shape;
	unsigned lookups; /* of all terms, and of the records they include */
};

struct spf_flat_term {
	const struct spf_term *term;
	/* The name that it queries, whatever the client and sender, or
	 * absent. */
	struct span target;
	struct spf_flat_node *child; /* of include and redirect=, or NULL */
};

struct spf_flat_tree {
	struct dns *dns;
	struct arena *arena;
	unsigned questions; /* needed so far, whether sent or not */
	/* Names that records or their terms have, whatever their case. */
	struct span *names;
	size_t nnames;
	struct span detail; /* of a failure */
};

/* A list of networks in an arena. */
struct spf_flat_list {
	struct arena *arena;
	struct ip_network *network;
	size_t n;
};

/* Sets the detail, and returns the reason. */
enum spf_reason spf_flat_fail(
    struct spf_flat_tree *t, enum spf_reason reason, struct span detail);

/* The same with the detail "WHAT of DOMAIN". */
enum spf_reason spf_flat_fail_of(struct spf_flat_tree *t,
    enum spf_reason reason, struct span what, struct span domain);

/* Adds n to the queries that are needed.
 * SPF_LOOKUP_LIMIT if these are too many. */
enum spf_reason spf_flat_plan(struct spf_flat_tree *t, unsigned n);

/* Queries a name; a status that leaves its data unknown is a failure. */
enum spf_reason spf_flat_query(struct spf_flat_tree *t, struct span name,
    enum dns_type type, const struct dns_answer **answer);

/* Reads the domain's record, or the given one, and all that it leads to. */
enum spf_reason spf_flat_load(struct spf_flat_tree *t, struct span domain,
    struct span record, struct spf_flat_node **root);

/* Can the term become networks? */
bool spf_flat_is_networks(const struct spf_flat_term *term);

/* Prefetches the addresses of a node's own terms. */
enum spf_reason
spf_flat_prefetch(struct spf_flat_tree *t, const struct spf_flat_node *node);

/* Adds the networks that a term matches; it must be one that can become
 * networks. An "all" matches every address. */
enum spf_reason spf_flat_networks(struct spf_flat_tree *t,
    const struct spf_flat_term *term, struct spf_flat_list *list);

/* One or more terms of the flattened record. */
struct spf_flat_part {
	char qualifier;
	struct span kept; /* a term without qualifier; absent: set */
	struct ipset set;
	/* The networks as terms, with SP before each. Those from cut[k] to
	 * cut[k - 1] go into a record of their own; cut[0] is after the last,
	 * and those before cut[cuts] are in the first record. */
	struct span *text;
	size_t cut[LIMIT_SPF_LOOKUPS + 1];
	unsigned cuts;
};

struct spf_flat {
	struct spf_flat_tree tree;
	struct span domain;
	struct spf_flat_part *parts;
	size_t nparts;
	struct ipset covered; /* by the parts so far */
	char all;             /* its qualifier, or 0 */
	struct span redirect; /* to a record that stays, or absent */
	struct span exp;      /* as written, or absent */
	unsigned lookups;     /* of the terms that are kept */
	/* The names of new records, and the number of the last name tried. */
	struct span names[LIMIT_SPF_LOOKUPS];
	size_t nnames;
	unsigned number;
};

/* Adds the name of a new record, _spfN below the domain: one that is not in the
 * tree and, by the DNS, does not exist. SPF_LOOKUP_LIMIT if there is none. */
enum spf_reason spf_flat_name(struct spf_flat *f);

/* Writes the records as lines; SPF_LOOKUP_LIMIT if that
 * is impossible within the limits. */
enum spf_reason
spf_flat_write(struct spf_flat *f, struct span **lines, size_t *nlines);

#endif
