/* context_notes: the times of a signature, and what it covers. */
/* SPDX-License-Identifier: ISC */

#include "explain/context_internal.h"

#include <inttypes.h>

#include "base/ascii.h"
#include "base/limit.h"
#include "mail/received.h"

/* Returns a duration in its largest unit, rounded down: "3 days". */
static struct span
duration(int64_t seconds, struct arena *a)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {
	    {86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
	size_t i = 0;

	while (i + 1 < COUNT(units) && seconds < units[i].seconds)
		i++;
	seconds /= units[i].seconds;
	return arena_printf(a, "%" PRId64 " %s%s", seconds, units[i].name,
	    seconds == 1 ? "" : "s");
}

/* A message may wait for a while until it is signed; its date is its own
 * clock's. */
#define DATE_OLDER_LEAST 86400
#define DATE_NEWER_LEAST 3600

static void
note_date(struct context_search *c)
{
	const struct field *f = message_lowest(c->m, SPAN("Date"));
	int64_t date, newer;

	if (!f || !c->s->has_time || !received_date(span_trim(f->body), &date))
		return;
	newer = date - c->s->time;
	if (newer >= DATE_NEWER_LEAST)
		context_note(c, CONTEXT_DATE_NEWER, duration(newer, c->arena));
	else if (-newer >= DATE_OLDER_LEAST)
		context_note(c, CONTEXT_DATE_OLDER, duration(-newer, c->arena));
}

static void
note_times(struct context_search *c)
{
	const struct dkim_signature *s = c->s;
	int64_t now = c->q->now;

	if (s->has_expiry && s->expiry + LIMIT_CLOCK_SKEW < now)
		context_note(c, CONTEXT_EXPIRED,
		    ARENA_JOIN(c->arena, duration(now - s->expiry, c->arena),
			SPAN(" ago")));
	if (s->has_time && s->time - LIMIT_CLOCK_SKEW > now)
		context_note(c, CONTEXT_CLOCK,
		    ARENA_JOIN(c->arena, SPAN("by "),
			duration(s->time - now, c->arena)));
	else
		note_date(c);
}

/* Names that should not be in h=: one that ends with "*" is a prefix. */
static const char *const relay_names[] = {"Return-Path", "Received",
    "Received-SPF", "Delivered-To", "X-Original-To", "DKIM-Signature",
    "Authentication-Results", "ARC-*", "Bcc", "Resent-*", "Status",
    "X-Received", "X-Spam*", "X-Virus*", "X-MS-Exchange-*", "X-Forefront-*",
    "X-Microsoft-*", "X-Google-*", "X-Originating-IP", NULL};
/* Those of RFC 2369 and 2919, and what lists put in place of the author's. */
static const char *const list_names[] = {"List-*", "Sender", "Reply-To",
    "Precedence", "Errors-To", "X-BeenThere", "X-Mailman-*", "Mailing-List",
    NULL};

static bool
is_among(struct span name, const char *const *list)
{
	for (; *list; list++) {
		struct span item = span_of(*list);

		if (item.p[item.len - 1] != '*') {
			if (span_caseeq(name, item))
				return true;
		} else if (span_casestarts(name, span_upto(item, item.len - 1)))
			return true;
	}
	return false;
}

/* Are the last octets of a list of names this one? */
static bool
ends_with(const struct buf *b, struct span name)
{
	struct span text = buf_span(b);

	return text.len >= name.len &&
	    span_caseeq(span_from(text, text.len - name.len), name);
}

/* Remarks on names of h= that are in a list; with is_there, only on those that
 * the message has now. One that is named again, next to itself (RFC 6376 8.15),
 * is listed once. */
static void
note_names(struct context_search *c, const char *const *list, bool is_there,
    enum context_remark remark)
{
	struct span names = c->s->names, item;
	struct buf b = BUF(c->arena);

	while (taglist_item(&names, ':', &item)) {
		if (!is_among(item, list) || ends_with(&b, item) ||
		    (is_there && !message_lowest(c->m, item)))
			continue;
		if (b.len + 2 + item.len > LIMIT_SHOWN_LIST) {
			buf_str(&b, ", ...");
			break;
		}
		buf_str(&b, b.len ? ", " : "");
		buf_add(&b, item);
	}
	if (b.len)
		context_note(c, remark, buf_span(&b));
}

/* RFC 6376 5.3: 8-bit text may be re-encoded for a relay that takes 7 bits. The
 * field tells what was signed only if it was, and has not been altered. */
static void
note_eight_bit(struct context_search *c)
{
	struct span name = SPAN("Content-Transfer-Encoding"), value;
	const struct field *f = message_lowest(c->m, name);

	if (!f || !c->q->header_intact || !dkim_times_named(c->s->names, name))
		return;
	value = span_trim(f->body);
	if (span_caseeq(value, SPAN("8bit")) ||
	    span_caseeq(value, SPAN("binary")))
		context_note(c, CONTEXT_EIGHT_BIT, SPAN_NONE);
}

/* What of the signature is known to differ? */
static void
note_canonical(struct context_search *c)
{
	bool header = c->q->reason == DKIM_SIGNATURE;
	bool body =
	    c->q->reason == DKIM_BODY_HASH || c->q->reason == DKIM_BODY_LENGTH;

	if ((header && c->s->header == CANON_SIMPLE) ||
	    (body && c->s->body == CANON_SIMPLE))
		context_note(c, CONTEXT_SIMPLE,
		    arena_printf(c->arena, "%s/%s", canon_name(c->s->header),
			canon_name(c->s->body)));
	if (body && c->s->has_length)
		context_note(c, CONTEXT_LENGTH,
		    arena_printf(c->arena, "%" PRIu64 " octets", c->s->length));
}

static void
note_duplicate(struct context_search *c)
{
	struct dkim_outcome o;

	for (size_t i = 0; context_other(c, &i, &o);)
		if (o.signature->signature.len &&
		    span_eq(o.signature->signature, c->s->signature)) {
			context_note(c, CONTEXT_DUPLICATE,
			    arena_printf(c->arena, "signature %zu", i));
			return;
		}
}

/* Was the message compared with the signature, and found to differ? Then what
 * the signature covers matters. */
static bool
is_altered(enum dkim_reason reason)
{
	return reason == DKIM_SIGNATURE || reason == DKIM_BODY_HASH ||
	    reason == DKIM_BODY_LENGTH;
}

void
context_notes_find(struct context_search *c)
{
	note_times(c);
	note_duplicate(c);
	if (!is_altered(c->q->reason) || c->q->block_is_other)
		return;
	note_canonical(c);
	note_names(c, relay_names, false, CONTEXT_RELAY_FIELDS);
	if (c->out->software == CONTEXT_LIST)
		note_names(c, list_names, true, CONTEXT_LIST_FIELDS);
	note_eight_bit(c);
}
