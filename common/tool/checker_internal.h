/*
 * checker_internal: what the files of the driver share: checker.c reads the
 * options, checker_evaluate.c judges one message, checker_modes.c does what a
 * mode wants. Nobody else includes it.
 */
#ifndef CHECKER_INTERNAL_H
#define CHECKER_INTERNAL_H

#include "tool/checker.h"
#include "tool/input.h"

/* One run: what all its messages share. */
struct checker_run {
	struct input_visitor visitor; /* first: a visitor is a run */
	struct checker *c;
	struct arena *arena;  /* of the run */
	struct arena *memory; /* of a message */
	struct dns *dns;
	int64_t now;
	bool now_received, keep_authres, verbose, colour;
	struct span id, normal_id; /* the authserv-id, and as it compares */
	struct envelope_trust trust;
	size_t passed, failed; /* messages; what cannot be read failed */
	size_t forged; /* fields of this message to be removed; outside of
				  its header only CHECKER_HEADER counts them */
	int status; /* of the first that failed; 0s of --exit-map not counted */
};

/* What is said of one message, or of one query. */
struct checker_outcome {
	const struct result *list;
	size_t n;
	void *state; /* the tool's, or NULL if it did not judge */
	struct envelope envelope;
	int64_t now;            /* the clock that was used */
	struct span message_id; /* without <>, or absent */
	uint64_t size; /* octets of the message, without mbox lines; 0: not read
			  to its end */
};

/* Removes what claims to be ours (RFC 8601 5, and checker.removes), also where
 * nothing is written: what is reported is what a filter would deliver. */
void checker_remove_forged(struct checker_run *run, struct message *m);

/* The same on the way to next in a header that is too large, and after one that
 * is unterminated (message.h); NULL: the header of this message is neither. */
struct sink *checker_strip(
    struct checker_run *run, const struct message *m, struct sink *next);

/* Judges a message whose header was read. 0, or -1 with errno. */
int checker_evaluate(
    struct checker_run *run, struct message *m, struct checker_outcome *o);

/* Judges a query. */
void checker_evaluate_query(struct checker_run *run,
    const struct checker_message *cm, struct checker_outcome *o);

/* What a tool sees, without a message. */
struct checker_message checker_message(const struct checker_run *run);

enum result_code
checker_verdict(const struct checker_run *run, const struct checker_outcome *o);

/* The exit status of the verdict. */
int
checker_status(const struct checker_run *run, const struct checker_outcome *o);

/* The modes. Each returns the exit status. */
int checker_filter(struct checker_run *run);
int checker_report(struct checker_run *run, const struct input *in);
int checker_query(struct checker_run *run);

#endif
