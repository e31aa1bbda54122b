/* header_repairs_kept: old values that software keeps in other fields. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/limit.h"
#include "base/taglist.h"

/* What is put before the name of the field whose old value it is. */
static const char *const prefixes[] = {"X-Google-Original-", "X-Original-",
    "Original-", "X-Microsoft-Original-", "X-MS-Exchange-Original-",
    "X-Mailman-Original-", "Old-", "X-Old-", "X-Orig-", "Orig-", "Prev-",
    "X-Prev-", "X-Previous-", "X-Saved-", "X-Unmodified-", "X-Pre-",
    "X-Spam-Prev-", "X-Spam-Original-", "X-Amavis-Original-"};

/* Fields of one such name that are looked at, the lowest first. */
#define KEPT 3u

/* Octets of a field's name at most (RFC 5322 2.1.1: it is on one line). */
#define NAME 200u

/* Calls put for each field that has an old value of one. */
static void
each_kept(const struct header *h, struct span name,
    void (*put)(void *to, const struct field *kept), void *to)
{
	for (size_t i = 0; name.len <= NAME && i < COUNT(prefixes); i++) {
		struct span kept =
		    ARENA_JOIN(h->arena, span_of(prefixes[i]), name);
		const struct field *f = message_lowest(h->m, kept);

		for (size_t n = 0; f && n < KEPT; n++) {
			if (f->raw.len <= LIMIT_EXPLAIN_FIELD)
				put(to, f);
			f = message_above(h->m, f);
		}
	}
}

static void
put_text(void *to, const struct field *kept)
{
	struct header_text *t = to;

	HEADER_TEXT_PUT(t, t->name, SPAN(":"), kept->body);
	header_text_put(t, span_trim(kept->body));
}

HEADER_FIELD(header_kept)
{
	struct header_text t;

	if (header_text_read(&t, h, index, raw, p, NULL))
		each_kept(h, t.name, put_text, &t);
}

/* An insertion that is proposed. */
struct insertion {
	const struct header *h;
	struct header_proposals *to;
	struct span name;
};

/* The name is in the case that the kept field has it in: that of h= may be
 * another. */
static void
put_inserted(void *to, const struct field *kept)
{
	struct insertion *i = to;
	const struct message *m = i->h->m;
	struct span name = span_from(kept->name, kept->name.len - i->name.len);
	struct header_change c = {HEADER_INSERT, m->nfields,
	    ARENA_JOIN(i->h->arena, name, SPAN(":"), kept->body,
		span_of(m->field_eol))};

	header_propose(i->to, &c, 1);
}

/* A field that was renamed: h= has its name, the header has none. */
HEADER_WHOLE(header_lost_kept)
{
	struct span names = h->s->names, item;
	size_t n = 0;

	while (n++ < LIMIT_EXPLAIN_FIELDS && taglist_item(&names, ':', &item)) {
		struct insertion i = {h, p, item};

		if (item.len && !message_lowest(h->m, item))
			each_kept(h, item, put_inserted, &i);
	}
}

/* To and Cc as what the envelope had. */
HEADER_FIELD(header_recipients)
{
	static const char *const fields[] = {"To", "Cc", "Resent-To", NULL};
	static const char *const others[] = {"X-Original-To", "Delivered-To",
	    "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To",
	    "X-Forwarded-To", "X-Forwarded-For", "Apparently-To",
	    "X-Apparently-To"};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, fields))
		return;
	for (size_t i = 0; i < COUNT(others); i++) {
		struct span value = header_value(h, span_of(others[i]));

		if (span_empty(value) ||
		    header_place(t.value, value) < t.value.len)
			continue;
		header_text_put(&t, value);
		header_text_put(&t, header_bracketed(value, t.arena));
		header_text_put(
		    &t, ARENA_JOIN(t.arena, t.value, SPAN(", "), value));
	}
}
