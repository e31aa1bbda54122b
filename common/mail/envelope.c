/* envelope: find the SMTP client's IP, HELO and MAIL FROM in a message. */
/* SPDX-License-Identifier: ISC */

#include "mail/envelope.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"
#include "mail/field.h"
#include "base/limit.h"
#include "base/scan.h"

/* The arguments and the state of envelope_find(). */
struct search {
	struct envelope *e;
	const struct message *m;
	const struct envelope_trust *trust;
	struct arena *arena;
	size_t index;             /* of the Received field, or SIZE_MAX */
	struct received received; /* that field, parsed */
	struct span where;        /* which field it is, for people */
	bool is_ours;             /* received_find() found it */
};

static bool
is_right_angle(char c)
{
	return c == '>';
}

static bool
is_name(char c)
{
	return c == '.' || ascii_is_atext(c);
}

static bool
is_dtext(char c)
{
	return c != '[' && c != ']';
}

static bool
is_control(char c)
{
	return c != ' ' && !ascii_is_vchar(c) && !ascii_is_8bit(c);
}

/* Moves to the first octet of a class that is neither in quotes nor after a
 * backslash (RFC 5321 4.1.2: Quoted-string, quoted-pairSMTP), and returns the
 * text before it. */
static struct span
take_until(struct scan *s, bool (*is)(char))
{
	struct scan start = *s;
	bool quoted = false;

	for (; !scan_end(s) && (quoted || !is(*s->p)); s->p++) {
		if (*s->p == '"')
			quoted = !quoted;
		if (*s->p == '\\' && s->end - s->p > 1)
			s->p++;
	}
	return scan_since(s, &start);
}

/* Domain / address-literal of RFC 5321 4.1.2, more loosely: it is ignored. */
static bool
scan_domain(struct scan *s)
{
	struct scan t = *s;
	struct span text;

	if (scan_char(&t, '[')
		? !scan_class(&t, is_dtext, &text) || !scan_char(&t, ']')
		: !scan_class(&t, is_name, &text))
		return false;
	*s = t;
	return true;
}

/* A-d-l ":" of RFC 5321 4.1.2, before a mailbox. */
static bool
scan_route(struct scan *s)
{
	struct scan t = *s;

	do {
		if (!scan_char(&t, '@') || !scan_domain(&t))
			return false;
	} while (scan_char(&t, ','));
	if (!scan_char(&t, ':') || scan_end(&t))
		return false;
	*s = t;
	return true;
}

/* Returns a Reverse-path (RFC 5321 4.1.2) without CFWS around it, <> and the
 * route, which is to be ignored (4.1.1.3). Any other text is returned
 * unchanged. */
static struct span
read_path(struct span text)
{
	struct scan s = scan_of(text);
	struct span path;

	if (!scan_cfws(&s) || !scan_char(&s, '<'))
		return text;
	path = take_until(&s, is_right_angle);
	if (!scan_char(&s, '>') || !scan_cfws(&s) || !scan_end(&s))
		return text;
	s = scan_of(span_trim(path));
	scan_route(&s);
	return span_trim(span_between(s.p, s.end));
}

/* Is this how local delivery writes the null reverse-path? */
static bool
is_null(struct span sender)
{
	return span_caseeq(sender, SPAN("MAILER-DAEMON"));
}

struct span
envelope_sender(struct span text, struct arena *a)
{
	struct span sender = read_path(span_trim(text));

	return is_null(sender) ? SPAN("") : arena_span(a, sender);
}

/* Reads the topmost Return-Path among the first n fields, if there is one. From
 * an empty one *sender is absent: the null reverse-path is "<>". */
static bool
return_path(const struct search *s, size_t n, struct span *sender)
{
	for (size_t i = 0; i < n; i++) {
		struct field f = s->m->fields[i];

		if (!span_caseeq(f.name, SPAN("Return-Path")))
			continue;
		*sender = span_trim(field_unfold(f.body, s->arena));
		*sender = sender->len ? read_path(*sender) : SPAN_NONE;
		return true;
	}
	return false;
}

/* Reads "From SENDER DATE", the line that local delivery writes before the
 * header, if there is one. */
static bool
from_line(const struct message *m, struct span *sender)
{
	struct span lines = m->mbox, line = field_chomp(span_cut(&lines, '\n'));
	struct scan s = scan_of(line);

	if (!scan_literal(&s, SPAN("From ")))
		return false;
	*sender = take_until(&s, ascii_is_wsp);
	/* Mail readers, which do not know the sender, write "From - ". */
	if (!sender->len || span_eq(*sender, SPAN("-")))
		*sender = SPAN_NONE;
	else if (is_null(*sender))
		*sender = SPAN("");
	return true;
}

const char *
envelope_fault(struct span value)
{
	if (!value.p)
		return "is missing";
	if (value.len > LIMIT_ENVELOPE)
		return "is too long";
	for (size_t i = 0; i < value.len; i++)
		if (is_control(value.p[i]))
			return "has control characters";
	return NULL;
}

/* Fills in a value and its source, or, if it has a fault, only the source with
 * the fault. */
static bool
take(const struct search *s, struct span found, struct span where,
    struct span *value, struct span *from)
{
	const char *fault = envelope_fault(found);

	*from = where;
	if (fault) {
		*from = ARENA_JOIN(
		    s->arena, where, SPAN(", where it "), span_of(fault));
		return false;
	}
	*value = arena_span(s->arena, found);
	return true;
}

static bool
is_relay(const struct envelope_trust *trust, const struct ip *ip)
{
	for (size_t i = 0; i < trust->nrelays; i++)
		if (ip_within(ip, &trust->relays[i]))
			return true;
	return false;
}

static bool
is_received(const struct search *s, size_t i)
{
	return span_caseeq(s->m->fields[i].name, SPAN("Received"));
}

/* The topmost Received field that names a client outside the relays, whoever
 * wrote it, or SIZE_MAX. */
static size_t
find_any(struct search *s)
{
	struct received *r = &s->received;

	for (size_t i = 0; i < s->m->nfields; i++) {
		if (!is_received(s, i))
			continue;
		received_parse(s->m->fields[i].body, s->arena, r);
		if (r->has_ip && !is_relay(s->trust, &r->ip))
			return i;
	}
	return SIZE_MAX;
}

/* Is the host of a "by" shown to people? */
static bool
is_shown_host(struct span by)
{
	return !span_empty(by) && by.len <= LIMIT_DNS_NAME;
}

/* Is the topmost Received field above the one that was used, and by another
 * host? Then the sender may have written the one that was used, and this host
 * may write its own fields under the other name. */
static bool
is_below_others(const struct search *s, struct span *by)
{
	struct received top;
	size_t i = 0;

	while (!is_received(s, i))
		i++;
	if (!s->is_ours || i == s->index)
		return false;
	received_parse(s->m->fields[i].body, s->arena, &top);
	*by = top.by;
	return !span_eq(top.by, s->trust->received_by);
}

/* "Received field 2 (by example.org; above it: by mx.example.org)" */
static struct span
describe(const struct search *s)
{
	struct span by = s->received.by, above;
	struct buf b = BUF(s->arena);
	size_t n = 0;

	for (size_t i = 0; i <= s->index; i++)
		n += is_received(s, i);
	buf_printf(&b, "Received field %zu", n);
	if (!is_shown_host(by))
		return buf_span(&b);
	buf_str(&b, " (by ");
	buf_add(&b, by);
	if (is_below_others(s, &above)) {
		buf_str(&b, "; above it: ");
		buf_str(&b,
		    is_shown_host(above) ? "by "
					 : "a field that names no host");
		buf_add(&b, is_shown_host(above) ? above : SPAN_NONE);
	}
	buf_char(&b, ')');
	return buf_span(&b);
}

/* Can any Received field be this host's, however it is read? */
static bool
has_own_field(const struct search *s)
{
	for (size_t i = 0; i < s->m->nfields; i++)
		if (is_received(s, i) &&
		    received_may_be_by(
			s->m->fields[i].body, s->trust->received_by))
			return true;
	return false;
}

/* Lists the hosts of the topmost Received fields that are domain names, each
 * once. Sets *more if there are more fields than LIMIT_SHOWN_RECEIVED. */
static size_t
list_hosts(
    const struct search *s, struct span by[LIMIT_SHOWN_RECEIVED], bool *more)
{
	size_t n = 0, k, fields = 0;

	for (size_t i = 0; i < s->m->nfields; i++) {
		struct received r;

		if (!is_received(s, i))
			continue;
		*more = fields == LIMIT_SHOWN_RECEIVED;
		if (*more)
			break;
		fields++;
		received_parse(s->m->fields[i].body, s->arena, &r);
		by[n] = domain_normal(r.by, s->arena);
		for (k = 0; k < n && !span_eq(by[k], by[n]); k++)
			;
		n += k == n && by[n].p;
	}
	return n;
}

/* Adds " (found: by a.example, by b.example)" to the reason: this host may
 * write its fields under another name than trust->received_by. */
static void
add_hosts(const struct search *s, struct buf *b)
{
	struct span by[LIMIT_SHOWN_RECEIVED];
	bool more = false;
	size_t n = list_hosts(s, by, &more), i, len = 0;

	for (i = 0; i < n && len + by[i].len <= LIMIT_SHOWN_LIST; i++) {
		buf_str(b, i ? ", by " : " (found: by ");
		buf_add(b, by[i]);
		len += by[i].len + strlen(", by ");
	}
	if (i)
		buf_str(b, more || i < n ? ", ...)" : ")");
}

/* Why no Received field was used. */
static struct span
describe_none(const struct search *s)
{
	struct buf b = BUF(s->arena);

	if (span_empty(s->trust->received_by) && !s->trust->assume)
		return SPAN("no host is trusted to write Received fields");
	buf_str(&b, "no Received field");
	if (!s->trust->assume) {
		buf_str(&b, " by ");
		buf_add(&b, s->trust->received_by);
	}
	buf_str(&b, " names a client");
	if (s->trust->nrelays)
		buf_str(&b, " that is not a trusted relay");
	if (!s->trust->assume && !has_own_field(s))
		add_hosts(s, &b);
	return buf_span(&b);
}

static void
find_received(struct search *s)
{
	const struct envelope_trust *trust = s->trust;

	s->index = received_find(s->m, trust->received_by, trust->relays,
	    trust->nrelays, s->arena, &s->received);
	s->is_ours = s->index != SIZE_MAX;
	if (!s->is_ours && trust->assume)
		s->index = find_any(s);
	s->where = s->index == SIZE_MAX ? describe_none(s) : describe(s);
}

static void
take_ip(const struct search *s)
{
	struct envelope *e = s->e;

	if (e->has_ip || e->ip_from.p)
		return;
	e->ip_from = s->where;
	if (s->index == SIZE_MAX)
		return;
	e->ip = s->received.ip;
	e->has_ip = true;
	e->assumed |= !s->is_ours;
}

static void
take_helo(const struct search *s)
{
	const struct ip *ip = &s->received.ip;
	struct envelope *e = s->e;
	char text[IP_TEXT];

	if (e->helo.p || e->helo_from.p)
		return;
	e->helo_from = s->where;
	if (s->index == SIZE_MAX)
		return;
	if (e->ip.family != ip->family ||
	    memcmp(e->ip.octet, ip->octet, sizeof(ip->octet)))
		e->helo_from = ARENA_JOIN(s->arena, s->where,
		    SPAN(", where it belongs to "), span_of(ip_text(ip, text)));
	else if (take(s, s->received.helo, s->where, &e->helo, &e->helo_from))
		e->assumed |= !s->is_ours;
}

/* Why no sender was found. */
static struct span
describe_no_sender(const struct search *s)
{
	if (s->trust->assume)
		return SPAN("no Return-Path, and no From line");
	if (s->is_ours)
		return ARENA_JOIN(s->arena, SPAN("no Return-Path above "),
		    s->where, SPAN(", and no From line"));
	return ARENA_JOIN(s->arena, s->where,
	    SPAN(", so no Return-Path is trusted; no From line"));
}

static void
take_sender(const struct search *s)
{
	const struct span field = SPAN("Return-Path field 1");
	struct envelope *e = s->e;
	struct span found;

	if (e->sender.p || e->sender_from.p)
		return;
	if (return_path(s, s->is_ours ? s->index : 0, &found))
		take(s, found, field, &e->sender, &e->sender_from);
	else if (from_line(s->m, &found))
		take(s, found, SPAN("From line"), &e->sender, &e->sender_from);
	else if (s->trust->assume && return_path(s, s->m->nfields, &found))
		e->assumed |=
		    take(s, found, field, &e->sender, &e->sender_from);
	else
		e->sender_from = describe_no_sender(s);
}

/* Gives the source "given" to the values that the caller filled in without
 * one. */
static void
name_missing_sources(struct envelope *e)
{
	struct span *from[] = {&e->ip_from, &e->helo_from, &e->sender_from};

	for (size_t i = 0; i < COUNT(from); i++)
		if (!from[i]->p)
			*from[i] = SPAN("given");
}

void
envelope_find(struct envelope *e, const struct message *m,
    const struct envelope_trust *trust, struct arena *a)
{
	struct search s = {.e = e, .m = m, .trust = trust, .arena = a};

	find_received(&s);
	take_ip(&s);
	take_helo(&s);
	take_sender(&s);
	name_missing_sources(e);
}

void
envelope_note(const struct envelope *e, struct result *r)
{
	if (e->assumed)
		result_note(r, ENVELOPE_NOTE_ASSUMED,
		    SPAN("the identities may be the sender's own words"));
}
