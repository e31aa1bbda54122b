/*
 * received: Received fields (RFC 5321 4.4) as Postfix, Exim, sendmail, qmail,
 * Exchange, Gmail and OpenSMTPD write them; and dates (RFC 5322 3.3).
 * A field is the sender's text unless this host wrote it: see received_find.
 */
#ifndef RECEIVED_H
#define RECEIVED_H

#include "base/ip.h"
#include "mail/message.h"

struct received {
	struct span by;   /* normal form (domain_normal_id), or absent */
	struct span helo; /* what the client said, as written, or absent */
	bool has_ip;
	struct ip ip; /* the client */
	bool has_date;
	int64_t date; /* seconds since 1970, UTC */
};

/*
 * Reads the body of a Received field. What cannot be found stays absent, and
 * so does what a client could have chosen by its HELO: the IP is only taken
 * from where a server writes it (TCP-info in the comment after "from", or the
 * address literal itself where the field shows that it is not a HELO); two
 * addresses, or two words "by", are none, in parentheses too, for a client can
 * write parentheses. received.c has the rules.
 */
void received_parse(struct span body, struct arena *a, struct received *r);

/*
 * The topmost Received field whose "by" is host (normal form), and that names
 * a client outside of the trusted networks: a field of host whose client is in
 * one of them is passed over, and the next one is looked for below it, by any
 * name: the relay is ours. A message that host took from its own users or
 * filters (a field without "from"), or gave to itself over a unix socket
 * ("from HOST by HOST with LMTP", no address), came from 127.0.0.1.
 *
 * The search ends, with nothing found, at a field that names no client, that
 * cannot be read, or that has "by" and host somewhere and is not read as that
 * host's, or has them twice: a client can have written the HELO "x by", and
 * wants the forged field below it to be believed. Below a relay, whose name is
 * not known, it ends at a field with two words "by". Where a field without
 * "by" and host is passed over, another host wrote it.
 * Returns the field's index, or SIZE_MAX: then *found has nothing.
 */
size_t received_find(const struct message *m, struct span host,
    const struct ip_network *trusted, size_t n, struct arena *a,
    struct received *found);

/* Does the body of a Received field have, somewhere, "by" and host (normal
 * form), or a name whose U-labels can be host's A-labels? If not, host did not
 * write it. */
bool received_may_be_by(struct span body, struct span host);

/* date-time of RFC 5322 3.3, with obs-date (4.3: two- and three-digit years,
 * named zones) and comments. False if it is none, to the last octet. */
bool received_date(struct span text, int64_t *seconds);

/* Seconds since 1970 (up to 12 digits), or date-time of RFC 3339
 * ("2026-11-22T10:00:00Z", any offset; a fraction of a second is dropped). */
bool received_rfc3339(struct span text, int64_t *seconds);

#endif
