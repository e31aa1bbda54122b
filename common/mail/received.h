/*
 * received: Received fields (RFC 5321 4.4) as Postfix, Exim, sendmail, qmail,
 * Exchange, Gmail and OpenSMTPD write them, and dates (RFC 5322 3.3). The
 * sender can have written any Received field but those that received_find()
 * finds.
 */
/* SPDX-License-Identifier: ISC */
#ifndef RECEIVED_H
#define RECEIVED_H

#include "base/ip.h"
#include "mail/message.h"

struct received {
	struct span by;   /* from domain_normal_id(), or absent */
	struct span helo; /* as the client sent it, or absent */
	bool has_ip;
	struct ip ip; /* the client's */
	bool has_date;
	int64_t date; /* seconds since 1970, UTC */
};

/*
 * Reads the body of a Received field. A value that is not found, or that the
 * client can have put there with its HELO, is absent: the IP is only taken from
 * where a server writes it (TCP-info in the comment after "from", or the
 * address literal itself if the field shows that it is not a HELO), and is
 * absent if the field has two addresses or two words "by", even in parentheses,
 * which a HELO can contain. received.c has the rules.
 */
void received_parse(struct span body, struct arena *a, struct received *r);

/*
 * Finds the topmost Received field whose "by" is host (a normal form) and whose
 * client is outside the trusted networks. If the client is in one of them, it
 * is a trusted relay, and the search continues below that field for the field
 * that the relay wrote, whatever its "by" is. If host took the message from its
 * own users or filters (a field without "from"), or passed it to itself over a
 * unix socket ("from HOST by HOST with LMTP", no address), the client is
 * 127.0.0.1.
 *
 * A field without "by" and host is another host's and is skipped. The search
 * fails at a field that names no client or cannot be read, and at one that has
 * "by" and host, but twice or not where the "by" of the field was read: a
 * client that wants the forged field below to be trusted can send the HELO
 * "x by". Below a relay, whose name is unknown, it fails at a field with two
 * words "by".
 *
 * Returns the index of the field, or SIZE_MAX with an empty *found.
 */
size_t received_find(const struct message *m, struct span host,
    const struct ip_network *trusted, size_t n, struct arena *a,
    struct received *found);

/* Sets the time when host received the message: the date of the field that
 * received_find() finds. Returns false, and sets nothing, if there is none. */
bool received_find_date(const struct message *m, struct span host,
    const struct ip_network *trusted, size_t n, int64_t *seconds);

/* Returns whether the body of a Received field contains "by" and host (a normal
 * form) or a name whose U-labels can be the A-labels of host. If not, host did
 * not write the field. */
bool received_may_be_by(struct span body, struct span host);

/* Reads a date-time of RFC 5322 3.3 with obs-date (4.3: years of two or three
 * digits, named zones) and comments, as seconds since 1970. Returns false if
 * the text is not one, to its last octet. */
bool received_date(struct span text, int64_t *seconds);

/* Reads seconds since 1970 (up to 12 digits) or a date-time of RFC 3339
 * ("2026-11-22T10:00:00Z"; any offset; a fraction of a second is dropped).
 * Returns false if the text is neither. */
bool received_rfc3339(struct span text, int64_t *seconds);

#endif
