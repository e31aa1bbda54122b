/*
 * rotation: what is to be done next with the DKIM keys of a domain, such that
 * no message fails: a key signs only when every server has its record and no
 * cache can have the answer "no such name" any more, and stays published until
 * no mail that it has signed is under way. It decides, and has no I/O: the
 * caller knows the table of dkim-sign, queries the servers, and acts.
 *
 * The states of a key, in their order:
 *	making		it has a selector; its file may not be there yet
 *	made		its record is to be published
 *	published	all servers had the record for long enough
 *	active		it signs: the table has it
 *	retiring	it signs no more, but its record must stay
 *	revoked		its record is to have an empty p= (RFC 6376 3.6.1)
 *	gone		its record is to be removed
 *	kept		the table does not have it, and it is not known since
 *			when: its record stays
 */
/* SPDX-License-Identifier: ISC */
#ifndef ROTATION_H
#define ROTATION_H

#include "dkim/key.h"

enum rotation_state {
	ROTATION_MAKING,
	ROTATION_MADE,
	ROTATION_PUBLISHED,
	ROTATION_ACTIVE,
	ROTATION_RETIRING,
	ROTATION_REVOKED,
	ROTATION_GONE,
	ROTATION_KEPT,
};
extern const char *const rotation_states[]; /* by enum; ends with NULL */

/* What all servers have of a key together. */
struct rotation_view {
	bool is_asked;  /* else nothing is known */
	bool is_failed; /* a server did not answer: no "all" is true */
	bool all_well;  /* each has the record, and it is sound */
	bool any_well;
	bool lacks;       /* one answered that it has it not, or not sound */
	bool is_lost;     /* one has nothing that verifies signatures */
	bool all_revoked; /* each has it revoked, or no record */
	bool any_revoked;
	bool all_absent; /* none has a record */
	bool any_absent;
	/* Seconds that "no such name" is cached at most (RFC 2308 5). */
	int64_t negative_ttl;
};

/* What is to be done with the record of a key. */
enum rotation_action {
	ROTATION_NOTHING,
	ROTATION_ADD,
	ROTATION_REPLACE, /* by a revoked one */
	ROTATION_REMOVE,
};
extern const char *const rotation_actions[]; /* NULL for NOTHING */

/* What a key waits for. */
enum rotation_wait {
	ROTATION_WAITS_NOT,
	ROTATION_FOR_AGE,     /* active, until its successor is due */
	ROTATION_FOR_SERVERS, /* until all servers show what they should */
	ROTATION_FOR_ANSWER,  /* of a server that did not give any */
	ROTATION_FOR_CACHES,  /* until "no such name" is in none */
	ROTATION_FOR_OTHERS,  /* the domain's other new keys */
	ROTATION_FOR_RUN,     /* the next run, which lets it sign */
	ROTATION_FOR_QUEUE,   /* until no mail is under way */
	ROTATION_FOR_KEEP,    /* until it has been revoked for long enough */
};
extern const char *const rotation_waits[]; /* NULL for NOT */

#define ROTATION_NEVER INT64_MIN

/* Half a day: if no server shows what a hook has done, it is called again. */
#define ROTATION_AGAIN 43200

struct rotation_key {
	/* What is remembered. Times are seconds since 1970. */
	struct span domain, selector; /* normal form */
	enum key_type type;
	enum rotation_state state;
	int64_t since; /* in this state */
	int64_t seen;  /* since when all servers show it, or NEVER */
	int64_t told;  /* when a hook has published it, or NEVER */
	/* Of a key that has not signed yet: the selector that it replaces. */
	struct span replaces;

	/* What the caller has found. */
	bool in_table;
	bool is_fixed; /* it cannot be replaced in the table */
	struct rotation_view view;

	/* What rotation_step() has decided. */
	enum rotation_action action;
	bool calls_hook; /* now; else only a person is told of the action */
	/* The state once the action is done, and its "since" and "seen". With
	 * calls_hook it must not be taken if the hook fails. */
	enum rotation_state next;
	bool is_switched; /* next is due to a change of the table */
	bool is_over;     /* no server has it any more: to be forgotten */
	bool is_alarming; /* a server has lost a key that is in use */
	bool is_due;      /* a successor is to be made */
	enum rotation_wait wait; /* in the next state */
	int64_t until;           /* of AGE, CACHES, QUEUE, KEEP */
};

struct rotation_times {
	int64_t now, every, queue, keep; /* seconds */
};

/*
 * Compares what is remembered with the table, which a person or a run that was
 * killed may have changed: a key that it has is active, one that it does not
 * have any more is retiring, both from now on; one whose predecessor is gone
 * from it is kept.
 */
void
rotation_reconcile(struct rotation_key *const *keys, size_t n, int64_t now);

/*
 * Decides about all keys of one domain. Changes nothing but what it decides,
 * "seen" (since when the servers show it), and the state of a key that a server
 * has lost before it signs, which becomes "made" again.
 *
 * Keys whose is_switched is set change state together, after the table was
 * changed: the new ones become active, those that they replace retiring.
 */
void rotation_step(
    struct rotation_key *const *keys, size_t n, const struct rotation_times *t);

/* Takes the next state of a key, if there is one: the action is done, by a hook
 * if told is set. */
void rotation_commit(struct rotation_key *k, int64_t now, bool told);

#endif
