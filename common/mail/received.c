/* received: find the client and the host in a Received field. */
/* SPDX-License-Identifier: ISC */

#include "mail/received_internal.h"

#include <sys/socket.h>

#include "base/domain.h"

/*
 * Which address in a Received field is the client's? Servers write
 *
 *	from HELO (NAME [IP]) by ...	Postfix, sendmail, Gmail, OpenSMTPD
 *	from HELO ([IP]) by ...		Exim, Courier
 *	from NAME ([IP] helo=HELO) by ...		Exim
 *	from [IP] (helo=HELO) by ...			Exim
 *	from NAME (HELO HELO) (IP) by ...		qmail
 *	from HELO (IP) by ...				Exchange
 *
 * and a HELO can be an address literal or, on a server that does not check it,
 * any text, such as "x (y [6.6.6.6])" or "x by host". These rules follow:
 *
 * 1. Only comments may be between the one word after "from" and "by". If they
 *    have exactly one address (in brackets after at most one name, or a whole
 *    comment), that is the client's. Two addresses, an address after several
 *    words, or further words outside comments are ambiguous: they may be parts
 *    of a HELO.
 * 2. In a comment, the client chooses all text after HELO, "helo=" or "ident=".
 *    An address there, other than the HELO itself, is ambiguous.
 * 3. An address literal after "from" is a HELO. It is the client's address only
 *    if no comment has an address and either Exim shows that it wrote the field
 *    ("helo=", "port=", "ident=", "(Exim") or a comment has the HELO. If a
 *    comment has another address, and has no name before it or the field has
 *    such a sign, either of the two can be the HELO: they are ambiguous.
 * 4. A second "by", a "from" after "by", a ";" before "by", a comment between
 *    "by" and its host, and unbalanced parentheses make the field illegible.
 * 5. Parentheses that the client sent can hide the server's text in a comment,
 *    and leave only the address and the "by" of the HELO. Both are therefore
 *    searched a second time, with parentheses as mere separators
 *    (received_words.c).
 */

enum token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_COMMENT,
	TOKEN_SEMICOLON,
	TOKEN_BAD
};

/* A comment; *text is it without its parentheses. */
static bool
scan_inside(struct scan *s, struct span *text)
{
	struct scan t = *s;
	size_t depth = 0;

	do {
		if (scan_end(&t))
			return false;
		depth += *t.p == '(';
		depth -= *t.p == ')';
		if (*t.p == '\\' && t.end - t.p > 1)
			t.p++;
		t.p++;
	} while (depth);
	*text = span_between(s->p + 1, t.p - 1);
	*s = t;
	return true;
}

static enum token
next_token(struct scan *s, struct span *text)
{
	struct span space;

	scan_class(s, ascii_is_space, &space);
	if (scan_end(s))
		return TOKEN_END;
	if (scan_class(s, received_is_word, text))
		return TOKEN_WORD;
	if (scan_char(s, ';'))
		return TOKEN_SEMICOLON;
	if (scan_peek(s) == '(' && scan_inside(s, text))
		return TOKEN_COMMENT;
	return TOKEN_BAD;
}

static void
take_address(struct received_reader *r, const struct ip *ip, bool has_name)
{
	r->ip = *ip;
	r->has_name = has_name;
	r->addresses++;
}

/* Takes the marks of the comments of Exim and qmail. Returns true for a mark
 * after which the client chooses all text. */
static bool
take_mark(struct received_reader *r, struct span word, struct scan *s)
{
	if (span_caseeq(word, SPAN("HELO")) ||
	    span_caseeq(word, SPAN("EHLO"))) {
		struct scan t = *s;

		if (next_token(&t, &r->helo) == TOKEN_WORD)
			*s = t;
		else
			r->helo = SPAN_NONE;
		return r->has_sign = true;
	}
	if (span_casestarts(word, SPAN("helo="))) {
		r->helo = span_from(word, 5);
		return r->has_sign = true;
	}
	if (span_casestarts(word, SPAN("port=")))
		r->has_sign = true;
	if (span_casestarts(word, SPAN("ident=")))
		return r->has_sign = true;
	return false;
}

/* Takes a comment about the client by rules 1 and 2. */
static void
take_comment(struct received_reader *r, struct span comment)
{
	struct scan s = scan_of(comment);
	struct span word, only = SPAN_NONE;
	size_t names = 0, words = 0, tokens = 0, addresses = r->addresses;
	bool is_chosen = false; /* by the client */
	enum token token;
	struct ip ip;

	r->has_client_comment |= !span_eq(comment, SPAN("[unix socket]"));
	r->comments++;
	while ((token = next_token(&s, &word)) != TOKEN_END) {
		tokens++;
		if (token == TOKEN_BAD) {
			r->is_illegible = true;
			return;
		}
		if (token != TOKEN_WORD)
			continue;
		/* sendmail without a HELO: "(from NAME [IP])" */
		if (!words++ && span_caseeq(word, SPAN("from")))
			continue;
		only = word;
		if (take_mark(r, word, &s)) {
			is_chosen = true;
		} else if (!received_literal(word, &ip)) {
			names++;
		} else {
			r->is_ambiguous |= is_chosen || names > 1;
			take_address(r, &ip, names > 0);
		}
	}
	if (words == 1 && names == 1 && received_bare(only, &ip))
		take_address(r, &ip, false);
	if (tokens != 1)
		return;
	if (is_chosen && r->comments == 1)
		r->helo_alone = r->helo;
	if (r->addresses > addresses)
		r->ip_alone = r->comments;
}

static void
take_word(struct received_reader *r, struct span word)
{
	bool is_from = span_caseeq(word, SPAN("from"));
	bool is_by = span_caseeq(word, SPAN("by"));

	switch (r->state) {
	case STATE_START:
		r->state = is_from ? STATE_FROM : is_by ? STATE_BY : r->state;
		r->has_from = is_from;
		break;
	case STATE_FROM:
		r->from = word;
		r->state = STATE_CLIENT;
		break;
	case STATE_CLIENT:
		r->is_ambiguous |= !is_by;
		r->state = is_by ? STATE_BY : r->state;
		break;
	case STATE_BY:
		r->by = word;
		r->state = STATE_REST;
		break;
	case STATE_REST:
		r->is_illegible |= is_by || is_from;
		if (++r->words == 1)
			r->has_with = span_caseeq(word, SPAN("with"));
		else if (r->words == 2 && r->has_with)
			r->with = word;
		break;
	}
}

static void
take_token(struct received_reader *r, enum token token, struct span text)
{
	if (token == TOKEN_BAD ||
	    (token == TOKEN_COMMENT && r->state == STATE_BY))
		r->is_illegible = true;
	else if (token == TOKEN_WORD)
		take_word(r, text);
	else if (token == TOKEN_SEMICOLON)
		r->is_illegible |=
		    r->state != STATE_START && r->state != STATE_REST;
	else if (r->state == STATE_REST)
		r->has_sign |= span_casestarts(text, SPAN("Exim"));
	else
		take_comment(r, text);
	if (token == TOKEN_COMMENT && r->state == STATE_FROM)
		r->state = STATE_CLIENT;
}

/* Reads the clauses of RFC 5321 4.4. */
void
received_read(struct span body, struct received_reader *r)
{
	struct scan s = scan_of(body);
	struct span text;
	enum token token;

	*r = (struct received_reader){.body = body};
	while (
	    (token = next_token(&s, &text)) != TOKEN_END && !r->is_illegible) {
		take_token(r, token, text);
		if (token == TOKEN_SEMICOLON)
			r->date = span_between(s.p, s.end);
	}
	if (r->state != STATE_START && r->state != STATE_REST)
		r->is_illegible = true;
}

/* Rule 3: if a comment has an address, is the address after "from" certainly a
 * HELO? */
static bool
is_helo(const struct received_reader *r, bool is_literal)
{
	return !r->has_sign && !received_has_mark(r) &&
	    (r->has_name || !is_literal);
}

bool
received_client(const struct received_reader *r, struct ip *ip)
{
	struct ip_network from = {.bits = 128};
	bool is_literal = received_literal(r->from, &from.ip);
	bool is_address = is_literal || ip_parse(r->from, &from.ip);

	if (!r->by.p || r->is_ambiguous || r->addresses > 1)
		return false;
	if (from.ip.family == AF_INET)
		from.bits = 32;
	*ip = r->addresses ? r->ip : from.ip;
	if (!r->addresses && !(is_literal && r->has_sign))
		return false;
	if (is_address && !ip_within(ip, &from) && !is_helo(r, is_literal))
		return false;
	return received_only_address(r, ip);
}

void
received_fill(
    const struct received_reader *r, struct arena *a, struct received *out)
{
	out->has_date = received_date(r->date, &out->date);
	if (!r->by.p)
		return;
	out->by = domain_normal_id(r->by, a);
	out->helo = r->helo.p ? r->helo : r->from;
}

void
received_parse(struct span body, struct arena *a, struct received *r)
{
	struct received_reader reader;

	*r = (struct received){0};
	received_read(body, &reader);
	if (reader.is_illegible)
		return;
	received_fill(&reader, a, r);
	r->has_ip = received_count_by(&reader, SPAN_NONE) == 1 &&
	    received_client(&reader, &r->ip);
}
