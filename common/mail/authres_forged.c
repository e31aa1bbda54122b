/* authres_forged: which fields claim to be written by this host. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/ascii.h"
#include "mail/authres_internal.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/scan.h"

/*
 * Readers differ: some decode encoded-words (RFC 2047), end a line at a bare CR
 * or a text at a NUL, treat tspecials like other octets, or skip what they do
 * not expect. A field therefore claims to be this host's not only if its
 * authserv-id is this host's id, but if any reader could find that id in it:
 *
 * 1. A field whose id is an ASCII token, quoted or not (RFC 8601 2.2), has this
 *    id for every reader.
 * 2. An id with U-labels is compared as a domain name (RFC 8601 5), label by
 *    label: a label that differs in its ASCII octets needs no IDNA.
 * 3. Any other id could be this host's if it contains this host's id once the
 *    octets that a name cannot have are left out, or if it has an encoded-word.
 * 4. A field that begins with a result has no id in front. Exchange writes such
 *    fields, and may put a host's name between the results; and a field may
 *    begin with an instance, as ARC's do ("i=1; mx.example.org"). Its parts
 *    between semicolons that contain this host's id are checked one by one.
 */

/* The beginning of an encoded-word, RFC 2047 2. */
static const struct span encoded = {"=?", 2};

static bool
contains(struct span text, struct span part)
{
	return part.len &&
	    memmem(text.p ? text.p : "", text.len, part.p, part.len);
}

static bool
is_ascii_name(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

static bool
is_name(char c)
{
	return is_ascii_name(c) || ascii_is_8bit(c);
}

/* This host's id as a pattern for Knuth-Morris-Pratt: the octets of one class,
 * in lower case, and for each prefix the length of its longest border. */
struct wanted {
	bool (*is)(char);
	struct span text;
	uint16_t *border;
};

/* Returns how many octets of the pattern match after this octet, if n matched
 * before it. */
static size_t
advance(const struct wanted *w, size_t n, char c)
{
	while (n && w->text.p[n] != c)
		n = w->border[n - 1];
	return n + (w->text.p[n] == c);
}

static struct wanted
wanted_of(struct span id, bool (*is)(char), struct arena *a)
{
	struct wanted w = {.is = is};
	struct buf b = BUF(a);

	for (size_t i = 0; i < id.len; i++)
		if (is(id.p[i]))
			buf_char(&b, ascii_lower(id.p[i]));
	w.text = buf_span(&b);
	w.border = ARENA_ARRAY(a, uint16_t, w.text.len + 1);
	for (size_t i = 1; i < w.text.len; i++)
		w.border[i] =
		    (uint16_t)advance(&w, w.border[i - 1], w.text.p[i]);
	return w;
}

/* Moves past the first occurrence of the pattern; octets of other classes in
 * the text are ignored, and comments if skips_comments. Returns false if the
 * text does not contain it. */
static bool
scan_wanted(struct scan *s, const struct wanted *w, bool skips_comments)
{
	size_t n = 0;

	while (w->text.len && !scan_end(s)) {
		struct scan t = *s;

		if (skips_comments && *s->p == '(') {
			skips_comments = scan_cfws(&t);
			*s = t;
			continue;
		}
		if (w->is(*s->p))
			n = advance(w, n, ascii_lower(*s->p));
		s->p++;
		if (n == w->text.len)
			return true;
	}
	return false;
}

static bool
has_wanted(struct span text, const struct wanted *w, bool skips_comments)
{
	struct scan s = scan_of(text);

	return scan_wanted(&s, w, skips_comments);
}

/* Rule 3: could some reader find this host's id in a text? */
static bool
could_contain(struct span text, struct span normal_id, struct arena *a)
{
	struct wanted w = wanted_of(normal_id, is_ascii_name, a);

	if (contains(text, encoded))
		return true;
	if (!w.text.len)
		return contains(text, normal_id);
	if (has_wanted(text, &w, false) || has_wanted(text, &w, true))
		return true;
	if (span_is_ascii(text))
		return false;
	w = wanted_of(domain_display(normal_id, a), is_name, a);
	return has_wanted(text, &w, false);
}

/* The characters that IDNA treats as a dot besides U+002E (RFC 3490 3.1):
 * U+3002, U+FF0E, U+FF61. */
static const struct span dots[] = {
    {"\xe3\x80\x82", 3}, {"\xef\xbc\x8e", 3}, {"\xef\xbd\xa1", 3}};
#define DOTS (COUNT(dots))

static struct span
with_plain_dots(struct span name, struct arena *a)
{
	struct buf b = BUF(a);

	while (name.len) {
		size_t i = 0;

		while (i < DOTS && !span_starts(name, dots[i]))
			i++;
		buf_char(&b, i < DOTS ? '.' : name.p[0]);
		name = span_from(name, i < DOTS ? dots[i].len : 1);
	}
	return buf_span(&b);
}

/* Could IDNA map a U-label to own, a label of this host's id? Its mappings keep
 * ASCII letters and digits in their order, except where NFC composes them with
 * another character, and then the result is an A-label. */
static bool
could_become(struct span label, struct span own)
{
	size_t at = 0;

	if (span_starts(own, SPAN("xn--")))
		return true;
	for (size_t i = 0; i < label.len; i++) {
		if (ascii_is_8bit(label.p[i]))
			continue;
		while (at < own.len && own.p[at] != ascii_lower(label.p[i]))
			at++;
		if (at++ >= own.len)
			return false;
	}
	return true;
}

/* No domain name in U-labels has more octets. */
#define LONGEST 4096u

/* Rule 2. Rule 3 applies to a name that IDNA refuses. */
static bool
is_our_u_label(struct span name, struct span normal_id, struct arena *a)
{
	struct span rest, own = normal_id;

	if (name.len > LONGEST)
		return could_contain(name, normal_id, a);
	rest = with_plain_dots(name, a);
	if (domain_labels(rest) != domain_labels(normal_id))
		return false;
	while (rest.p && own.p) {
		struct span label = span_cut(&rest, '.');
		struct span wanted = span_cut(&own, '.'), normal;

		if (span_caseeq(label, wanted))
			continue;
		if (span_is_ascii(label) || !could_become(label, wanted))
			return false;
		normal = domain_normal(label, a);
		if (!normal.p)
			return could_contain(name, normal_id, a);
		if (!span_eq(normal, wanted))
			return false;
	}
	return !own.p && span_empty(rest);
}

/* authserv-id [CFWS version], to the end of the part. */
static bool
scan_head(struct span part, struct arena *a, struct span *id)
{
	struct scan s = scan_of(part);
	struct span version;

	if (!scan_cfws(&s) || !authres_value(&s, a, id) || !scan_cfws(&s))
		return false;
	scan_class(&s, ascii_is_digit, &version);
	return scan_cfws(&s) && scan_end(&s);
}

/* Does a part begin with method [ "/" version ] "=" (RFC 8601 2.2), as a result
 * does? */
static bool
is_result(struct span part, struct span *method)
{
	struct scan s = scan_of(part);
	struct span version;

	if (!scan_cfws(&s) || !scan_class(&s, ascii_is_token, method) ||
	    !scan_cfws(&s))
		return false;
	if (scan_char(&s, '/'))
		return scan_cfws(&s) &&
		    scan_class(&s, ascii_is_digit, &version) && scan_cfws(&s) &&
		    scan_char(&s, '=');
	return scan_char(&s, '=');
}

static bool
is_blank(struct span part)
{
	struct scan s = scan_of(part);

	return scan_cfws(&s) && scan_end(&s);
}

static bool
is_same_id(struct span id, struct span normal_id)
{
	return span_caseeq(domain_without_dot(id), normal_id);
}

enum owner {
	OWNER_UNKNOWN,
	OWNER_OURS,
	OWNER_OTHER
};

/* Whose id a part has, by rules 1 and 2. */
static enum owner
owner_of(struct span part, struct span normal_id, struct arena *a)
{
	struct span id;
	bool ours;

	if (contains(part, encoded) || !scan_head(part, a, &id))
		return OWNER_UNKNOWN;
	if (scan_is_class(id, ascii_is_token))
		ours = is_same_id(id, normal_id);
	else if (scan_is_class(id, is_name))
		ours = is_our_u_label(id, normal_id, a);
	else
		return OWNER_UNKNOWN;
	return ours ? OWNER_OURS : OWNER_OTHER;
}

/* Cuts off and returns the text before the first ";" outside quotes and
 * comments, or all of it if a quote or a comment does not end. */
static struct span
cut_part(struct span *body)
{
	struct scan start = scan_of(*body), s = start;
	struct span text = *body;
	bool ends = true;

	while (ends && !scan_end(&s) && *s.p != ';') {
		if (*s.p == '(')
			ends = scan_cfws(&s);
		else if (*s.p == '"')
			ends = authres_quotes(&s);
		else
			s.p++;
	}
	*body = SPAN_NONE;
	if (!ends || scan_end(&s))
		return text;
	*body = span_between(s.p + 1, s.end);
	return scan_since(&s, &start);
}

/* Rule 4 for a part that contains this host's id. */
static bool
is_our_part(struct span part, struct span normal_id, struct arena *a)
{
	struct span method;
	enum owner owner;

	if (is_result(part, &method))
		return is_same_id(method, normal_id);
	owner = owner_of(part, normal_id, a);
	if (owner == OWNER_UNKNOWN)
		return could_contain(part, normal_id, a);
	return owner == OWNER_OURS;
}

/* Rule 4, inside quotes and comments as well. Only the parts that contain the
 * id are checked, each once. */
static bool
occurs_between_results(struct span body, const struct wanted *w,
    struct span normal_id, struct arena *a)
{
	struct scan s = scan_of(body);

	for (const char *from = s.p; scan_wanted(&s, w, false); from = s.p) {
		struct span part = span_between(from, s.p);
		size_t cut = span_find_last(part, ';');

		part = cut < part.len ? span_from(part, cut + 1) : part;
		while (!scan_end(&s) && *s.p != ';')
			s.p++;
		if (is_our_part(span_between(part.p, s.p), normal_id, a))
			return true;
	}
	return false;
}

static bool
is_between_results(struct span body, struct span normal_id, struct arena *a)
{
	struct wanted ascii = wanted_of(normal_id, is_ascii_name, a);
	struct wanted utf8 =
	    wanted_of(domain_display(normal_id, a), is_name, a);

	return contains(body, encoded) ||
	    occurs_between_results(body, &ascii, normal_id, a) ||
	    (!span_is_ascii(body) &&
		occurs_between_results(body, &utf8, normal_id, a));
}

/* Rules 2 and 3 for a text that does not match authserv-id of the ABNF. */
static bool
may_have_id(struct span text, struct span normal_id, struct arena *a)
{
	struct scan s = scan_of(text);
	struct span name;

	while (!scan_end(&s) && !is_name(*s.p))
		s.p++;
	return could_contain(text, normal_id, a) ||
	    (scan_class(&s, is_name, &name) && !span_is_ascii(name) &&
		is_our_u_label(name, normal_id, a));
}

bool
authres_bears_id(struct span body, struct span normal_id, struct arena *a)
{
	struct span rest = body, part, method;
	enum owner owner;

	do
		part = cut_part(&rest);
	while (rest.p && is_blank(part));
	if (is_result(part, &method))
		return is_between_results(body, normal_id, a);
	owner = owner_of(part, normal_id, a);
	if (owner == OWNER_UNKNOWN)
		return may_have_id(part, normal_id, a);
	return owner == OWNER_OURS;
}

bool
authres_has_other_id(
    struct span beginning, struct span normal_id, struct arena *a)
{
	struct span part = cut_part(&beginning);

	return beginning.p && owner_of(part, normal_id, a) == OWNER_OTHER;
}
