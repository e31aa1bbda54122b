/*
 * checker: the driver of all tools that check messages: modes, operands,
 * queries, removal of forged results, reports, exit statuses. Each tool gives
 * it functions; the driver knows no protocol.
 */
/* SPDX-License-Identifier: ISC */
#ifndef CHECKER_H
#define CHECKER_H

#include <jansson.h>

#include "mail/authres.h"
#include "mail/envelope.h"
#include "tool/cli.h"

enum checker_mode {
	CHECKER_FILTER, /* the message with the new field */
	CHECKER_HEADER, /* only the new field */
	CHECKER_REPORT, /* a line for each result */
	CHECKER_JSON,
	CHECKER_STATUS, /* nothing but the exit status */
};

/* Is the result written as a header field? */
static inline bool
checker_writes_field(enum checker_mode mode)
{
	return mode == CHECKER_FILTER || mode == CHECKER_HEADER;
}

struct checker;

/* Does an option give an identity of the envelope, valid or not? */
bool checker_is_given(const struct checker *c);

/* What a tool gets of one message, or of one query. */
struct checker_message {
	void *tool;                     /* of struct checker */
	const struct message *m;        /* NULL: a query */
	struct envelope envelope;       /* if the tool takes one */
	struct span receiver;           /* this host's authserv-id */
	struct authres_removal removal; /* which fields are removed */
	struct dns *dns;
	struct arena *arena; /* until the next message */
	int64_t now;
	bool verbose;   /* fill result.detail */
	size_t columns; /* of these lines, where they can be chosen */
};

/* A domain that was given as an operand, as if it were a file. */
struct checker_domain {
	struct span domain;  /* normal form */
	struct span address; /* the address of it that was given, or absent */
};

struct checker {
	const struct cli_tool *help;
	const char *method;               /* "dkim" */
	const struct cli_option *options; /* the tool's own */
	struct cli_section
	    extra_options;    /* more, with their own heading; or none */
	bool takes_envelope;  /* has -i, -f, -e, --assume-identities */
	bool several_methods; /* a message has results of other methods, too */
	void *tool;           /* passed to the functions */

	/* Was an option given that implies -r, or -Q? May be NULL. */
	bool (*implies_report)(void);
	bool (*implies_query)(void);
	/* Returns the options that a query still lacks, for people, or NULL if
	 * it lacks none. If this member is NULL, the tool has no -Q. */
	const char *(*query_lacks)(const struct checker *c);
	/* Returns the arguments by which the tool would query a domain, for a
	 * hint; absent, as if this member is NULL: the hint names
	 * domain-check. */
	struct span (*domain_hint)(const struct checker *c,
	    const struct checker_domain *d, struct arena *a);
	/* The identifier that a result or a note has if SPF could not be
	 * evaluated, for a hint on what makes the client known; or NULL. */
	const char *no_client_id;
	/* Called when the options were read and the mode was chosen: finds
	 * usage errors that only the tool knows, and sets members below. May
	 * be NULL. */
	void (*check)(struct checker *c, struct arena *a);
	/* Called when the header was read: starts DNS queries. Returns the
	 * tool's state, and in *sinks the n sinks that the body must flow into
	 * (none for a query). */
	void *(*begin)(const struct checker_message *cm,
	    struct sink *const **sinks, size_t *n);
	/* Called when the body was read. Returns the number of results. */
	size_t (*end)(void *state, const struct result **results);
	/* Adds members to the JSON object of a message. May be NULL. */
	void (*json)(void *state, json_t *object);
	/* Called after the last of several messages: returns their counts as
	 * one line for people, if the tool counts more than verdicts. May be
	 * NULL. */
	struct span (*summary)(struct arena *a);
	/* Called after the last of several messages of a report, of which at
	 * least one was evaluated: writes more for people. May be NULL. */
	void (*conclude)(void *tool, const struct screen *to, struct arena *a);
	/* Returns fields, with line ends eol, to be written below
	 * Authentication-Results. May be NULL. */
	struct span (*fields)(void *state, const char *eol);

	/* Set before check() is called: */
	enum checker_mode mode;
	bool query;
	struct envelope given; /* by the options; an identity whose value is
				  invalid is not known, but its source is */

	/* Set by check(): */
	bool verdict_all;        /* pass only if all results pass */
	bool verdict_last;       /* the last result is the verdict */
	struct span verdict_of;  /* pass only if one of this domain passes */
	bool writes_stdout;      /* the tool itself writes to stdout */
	bool keep_authres;       /* as by --keep-authres */
	bool no_envelope;        /* the envelope has no effect: -v omits it */
	bool always_verbose;     /* show details without -v, too */
	struct span strip_field; /* fields of this name are removed, too */
	/* Called for each file that a report reads, before the first message;
	 * "-" is stdin. Finds usage errors. May be NULL. */
	void (*file)(const char *path);
	/* Sets cm->envelope to the identities of the next query; returns false
	 * after the last. NULL: a single query, with the identities given. */
	bool (*next)(struct checker_message *cm);
};

/* Runs a checker; main() does nothing else. Returns the exit status. */
int checker_main(struct checker *c, int argc, char **argv);

#endif
