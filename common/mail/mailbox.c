/* mailbox: parse address-lists and single addresses strictly. */
/* SPDX-License-Identifier: ISC */

#include "mail/mailbox_internal.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/scan.h"
#include "base/utf8.h"

/* The state of parsing an address-list. Each address reuses local and domain,
 * so that memory is bounded. */
struct parser {
	struct scan s;
	struct arena *arena;
	struct buf local, domain; /* without CFWS and quotes */
	size_t limit;
	struct mailbox *list;
	size_t n;
	bool too_many, bad_domain;
	const char *at;  /* the start of the current address */
	struct span bad; /* the first address without a domain name */
};

/* What words and dots can be: the octet after them decides. */
struct words {
	bool is_phrase; /* word *(word / ".") */
	bool is_local;  /* word *("." word) */
	bool is_empty;
};

/* Control octets of obs-NO-WS-CTL and obs-qp (RFC 5322 4.1) are refused, in
 * comments and quoted pairs as well: mail readers take them for line ends, or a
 * NUL for the end of the text. */
size_t
mailbox_clean_length(struct span body)
{
	for (size_t i = 0; i < body.len; i++) {
		char c = body.p[i], next = i + 1 < body.len ? body.p[i + 1] : 0;

		if (c == '\r' ? next != '\n' : c == '\n' && !ascii_is_wsp(next))
			return i;
		if (!ascii_is_space(c) && !ascii_is_8bit(c) &&
		    !ascii_is_vchar(c))
			return i;
	}
	return body.len;
}

/* word = atom / quoted-string, RFC 5322 3.2.5. */
static bool
scan_word(struct scan *s, struct buf *b)
{
	struct span word;

	if (!scan_atom(s, &word) && !scan_quoted_string(s, b->arena, &word))
		return false;
	buf_add(b, word);
	return true;
}

/* obs-phrase (RFC 5322 4.1) or obs-local-part (4.4) with CFWS around it; text
 * becomes its value as a local-part. */
static bool
scan_words(struct scan *s, struct buf *text, struct words *w)
{
	bool dot = true; /* the next one of a local-part is a word */

	*w = (struct words){.is_local = true, .is_empty = true};
	text->len = 0;
	while (scan_cfws(s)) {
		bool is_dot = scan_char(s, '.');

		if (is_dot) {
			buf_char(text, '.');
		} else if (!scan_word(s, text)) {
			w->is_local = w->is_local && !dot;
			return true;
		}
		if (w->is_empty)
			w->is_phrase = !is_dot;
		if (is_dot == dot)
			w->is_local = false;
		w->is_empty = false;
		dot = is_dot;
	}
	return false;
}

/* domain-literal of RFC 5322 3.4.1 without its CFWS, with obs-dtext. */
static bool
scan_domain_literal(struct scan *s)
{
	struct scan t = *s;

	if (!scan_char(&t, '['))
		return false;
	while (!scan_end(&t) && *t.p != '[' && *t.p != ']') {
		if (*t.p == '\\' && t.end - t.p > 1)
			t.p++;
		t.p++;
	}
	if (!scan_char(&t, ']'))
		return false;
	*s = t;
	return true;
}

/* domain of RFC 5322 3.4.1, or obs-domain; text becomes it without CFWS. */
static bool
scan_domain(struct scan *s, struct buf *text)
{
	struct scan start;
	struct span atom;

	text->len = 0;
	if (!scan_cfws(s))
		return false;
	start = *s;
	if (scan_domain_literal(s)) {
		buf_add(text, scan_since(s, &start));
		return scan_cfws(s);
	}
	for (;;) {
		if (!scan_cfws(s) || !scan_atom(s, &atom) || !scan_cfws(s))
			return false;
		buf_add(text, atom);
		if (!scan_char(s, '.'))
			return true;
		buf_char(text, '.');
	}
}

/* obs-route of RFC 5322 4.4, with at least one domain. */
static bool
scan_route(struct scan *s, struct buf *domain)
{
	bool found = false;

	while (scan_cfws(s)) {
		if (scan_char(s, ','))
			continue;
		if (!scan_char(s, '@'))
			return found && scan_char(s, ':');
		found = true;
		if (!scan_domain(s, domain) ||
		    (scan_peek(s) != ',' && scan_peek(s) != ':'))
			return false;
	}
	return false;
}

/* Adds a mailbox. Returns false if it is not one of RFC 6532 3.2, which is
 * UTF-8. */
static bool
add_mailbox(struct parser *p)
{
	struct span local = buf_span(&p->local), domain = buf_span(&p->domain);
	struct mailbox m = {.is_plain = scan_is_dot_atom_text(local)};

	if (!utf8_valid(local) || !utf8_valid(domain))
		return false;
	if (p->n == p->limit) {
		p->too_many = true;
		return true;
	}
	m.local = arena_span(p->arena, local);
	m.domain = domain_normal(domain, p->arena);
	if (!m.domain.p)
		p->bad_domain = true;
	*ARENA_PUSH(p->arena, p->list, p->n) = m;
	return true;
}

/* "@" domain after a local-part. Without it, the local-part alone is added, as
 * an address without a domain. */
static bool
parse_addr_spec(struct parser *p, const struct words *w)
{
	if (!w->is_local)
		return false;
	p->domain.len = 0;
	if (scan_char(&p->s, '@') && !scan_domain(&p->s, &p->domain))
		return false;
	return add_mailbox(p);
}

/* angle-addr of RFC 5322 3.4 after its "<", obs-angle-addr of 4.4. */
static bool
parse_angle_addr(struct parser *p)
{
	struct words w;

	if (!scan_cfws(&p->s))
		return false;
	if ((scan_peek(&p->s) == '@' || scan_peek(&p->s) == ',') &&
	    !scan_route(&p->s, &p->domain))
		return false;
	return scan_words(&p->s, &p->local, &w) && parse_addr_spec(p, &w) &&
	    scan_char(&p->s, '>');
}

/* mailbox of RFC 5322 3.4, or the name of a group with its ":", which sets
 * *group: a group cannot contain another. */
static bool
parse_address(struct parser *p, bool *group)
{
	struct words w;

	if (!scan_words(&p->s, &p->local, &w))
		return false;
	if (scan_char(&p->s, '<'))
		return (w.is_phrase || w.is_empty) && parse_angle_addr(p);
	if (!*group && scan_char(&p->s, ':')) {
		*group = true;
		return w.is_phrase;
	}
	return parse_addr_spec(p, &w);
}

/* address-list of RFC 5322 3.4, obs-addr-list of 4.4. */
static bool
parse_address_list(struct parser *p)
{
	bool group = false;
	bool may_begin = true; /* an address may be next */

	while (scan_cfws(&p->s)) {
		bool was_in_group = group;

		p->at = p->s.p;
		if (scan_end(&p->s))
			return !group;
		if (scan_char(&p->s, ',')) {
			may_begin = true;
		} else if (group && scan_char(&p->s, ';')) {
			group = may_begin = false;
		} else {
			if (!may_begin || !parse_address(p, &group))
				return false;
			if (p->bad_domain && !p->bad.p)
				p->bad = span_between(p->at, p->s.p);
			may_begin = group && !was_in_group;
		}
	}
	p->at = p->s.p;
	return false;
}

static enum mailbox_status
status(const struct parser *p)
{
	if (p->bad_domain)
		return MAILBOX_DOMAIN;
	if (p->too_many)
		return MAILBOX_TOO_MANY;
	return p->n ? MAILBOX_OK : MAILBOX_NONE;
}

static struct parser
parser_of(struct span body, size_t limit, struct arena *a)
{
	return (struct parser){.s = scan_of(body),
	    .arena = a,
	    .local = BUF(a),
	    .domain = BUF(a),
	    .limit = limit};
}

struct span
mailbox_unread(struct span body, size_t limit, struct arena *a)
{
	struct parser p = parser_of(body, limit, a);
	size_t clean = mailbox_clean_length(body);

	if (clean < body.len)
		return span_from(body, clean);
	if (!parse_address_list(&p))
		return span_trim(span_between(p.at, p.s.end));
	return span_trim(p.bad);
}

enum mailbox_status
mailbox_parse_list(struct span body, size_t limit, struct arena *a,
    struct mailbox **list, size_t *n)
{
	struct parser p = parser_of(body, limit, a);
	enum mailbox_status code = MAILBOX_SYNTAX;

	if (mailbox_clean_length(body) == body.len && parse_address_list(&p))
		code = status(&p);
	if (code == MAILBOX_SYNTAX || code == MAILBOX_DOMAIN)
		p.n = 0;
	*list = p.n ? p.list : NULL;
	*n = p.n;
	return code;
}

static bool
is_control(char c)
{
	return !ascii_is_8bit(c) && !ascii_is_vchar(c) && c != ' ';
}

static bool
is_dot_or_atext(char c)
{
	return c == '.' || ascii_is_atext(c);
}

/* Removes <> and a source route (A-d-l of RFC 5321 4.1.2) from a path. Returns
 * false if it has a "<" and not its ">". */
static bool
scan_path(struct span *text, struct arena *a)
{
	struct buf domain = BUF(a);
	struct scan s, route;

	if (!span_starts(*text, SPAN("<")))
		return true;
	if (!span_caseends(*text, SPAN(">")))
		return false;
	*text = span_from(span_upto(*text, text->len - 1), 1);
	s = route = scan_of(*text);
	if (scan_peek(&s) == '@' && scan_route(&route, &domain))
		*text = span_between(route.p, route.end);
	return true;
}

/* Local-part of RFC 5321 4.1.2, with dots anywhere. */
static bool
scan_local(struct scan *s, struct arena *a, struct span *local)
{
	return scan_quoted_string(s, a, local) ||
	    scan_class(s, is_dot_or_atext, local);
}

/* Parses the rest as the domain, which cannot have comments or an "@". */
static enum mailbox_status
parse_domain(struct scan *s, struct arena *a, struct mailbox *m)
{
	struct scan start = *s;
	struct span domain;

	if (!scan_class(s, is_dot_or_atext, &domain))
		scan_domain_literal(s);
	if (!scan_end(s) || !utf8_valid(domain))
		return MAILBOX_SYNTAX;
	m->domain = domain_normal(scan_since(s, &start), a);
	return m->domain.p ? MAILBOX_OK : MAILBOX_DOMAIN;
}

enum mailbox_status
mailbox_parse(struct span text, bool bare, struct arena *a, struct mailbox *m)
{
	struct scan s, start;

	*m = (struct mailbox){0};
	text = span_trim(text);
	for (size_t i = 0; i < text.len; i++)
		if (is_control(text.p[i]))
			return MAILBOX_SYNTAX;
	if (!scan_path(&text, a))
		return MAILBOX_SYNTAX;
	if (!text.len)
		return MAILBOX_NONE;
	s = start = scan_of(text);
	if (bare && scan_char(&s, '@'))
		return parse_domain(&s, a, m);
	if (!scan_local(&s, a, &m->local) || !utf8_valid(m->local))
		return MAILBOX_SYNTAX;
	m->is_plain = scan_is_dot_atom_text(m->local);
	if (scan_char(&s, '@'))
		return parse_domain(&s, a, m);
	if (!scan_end(&s))
		return MAILBOX_SYNTAX;
	if (!bare)
		return MAILBOX_DOMAIN;
	*m = (struct mailbox){0};
	return parse_domain(&start, a, m);
}

static void
add_quoted(struct buf *b, struct span local)
{
	buf_char(b, '"');
	buf_qcontent(b, local);
	buf_char(b, '"');
}

struct span
mailbox_text(const struct mailbox *m, struct arena *a)
{
	struct buf b = BUF(a);

	if (m->is_plain)
		buf_add(&b, m->local);
	else if (m->local.p)
		add_quoted(&b, m->local);
	buf_char(&b, '@');
	buf_add(&b, m->domain);
	return buf_span(&b);
}
