/*
 * fieldtext: text of a message or the DNS in the fields that the tools write.
 * It is there for people, and must mean nothing else to a reader that decodes
 * encoded-words (RFC 2047), as Sieve, Python and Perl do, or that searches for
 * results ("dmarc=pass") without parsing the field.
 */
/* SPDX-License-Identifier: ISC */
#ifndef FIELDTEXT_H
#define FIELDTEXT_H

#include "base/buf.h"

/* Returns whether s contains "=?", which to some readers begins an encoded-word
 * (RFC 2047 2). */
bool fieldtext_is_encoded(struct span s);

/*
 * Returns whether s can be written without escapes: it is not
 * fieldtext_is_encoded(), and contains no methodspec with the result pass: a
 * registered method (RFC 8601 2.7) in any case, "=" and "pass", with CFWS and a
 * version where RFC 8601 2.2 has them. A caller that writes s after a "=" has
 * to check as well that s does not begin with "?".
 */
bool fieldtext_is_safe(struct span s);

/* Adds s as buf_escaped() does, and also escapes the "?" of each "=?" and the
 * "=" of each pass, so that the text added is fieldtext_is_safe(). */
void fieldtext_add(struct buf *b, struct span s);

#endif
