/* tally: how many messages would have met which fate, and from which clients
 * those came that failed. */
#ifndef TALLY_H
#define TALLY_H

#include "dmarc/dmarc.h"
#include "mail/envelope.h"
#include "base/limit.h"

struct tally_source {
	struct ip ip;
	size_t count;
};

/* Starts with zeros. */
struct tally {
	size_t messages, result[RESULT_CODES];
	size_t disposition[DMARC_POLICY_REJECT + 1]; /* of fails */
	struct tally_source source[LIMIT_TALLY];     /* of fails */
	size_t sources;
	size_t unknown; /* fails whose client is not known */
	size_t others;  /* fails of clients for which there is no room */
};

void tally_add(struct tally *t, const struct result *r,
    enum dmarc_policy disposition, const struct envelope *e);

/* The account in one line, without its end: "3 messages: 1 pass, 2 fail (1
 * none, 1 quarantine, 0 reject); failed from 192.0.2.1 (2)". The clients that
 * failed most come first, at most ten of them. */
struct span tally_text(struct tally *t, struct arena *a);

#endif
