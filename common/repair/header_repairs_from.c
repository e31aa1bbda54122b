/* header_repairs_from: From that a list or a gateway has put itself into. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/ascii.h"
#include "base/buf.h"

/* Fields in which the author may still be found, the likeliest first. */
static const char *const sources[] = {"X-Original-From",
    "X-Google-Original-From", "X-Mailman-Original-From", "Original-From",
    "X-MS-Exchange-Original-From", "X-MS-Exchange-ParentFrom", "X-Orig-From",
    "Old-From", "X-Old-From", "X-From", "Reply-To", "X-Original-Reply-To", "Cc",
    "X-Original-Sender", "X-Sender", "Sender", "X-Envelope-From", "Return-Path",
    "X-MailFrom", "Resent-From"};

static const char *const from[] = {"From", NULL};

/* Addresses looked at in one of them, from each end. */
#define ADDRESSES 3u

/*
 * Names.
 */

/* Removes "via List" and the quotes around what is left: "'Alice' via Dev",
 * "Alice (via dev Mailing List)". Returns absent if there are no such words. */
static struct span
without_via(struct span name)
{
	static const char *const words[] = {" via ", " (via ", " [via ",
	    " on behalf of ", " - via ", " (by way of ", " (through ",
	    " over "};
	struct span plain;
	size_t at = name.len;

	for (size_t i = 0; i < COUNT(words); i++) {
		size_t found = header_place(name, span_of(words[i]));

		at = found < at ? found : at;
	}
	if (at == name.len)
		return SPAN_NONE;
	name = span_trim(span_upto(name, at));
	plain = header_between(name, '\'', '\'');
	if (!plain.p)
		plain = header_between(name, '"', '"');
	return plain.p ? plain : name;
}

/* What the text of a From field is restored from. */
struct rewritten {
	struct header_text t;
	struct header_mailbox now;
	struct span name; /* of the author, or absent */
};

/* Proposes an address with the author's name, in each form. */
static void
put_named(struct rewritten *r, struct span address)
{
	struct arena *a = r->t.arena;
	struct span angle =
	    ARENA_JOIN(a, SPAN(" "), header_bracketed(address, a));
	struct span name = r->name;

	if (name.len) {
		header_text_put(
		    &r->t, ARENA_JOIN(a, header_phrase(name, false, a), angle));
		header_text_put(
		    &r->t, ARENA_JOIN(a, header_phrase(name, true, a), angle));
		header_text_put(&r->t, ARENA_JOIN(a, name, angle));
	}
	header_text_put(&r->t, address);
	header_text_put(&r->t, header_bracketed(address, a));
}

/*
 * Addresses that have the author's in them.
 */

/* "alice=example.org@lists.example.net" (Groups.io, VERP), and
 * "alice=40example.org@dmarc.example.net" (RFC 2047 Q in a local part). */
static void
put_encoded(struct rewritten *r, struct span local)
{
	size_t at = span_find_last(local, '=');
	struct span domain;

	if (!at || at + 1 >= local.len)
		return;
	domain = span_from(local, at + 1);
	if (span_starts(domain, SPAN("40")))
		put_named(r,
		    ARENA_JOIN(r->t.arena, span_upto(local, at), SPAN("@"),
			span_from(domain, 2)));
	put_named(
	    r, ARENA_JOIN(r->t.arena, span_upto(local, at), SPAN("@"), domain));
}

/* "SRS0=HHHH=TT=example.org=alice@relay", "SRS1=...", "prvs=TAG=alice@..." */
static void
put_srs(struct rewritten *r, struct span local, struct span domain)
{
	struct span rest = local, parts[8];
	size_t n = 0;

	while (rest.p && n < COUNT(parts))
		parts[n++] = span_cut(&rest, '=');
	if (n >= 4 && span_casestarts(local, SPAN("SRS")))
		put_named(r,
		    ARENA_JOIN(
			r->t.arena, parts[n - 1], SPAN("@"), parts[n - 2]));
	if (n == 3 && span_casestarts(local, SPAN("prvs=")))
		put_named(
		    r, ARENA_JOIN(r->t.arena, parts[2], SPAN("@"), domain));
}

static void
put_from_address(struct rewritten *r)
{
	struct span rest = r->now.address, local = span_cut(&rest, '@');
	struct span name = r->name;

	if (!rest.p)
		return;
	if (!name.p)
		r->name = r->now.name;
	put_srs(r, local, rest);
	put_encoded(r, local);
	r->name = name;
}

/* A name that is the author's address: "alice@example.org via dev". */
static void
put_from_name(struct rewritten *r)
{
	struct span address = r->name, name = SPAN_NONE;

	if (!address.p || span_find(address, '@') == address.len ||
	    span_find(address, ' ') < address.len)
		return;
	r->name = name;
	put_named(r, address);
	r->name = address;
	put_named(r, address);
}

/*
 * Addresses in other fields.
 */

static void
put_item(struct rewritten *r, struct span item)
{
	struct header_mailbox m = header_mailbox(item, r->t.arena);
	struct span name = r->name;

	if (span_find(m.address, '@') == m.address.len ||
	    span_caseeq(m.address, r->now.address))
		return;
	header_text_put(&r->t, span_trim(item));
	if (m.name.p && !name.p)
		r->name = m.name;
	put_named(r, m.address);
	r->name = name;
}

static void
put_source(struct rewritten *r, struct span value)
{
	struct span rest = value;
	size_t n = header_items(value, ',');

	if (n > 1 && span_find(value, '@') < value.len)
		header_text_put(&r->t, value);
	for (size_t i = 0; rest.p; i++) {
		struct span item = header_item(&rest, ',');

		if (i < ADDRESSES || i + ADDRESSES >= n)
			put_item(r, item);
	}
}

/* Has the field a sign that it was rewritten: the words, an address of
 * another form, or a field that only such software adds? */
static bool
is_rewritten(const struct rewritten *r)
{
	if (r->name.p || span_casestarts(r->now.address, SPAN("SRS")) ||
	    span_casestarts(r->now.address, SPAN("prvs=")) ||
	    span_find(r->now.address, '=') < r->now.address.len)
		return true;
	for (size_t i = 0; i < COUNT(sources); i++) {
		if (span_caseeq(span_of(sources[i]), SPAN("Reply-To")))
			break;
		if (header_value(r->t.h, span_of(sources[i])).p)
			return true;
	}
	return message_lowest(r->t.h->m, SPAN("List-Id")) != NULL ||
	    message_lowest(r->t.h->m, SPAN("List-Post")) != NULL ||
	    message_lowest(r->t.h->m, SPAN("Mailing-List")) != NULL;
}

static bool
read_from(struct rewritten *r, const struct header *h, size_t index,
    struct span raw, struct header_proposals *p)
{
	if (!header_text_read(&r->t, h, index, raw, p, from))
		return false;
	r->now = header_mailbox(r->t.value, r->t.arena);
	r->name = without_via(r->now.name);
	if (!r->name.p)
		r->name = without_via(r->now.comment);
	if (!r->name.p) /* the words are encoded with the name */
		r->name = without_via(header_decoded(r->now.name, r->t.arena));
	return is_rewritten(r);
}

HEADER_FIELD(header_from_via)
{
	struct rewritten r = {.name = SPAN_NONE};

	if (!read_from(&r, h, index, raw, p))
		return;
	put_from_name(&r);
	for (size_t i = 0; i < COUNT(sources); i++) {
		struct span value = header_value(h, span_of(sources[i]));

		if (value.p)
			put_source(&r, value);
	}
	put_from_address(&r);
	if (r.name.p && !r.name.len)
		return;
	if (r.name.p) /* only the name was changed */
		put_named(&r, r.now.address);
}

/* ".invalid" and the like after the domain. */
HEADER_FIELD(header_from_invalid)
{
	static const char *const names[] = {"From", "Reply-To", "Sender", NULL};
	static const char *const ends[] = {
	    ".invalid", ".dmarc.invalid", ".dmarc-protect.invalid", ".nospam"};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, names))
		return;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct span end = span_of(ends[i]);
		size_t at = header_place(t.value, end);

		if (at < t.value.len)
			header_text_put(&t,
			    header_spliced(
				t.value, at, end.len, SPAN(""), t.arena));
	}
}

/*
 * Other fields of people, replaced by those of the list.
 */

/* The author's mailbox, as From has it or, if that was rewritten, another. */
HEADER_FIELD(header_replaced)
{
	static const char *const names[] = {
	    "Reply-To", "Sender", "Errors-To", NULL};
	static const char *const authors[] = {
	    "From", "X-Original-From", "X-Original-Sender", "Cc"};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, names))
		return;
	for (size_t i = 0; i < COUNT(authors); i++) {
		struct span value = header_value(h, span_of(authors[i]));
		struct header_mailbox m = header_mailbox(value, t.arena);

		if (span_find(m.address, '@') == m.address.len ||
		    header_place(t.value, m.address) < t.value.len)
			continue;
		header_text_put(&t, value);
		header_text_put(&t, m.address);
		header_text_put(&t, header_bracketed(m.address, t.arena));
	}
}

/*
 * From rewritten and the author put into a field that was signed as absent.
 */

/* The field of a name that h= selects, if the signer may have had none. */
static const struct field *
only_field(const struct header *h, struct span name)
{
	const struct field *f = message_lowest(h->m, name);

	return f && header_is_signed(h, (size_t)(f - h->m->fields)) &&
		message_count(h->m, name) == 1
	    ? f
	    : NULL;
}

static void
propose_munged(const struct header *h, struct header_proposals *p,
    const struct header_change *change, const char *const *names, size_t n)
{
	struct header_change changes[4] = {*change};
	size_t count = 1;

	for (size_t i = 0; i < n; i++) {
		const struct field *f = only_field(h, span_of(names[i]));

		if (f && count < COUNT(changes))
			changes[count++] = (struct header_change){
			    HEADER_DROP, (size_t)(f - h->m->fields), SPAN_NONE};
	}
	if (count > 1)
		header_propose(p, changes, count);
}

HEADER_WHOLE(header_from_munged)
{
	static const char *const dropped[] = {"Reply-To", "Sender", "Cc"};
	struct header_proposals texts = {
	    .arena = p->arena, .most = p->most < 24 ? p->most : 24};
	const struct field *f = message_lowest(h->m, SPAN("From"));
	size_t index;

	if (!f)
		return;
	index = (size_t)(f - h->m->fields);
	header_from_via(h, index, f->raw, &texts);
	for (size_t i = 0; i < texts.n; i++) {
		const struct header_change *c = texts.list[i].changes;

		propose_munged(h, p, c, dropped, 1);
		if (only_field(h, SPAN("Sender")))
			propose_munged(h, p, c, dropped, 2);
		propose_munged(h, p, c, dropped + 2, 1);
	}
}
