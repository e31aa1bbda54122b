/* authres_removal: which fields are removed from a message. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "mail/authres_internal.h"
#include "base/buf.h"
#include "base/domain.h"
#include "mail/field.h"

/* Does a field have a result of the method? One that was left out may have any
 * method whose name the body contains. */
static bool
has_method(const struct authres *ar, struct span body, struct span method)
{
	if (ar->omitted && span_casecontains(body, method))
		return true;
	for (size_t i = 0; i < ar->nresults; i++)
		if (span_eq(ar->results[i].method, method))
			return true;
	return false;
}

/* Is the name of a field, as written, this name to a reader that ends it at a
 * NUL or ignores the octets that a name cannot have (RFC 5322 2.2)? */
static bool
is_name_of(struct span written, struct span name)
{
	size_t at = 0;

	if (!name.p)
		return false;
	for (size_t i = 0; i < written.len; i++) {
		char c = written.p[i];

		if (!c && at == name.len)
			return true;
		if (!ascii_is_ftext(c))
			continue;
		if (at == name.len || ascii_lower(c) != ascii_lower(name.p[at]))
			return false;
		at++;
	}
	return at == name.len;
}

bool
authres_is_name(struct span name)
{
	return is_name_of(name, SPAN("Authentication-Results"));
}

/* Is an Authentication-Results field with this body to be removed? */
static bool
removes_body(
    struct span body, const struct authres_removal *what, struct arena *a)
{
	struct authres ar;

	if (!authres_bears_id(body, what->normal_id, a))
		return false;
	return !what->keep || !authres_parse(body, a, &ar) ||
	    !span_eq(domain_normal_id(ar.id, a), what->normal_id) ||
	    has_method(&ar, body, span_of(what->method));
}

/* Is this text to be removed: a field, or any text with a colon in its first
 * line, which some readers take for one? */
static bool
removes(const struct authres_removal *what, struct span text, struct arena *a)
{
	struct span line = span_upto(text, span_find(text, '\n'));
	size_t colon = span_find(line, ':');
	struct span name = span_upto(text, colon);

	if (colon == line.len || !text.len || ascii_is_wsp(text.p[0]))
		return false;
	if (is_name_of(name, what->other))
		return true;
	return authres_is_name(name) &&
	    removes_body(field_chomp(span_from(text, colon + 1)), what, a);
}

bool
authres_removes_beginning(
    const struct authres_removal *what, struct span beginning, struct arena *a)
{
	size_t colon = span_find(beginning, ':');
	struct span name = span_upto(beginning, colon);

	if (!beginning.len || ascii_is_wsp(beginning.p[0]))
		return false;
	if (is_name_of(name, what->other))
		return true;
	if (!authres_is_name(name))
		return false;
	return colon == beginning.len ||
	    !authres_has_other_id(
		span_from(beginning, colon + 1), what->normal_id, a);
}

bool
authres_begins_after_cr(struct span s)
{
	return s.len > 1 && s.p[0] == '\r' && s.p[1] != '\n' &&
	    !ascii_is_wsp(s.p[1]);
}

/* The number of octets before the next bare CR after which some readers begin
 * a line. */
static size_t
segment_length(struct span s)
{
	size_t n = 1;

	while (n < s.len && !authres_begins_after_cr(span_from(s, n)))
		n += 1 + span_find(span_from(s, n + 1), '\r');
	return n < s.len ? n : s.len;
}

/* Is there no bare CR after which some readers begin a line? So it is in nearly
 * all fields, and nothing of them is copied. */
static bool
is_one_segment(struct span s)
{
	return !authres_begins_after_cr(s) && segment_length(s) == s.len;
}

/* The line end of s, or an empty span. */
static struct span
line_end(struct span s)
{
	return span_from(s, field_chomp(s).len);
}

struct span
authres_kept(
    const struct authres_removal *what, struct span raw, struct arena *a)
{
	struct span rest = raw, part = SPAN("");
	struct buf b = BUF(a);
	bool whole = true, last = true;

	if (!authres_begins_after_cr(raw) && removes(what, raw, a))
		return SPAN("");
	if (is_one_segment(raw))
		return raw;
	while (rest.len) {
		part = span_upto(rest, segment_length(rest));
		rest = span_from(rest, part.len);
		last = !removes(
		    what, span_from(part, authres_begins_after_cr(part)), a);
		if (last)
			buf_add(&b, part);
		whole = whole && last;
	}
	if (whole)
		return raw;
	if (!last && b.len)
		buf_add(&b, line_end(part));
	return buf_span(&b);
}
