#include "mailbox.h"

#include <string.h>

#include "ascii.h"
#include "base64.h"
#include "buf.h"
#include "domain.h"
#include "limit.h"

/*
 * Quotes and comments.
 */

/* The length of the quoted-string at the start of a text; 0: it does not
 * end. */
static size_t
quoted_length(struct span s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.p[i] == '"')
			return i + 1;
		if (s.p[i] == '\\')
			i++;
	}
	return 0;
}

/* The same of a comment. */
static size_t
comment_length(struct span s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/*
 * A copy with blanks instead of quoted-strings and comments. After the first
 * that does not end, its kind is taken for plain text (or each would be looked
 * for to the end of the text).
 */
static struct span
hide(struct span s, struct arena *a)
{
	char *copy = ARENA_ARRAY(a, char, s.len);
	bool no_quotes = false, no_comments = false;

	for (size_t i = 0, n; i < s.len; i += n) {
		n = 0;
		if (s.p[i] == '"' && !no_quotes) {
			n = quoted_length(span_from(s, i));
			no_quotes = !n;
		} else if (s.p[i] == '(' && !no_comments) {
			n = comment_length(span_from(s, i));
			no_comments = !n;
		}
		if (n) {
			memset(copy + i, ' ', n);
		} else {
			copy[i] = s.p[i];
			n = 1;
		}
	}
	return (struct span){copy, s.len};
}

/*
 * Encoded-words (RFC 2047 2), wherever they stand: some readers decode them
 * everywhere.
 */

static int
hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 2047 4.2 */
static void
decode_q(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		int high = i + 2 < s.len ? hex_value(s.p[i + 1]) : -1;
		int low = high < 0 ? -1 : hex_value(s.p[i + 2]);

		if (s.p[i] == '=' && low >= 0) {
			buf_char(b, (char)(high << 4 | low));
			i += 2;
		} else {
			buf_char(b, s.p[i] == '_' ? ' ' : s.p[i]);
		}
	}
}

/* Takes an encoded-word off the start of a text. */
static bool
decode_word(struct span *s, struct buf *b)
{
	struct span rest = *s, encoding, text, octets;

	if (!span_starts(rest, SPAN("=?")))
		return false;
	rest = span_from(rest, 2);
	span_cut(&rest, '?');
	encoding = span_cut(&rest, '?');
	text = span_cut(&rest, '?');
	if (!rest.p || !span_starts(rest, SPAN("=")))
		return false;
	if (span_caseeq(encoding, SPAN("q")))
		decode_q(b, text);
	else if (span_caseeq(encoding, SPAN("b")) &&
	    base64_decode(text, b->arena, &octets))
		buf_add(b, octets);
	else
		return false;
	*s = span_from(rest, 1);
	return true;
}

static size_t
blanks(struct span s)
{
	size_t n = 0;

	while (n < s.len && ascii_is_space(s.p[n]))
		n++;
	return n;
}

/* A copy with all of them decoded; blanks between two are dropped (6.2). */
static struct span
decode(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	while (s.len) {
		if (!decode_word(&s, &b)) {
			buf_char(&b, *s.p);
			s = span_from(s, 1);
		} else if (span_starts(span_from(s, blanks(s)), SPAN("=?"))) {
			s = span_from(s, blanks(s));
		}
	}
	return buf_span(&b);
}

/*
 * What may be meant by the text after an "@".
 */

/* No domain has more octets than four a character. */
#define LONGEST (4 * LIMIT_DNS_NAME)

static bool
is_dot_or_atext(char c)
{
	return c == '.' || ascii_is_atext(c);
}

static bool
is_ldh(char c)
{
	return c == '.' || c == '-' || c == '_' || ascii_is_alnum(c);
}

static struct span
run_of(struct span s, bool (*is)(char))
{
	size_t n = 0;

	while (n < s.len && is(s.p[n]))
		n++;
	return span_upto(s, n);
}

/* Blanks are skipped beside dots, what some readers drop everywhere; of dots
 * that this brings together one counts. */
static struct span
joined(struct span s, struct arena *a)
{
	struct buf b = BUF(a);
	bool gap = false, dot = true; /* nothing has to be in front */

	for (size_t i = 0; i < s.len && b.len <= LONGEST; i++) {
		char c = s.p[i];

		if (ascii_is_space(c)) {
			gap = true;
		} else if (is_dot_or_atext(c)) {
			if (gap && !dot && c != '.')
				break;
			if (c != '.' || !dot)
				buf_char(&b, c);
			gap = false;
			dot = c == '.';
		} else if (c == '\\' ? false : ascii_is_vchar(c)) {
			break;
		}
	}
	return buf_span(&b);
}

static struct span
normal_of(struct span domain, struct arena *a)
{
	return domain.len && domain.len <= LONGEST ? domain_normal(domain, a)
						   : SPAN_NONE;
}

/* Of a text that is not a domain name what one may take for a name above it:
 * its end, from the first of so many labels on that can be there. */
#define TRIES 8
static struct span
above(struct span s, struct arena *a)
{
	struct span normal = SPAN_NONE;
	size_t from = s.len;

	while (from && is_ldh(s.p[from - 1]))
		from--;
	s = span_from(s, from);
	for (int i = 0; i < TRIES && s.p && !normal.p; i++) {
		span_cut(&s, '.');
		normal = normal_of(s, a);
	}
	return normal;
}

/* The ways to read it, normal forms or absent: joined, as it is, and, if that
 * is not a domain name, its beginning and its end that may be one. */
#define READINGS 4
static void
read_domain(struct span s, struct arena *a, struct span reading[READINGS])
{
	struct span whole;

	while (s.len && (*s.p == '"' || *s.p == '\\'))
		s = span_from(s, 1);
	whole = run_of(s, is_dot_or_atext);
	reading[0] = normal_of(joined(s, a), a);
	reading[1] = normal_of(whole, a);
	reading[2] = reading[3] = SPAN_NONE;
	if (reading[0].p || reading[1].p)
		return;
	reading[2] = normal_of(run_of(s, is_ldh), a);
	reading[3] = above(whole, a);
}

static size_t
add(struct span domain, struct span *list, size_t n, size_t max)
{
	if (!domain.p || n == max)
		return n;
	for (size_t i = 0; i < n; i++)
		if (span_eq(list[i], domain))
			return n;
	list[n] = domain;
	return n + 1;
}

/* Of all "@" of a text. */
static size_t
add_all(struct span s, struct arena *a, struct span *list, size_t n, size_t max)
{
	struct span reading[READINGS];

	span_cut(&s, '@');
	for (size_t seen = 0; seen < LIMIT_FROM_READ; seen++) {
		if (!s.p || n == max)
			break;
		read_domain(s, a, reading);
		for (size_t i = 0; i < READINGS; i++)
			n = add(reading[i], list, n, max);
		span_cut(&s, '@');
	}
	return n;
}

size_t
mailbox_domains(
    struct span text, struct arena *a, struct span *list, size_t n, size_t max)
{
	n = add_all(hide(text, a), a, list, n, max);
	n = add_all(text, a, list, n, max);
	return add_all(decode(text, a), a, list, n, max);
}

/*
 * A field that all read alike.
 */

/* Has each "@" of a text this domain, however it is read? */
static bool
has_one_domain(struct span s, struct span domain, struct arena *a)
{
	struct span reading[READINGS];

	span_cut(&s, '@');
	for (size_t seen = 0; s.p; seen++) {
		if (seen == LIMIT_FROM_READ)
			return false;
		read_domain(s, a, reading);
		if (!span_eq(reading[0], domain) ||
		    !span_eq(reading[1], domain))
			return false;
		span_cut(&s, '@');
	}
	return true;
}

static bool
is_separator(char c)
{
	return ascii_is_space(c) || c == ',' || c == ';';
}

/* Separators, and nothing else. */
static bool
is_empty_list(struct span s)
{
	return run_of(s, is_separator).len == s.len;
}

/* The octets of the only address that can be meant; plain is the field without
 * quotes and comments, octet by octet. */
static bool
find_address(struct span body, struct span plain, struct span *address)
{
	size_t open = span_find(plain, '<'), close = span_find(plain, '>');
	size_t from = 0, to = plain.len;

	if (open < close && close < plain.len) {
		*address =
		    span_upto(span_from(body, open + 1), close - open - 1);
		return open == span_find_last(plain, '<') &&
		    is_empty_list(span_from(plain, close + 1));
	}
	if (open < plain.len || close < plain.len)
		return false;
	if (span_find(plain, ':') < plain.len)
		from = span_find_last(plain, ':') + 1;
	while (from < to && is_separator(plain.p[from]))
		from++;
	while (from < to && is_separator(plain.p[to - 1]))
		to--;
	*address = span_upto(span_from(plain, from), to - from);
	return true;
}

static bool
is_ambiguous(char c)
{
	return c && strchr("\"()\\", c);
}

bool
mailbox_parse_loose(struct span body, struct arena *a, struct mailbox *m)
{
	struct span plain, address;

	if (mailbox_clean_length(body) < body.len)
		return false;
	plain = hide(body, a);
	for (size_t i = 0; i < plain.len; i++)
		if (is_ambiguous(plain.p[i]))
			return false;
	return find_address(body, plain, &address) &&
	    mailbox_parse(address, false, a, m) == MAILBOX_OK &&
	    has_one_domain(plain, m->domain, a) &&
	    has_one_domain(decode(plain, a), m->domain, a);
}
