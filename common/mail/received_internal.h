/*
 * received_internal: a Received field word by word, as received.c reads it and
 * the other files use it. For the files of received alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef RECEIVED_INTERNAL_H
#define RECEIVED_INTERNAL_H

#include "base/ascii.h"
#include "mail/received.h"
#include "base/scan.h"

enum received_state {
	STATE_START,  /* before "from" or "by" */
	STATE_FROM,   /* directly after "from" */
	STATE_CLIENT, /* in the comments about the client */
	STATE_BY,     /* directly after "by" */
	STATE_REST,
};

/* What a field has if its parentheses are comments. */
struct received_reader {
	struct span body;
	enum received_state state;
	struct span from; /* the word after "from" */
	struct span by;
	struct span helo; /* in a comment */
	struct span
	    helo_alone;   /* helo, if the first comment has nothing else */
	struct span with; /* the protocol, after "by" and its comments */
	struct span date; /* the text after the last ";" */
	struct ip ip;     /* the last address in the comments */
	size_t addresses; /* number of addresses in the comments */
	size_t comments;  /* number of comments about the client */
	size_t ip_alone;  /* which of them is only an address, from 1 */
	size_t words;     /* number of words after that of "by" */
	bool has_with;    /* the first of these is "with" */
	bool has_from;    /* even if no word follows "from" */
	bool has_name;    /* a name precedes ip in its comment */
	bool has_sign;    /* the word after "from" is not a HELO */
	bool has_client_comment; /* other than "[unix socket]" */
	bool is_ambiguous;       /* rules 1 and 2 of received.c */
	bool is_illegible;       /* rule 4 */
};

/* Reads a field. If *r is illegible, its other members are meaningless. */
void received_read(struct span body, struct received_reader *r);

/* Finds the client by rules 1 to 3 and 5. Returns false if it is uncertain. */
bool received_client(const struct received_reader *r, struct ip *ip);

/* Fills in by, helo and date, not the client, of a legible field. */
void received_fill(
    const struct received_reader *r, struct arena *a, struct received *out);

/* Returns whether c is an octet of a word. White space, parentheses and ";"
 * separate words; quotes and backslashes are part of them. */
static inline bool
received_is_word(char c)
{
	return !ascii_is_space(c) && c != '(' && c != ')' && c != ';';
}

/* Reads "[1.2.3.4]" or "[IPv6:2001:db8::1]" (RFC 5321 4.1.3), also without the
 * tag, and with the ":PORT" that Exim appends. */
bool received_literal(struct span word, struct ip *ip);

/* Reads an address without brackets, also after an answer of ident:
 * "user@1.2.3.4". */
bool received_bare(struct span word, struct ip *ip);

/* Returns whether a word is host (a normal form), in any case, in A-labels or
 * U-labels. */
bool received_is_host(struct span word, struct span host, struct arena *a);

/*
 * To the functions below, parentheses are mere separators, because the client
 * can hide the server's text in them.
 */

/* Returns the number of words "by", in comments or not, other than the word
 * after "from". If host (a normal form) is not absent, only those are counted
 * whose next word, after nothing but white space, can be host; a U-label can be
 * any A-label. */
size_t received_count_by(const struct received_reader *r, struct span host);

/* Returns whether ip (NULL: none) is the only address before "by", apart from
 * the word after "from" and the HELO where qmail writes it. */
bool
received_only_address(const struct received_reader *r, const struct ip *ip);

/* Returns whether a word before "by" shows that a comment has the HELO. */
bool received_has_mark(const struct received_reader *r);

/* Returns the first word of a field, after any separators. */
struct span received_first_word(struct span body);

#endif
