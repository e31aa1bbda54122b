/* base64: RFC 4648 4, with the folding white space (FWS) that DKIM allows. */
/* SPDX-License-Identifier: ISC */
#ifndef BASE64_H
#define BASE64_H

#include "base/buf.h"

/*
 * Decodes base64string (RFC 6376 2.10): FWS may be anywhere, "=" at the end may
 * be missing. Returns false for an octet that is neither base64 nor FWS, a last
 * group of one character, padding that is misplaced or too long, and nonzero
 * bits after the last octet (so that a value has only one spelling, RFC 4648
 * 3.5).
 */
bool base64_decode(struct span text, struct arena *a, struct span *octets);

/* Encodes with padding, on one line. */
struct span base64_encode(struct span octets, struct arena *a);

#endif
