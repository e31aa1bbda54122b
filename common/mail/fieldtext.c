/* fieldtext: keep others' text from being read as results. */
/* SPDX-License-Identifier: ISC */

#include "mail/fieldtext.h"

#include <string.h>

#include "base/ascii.h"
#include "base/scan.h"
#include "base/utf8.h"

/* IANA's Email Authentication Methods, including those of drafts and obsolete
 * RFCs. A method that ends with another needs no row: "x-spf=pass" contains
 * "spf=pass". */
static const struct span methods[] = {
    {"arc", 3},
    {"auth", 4},
    {"bimi", 4},
    {"dkim", 4},
    {"dkim-adsp", 9},
    {"dkim-atps", 9},
    {"dkim2", 5},
    {"dmarc", 5},
    {"dnswl", 5},
    {"domainkeys", 10},
    {"iprev", 5},
    {"rrvs", 4},
    {"sender-id", 9},
    {"smime", 5},
    {"spf", 3},
    {"vbr", 3},
};
#define METHODS (COUNT(methods))

static bool
scan_method(struct scan *s)
{
	struct scan longest = *s;

	for (size_t i = 0; i < METHODS; i++) {
		struct scan t = *s;

		if (scan_caseliteral(&t, methods[i]) && t.p > longest.p)
			longest = t;
	}
	if (longest.p == s->p)
		return false;
	*s = longest;
	return true;
}

/* [CFWS] "/" [CFWS] 1*DIGIT, RFC 8601 2.2 */
static bool
scan_version(struct scan *s)
{
	struct scan t = *s;
	struct span digits;

	if (!scan_cfws(&t) || !scan_char(&t, '/') || !scan_cfws(&t) ||
	    !scan_class(&t, ascii_is_digit, &digits))
		return false;
	*s = t;
	return true;
}

/* methodspec of RFC 8601 2.2 with a result that begins with "pass"; *sign is
 * its "=". */
static bool
scan_pass(struct scan *s, const char **sign)
{
	struct scan t = *s;

	if (!scan_method(&t))
		return false;
	scan_version(&t);
	if (!scan_cfws(&t) || scan_peek(&t) != '=')
		return false;
	*sign = t.p++;
	if (!scan_cfws(&t) || !scan_caseliteral(&t, SPAN("pass")))
		return false;
	*s = t;
	return true;
}

bool
fieldtext_is_encoded(struct span s)
{
	return s.len && memmem(s.p, s.len, "=?", 2);
}

bool
fieldtext_is_safe(struct span s)
{
	const char *sign;

	if (fieldtext_is_encoded(s))
		return false;
	for (; s.len; s = span_from(s, 1)) {
		struct scan scan = scan_of(s);

		if (scan_pass(&scan, &sign))
			return false;
	}
	return true;
}

/* Marks the octets that fieldtext_add() escapes besides those of buf_escaped():
 * the '?' of "=?" and the '=' of a pass. */
static bool *
mark(struct span s, struct arena *a)
{
	bool *marked = ARENA_ARRAY(a, bool, s.len);
	const char *sign;

	for (size_t i = 0; i < s.len; i++) {
		struct scan scan = scan_of(span_from(s, i));

		if (scan_pass(&scan, &sign))
			marked[sign - s.p] = true;
		if (i && s.p[i] == '?' && s.p[i - 1] == '=')
			marked[i] = true;
	}
	return marked;
}

void
fieldtext_add(struct buf *b, struct span s)
{
	const bool *marked;

	if (span_find(s, '=') == s.len) {
		buf_escaped(b, s);
		return;
	}
	marked = mark(s, b->arena);
	for (size_t from = 0, i = 0; i < s.len; from = i) {
		while (i < s.len && !marked[i])
			i++;
		buf_escaped(b, span_upto(span_from(s, from), i - from));
		if (i < s.len)
			buf_printf(b, "\\x%02x", (unsigned char)s.p[i++]);
	}
}
