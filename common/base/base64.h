/* base64: RFC 4648 4, with the folding white space that DKIM allows. */
#ifndef BASE64_H
#define BASE64_H

#include "base/buf.h"

/*
 * Decodes base64string (RFC 6376 2.10): FWS anywhere, "=" at the end may be
 * missing. False: another octet, a character alone, padding that is not at the
 * end or is too much, bits that are not zero behind the last octet (so that
 * each value has one spelling, RFC 4648 3.5).
 */
bool base64_decode(struct span text, struct arena *a, struct span *octets);

/* Encodes with padding, on one line. */
struct span base64_encode(struct span octets, struct arena *a);

#endif
