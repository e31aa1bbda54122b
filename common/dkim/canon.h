/*
 * canon: the canonical forms of header fields and bodies (RFC 6376 3.4).
 * Canonical lines end with CRLF: a bare LF becomes CRLF, as it does when mail
 * is sent, and a bare CR is an octet like any other.
 *	canon.c		the canonical forms
 *	canon_run.c	octets that are in canonical form already
 */
/* SPDX-License-Identifier: ISC */
#ifndef CANON_H
#define CANON_H

#include "base/arena.h"
#include "base/sink.h"

enum canon {
	CANON_SIMPLE,
	CANON_RELAXED,
};

/* Returns "simple" or "relaxed". */
const char *canon_name(enum canon c);

/* The reverse; false if there is no such name. */
bool canon_parse(struct span name, enum canon *c);

/* Writes one field in canonical form to a sink. The result is the same
 * whichever way the lines of the raw field end, and always ends with CRLF. */
void canon_header(enum canon c, struct span raw, struct sink *to);

/*
 * Returns how many octets at the start of a part of a body are the same in
 * canonical form, and can be passed on as they are: text, single SPs before
 * text, CRLF that ends a line of text. The part must not begin with a line end,
 * and must follow octets that were passed on. What is returned never ends in a
 * CR, in relaxed form never in a SP, and has no CR or LF but in CRLF.
 */
size_t canon_run(enum canon c, struct span s);

/* Returns a sink, in the arena, that canonicalizes the body written to it and
 * passes the result to another sink; ending it ends that one. */
struct sink *canon_body(enum canon c, struct sink *to, struct arena *a);

#endif
