/*
 * query: the work of spf-query: it evaluates the identities of a message or
 * query and reports it, or shows a domain's record. See checker.h for the
 * functions of a checker.
 *	query.c		messages and queries
 *	query_tree.c	--tree -d
 */
/* SPDX-License-Identifier: ISC */
#ifndef QUERY_H
#define QUERY_H

#include "spf/spf.h"
#include "tool/checker.h"

struct query {
	bool helo, mail_from; /* which identities are evaluated, HELO first */
	enum checker_mode mode;
	bool received_spf;
	struct spf_policy policy;
	struct span domain;     /* of --tree -d: normal form, or absent */
	struct span batch;      /* lines of --batch not read yet, or absent */
	const char *batch_name; /* its file, or "stdin" */
	size_t line;            /* how many lines were read */
	struct span text;       /* the last of them */
};

/* Functions of struct checker, whose tool is a struct query. */
void *query_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n);
size_t query_end(void *state, const struct result **results);
void query_json(void *state, json_t *object);
struct span query_fields(void *state, const char *eol);

/* Reads the next line of --batch, IP MAILFROM [HELO]. If a line is not of this
 * form, or a value has an envelope_fault(), its identities are not known, and
 * their sources tell why. */
bool query_next(struct checker_message *cm);

/* Sets which identities are evaluated by --scope, or NULL: MAIL FROM, but HELO
 * for a query without MAIL FROM. An unknown scope ends the program. */
void query_set_scope(struct query *q, const char *scope,
    const struct checker *c, struct arena *a);

/* Has the tool show the domain's tree, instead of evaluating identities. */
void query_show_domain(struct checker *c);

#endif
