/*
 * encodedword: encoded-words (RFC 2047 2) in any place: some readers decode
 * them everywhere. The decoded octets are in the charset that the word names.
 */
/* SPDX-License-Identifier: ISC */
#ifndef ENCODEDWORD_H
#define ENCODEDWORD_H

#include "base/buf.h"

/* Cuts an encoded-word off the start of s, and adds the decoded octets to b
 * unless that is NULL. Returns false if s does not begin with one. */
bool encodedword_cut(struct span *s, struct buf *b);

/* Returns a copy of s with all encoded-words decoded. Blanks between two are
 * dropped (RFC 2047 6.2), or, with apart, kept and a blank added after each
 * word. */
struct span encodedword_decode(struct span s, bool apart, struct arena *a);

#endif
