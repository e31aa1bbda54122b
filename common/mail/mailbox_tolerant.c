/* mailbox_tolerant: which domains readers may find in a From field. */
/* SPDX-License-Identifier: ISC */

#include "mail/mailbox_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"
#include "mail/encodedword.h"

/*
 * The domains that the text after an "@" may mean.
 */

/* A domain has at most LIMIT_DNS_NAME characters, of up to four octets. */
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

/* The domain at the start of a text as readers join its pieces: blanks beside
 * dots are skipped, and control octets and backslashes, which some readers
 * drop, everywhere. Adjacent dots become one. */
static struct span
joined(struct span s, struct arena *a)
{
	struct buf b = BUF(a);
	bool gap = false, dot = true; /* true: a leading dot is dropped */

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

/* What reading a domain needs. The arena can be reset after each "@", of which
 * a header of 8 MiB can have millions. */
struct reader {
	struct arena *arena;
	size_t *idna; /* names so far that need IDNA, which is slow */
};

static bool
needs_idna(struct span domain)
{
	if (!span_is_ascii(domain))
		return true;
	for (; domain.p; span_cut(&domain, '.'))
		if (span_casestarts(domain, SPAN("xn--")))
			return true;
	return false;
}

static struct span
normal_of(struct span domain, struct reader *r)
{
	if (!domain.len || domain.len > LONGEST)
		return SPAN_NONE;
	if (needs_idna(domain) && (*r->idna)++ >= LIMIT_FROM_IDNA)
		return SPAN_NONE;
	return domain_normal(domain, r->arena);
}

/* The domain name that a reader may find at the end of a text that is not one:
 * the longest that begins at one of the labels 2 to TRIES + 1. */
#define TRIES 8
static struct span
parent_of(struct span s, struct reader *r)
{
	struct span normal = SPAN_NONE;
	size_t from = s.len;

	while (from && is_ldh(s.p[from - 1]))
		from--;
	s = span_from(s, from);
	for (int i = 0; i < TRIES && s.p && !normal.p; i++) {
		span_cut(&s, '.');
		normal = normal_of(s, r);
	}
	return normal;
}

/* The domain at the start of a text as readers may read it, each in normal form
 * or absent: with its pieces joined; up to the first octet that a domain cannot
 * have; and, if neither is a domain name, the names that begin and end the
 * latter. */
#define READINGS 4
static void
read_domain(struct span s, struct reader *r, struct span reading[READINGS])
{
	struct span whole;

	while (s.len && (*s.p == '"' || *s.p == '\\'))
		s = span_from(s, 1);
	whole = run_of(s, is_dot_or_atext);
	reading[0] = normal_of(joined(s, r->arena), r);
	reading[1] = normal_of(whole, r);
	reading[2] = reading[3] = SPAN_NONE;
	if (reading[0].p || reading[1].p)
		return;
	reading[2] = normal_of(run_of(s, is_ldh), r);
	reading[3] = parent_of(whole, r);
}

static bool
is_in(struct span domain, const struct span *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(list[i], domain))
			return true;
	return false;
}

static void
add(struct mailbox_found *f, struct span domain, struct arena *a)
{
	if (!domain.p || f->ndomains == f->max ||
	    is_in(domain, f->domains, f->ndomains))
		return;
	f->domains[f->ndomains++] = arena_span(a, domain);
}

/* Adds the domains after each "@" of a text. */
static void
add_all(struct span s, struct arena *a, struct mailbox_found *f)
{
	struct reader r = {arena_new(), &f->idna};
	struct span reading[READINGS];

	span_cut(&s, '@');
	while (s.p && f->ndomains < f->max) {
		read_domain(s, &r, reading);
		for (size_t i = 0; i < READINGS; i++)
			add(f, reading[i], a);
		arena_reset(r.arena);
		span_cut(&s, '@');
	}
	arena_free(r.arena);
}

/* Can a text have an "@", directly or in an encoded-word? */
static bool
may_have_at(struct span text)
{
	return span_find(text, '@') < text.len ||
	    span_find(text, '?') < text.len;
}

void
mailbox_domains(struct span text, struct arena *a, struct mailbox_found *f)
{
	struct span plain, decoded;

	if (f->ndomains == f->max || !may_have_at(text))
		return;
	plain = mailbox_hide(text, a);
	add_all(plain, a, f);
	if (!span_eq(plain, text))
		add_all(text, a, f);
	decoded = encodedword_decode(text, false, a);
	if (span_eq(decoded, text))
		return;
	add_all(decoded, a, f);
	add_all(encodedword_decode(text, true, a), a, f);
}

/*
 * A field in which all readers find the same addresses.
 */

/* Is each "@" of a text followed by one of these domains, however it is
 * read? */
static bool
has_no_other(
    struct span s, const struct span *domain, size_t n, struct arena *a)
{
	size_t idna = 0;
	struct reader r = {a, &idna};
	struct span reading[READINGS];

	span_cut(&s, '@');
	for (size_t seen = 0; s.p; seen++) {
		if (seen == LIMIT_FROM_READ)
			return false;
		read_domain(s, &r, reading);
		if (!span_eq(reading[0], reading[1]) ||
		    !is_in(reading[0], domain, n))
			return false;
		span_cut(&s, '@');
	}
	return true;
}

struct span
mailbox_stray_word(
    struct span body, const struct span *domain, size_t n, struct arena *a)
{
	struct span plain = mailbox_hide(body, a), stray;
	size_t glued = body.len;

	stray = mailbox_find_stray(body, plain, &glued);
	if (stray.p || glued == body.len ||
	    has_no_other(encodedword_decode(plain, false, a), domain, n, a))
		return stray;
	return span_from(body, glued);
}

static bool
is_blank(char c)
{
	return ascii_is_space(c);
}

/* Do blanks and a word follow a domain? Readers that drop blanks append the
 * word to the name. */
static bool
is_followed_by_word(struct span s)
{
	span_cut(&s, '@');
	while (s.p) {
		struct span rest = span_from(s, run_of(s, is_dot_or_atext).len);

		rest = span_from(rest, run_of(rest, is_blank).len);
		if (rest.len && ascii_is_atext(*rest.p))
			return true;
		span_cut(&s, '@');
	}
	return false;
}

static bool
is_separator(char c)
{
	return ascii_is_space(c) || c == ',' || c == ';';
}

/* Is it nothing but separators? */
static bool
is_empty_list(struct span s)
{
	return run_of(s, is_separator).len == s.len;
}

/* Finds the octets of the only address that a field can have. plain is
 * mailbox_hide() of the body: their offsets are the same. */
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
mailbox_parse_tolerant(struct span body, struct arena *a, struct mailbox *m)
{
	struct span plain, address;

	if (mailbox_clean_length(body) < body.len)
		return false;
	plain = mailbox_hide(body, a);
	for (size_t i = 0; i < plain.len; i++)
		if (is_ambiguous(plain.p[i]))
			return false;
	return find_address(body, plain, &address) &&
	    mailbox_parse(address, false, a, m) == MAILBOX_OK &&
	    !is_followed_by_word(plain) &&
	    has_no_other(plain, &m->domain, 1, a) &&
	    has_no_other(
		encodedword_decode(plain, false, a), &m->domain, 1, a) &&
	    !mailbox_stray_word(body, &m->domain, 1, a).p;
}
