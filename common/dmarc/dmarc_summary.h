/* dmarc_summary: counts of the results and dispositions of many messages, and
 * the clients that sent those that failed. */
/* SPDX-License-Identifier: ISC */
#ifndef DMARC_SUMMARY_H
#define DMARC_SUMMARY_H

#include "dmarc/dmarc.h"
#include "mail/envelope.h"
#include "base/limit.h"

struct dmarc_summary_source {
	struct ip ip;
	size_t count;
};

/* All zero at first. */
struct dmarc_summary {
	size_t messages, result[RESULT_CODES];
	/* Of the fails: */
	size_t disposition[DMARC_POLICY_REJECT + 1];
	struct dmarc_summary_source sources[LIMIT_SUMMARY_SOURCES];
	size_t nsources;
	size_t unknown; /* those without a known client */
	size_t others;  /* those of clients for which sources has no room */
};

/* Counts a message with this result; for a fail, the disposition and the client
 * of the envelope, too. */
void dmarc_summary_add(struct dmarc_summary *t, const struct result *r,
    enum dmarc_policy disposition, const struct envelope *e);

/* Returns the counts as one line, without a line end: "3 messages: 1 pass, 2
 * fail (1 none, 1 quarantine, 0 reject); failed from 192.0.2.1 (2)". It names
 * at most ten clients, those with the most fails first. */
struct span dmarc_summary_text(struct dmarc_summary *t, struct arena *a);

#endif
