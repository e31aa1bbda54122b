/*
 * canon: the canonical forms of header fields and bodies (RFC 6376 3.4).
 * Line ends are CRLF here: a LF alone becomes CRLF (how mail travels), a CR
 * alone is an octet like others.
 */
#ifndef CANON_H
#define CANON_H

#include "base/arena.h"
#include "base/sink.h"

enum canon {
	CANON_SIMPLE,
	CANON_RELAXED,
};

/* "simple", "relaxed". */
const char *canon_name(enum canon c);
bool canon_parse(struct span name, enum canon *c);

/* Puts one field, raw, in canonical form into a sink, its CRLF included. The
 * form is the same however the field's lines end; it always ends with CRLF. */
void canon_header(enum canon c, struct span raw, struct sink *to);

/* A sink, in the arena, that puts the canonical form of the body that flows
 * into it into another one; ending it ends the other. */
struct sink *canon_body(enum canon c, struct sink *to, struct arena *a);

#endif
