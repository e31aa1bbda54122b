/* dmarc_summary: how many messages would have met which fate, and from which
 * clients those came that failed. */
#ifndef DMARC_SUMMARY_H
#define DMARC_SUMMARY_H

#include "dmarc/dmarc.h"
#include "mail/envelope.h"
#include "base/limit.h"

struct dmarc_summary_source {
	struct ip ip;
	size_t count;
};

/* Starts with zeros. */
struct dmarc_summary {
	size_t messages, result[RESULT_CODES];
	size_t disposition[DMARC_POLICY_REJECT + 1]; /* of fails */
	struct dmarc_summary_source
	    sources[LIMIT_SUMMARY_SOURCES]; /* of fails */
	size_t nsources;
	size_t unknown; /* fails whose client is not known */
	size_t others;  /* fails of clients for which there is no room */
};

void dmarc_summary_add(struct dmarc_summary *t, const struct result *r,
    enum dmarc_policy disposition, const struct envelope *e);

/* The account in one line, without its end: "3 messages: 1 pass, 2 fail (1
 * none, 1 quarantine, 0 reject); failed from 192.0.2.1 (2)". The clients that
 * failed most come first, at most ten of them. */
struct span dmarc_summary_text(struct dmarc_summary *t, struct arena *a);

#endif
