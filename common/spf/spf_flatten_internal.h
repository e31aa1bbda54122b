/*
 * spf_flatten_internal: what the files of spf_flatten share: spf_flatten_tree.c
 * the records that a domain's own leads to, spf_flatten_networks.c their
 * addresses, spf_flatten.c the terms that they become, spf_flatten_write.c the
 * records that hold these. Nobody else includes it.
 */
#ifndef SPF_FLATTEN_INTERNAL_H
#define SPF_FLATTEN_INTERNAL_H

#include "base/ipset.h"
#include "base/limit.h"
#include "spf/spf_flatten.h"
#include "spf/spf_record.h"

/* What an included record can become. */
enum spf_flat_shape {
	SPF_FLAT_NETWORKS, /* the addresses that pass, and nothing else */
	SPF_FLAT_TERMS,    /* addresses and includes: all that it has pass */
	SPF_FLAT_KEPT,     /* only itself */
};

/* A record, and the terms that evaluation can come to, redirect= last. */
struct spf_flat_node {
	const struct spf_flat_node *parent; /* or NULL */
	struct span domain;
	struct spf_record record;
	struct spf_flat_term *terms;
	size_t nterms;
	enum spf_flat_shape shape;
	unsigned lookups; /* of all terms, those of the included ones too */
};

struct spf_flat_term {
	const struct spf_term *term;
	/* The name that it asks for whoever the client is, or absent. */
	struct span target;
	struct spf_flat_node *child; /* of include and redirect=, or NULL */
};

struct spf_flat_tree {
	struct dns *dns;
	struct arena *arena;
	unsigned questions; /* that are certain, asked or not yet */
	struct span detail; /* of what went wrong */
};

/* A list in an arena. */
struct spf_flat_list {
	struct arena *arena;
	struct ip_network *network;
	size_t n;
};

/* Sets the detail, and returns the reason. */
enum spf_reason spf_flat_fail(
    struct spf_flat_tree *t, enum spf_reason reason, struct span detail);

/* The same about something of a domain. */
enum spf_reason spf_flat_fail_of(struct spf_flat_tree *t,
    enum spf_reason reason, struct span what, struct span domain);

/* n more questions will be asked: SPF_LOOKUP_LIMIT if these are too many. */
enum spf_reason spf_flat_plan(struct spf_flat_tree *t, unsigned n);

/* Reads the domain's record, or the one instead of it, and all that it leads
 * to. */
enum spf_reason spf_flat_load(struct spf_flat_tree *t, struct span domain,
    struct span record, struct spf_flat_node **root);

/* Can the term become networks? */
bool spf_flat_is_networks(const struct spf_flat_term *term);

/* Starts the questions for a node's own addresses. */
enum spf_reason
spf_flat_prefetch(struct spf_flat_tree *t, const struct spf_flat_node *node);

/* Adds the networks that a term stands for, if it can become such; of "all"
 * every address. */
enum spf_reason spf_flat_networks(struct spf_flat_tree *t,
    const struct spf_flat_term *term, struct spf_flat_list *list);

/* One or more terms of the flattened record. */
struct spf_flat_part {
	char qualifier;
	struct span kept; /* a term without its qualifier, or absent: */
	struct ipset set;
	/* The networks as terms, SP in front. From cut[k] to cut[k - 1] they
	 * are in a record of their own; cut[0] is behind all of them, and those
	 * before cut[cuts] are in the first record. */
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
	unsigned lookups;     /* of what is kept */
	struct span *taken;   /* domains of records that stay */
	size_t ntaken;
};

/* The lines; SPF_LOOKUP_LIMIT if the limits leave no way. */
enum spf_reason
spf_flat_write(struct spf_flat *f, struct span **lines, size_t *nlines);

#endif
