/* json: octets of any kind as JSON texts (RFC 8259 8.1: UTF-8). */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "base/arena.h"

/*
 * A text, or null if it is absent. Octets that are no UTF-8 are shown as \xHH,
 * and so is all of a text with a DEL, which the library leaves alone, or a NUL,
 * at which readers in C stumble (RFC 8259 12); what is none of ASCII, C1
 * controls among it, the library writes as \uHHHH (JSON_ENSURE_ASCII).
 */
json_t *json_text(struct span s, struct arena *a);

#endif
