/*
 * check: what the files of the subcommand "check" share.
 *	check.c		options, and the keys that are checked
 *	check_judge.c	what the servers' replies mean
 *	check_show.c	the results, for people and as JSON
 */
/* SPDX-License-Identifier: ISC */
#ifndef CHECK_H
#define CHECK_H

#include "dkim-key.h"
#include "lint/key_lint.h"
#include "servers.h"

enum check_verdict {
	CHECK_OK,
	CHECK_UNKNOWN, /* a server did not answer; all others are well */
	CHECK_WRONG,   /* a server lacks the key, or it is not well */
};

/* A key that is checked. */
struct check {
	struct span domain, selector, name; /* as in struct record */
	const char *file;                   /* of the key, or NULL */
	size_t line;                        /* of the table; 0: none */
	bool is_known;                      /* is the key, by its file? */
	struct key_expected expected;
	/* What check_judge() has found: */
	enum check_verdict verdict;
	struct key_lint *lints; /* one a reply */
	size_t decisive;        /* the reply that what follows is about */
	const char *id;         /* NULL: ok */
	struct span words;      /* the finding, for people */
	bool is_late; /* but for servers that lag, the key is published well */
	struct span mend;
	struct span place;    /* where the record is to be published */
	struct span proposed; /* its text, or absent */
};

/* Evaluates the replies to a query for the key's name. */
void check_judge(struct check *c, const struct servers_query *q,
    struct dns *resolver, struct arena *a);

/* Returns the identifier of the worst finding at a server; NULL: it is well. */
const char *
check_reply_id(const struct server_reply *r, const struct key_lint *l);

/* Writes the result. table is the file whose line it is, or NULL. */
void check_show(const struct check *c, const struct servers_query *q,
    const char *table, struct arena *a);
void check_put_json(
    const struct check *c, const struct servers_query *q, struct arena *a);

/* Returns what each server has, as a list of objects. */
json_t *check_servers(
    const struct check *c, const struct servers_query *q, struct arena *a);

#endif
