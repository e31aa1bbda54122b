/*
 * mailbox: addresses in header fields (RFC 5322 3.4, obs-forms of 4.4, groups,
 * RFC 6854, RFC 6532).
 *	mailbox.c	the strict parser of all tools
 *	mailbox_tolerant.c	what readers make of a field that is not an
 *			address-list: DMARC's alone
 *	mailbox_words.c	its quotes, comments and encoded-words
 */
#ifndef MAILBOX_H
#define MAILBOX_H

#include "base/arena.h"

struct mailbox {
	struct span local;  /* what it means: unquoted, CFWS removed */
	struct span domain; /* normal form (domain.h) */
	bool is_plain;      /* local is a dot-atom: needs no quotes */
};

enum mailbox_status {
	MAILBOX_OK,
	MAILBOX_SYNTAX,  /* not an address-list, to the last octet */
	MAILBOX_DOMAIN,  /* an address whose domain is no domain name, is an
			    address literal, or is absent */
	MAILBOX_NONE,    /* an empty list: nothing but blanks, comments, commas
			    and empty groups ("Undisclosed:;") */
	MAILBOX_TOO_MANY /* more than limit mailboxes */
};

/*
 * Parses the body of a From field (after the colon; folds may be CRLF or LF)
 * as address-list: mailboxes and groups, empty list elements (obs-addr-list),
 * display names of words and dots (obs-phrase), comments everywhere CFWS is
 * allowed, source routes "<@a,@b:user@c>" (the route is dropped). Controls,
 * NUL too, are SYNTAX everywhere, in comments and quoted pairs too (strict:
 * obs-NO-WS-CTL and obs-qp are not read); octets that are no UTF-8 are SYNTAX
 * in an address, but may stand in display names and comments. If several
 * apply, the first of SYNTAX, DOMAIN (seen among the first limit mailboxes),
 * TOO_MANY, NONE is returned. With OK and TOO_MANY the list has the mailboxes
 * in order, at most limit of them; else it is empty.
 */
enum mailbox_status mailbox_parse_list(struct span body, size_t limit,
    struct arena *a, struct mailbox **list, size_t *n);

/*
 * What mailbox_parse_list() means by SYNTAX: from the first control octet, else
 * the first address, that it cannot read, to the end of the body; by DOMAIN:
 * the first address without a domain name. Blanks at its ends are removed;
 * empty if something is missing at the end of the body.
 */
struct span mailbox_unread(struct span body, size_t limit, struct arena *a);

/* How many octets at the start of a body are neither control octets nor line
 * ends outside of folds. */
size_t mailbox_clean_length(struct span body);

/*
 * Reads a From field that is not an address-list, but that all readers read
 * alike: one address in angle brackets, with any text in front ("Doe, John",
 * "Info [Team]", "Info: Team"), or one alone, after the name of a group at
 * most; its local part may have dots where RFC 5322 has none, its domain one at
 * the end; commas and semicolons may follow. False if quotes or comments do not
 * end, a backslash or a control octet stands outside of quotes and comments, if
 * mailbox_stray_word() finds anything, or if anywhere outside of them an "@",
 * also one in an encoded-word, has another domain, or its domain is followed by
 * blanks and a word.
 */
bool
mailbox_parse_tolerant(struct span body, struct arena *a, struct mailbox *m);

/*
 * What in a field that was read makes some readers see another one: the text
 * from the first "=?" on that begins no whole encoded-word, or one in an
 * address (RFC 2047 5), also in a quoted-string or comment that ends before the
 * word does; or an encoded-word with text beside it, if an "@" outside of
 * quotes and comments, decoded, has another domain than those n. Absent if
 * there is nothing.
 */
struct span mailbox_stray_word(
    struct span body, const struct span *domain, size_t n, struct arena *a);

/*
 * Adds the domains that anybody could read in a text, normal forms, to a list,
 * each once, up to max: what follows an "@", first that outside of quotes and
 * comments, then all of it, then what encoded-words (RFC 2047) hide, with what
 * is beside them and without it. It is read to the first octet that a domain
 * cannot have, and also with the blanks, comments, control octets and
 * backslashes around its dots left out. After LIMIT_FROM_IDNA names that have
 * an A-label or U-label such names are not looked at.
 */
struct mailbox_found {
	struct span *domain; /* room for max */
	size_t n, max;
	size_t idna; /* such names that were looked at */
};
void
mailbox_domains(struct span text, struct arena *a, struct mailbox_found *f);

/*
 * addr-spec of an option or of an envelope, with or without <> and blanks
 * around: local@domain, without CFWS inside; in <> a source route is dropped.
 * Absent local part for "@domain" and "domain" alone if bare is true. "<>" and
 * "" are MAILBOX_NONE. The local part may have dots where RFC 5321 has none
 * ("a..b", ".a"): such senders exist. *m is filled if OK.
 */
enum mailbox_status
mailbox_parse(struct span text, bool bare, struct arena *a, struct mailbox *m);

/* local@domain as it is written in a field: local part quoted if it must be;
 * "@domain" if it is absent. */
struct span mailbox_text(const struct mailbox *m, struct arena *a);

#endif
