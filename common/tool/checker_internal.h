/*
 * checker_internal: what the files of the driver share. For the files of
 * checker alone.
 *	checker.c		reads the options
 *	checker_evaluate.c	evaluates one message or query
 *	checker_modes.c		writes what the mode requires
 *	checker_hints.c		tells people what they may have meant
 *	checker_table.c		writes several messages on a terminal
 */
/* SPDX-License-Identifier: ISC */
#ifndef CHECKER_INTERNAL_H
#define CHECKER_INTERNAL_H

#include "tool/checker.h"
#include "tool/input.h"

/* The hint that a run may end with. */
enum checker_hint {
	CHECKER_HINT_NONE,
	CHECKER_HINT_OPERAND, /* an operand looks like a domain */
	CHECKER_HINT_QUERY,   /* -Q, if there is no message */
	CHECKER_HINT_CLIENT,  /* if the client of a message is not known */
};

/* What all messages of a run share. */
struct checker_run {
	struct input_visitor visitor; /* first: is cast to the run */
	struct checker *c;
	struct arena *arena;  /* of the run */
	struct arena *memory; /* of a message */
	struct dns *dns;
	int64_t now;
	bool now_received, keep_authres, verbose;
	struct screen out, err;    /* stdout and stderr */
	struct span id, normal_id; /* the authserv-id as given, normal form */
	struct envelope_trust trust;
	bool failed; /* a message did not pass, or was not evaluated */
	size_t verdicts[RESULT_CODES]; /* messages that were evaluated */
	size_t unread;                 /* messages that were not */
	/* The columns of the table, and whether its heading was written. */
	size_t results_column, why_column;
	bool has_heading;
	size_t forged; /* forged fields of this message; those after its
			  header are counted by CHECKER_HEADER only */
	enum checker_hint hint;
	int status; /* of the first that failed with a status other than 0 */
};

/* The outcome of one message, or of one query. */
struct checker_outcome {
	const struct result *list;
	size_t n;
	void *state; /* the tool's, or NULL if it evaluated nothing */
	struct envelope envelope;
	int64_t now;            /* the time of evaluation */
	struct span message_id; /* without <>, or absent */
	uint64_t size; /* octets of the message, without mbox lines; 0: it was
			  not read to its end */
};

/* Removes from a message, as it is in memory, the forged fields: results with
 * this host's authserv-id (RFC 8601 5), and checker.strip_field. This is done
 * in all modes, so that what is reported is what a filter would deliver. */
void checker_remove_forged(struct checker_run *run, struct message *m);

/* Returns a sink that does the same to what flows through it to next: a header
 * that is too large to be held, and what follows one that is unterminated
 * (message.h). NULL: the header of this message is neither. */
struct sink *checker_strip(
    struct checker_run *run, const struct message *m, struct sink *next);

/* Evaluates a message whose header was read. Returns 0, or -1 with errno. */
int checker_evaluate(
    struct checker_run *run, struct message *m, struct checker_outcome *o);

/* Evaluates a query. */
void checker_evaluate_query(struct checker_run *run,
    const struct checker_message *cm, struct checker_outcome *o);

/* Returns what a tool gets, without a message. */
struct checker_message checker_message(const struct checker_run *run);

/* The verdict over all results of the tool's method. */
enum result_code
checker_verdict(const struct checker_run *run, const struct checker_outcome *o);

/* The exit status of that verdict. */
int
checker_status(const struct checker_run *run, const struct checker_outcome *o);

/*
 * Hints.
 */

/* Sets a hint if an operand is not a file, but looks like a domain or an
 * address; returns whether it did. */
bool checker_hint_operands(
    const struct checker *c, const char *const *operand, struct arena *a);

/* Sets or removes a hint when a message has been evaluated. */
void checker_hint_evaluated(
    const struct checker_run *run, const struct checker_outcome *o);

/* Returns the hint for a filter whose message nobody reads, by where stdout
 * leads to, or NULL. annotate: -a is given. */
const char *checker_filter_hint(bool annotate);

/*
 * Reports of several messages.
 */

/* Chooses the columns of a table of messages, whose longest name has so many
 * octets; writes a row of it. */
void checker_table_plan(struct checker_run *run, size_t longest);
void checker_table_row(
    struct checker_run *run, struct span name, const struct checker_outcome *o);

/* If there were several messages, writes what the tool tells of all of them,
 * and to stderr how many have which verdict. */
void checker_summary(const struct checker_run *run);

/* The modes. Each returns the exit status. */
int checker_filter(struct checker_run *run);
int checker_report(struct checker_run *run, const struct input *in);
int checker_query(struct checker_run *run);

#endif
