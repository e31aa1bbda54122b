/*
 * preflight: what in a message will break its signature in transit, or make
 * receivers distrust it (RFC 6376 5.3, RFC 5322 2.1.1, 3.6). Each finding has a
 * stable identifier and words; man/dkim-sign.1 has the same table.
 */
/* SPDX-License-Identifier: ISC */
#ifndef PREFLIGHT_H
#define PREFLIGHT_H

#include "mail/message.h"

#define PREFLIGHTS(X)                                                         \
	X(LONG_LINE, "long-line",                                             \
	    "a line is over 998 octets: mail systems will fold it")           \
	X(EIGHT_BIT, "eight-bit",                                             \
	    "8-bit octets: a mail system may re-encode them")                 \
	X(BARE_CR, "bare-cr", "a CR without LF: mail systems change it")      \
	X(MIXED_EOL, "mixed-line-ends",                                       \
	    "lines end both with CRLF and with LF: mail systems change them") \
	X(FROM, "from", "there is not exactly one From field")                \
	X(DATE, "date", "there is not exactly one Date field")                \
	X(MESSAGE_ID, "message-id",                                           \
	    "there is not exactly one Message-ID field")                      \
	X(DOMAIN, "domain",                                                   \
	    "d= is neither the domain of From nor a parent "                  \
	    "or child of it")

enum preflight_finding {
#define PREFLIGHT_ENUM(name, id, words) PREFLIGHT_##name,
	PREFLIGHTS(PREFLIGHT_ENUM) PREFLIGHT_FINDINGS
};

const char *preflight_id(enum preflight_finding finding);
const char *preflight_words(enum preflight_finding finding);

struct preflight {
	struct sink sink; /* the body must flow into it */
	bool found[PREFLIGHT_FINDINGS];
	bool crlf, lf; /* line ends seen */
	bool cr;       /* the last octet was a CR */
	size_t line;   /* octets of the current line so far */
};

/* Checks the header of a message; the body must then flow through p->sink. The
 * findings are complete once that has ended. */
void preflight_begin(struct preflight *p, const struct message *m);

#endif
