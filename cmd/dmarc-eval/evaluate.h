/*
 * evaluate: what dmarc-eval arranges: author domains, what is authenticated,
 * their evaluation and its account; and its work without messages. See
 * checker.h for the hooks.
 */
#ifndef EVALUATE_H
#define EVALUATE_H

#include "tool/checker.h"
#include "dmarc/dmarc.h"
#include "auth/authid.h"

struct evaluate {
	psl_ctx_t *list; /* the public suffix list, once it is loaded */
	bool uses_list;  /* --org-domain=psl, --rfc7489 */
	bool rfc7489;
	struct span record;          /* --record, or absent */
	struct authid_policy authid; /* trusted_id absent: our own */
	/* A query: the author domain, and what was found of identifiers. */
	struct span author;
	struct dmarc_identifier *given;
	size_t ngiven;
	struct span domain; /* --policy, --lint: normal form, or absent */
	enum checker_mode mode;
};

/* Loads the public suffix list of a file, or of the system (NULL): it must be
 * there (66), a list (78). */
void evaluate_load_list(struct evaluate *s, const char *path);

/* Adds what --dkim or --spf say, RESULT:DOMAIN each, to the given ones; a usage
 * error if one is not so. */
void evaluate_give(struct evaluate *s, enum dmarc_mechanism mechanism,
    const struct cli_list *list, struct arena *a);

/* Of struct checker, whose tool is a struct evaluate. */
void *evaluate_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n);
size_t evaluate_end(void *state, const struct result **results);
void evaluate_json(void *state, json_t *object);

/* The account of all messages, on stderr, if there were several. */
void evaluate_summary(void);

/* What a judgement needs; without a domain, --record is of each author's. */
struct dmarc_method
evaluate_method(const struct evaluate *s, const struct checker_message *cm);

/* --policy and --lint: print, and give the verdict. */
enum result_code evaluate_policy(const struct checker_message *cm);
enum result_code evaluate_lint(const struct checker_message *cm);

#endif
