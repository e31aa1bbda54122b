/* new: what the files of the subcommand "new" share. */
/* SPDX-License-Identifier: ISC */
#ifndef NEW_H
#define NEW_H

#include "dkim-key.h"

/* A key to be made. */
struct plan {
	enum key_type type;
	struct span domain, selector, name; /* as in struct record */
	const char *path;                   /* NULL: stdout */
	struct key_private *key;
	struct keyfile file;
};

/* What the selectors of new keys depend on. */
struct selector_request {
	struct span domain;
	const char *given; /* -s, or NULL: the default */
	bool is_one_of;    /* of two keys: -s gets an r or e at its end */
	int64_t now;
	const char *folder; /* where files are named by selectors, or NULL */
	struct dns *dns;    /* where records may be, or NULL */
};

/* Returns the path of the file SELECTOR.DOMAIN.pem in a folder, which ends in a
 * slash or is empty. */
const char *key_path(const char *folder, struct span selector,
    struct span domain, struct arena *a);

/* Returns the n-th default selector, from 1: year and month, r or e, a number
 * from 2 on. */
struct span
default_selector(int64_t now, enum key_type type, unsigned n, struct arena *a);

/* Sets the selector and name of a key. Ends the program if -s is not one, if a
 * record has its name already (65), or for a DNS failure (75). */
void choose_selector(
    const struct selector_request *q, struct plan *p, struct arena *a);

#endif
