/* header_repairs_fields: whole fields that were added, moved or replaced. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/limit.h"

static struct header_change
drop(size_t index)
{
	return (struct header_change){HEADER_DROP, index, SPAN_NONE};
}

/*
 * Fields that were added.
 */

/* Fields that lists and relays add, the likeliest first. */
static const char *const added[] = {"Reply-To", "Sender", "List-Id",
    "List-Unsubscribe", "List-Post", "List-Archive", "List-Help",
    "List-Subscribe", "List-Owner", "List-Unsubscribe-Post", "Precedence",
    "Errors-To", "Mailing-List", "Cc", "X-Mailer", "X-Priority", "Importance",
    "In-Reply-To", "References", "Resent-From", "Resent-Date",
    "Resent-Message-ID", "Resent-To", "Resent-Sender", "Auto-Submitted",
    "Return-Path"};

/* Fields that relays add to messages that lack them. */
static const char *const completed[] = {"Message-ID", "Date", "MIME-Version",
    "Content-Type", "Content-Transfer-Encoding", "To", "Bcc", "Subject"};

/* How many of the names above are of a list: all that it adds; and, after the
 * first two, how many are List-*. */
#define OF_LIST    13u
#define LIST_ALONE 8u

static size_t
find_name(struct span name, const char *const *list, size_t n)
{
	size_t i = 0;

	while (i < n && !span_caseeq(name, span_of(list[i])))
		i++;
	return i;
}

static struct span
name_at(const struct header *h, size_t index)
{
	return h->m->fields[index].name;
}

static bool
is_several(const struct header *h, size_t index)
{
	return message_count(h->m, name_at(h, index)) > 1;
}

static bool
is_completed(struct span name)
{
	return find_name(name, completed, COUNT(completed)) < COUNT(completed);
}

/* Is it a field that a message has once? */
static bool
is_once(struct span name)
{
	return is_completed(name) || span_caseeq(name, SPAN("From"));
}

HEADER_WHOLE(header_completed)
{
	size_t *list, n = header_selected(h, &list);

	for (size_t rank = 0; rank < COUNT(completed); rank++)
		for (size_t i = 0; i < n; i++) {
			struct header_change c = drop(list[i]);
			struct span name = name_at(h, list[i]);

			if (span_caseeq(name, span_of(completed[rank])) &&
			    !is_several(h, list[i]))
				header_propose(p, &c, 1);
		}
}

HEADER_WHOLE(header_added)
{
	size_t *list, n = header_selected(h, &list);

	for (size_t rank = 0; rank <= COUNT(added); rank++)
		for (size_t i = 0; i < n; i++) {
			struct header_change c = drop(list[i]);
			struct span name = name_at(h, list[i]);

			if (find_name(name, added, COUNT(added)) == rank &&
			    !is_once(name))
				header_propose(p, &c, 1);
		}
}

/* Proposes that all signed fields with these names were added, if there are
 * several. */
static void
propose_dropped(const struct header *h, struct header_proposals *p,
    const char *const *names, size_t nnames)
{
	size_t *list, n = header_selected(h, &list), count = 0;
	struct header_change changes[LIMIT_EXPLAIN_FIELDS];

	for (size_t i = 0; i < n; i++)
		if (find_name(name_at(h, list[i]), names, nnames) < nnames)
			changes[count++] = drop(list[i]);
	if (count > 1)
		header_propose(p, changes, count);
}

/* All that lists add, those that are signed: at once; without Reply-To, or
 * Sender, too, which may be the author's; and List-* alone. */
HEADER_WHOLE(header_list_added)
{
	for (size_t first = 0; first <= 2; first++)
		propose_dropped(h, p, added + first, OF_LIST - first);
	propose_dropped(h, p, added + 2, LIST_ALONE);
}

/* Those of the fields of MIME that are signed, at once: software that writes a
 * text anew adds them to a message without them. */
HEADER_WHOLE(header_mime_added)
{
	static const char *const names[] = {
	    "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};

	propose_dropped(h, p, names, COUNT(names));
}

/* Is there another field of the same name and the same words above? */
static bool
has_twin(const struct header *h, size_t index)
{
	const struct field *f = &h->m->fields[index], *at;
	struct span body = header_squeezed(span_trim(f->body), h->arena);
	size_t seen = 0;

	at = message_lowest(h->m, f->name);
	for (; at && seen++ < LIMIT_EXPLAIN_FIELDS;
	     at = message_above(h->m, at))
		if (at != f && at->raw.len <= LIMIT_EXPLAIN_FIELD &&
		    span_eq(
			body, header_squeezed(span_trim(at->body), h->arena)))
			return true;
	return false;
}

/* A copy of another field, or one beside that of the author. */
HEADER_WHOLE(header_twice)
{
	size_t *list, n = header_selected(h, &list);

	for (size_t i = 0; i < n; i++) {
		struct header_change c = drop(list[i]);

		if (h->m->fields[list[i]].raw.len <= LIMIT_EXPLAIN_FIELD &&
		    is_several(h, list[i]) &&
		    (is_once(name_at(h, list[i])) || has_twin(h, list[i])))
			header_propose(p, &c, 1);
	}
}

/* A field that h= has so often, and that was there twice: a program that allows
 * one alone has removed the other. Oversigned names are more often in h= than
 * the fields are there, most of them those of fields that are there once. */
HEADER_WHOLE(header_twin_lost)
{
	size_t *list, n = header_selected(h, &list);

	for (int once = 0; once <= 1; once++)
		for (size_t i = 0; i < n; i++) {
			const struct field *f = &h->m->fields[list[i]];
			struct header_change c = {
			    HEADER_INSERT, list[i], f->raw};

			if (is_once(f->name) == once &&
			    f == message_lowest(h->m, f->name) &&
			    header_named(h, f->name) >
				message_count(h->m, f->name))
				header_propose(p, &c, 1);
		}
}

/*
 * Fields that were moved.
 */

/* Fields of one name whose order is changed. */
#define MOVED 4u

/* Proposes that the fields have the texts of others among them. */
static void
propose_order(const struct header *h, struct header_proposals *p,
    const size_t *index, const size_t *order, size_t n)
{
	struct header_change changes[MOVED];
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (order[i] != i)
			changes[count++] =
			    (struct header_change){HEADER_REPLACE, index[i],
				h->m->fields[index[order[i]]].raw};
	header_propose(p, changes, count);
}

/* Sets the nth order of so many: each number is divided by the choices that are
 * left. */
static void
set_order(size_t *order, size_t n, size_t nth)
{
	size_t left[MOVED];

	for (size_t i = 0; i < n; i++)
		left[i] = i;
	for (size_t i = 0; i < n; i++) {
		size_t choices = n - i, pick = nth % choices;

		nth /= choices;
		order[i] = left[pick];
		for (size_t k = pick; k + 1 < choices; k++)
			left[k] = left[k + 1];
	}
}

static void
propose_orders(
    const struct header *h, struct header_proposals *p, struct span name)
{
	const struct field *f = message_lowest(h->m, name);
	size_t index[MOVED], order[MOVED], n = 0, orders = 1;

	for (; f && n < MOVED; f = message_above(h->m, f))
		if (f->raw.len <= LIMIT_EXPLAIN_FIELD &&
		    (size_t)(f - h->m->fields) != h->signature)
			index[n++] = (size_t)(f - h->m->fields);
	for (size_t i = 2; i <= n; i++)
		orders *= i;
	for (size_t i = 1; n > 1 && i < orders; i++) {
		set_order(order, n, i);
		propose_order(h, p, index, order, n);
	}
}

HEADER_WHOLE(header_moved)
{
	size_t *list, n = header_selected(h, &list);

	for (size_t i = 0; i < n; i++) {
		const struct field *f = &h->m->fields[list[i]];

		if (f == message_lowest(h->m, f->name))
			propose_orders(h, p, f->name);
	}
}

/*
 * The fields of MIME of a message that was put into a wrapper.
 */

static const char *const mime[] = {"Content-Type", "Content-Transfer-Encoding",
    "MIME-Version", "Content-Disposition", "Content-Description", "Content-ID",
    "Content-Language"};

/* What is to be done with a field: false if nothing. */
static bool
mime_change(const struct header *h, struct span name, struct header_change *c)
{
	struct span inner = field_find(h->mime, name).raw;
	const struct field *f = message_lowest(h->m, name);
	struct span eol = span_of(h->m->field_eol);

	if (!header_named(h, name) || (!f && !inner.p) ||
	    inner.len > LIMIT_EXPLAIN_FIELD)
		return false;
	if (f && !header_is_signed(h, (size_t)(f - h->m->fields)))
		return false;
	*c = (struct header_change){HEADER_INSERT, h->m->nfields, SPAN_NONE};
	if (inner.p)
		c->raw = ARENA_JOIN(h->arena, field_chomp(inner), eol);
	if (f) {
		c->action = inner.p ? HEADER_REPLACE : HEADER_DROP;
		c->index = (size_t)(f - h->m->fields);
	}
	return !f || !inner.p || !span_eq(f->raw, c->raw);
}

/* Proposes the changes of a set: bit i is that of the ith field. */
static void
propose_set(struct header_proposals *p, const struct header_change *all,
    unsigned have, unsigned set)
{
	struct header_change some[COUNT(mime)];
	size_t n = 0;

	if ((have & set) != set)
		return;
	for (size_t i = 0; i < COUNT(mime); i++)
		if (set & 1u << i)
			some[n++] = all[i];
	header_propose(p, some, n);
}

/* A part inside has no MIME-Version of its own, and may lack what the header of
 * a message has: so each of what would be dropped is also kept. */
HEADER_WHOLE(header_mime)
{
	struct header_change all[COUNT(mime)];
	unsigned have = 0, drops = 0, every = 1u << COUNT(mime);

	if (span_empty(h->mime))
		return;
	for (size_t i = 0; i < COUNT(mime); i++)
		if (mime_change(h, span_of(mime[i]), &all[i])) {
			have |= 1u << i;
			if (all[i].action == HEADER_DROP)
				drops |= 1u << i;
		}
	for (unsigned kept = 0; kept < every; kept++)
		if ((kept & drops) == kept && (have & ~kept))
			propose_set(p, all, have, have & ~kept);
	for (size_t i = 0; i < COUNT(mime); i++)
		propose_set(p, all, have, 1u << i);
}
