/* header_repairs: the repairs of a header, and how they propose. */
/* SPDX-License-Identifier: ISC */

#include "explain/header_repairs_internal.h"

#include "base/ascii.h"
#include "base/limit.h"
#include "base/taglist.h"

/*
 * What is tried first is what list software and gateways do to most messages.
 * Many proposals of one kind, and those without a sign of their own, come last.
 */
const struct header_repair header_text_repairs[] = {
    {{"subject-tag", "added {after} to the Subject", REPAIR_ADVICE_REWRITE, 0},
	header_subject_tag, NULL},
    {{"from-rewritten", "replaced the author {before} in From",
	 REPAIR_ADVICE_FROM, 1},
	header_from_via, NULL},
    {{"header-kept", "replaced {field} (the old one is in another field)",
	 REPAIR_ADVICE_RELAY, 1},
	header_kept, NULL},
    {{"from-invalid", "made the address in {field} invalid", REPAIR_ADVICE_FROM,
	 2},
	header_from_invalid, NULL},
    {{"header-unfolded", "broke {field} into more lines", REPAIR_ADVICE_RELAXED,
	 3},
	header_unfold, NULL},
    {{"header-folded", "broke the lines of {field} at other places",
	 REPAIR_ADVICE_RELAXED, 4},
	header_refold, NULL},
    {{"header-fold-items", "put the items of {field} on other lines",
	 REPAIR_ADVICE_RELAXED, 4},
	header_fold_lines, NULL},
    {{"header-fold-blanks", "changed the blanks at the line breaks of {field}",
	 REPAIR_ADVICE_RELAXED, 4},
	header_fold_blanks, NULL},
    {{"header-fold-inside", "broke a word of {field} into lines",
	 REPAIR_ADVICE_LINES, 5},
	header_fold_inside, NULL},
    {{"header-blanks", "changed the blanks in {field}", REPAIR_ADVICE_RELAXED,
	 4},
	header_blank_runs, NULL},
    {{"header-colon", "changed the blanks after the colon of {field}",
	 REPAIR_ADVICE_RELAXED, 5},
	header_blank_colon, NULL},
    {{"header-commas",
	 "changed the blanks beside commas and the like in {field}",
	 REPAIR_ADVICE_RELAY, 5},
	header_blank_commas, NULL},
    {{"header-name-case", "spelled the name of {field} in another way",
	 REPAIR_ADVICE_RELAXED, 4},
	header_name_case, NULL},
    {{"subject-tag-moved", "moved the tag in the Subject",
	 REPAIR_ADVICE_REWRITE, 5},
	header_subject_moved, NULL},
    {{"subject-suffix", "added {after} to the Subject", REPAIR_ADVICE_AFTER, 5},
	header_subject_suffix, NULL},
    {{"subject-reply", "changed the reply mark of the Subject",
	 REPAIR_ADVICE_RELAY, 8},
	header_subject_reply, NULL},
    {{"subject-empty", "filled in the Subject, which was empty",
	 REPAIR_ADVICE_COMPLETE, 4},
	header_subject_empty, NULL},
    {{"header-words-decoded", "encoded {field}, which was sent in 8-bit text",
	 REPAIR_ADVICE_SEVEN, 5},
	header_words_decoded, NULL},
    {{"header-words-encoded", "encoded the words of {field} anew",
	 REPAIR_ADVICE_RELAY, 6},
	header_words_encoded, NULL},
    {{"header-words-whole", "encoded other words of {field}",
	 REPAIR_ADVICE_RELAY, 7},
	header_words_whole, NULL},
    {{"header-octets", "converted {field} to another charset",
	 REPAIR_ADVICE_SEVEN, 6},
	header_octets, NULL},
    {{"address-quotes", "changed the quotes around names in {field}",
	 REPAIR_ADVICE_RELAY, 5},
	header_address_quotes, NULL},
    {{"address-form", "wrote the addresses in {field} in another form",
	 REPAIR_ADVICE_RELAY, 6},
	header_address_form, NULL},
    {{"address-case", "wrote the addresses in {field} in lower case",
	 REPAIR_ADVICE_RELAY, 7},
	header_address_case, NULL},
    {{"address-added", "added {after} to {field}", REPAIR_ADVICE_LIST, 6},
	header_address_added, NULL},
    {{"address-group", "spelled the empty group in {field} in another way",
	 REPAIR_ADVICE_COMPLETE, 6},
	header_address_group, NULL},
    {{"address-recipients", "replaced the recipients in {field}",
	 REPAIR_ADVICE_RELAY, 8},
	header_recipients, NULL},
    {{"address-replaced", "replaced {before} in {field} by {after}",
	 REPAIR_ADVICE_LIST, 5},
	header_replaced, NULL},
    {{"date-form", "wrote the Date in another form", REPAIR_ADVICE_RELAY, 5},
	header_date_form, NULL},
    {{"date-zone", "wrote the Date in another time zone", REPAIR_ADVICE_RELAY,
	 8},
	header_date_zone, NULL},
    {{"id-brackets", "changed the brackets in {field}", REPAIR_ADVICE_RELAY, 5},
	header_id_brackets, NULL},
    {{"id-list", "changed the list of messages in {field}", REPAIR_ADVICE_RELAY,
	 6},
	header_id_list, NULL},
    {{"type-form", "wrote the parameters of {field} in another way",
	 REPAIR_ADVICE_RELAY, 4},
	header_type_form, NULL},
    {{"type-order", "changed the order of the parameters of {field}",
	 REPAIR_ADVICE_RELAY, 6},
	header_type_order, NULL},
    {{"type-case", "changed the case of {field}", REPAIR_ADVICE_RELAY, 5},
	header_type_case, NULL},
    {{"type-parameter-added", "added {after} to {field}", REPAIR_ADVICE_AFTER,
	 5},
	header_type_lost, NULL},
    {{"type-parameter-lost", "removed {before} from {field}",
	 REPAIR_ADVICE_AFTER, 6},
	header_type_added, NULL},
    {{"type-charset", "changed the charset in {field}", REPAIR_ADVICE_SEVEN, 6},
	header_type_charset, NULL},
    {{"transfer-encoding", "changed {field} from {before} to {after}",
	 REPAIR_ADVICE_SEVEN, 3},
	header_transfer, NULL},
    {{"mime-version", "changed {field} from {before} to {after}",
	 REPAIR_ADVICE_RELAY, 5},
	header_version, NULL},
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
};

const struct header_repair header_field_repairs[] = {
    {{"header-mime", "wrapped the message in one of its own",
	 REPAIR_ADVICE_REWRITE, 0},
	NULL, header_mime},
    {{"from-replied",
	 "replaced the author in From (the address is in another field)",
	 REPAIR_ADVICE_FROM, 1},
	NULL, header_from_munged},
    {{"header-twice", "added a second {field}", REPAIR_ADVICE_RELAY, 1}, NULL,
	header_twice},
    {{"header-added", "added the field {field}", REPAIR_ADVICE_LIST, 2}, NULL,
	header_added},
    {{"header-completed", "added the missing {field}", REPAIR_ADVICE_COMPLETE,
	 2},
	NULL, header_completed},
    {{"header-list-added", "added the fields of a list", REPAIR_ADVICE_LIST, 2},
	NULL, header_list_added},
    {{"header-lost-kept", "renamed {field}", REPAIR_ADVICE_RELAY, 3}, NULL,
	header_lost_kept},
    {{"header-lost-mime", "removed the fields that tell the kind of the text",
	 REPAIR_ADVICE_RELAY, 5},
	NULL, header_lost_mime},
    {{"header-moved", "changed the order of the fields {field}",
	 REPAIR_ADVICE_RELAY, 4},
	NULL, header_moved},
    {{"header-lost", "removed {field}", REPAIR_ADVICE_RELAY, 6}, NULL,
	header_lost},
    {{"header-twin-lost", "removed one of two equal fields {field}",
	 REPAIR_ADVICE_RELAY, 9},
	NULL, header_twin_lost},
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
};

/*
 * Proposing.
 */

/* Returns the length of the line end (CRLF or LF) that s begins with, or 0. */
static size_t
line_end(struct span s)
{
	if (s.len && s.p[0] == '\n')
		return 1;
	return span_starts(s, SPAN("\r\n")) ? 2 : 0;
}

/* Returns how many octets at the start of s are WSP and line ends. */
static size_t
blank_length(struct span s)
{
	size_t n = 0, end;

	while (n < s.len) {
		end = line_end(span_from(s, n));
		if (!end && !ascii_is_wsp(s.p[n]))
			break;
		n += end ? end : 1;
	}
	return n;
}

/* Have both texts the same octets, whichever way their lines end (RFC 6376
 * 3.4.1), or with words, the same words (3.4.2)? Most differ early. */
static bool
is_same(struct span a, struct span b, bool words)
{
	while (a.len && b.len) {
		size_t n = words ? blank_length(a) : line_end(a);
		size_t k = words ? blank_length(b) : line_end(b);
		bool is_end = words && (n == a.len || k == b.len);

		if (is_end)
			return n == a.len && k == b.len;
		if ((n != 0) != (k != 0) || (!n && a.p[0] != b.p[0]))
			return false;
		a = span_from(a, n ? n : 1);
		b = span_from(b, k ? k : 1);
	}
	return words ? blank_length(a) == a.len && blank_length(b) == b.len
		     : a.len == b.len;
}

/* Is the text the same to the signature as the field that was received? */
static bool
is_received(const struct header *h, struct span received, struct span raw)
{
	struct field a = field_split(received), b = field_split(raw);

	if (h->s->header == CANON_SIMPLE)
		return is_same(field_chomp(received), field_chomp(raw), false);
	a.body = span_from(a.body, blank_length(a.body));
	b.body = span_from(b.body, blank_length(b.body));
	return span_caseeq(a.name, b.name) && is_same(a.body, b.body, true);
}

/* Is the text proposed already? Other repairs may propose it, too: the search
 * finds that out. */
static bool
is_proposed(const struct header_proposals *p, size_t index, struct span raw)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct header_change *c = p->list[i].changes;

		if (p->list[i].n == 1 && c->action == HEADER_REPLACE &&
		    c->index == index && span_eq(c->raw, raw))
			return true;
	}
	return false;
}

/* A field with a line end inside that no blank follows would be two fields. */
static bool
is_one_field(struct span raw)
{
	if (field_classify(raw) != FIELD_START)
		return false;
	for (size_t i = 0; i + 1 < raw.len; i++)
		if (raw.p[i] == '\n' && !ascii_is_wsp(raw.p[i + 1]))
			return false;
	return true;
}

void
header_propose_text(struct header_proposals *p, const struct header *h,
    size_t index, struct span raw)
{
	struct span received = h->m->fields[index].raw, eol;
	struct header_change c = {HEADER_REPLACE, index, SPAN_NONE};

	if (p->n >= p->most)
		return;
	eol = span_from(received, field_chomp(received).len);
	c.raw = ARENA_JOIN(h->arena, field_chomp(raw), eol);
	if (!is_one_field(c.raw) || is_received(h, received, c.raw) ||
	    is_proposed(p, index, c.raw))
		return;
	header_propose(p, &c, 1);
}

/* By index, and what is inserted above a field before the change of it. */
static bool
is_before(const struct header_change *a, const struct header_change *b)
{
	if (a->index != b->index)
		return a->index < b->index;
	return a->action == HEADER_INSERT && b->action != HEADER_INSERT;
}

void
header_propose(
    struct header_proposals *p, const struct header_change *changes, size_t n)
{
	struct header_change *copy;

	if (!n || p->n >= p->most)
		return;
	copy = ARENA_ARRAY(p->arena, struct header_change, n);
	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		for (; at && is_before(&changes[i], &copy[at - 1]); at--)
			copy[at] = copy[at - 1];
		copy[at] = changes[i];
	}
	*ARENA_PUSH(p->arena, p->list, p->n) =
	    (struct header_proposal){copy, n};
}

/*
 * What is signed.
 */

size_t
header_named(const struct header *h, struct span name)
{
	struct span names = h->s->names, item;
	size_t n = 0;

	while (taglist_item(&names, ':', &item))
		n += span_caseeq(item, name);
	return n;
}

/* RFC 6376 5.4.2: repeated names select fields from the bottom up. */
bool
header_is_signed(const struct header *h, size_t index)
{
	const struct field *f = &h->m->fields[index], *at;
	size_t n;

	if (index == h->signature)
		return true;
	n = header_named(h, f->name);
	at = n ? &h->m->fields[h->m->names[f->name_id].lowest] : NULL;
	for (; at && n; at = message_above(h->m, at)) {
		if (at == f)
			return true;
		n -= at != &h->m->fields[h->signature];
	}
	return false;
}

/* How often h= has the name before an item of it. */
static size_t
named_before(const struct header *h, struct span item)
{
	struct span before = span_between(h->s->names.p, item.p), other;
	size_t n = 0;

	while (before.len && taglist_item(&before, ':', &other))
		n += span_caseeq(other, item);
	return n;
}

/* The field that is so many above the lowest, the signature left out. */
static const struct field *
field_at(const struct header *h, struct span name, size_t n)
{
	const struct field *f = message_lowest(h->m, name);

	for (; f; f = message_above(h->m, f)) {
		if (f == &h->m->fields[h->signature])
			continue;
		if (!n--)
			return f;
	}
	return NULL;
}

size_t
header_selected(const struct header *h, size_t **list)
{
	struct span names = h->s->names, item;
	size_t n = 0;

	*list = ARENA_ARRAY(h->arena, size_t, LIMIT_EXPLAIN_FIELDS);
	while (n < LIMIT_EXPLAIN_FIELDS && taglist_item(&names, ':', &item)) {
		const struct field *f =
		    field_at(h, item, named_before(h, item));

		if (f)
			(*list)[n++] = (size_t)(f - h->m->fields);
	}
	return n;
}
