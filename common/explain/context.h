/*
 * context: what else is known about a signature that does not verify: its key,
 * its times, what it signs, and the relays that the message came through.
 *	context.c		all of it
 *	context_evidence.c	what the files below share
 *	context_software.c	which software it went through, by its fields
 *	context_relay.c		at which hop, and what other signatures show
 *	context_key.c		the key, and those of other selectors
 *	context_notes.c		times, and what is signed
 *	context_cut.c		whether the body was cut off
 */
/* SPDX-License-Identifier: ISC */
#ifndef EXPLAIN_CONTEXT_H
#define EXPLAIN_CONTEXT_H

#include "repair/repair.h"

/* The kind of software that a message went through. */
enum context_software {
	CONTEXT_UNKNOWN,
	CONTEXT_LIST,    /* "the list software" */
	CONTEXT_GATEWAY, /* "a mail gateway" */
	CONTEXT_FORWARD, /* "a forwarding server" */
	CONTEXT_ARCHIVE, /* "the archive" */
	CONTEXT_RELAY,   /* "something on the way" */
};

/* The remarks: name, identifier, words. In a line for people, what the remark
 * is about, if there is anything, follows the words after ": ". */
#define CONTEXT_REMARKS(X)                                                     \
	X(KEY_MISSING, "key-missing", "there is no key in the DNS")            \
	X(KEY_REVOKED, "key-revoked",                                          \
	    "the key record has no key any more (p=)")                         \
	X(KEY_TYPE, "key-other-type",                                          \
	    "the key record and the signature are of different types")         \
	X(KEY_QUOTED, "key-quoted",                                            \
	    "quotes or backslashes were copied into the key record, which is " \
	    "a key without them")                                              \
	X(SELECTOR_RENAMED, "selector-renamed",                                \
	    "the key that made the signature is published under another "      \
	    "selector")                                                        \
	X(SELECTOR_OTHER, "selector-other",                                    \
	    "the key of another selector made the signature")                  \
	X(SIGNATURE_LENGTH, "signature-length",                                \
	    "b= is not as long as signatures by this key")                     \
	X(SIGNATURE_OTHER, "signature-other",                                  \
	    "undone with the key, b= has no digest in it")                     \
	X(EXPIRED, "signature-expired", "the signature expired (x=)")          \
	X(CLOCK, "clock-skew",                                                 \
	    "the signing time (t=) is later than the clock here")              \
	X(DATE_OLDER, "date-older",                                            \
	    "the message waited or was sent again, or a clock was off, as "    \
	    "the Date field is older than the signing time (t=)")              \
	X(DATE_NEWER, "date-newer",                                            \
	    "the Date field was replaced, the signature is of another "        \
	    "message, or a clock was off, as the Date field is newer than "    \
	    "the signing time (t=)")                                           \
	X(RELAY_FIELDS, "signs-relay-fields",                                  \
	    "h= names fields that relays add or change")                       \
	X(LIST_FIELDS, "signs-list-fields",                                    \
	    "h= names fields that lists add or change")                        \
	X(EIGHT_BIT, "signs-8bit",                                             \
	    "it was signed as 8bit, which a relay may have to re-encode")      \
	X(BEFORE_REWRITE, "signed-before-rewrite",                             \
	    "a Received field names a host of the signing domain, which "      \
	    "handled the message after it was signed, if the field is true")   \
	X(SIMPLE, "simple-canonicalization",                                   \
	    "a change of white space alone breaks this signature (c=)")        \
	X(LENGTH, "length-tag",                                                \
	    "the signature covers only the start of the body (l=)")            \
	X(CUT, "body-cut", "the end of the body seems to be missing")          \
	X(DUPLICATE, "duplicate-signature",                                    \
	    "another signature field has the same b=")                         \
	X(WITNESS, "altered-before",                                           \
	    "a later signature is valid, so what it covers was not altered "   \
	    "after that")                                                      \
	X(OLDER_WITNESS, "older-valid",                                        \
	    "a signature below this one is valid, so what it covers was not "  \
	    "altered after that one was made")                                 \
	X(ARC, "arc",                                                          \
	    "the message has an ARC chain, which is not verified here")

enum context_remark {
#define CONTEXT_REMARK_ENUM(name, id, words) CONTEXT_##name,
	CONTEXT_REMARKS(CONTEXT_REMARK_ENUM) CONTEXT_REMARKS_COUNT
};

/* A kind of remark: a stable identifier and words. */
struct context_kind {
	const char *id;
	const char *words;
};

/* By enum context_remark; ends with a NULL id. */
extern const struct context_kind context_kinds[];

struct context_note {
	const struct context_kind *kind;
	struct span what; /* what it is about, not escaped, or absent */
};

#define CONTEXT_NOTES 16

struct context {
	enum context_software software;
	struct span name; /* "Mailman 3.3.8", printable ASCII, or absent */
	/* It has fields or lines that only stored messages have. software is
	 * CONTEXT_ARCHIVE if there is no sign of a relay. */
	bool is_archived;
	/* A Received field that was added after signing: of the list's host, or
	 * else the lowest one. NULL: none is known. */
	const struct field *hop;
	struct context_note notes[CONTEXT_NOTES];
	size_t nnotes;
};

/* What is known of the signature when its context is looked at. */
struct context_question {
	const struct message *m;
	const struct dkim_signature *signature;
	const struct dkim_key *key; /* the key record, or NULL */
	enum dkim_reason reason;
	bool header_intact;  /* the header is as it was signed */
	bool block_is_other; /* the RSA signature is not by this key */
	bool is_unexplained; /* no header was found that an Ed25519 signature
				covers: another key may have made it */
	bool is_like_list;   /* what was altered is what lists alter */
	const struct dkim_verifier *verifier; /* for the other signatures; or
						 NULL */
	struct dns *dns;                      /* or NULL: no query is made */
	int64_t now;
	struct span altered; /* the body as received, if it is not the one that
				was signed, and how it was altered is not known;
				or absent */
};

/*
 * Returns the context of a signature. The verifier must have ended. At most
 * LIMIT_EXPLAIN_SELECTORS keys are looked up, and only if the one of s= is
 * missing, is not a key of this signature, or did not make it. The time is
 * linear in the fields of the message; spans live in the arena or point into
 * the message.
 */
struct context context_find(const struct context_question *q, struct arena *a);

/* Was a signature made after another? By its place, as signers put their field
 * on top, unless both times (t=) tell otherwise. */
bool context_is_later(
    const struct dkim_signature *s, const struct dkim_signature *than);

/* Returns the first remark of a kind, or NULL. */
const struct context_note *
context_has(const struct context *c, enum context_remark remark);

/* Returns a stable name for programs and tables: "list", "gateway"; NULL: it is
 * not known. */
const char *context_name(enum context_software software);

/* Returns the same for people, whom advice is for: "the list". */
const char *context_shown(enum context_software software);

/* Returns the subject of a sentence about what the software did: "The list
 * software", "Something on the way". */
const char *context_subject(enum context_software software);

#endif
