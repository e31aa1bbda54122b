/* output: results as lines, as JSON, and explained, for people and programs. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "dns/dns.h"
#include "mail/envelope.h"
#include "lint/finding.h"
#include "mail/result.h"

/* One result on a line, "LABEL: " in front if label is not absent. Nothing in
 * it can end the line or reach a terminal raw. colour: for a terminal. */
void output_line(const struct result *r, struct span label, bool colour,
    FILE *to, struct arena *a);

/* The explanation of a result, indented, below its line. */
void output_detail(const struct result *r, FILE *to);

/* The DNS questions of a message, with answer, server and time. */
void output_dns(const struct dns *d, FILE *to, struct arena *a);

/* Where the client, HELO and MAIL FROM are from, indented. */
void output_envelope(const struct envelope *e, FILE *to);

/* What was evaluated: a message, or what a query says. */
struct output_subject {
	struct span file;       /* absent: a query */
	int64_t now;            /* the clock that was used */
	struct span message_id; /* without <>, or absent */
	uint64_t size; /* octets of a message; 0: not known, or a query */
};

/* One message or query as a JSON object, to which more may be added; with all
 * DNS questions, unless d is NULL. */
json_t *output_object(const struct output_subject *subject,
    const struct result *list, size_t n, const struct dns *d, struct arena *a);

/* How objects are written. */
#define OUTPUT_DUMP (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6))

/* Adds a name to the object's member "truncated", a list of what was left out
 * of it. */
void output_leave_out(json_t *object, const char *name);

/* Leaves out of an object what makes it larger than a limit of octets: members,
 * the largest first, but not those that name what was evaluated, nor its
 * results; then of each result what is beside it. */
void output_fit(json_t *object, size_t limit);

/* Writes an object on a line of its own, and releases it. What is over
 * LIMIT_JSON is left out (output_fit()). */
void output_json(json_t *object, FILE *to);

/* What stands for an operand that is not a message or cannot be read:
 * {"schema", "file", "error": why, for people} */
json_t *output_failure(struct span name, const char *why, struct arena *a);

/* {"ip", "helo", "mail_from": null if not known; "ip_source", "helo_source",
 * "mail_from_source": where each is from, or why it is not known; "assumed"} */
json_t *output_json_envelope(const struct envelope *e, struct arena *a);

/* A finding: "DOMAIN: error: ID: WORDS: WHAT", folded to 100 columns; further
 * lines begin with blanks. Nothing in it can end a line or reach a terminal
 * raw. */
void output_finding(const struct finding *f, bool colour, FILE *to);

/* All of them on stdout, in colour if that is a terminal. */
void output_findings(const struct findings *f);

/* What is wrong in a domain's record (absent: null), for output_json():
 * {"schema", "domain", "record", "findings": [{"level": "error" or "warning",
 * "id", "where", "what" (null without one), "words"}]} */
json_t *output_json_findings(struct span domain, struct span record,
    const struct findings *f, struct arena *a);

#endif
