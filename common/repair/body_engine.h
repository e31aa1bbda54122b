/* body_engine: what the files of the search for a body share: how a body is
 * tried, and what has been found. Repairs do not need it. */
/* SPDX-License-Identifier: ISC */
#ifndef BODY_ENGINE_H
#define BODY_ENGINE_H

#include "repair/body_internal.h"

/* What bodies are compared with, and by which means. */
struct body_test {
	enum canon canon;
	enum digest_hash hash;
	uint64_t length;    /* l=, or UINT64_MAX */
	struct span wanted; /* the hash */
	struct budget *budget;
	const struct body_repair *tables[2];
	struct arena *scratch; /* reset by each try */
	size_t room;           /* octets that a search by force may hold */
};

/* Where a signed body may end. */
enum body_ends {
	BODY_ENDS_WHOLE, /* at the end alone */
	BODY_ENDS_LAST,  /* and at each line in the last BODY_LAST octets */
	BODY_ENDS_ALL,   /* and at each line */
};
#define BODY_LAST ((size_t)64 << 10)

/* What a line end that is tested costs, in octets to be hashed. */
#define BODY_END 128u

struct body_match {
	bool is_tried; /* the budget has allowed it */
	size_t size;   /* octets after the edits */
	size_t at;     /* of these, those that were signed: size, unless lines
			  with text were appended */
	uint64_t key;  /* differs if bodies do, but for a rare chance */
};

/*
 * Applies edits to octets and compares the canonical form with what was signed,
 * and so each beginning of it that ends as `ends` tells: a body to which
 * nothing but lines was appended. Nothing is copied.
 */
bool body_try(const struct body_test *t, struct span octets,
    const struct edits *edits, enum body_ends ends, struct body_match *match);

/* The same for a body without octets: all of it was added. */
bool body_try_empty(const struct body_test *t);

/*
 * Places in octets with edits (body_place.c).
 */

/* Returns how many line ends the octets have. */
size_t body_count_lines(struct span octets);

/* Returns how many line ends are before a place. */
uint64_t
body_lines_before(const struct edits *edits, struct span octets, uint64_t at);

/* Returns the place after so many line ends from another place on. There must
 * be so many. */
size_t body_after_lines(
    const struct edits *edits, struct span octets, size_t from, size_t lines);

/* Returns a copy of the octets [at, at + length). */
struct span body_range(const struct edits *edits, struct span octets, size_t at,
    size_t length, struct arena *a);

/*
 * Cuts.
 */

/* Lines that were added to a body, in octets of it. */
struct body_cut {
	const struct repair_kind *kind;
	size_t from, to;
};

/* What removes all of them; the last ones first. */
struct body_cuts {
	struct body_cut list[2];
	size_t n;
};

extern const struct repair_kind body_footer;

/*
 * A repair that is tried without a sign of it: it has its own way to try many
 * bodies. It may use so many octets of the budget, and as many cuts as are
 * left.
 */
struct body_force {
	struct repair_kind kind;
	bool (*search)(const struct body_test *t, struct span octets,
	    uint64_t share, struct body_cuts *cuts);
};

/* The table ends with a NULL id. Each search is given in cuts->n how many there
 * may be, and sets it if it has found something. */
extern const struct body_force body_forces[];

/*
 * A combination of repairs that has been tried, and is worth trying others
 * after it: the index-th proposal of a step for what the parent has given.
 */
struct body_node {
	struct body_node *parent; /* NULL: the body as received */
	const struct body_step *step;
	size_t index;
	size_t place;              /* of a choice, its edit */
	unsigned depth;            /* how many repairs */
	uint64_t rank;             /* their sum */
	size_t order;              /* among those of its depth */
	size_t next;               /* the step to be tried next */
	struct body_proposal kept; /* the proposal, or without an edit */
	bool is_dropped;           /* no budget, or memory, for its body */
	struct body_stage *stage;  /* NULL: not in memory */
};

/* What is tried next for a node: a repair, or a search by force; the other one
 * is NULL. */
struct body_step {
	const struct body_repair *repair;
	const struct body_force *force;
	unsigned rank;
};

/* The body of a node. */
struct body_stage {
	struct body_node *node;
	struct arena *arena;
	struct body body;
	size_t lines;  /* of the body */
	uint64_t used; /* at which clock, the last time */
};

/* Most stages in memory: each takes a block of an arena at least. */
#define BODY_STAGES 256

/* The stages that are in memory, and what is proposed for one of them. */
struct body_stages {
	struct body_test *test;
	struct body_stage root;
	struct body_stage *list[BODY_STAGES];
	size_t n;
	uint64_t clock;
	struct arena *arena; /* of nodes */
	struct body_proposals proposals;
};

/* Begins with the body as received. Its parts are filled once they are needed:
 * a footer is found faster without them. */
void body_stages_begin(struct body_stages *s, struct body_test *t,
    struct body_node *root, struct body body, struct arena *a);
void body_stages_end(struct body_stages *s);

/* Frees stages, those not used for the longest time first and none of a node
 * and its parents, and what was proposed, until so many octets can be held.
 * Returns how many can be. */
size_t body_stages_room(
    struct body_stages *s, const struct body_node *keep, size_t wanted);

/* Returns the stage of a node, which is valid until the next call. NULL: the
 * budget, or memory, does not suffice. */
const struct body_stage *
body_stage_open(struct body_stages *s, struct body_node *n);

/* Lets a repair propose for a stage. The result is valid until the next call of
 * a function with stages. NULL: the budget, or memory, does not suffice. */
const struct body_proposals *body_stage_propose(struct body_stages *s,
    const struct body_stage *stage, const struct body_repair *repair);

/* Returns the proposal that a node was made of, proposed anew for the stage of
 * its parent. NULL: as above. */
const struct body_proposal *body_stage_proposal(struct body_stages *s,
    const struct body_stage *parent, const struct body_node *n);

/* Keeps the proposal that a node was made of, if there is room: it is opened
 * without all others that the repair proposes. */
void body_stage_keep(
    struct body_stages *s, struct body_node *n, const struct body_proposal *p);

/* The end of a search: the node, and what is removed after it. */
struct body_outcome {
	struct body_node *node; /* NULL: nothing was found */
	struct body_cuts cuts;
};

/* Searches from the root on. */
struct body_outcome body_search(struct body_stages *s, struct body_node *root);

/* body_find() with these tables of repairs. */
struct body_found body_find_by(const struct body_repair *lines,
    const struct body_repair *mime, const struct message *m, struct span octets,
    const struct dkim_signature *s, struct budget *budget, struct arena *a);

#endif
