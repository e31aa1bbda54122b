/* header_repairs_lost: whole fields that were lost. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

/* What a field nearly always has. */
static const struct {
	const char *name, *value;
} standard[] = {
    {"MIME-Version", "1.0"},
    {"Content-Transfer-Encoding", "7bit"},
    {"Content-Transfer-Encoding", "8bit"},
    {"Content-Transfer-Encoding", "quoted-printable"},
    {"Content-Transfer-Encoding", "base64"},
    {"Content-Type", "text/plain"},
    {"Content-Type", "text/plain; charset=utf-8"},
    {"Content-Type", "text/plain; charset=\"utf-8\""},
    {"Content-Type", "text/plain; charset=UTF-8"},
    {"Content-Type", "text/plain; charset=\"UTF-8\""},
    {"Content-Type", "text/plain; charset=us-ascii"},
    {"Content-Type", "text/plain; charset=\"us-ascii\""},
    {"Content-Type", "text/plain; charset=US-ASCII"},
    {"Content-Type", "text/plain; charset=iso-8859-1"},
    {"Content-Type", "text/plain; charset=UTF-8; format=flowed"},
    {"Content-Type", "text/plain; charset=utf-8; format=flowed"},
    {"Content-Type", "text/plain; charset=us-ascii; format=flowed"},
    {"Content-Type", "text/html; charset=utf-8"},
    {"Content-Type", "text/html; charset=UTF-8"},
    {"Content-Disposition", "inline"},
    {"To", "undisclosed-recipients:;"},
    {"To", "undisclosed-recipients: ;"},
    {"Subject", ""},
    {"Cc", ""},
    {"Reply-To", ""},
    {"Precedence", "bulk"},
    {"Precedence", "list"},
    {"Importance", "normal"},
    {"Importance", "Normal"},
    {"X-Priority", "3"},
    {"X-Priority", "3 (Normal)"},
    {"X-MSMail-Priority", "Normal"},
    {"Priority", "normal"},
    {"Sensitivity", "Normal"},
    {"Auto-Submitted", "auto-generated"},
    {"X-Auto-Response-Suppress", "All"},
    {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"},
    {"Content-Language", "en-US"},
    {"Content-Class", "urn:content-classes:message"},
    {"Accept-Language", "en-US"},
};

/* Fields that often have the value, or the address, of another. */
static const struct {
	const char *name, *other;
} same[] = {
    {"Sender", "From"},
    {"Reply-To", "From"},
    {"From", "Sender"},
    {"To", "X-Original-To"},
    {"To", "Delivered-To"},
    {"Errors-To", "From"},
    {"Disposition-Notification-To", "From"},
    {"In-Reply-To", "References"},
    {"References", "In-Reply-To"},
    {"Thread-Topic", "Subject"},
};

static struct header_change
insert(const struct header *h, struct span name, struct span value)
{
	return (struct header_change){HEADER_INSERT, h->m->nfields,
	    ARENA_JOIN(
		h->arena, name, SPAN(": "), value, span_of(h->m->field_eol))};
}

static bool
is_lost(const struct header *h, struct span name)
{
	return header_named(h, name) && !message_lowest(h->m, name);
}

static void
propose_lost(const struct header *h, struct header_proposals *p,
    struct span name, struct span value)
{
	struct header_change c = insert(h, name, value);

	header_propose(p, &c, 1);
}

static void
propose_same(const struct header *h, struct header_proposals *p,
    struct span name, struct span value)
{
	struct header_mailbox m = header_mailbox(value, h->arena);

	propose_lost(h, p, name, value);
	if (header_place(value, SPAN("> <")) < value.len)
		propose_lost(
		    h, p, name, span_from(value, span_find_last(value, '<')));
	if (!m.phrase.p || span_find(m.address, '@') == m.address.len)
		return;
	propose_lost(h, p, name, m.address);
	propose_lost(h, p, name, header_bracketed(m.address, h->arena));
}

HEADER_WHOLE(header_lost)
{
	for (size_t i = 0; i < COUNT(standard); i++) {
		struct span name = span_of(standard[i].name);

		if (is_lost(h, name))
			propose_lost(h, p, name, span_of(standard[i].value));
	}
	for (size_t i = 0; i < COUNT(same); i++) {
		struct span name = span_of(same[i].name);
		struct span value = header_value(h, span_of(same[i].other));

		if (!span_empty(value) && is_lost(h, name))
			propose_same(h, p, name, value);
	}
}

/* MIME-Version, Content-Type and Content-Transfer-Encoding at once: what one
 * program removes together. */
HEADER_WHOLE(header_lost_mime)
{
	struct span version = SPAN("MIME-Version"), type = SPAN("Content-Type"),
		    encoding = SPAN("Content-Transfer-Encoding");
	struct header_change c[3];
	size_t from = 0;

	if (is_lost(h, version))
		c[from++] = insert(h, version, SPAN("1.0"));
	for (size_t i = 0; is_lost(h, type) && i < COUNT(standard); i++) {
		if (!span_eq(span_of(standard[i].name), type))
			continue;
		c[from] = insert(h, type, span_of(standard[i].value));
		if (from)
			header_propose(p, c, from + 1);
		for (size_t k = 1; is_lost(h, encoding) && k < 5; k++) {
			c[from + 1] =
			    insert(h, encoding, span_of(standard[k].value));
			header_propose(p, c, from + 2);
		}
	}
}
