/*
 * question: what is asked of a domain's mail set-up, and the answers: yes, no,
 * or not known, each with its proof; for a no, what would make it a yes.
 */
/* SPDX-License-Identifier: ISC */
#ifndef QUESTION_H
#define QUESTION_H

#include "dns/dns.h"

/* The questions: name, identifier, words. */
#define QUESTIONS(X)                                                       \
	X(EXACT_DOMAIN, "exact-domain", "can nobody else use the domain?") \
	X(SUBDOMAINS, "subdomains",                                        \
	    "nor its subdomains and names that do not exist?")             \
	X(SPF, "spf", "is SPF sound?")                                     \
	X(DKIM, "dkim", "are the DKIM keys sound?")                        \
	X(REPORTS, "reports", "will its owner hear of trouble?")

enum question_id {
#define QUESTION_ENUM(name, id, words) QUESTION_##name,
	QUESTIONS(QUESTION_ENUM) QUESTION_COUNT
};

enum answer {
	ANSWER_NOT_ASKED,
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_NOT_KNOWN, /* a DNS failure, or nothing proves it */
};

/* What to do with the TXT records of one name, so that all that is wrong with
 * them is mended. The same change may answer several questions. */
struct question_change {
	struct span name;            /* normal form, "_dmarc.example.org" */
	const struct dns_rr *remove; /* records that are there now */
	size_t nremove;
	struct span add; /* the text of the one to publish; absent: none */
};

struct question {
	enum answer answer;
	struct span proof; /* one line: what the answer is based on */
	struct span mend;  /* of a no: what would make it a yes, in words */
	/* The change that makes it a yes, which has been tried; NULL: none is
	 * known, or it takes something that only the owner has. */
	const struct question_change *change;
	/* How many changes of other names follow it in an array: the answer
	 * takes all of them. */
	size_t nmore;
};

/* Returns "exact-domain" ..., and "yes", "no" or "not known" (not for
 * ANSWER_NOT_ASKED). */
const char *question_id(enum question_id id);
const char *question_answer(enum answer answer);

/* Returns a record as a line of a zone file: NAME. TXT "..." "...", split into
 * strings of at most 255 octets. */
struct span
question_zone_line(struct span name, struct span text, struct arena *a);

#endif
