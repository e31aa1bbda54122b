/*
 * question: the questions about a domain's mail set-up, and the answers: yes,
 * no, or not known, each with its proof; for a no, what would make it a yes.
 */
/* SPDX-License-Identifier: ISC */
#ifndef QUESTION_H
#define QUESTION_H

#include "dns/dns.h"

/* The questions: name, identifier. Can nobody else use the domain? Nor its
 * subdomains, and names that do not exist? Is SPF sound? Are the DKIM keys?
 * Will its owner hear of trouble? */
#define QUESTIONS(X)                    \
	X(EXACT_DOMAIN, "exact-domain") \
	X(SUBDOMAINS, "subdomains")     \
	X(SPF, "spf")                   \
	X(DKIM, "dkim")                 \
	X(REPORTS, "reports")

enum question_id {
#define QUESTION_ENUM(name, id) QUESTION_##name,
	QUESTIONS(QUESTION_ENUM) QUESTION_COUNT
};

enum answer {
	ANSWER_NOT_ASKED,
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_NOT_KNOWN, /* a DNS failure, or nothing proves it */
};

/* What to do with the TXT records of one name, so that all their faults are
 * mended. The same change may answer several questions. */
struct question_change {
	struct span name;            /* normal form, "_dmarc.example.org" */
	const struct dns_rr *remove; /* records that are there now */
	size_t nremove;
	struct span add; /* the text of the one to publish; absent: none */
};

struct question {
	enum answer answer;
	struct span proof; /* one line: what the answer is based on */
	/* In words: of a no, what would make it a yes; of a yes, what the
	 * change is for. */
	struct span mend;
	/* The change that makes a no a yes, which has been tried, or mends what
	 * there are warnings about; NULL: none is known, or it takes something
	 * that only the owner has. */
	const struct question_change *change;
	/* How many changes of other names follow it in an array: the answer
	 * takes all of them. */
	size_t nmore;
};

/* Returns "exact-domain" ..., and "yes", "no" or "not known" (not for
 * ANSWER_NOT_ASKED). */
const char *question_id(enum question_id id);
const char *question_answer(enum answer answer);

/* Is a TXT record of that text small enough for an answer of the DNS? */
bool question_fits(struct span text);

/* Would a record at that name (normal form), or below it, hide what a wildcard
 * of the zone files gives the name (RFC 4592 2.2.2, 3.3.1)? Without zone files
 * that is not known: false. Looks only at answers that are there. */
bool question_hides(struct dns *dns, struct span name);

/* Returns a record as a line of a zone file: NAME. TXT "..." "...", split into
 * strings of at most 255 octets. */
struct span
question_zone_line(struct span name, struct span text, struct arena *a);

#endif
