/* received_internal: what the files of received share. Nobody else includes
 * it. */
#ifndef RECEIVED_INTERNAL_H
#define RECEIVED_INTERNAL_H

#include "base/ascii.h"
#include "mail/received.h"
#include "base/scan.h"

enum received_state {
	STATE_START,  /* before "from" or "by" */
	STATE_FROM,   /* just after "from" */
	STATE_CLIENT, /* comments about the client */
	STATE_BY,     /* just after "by" */
	STATE_REST,
};

/* A field as its parentheses have it, word by word. */
struct received_reader {
	struct span body;
	enum received_state state;
	struct span from; /* the word after "from" */
	struct span by;
	struct span helo;       /* from a comment */
	struct span helo_alone; /* the same, if all of the first comment */
	struct span with;       /* the protocol, after "by" and its comments */
	struct span date;       /* after the last ";" */
	struct ip ip;           /* the address in the comments */
	size_t addresses;       /* how many there are */
	size_t comments;        /* about the client, so far */
	size_t ip_alone;        /* which of them is the address alone, from 1 */
	size_t words;           /* after that of "by" */
	bool has_with;          /* the first of these is "with" */
	bool has_from;          /* even if no word follows */
	bool has_name;          /* a name is in front of the address */
	bool has_sign;          /* the word after "from" is not a HELO */
	bool has_client_comment; /* other than "[unix socket]" */
	bool is_ambiguous;       /* rules 1 and 2 of received.c */
	bool is_illegible;       /* rule 4 */
};

/* Reads a field; if it is illegible, nothing else of *r counts. */
void received_read(struct span body, struct received_reader *r);

/* The client by rules 1 to 3 and 5; false if it is not certain. */
bool received_client(const struct received_reader *r, struct ip *ip);

/* by, helo and date of a field that is legible; the client is not filled in. */
void received_fill(
    const struct received_reader *r, struct arena *a, struct received *out);

/* An octet of a word: what separates words is white space, a parenthesis and
 * ";". Quotes and backslashes are octets like any other. */
static inline bool
received_is_word(char c)
{
	return !ascii_is_space(c) && c != '(' && c != ')' && c != ';';
}

/* "[1.2.3.4]", "[IPv6:2001:db8::1]" (RFC 5321 4.1.3), also without the tag;
 * Exim adds ":PORT". */
bool received_literal(struct span word, struct ip *ip);

/* An address alone, with the answer of ident: "user@1.2.3.4". */
bool received_bare(struct span word, struct ip *ip);

/* Is this word that host (normal form), in any case, in A-labels or U-labels?
 */
bool received_is_host(struct span word, struct span host, struct arena *a);

/*
 * The rest takes parentheses for mere separators, for the client can hide in
 * them what the server wrote.
 */

/* How many words "by" there are, in comments or not, but for the word after
 * "from"; with a host (normal form) only those whose next word, after white
 * space alone, can be that host: any U-label can be any A-label. */
size_t received_count_by(const struct received_reader *r, struct span host);

/* Is there no address before "by" but this one (NULL: none at all), the word
 * after "from", and the HELO in qmail's place for it? */
bool
received_only_address(const struct received_reader *r, const struct ip *ip);

/* Is there a word before "by" that shows that a comment has the HELO? */
bool received_has_mark(const struct received_reader *r);

/* The first word of a field, whatever is in front of it. */
struct span received_first_word(struct span body);

#endif
