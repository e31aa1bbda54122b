/*
 * checker: the one driver of all checkers: modes, operands, removal of forged
 * results, reports, exit statuses. A tool gives it functions; it names no
 * protocol.
 */
#ifndef CHECKER_H
#define CHECKER_H

#include "cli.h"

enum checker_mode {
	CHECKER_FILTER, /* the message with the new field */
	CHECKER_HEADER, /* only the field */
	CHECKER_REPORT, /* a line a result */
	CHECKER_JSON,
	CHECKER_STATUS, /* nothing but the exit status */
};

/* Does the result go into a field of a message? */
bool checker_writes_field(enum checker_mode mode);

/* What a tool sees of one message. */
struct checker_message {
	const struct message *m;
	struct dns *dns;
	int64_t now;
	bool explain; /* fill result.explain */
};

struct checker {
	const char *method;   /* "dkim" */
	const char *synopsis; /* for --help, after the program's name */
	const struct cli_option *options; /* the tool's own */

	/* Was an option given that implies -r? May be NULL. */
	bool (*implies_report)(void);
	/* After the options were read and the mode was chosen: usage errors
	 * that only the tool sees, and what it sets below. May be NULL. */
	void (*check)(struct checker *c, struct arena *a);
	/* The header is known: start questions. Returns the tool's state, and
	 * by *sinks what the body must flow into. */
	void *(*begin)(const struct checker_message *cm,
	    struct sink *const **sinks, size_t *n);
	/* The body has flowed. Returns the number of results. */
	size_t (*end)(void *state, const struct result **results);

	enum checker_mode mode; /* set before check() */

	/* Set by check(): */
	bool verdict_all;       /* pass only if all pass */
	struct span verdict_of; /* pass only if one of this domain passes */
	bool raw;               /* the tool writes to stdout itself */
};

/* Runs a checker: main() is only this. Returns the exit status. */
int checker_main(struct checker *c, int argc, char **argv);

#endif
