/*
 * context: what else is known about a signature that does not verify: its key,
 * its times, what it signs, and the relays that the message came through.
 */
/* SPDX-License-Identifier: ISC */
#ifndef EXPLAIN_CONTEXT_H
#define EXPLAIN_CONTEXT_H

#include "explain/repair.h"

/* The kind of software that a message went through. */
enum context_software {
	CONTEXT_UNKNOWN,
	CONTEXT_LIST,     /* "the list software" */
	CONTEXT_GATEWAY,  /* "a mail gateway" */
	CONTEXT_FORWARD,  /* "a forwarder" */
	CONTEXT_ARCHIVE,  /* "the archive" */
	CONTEXT_RELAY,    /* "a relay" */
};

/* A kind of remark: a stable identifier and words. */
struct context_kind {
	const char *id;
	const char *words;
};

struct context_note {
	const struct context_kind *kind;
	struct span what; /* what it is about, or absent */
};

#define CONTEXT_NOTES 16

struct context {
	enum context_software software;
	struct span name;    /* "Mailman 3.3.8", or absent */
	const struct field *hop; /* the lowest Received field that was added
				    after signing, if it is known, or NULL */
	struct context_note notes[CONTEXT_NOTES];
	size_t nnotes;
};

/* What is known of the signature when its context is looked at. */
struct context_question {
	const struct message *m;
	const struct dkim_signature *signature;
	const struct dkim_key *key; /* the key record, or NULL */
	enum dkim_reason reason;
	bool block_is_other; /* the RSA signature is not by this key */
	const struct dkim_verifier *verifier; /* for the other signatures */
	struct dns *dns;
	int64_t now;
};

struct context context_find(const struct context_question *q, struct arena *a);

/* Returns the subject of a sentence about what the software did: "The list
 * software", "A relay". */
const char *context_subject(const struct context *c);

#endif
