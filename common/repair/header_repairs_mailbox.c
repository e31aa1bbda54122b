/* header_repairs_mailbox: addresses and names in the forms of software. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/ascii.h"
#include "base/buf.h"

/* Addresses of a list that are left out one by one, from each end. */
#define ADDRESSES 5u

static const char *const lists[] = {"From", "Sender", "Reply-To", "To", "Cc",
    "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Errors-To",
    "Disposition-Notification-To", NULL};

/*
 * One mailbox.
 */

struct span
header_unescaped(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len)
			i++;
		buf_char(&b, s.p[i]);
	}
	return buf_span(&b);
}

struct header_mailbox
header_mailbox(struct span item, struct arena *a)
{
	struct span s = span_trim(item);
	struct header_mailbox m = {.address = s};
	size_t at = span_find_last(s, '<');
	struct span inner = header_between(span_from(s, at), '<', '>'), quoted;

	m.has_angle = inner.p;
	if (m.has_angle) {
		m.address = span_trim(inner);
		m.phrase = span_trim(span_upto(s, at));
		m.blank = span_between(m.phrase.p + m.phrase.len, s.p + at);
		quoted = header_between(m.phrase, '"', '"');
		m.name = quoted.p ? header_unescaped(quoted, a) : m.phrase;
		if (!m.phrase.len)
			m.phrase = m.name = SPAN_NONE;
		return m;
	}
	at = span_find(s, '(');
	m.comment = header_between(span_from(s, at), '(', ')');
	if (m.comment.p)
		m.address = span_trim(span_upto(s, at));
	return m;
}

static bool
needs_quotes(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_atext(name.p[i]) && !ascii_is_space(name.p[i]))
			return true;
	return false;
}

struct span
header_phrase(struct span name, bool always, struct arena *a)
{
	struct buf b = BUF(a);

	if (span_casecontains(name, SPAN("=?")) ||
	    (!always && !needs_quotes(name)))
		return name;
	buf_char(&b, '"');
	for (size_t i = 0; i < name.len; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buf_char(&b, '\\');
		buf_char(&b, name.p[i]);
	}
	buf_char(&b, '"');
	return buf_span(&b);
}

/*
 * Writers: each returns the mailbox in one form, or absent to keep it.
 */

typedef struct span writer(const struct header_mailbox *m, struct arena *a);

static struct span
with_phrase(struct span phrase, const struct header_mailbox *m, struct arena *a)
{
	bool folded = span_find(m->blank, '\n') < m->blank.len;

	return ARENA_JOIN(a, phrase, folded ? m->blank : SPAN(" "),
	    header_bracketed(m->address, a));
}

/* With a name, which may be absent. */
static struct span
named(struct span name, bool always, const struct header_mailbox *m,
    struct arena *a)
{
	return name.p ? with_phrase(header_phrase(name, always, a), m, a)
		      : SPAN_NONE;
}

static struct span
write_needed(const struct header_mailbox *m, struct arena *a)
{
	return named(m->name, false, m, a);
}

static struct span
write_quoted(const struct header_mailbox *m, struct arena *a)
{
	return named(m->name, true, m, a);
}

static struct span
write_unquoted(const struct header_mailbox *m, struct arena *a)
{
	return m->name.p ? with_phrase(m->name, m, a) : SPAN_NONE;
}

/* Without the apostrophes that Outlook puts around names. */
static struct span
write_plain(const struct header_mailbox *m, struct arena *a)
{
	return named(header_between(m->name, '\'', '\''), false, m, a);
}

static struct span
write_plain_quoted(const struct header_mailbox *m, struct arena *a)
{
	return named(header_between(m->name, '\'', '\''), true, m, a);
}

static struct span
write_bare(const struct header_mailbox *m, struct arena *a)
{
	(void)a;
	return m->address;
}

static struct span
write_angle(const struct header_mailbox *m, struct arena *a)
{
	return header_bracketed(m->address, a);
}

static struct span
name_of(const struct header_mailbox *m)
{
	return m->name.p ? m->name : m->comment;
}

/* Of a list in which others have names. */
static struct span
write_bare_unnamed(const struct header_mailbox *m, struct arena *a)
{
	return name_of(m).p ? SPAN_NONE : write_bare(m, a);
}

static struct span
write_angle_unnamed(const struct header_mailbox *m, struct arena *a)
{
	return name_of(m).p ? SPAN_NONE : write_angle(m, a);
}

static struct span
write_comment(const struct header_mailbox *m, struct arena *a)
{
	if (!name_of(m).p)
		return SPAN_NONE;
	return ARENA_JOIN(a, m->address, SPAN(" ("), name_of(m), SPAN(")"));
}

static struct span
write_named(const struct header_mailbox *m, struct arena *a)
{
	return named(m->comment, false, m, a);
}

static struct span
write_named_quoted(const struct header_mailbox *m, struct arena *a)
{
	return named(m->comment, true, m, a);
}

static struct span
write_twice(const struct header_mailbox *m, struct arena *a)
{
	return named(m->address, true, m, a);
}

static struct span
write_twice_plain(const struct header_mailbox *m, struct arena *a)
{
	return with_phrase(m->address, m, a);
}

/* An address in another case, its name kept. */
static struct span
readdressed(
    const struct header_mailbox *m, struct span address, struct arena *a)
{
	if (m->phrase.p)
		return ARENA_JOIN(a, m->phrase, SPAN(" <"), address, SPAN(">"));
	if (m->comment.p)
		return ARENA_JOIN(
		    a, address, SPAN(" ("), m->comment, SPAN(")"));
	return m->has_angle ? header_bracketed(address, a) : address;
}

static struct span
write_lower(const struct header_mailbox *m, struct arena *a)
{
	return readdressed(m, arena_lower(a, m->address), a);
}

static struct span
write_lower_domain(const struct header_mailbox *m, struct arena *a)
{
	size_t at = span_find_last(m->address, '@');

	return readdressed(m,
	    ARENA_JOIN(a, span_upto(m->address, at),
		arena_lower(a, span_from(m->address, at))),
	    a);
}

static struct span
write_capital(const struct header_mailbox *m, struct arena *a)
{
	size_t at = span_find_last(m->address, '@');

	return readdressed(m,
	    ARENA_JOIN(a, header_capital(span_upto(m->address, at), ".-", a),
		span_from(m->address, at)),
	    a);
}

/*
 * All mailboxes of a field.
 */

/* The value with each mailbox written by a writer. Blanks and folds beside
 * commas stay. */
static struct span
written(const struct header_text *t, writer *write)
{
	struct buf b = BUF(t->arena);
	struct span rest = t->value;

	while (rest.p) {
		struct span item = header_item(&rest, ','), text;
		struct header_mailbox m = header_mailbox(item, t->arena);
		size_t blanks = header_blanks(item);

		text = span_find(m.address, '@') < m.address.len
		    ? write(&m, t->arena)
		    : SPAN_NONE;
		buf_add(&b, span_upto(item, blanks));
		buf_add(&b, text.p ? text : span_trim(item));
		if (text.p || blanks < item.len)
			buf_add(&b,
			    span_from(
				item, item.len - header_blanks_last(item)));
		if (rest.p)
			buf_char(&b, ',');
	}
	return buf_span(&b);
}

static void
put_written(const struct header_text *t, writer *const *writers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		header_text_put(t, written(t, writers[i]));
}

HEADER_FIELD(header_address_quotes)
{
	static writer *const writers[] = {write_needed, write_quoted,
	    write_unquoted, write_plain, write_plain_quoted};
	struct header_text t;

	if (header_text_read(&t, h, index, raw, p, lists))
		put_written(&t, writers, COUNT(writers));
}

HEADER_FIELD(header_address_form)
{
	static writer *const writers[] = {write_bare, write_angle,
	    write_comment, write_named, write_named_quoted, write_twice,
	    write_twice_plain, write_bare_unnamed, write_angle_unnamed};
	struct header_text t;

	if (header_text_read(&t, h, index, raw, p, lists))
		put_written(&t, writers, COUNT(writers));
}

/* Proposes the only address of a field as other fields spell it. */
static void
put_spelled(const struct header_text *t)
{
	static const char *const others[] = {"Return-Path", "From", "Sender",
	    "Reply-To", "X-Original-To", "Delivered-To", "X-Original-From",
	    "X-Original-Sender", "X-Sender", "X-Envelope-From", "To"};
	struct header_mailbox m = header_mailbox(t->value, t->arena);

	if (!m.address.len || m.address.len > 320)
		return;
	for (size_t i = 0; i < COUNT(others); i++) {
		struct span other = header_value(t->h, span_of(others[i]));
		size_t at = header_place(other, m.address);

		if (other.p && at < other.len)
			header_text_put(t,
			    readdressed(&m,
				span_upto(span_from(other, at), m.address.len),
				t->arena));
	}
}

HEADER_FIELD(header_address_case)
{
	static writer *const writers[] = {
	    write_lower, write_lower_domain, write_capital};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, lists))
		return;
	put_written(&t, writers, COUNT(writers));
	put_spelled(&t);
}

/*
 * Addresses that were added to a list.
 */

static struct span
without_item(const struct header_text *t, size_t nth)
{
	struct buf b = BUF(t->arena);
	struct span rest = t->value;

	for (size_t i = 0; rest.p; i++) {
		struct span item = header_item(&rest, ',');

		if (i == nth)
			continue;
		if (b.len)
			buf_char(&b, ',');
		else
			item = span_from(item, header_blanks(item));
		buf_add(&b, item);
	}
	return span_trim(buf_span(&b));
}

HEADER_FIELD(header_address_added)
{
	struct header_text t;
	size_t n;

	if (!header_text_read(&t, h, index, raw, p, lists))
		return;
	n = header_items(t.value, ',');
	for (size_t i = 0; n > 1 && i < n && i < ADDRESSES; i++)
		header_text_put(&t, without_item(&t, n - 1 - i));
	for (size_t i = 0; n > 1 && i + ADDRESSES < n && i < ADDRESSES; i++)
		header_text_put(&t, without_item(&t, i));
}

/* A group without addresses, as software writes it. */
HEADER_FIELD(header_address_group)
{
	static const char *const groups[] = {"undisclosed-recipients:;",
	    "undisclosed-recipients: ;", "Undisclosed-recipients:;",
	    "undisclosed recipients:;", "Undisclosed recipients:;",
	    "Undisclosed-Recipients:;",
	    "undisclosed-recipients:", "\"Undisclosed recipients\":;",
	    "Undisclosed recipients: ;", "undisclosed recipients: ;",
	    "Undisclosed-recipients: <>;", "unlisted-recipients:;",
	    "<Undisclosed-Recipient:;>", ""};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, lists))
		return;
	if (t.value.len && !span_casecontains(t.value, SPAN("recipient")))
		return;
	for (size_t i = 0; i < COUNT(groups); i++)
		header_text_put(&t, span_of(groups[i]));
}
