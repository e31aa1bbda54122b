/*
 * envelope: the SMTP client's address, HELO and MAIL FROM (RFC 5321), as the
 * operator gives them or as this host recorded them in the message. The sender
 * can have written anything else in a header.
 */
/* SPDX-License-Identifier: ISC */
#ifndef ENVELOPE_H
#define ENVELOPE_H

#include "mail/received.h"
#include "mail/result.h"

struct envelope {
	bool has_ip;
	struct ip ip;
	struct span helo;   /* as the client sent it, or absent */
	struct span sender; /* reverse-path without <>: empty is the null one,
			       absent is unknown */
	/*
	 * The source of each, for people: "option -i", "Received field 2 (by
	 * mx.example.org)", "Received field 3 (by example.org; above it: by
	 * mx.example.org)" if the topmost one is another host's, "Return-Path
	 * field 1", "From line"; or why the value is unknown. It can contain
	 * any octets of the message: escape it before showing it. Never absent
	 * after envelope_find().
	 */
	struct span ip_from, helo_from, sender_from;
	bool assumed; /* a field that anyone can have written gave a value */
};

/* Whose fields are trusted. */
struct envelope_trust {
	struct span received_by; /* this host, from domain_normal_id() */
	const struct ip_network *relays; /* this site's (received_find) */
	size_t nrelays;
	bool assume; /* trust the topmost fields, whoever wrote them */
};

/*
 * Returns MAIL FROM, in the arena, from what an operator specifies: with or
 * without <> and blanks around it; "<>", "" and MAILER-DAEMON are the null
 * reverse-path.
 */
struct span envelope_sender(struct span text, struct arena *a);

/*
 * Returns what makes a HELO or a MAIL FROM unusable, for people: it "is
 * missing", "is too long" (over LIMIT_ENVELOPE octets) or "has control
 * characters". Returns NULL if nothing does.
 */
const char *envelope_fault(struct span value);

/*
 * Fills in the values that are missing from the message. A value that is
 * missing but has a source stays unknown.
 *
 * IP and HELO are those of received_find(); the HELO is used only if its IP is
 * the envelope's. MAIL FROM is that of the topmost Return-Path field above that
 * Received field, else of a "From " line, where MAILER-DAEMON is the null
 * reverse-path; without such a Received field no Return-Path is trusted. With
 * trust->assume, the topmost Received field that names a client outside the
 * relays, and any Return-Path, are used where nothing better is found. A value
 * with an envelope_fault() is unknown.
 */
void envelope_find(struct envelope *e, const struct message *m,
    const struct envelope_trust *trust, struct arena *a);

/* Adds this note to a result if a value was assumed. */
#define ENVELOPE_NOTE_ASSUMED "assumed-identities"
void envelope_note(const struct envelope *e, struct result *r);

#endif
