/* json: octets of any kind as JSON texts (RFC 8259 8.1: UTF-8), and answers of
 * the DNS. */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "dns/dns.h"

/*
 * A text, or null if it is absent. Octets that are no UTF-8 are shown as \xHH,
 * and so is all of a text with a DEL, which the library leaves alone, or a NUL,
 * at which readers in C stumble (RFC 8259 12); what is none of ASCII, C1
 * controls among it, the library writes as \uHHHH (JSON_ENSURE_ASCII).
 */
json_t *json_text(struct span s, struct arena *a);

/* {"name", "type", "status", "records": [...]} */
json_t *json_answer(const struct dns_answer *answer, struct arena *a);

/* How objects are written. */
#define JSON_DUMP (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6))

/* Adds a name to the object's member "truncated", a list of what was left out
 * of it. */
void json_leave_out(json_t *object, const char *name);

/* Leaves out of an object what makes it larger than a limit of octets: members,
 * the largest first, but not those that name what was evaluated, nor its
 * results; then of each result what is beside it. */
void json_fit(json_t *object, size_t limit);

#endif
