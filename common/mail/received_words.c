/* received_words: the words of a Received field, parentheses ignored. */
/* SPDX-License-Identifier: ISC */

#include "mail/received_internal.h"

#include <string.h>

#include "base/domain.h"

/*
 * A client that chooses its HELO, its name in the DNS, the answer of ident, the
 * name in its certificate and a recipient can open a parenthesis in one of them
 * and close it in another, so that the server's text is in a comment, as in
 *
 *	from x (y [192.0.2.6]) by a.host ((NAME [IP]) by mx.host ... for <)>
 *
 * The client cannot remove that text: the field always has the word "by" with
 * the name of the host, and the address if this server writes it, each between
 * separators that the server wrote. If they occur only once, received_read()
 * has therefore read the server's.
 */

bool
received_literal(struct span word, struct ip *ip)
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

bool
received_bare(struct span word, struct ip *ip)
{
	size_t at = span_find_last(word, '@');

	return ip_parse(at < word.len ? span_from(word, at + 1) : word, ip);
}

static bool
next_word(struct scan *s, struct span *word)
{
	while (!scan_end(s) && !received_is_word(*s->p))
		s->p++;
	return scan_class(s, received_is_word, word);
}

struct span
received_first_word(struct span body)
{
	struct scan s = scan_of(body);
	struct span word = SPAN_NONE;

	return next_word(&s, &word) ? word : SPAN_NONE;
}

/* Can a word be host, by its ASCII labels? A label that is not ASCII can be any
 * A-label here: IDNA for each word of a hostile field would take too long. */
static bool
can_be_host(struct span word, struct span host)
{
	word = domain_without_dot(word);
	while (word.p && host.p) {
		struct span u = span_cut(&word, '.');
		struct span a = span_cut(&host, '.');

		if (span_is_ascii(u) ? !span_caseeq(u, a)
				     : !span_casestarts(a, SPAN("xn--")))
			return false;
	}
	return !word.p && !host.p;
}

bool
received_is_host(struct span word, struct span host, struct arena *a)
{
	return can_be_host(word, host) &&
	    span_eq(domain_normal_id(word, a), host);
}

size_t
received_count_by(const struct received_reader *r, struct span host)
{
	struct scan s = scan_of(r->body);
	struct span word, next;
	size_t n = 0;

	while (next_word(&s, &word)) {
		struct scan t = s;

		if (!span_caseeq(word, SPAN("by")))
			continue;
		if (!host.p)
			n += word.p != r->from.p;
		else if (scan_class(&t, ascii_is_space, &next) &&
		    scan_class(&t, received_is_word, &next))
			n += can_be_host(next, host);
	}
	return n;
}

/* The words before the host that received_read() found. */
static struct scan
client_words(const struct received_reader *r)
{
	return scan_of(span_between(r->body.p, r->by.p));
}

/* Does a word end with an address, with or without brackets? */
static bool
has_address(struct span word, struct ip *ip)
{
	size_t bracket = span_find_last(word, '[');

	if (received_bare(word, ip))
		return true;
	return bracket < word.len && !span_casestarts(word, SPAN("helo=")) &&
	    received_literal(span_from(word, bracket), ip);
}

/* Is a word the HELO, which may be an address? In a comment only if the next
 * comment is the client's address, as qmail writes it: "(HELO HELO) (IP)".
 * Otherwise the text after HELO can be the address of a client whose name is
 * "HELO". */
static bool
is_helo(const struct received_reader *r, struct span word)
{
	return word.p == r->from.p ||
	    (word.p == r->helo_alone.p && r->ip_alone == 2);
}

bool
received_only_address(const struct received_reader *r, const struct ip *ip)
{
	struct scan s = client_words(r);
	struct span word;
	struct ip other;

	while (next_word(&s, &word)) {
		if (is_helo(r, word) || !has_address(word, &other))
			continue;
		if (!ip || ip->family != other.family ||
		    memcmp(ip->octet, other.octet, sizeof(ip->octet)))
			return false;
	}
	return true;
}

bool
received_has_mark(const struct received_reader *r)
{
	static const char *const mark[] = {"helo=", "port=", "ident="};
	struct scan s = client_words(r);
	struct span word;
	bool found = false;

	while (!found && next_word(&s, &word)) {
		found = span_caseeq(word, SPAN("HELO")) ||
		    span_caseeq(word, SPAN("EHLO"));
		for (size_t i = 0; i < COUNT(mark); i++)
			found |= span_casestarts(word, span_of(mark[i]));
	}
	return found;
}
