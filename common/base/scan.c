/* scan: productions that the RFCs of mail share. */
/* SPDX-License-Identifier: ISC */

#include "base/scan.h"

#include "base/ascii.h"
#include "base/limit.h"

struct scan
scan_of(struct span s)
{
	return (struct scan){s.p, s.p ? s.p + s.len : NULL};
}

bool
scan_end(const struct scan *s)
{
	return s->p == s->end;
}

int
scan_peek(const struct scan *s)
{
	return scan_end(s) ? -1 : (unsigned char)*s->p;
}

struct span
scan_since(const struct scan *now, const struct scan *then)
{
	return span_between(then->p, now->p);
}

bool
scan_char(struct scan *s, char c)
{
	if (scan_end(s) || *s->p != c)
		return false;
	s->p++;
	return true;
}

bool
scan_literal(struct scan *s, struct span text)
{
	if (!span_starts(span_between(s->p, s->end), text))
		return false;
	s->p += text.len;
	return true;
}

bool
scan_caseliteral(struct scan *s, struct span text)
{
	if (!span_casestarts(span_between(s->p, s->end), text))
		return false;
	s->p += text.len;
	return true;
}

bool
scan_class(struct scan *s, bool (*is)(char), struct span *out)
{
	const char *from = s->p;

	while (!scan_end(s) && is(*s->p))
		s->p++;
	*out = span_between(from, s->p);
	return out->len > 0;
}

/* CRLF or LF before a WSP: the line end of a fold. */
static bool
scan_fold(struct scan *s)
{
	struct scan t = *s;

	scan_char(&t, '\r');
	if (!scan_char(&t, '\n') || scan_end(&t) || !ascii_is_wsp(*t.p))
		return false;
	*s = t;
	return true;
}

/* [FWS] of RFC 5322 3.2.2, and any obs-FWS. */
static void
scan_fws(struct scan *s)
{
	while (scan_char(s, ' ') || scan_char(s, '\t') || scan_fold(s))
		;
}

/* comment of RFC 5322 3.2.2; depth is counted, not recursed. */
static bool
scan_comment(struct scan *s)
{
	struct scan t = *s;
	unsigned depth = 0;

	do {
		if (scan_end(&t))
			return false;
		if (*t.p == '(' && ++depth > LIMIT_COMMENT_DEPTH)
			return false;
		if (*t.p == ')')
			depth--;
		if (*t.p == '\\' && t.end - t.p > 1)
			t.p++;
		t.p++;
	} while (depth);
	*s = t;
	return true;
}

bool
scan_cfws(struct scan *s)
{
	struct scan t = *s;

	for (scan_fws(&t); scan_peek(&t) == '('; scan_fws(&t))
		if (!scan_comment(&t))
			return false;
	*s = t;
	return true;
}

bool
scan_atom(struct scan *s, struct span *out)
{
	return scan_class(s, ascii_is_atext, out);
}

bool
scan_dot_atom_text(struct scan *s, struct span *out)
{
	struct scan start = *s, t = *s;
	struct span part;

	if (!scan_atom(&t, &part))
		return false;
	do {
		*s = t;
	} while (scan_char(&t, '.') && scan_atom(&t, &part));
	*out = scan_since(s, &start);
	return true;
}

/* Reads one qcontent or fold inside a quoted-string, and sets the octet that it
 * means, if any. False at its end. */
static bool
scan_qcontent(struct scan *s, struct span *octet)
{
	*octet = SPAN_NONE;
	if (scan_end(s) || *s->p == '"')
		return false;
	if (scan_fold(s))
		return true;
	if (*s->p == '\\' && s->end - s->p > 1)
		s->p++;
	/* A line end is never text, not even in a quoted-pair (obs-qp). */
	if (*s->p == '\n' || *s->p == '\r')
		return false;
	*octet = (struct span){s->p++, 1};
	return true;
}

bool
scan_quoted_string(struct scan *s, struct arena *a, struct span *out)
{
	struct scan t = *s, inside;
	struct span octet;
	size_t len = 0;
	char *text;

	if (!scan_char(&t, '"'))
		return false;
	for (inside = t; scan_qcontent(&t, &octet);)
		len += octet.len;
	if (!scan_char(&t, '"'))
		return false;
	*s = t;
	text = arena_alloc(a, len);
	*out = (struct span){text, len};
	while (scan_qcontent(&inside, &octet))
		if (octet.len)
			*text++ = *octet.p;
	return true;
}

struct span
scan_unquote(struct span local, struct arena *a)
{
	struct scan s = scan_of(local);
	struct span text;

	return scan_quoted_string(&s, a, &text) && scan_end(&s) ? text : local;
}

bool
scan_is_dot_atom_text(struct span text)
{
	struct scan s = scan_of(text);
	struct span all;

	return scan_dot_atom_text(&s, &all) && scan_end(&s);
}

bool
scan_is_class(struct span text, bool (*is)(char))
{
	struct scan s = scan_of(text);
	struct span all;

	return scan_class(&s, is, &all) && scan_end(&s);
}
