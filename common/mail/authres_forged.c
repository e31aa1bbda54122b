#include <string.h>

#include "base/ascii.h"
#include "mail/authres.h"
#include "mail/authres_internal.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/scan.h"

/*
 * Which fields claim to be written here. Readers differ: some decode
 * encoded-words (RFC 2047), end a line at a bare CR or a text at a NUL, know no
 * tspecials, or skip what they do not expect. So the question is not whether a
 * field bears our id, but whether any of them could find it there:
 *
 * 1. A field whose id is a token or a quoted token in ASCII, as RFC 8601 2.2
 *    has it, has this id and no other.
 * 2. An id with U-labels is a domain name, and compared as one (RFC 8601 5),
 *    label by label, so that a label that cannot be ours costs nothing.
 * 3. All other ids could be ours if our id occurs in their octets once those
 *    are left out that no name has, or if they have an encoded-word.
 * 4. A field that begins with a result has no id: such ones are Exchange's,
 *    which may have a host's name between the results, and those with an
 *    instance in front, as ARC's ("i=1; mx.example.org").
 */

/* Begins an encoded-word, RFC 2047 2. */
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

/* Our id as it is looked for: its octets of a class, in lower case, and where
 * to go on when one more does not match (Knuth, Morris, Pratt). */
struct wanted {
	bool (*is)(char);
	struct span text;
	uint16_t *border;
};

/* How far a beginning of the id goes that ends with this octet, n octets of one
 * having gone before. */
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

/* Eats the text up to and with the id, whatever octets of other classes are in
 * it, and comments if they are skipped. False: it is not there. */
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

/* Rule 3. */
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

/* What IDNA takes for a dot (RFC 3490 3.1): U+3002, U+FF0E, U+FF61. */
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

/* Could IDNA's mappings lead from a U-label to this label of ours? They leave
 * ASCII letters and digits where they are, but those that NFC composes, which
 * gives an A-label. */
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

/* No name has more octets in U-labels. */
#define LONGEST 4096u

/* Rule 2. What IDNA refuses falls under rule 3. */
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

/* authserv-id [CFWS version], all of a part. */
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

/* method [ "/" version ] "=", RFC 8601 2.2: the part is a result. */
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
	if (id.len && id.p[id.len - 1] == '.')
		id.len--;
	return span_caseeq(id, normal_id);
}

enum owner {
	OWNER_UNKNOWN,
	OWNER_OURS,
	OWNER_OTHER
};

/* Rules 1 and 2. */
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

/* Takes off what is before the first ";" outside of quotes and comments; all of
 * it if one of these does not end. */
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

/* Rule 4 of a part in which our id occurs. */
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

/* Rule 4, whatever quotes and comments the id is in. Only the parts in which it
 * occurs are looked at, each once. */
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

/* Rules 2 and 3 for a text that is not an id by the ABNF. */
static bool
could_bear(struct span text, struct span normal_id, struct arena *a)
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
		return could_bear(part, normal_id, a);
	return owner == OWNER_OURS;
}

bool
authres_has_other_id(
    struct span beginning, struct span normal_id, struct arena *a)
{
	struct span part = cut_part(&beginning);

	return beginning.p && owner_of(part, normal_id, a) == OWNER_OTHER;
}
