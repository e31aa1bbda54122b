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

/* Returns where it was altered, from the field of the first hop that can be:
 * "from a.example to b.example". */
struct span explain_way(const struct field *hop, struct arena *a);

/* Returns how many lines a text has; the last may have no end. */
size_t explain_count_lines(struct span text);

/* What a template is about; one of both may be NULL. */
struct explain_about {
	const struct explanation *x;
	const struct repair *repair;
	bool names_body; /* lines are told to be of the body */
	/* The fields that the repair tells of, and how many more there are. */
	const struct span *names;
	size_t nnames, more;
};

/* Adds the names of the fields: "From", "From and To", "From, To and 6 more".
 * Returns how many more there are. */
size_t explain_names(struct buf *b, const struct explain_about *about);

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
 * its places filled (repair.h), and, with names_body, "of the body" after the
 * number of a line. Printable. */
struct span
explain_phrase(const struct repair *r, bool names_body, struct arena *a);

/* The same of a repair that has changed fields with these names, and more. */
struct span explain_phrase_of(const struct repair *r, const struct span *names,
    size_t n, size_t more, struct arena *a);

/* Returns the one sentence that people read first. Printable. */
struct span explain_sentence(const struct explanation *x, struct arena *a);

/* Returns a template of why the signature does not count, whatever became of
 * the message; empty if there is nothing but a change of it. */
const char *explain_cause(const struct explanation *x);

/* Returns what could be done about that. */
enum repair_advice explain_cause_advice(const struct explanation *x);

/* What one of both could do. */
struct explain_help {
	const char *id;    /* of the advice */
	const char *who;   /* "sender", "list", "relay" and so on */
	const char *shown; /* the same for people: "the list" */
	const char *words; /* after "for the list: " */
};
#define EXPLAIN_HELPS 2

/* Fills a list with what the sender could do, and then the relay: of what was
 * found, the first that has an advice for it. Returns how many there are. */
size_t explain_advise(
    const struct explanation *x, struct explain_help list[EXPLAIN_HELPS]);

/* Counts how often h= has the name of each name_id. The list lives in the arena
 * of the message. */
const uint32_t *
explain_covered(const struct message *m, const struct dkim_signature *s);

/* Does a signature that is valid, but for the body, prove for a later one that
 * fields that both cover were not altered? One of another domain does not:
 * whoever has altered a field can sign it, and choose the place of that
 * signature and its t=. What is the same in relaxed form may differ in simple
 * form. */
bool explain_is_witness(
    const struct dkim_outcome *o, const struct dkim_signature *s);

/* Tells for each field of the message whether a witness for the signature
 * covers it; NULL: there is none. A verification must have ended; the list
 * lives in the arena of the message. */
const bool *explain_intact(const struct message *m,
    const struct dkim_verifier *v, const struct dkim_signature *s);

/* Was something altered that lists alter: text added, a field of the author
 * replaced? */
bool explain_is_like_list(const struct explanation *x);

/* Returns the state of the header: unknown, too, if the signature is not by the
 * key, so that nothing tells what was signed. */
enum explain_state explain_header_state(const struct explanation *x);

#endif
