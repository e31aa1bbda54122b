/* output: results as lines and details for people, as JSON for programs. */
/* SPDX-License-Identifier: ISC */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "dns/dns.h"
#include "lint/finding.h"
#include "mail/envelope.h"
#include "mail/result.h"

/* Returns the role of a result. */
enum screen_role output_role(enum result_code code);

/* Writes a result as one line, which begins with "LABEL: " unless label is
 * absent. All of it is escaped: nothing in it ends the line or controls a
 * terminal. */
void output_line(const struct screen *to, const struct result *r,
    struct span label, struct arena *a);

/* Writes the details of a result, indented, to go below its line. */
void
output_detail(const struct screen *to, const struct result *r, struct arena *a);

/* Writes the DNS queries of a message, each with answer, server and time. */
void output_dns(const struct screen *to, const struct dns *d, struct arena *a);

/* Writes the client, HELO and MAIL FROM, and where each is from, indented. */
void output_envelope(
    const struct screen *to, const struct envelope *e, struct arena *a);

/* What was evaluated: a message, or a query. */
struct output_subject {
	struct span file;       /* absent: a query */
	int64_t now;            /* the time of evaluation */
	struct span message_id; /* without <>, or absent */
	uint64_t size; /* octets of a message; 0: not known, or a query */
};

/* Returns the JSON object of one message or query, to which the caller may add
 * members. It has all DNS queries, unless d is NULL. */
json_t *output_object(const struct output_subject *subject,
    const struct result *list, size_t n, const struct dns *d, struct arena *a);

/* The flags by which jansson writes an object. */
#define OUTPUT_DUMP (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6))

/* Adds a name to the object's member "truncated", the list of what was left out
 * of it. */
void output_leave_out(json_t *object, const char *name);

/* Makes an object no larger than a limit of octets: removes members, the
 * largest first, except those that identify what was evaluated, and the
 * results; then the details and properties of each result. */
void output_fit(json_t *object, size_t limit);

/* Writes an object as one line, reduced to LIMIT_JSON by output_fit(), and
 * releases it. */
void output_json(json_t *object, FILE *to);

/* Returns the object of an operand that is not a message or cannot be read:
 * {"schema", "file", "error": why, for people} */
json_t *output_failure(struct span name, const char *why, struct arena *a);

/* Returns {"ip", "helo", "mail_from": null if not known; "ip_source",
 * "helo_source", "mail_from_source": where each is from, or why it is not
 * known; "assumed"} */
json_t *output_json_envelope(const struct envelope *e, struct arena *a);

/* Writes findings, each as one line, "DOMAIN: error: SECTION/ID: WORDS: WHAT".
 * All of it is escaped, as in output_line(). */
void output_findings(const struct screen *to, const struct findings *f);

#endif
