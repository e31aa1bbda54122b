/* utf8: valid sequences (RFC 3629), and the characters that are safe to
 * show. */
/* SPDX-License-Identifier: ISC */
#ifndef UTF8_H
#define UTF8_H

#include <stdio.h>

#include "base/span.h"

/* Returns the length, 1 to 4, of the valid UTF-8 sequence at the start of s; 0
 * if s is empty or begins with an invalid one (overlong, surrogate, over
 * U+10FFFF). */
size_t utf8_length(struct span s);

/* Is all of s valid UTF-8? */
bool utf8_valid(struct span s);

/* The character of the valid sequence of n octets at the start of s. */
uint32_t utf8_character(struct span s, size_t n);

/* As many of the first characters of s as fit in max octets; an octet that is
 * not valid UTF-8 counts as one. */
struct span utf8_upto(struct span s, size_t max);

/*
 * Returns the length of what is at the start of s, which is not empty: either
 * octets that can all be shown (*plain is true), or a single octet that must be
 * escaped as \xHH (false). To be escaped are C0 and C1 controls, DEL,
 * backslash, invalid UTF-8, and characters that are invisible or change how
 * others are displayed (utf8.c has the list: spaces but SP, soft hyphen,
 * bidirectional and line controls, other format characters, tags).
 */
size_t utf8_run(struct span s, bool *plain);

/* Is the character a C1 control, invisible, or one that changes how others are
 * displayed (utf8_run())? */
bool utf8_is_hidden(uint32_t c);

/* Writes s to a stream, with the octets that utf8_run() does not show escaped
 * as \xHH. Errors are left to ferror(). */
void utf8_escape(struct span s, FILE *to);

#endif
