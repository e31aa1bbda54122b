/* span: compare, search, cut and trim views of octets. */
/* SPDX-License-Identifier: ISC */

#include "base/span.h"

#include <string.h>

#include "base/ascii.h"

struct span
span_of(const char *s)
{
	return (struct span){s, s ? strlen(s) : 0};
}

bool
span_eq(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.p, b.p, a.len));
}

bool
span_caseeq(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool
span_is_ascii(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_is_8bit(s.p[i]))
			return false;
	return true;
}

bool
span_starts(struct span s, struct span with)
{
	return s.len >= with.len && span_eq(span_upto(s, with.len), with);
}

bool
span_casestarts(struct span s, struct span with)
{
	return s.len >= with.len && span_caseeq(span_upto(s, with.len), with);
}

bool
span_caseends(struct span s, struct span with)
{
	return s.len >= with.len &&
	    span_caseeq(span_from(s, s.len - with.len), with);
}

int
span_cmp(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

int
span_casecmp(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < n; i++) {
		unsigned char x = (unsigned char)ascii_lower(a.p[i]);
		unsigned char y = (unsigned char)ascii_lower(b.p[i]);

		if (x != y)
			return x - y;
	}
	return (a.len > b.len) - (a.len < b.len);
}

size_t
span_find(struct span s, char c)
{
	const char *at = s.len ? memchr(s.p, c, s.len) : NULL;

	return at ? (size_t)(at - s.p) : s.len;
}

size_t
span_find_last(struct span s, char c)
{
	const char *at = s.len ? memrchr(s.p, c, s.len) : NULL;

	return at ? (size_t)(at - s.p) : s.len;
}

bool
span_casecontains(struct span s, struct span text)
{
	for (; s.len >= text.len; s = span_from(s, 1))
		if (span_casestarts(s, text))
			return true;
	return false;
}

struct span
span_cut(struct span *s, char c)
{
	size_t n = span_find(*s, c);
	struct span head = span_upto(*s, n);

	*s = n < s->len ? span_from(*s, n + 1) : SPAN_NONE;
	return head;
}

struct span
span_fold(struct span *s, size_t columns)
{
	size_t n = s->len;
	struct span line;

	if (n > columns) {
		n = span_find_last(span_upto(*s, columns + 1), ' ');
		if (n == 0 || n > columns)
			n = 1 + span_find(span_from(*s, 1), ' ');
	}
	line = span_upto(*s, n);
	*s = n < s->len ? span_from(*s, n + 1) : SPAN_NONE;
	return line;
}

struct span
span_trim(struct span s)
{
	s = span_from(s, span_run(s, ascii_is_space));
	s.len -= span_run_last(s, ascii_is_space);
	return s;
}

bool
span_number(struct span s, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;

	if (!s.len || s.len > 19)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
		v = v * 10 + (uint64_t)(s.p[i] - '0');
	}
	*value = v;
	return v <= max;
}
