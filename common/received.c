#include "received.h"

#include <sys/socket.h>

#include "ascii.h"
#include "domain.h"
#include "scan.h"

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
 * 4. A second "by", a "from" behind it, a ";" before it, or parentheses that
 *    do not match make the whole field illegible.
 */

enum token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_COMMENT,
	TOKEN_SEMICOLON,
	TOKEN_BAD
};

enum state {
	STATE_START,  /* before "from" or "by" */
	STATE_FROM,   /* just after "from" */
	STATE_CLIENT, /* comments about the client */
	STATE_BY,     /* just after "by" */
	STATE_REST,
};

struct reader {
	struct arena *arena;
	enum state state;
	struct span from; /* the word after "from" */
	struct span by;
	struct span helo;  /* from a comment */
	struct span with;  /* the protocol, behind "by" and its comments */
	struct span date;  /* after the last ";" */
	struct ip ip;      /* the address in the comments */
	size_t addresses;  /* how many there are */
	size_t words;      /* after that of "by" */
	bool has_with;     /* the first of these is "with" */
	bool has_from;     /* even if no word follows */
	bool has_name;     /* a name stands in front of the address */
	bool has_sign;     /* the word after "from" is no HELO */
	bool has_comment;  /* about the client, other than "[unix socket]" */
	bool is_ambiguous; /* rules 1 and 2 */
	bool is_illegible; /* rule 4 */
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

static bool
is_word(char c)
{
	return !ascii_is_space(c) && c != '(' && c != ')' && c != ';';
}

static enum token
next_token(struct scan *s, struct span *text)
{
	struct span space;

	scan_class(s, ascii_is_space, &space);
	if (scan_end(s))
		return TOKEN_END;
	if (scan_class(s, is_word, text))
		return TOKEN_WORD;
	if (scan_char(s, ';'))
		return TOKEN_SEMICOLON;
	if (scan_peek(s) == '(' && scan_inside(s, text))
		return TOKEN_COMMENT;
	return TOKEN_BAD;
}

/* "[1.2.3.4]", "[IPv6:2001:db8::1]" (RFC 5321 4.1.3), also without the tag;
 * Exim adds ":PORT". */
static bool
is_literal(struct span word, struct ip *ip)
{
	struct span port = word, address = span_cut(&port, ']');
	uint64_t number;

	if (!port.p || !span_starts(address, SPAN("[")))
		return false;
	address = span_from(address, 1);
	if (span_casestarts(address, SPAN("IPv6:")))
		address = span_from(address, 5);
	if (port.len &&
	    (port.p[0] != ':' ||
		!span_number(span_from(port, 1), UINT16_MAX, &number)))
		return false;
	return ip_parse(address, ip);
}

/* An address as a whole comment, with what ident said: "user@1.2.3.4". */
static bool
is_bare(struct span word, struct ip *ip)
{
	for (struct span rest = word; rest.p;)
		word = span_cut(&rest, '@');
	return ip_parse(word, ip);
}

static void
take_address(struct reader *r, const struct ip *ip, bool has_name)
{
	r->ip = *ip;
	r->has_name = has_name;
	r->addresses++;
}

/* The marks of Exim's and qmail's comments. True for those behind which all
 * is the sender's text. */
static bool
take_mark(struct reader *r, struct span word, struct scan *s)
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
take_comment(struct reader *r, struct span comment)
{
	struct scan s = scan_of(comment);
	struct span word, only = SPAN_NONE;
	size_t names = 0, words = 0;
	bool senders = false;
	enum token token;
	struct ip ip;

	r->has_comment |= !span_eq(comment, SPAN("[unix socket]"));
	while ((token = next_token(&s, &word)) != TOKEN_END) {
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
		} else if (!is_literal(word, &ip)) {
			names++;
		} else {
			r->is_ambiguous |= senders || names > 1;
			take_address(r, &ip, names > 0);
		}
	}
	if (words == 1 && names == 1 && is_bare(only, &ip))
		take_address(r, &ip, false);
}

static void
take_word(struct reader *r, struct span word)
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
take_token(struct reader *r, enum token token, struct span text)
{
	if (token == TOKEN_BAD)
		r->is_illegible = true;
	else if (token == TOKEN_WORD)
		take_word(r, text);
	else if (token == TOKEN_SEMICOLON)
		r->is_illegible |=
		    r->state != STATE_START && r->state != STATE_REST;
	else if (r->state == STATE_REST)
		r->has_sign |= span_casestarts(text, SPAN("Exim"));
	else if (r->state != STATE_BY)
		take_comment(r, text);
	if (token == TOKEN_COMMENT && r->state == STATE_FROM)
		r->state = STATE_CLIENT;
}

/* The clauses of RFC 5321 4.4. */
static void
read_field(struct reader *r, struct span body)
{
	struct scan s = scan_of(body);
	struct span text;
	enum token token;

	while (
	    (token = next_token(&s, &text)) != TOKEN_END && !r->is_illegible) {
		take_token(r, token, text);
		if (token == TOKEN_SEMICOLON)
			r->date = span_between(s.p, s.end);
	}
	if (r->state != STATE_START && r->state != STATE_REST)
		r->is_illegible = true;
}

/* The client, rules 1 to 3. */
static bool
client(const struct reader *r, struct ip *ip)
{
	struct ip_network from = {.bits = 128};
	bool is_from_ip = is_literal(r->from, &from.ip);

	if (r->is_ambiguous || r->addresses > 1)
		return false;
	if (from.ip.family == AF_INET)
		from.bits = 32;
	if (!r->addresses) {
		*ip = from.ip;
		return is_from_ip && r->has_sign;
	}
	*ip = r->ip;
	return !is_from_ip || ip_within(ip, &from) ||
	    (r->has_name && !r->has_sign);
}

static void
parse(struct span body, struct reader *reader, struct received *r)
{
	*r = (struct received){0};
	read_field(reader, body);
	if (reader->is_illegible)
		return;
	r->has_date = received_date(reader->date, &r->date);
	if (!reader->by.p)
		return;
	r->by = domain_normal_id(reader->by, reader->arena);
	r->helo = reader->helo.p ? reader->helo : reader->from;
	r->has_ip = client(reader, &r->ip);
}

void
received_parse(struct span body, struct arena *a, struct received *r)
{
	struct reader reader = {.arena = a};

	parse(body, &reader, r);
}

static bool
is_trusted(const struct ip *ip, const struct ip_network *trusted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ip_within(ip, &trusted[i]))
			return true;
	return false;
}

/* A host to itself over a unix socket: Dovecot "from HOST by HOST with LMTP",
 * Cyrus "from HOST ([unix socket]) by HOST (Cyrus ...) with LMTPA". No server
 * writes so of a client of the network: there is no comment about it. */
static bool
is_handover(const struct reader *reader, const struct received *r)
{
	return !reader->has_comment &&
	    span_casestarts(reader->with, SPAN("LMTP")) &&
	    span_eq(domain_normal_id(reader->from, reader->arena), r->by);
}

/* The client, or this host itself where a user or a filter of it submitted the
 * message: Postfix "by HOST (Postfix, from userid 0)", sendmail "(from
 * user@localhost) by HOST". Gives an IP to such a field for the search. */
static bool
origin(const struct reader *reader, const struct received *r, struct ip *ip)
{
	*ip = r->ip;
	if (r->has_ip)
		return true;
	return (!reader->has_from || is_handover(reader, r)) &&
	    !reader->addresses && !reader->is_ambiguous &&
	    ip_parse(SPAN("127.0.0.1"), ip);
}

size_t
received_find(const struct message *m, struct span host,
    const struct ip_network *trusted, size_t n, struct arena *a,
    struct received *found)
{
	bool relayed = false; /* below a field whose client is ours */

	for (size_t i = 0; host.p && i < m->fields; i++) {
		struct reader reader = {.arena = a};
		struct ip ip;

		if (!span_caseeq(m->field[i].name, SPAN("Received")))
			continue;
		parse(m->field[i].body, &reader, found);
		if (reader.is_illegible)
			break;
		/* Neither "from" nor "by": qmail's "(qmail 1 invoked ...)". */
		if (!found->by.p || (!relayed && !span_eq(found->by, host)))
			continue;
		if (!origin(&reader, found, &ip))
			break;
		if (!is_trusted(&ip, trusted, n)) {
			if (found->has_ip)
				return i;
			break;
		}
		relayed = true;
	}
	*found = (struct received){0};
	return SIZE_MAX;
}
