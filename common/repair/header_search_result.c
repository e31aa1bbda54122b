/* header_search_result: describes the repairs of a header that were found. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_search_internal.h"

#include "base/ascii.h"

/* How one text became another: its octets [from, to) became those of the other
 * up to end. */
struct difference {
	size_t from, to, end;
};

/* A text of a field, and what its repairs have made of it. */
struct chain {
	struct span texts[REPAIR_DEPTH + 1];
	struct difference differences[REPAIR_DEPTH];
};

/* Is it an octet of a UTF-8 sequence, but not the first? */
static bool
is_inside(struct span s, size_t at)
{
	return at < s.len && ((unsigned char)s.p[at] & 0xc0) == 0x80;
}

/* A UTF-8 sequence has at most so many octets after the first. */
#define INSIDE 3

/* Returns how many octets at the start of both are equal: whole characters. */
static size_t
equal_start(struct span a, struct span b)
{
	size_t n = 0, back = 0;

	while (n < a.len && n < b.len && a.p[n] == b.p[n])
		n++;
	while (back < INSIDE && back < n &&
	    (is_inside(a, n - back) || is_inside(b, n - back)))
		back++;
	return n - back;
}

/* The same of their ends. */
static size_t
equal_end(struct span a, struct span b)
{
	size_t n = 0, back = 0;

	while (
	    n < a.len && n < b.len && a.p[a.len - n - 1] == b.p[b.len - n - 1])
		n++;
	while (back < INSIDE && back < n && is_inside(a, a.len - n + back))
		back++;
	return n - back;
}

static bool
is_in_word(struct span s, size_t at)
{
	char c = at < s.len ? s.p[at] : ' ';

	return !ascii_is_wsp(c) && c != '\r' && c != '\n';
}

/* Words are shown whole, unless they are as long as this on one side. */
#define WORD 40u

/* Returns how many octets before the differing ones of s are of the same
 * word. */
static size_t
word_before(struct span s, size_t from, size_t to)
{
	size_t n = 0;

	if (from == to || !is_in_word(s, from))
		return 0;
	while (n < from && is_in_word(s, from - n - 1))
		n++;
	return n < WORD ? n : 0;
}

/* The same of those after them. */
static size_t
word_after(struct span s, size_t from, size_t to)
{
	size_t n = 0;

	if (from == to || !is_in_word(s, to - 1))
		return 0;
	while (is_in_word(s, to + n))
		n++;
	return n < WORD ? n : 0;
}

/* Is the place between words, or before the separator of an item? */
static bool
is_edge(struct span s, size_t at)
{
	return !at || !is_in_word(s, at - 1) || !is_in_word(s, at) ||
	    s.p[at] == ',' || s.p[at] == ';';
}

/*
 * What one text alone has may begin at several places, if the octets before it
 * are those at its end: "a, |b, |c" and "a|, b|, c" without b. Moves a
 * difference to the last place where it is whole words or items; false if it
 * has no such place.
 */
static bool
move_to_edges(struct span a, struct span b, struct difference *d)
{
	struct span s = d->to > d->end ? a : b;
	size_t from = d->from, to = s.p == a.p ? d->to : d->end;

	if (d->from != d->to && d->from != d->end)
		return false;
	while (!is_edge(s, from) || !is_edge(s, to)) {
		if (!from || s.p[from - 1] != s.p[to - 1])
			return false;
		from--;
		to--;
	}
	d->to -= d->from - from;
	d->end -= d->from - from;
	d->from = from;
	return true;
}

/* Widens a difference to whole words; what is before and after it is the same
 * in both texts. */
static struct difference
widened(struct span a, struct span b, struct difference d)
{
	size_t before = word_before(a, d.from, d.to);
	size_t after = word_after(a, d.from, d.to);

	if (!before)
		before = word_before(b, d.from, d.end);
	if (!after)
		after = word_after(b, d.from, d.end);
	return (struct difference){
	    d.from - before, d.to + after, d.end + after};
}

static struct difference
difference_of(struct span a, struct span b)
{
	size_t start = equal_start(a, b);
	size_t end = equal_end(span_from(a, start), span_from(b, start));
	struct difference d = {start, a.len - end, b.len - end};

	return move_to_edges(a, b, &d) ? d : widened(a, b, d);
}

/*
 * Describes what repair k of a chain has changed: octets of the field as
 * received, and those in their place. A place that an earlier repair has
 * changed as well is described with all that was changed until then.
 */
static struct difference
place_of(const struct chain *c, size_t k, struct span *before)
{
	struct span text = c->texts[k + 1];
	struct difference d = c->differences[k];

	*before = span_between(text.p + d.from, text.p + d.end);
	for (size_t i = k; i > 0; i--) {
		const struct difference *earlier = &c->differences[i - 1];

		if (d.to <= earlier->from)
			continue;
		if (d.from < earlier->end) {
			d = difference_of(c->texts[0], text);
			*before = span_between(text.p + d.from, text.p + d.end);
			return d;
		}
		d.from = d.from - earlier->end + earlier->to;
		d.to = d.to - earlier->end + earlier->to;
	}
	return d;
}

static void
set_place(struct repair *r, const struct message *m, struct span after,
    struct span before)
{
	r->offset = (uint64_t)(after.p - m->head.p) - m->mbox.len;
	r->length = after.len;
	r->after = after;
	r->before = before;
}

/* Describes a part of a field that was changed. */
static void
set_part(struct repair *r, const struct message *m, const struct field *f,
    struct difference d, struct span before)
{
	r->field = f;
	r->name = f->name;
	set_place(
	    r, m, span_between(f->raw.p + d.from, f->raw.p + d.to), before);
}

static bool
has_place(const struct header_repair *repair, const char *place)
{
	return span_casecontains(span_of(repair->kind.phrase), span_of(place));
}

static struct span
value_of(struct span raw)
{
	return span_trim(field_split(raw).body);
}

/* Is all of the value told, as {was} wants it? Not if it is the same but for
 * blanks around it. */
static bool
is_value(const struct header_repair *repair, struct span raw, struct span other)
{
	return has_place(repair, "{was}") &&
	    !span_eq(value_of(raw), value_of(other));
}

static void
set_value(struct repair *r, const struct message *m, const struct field *f,
    struct span raw)
{
	r->field = f;
	r->name = f->name;
	set_place(r, m, value_of(f->raw), value_of(raw));
}

/* Adds the repairs of a field, of which each has changed what the one before
 * it has left. */
static void
add_chain(struct header_found *found, const struct message *m,
    const struct header_candidate *candidate,
    const struct header_repair *const *repairs, struct arena *a)
{
	const struct field *f = &m->fields[candidate->index];
	struct chain c = {.texts = {f->raw}};

	for (size_t i = 0; i < candidate->cost; i++) {
		struct repair *r = &found->repairs[found->nrepairs++];
		struct difference d;
		struct span before;

		c.texts[i + 1] = arena_span(a, candidate->texts[i]);
		c.differences[i] = difference_of(c.texts[i], c.texts[i + 1]);
		d = place_of(&c, i, &before);
		*r = (struct repair){.kind = &repairs[i]->kind, .places = 1};
		if (is_value(repairs[i], f->raw, c.texts[i + 1]))
			set_value(r, m, f, c.texts[i + 1]);
		else
			set_part(r, m, f, d, before);
	}
}

/* Returns where the field of an index begins, or the header ends. */
static const char *
start_of(const struct message *m, size_t index)
{
	const struct field *last = &m->fields[m->nfields - 1];

	return index < m->nfields ? m->fields[index].raw.p
				  : last->raw.p + last->raw.len;
}

/* Returns the change that tells most: another text of a field, else a field
 * that was added, else one that was lost. */
static const struct header_change *
main_change(const struct header_set *set)
{
	static const enum header_action order[] = {
	    HEADER_REPLACE, HEADER_DROP, HEADER_INSERT};

	for (size_t i = 0; i < COUNT(order); i++)
		for (size_t k = 0; k < set->n; k++)
			if (set->changes[k].action == order[i])
				return &set->changes[k];
	return set->changes;
}

/* Adds a change of a repair, and returns the description. */
static struct repair *
add_change(struct header_found *found, const struct message *m,
    const struct header_repair *repair, const struct header_change *c,
    struct arena *a)
{
	struct repair *r = &found->repairs[found->nrepairs++];
	struct span raw = arena_span(a, c->raw);
	const struct field *f;
	struct difference d;

	*r = (struct repair){.kind = &repair->kind, .places = 1};
	if (c->action == HEADER_INSERT) {
		r->name = field_split(raw).name;
		set_place(r, m, (struct span){start_of(m, c->index), 0}, raw);
		return r;
	}
	f = &m->fields[c->index];
	if (c->action == HEADER_REPLACE && is_value(repair, f->raw, raw)) {
		set_value(r, m, f, raw);
		return r;
	}
	d = c->action == HEADER_REPLACE ? difference_of(f->raw, raw)
					: (struct difference){0, f->raw.len, 0};
	if (c->action == HEADER_DROP)
		raw = SPAN("");
	set_part(r, m, f, d, span_between(raw.p + d.from, raw.p + d.end));
	return r;
}

/* Returns the name of the field that is changed. */
static struct span
changed_name(const struct message *m, const struct header_change *c)
{
	return c->action == HEADER_INSERT ? field_split(c->raw).name
					  : m->fields[c->index].name;
}

/* Are there several changes, each of which its phrase is true of? Two of one
 * name, or a field added and one lost, are one alteration: it was renamed, or
 * moved. */
static bool
is_alike(const struct message *m, const struct header_candidate *candidate)
{
	const struct header_set *set = &candidate->set;
	const struct header_repair *repair = candidate->repairs[0];

	if (set->n < 2 || !has_place(repair, "{field}"))
		return false;
	if (has_place(repair, "{was}"))
		return true;
	for (size_t i = 1; i < set->n; i++)
		if (set->changes[i].action != set->changes[0].action ||
		    span_caseeq(changed_name(m, &set->changes[i]),
			changed_name(m, &set->changes[i - 1])))
			return false;
	return true;
}

/* Adds a repair that consists of changes: each of them, or the main one. */
static void
add_whole(struct header_found *found, const struct message *m,
    const struct header_candidate *candidate, struct arena *a)
{
	const struct header_set *set = &candidate->set;
	const struct header_repair *repair = candidate->repairs[0];
	struct repair *last = NULL;

	if (!is_alike(m, candidate)) {
		last = add_change(found, m, repair, main_change(set), a);
		last->places = set->n;
		return;
	}
	for (size_t i = 0; i < set->n; i++)
		if (i < HEADER_ALIKE)
			last =
			    add_change(found, m, repair, &set->changes[i], a);
		else
			last->places = 1 + ++last->others;
}

/* Returns the repairs of one of several fields that were changed alike. Several
 * may have proposed one text: if there is one alone, it is the same of all. */
static const struct header_repair *const *
member_repairs(const struct header_candidate *candidate, size_t member)
{
	return candidate->cost == 1 ? candidate->repairs
				    : candidate->members[member]->repairs;
}

/* Returns how many of the fields, from one on, a repair has changed. */
static size_t
count_members(const struct header_candidate *candidate, size_t from,
    const struct repair_kind *kind)
{
	size_t n = 0;

	for (size_t i = from; i < candidate->nmembers; i++)
		for (size_t k = 0; k < candidate->members[i]->cost; k++)
			if (&member_repairs(candidate, i)[k]->kind == kind) {
				n++;
				break;
			}
	return n;
}

/* Adds the repairs of fields that were changed alike: those of the first ones,
 * of which the last tell how many there are besides. */
static void
add_alike(struct header_found *found, const struct message *m,
    const struct header_candidate *candidate, struct arena *a)
{
	size_t n = candidate->nmembers;
	size_t told = n < HEADER_ALIKE ? n : HEADER_ALIKE;

	for (size_t i = 0; i < told; i++)
		add_chain(found, m, candidate->members[i],
		    member_repairs(candidate, i), a);
	for (size_t k = 1; k <= candidate->members[told - 1]->cost; k++) {
		struct repair *last = &found->repairs[found->nrepairs - k];

		last->others = count_members(candidate, told, last->kind);
		last->places += last->others;
	}
}

struct header_found
header_search_result(const struct header *h,
    const struct header_candidate *const *found, size_t n, struct arena *a)
{
	struct header_found result = {.is_found = true};
	const struct header_set *sets[REPAIR_DEPTH];

	for (size_t i = 0; i < n; i++) {
		sets[i] = &found[i]->set;
		if (found[i]->members)
			add_alike(&result, h->m, found[i], a);
		else if (found[i]->index == SIZE_MAX)
			add_whole(&result, h->m, found[i], a);
		else
			add_chain(
			    &result, h->m, found[i], found[i]->repairs, a);
	}
	result.changes = header_try_changes(sets, n, &result.nchanges, a);
	for (size_t i = 0; i < result.nchanges; i++)
		result.changes[i].raw = arena_span(a, result.changes[i].raw);
	return result;
}
