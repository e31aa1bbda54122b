/*
 * query: what spf-query arranges: identities and their evaluations, what is
 * shown of them, and its work without messages. See checker.h for the hooks.
 */
#ifndef QUERY_H
#define QUERY_H

#include "tool/checker.h"
#include "spf/spf.h"

struct query {
	bool helo, mail_from; /* which identities are evaluated, HELO first */
	enum checker_mode mode;
	bool received_spf;
	struct spf_policy policy;
	struct span domain; /* --lint, --flatten: normal form, or absent */
	struct span batch;  /* the lines of --batch that are left, or absent */
	size_t line;        /* how many were read */
	struct span text;   /* the last one */
};

/* Of struct checker, whose tool is a struct query. */
void *query_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n);
size_t query_end(void *state, const struct result **results);
void query_json(void *state, json_t *object);
struct span query_fields(void *state, const char *eol);

/* Of --batch: the next line, IP MAILFROM, and HELO or nothing. A line that is
 * none of this, or has an envelope_fault(), has no identity, and says so. */
bool query_next(struct checker_message *cm);

/* --scope: mailfrom, helo or both. False: none of them. */
bool query_set_scope(struct query *q, struct span scope);

/* --lint and --flatten: print, and give the verdict. */
enum result_code query_lint(const struct checker_message *cm);
enum result_code query_flatten(const struct checker_message *cm);

#endif
