/* report: results as lines, as JSON, and explained, for people and programs. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "dns.h"
#include "result.h"

/* One result on a line, "LABEL: " in front if label is not absent. Nothing in
 * it can end the line or reach a terminal raw. colour: for a terminal. */
void report_line(const struct result *r, struct span label, bool colour,
    FILE *to, struct arena *a);

/* The explanation of a result, indented, below its line. */
void report_explain(const struct result *r, FILE *to);

/* The DNS questions of a message, with answer, server and time. */
void report_dns(const struct dns *d, FILE *to, struct arena *a);

/* One message as a JSON object on one line. */
void report_json(struct span name, const struct result *list, size_t n,
    const struct dns *d, FILE *to, struct arena *a);

#endif
