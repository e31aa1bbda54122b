/* explain_internal: words for what was found. For the files of explain
 * alone. */
/* SPDX-License-Identifier: ISC */
#ifndef EXPLAIN_INTERNAL_H
#define EXPLAIN_INTERNAL_H

#include "explain/explain.h"

/* Adds the first line of octets in quotes: escaped by buf_escaped(), a quote as
 * \", folds removed, and "..." after the quotes if more follows than that, or
 * than so many octets. No octets are "nothing". */
void explain_quote(struct buf *b, struct span octets, size_t max);

/* Returns the value of a Received field in one line, blanks reduced. */
struct span explain_hop(const struct field *hop, struct arena *a);

/* Returns how many lines a text has; the last may have no end. */
size_t explain_count_lines(struct span text);

/* What a template is about; one of both may be NULL. */
struct explain_about {
	const struct explanation *x;
	const struct repair *repair;
};

/* A place of a template, "{domain}", and what it becomes. */
struct explain_place {
	const char *name;
	void (*put)(struct buf *b, const struct explain_about *about);
};

/* Returns a template with its places filled. Of two places that begin in the
 * same way, the first one of the list is taken. */
struct span
explain_fill(const char *template, const struct explain_place *places, size_t n,
    const struct explain_about *about, struct arena *a);

/* Returns what the software did, from its verb on: the phrase of the kind with
 * its places filled (repair.h). Printable. */
struct span explain_phrase(const struct repair *r, struct arena *a);

/* Returns the one sentence that people read first. Printable. */
struct span explain_sentence(const struct explanation *x, struct arena *a);

/* Returns a template of why the signature does not count, whatever became of
 * the message; empty if there is nothing but a change of it. */
const char *explain_cause(const struct explanation *x);

/* What could be done, indexed by enum repair_advice; the first has no words. */
struct explain_advice {
	const char *id;
	const char *words;
};
extern const struct explain_advice explain_advices[REPAIR_ADVICES];

/* Fills a list with what sender or relay could do: each once, in the order of
 * the findings. Returns how many there are. */
size_t explain_advise(
    const struct explanation *x, enum repair_advice list[REPAIR_ADVICES]);

/* Returns the state of the header: unknown, too, if the signature is not by the
 * key, so that nothing tells what was signed. */
enum explain_state explain_header_state(const struct explanation *x);

#endif
