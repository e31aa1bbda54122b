#include "mail/received_internal.h"

#include <sys/socket.h>

#include "base/domain.h"

/*
 * Which address in a Received field is the client's. Servers write
 *
 *	from HELO (NAME [IP]) by ...	Postfix, sendmail, Gmail, OpenSMTPD
 *	from HELO ([IP]) by ...		Exim, Courier
 *	from NAME ([IP] helo=HELO) by ...		Exim
 *	from [IP] (helo=HELO) by ...			Exim
 *	from NAME (HELO HELO) (IP) by ...		qmail
 *	from HELO (IP) by ...				Exchange
 *
 * and a HELO can be an address literal or, where a server does not check it,
 * any text, such as "x (y [6.6.6.6])" or "x by host". So:
 *
 * 1. Between the one word after "from" and "by" stand only comments. Exactly
 *    one address in them (in brackets after at most one name, or the whole of
 *    a comment) is the client's. Two addresses, an address behind words, or
 *    more words are ambiguous: a HELO may be the reason.
 * 2. Whatever stands in a comment behind HELO, "helo=" or "ident=" is the
 *    sender's; an address there, but for the HELO itself, is ambiguous.
 * 3. The word after "from" as an address literal is a HELO. It is the client
 *    only if no comment has an address and Exim shows that it wrote the field
 *    ("helo=", "port=", "ident=", "(Exim"), or a comment shows that the HELO
 *    is elsewhere. If a comment has another address, then without a name in
 *    front, or with such a sign, it is ambiguous which of them is the HELO.
 * 4. A second "by", a "from" behind it, a ";" before it, a comment between it
 *    and its host, or parentheses that do not match make the whole field
 *    illegible.
 * 5. Parentheses of the sender's can hide what the server wrote, and leave the
 *    address and the "by" of a HELO to be read. So these are looked for a
 *    second time, with parentheses as mere separators: received_words.c.
 */

enum token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_COMMENT,
	TOKEN_SEMICOLON,
	TOKEN_BAD
};

/* A comment's text without its parentheses, whole or not at all. */
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

/* The marks of Exim's and qmail's comments. True for those behind which all
 * is the sender's text. */
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

/* A comment about the client, rules 1 and 2. */
static void
take_comment(struct received_reader *r, struct span comment)
{
	struct scan s = scan_of(comment);
	struct span word, only = SPAN_NONE;
	size_t names = 0, words = 0, tokens = 0, addresses = r->addresses;
	bool senders = false;
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
		/* sendmail: "(from NAME [IP])" where there was no HELO */
		if (!words++ && span_caseeq(word, SPAN("from")))
			continue;
		only = word;
		if (take_mark(r, word, &s)) {
			senders = true;
		} else if (!received_literal(word, &ip)) {
			names++;
		} else {
			r->is_ambiguous |= senders || names > 1;
			take_address(r, &ip, names > 0);
		}
	}
	if (words == 1 && names == 1 && received_bare(only, &ip))
		take_address(r, &ip, false);
	if (tokens != 1)
		return;
	if (senders && r->comments == 1)
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

/* The clauses of RFC 5321 4.4. */
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

/* Rule 3: with an address in a comment, can the address after "from" be
 * nothing but a HELO? */
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
