/*
 * mailbox: addresses in header fields (RFC 5322 3.4 with the obsolete forms of
 * 4.4, RFC 6854, RFC 6532).
 *	mailbox.c	the strict parser, for all tools
 *	mailbox_tolerant.c	the addresses that readers may find in a field
 *			that is not an address-list, for DMARC
 *	mailbox_words.c	quotes, comments and stray encoded-words for that
 */
/* SPDX-License-Identifier: ISC */
#ifndef MAILBOX_H
#define MAILBOX_H

#include "base/arena.h"

struct mailbox {
	struct span local;  /* unquoted, CFWS removed */
	struct span domain; /* from domain_normal() */
	bool is_plain;      /* local is a dot-atom, which needs no quotes */
};

enum mailbox_status {
	MAILBOX_OK,
	MAILBOX_SYNTAX,  /* not an address-list, or octets after it */
	MAILBOX_DOMAIN,  /* an address whose domain is not a domain name, is an
			    address literal, or is absent */
	MAILBOX_NONE,    /* an empty list: only blanks, comments, commas and
			    empty groups ("Undisclosed:;") */
	MAILBOX_TOO_MANY /* more than limit mailboxes */
};

/*
 * Parses the body of a From field (after the colon; folds may be CRLF or LF)
 * as an address-list: mailboxes and groups, empty list elements
 * (obs-addr-list), display names of words and dots (obs-phrase), comments
 * wherever CFWS is allowed, source routes "<@a,@b:user@c>" (the route is
 * dropped). Control octets, NUL included, are SYNTAX everywhere, even in
 * comments and quoted pairs (obs-NO-WS-CTL and obs-qp are refused). Octets that
 * are not UTF-8 are SYNTAX in an address; display names and comments may have
 * them.
 *
 * Returns the first that applies of SYNTAX, DOMAIN (among the first limit
 * mailboxes), TOO_MANY, NONE, else OK. With OK and TOO_MANY, *list has the
 * mailboxes in order, at most limit of them; else it is empty.
 */
enum mailbox_status mailbox_parse_list(struct span body, size_t limit,
    struct arena *a, struct mailbox **list, size_t *n);

/*
 * Returns the text of a body for which mailbox_parse_list() returns SYNTAX or
 * DOMAIN. SYNTAX: from the first control octet, or else from the first address
 * that cannot be parsed, to the end of the body. DOMAIN: the first address
 * without a domain name. Blanks around it are removed; it is empty if the body
 * ends too early.
 */
struct span mailbox_unread(struct span body, size_t limit, struct arena *a);

/*
 * Reads a From field that is not an address-list, but in which all readers find
 * the same address: one in angle brackets after any text ("Doe, John",
 * "Info [Team]", "Info: Team"), or one without them, after the name of a group
 * at most. Its local part may have dots where RFC 5322 forbids them, its domain
 * a trailing one; commas and semicolons may follow it.
 *
 * Returns false if a quote or a comment does not end, if a control octet is
 * anywhere or a backslash outside quotes and comments, if mailbox_stray_word()
 * finds anything, or if an "@" outside quotes and comments, even one in an
 * encoded-word, has another domain or a domain that blanks and a word follow.
 */
bool
mailbox_parse_tolerant(struct span body, struct arena *a, struct mailbox *m);

/*
 * Returns the text of a parsed field, to its end, in which some readers may
 * find another address, or absent. That text begins
 * - at the first "=?" that does not begin a whole encoded-word, or begins one
 *   in an address (RFC 2047 5), or one in a quoted-string or comment that ends
 *   before the word does; or else
 * - at the first encoded-word with text beside it, if the decoded field has an
 *   "@" outside quotes and comments with a domain other than these n.
 */
struct span mailbox_stray_word(
    struct span body, const struct span *domain, size_t n, struct arena *a);

/*
 * Adds the domains that any reader could find in a text to a list, in normal
 * form, each once, up to max: the names after each "@", first outside quotes
 * and comments, then in the whole text, then in the text with encoded-words
 * (RFC 2047) decoded, once joined to the text beside them and once apart from
 * it. A name is read up to the first octet that a domain cannot have, and also
 * with blanks, comments, control octets and backslashes around its dots left
 * out. Of the names with an A-label or a U-label only the first LIMIT_FROM_IDNA
 * are examined.
 */
struct mailbox_found {
	struct span *domains; /* room for max */
	size_t ndomains, max;
	size_t idna; /* names with an A-label or U-label so far */
};
void
mailbox_domains(struct span text, struct arena *a, struct mailbox_found *f);

/*
 * Parses the addr-spec of an option or an envelope, with or without <> and
 * blanks around it: local@domain without CFWS; in <>, a source route is
 * dropped. With bare, "@domain" and "domain" are accepted, and the local part
 * is absent. "<>" and "" are MAILBOX_NONE. The local part may have dots where
 * RFC 5321 forbids them ("a..b", ".a"): such senders exist. Fills *m if it
 * returns MAILBOX_OK.
 */
enum mailbox_status
mailbox_parse(struct span text, bool bare, struct arena *a, struct mailbox *m);

/* Returns local@domain as a field has it, with the local part quoted if needed,
 * or "@domain" if the local part is absent. */
struct span mailbox_text(const struct mailbox *m, struct arena *a);

#endif
