/* authres: read an Authentication-Results field by RFC 8601 2.2. */
/* SPDX-License-Identifier: ISC */

#include "mail/authres_internal.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"
#include "base/scan.h"

/* An octet of a token (RFC 2045 5.1), or of UTF-8, which RFC 8601 2.5 allows
 * in an authserv-id. */
static bool
is_token(char c)
{
	return ascii_is_token(c) || ascii_is_8bit(c);
}

static bool
is_ldh(char c)
{
	return ascii_is_alnum(c) || c == '-';
}

/* An octet of a domain-name (RFC 6376 3.5), of a U-label (RFC 8616), or an
 * underscore. */
static bool
is_domain(char c)
{
	return is_ldh(c) || c == '.' || c == '_' || ascii_is_8bit(c);
}

bool
authres_value(struct scan *s, struct arena *a, struct span *out)
{
	return scan_quoted_string(s, a, out) || scan_class(s, is_token, out);
}

bool
authres_quotes(struct scan *s)
{
	struct scan t = *s;

	if (!scan_char(&t, '"'))
		return false;
	while (!scan_end(&t) && *t.p != '"')
		t.p += *t.p == '\\' && t.end - t.p > 1 ? 2 : 1;
	if (!scan_char(&t, '"'))
		return false;
	*s = t;
	return true;
}

bool
authres_gap(struct scan *s)
{
	struct scan t = *s;

	if (!scan_cfws(&t) || t.p == s->p)
		return false;
	*s = t;
	return true;
}

bool
authres_mark(struct scan *s, char c)
{
	struct scan t = *s;

	if (!scan_cfws(&t) || !scan_char(&t, c) || !scan_cfws(&t))
		return false;
	*s = t;
	return true;
}

bool
authres_keyword(struct scan *s, struct arena *a, struct span *out)
{
	struct scan t = *s;
	struct span word;

	if (!scan_class(&t, is_ldh, &word) || word.p[word.len - 1] == '-')
		return false;
	*out = arena_lower(a, word);
	*s = t;
	return true;
}

bool
authres_version(struct scan *s, uint64_t *version)
{
	struct span digits;

	return scan_class(s, ascii_is_digit, &digits) &&
	    span_number(digits, UINT64_MAX, version);
}

/* [local-part] "@" domain-name of a pvalue. A domain-name without "@" is left
 * to authres_value(). */
static bool
scan_address(struct scan *s, struct arena *a, struct span *out)
{
	struct scan t = *s;
	struct span local = SPAN(""), domain;
	struct buf b = BUF(a);

	if (!scan_quoted_string(&t, a, &local))
		scan_dot_atom_text(&t, &local);
	if (!scan_cfws(&t) || !scan_char(&t, '@') ||
	    !scan_class(&t, is_domain, &domain))
		return false;
	buf_add(&b, local);
	buf_char(&b, '@');
	buf_add(&b, domain);
	*out = buf_span(&b);
	*s = t;
	return true;
}

/* CFWS ptype "." property "=" pvalue. The CFWS before it is required, as in
 * RFC 7601 and in erratum 6026 of RFC 8601. */
static bool
scan_propspec(struct scan *s, struct arena *a, struct authres_property *p)
{
	struct scan t = *s;

	if (!authres_gap(&t) || !authres_keyword(&t, a, &p->ptype) ||
	    !authres_mark(&t, '.') || !authres_keyword(&t, a, &p->name) ||
	    !authres_mark(&t, '='))
		return false;
	if (!scan_address(&t, a, &p->value) && !authres_value(&t, a, &p->value))
		return false;
	*s = t;
	return true;
}

/* CFWS "reason" "=" value */
static bool
scan_reasonspec(struct scan *s, struct arena *a, struct span *reason)
{
	struct scan t = *s;

	if (!authres_gap(&t) || !scan_caseliteral(&t, SPAN("reason")) ||
	    !authres_mark(&t, '=') || !authres_value(&t, a, reason))
		return false;
	*s = t;
	return true;
}

/* method [ "/" method-version ] "=" result */
static bool
scan_methodspec(struct scan *s, struct arena *a, struct authres_result *r)
{
	r->version = 1;
	return authres_keyword(s, a, &r->method) &&
	    (!authres_mark(s, '/') || authres_version(s, &r->version)) &&
	    authres_mark(s, '=') && authres_keyword(s, a, &r->result);
}

/* resinfo without its semicolon. Unlike the productions above, it has moved
 * the cursor when it returns false. */
static bool
scan_resinfo(struct scan *s, struct arena *a, struct authres_result *r)
{
	struct authres_property p;

	if (!scan_methodspec(s, a, r))
		return false;
	if (!scan_reasonspec(s, a, &r->reason))
		r->reason = SPAN_NONE;
	while (scan_propspec(s, a, &p)) {
		if (r->nproperties == LIMIT_AUTHRES_PROPERTIES)
			return false;
		*ARENA_PUSH(a, r->properties, r->nproperties) = p;
	}
	return true;
}

/* [CFWS] and the end of the field, after the semicolon that some servers
 * append. */
static bool
scan_finish(struct scan *s)
{
	return (authres_mark(s, ';') || scan_cfws(s)) && scan_end(s);
}

/* no-result */
static bool
scan_no_result(struct scan *s)
{
	struct scan t = *s;

	return authres_mark(&t, ';') && scan_caseliteral(&t, SPAN("none")) &&
	    scan_finish(&t);
}

/* Parses and counts the results over LIMIT_AUTHRES_RESULTS, keeping none. */
static bool
scan_left_out(struct scan *s, struct authres *out)
{
	struct arena *a = arena_new();
	bool reads = true;

	while (reads && authres_mark(s, ';') && !scan_end(s)) {
		struct authres_result r = {.version = 1};

		reads = scan_resinfo(s, a, &r);
		arena_reset(a);
		out->omitted++;
	}
	arena_free(a);
	return reads;
}

/* 1*resinfo */
static bool
scan_results(struct scan *s, struct arena *a, struct authres *out)
{
	while (out->nresults < LIMIT_AUTHRES_RESULTS && authres_mark(s, ';') &&
	    !scan_end(s)) {
		struct authres_result r = {.version = 1};

		if (!scan_resinfo(s, a, &r))
			return false;
		*ARENA_PUSH(a, out->results, out->nresults) = r;
	}
	if (out->nresults == LIMIT_AUTHRES_RESULTS && !scan_left_out(s, out))
		return false;
	return out->nresults > 0 && scan_finish(s);
}

/* RFC 8601 2.2 */
bool
authres_parse(struct span body, struct arena *a, struct authres *out)
{
	struct scan s = scan_of(body), t;

	*out = (struct authres){.version = 1};
	if (!scan_cfws(&s) || !authres_value(&s, a, &out->id))
		return false;
	t = s;
	if (authres_gap(&t) && !scan_end(&t) && ascii_is_digit(*t.p)) {
		if (!authres_version(&t, &out->version))
			return false;
		s = t;
	}
	return scan_no_result(&s) || scan_results(&s, a, out);
}
