/* spf_macro: checks and expands the macros of SPF records. */
/* SPDX-License-Identifier: ISC */

#include "spf/spf_record.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"
#include "base/scan.h"

/* A run of macro-literals, or one macro-expand (RFC 7208 7.1). */
struct token {
	struct span literal; /* absent: a macro-expand */
	char letter;         /* as written; or '%', '_' or '-' */
	size_t parts;        /* number of parts wanted; SIZE_MAX: all */
	bool reverse;
	struct span delimiters; /* empty: the dot */
};

/* Can it be in a literal? is_literal() checks which octets are valid. */
static bool
is_no_percent(char c)
{
	return c != '%';
}

/* macro-letter; literals of ABNF are case-insensitive (RFC 5234 2.3). */
static bool
is_letter(char c)
{
	return c && strchr("slodiphcrtv", ascii_lower(c));
}

static bool
is_delimiter(char c)
{
	return c && strchr(".-+,/_=", c);
}

/* *DIGIT; a number MUST be nonzero (RFC 7208 7.3). One
 * that overflows means all parts. */
static bool
scan_parts(struct scan *s, size_t *parts)
{
	struct span digits;

	*parts = SIZE_MAX;
	if (!scan_class(s, ascii_is_digit, &digits))
		return true;
	*parts = 0;
	for (size_t i = 0; i < digits.len; i++)
		*parts = *parts < SIZE_MAX / 10
		    ? *parts * 10 + (size_t)(digits.p[i] - '0')
		    : SIZE_MAX;
	return *parts > 0;
}

/* macro-letter transformers *delimiter "}" (RFC 7208 7.1). */
static bool
scan_braces(struct scan *s, struct token *t)
{
	if (scan_end(s) || !is_letter(*s->p))
		return false;
	t->letter = *s->p++;
	if (!scan_parts(s, &t->parts))
		return false;
	t->reverse = scan_caseliteral(s, SPAN("r"));
	scan_class(s, is_delimiter, &t->delimiters);
	return scan_char(s, '}');
}

/* Scans one token. False at the end, or at a malformed
 * macro-expand, which is then not consumed. */
static bool
scan_token(struct scan *s, struct token *t)
{
	struct scan ahead = *s;

	*t = (struct token){.literal = SPAN_NONE};
	if (scan_class(s, is_no_percent, &t->literal))
		return true;
	t->literal = SPAN_NONE;
	if (!scan_char(&ahead, '%') || scan_end(&ahead))
		return false;
	t->letter = *ahead.p++;
	if (t->letter == '{' ? !scan_braces(&ahead, t)
			     : !t->letter || !strchr("%_-", t->letter))
		return false;
	*s = ahead;
	return true;
}

/* macro-literal; an explain-string may have SP, too (RFC 7208 7.1). */
static bool
is_literal(struct span text, bool is_exp)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_vchar(text.p[i]) && !(is_exp && text.p[i] == ' '))
			return false;
	return true;
}

/* RFC 7208 7.2: c, r and t only in "exp" text. */
static bool
is_allowed(const struct token *t, bool is_exp)
{
	if (t->literal.p)
		return is_literal(t->literal, is_exp);
	return is_exp || !strchr("crt", ascii_lower(t->letter));
}

bool
spf_macro_is_string(struct span text, bool is_exp)
{
	struct scan s = scan_of(text);
	struct token t;

	while (scan_token(&s, &t))
		if (!is_allowed(&t, is_exp))
			return false;
	return scan_end(&s);
}

/* toplabel (RFC 7208 7.1): letters, digits and hyphens, not digits alone; no
 * hyphen at either end. */
static bool
is_toplabel(struct span s)
{
	bool numeric = true;

	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
		if (!ascii_is_digit(s.p[i]))
			numeric = false;
	}
	return !numeric && s.p[0] != '-' && s.p[s.len - 1] != '-';
}

/* "." toplabel [ "." ] */
static bool
ends_in_toplabel(struct span s)
{
	size_t dot;

	s = domain_without_dot(s);
	dot = span_find_last(s, '.');
	return dot < s.len && is_toplabel(span_from(s, dot + 1));
}

bool
spf_macro_is_domain(struct span text)
{
	struct scan s = scan_of(text);
	struct token t = {.literal = SPAN("")};

	if (!spf_macro_is_string(text, false))
		return false;
	while (!scan_end(&s) && scan_token(&s, &t))
		;
	/* domain-end (RFC 7208 7.1) */
	return !t.literal.p || ends_in_toplabel(t.literal);
}

bool
spf_macro_uses(struct span text, const char *letters)
{
	struct scan s = scan_of(text);
	struct token t;

	while (scan_token(&s, &t))
		if (!t.literal.p &&
		    (!letters || strchr(letters, ascii_lower(t.letter))))
			return true;
	return false;
}

struct expansion {
	const struct spf_macros *macros;
	struct arena *arena;
	struct buf out;
	bool over;             /* out would exceed LIMIT_SPF_EXPANSION */
	struct span value[26]; /* by letter, once it has been needed */
};

static void
put(struct expansion *e, char c, bool escape)
{
	size_t n = escape ? 3 : 1;

	if (e->over || LIMIT_SPF_EXPANSION - e->out.len < n)
		e->over = true;
	else if (escape)
		buf_printf(&e->out, "%%%02X", (unsigned)(unsigned char)c);
	else
		buf_char(&e->out, c);
}

static void
put_literal(struct expansion *e, struct span s)
{
	for (size_t i = 0; i < s.len && !e->over; i++)
		put(e, s.p[i], false);
}

/* unreserved of RFC 3986 2.3 */
static bool
is_unreserved(char c)
{
	return ascii_is_alnum(c) || (c && strchr("-._~", c));
}

/* <sender> (RFC 7208 7.2) */
static struct span
sender(const struct spf_macros *m, struct arena *a)
{
	struct buf b = BUF(a);

	buf_add(&b, m->local);
	buf_char(&b, '@');
	buf_add(&b, m->sender_domain);
	return buf_span(&b);
}

/* RFC 7208 7.3: the dot-format address of %{i}. */
static struct span
dotted(const struct ip *ip, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < 16; i++)
		buf_printf(&b, i ? ".%X.%X" : "%X.%X",
		    (unsigned)ip->octet[i] >> 4, (unsigned)ip->octet[i] & 15);
	return buf_span(&b);
}

static struct span
readable(const struct ip *ip, struct arena *a)
{
	char text[IP_TEXT];

	return arena_span(a, span_of(ip_text(ip, text)));
}

/* Returns the value of a lower-case letter (RFC 7208 7.2). */
static struct span
value_of(char letter, const struct spf_macros *m, struct arena *a)
{
	bool v4 = m->ip.family == AF_INET;

	switch (letter) {
	case 's':
		return sender(m, a);
	case 'l':
		return m->local;
	case 'o':
		return m->sender_domain;
	case 'd':
		return m->domain;
	case 'i':
		return v4 ? readable(&m->ip, a) : dotted(&m->ip, a);
	case 'p':
		return m->validated(m->arg);
	case 'v':
		return v4 ? SPAN("in-addr") : SPAN("ip6");
	case 'h':
		return m->helo.p ? m->helo : SPAN("unknown");
	case 'c':
		return readable(&m->ip, a);
	case 'r':
		return m->receiver.p ? m->receiver : SPAN("unknown");
	default: /* t */
		return arena_printf(a, "%" PRId64, m->now);
	}
}

static bool
is_split(const struct token *t, char c)
{
	if (!t->delimiters.len)
		return c == '.';
	return span_find(t->delimiters, c) < t->delimiters.len;
}

/*
 * Returns the parts to keep with the delimiters between them: the right-hand
 * ones after any reversal (RFC 7208 7.3), and so the left-hand ones before it.
 */
static struct span
wanted(const struct token *t, struct span value)
{
	size_t i, parts = t->parts;

	if (t->reverse) {
		for (i = 0; i < value.len; i++)
			if (is_split(t, value.p[i]) && !--parts)
				break;
		return span_upto(value, i);
	}
	for (i = value.len; i > 0; i--)
		if (is_split(t, value.p[i - 1]) && !--parts)
			break;
	return span_from(value, i);
}

/* Writes one or more parts, joined with "." (RFC 7208 7.3); those of an
 * upper-case letter URL-escaped. */
static void
put_parts(struct expansion *e, const struct token *t, struct span s)
{
	bool escape = t->letter != ascii_lower(t->letter);

	for (size_t i = 0; i < s.len && !e->over; i++)
		if (is_split(t, s.p[i]))
			put(e, '.', false);
		else
			put(e, s.p[i], escape && !is_unreserved(s.p[i]));
}

static void
put_reversed(struct expansion *e, const struct token *t, struct span s)
{
	for (size_t i = s.len; i > 0; i--)
		if (is_split(t, s.p[i - 1])) {
			put_parts(e, t, span_from(s, i));
			put(e, '.', false);
			s.len = i - 1;
		}
	put_parts(e, t, s);
}

static void
put_macro(struct expansion *e, const struct token *t)
{
	char lower = ascii_lower(t->letter);
	struct span *value = &e->value[lower - 'a'], parts;

	if (!value->p)
		*value = value_of(lower, e->macros, e->arena);
	parts = wanted(t, *value);
	if (t->reverse)
		put_reversed(e, t, parts);
	else
		put_parts(e, t, parts);
}

static void
put_token(struct expansion *e, const struct token *t)
{
	if (t->literal.p)
		put_literal(e, t->literal);
	else if (t->letter == '%')
		put(e, '%', false);
	else if (t->letter == '_')
		put(e, ' ', false);
	else if (t->letter == '-')
		put(e, ' ', true);
	else
		put_macro(e, t);
}

struct span
spf_macro_expand(struct span text, const struct spf_macros *m, struct arena *a)
{
	struct expansion e = {.macros = m, .arena = a, .out = BUF(a)};
	struct scan s = scan_of(text);
	struct token t;

	while (!e.over && scan_token(&s, &t))
		put_token(&e, &t);
	assert(e.over || scan_end(&s));
	return e.over ? SPAN_NONE : buf_span(&e.out);
}

struct span
spf_macro_target(struct span text, const struct spf_macros *m, struct arena *a)
{
	struct span name = spf_macro_expand(text, m, a);

	/* Of two dots none is removed: a name with an empty label is invalid,
	 * and must not become valid. */
	if (name.len && name.p[name.len - 1] == '.' &&
	    (name.len == 1 || name.p[name.len - 2] != '.'))
		name.len--;
	/* RFC 7208 7.3: labels are removed with the dots that follow them. */
	while (name.len > LIMIT_DNS_NAME) {
		size_t dot = span_find(name, '.');

		name = span_from(name, dot < name.len ? dot + 1 : dot);
	}
	return name;
}
