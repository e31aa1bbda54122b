/* dmarc_record: a record's text to a checked struct. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "dmarc/dmarc.h"
#include "mail/mailbox.h"
#include "base/taglist.h"

static const struct span version = {"DMARC1", 6};

/* A part of a record between semicolons. Its name is absent if it is not
 * tag=value (RFC 9989 4.8, dmarc-tag); its value is not checked yet. */
struct item {
	struct span whole, name, value;
};

static bool
is_name(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alpha(s.p[i]))
			return false;
	return s.len > 0;
}

static bool
is_value(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_vchar(s.p[i]) && !ascii_is_wsp(s.p[i]))
			return false;
	return s.len > 0;
}

/* The state of parsing a record. */
struct reader {
	struct dmarc_record record;
	struct arena *arena;
};

static void
add_flaw(struct reader *r, enum dmarc_flaw_kind kind, struct span tag)
{
	struct dmarc_record *record = &r->record;

	*ARENA_PUSH(r->arena, record->flaws, record->nflaws) =
	    (struct dmarc_flaw){kind, tag};
}

/* Takes the next part off rest. Returns false at the end. */
static bool
next_item(struct span *rest, struct item *item)
{
	struct span value;

	if (!taglist_item(rest, ';', &item->whole))
		return false;
	value = item->whole;
	item->name = span_trim(span_cut(&value, '='));
	item->value = span_trim(value);
	if (!value.p || !is_name(item->name))
		item->name = SPAN_NONE;
	return true;
}

/* RFC 9989 4.8, dmarc-record: nothing precedes the "v". */
bool
dmarc_is_record(struct span text)
{
	struct item item;

	return span_starts(text, SPAN("v")) && next_item(&text, &item) &&
	    span_eq(item.name, SPAN("v")) && span_eq(item.value, version);
}

/*
 * The tags: each set_x() parses the value of tag x. It returns false and sets
 * the default if the value is invalid.
 */

static bool
set_policy(struct span value, enum dmarc_policy *policy)
{
	*policy = DMARC_POLICY_NONE;
	for (int i = DMARC_POLICY_NONE; i <= DMARC_POLICY_REJECT; i++)
		if (span_caseeq(value,
			span_of(dmarc_policy_name((enum dmarc_policy)i)))) {
			*policy = (enum dmarc_policy)i;
			return true;
		}
	return false;
}

static bool
set_p(struct span value, struct reader *r)
{
	return r->record.has_p = set_policy(value, &r->record.p);
}

static bool
set_sp(struct span value, struct reader *r)
{
	return r->record.has_sp = set_policy(value, &r->record.sp);
}

static bool
set_np(struct span value, struct reader *r)
{
	return r->record.has_np = set_policy(value, &r->record.np);
}

/* Sets a flag by one of two letters. */
static bool
set_flag(struct span value, const char *yes, const char *no, bool *flag)
{
	*flag = span_caseeq(value, span_of(yes));
	return *flag || span_caseeq(value, span_of(no));
}

static bool
set_adkim(struct span value, struct reader *r)
{
	return set_flag(value, "s", "r", &r->record.strict_dkim);
}

static bool
set_aspf(struct span value, struct reader *r)
{
	return set_flag(value, "s", "r", &r->record.strict_spf);
}

static bool
set_t(struct span value, struct reader *r)
{
	return set_flag(value, "y", "n", &r->record.testing);
}

static bool
set_psd(struct span value, struct reader *r)
{
	static const char letters[] = "uyn"; /* as enum dmarc_psd */
	const char *at =
	    value.len == 1 ? memchr(letters, ascii_lower(value.p[0]), 3) : NULL;

	r->record.psd = at ? (enum dmarc_psd)(at - letters) : DMARC_PSD_U;
	return at;
}

static bool
set_pct(struct span value, struct reader *r)
{
	uint64_t number;
	/* RFC 7489 6.4, dmarc-percent */
	bool good = value.len <= 3 && span_number(value, 100, &number);

	r->record.pct = good ? (unsigned)number : 100;
	return good;
}

/* RFC 9989 4.8, dmarc-fo: at most one of 0 and 1, each letter once. */
static bool
is_fo(struct span value)
{
	struct span item;
	bool number = false, d = false, s = false;

	while (taglist_item(&value, ':', &item)) {
		bool *seen = span_caseeq(item, SPAN("d")) ? &d
		    : span_caseeq(item, SPAN("s"))        ? &s
		    : span_eq(item, SPAN("0")) || span_eq(item, SPAN("1"))
		    ? &number
		    : NULL;

		if (!seen || *seen)
			return false;
		*seen = true;
	}
	return number || d || s;
}

static bool
set_fo(struct span value, struct reader *r)
{
	bool good = is_fo(value);

	r->record.fo = good ? value : SPAN_NONE;
	return good;
}

/*
 * Reporting URIs.
 */

/* obs-dmarc-report-size (RFC 9989 4.8), which is ignored. */
static struct span
without_size(struct span uri)
{
	size_t at = span_find_last(uri, '!'), n = uri.len;

	if (at == n)
		return uri;
	if (n > at + 1 && memchr("kmgtKMGT", uri.p[n - 1], 8))
		n--;
	if (n == at + 1)
		return uri;
	for (size_t i = at + 1; i < n; i++)
		if (!ascii_is_digit(uri.p[i]))
			return uri;
	return span_upto(uri, at);
}

/* RFC 3986 3.1 */
static bool
is_scheme(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]) && !memchr("+-.", s.p[i], 3))
			return false;
	return s.len && ascii_is_alpha(s.p[0]);
}

/* RFC 3986 2.1: does s begin with what must follow a "%"? */
static bool
is_hex_pair(struct span s)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	return s.len >= 2 && memchr(digits, s.p[0], sizeof(digits) - 1) &&
	    memchr(digits, s.p[1], sizeof(digits) - 1);
}

/* Has a text only octets of RFC 3986 2, and no "!" (RFC 9989 4.8)? Commas have
 * been taken as separators before. */
static bool
is_uri_text(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_vchar(s.p[i]) ||
		    memchr("!\"<>\\^`{|}", s.p[i], 10) ||
		    (s.p[i] == '%' && !is_hex_pair(span_from(s, i + 1))))
			return false;
	return s.len > 0;
}

static bool
parse_uri(struct span text, struct arena *a, struct dmarc_uri *uri)
{
	struct mailbox m;
	struct span address, scheme;

	*uri = (struct dmarc_uri){.text = without_size(text)};
	address = uri->text;
	scheme = span_cut(&address, ':');
	if (!is_scheme(scheme) || !is_uri_text(address))
		return false;
	if (!span_caseeq(scheme, SPAN("mailto")))
		return true;
	/* RFC 6068 2; a fragment has no meaning in a mailto: URI. */
	address = span_upto(address, span_find(address, '#'));
	address = span_upto(address, span_find(address, '?'));
	if (mailbox_parse(address, false, a, &m) != MAILBOX_OK)
		return false;
	uri->domain = m.domain;
	return true;
}

/* Adds an invalid URI of a list as a flaw of its own, "rua=URI". */
static void
add_bad_uri(struct reader *r, const char *name, struct span text)
{
	struct buf b = BUF(r->arena);

	buf_str(&b, name);
	buf_char(&b, '=');
	buf_add(&b, text);
	add_flaw(r, DMARC_FLAW_VALUE, buf_span(&b));
}

/* Keeps the valid URIs of a list and adds each invalid one as a flaw. Returns
 * false if any is invalid or empty, or the list has none. An empty one is not
 * added: only the whole list can show where it is. */
static bool
parse_uris(struct span value, struct reader *r, const char *name,
    struct dmarc_uri **list, size_t *n)
{
	struct dmarc_uri uri;
	struct span text;
	bool good = true;

	*list = NULL;
	*n = 0;
	while (taglist_item(&value, ',', &text)) {
		if (parse_uri(text, r->arena, &uri)) {
			*ARENA_PUSH(r->arena, *list, *n) = uri;
			continue;
		}
		if (text.len)
			add_bad_uri(r, name, text);
		good = false;
	}
	return good && *n;
}

static bool
set_rua(struct span value, struct reader *r)
{
	return parse_uris(value, r, "rua", &r->record.rua, &r->record.nrua);
}

static bool
set_ruf(struct span value, struct reader *r)
{
	return parse_uris(value, r, "ruf", &r->record.ruf, &r->record.nruf);
}

enum tag_kind {
	TAG_PLAIN,
	TAG_POLICY,     /* an invalid value voids all policies */
	TAG_NEW_POLICY, /* the same, but ignored by RFC 7489 */
	TAG_OBSOLETE,   /* RFC 9989 C.5.2 */
};

/* RFC 9989 9.3. The first tag, v, has been checked by dmarc_is_record(). */
static const struct tag_rule {
	const char *name;
	bool (*set)(struct span value, struct reader *r);
	enum tag_kind kind;
} rules[] = {
    {"v", NULL, TAG_PLAIN},
    {"p", set_p, TAG_POLICY},
    {"sp", set_sp, TAG_POLICY},
    {"np", set_np, TAG_NEW_POLICY},
    {"adkim", set_adkim, TAG_PLAIN},
    {"aspf", set_aspf, TAG_PLAIN},
    {"t", set_t, TAG_PLAIN},
    {"psd", set_psd, TAG_PLAIN},
    {"rua", set_rua, TAG_PLAIN},
    {"ruf", set_ruf, TAG_PLAIN},
    {"fo", set_fo, TAG_PLAIN},
    {"pct", set_pct, TAG_OBSOLETE},
    {"rf", NULL, TAG_OBSOLETE},
    {"ri", NULL, TAG_OBSOLETE},
};
#define RULES (COUNT(rules))

static const struct tag_rule *
find_rule(struct span name)
{
	for (size_t i = 0; i < RULES; i++)
		if (span_eq(name, span_of(rules[i].name)))
			return &rules[i];
	return NULL;
}

/* Applies a tag that has a rule. If it was seen before, both values are
 * ignored. */
static void
apply(struct reader *r, const struct tag_rule *rule, const struct item *item,
    bool seen)
{
	struct dmarc_record *record = &r->record;
	struct span value = seen ? SPAN_NONE : item->value;
	size_t before = record->nflaws;
	bool good = !rule->set || rule->set(value, r);
	bool is_named = record->nflaws > before;

	good = good && !seen && is_value(item->value);
	if (rule->kind == TAG_OBSOLETE)
		add_flaw(r, DMARC_FLAW_OBSOLETE, item->whole);
	if (seen)
		add_flaw(r, DMARC_FLAW_DUPLICATE, item->whole);
	else if (!good && !is_named)
		add_flaw(r, DMARC_FLAW_VALUE, item->whole);
	/* RFC 9989 4.10.1, RFC 7489 6.6.3 step 6 */
	record->bad_old_policy |= rule->kind == TAG_POLICY && !good;
	record->bad_policy |= rule->kind == TAG_NEW_POLICY && !good;
	record->bad_policy |= record->bad_old_policy;
}

/* Ignores what is not a known tag, as a flaw (RFC 9989 4.7, 4.8). */
static void
skip(struct reader *r, const struct item *item)
{
	if (!item->whole.len)
		return;
	add_flaw(r,
	    item->name.p && is_value(item->value) ? DMARC_FLAW_UNKNOWN
						  : DMARC_FLAW_SYNTAX,
	    item->whole);
}

static void
read_tags(struct reader *r, struct span rest)
{
	bool seen[RULES] = {true}; /* v= */
	struct item item;
	const char *last = rest.p;

	next_item(&rest, &item);
	while (next_item(&rest, &item)) {
		const struct tag_rule *rule = find_rule(item.name);

		/* RFC 9989 4.8: one dmarc-sep between tags, and at the end. */
		if (!item.whole.len && rest.p && !r->record.gap.p)
			r->record.gap = span_between(last, rest.p);
		last = item.whole.p;
		if (!rule) {
			skip(r, &item);
			continue;
		}
		apply(r, rule, &item, seen[rule - rules]);
		seen[rule - rules] = true;
	}
}

void
dmarc_record_parse(struct span text, struct arena *a, struct dmarc_record *out)
{
	struct reader r = {{.text = text, .pct = 100}, a};

	read_tags(&r, text);
	*out = r.record;
	/* RFC 9989 4.7, sp and np */
	if (!out->has_sp)
		out->sp = out->p;
	if (!out->has_np)
		out->np = out->sp;
}
