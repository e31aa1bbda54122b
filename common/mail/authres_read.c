/* authres_read: read Authentication-Results as mail systems write it. */
/* SPDX-License-Identifier: ISC */

#include "mail/authres_read.h"

#include "base/ascii.h"
#include "mail/authres_internal.h"
#include "base/buf.h"
#include "base/limit.h"

static const struct span methods[] = {{"dkim", 4}, {"spf", 3}, {"dmarc", 5}};
#define METHODS (COUNT(methods))

/* RFC 8601 2.3, and dns of RFC 8904. */
static const struct span ptypes[] = {
    {"smtp", 4}, {"header", 6}, {"body", 4}, {"policy", 6}, {"dns", 3}};
#define PTYPES (COUNT(ptypes))

static bool
is_among(struct span word, const struct span *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_caseeq(word, list[i]))
			return true;
	return false;
}

/* An octet of an unquoted word. */
static bool
is_plain(char c)
{
	return (ascii_is_vchar(c) || ascii_is_8bit(c)) && c != '"' &&
	    c != ';' && c != '(';
}

/* Does a word end here? */
static bool
is_boundary(const struct scan *s)
{
	return scan_end(s) || ascii_is_space(*s->p) || *s->p == ';' ||
	    *s->p == '(';
}

/* An unquoted word, up to the boundary. */
static bool
scan_plain(struct scan *s, struct span *out)
{
	struct scan t = *s;

	if (!scan_class(&t, is_plain, out) || !is_boundary(&t))
		return false;
	*s = t;
	return true;
}

/* A quoted-string that is followed by a boundary or by "@". */
static bool
scan_quoted(struct scan *s, struct arena *a, struct span *out)
{
	struct scan t = *s;

	if (!scan_quoted_string(&t, a, out) ||
	    !(is_boundary(&t) || *t.p == '@'))
		return false;
	*s = t;
	return true;
}

/* [CFWS] "@" domain, up to the boundary; empty if an "@" does not follow.
 * Returns false if no word follows that. */
static bool
scan_at_domain(struct scan *s, struct span *out)
{
	struct scan t = *s;

	*out = SPAN("");
	if (!scan_cfws(&t) || scan_peek(&t) != '@')
		return true;
	if (!scan_plain(&t, out))
		return false;
	*s = t;
	return true;
}

/* value / [[local-part] "@"] domain-name, with or without "<" and ">". */
static bool
scan_word_value(struct scan *s, struct arena *a, struct span *out)
{
	struct scan t = *s;
	struct span local, domain = SPAN("");
	bool bracket = scan_char(&t, '<');
	bool quoted = scan_peek(&t) == '"';

	if (!(quoted ? scan_quoted(&t, a, &local) : scan_plain(&t, &local)))
		return false;
	if ((quoted || span_find(local, '@') == local.len) &&
	    !scan_at_domain(&t, &domain))
		return false;
	*out = domain.len ? ARENA_JOIN(a, local, domain) : local;
	if (bracket) {
		if (!span_caseends(*out, SPAN(">")))
			return false;
		out->len--;
	}
	*s = t;
	return true;
}

/* ptype "." property */
static bool
scan_name(
    struct scan *s, struct arena *a, struct span *ptype, struct span *property)
{
	struct scan t = *s;

	if (!authres_keyword(&t, a, ptype) || !authres_mark(&t, '.') ||
	    !authres_keyword(&t, a, property))
		return false;
	*s = t;
	return true;
}

/* [CFWS] "=" */
static bool
scan_equals(struct scan *s)
{
	struct scan t = *s;

	if (!scan_cfws(&t) || !scan_char(&t, '='))
		return false;
	*s = t;
	return true;
}

/* Does ptype.property=, with a registered ptype, follow in the place of a
 * value? */
static bool
is_property(struct scan s, struct arena *a)
{
	struct span ptype, property;

	return scan_name(&s, a, &ptype, &property) &&
	    is_among(ptype, ptypes, PTYPES) && scan_equals(&s);
}

/* "=" pvalue, which may be empty. */
static bool
scan_assigned(struct scan *s, struct arena *a, struct span *out)
{
	struct scan t = *s, value;
	bool gap;

	if (!scan_equals(&t))
		return false;
	value = t;
	gap = authres_gap(&value);
	if (is_boundary(&value) || (gap && is_property(value, a))) {
		*out = SPAN("");
		*s = t;
		return true;
	}
	if (!scan_word_value(&value, a, out))
		return false;
	*s = value;
	return true;
}

/* propspec of RFC 8601 2.2, without the CFWS before it. */
static bool
scan_property(struct scan *s, struct arena *a, struct authres_property *p)
{
	struct scan t = *s;

	if (!scan_name(&t, a, &p->ptype, &p->name) ||
	    !scan_assigned(&t, a, &p->value))
		return false;
	*s = t;
	return true;
}

static bool
scan_reason(struct scan *s, struct arena *a, struct span *reason)
{
	struct scan t = *s;

	if (!scan_caseliteral(&t, SPAN("reason")) ||
	    !scan_assigned(&t, a, reason))
		return false;
	*s = t;
	return true;
}

/* Any other text, up to the boundary. A quoted-string may begin it or follow a
 * "=". Returns false at any other quote and at a control octet. */
static bool
scan_other(struct scan *s, struct arena *a, struct span *out)
{
	struct scan t = *s;
	struct span part;

	while (!is_boundary(&t)) {
		bool may_open = t.p == s->p || t.p[-1] == '=';

		if (!scan_class(&t, is_plain, &part) &&
		    !(may_open && scan_quoted(&t, a, &part)))
			return false;
	}
	*out = scan_since(&t, s);
	*s = t;
	return out->len > 0;
}

/* [ "/" version ] "=" result, with CFWS, up to the boundary. If that cannot be
 * read, skips a "=" and returns false. */
static bool
scan_head(struct scan *s, struct arena *a, struct authres_result *r)
{
	struct scan t = *s;

	if ((!authres_mark(&t, '/') || authres_version(&t, &r->version)) &&
	    authres_mark(&t, '=') && authres_keyword(&t, a, &r->result) &&
	    is_boundary(&t)) {
		*s = t;
		return true;
	}
	r->version = 1;
	r->result = SPAN_NONE;
	authres_mark(s, '=');
	return false;
}

static void
add_property(
    struct authres_entry *e, struct authres_property p, struct arena *a)
{
	struct authres_result *r = &e->result;

	*ARENA_PUSH(a, r->properties, r->nproperties) = p;
}

/* Reads one part of a result. Returns false if reading stops there. */
static bool
read_part(struct scan *s, struct arena *a, struct authres_entry *e,
    struct buf *skipped)
{
	struct authres_property p;
	struct span other;

	if (e->result.nproperties == LIMIT_AUTHRES_PROPERTIES) {
		e->clear = false;
		return scan_other(s, a, &other);
	}
	if (scan_property(s, a, &p)) {
		add_property(e, p, a);
		return true;
	}
	if (!e->result.reason.p && scan_reason(s, a, &e->result.reason))
		return true;
	if (!scan_other(s, a, &other))
		return false;
	if (skipped->len)
		buf_char(skipped, ' ');
	buf_add(skipped, other);
	return true;
}

/* Reads a result after its method. Returns false if reading stops in it. */
static bool
read_result(struct scan *s, struct arena *a, struct authres_entry *e)
{
	struct buf skipped = BUF(a);

	e->result.version = 1;
	e->result.reason = SPAN_NONE;
	e->clear = scan_head(s, a, &e->result);
	while (scan_cfws(s)) {
		if (scan_end(s) || *s->p == ';') {
			e->skipped =
			    skipped.len ? buf_span(&skipped) : SPAN_NONE;
			return true;
		}
		if (!read_part(s, a, e, &skipped))
			break;
	}
	return false;
}

/* Skips to the next semicolon outside quotes and comments. Returns false if one
 * of these does not end. */
static bool
skip_resinfo(struct scan *s, struct arena *a)
{
	struct span quoted;

	while (!scan_end(s) && *s->p != ';') {
		const char *here = s->p;

		if (!scan_cfws(s))
			return false;
		if (s->p > here || scan_quoted_string(s, a, &quoted))
			continue;
		if (scan_char(s, '"'))
			return false;
		s->p++;
	}
	return true;
}

/* Reads the text between two semicolons. Returns false if reading stops in
 * it. */
static bool
read_resinfo(struct scan *s, struct arena *a, struct authres_reading *out)
{
	struct authres_entry e = {.clear = false};
	struct scan start;
	struct span word;

	if (!scan_cfws(s))
		return false;
	start = *s;
	if (!scan_class(s, ascii_is_token, &word) ||
	    !is_among(word, methods, METHODS))
		return skip_resinfo(s, a);
	if (out->nentries == LIMIT_AUTHRES_RESULTS) {
		out->omitted++;
		return skip_resinfo(s, a);
	}
	s->p = start.p;
	if (!authres_keyword(s, a, &e.result.method) || !read_result(s, a, &e))
		return false;
	e.text = span_trim(scan_since(s, &start));
	*ARENA_PUSH(a, out->entries, out->nentries) = e;
	return true;
}

/* authserv-id [CFWS version] [CFWS], before a ";". */
static bool
read_id(struct scan *s, struct arena *a, struct authres_reading *out)
{
	struct scan t = *s, version;

	if (!scan_cfws(&t) || !authres_value(&t, a, &out->id))
		return false;
	version = t;
	if (authres_gap(&version) && authres_version(&version, &out->version))
		t = version;
	if (!scan_cfws(&t) || scan_peek(&t) != ';')
		return false;
	*s = t;
	return true;
}

/* Does a body begin with a methodspec up to its "/" or "=", without an id? */
static bool
begins_with_result(struct scan s)
{
	struct span method;

	return scan_cfws(&s) && scan_class(&s, ascii_is_token, &method) &&
	    scan_cfws(&s) && (scan_char(&s, '=') || scan_char(&s, '/'));
}

static bool
has_odd_quotes(struct span comment)
{
	bool odd = false;

	for (size_t i = 0; i < comment.len; i++) {
		odd ^= comment.p[i] == '"';
		i += comment.p[i] == '\\';
	}
	return odd;
}

/*
 * The end of what can be trusted: inside the first comment with an odd number
 * of quotes, or the end of the body. Some servers copy MAIL FROM into a
 * comment, and a ")" within the quotes of its local part ends that comment
 * early: the sender wrote the text after it.
 */
static const char *
readable_end(struct span body)
{
	struct scan s = scan_of(body);

	while (!scan_end(&s)) {
		struct scan start = s;

		if (*s.p == '"') {
			if (!authres_quotes(&s))
				break;
		} else if (*s.p != '(') {
			s.p++;
		} else if (!scan_cfws(&s)) {
			break;
		} else if (has_odd_quotes(scan_since(&s, &start))) {
			return start.p + 1;
		}
	}
	return s.end;
}

bool
authres_read(struct span body, bool may_lack_id, struct arena *a,
    struct authres_reading *out)
{
	struct scan s = {body.p, readable_end(body)}, start;
	bool reads = true;

	*out = (struct authres_reading){.version = 1};
	if (!read_id(&s, a, out)) {
		*out = (struct authres_reading){.version = 1};
		if (!may_lack_id || !begins_with_result(s))
			return false;
		start = s;
		reads = read_resinfo(&s, a, out);
	}
	while (reads && scan_char(&s, ';')) {
		start = s;
		reads = read_resinfo(&s, a, out);
	}
	if (!reads)
		out->rest = span_between(start.p, body.p + body.len);
	return true;
}
