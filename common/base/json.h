/* json: any octets as JSON strings, which are UTF-8 (RFC 8259 8.1). */
/* SPDX-License-Identifier: ISC */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "base/arena.h"

/*
 * Returns a text as a JSON string, or null if it is absent. A text that is not
 * valid UTF-8 is escaped as by buf_escaped() (\xHH), and so is one with a DEL,
 * which jansson would write as it is, or a NUL, which ends a string for
 * programs in C (RFC 8259 12). All that is not ASCII, C1 controls included,
 * jansson writes as \uHHHH (JSON_ENSURE_ASCII).
 */
json_t *json_text(struct span s, struct arena *a);

/* A member in the arguments of json_pack(), the name ("s" in its format) and
 * the value: keeps the two together. */
#define JSON_MEMBER(name, value) (name), (value)

#endif
