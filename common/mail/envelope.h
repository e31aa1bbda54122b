/*
 * envelope: what the SMTP client said and where it came from (RFC 5321): its
 * address, HELO and MAIL FROM, from the operator, or from what this host wrote
 * into the message. All else in a header is the sender's text.
 */
#ifndef ENVELOPE_H
#define ENVELOPE_H

#include "mail/received.h"
#include "mail/result.h"

struct envelope {
	bool has_ip;
	struct ip ip;
	struct span helo;   /* as the client said it, or absent */
	struct span sender; /* reverse-path without <>: empty is the null one,
			       absent is not known */
	/* Where each is from, for people: "option -i", "Received field 2 (by
	 * mx.example.org)", "Received field 3 (by example.org; above it: by
	 * mx.example.org)" if the topmost one is another host's, "Return-Path
	 * field 1", "From line"; or why it is not known. With the octets that
	 * are there: who shows it escapes. Never absent after envelope_find().
	 */
	struct span ip_from, helo_from, sender_from;
	bool assumed; /* some of it may be the sender's own words */
};

/* Whose fields are believed. */
struct envelope_trust {
	struct span received_by; /* this host, normal form (domain_normal_id) */
	const struct ip_network *relays; /* of ours (received_find) */
	size_t nrelays;
	bool assume; /* believe the topmost fields, whoever wrote them */
};

/*
 * MAIL FROM as an operator writes it: with or without <>, blanks around; "<>",
 * "" and MAILER-DAEMON are the null reverse-path. In the arena.
 */
struct span envelope_sender(struct span text, struct arena *a);

/* What is wrong with a HELO or a MAIL FROM, for people: it "is missing", "is
 * too long" (over LIMIT_ENVELOPE octets), "has control characters"; or NULL. */
const char *envelope_fault(struct span value);

/*
 * Fills in what is not there yet; what has a source and no value stays not
 * known. IP and HELO are those of received_find(); a HELO that goes with
 * another IP than the one that is there already is not taken. MAIL FROM is that
 * of the topmost Return-Path field above that Received field, else of a "From "
 * line, where MAILER-DAEMON is the null reverse-path; without such a Received
 * field no Return-Path is believed. If assume, the topmost Received field that
 * names a client outside of the relays, and any Return-Path, will do where
 * nothing better is found. What has an envelope_fault() counts as not known.
 */
void envelope_find(struct envelope *e, const struct message *m,
    const struct envelope_trust *trust, struct arena *a);

/* The note that envelope_note() adds if something was assumed. */
#define ENVELOPE_NOTE_ASSUMED "assumed-identities"
void envelope_note(const struct envelope *e, struct result *r);

#endif
