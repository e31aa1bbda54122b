/* dmarc_author: the author domains of a message. */
/* SPDX-License-Identifier: ISC */

#include "dmarc/dmarc.h"

#include "base/ascii.h"
#include "base/limit.h"
#include "mail/mailbox.h"

/* How many octets of a field are shown in a detail. */
#define SHOWN 100

static struct span
shown(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	buf_short(&b, text, SHOWN);
	return buf_span(&b);
}

/* Returns the unreadable rest of a From field, up to the end of its line. A
 * control is shown as a number because many JSON readers reject NUL. */
static struct span
find_unread(const struct field *from, struct arena *a)
{
	struct span text = mailbox_unread(from->body, LIMIT_AUTHORS_LISTED, a);

	if (!text.len)
		return SPAN("it ends too early");
	if (!ascii_is_vchar(*text.p) && !ascii_is_8bit(*text.p))
		return arena_printf(a, "the control octet 0x%02x",
		    (unsigned)(unsigned char)*text.p);
	text = span_upto(text, span_find(text, '\n'));
	return shown(span_trim(text), a);
}

/* Adds a domain unless the list has it. Returns false if the list is full. */
static bool
add_domain(struct dmarc_authors *out, struct span domain)
{
	for (size_t i = 0; i < out->ndomains; i++)
		if (span_eq(out->domains[i], domain))
			return true;
	if (out->ndomains == LIMIT_AUTHORS)
		return false;
	out->domains[out->ndomains++] = domain;
	return true;
}

/* Rejects encoded-words outside of phrases: some readers decode them and find
 * another address. */
static void
check_words(
    const struct field *from, struct arena *a, struct dmarc_authors *out)
{
	struct span stray =
	    mailbox_stray_word(from->body, out->domains, out->ndomains, a);

	if (!stray.p)
		return;
	out->reason = DMARC_FROM_SYNTAX;
	stray = span_upto(stray, span_find(stray, '\n'));
	out->detail = shown(span_trim(stray), a);
}

/* Reads a From field by RFC 5322, or, if it does not conform, accepts the one
 * address that all readers find in it. */
static void
read_from(const struct field *from, struct arena *a, struct dmarc_authors *out)
{
	static const enum dmarc_reason reason[] = {
	    [MAILBOX_OK] = DMARC_PASS,
	    [MAILBOX_SYNTAX] = DMARC_FROM_SYNTAX,
	    [MAILBOX_DOMAIN] = DMARC_FROM_DOMAIN,
	    [MAILBOX_NONE] = DMARC_FROM_EMPTY,
	    [MAILBOX_TOO_MANY] = DMARC_TOO_MANY,
	};
	struct mailbox *boxes, one;
	size_t nboxes;
	enum mailbox_status status = mailbox_parse_list(
	    from->body, LIMIT_AUTHORS_LISTED, a, &boxes, &nboxes);

	out->reason = reason[status];
	for (size_t i = 0; i < nboxes; i++)
		if (!add_domain(out, boxes[i].domain)) {
			out->reason = DMARC_TOO_MANY;
			out->detail = boxes[i].domain;
			break;
		}
	if (out->reason == DMARC_PASS)
		check_words(from, a, out);
	if (status != MAILBOX_SYNTAX && status != MAILBOX_DOMAIN)
		return;
	if (mailbox_parse_tolerant(from->body, a, &one)) {
		out->reason = DMARC_PASS;
		out->obsolete = shown(mailbox_text(&one, a), a);
		add_domain(out, one.domain);
	} else {
		out->detail = find_unread(from, a);
	}
}

/*
 * From fields that only other readers see.
 */

static bool
is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

static bool
is_control(char c)
{
	return !ascii_is_vchar(c) && !ascii_is_8bit(c) && !ascii_is_space(c);
}

/* Returns the length of "From:" at the start of a line, or 0. Blanks and folds
 * may precede the colon; controls are skipped, since some readers drop them. */
static size_t
name_length(struct span s)
{
	static const char name[] = "from";
	size_t found = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (name[found] && ascii_lower(s.p[i]) == name[found])
			found++;
		else if (!name[found] && s.p[i] == ':')
			return i + 1;
		else if (!is_control(s.p[i]) &&
		    (name[found] || !ascii_is_space(s.p[i])))
			return 0;
	}
	return 0;
}

/* Returns s up to the first line end that is not followed by a blank. */
static struct span
body_of(struct span s)
{
	for (size_t i = 0; i + 1 < s.len; i++)
		if (is_line_end(s.p[i]) && !ascii_is_space(s.p[i + 1]))
			return span_upto(s, i);
	return s;
}

/* Counts the From fields that begin after a bare CR or, if any is true, after
 * any line end. Adds their domains to found, unless that is NULL. */
static size_t
add_hidden(
    struct span text, bool any, struct arena *a, struct mailbox_found *found)
{
	char before = any ? '\n' : ' ';
	size_t fields = 0;

	for (size_t i = 0; i < text.len; i++) {
		struct span rest = span_from(text, i);
		size_t n = 0;

		if (before == '\r' || (any && before == '\n'))
			n = name_length(rest);
		if (n && found)
			mailbox_domains(body_of(span_from(rest, n)), a, found);
		fields += n > 0;
		before = text.p[i];
	}
	return fields;
}

/* The same in the mbox lines and in the fields that are delivered. */
static size_t
add_hidden_in_header(
    const struct message *m, struct arena *a, struct mailbox_found *found)
{
	size_t fields = add_hidden(m->mbox, false, a, found);

	for (size_t i = 0; i < m->nfields; i++)
		if (!m->fields[i].dropped)
			fields += add_hidden(m->fields[i].raw, false, a, found);
	return fields;
}

/* Sets the domains to those of all fields that some reader could take for
 * From. */
static void
add_readable(const struct message *m, const struct field *from, struct arena *a,
    struct dmarc_authors *out)
{
	struct mailbox_found found = {out->domains, 0, LIMIT_AUTHORS, 0};

	for (size_t i = 0; from && i < m->nfields; i++)
		if (m->fields[i].name_id == from->name_id)
			mailbox_domains(m->fields[i].body, a, &found);
	add_hidden_in_header(m, a, &found);
	out->ndomains = found.ndomains;
}

static void
set_repeated(struct dmarc_authors *out, struct span detail)
{
	out->reason = DMARC_FROM_REPEATED;
	out->detail = detail;
	out->obsolete = SPAN_NONE;
}

void
dmarc_authors(
    const struct message *m, struct arena *a, struct dmarc_authors *out)
{
	const struct field *from = message_lowest(m, SPAN("From"));

	*out = (struct dmarc_authors){.reason = DMARC_FROM_MISSING,
	    .domains = ARENA_ARRAY(a, struct span, LIMIT_AUTHORS)};
	if (from && message_above(m, from))
		set_repeated(out, SPAN_NONE);
	else if (from)
		read_from(from, a, out);
	if (from && add_hidden_in_header(m, a, NULL))
		set_repeated(out, SPAN("one of them after a bare CR"));
	if (out->reason != DMARC_PASS)
		add_readable(m, from, a, out);
}

void
dmarc_authors_below(const struct message *m, struct span text, struct arena *a,
    struct dmarc_authors *out)
{
	const struct field *from = message_lowest(m, SPAN("From"));
	struct mailbox_found more = {
	    ARENA_ARRAY(a, struct span, LIMIT_AUTHORS), 0, LIMIT_AUTHORS, 0};

	if (!add_hidden(text, true, a, &more))
		return;
	if (from)
		set_repeated(out,
		    SPAN("one of them where other programs continue reading"));
	add_readable(m, from, a, out);
	for (size_t i = 0; i < more.ndomains; i++)
		add_domain(out, more.domains[i]);
}

/*
 * The text after an unterminated header, which some programs read as header.
 */

static bool
ends_with(struct span text, struct span end)
{
	return text.len >= end.len &&
	    span_eq(span_from(text, text.len - end.len), end);
}

static bool
ends_with_empty_line(struct span text, bool crlf)
{
	return ends_with(text, SPAN("\n\n")) || span_eq(text, SPAN("\n")) ||
	    (crlf &&
		(ends_with(text, SPAN("\n\r\n")) ||
		    span_eq(text, SPAN("\r\n"))));
}

static void
below_put(struct sink *self, const char *p, size_t n)
{
	struct dmarc_below *b = (struct dmarc_below *)self;

	for (size_t i = 0; i < n && !b->done; i++) {
		buf_char(&b->text, p[i]);
		b->done = b->text.len == LIMIT_HEADER ||
		    (p[i] == '\n' &&
			ends_with_empty_line(buf_span(&b->text), b->crlf));
	}
}

static void
below_end(struct sink *self)
{
	(void)self;
}

struct dmarc_below
dmarc_below(const struct message *m, struct arena *a)
{
	return (struct dmarc_below){.sink = {below_put, below_end},
	    .text = BUF(a),
	    .crlf = message_header_eol(m)[0] == '\r'};
}
