/*
 * fieldtext: strangers' text in the fields that we write. What it says there is
 * for people and must not become anything else to a reader that decodes
 * encoded-words (RFC 2047), as Sieve, Python and Perl do, or that looks for
 * results ("dmarc=pass") without reading what is around them.
 */
#ifndef FIELDTEXT_H
#define FIELDTEXT_H

#include "base/buf.h"

/* Does some octet of it begin an encoded-word, as far as readers know ("=?",
 * RFC 2047 2)? */
bool fieldtext_is_encoded(struct span s);

/*
 * May it be written as it is? It has no encoded-word, and nothing in it reads
 * as a pass: a registered method (RFC 8601 2.7, in any case), "=" and "pass",
 * with CFWS and a version as RFC 8601 2.2 has them. After a "=" it must not
 * begin with "?", either.
 */
bool fieldtext_is_safe(struct span s);

/* Adds s as buf_escaped() does. Of what is not safe the "?" of "=?", and the
 * "=" of a pass, are escaped, too. */
void fieldtext_add(struct buf *b, struct span s);

#endif
