/* utf8: valid sequences (RFC 3629), and what may reach a person's screen. */
#ifndef UTF8_H
#define UTF8_H

#include <stdio.h>

#include "base/span.h"

/* The length, 1 to 4, of the valid UTF-8 sequence at the start of s; 0 if
 * there is none (overlong forms, surrogates, over U+10FFFF; s empty). */
size_t utf8_length(struct span s);

/* Is all of s valid UTF-8? */
bool utf8_valid(struct span s);

/*
 * The octets at the start of s, at least one, that are either all fit to be
 * shown or one octet that must be escaped as \xHH: C0 and C1 controls, DEL,
 * backslash, invalid UTF-8, and characters that nobody sees or that change how
 * others are seen (utf8.c has the list: no-break and zero-width spaces, soft
 * hyphen, bidirectional and line controls, tags). Says which by *plain.
 */
size_t utf8_run(struct span s, bool *plain);

/* Writes s to a stream with what utf8_run() says must be escaped as \xHH.
 * Errors stay in the stream (ferror). */
void utf8_escape(struct span s, FILE *to);

#endif
