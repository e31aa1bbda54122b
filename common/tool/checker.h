/*
 * checker: the one driver of all checkers: modes, operands, queries, removal of
 * forged results, reports, exit statuses. A tool gives it functions; it names
 * no protocol.
 */
#ifndef CHECKER_H
#define CHECKER_H

#include <jansson.h>

#include "mail/authres.h"
#include "tool/cli.h"
#include "mail/envelope.h"

enum checker_mode {
	CHECKER_FILTER, /* the message with the new field */
	CHECKER_HEADER, /* only the field */
	CHECKER_REPORT, /* a line a result */
	CHECKER_JSON,
	CHECKER_STATUS, /* nothing but the exit status */
};

/* Does the result go into a field of a message? */
static inline bool
checker_writes_field(enum checker_mode mode)
{
	return mode == CHECKER_FILTER || mode == CHECKER_HEADER;
}

struct checker;

/* Does an option name an identity, known or not? */
bool checker_is_given(const struct checker *c);

/* What a tool sees of one message, or of one query. */
struct checker_message {
	void *tool;                     /* of struct checker */
	const struct message *m;        /* NULL: a query */
	struct envelope envelope;       /* if the tool takes one */
	struct span receiver;           /* our authserv-id */
	struct authres_removal removal; /* what is not delivered */
	struct dns *dns;
	struct arena *arena; /* until the next message */
	int64_t now;
	bool verbose; /* fill result.explain */
};

struct checker {
	const char *method;   /* "dkim" */
	const char *synopsis; /* for --help, after the program's name */
	const struct cli_option *options; /* the tool's own */
	struct cli_section
	    extra_options;   /* and some under another heading, or none */
	bool takes_envelope; /* has -i, -f, -e, --assume-identities */
	void *tool;          /* what the functions get back */

	/* Was an option given that implies -r, or -Q? May be NULL. */
	bool (*implies_report)(void);
	bool (*implies_query)(void);
	/* What a query lacks, for people, or NULL if it lacks nothing. NULL:
	 * the tool has no -Q. */
	const char *(*query_lacks)(const struct checker *c);
	/* After the options were read and the mode was chosen: usage errors
	 * that only the tool sees, and what it sets below. May be NULL. */
	void (*check)(struct checker *c, struct arena *a);
	/* The header is known: start questions. Returns the tool's state, and
	 * by *sinks what the body must flow into (none in a query). */
	void *(*begin)(const struct checker_message *cm,
	    struct sink *const **sinks, size_t *n);
	/* The body has flowed. Returns the number of results. */
	size_t (*end)(void *state, const struct result **results);
	/* Adds members to the object of a message. May be NULL. */
	void (*json)(void *state, json_t *object);
	/* All messages of a report are judged. May be NULL. */
	void (*finish)(void);
	/* More fields to be written below Authentication-Results, in line ends
	 * of eol. May be NULL. */
	struct span (*fields)(void *state, const char *eol);

	enum checker_mode mode; /* these are set before check() */
	bool query;
	struct envelope given; /* what the options say: a value that is of no
				  use is not known, and from an option */

	/* Set by check(): */
	bool verdict_all;        /* pass only if all pass */
	bool verdict_last;       /* the last result is the verdict */
	struct span verdict_of;  /* pass only if one of this domain passes */
	bool writes_stdout;      /* the tool writes to stdout itself */
	bool keep_authres;       /* as --keep-authres says */
	bool no_envelope;        /* nothing depends on it: not for -v */
	bool always_verbose;     /* show the explanation without -v, too */
	struct span strip_field; /* fields of this name are removed, too */
	/* Puts the next query's identities into cm->envelope; false: there is
	 * none. NULL: one query, with what was given. */
	bool (*next)(struct checker_message *cm);
	/* Does all the work of a query instead, and gives the verdict. */
	enum result_code (*domain_query)(const struct checker_message *cm);
};

/* Runs a checker: main() is only this. Returns the exit status. */
int checker_main(struct checker *c, int argc, char **argv);

#endif
