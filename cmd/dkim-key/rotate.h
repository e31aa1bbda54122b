/*
 * rotate: what the files of the subcommand "rotate" share. What is to be done
 * is decided in dkim/rotation.c.
 *	rotate.c	options, and the order of a run
 *	rotate_state.c	the state file, and the lock
 *	rotate_table.c	the keys that the table of dkim-sign has
 *	rotate_kept.c	keys that it has no more, without a state file
 *	rotate_ask.c	what the servers have
 *	rotate_make.c	new keys
 *	rotate_hook.c	the command of --publish
 *	rotate_show.c	what is told
 */
/* SPDX-License-Identifier: ISC */
#ifndef ROTATE_H
#define ROTATE_H

#include "check.h"
#include "dkim/rotation.h"
#include "tool/sign_table.h"

/* A key, and what the run has found of it. */
struct rotate_key {
	struct rotation_key key; /* the first member: see rotate_keys() */
	struct span keyfile;     /* as in the table, without escapes */
	bool is_selected;        /* by -d; the others stay as they are */
	struct span name;        /* SELECTOR._domainkey.DOMAIN */
	const char *path;        /* of the file */
	bool is_known;           /* the file was loaded */
	struct key_expected expected;
	unsigned bits;
	/* Why it was not, if that is an error (status 1). */
	const char *fault;
	/* What the servers have, as check_judge() finds: id is NULL if the
	 * key is well. */
	const char *id;
	struct span target; /* where CNAMEs lead; or the name; or absent */
	struct span words, place, proposed;
	json_t *servers; /* with -j */
	struct span why; /* the resolver alone was queried; or absent */
	/* What has failed in this run (status 1). */
	struct span error;
	bool is_done;  /* the action is done, by the hook */
	bool is_trial; /* it may be published: there is a file */
};

/* A run. */
struct rotate {
	struct arena *arena;
	const char *table; /* as given: keys are relative to its folder */
	const char *real;  /* without symbolic links */
	struct rotation_times times;
	const char *hook; /* --publish, or NULL */
	bool as_json;
	const struct cli_list *domains; /* -d; none: all */
	struct table rows;
	struct rotate_key **keys; /* those of one domain together */
	size_t nkeys;
	bool has_state; /* there was a state file */
	struct span state_text;
	struct dns *resolver;
	struct servers *servers;
	bool is_wrong;   /* status 1 */
	bool is_unknown; /* 75: a server did not answer */
	bool is_waiting; /* for servers, a time, or a person */
};

/* Adds a key after the others of its domain. It is zero but for the names. */
struct rotate_key *
rotate_add(struct rotate *r, struct span domain, struct span selector);

/* Returns a key, or NULL. */
struct rotate_key *
rotate_find(const struct rotate *r, struct span domain, struct span selector);

/* Is a domain one of those given with -d, or is there no -d? */
bool rotate_selects(const struct rotate *r, struct span domain);

/* Reports a line of the table that is not rotated, or another place. */
void rotate_say(const struct rotate *r, struct span place, const char *words);

/* Reads TABLE.state, if it exists: adds its keys. Ends the program (78) if it
 * is malformed, or (75) if it has a time after now. */
void rotate_read_state(struct rotate *r);

/* Writes it, if anything has changed. Ends the program (74) on failure: nothing
 * may be done that is not remembered. */
void rotate_write_state(struct rotate *r);

/* Returns a time as RFC 3339 has it, or in seconds since 1970 if it cannot. */
struct span rotate_time(int64_t seconds, struct arena *a);

/* Locks the table against other runs until the program ends, or ends it
 * (75). */
void rotate_lock(const struct rotate *r);

/* Adds the keys of the table, and sets which keys are in it. */
void rotate_read_table(struct rotate *r);

/* Without a state file, keys may be published that the table does not have:
 * adds those whose files are beside the keys of the table. */
void rotate_find_kept(struct rotate *r);

/* Loads what is to be published of a key from its file; sets its fault if that
 * fails. The other function does so for all selected keys. */
void rotate_load(struct rotate *r, struct rotate_key *k);
void rotate_load_all(struct rotate *r);

/* Queries the servers for all selected keys. */
void rotate_ask(struct rotate *r);

/* A key that retires may have its record used by the CNAME of another line's
 * key: its mail counts, too, and the key retires from now on. If resolve is
 * set, the resolver tells of lines that are not selected. */
void rotate_ask_aliases(struct rotate *r, bool resolve);

enum rotate_free {
	ROTATE_FREE,
	ROTATE_TAKEN,
	ROTATE_UNKNOWN, /* a server did not answer */
};

/* Has no server a record of this name? */
enum rotate_free rotate_is_free(struct rotate *r, struct span name);

/* Makes the files of the keys that are being made. */
void rotate_make(struct rotate *r);

/* Adds a successor for each key that is due. */
void rotate_plan(struct rotate *r);

/* The text of the record that a key has to have; absent if it is to be removed
 * or its file cannot be loaded. */
struct span rotate_record(const struct rotate_key *k, struct arena *a);

/* Calls the hook for what is to be done with a key's record. False, with the
 * error set, if it fails. */
bool rotate_publish(struct rotate *r, struct rotate_key *k);

/* Shows all selected keys. */
void rotate_show(struct rotate *r);

#endif
