/*
 * explain: the options that explain signatures which do not pass.
 *	explain.c		keeps the body of a message, and explains
 *	explain_table.c		counts the alterations of several messages
 *	original.c		the file of --original
 *	repaired.c		the file of --repaired
 */
/* SPDX-License-Identifier: ISC */
#ifndef DKIM_VERIFY_EXPLAIN_H
#define DKIM_VERIFY_EXPLAIN_H

#include <sys/stat.h>

#include "explain/explain.h"
#include "tool/checker.h"

/* The options, in a group of their own. */
extern const struct cli_option explain_run_options[];

/* Is --explain given? */
bool explain_run_wanted(void);

/* What all messages of a run share. */
struct explain_run;

/* Finds usage errors. With --explain, sets members of the checker, and returns
 * what all messages share; else NULL, with which the functions below do
 * nothing. */
struct explain_run *explain_run_check(struct checker *c, struct arena *a);

/* Writes the table of all messages. */
void explain_run_conclude(
    struct explain_run *run, const struct screen *to, struct arena *a);

/* One message. All of it lives in the message's arena. NULL: there is no
 * --explain, and the functions below do nothing. */
struct explain_message;

/* Begins, with the verifier of the message. */
struct explain_message *explain_message_begin(struct explain_run *run,
    const struct checker_message *cm, const struct dkim_verifier *v);

/* Returns the sink that the body must flow into. NULL: it is not needed, since
 * no signature needs a hash of it. */
struct sink *explain_message_sink(struct explain_message *x, bool hashed);

/* Explains the results that dkim_verify_end() has returned, and writes
 * --repaired. Returns the results, with details. */
const struct result *explain_message_end(
    struct explain_message *x, const struct result *results, size_t n);

/* Adds the member "explain" to the object of the message. */
void explain_message_json(struct explain_message *x, json_t *object);

/*
 * The table of a run: which alteration how often, by which kind of software.
 */

#define EXPLAIN_SOFTWARE (CONTEXT_RELAY + 1)

/* Messages are counted once, however many of their signatures show the same. */
struct explain_count {
	size_t messages;
	size_t last; /* the number of the last message that was counted */
};

struct explain_row {
	const char *id; /* of a repair, or the reason of a result */
	struct explain_count all, by[EXPLAIN_SOFTWARE];
};

struct explain_table {
	struct arena *arena;
	struct explain_row *rows;
	size_t nrows;
	size_t messages;
};

/* Adds a message with its n signatures. */
void explain_table_add(
    struct explain_table *t, const struct explanation *list, size_t n);

/* Writes the table, the commonest first; nothing if all signatures passed. */
void explain_table_put(
    struct explain_table *t, const struct screen *to, struct arena *a);

/*
 * The file of --repaired.
 */

/* Is the path that of a regular file that is read, by this name or another? */
bool repaired_is_input(const char *path, const struct stat *input);

/* Writes the message as it was signed, by the first of n signatures that is
 * known to be altered and whose header and body are known. Without one no file
 * is made, and stderr tells why. A file that cannot be made or written ends the
 * program (66, 74). */
void repaired_write(const char *path, const struct message *m, struct span body,
    const struct explanation *list, size_t n);

#endif
