/* dkim_signature: a DKIM-Signature field to a checked struct. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "dkim/dkim.h"
#include "base/domain.h"
#include "base/limit.h"

/* a=: the algorithms (RFC 6376 3.3, RFC 8463 3). Tag values are case-sensitive
 * (RFC 6376 3.2), except for names of fields and domains. */
static const struct {
	const char *name;
	enum key_type type;
	enum digest_hash hash;
} algorithms[] = {
    {"rsa-sha256", KEY_RSA, DIGEST_SHA256},
    {"ed25519-sha256", KEY_ED25519, DIGEST_SHA256},
    {"rsa-sha1", KEY_RSA, DIGEST_SHA1},
};

static enum dkim_reason
parse_algorithm(struct dkim_signature *s, struct span value, struct arena *a)
{
	(void)a;
	s->algorithm = value;
	for (size_t i = 0; i < COUNT(algorithms); i++)
		if (span_eq(value, span_of(algorithms[i].name))) {
			s->type = algorithms[i].type;
			s->hash = algorithms[i].hash;
			return DKIM_OK;
		}
	return DKIM_ALGORITHM;
}

/* Returns d=, s= or the domain of i= in normal form; absent if it is
 * not valid, or ends with a dot (RFC 6376 3.5). U-labels are
 * accepted beside A-labels (RFC 8616 5). */
static struct span
normal_name(struct span value, struct arena *a)
{
	if (value.len && value.p[value.len - 1] == '.')
		return SPAN_NONE;
	return domain_normal(value, a);
}

static enum dkim_reason
parse_domain(struct dkim_signature *s, struct span value, struct arena *a)
{
	s->domain = normal_name(value, a);
	/* RFC 6376 3.5: domain-name has at least two labels. */
	return s->domain.p && domain_labels(s->domain) > 1 ? DKIM_OK
							   : DKIM_TAG_SYNTAX;
}

static enum dkim_reason
parse_selector(struct dkim_signature *s, struct span value, struct arena *a)
{
	s->selector = normal_name(value, a);
	return s->selector.p ? DKIM_OK : DKIM_TAG_SYNTAX;
}

/* c=header[/body]; without "/" the body is simple, whatever the header is. */
static enum dkim_reason
parse_canon(struct dkim_signature *s, struct span value, struct arena *a)
{
	struct span body = value, header = span_cut(&body, '/');

	(void)a;
	if (!canon_parse(header, &s->header))
		return DKIM_CANON;
	if (body.p && !canon_parse(body, &s->body))
		return DKIM_CANON;
	return DKIM_OK;
}

static enum dkim_reason
parse_query(struct dkim_signature *s, struct span value, struct arena *a)
{
	struct span item;

	(void)s;
	(void)a;
	while (taglist_item(&value, ':', &item))
		if (span_eq(item, SPAN("dns/txt")))
			return DKIM_OK;
	return DKIM_QUERY;
}

/* hdr-name = field-name (RFC 6376 2.10); From must be among them (5.4). */
static enum dkim_reason
parse_names(struct dkim_signature *s, struct span value, struct arena *a)
{
	struct span item;
	size_t n = 0, empty = 0;
	bool from = false;

	(void)a;
	s->names = value;
	while (taglist_item(&value, ':', &item)) {
		/* "from:": all verifiers known to us accept an empty name. */
		if (span_empty(item))
			empty++;
		for (size_t i = 0; i < item.len; i++)
			if (!ascii_is_ftext(item.p[i]))
				return DKIM_TAG_SYNTAX;
		if (++n > LIMIT_SIGNED_FIELDS)
			return DKIM_TOO_LARGE;
		from = from || span_caseeq(item, SPAN("From"));
	}
	if (n == empty)
		return DKIM_TAG_SYNTAX;
	if (empty)
		s->irregular = SPAN("an empty name in h=");
	return from ? DKIM_OK : DKIM_FROM_UNSIGNED;
}

/* Does it have an octet that no address may have (RFC 5321 4.1.2)? */
static bool
has_control(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_vchar(s.p[i]) && !ascii_is_8bit(s.p[i]) &&
		    s.p[i] != ' ')
			return true;
	return false;
}

/* Is the local-part unambiguous: empty, quoted, or without "@"? */
static bool
is_local_part(struct span text)
{
	return (text.len > 1 && text.p[0] == '"' &&
		   text.p[text.len - 1] == '"') ||
	    span_find(text, '@') == text.len;
}

bool
dkim_auid_parse(
    struct span text, struct arena *a, struct span *local, struct span *domain)
{
	size_t at = span_find_last(text, '@');

	*local = span_upto(text, at);
	if (at == text.len || has_control(text) || !is_local_part(*local))
		return false;
	*domain = normal_name(span_from(text, at + 1), a);
	return true;
}

/* i=[local-part]@domain-name. */
static enum dkim_reason
parse_auid(struct dkim_signature *s, struct span value, struct arena *a)
{
	struct span text, local;

	if (!dkim_qp_decode(value, a, &text) ||
	    !dkim_auid_parse(text, a, &local, &s->auid_domain))
		return DKIM_TAG_SYNTAX;
	s->auid = text;
	return s->auid_domain.p ? DKIM_OK : DKIM_TAG_SYNTAX;
}

static enum dkim_reason
parse_body_hash(struct dkim_signature *s, struct span value, struct arena *a)
{
	return base64_decode(value, a, &s->body_hash) ? DKIM_OK
						      : DKIM_TAG_SYNTAX;
}

static enum dkim_reason
parse_signature(struct dkim_signature *s, struct span value, struct arena *a)
{
	struct buf text = BUF(a);

	for (size_t i = 0; i < value.len; i++)
		if (!ascii_is_space(value.p[i]))
			buf_char(&text, value.p[i]);
	s->text = buf_span(&text);
	if (!s->text.len || !base64_decode(value, a, &s->signature))
		return DKIM_TAG_SYNTAX;
	return DKIM_OK;
}

/* l=1*76DIGIT. INT64_MAX replaces larger numbers: no body is that long. */
static enum dkim_reason
parse_length(struct dkim_signature *s, struct span value, struct arena *a)
{
	(void)a;
	if (value.len > 76)
		return DKIM_TAG_SYNTAX;
	while (value.len > 1 && value.p[0] == '0')
		value = span_from(value, 1);
	s->has_length = true;
	if (span_number(value, INT64_MAX, &s->length))
		return DKIM_OK;
	for (size_t i = 0; i < value.len; i++)
		if (!ascii_is_digit(value.p[i]))
			return DKIM_TAG_SYNTAX;
	s->length = INT64_MAX;
	return value.len ? DKIM_OK : DKIM_TAG_SYNTAX;
}

static enum dkim_reason
parse_seconds(struct span value, bool *has, int64_t *seconds)
{
	uint64_t number;

	if (value.len > LIMIT_TIME_DIGITS ||
	    !span_number(value, INT64_MAX, &number))
		return DKIM_TAG_SYNTAX;
	*has = true;
	*seconds = (int64_t)number;
	return DKIM_OK;
}

static enum dkim_reason
parse_time(struct dkim_signature *s, struct span value, struct arena *a)
{
	(void)a;
	return parse_seconds(value, &s->has_time, &s->time);
}

static enum dkim_reason
parse_expiry(struct dkim_signature *s, struct span value, struct arena *a)
{
	(void)a;
	return parse_seconds(value, &s->has_expiry, &s->expiry);
}

static enum dkim_reason
parse_version(struct dkim_signature *s, struct span value, struct arena *a)
{
	(void)s;
	(void)a;
	return span_eq(value, SPAN("1")) ? DKIM_OK : DKIM_VERSION;
}

/* The tags of RFC 6376 3.5 in the order in which faults are reported; b=, d=
 * and s= come first, so that every result can name the signature. */
static const struct {
	const char *name;
	const char *syntax; /* "X= is not ...", for DKIM_TAG_SYNTAX */
	bool required;
	enum dkim_reason (*parse)(
	    struct dkim_signature *, struct span, struct arena *);
} tag_table[] = {
    {"b", "base64", true, parse_signature},
    {"d", "a domain name of two labels or more", true, parse_domain},
    {"s", "a selector", true, parse_selector},
    {"a", NULL, true, parse_algorithm},
    {"v", NULL, true, parse_version},
    {"bh", "a hash of this algorithm in base64", true, parse_body_hash},
    {"i", "an address, or @ and a domain name", false, parse_auid},
    {"h", "a list of field names", true, parse_names},
    {"c", NULL, false, parse_canon},
    {"q", NULL, false, parse_query},
    {"l", "a number of up to 76 digits", false, parse_length},
    {"t", "a number of up to 12 digits", false, parse_time},
    {"x", "a number of up to 12 digits", false, parse_expiry},
};
#define TAGS (COUNT(tag_table))

/* Records which tag the reason is about, and words about it. */
static void
set_detail(struct dkim_signature *s, const struct taglist *list,
    const char *name, enum dkim_reason reason, struct arena *a)
{
	const struct tag *tag = taglist_find(list, name);
	size_t i = 0;

	s->wrong = s->detail = SPAN_NONE;
	if (tag)
		s->wrong = span_trim(
		    span_between(tag->name.p, tag->whole.p + tag->whole.len));
	while (i < TAGS - 1 && strcmp(tag_table[i].name, name) != 0)
		i++;
	if (reason == DKIM_TAG_MISSING)
		s->detail = arena_printf(a, "%s=", name);
	else if (reason == DKIM_TAG_SYNTAX)
		s->detail =
		    arena_printf(a, "%s= is not %s", name, tag_table[i].syntax);
}

/* Parses every tag, so that the result can show those that are valid. Returns
 * the first reason; one of syntax (neutral) takes precedence over all
 * others. */
static enum dkim_reason
parse_tags(
    struct dkim_signature *s, const struct taglist *list, struct arena *a)
{
	enum dkim_reason first = DKIM_OK;

	for (size_t i = 0; i < TAGS; i++) {
		const struct tag *tag = taglist_find(list, tag_table[i].name);
		enum dkim_reason reason = DKIM_OK;

		if (tag)
			reason = tag_table[i].parse(s, tag->value, a);
		else if (tag_table[i].required)
			reason = DKIM_TAG_MISSING;
		if (reason != DKIM_OK &&
		    (first == DKIM_OK ||
			(dkim_reasons[reason].code == RESULT_NEUTRAL &&
			    dkim_reasons[first].code != RESULT_NEUTRAL))) {
			first = reason;
			set_detail(s, list, tag_table[i].name, reason, a);
		}
	}
	return first;
}

/* Checks that involve more than one tag; *name is
 * the tag that a reason is about. */
static enum dkim_reason
check(const struct dkim_signature *s, const char **name)
{
	*name = "bh";
	/* RFC 6376 3.5: bh= has the length of a hash of a=. */
	if (s->body_hash.len != digest_size(s->hash))
		return DKIM_TAG_SYNTAX;
	*name = "i";
	if (!domain_within(s->auid_domain, s->domain))
		return DKIM_AUID;
	*name = "x";
	if (s->has_time && s->has_expiry && s->expiry <= s->time)
		return DKIM_EXPIRY_ORDER;
	return DKIM_OK;
}

static void
check_all(struct dkim_signature *s, const struct taglist *list,
    enum dkim_reason *reason, struct arena *a)
{
	const char *name;

	*reason = check(s, &name);
	if (*reason != DKIM_OK)
		set_detail(s, list, name, *reason, a);
}

/* Records what is invalid in the tag-list as a whole. */
static void
set_list_detail(struct dkim_signature *s, const struct taglist *list,
    enum dkim_reason reason)
{
	struct span name = list->words;

	s->wrong = list->wrong;
	s->detail = list->words;
	if (reason ==
	    DKIM_TAG_DUPLICATE) /* the words after the tag repeat the reason */
		s->detail = span_upto(name, span_find(name, ' '));
}

static enum dkim_reason
list_reason(enum taglist_status status)
{
	switch (status) {
	case TAGLIST_OK:
		return DKIM_OK;
	case TAGLIST_DUPLICATE:
		return DKIM_TAG_DUPLICATE;
	case TAGLIST_TOO_LARGE:
		return DKIM_TOO_LARGE;
	case TAGLIST_SYNTAX:
		break;
	}
	return DKIM_TAG_SYNTAX;
}

enum dkim_reason
dkim_signature_parse(
    const struct field *field, struct arena *a, struct dkim_signature *s)
{
	struct taglist list;
	enum dkim_reason reason;

	*s = (struct dkim_signature){.field = field, .length = UINT64_MAX};
	reason = list_reason(taglist_parse(field->body, a, &list));
	if (reason != DKIM_OK && reason != DKIM_TAG_DUPLICATE) {
		set_list_detail(s, &list, reason);
		return reason;
	}
	if (list.irregular.p)
		s->irregular = SPAN("a hyphen or dot in a tag name");
	if (reason == DKIM_OK) {
		reason = parse_tags(s, &list, a);
	} else {
		parse_tags(s, &list, a);
		set_list_detail(s, &list, reason);
	}
	if (!s->auid_domain.p)
		s->auid_domain = s->domain;
	if (taglist_find(&list, "b"))
		s->blank = taglist_find(&list, "b")->whole;
	if (reason == DKIM_OK)
		check_all(s, &list, &reason, a);
	return reason;
}

struct span
dkim_signature_text(const struct dkim_signature *s, struct arena *a)
{
	struct span raw = s->field->raw;

	return ARENA_JOIN(a, span_between(raw.p, s->blank.p),
	    span_between(s->blank.p + s->blank.len, raw.p + raw.len));
}
