/* tally_repeat: duplicates and overlaps. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <string.h>

#include "report/tally_internal.h"

#define ROOM_MIN 64

/* Texts that are hashed together; longer ones are hashed in pieces. */
#define HASHED 2048u

/* Lengths from this on take more than one octet. */
#define LONG 255u

void
repeats_release(struct repeats *r)
{
	for (size_t i = 0; i < r->pair_room; i++)
		free(r->pairs[i].list);
	free(r->pairs);
	free(r->periods);
	free(r->reports);
}

/*
 * Hashes.
 */

struct hashing {
	const struct siphash_key *key;
	size_t len;
	char octet[HASHED];
};

/* Replaces what is there by its hash. */
static void
fold(struct hashing *h)
{
	uint64_t hash = siphash(h->key, h->octet, h->len);

	memcpy(h->octet, &hash, sizeof(hash));
	h->len = sizeof(hash);
}

/* Adds octets for which there may be too little room. */
static void
add_long(struct hashing *h, struct span s)
{
	while (s.len) {
		size_t part = HASHED - h->len;

		if (!part) {
			fold(h);
			continue;
		}
		if (part > s.len)
			part = s.len;
		memcpy(h->octet + h->len, s.p, part);
		h->len += part;
		s = span_from(s, part);
	}
}

static inline void
add_octets(struct hashing *h, struct span s)
{
	if (s.len > HASHED - h->len) {
		add_long(h, s);
	} else if (s.len) {
		memcpy(h->octet + h->len, s.p, s.len);
		h->len += s.len;
	}
}

static void
add_number(struct hashing *h, uint64_t n)
{
	add_octets(h, (struct span){(const char *)&n, sizeof(n)});
}

/* With its length before it, so that no two lists of texts give the same
 * octets; that of a usual text takes one octet. */
static void
add_text(struct hashing *h, struct span s)
{
	char len = (char)(s.len < LONG ? s.len : LONG);

	add_octets(h, (struct span){&len, 1});
	if (s.len >= LONG)
		add_number(h, s.len);
	add_octets(h, s);
}

/* A word that is one of those of aggregate.h: they differ in their length or
 * their first letter. */
static void
add_word(struct hashing *h, struct span s)
{
	char word[2] = {(char)s.len, s.len ? s.p[0] : '\0'};

	add_octets(h, (struct span){word, sizeof(word)});
}

/* 0 means unused in a table. */
static uint64_t
hash_of(const struct hashing *h)
{
	uint64_t hash = siphash(h->key, h->octet, h->len);

	return hash ? hash : 1;
}

static void
start(struct hashing *h, const struct siphash_key *key)
{
	h->key = key;
	h->len = 0;
}

/*
 * Copies.
 */

/* The place of a report in the table, or the free one where it belongs. */
static size_t
report_place(const struct repeats *r, const uint64_t key[static 2])
{
	size_t i = key[0] & (r->report_room - 1);

	while (r->reports[i].key[0] &&
	    (r->reports[i].key[0] != key[0] || r->reports[i].key[1] != key[1]))
		i = (i + 1) & (r->report_room - 1);
	return i;
}

/* Tables are at most three quarters used. */
static void
grow_reports(struct repeats *r)
{
	struct seen_report *old = r->reports;
	size_t room = r->report_room;

	if ((r->nreports + 1) * 4 <= room * 3)
		return;
	r->report_room = room ? room * 2 : ROOM_MIN;
	r->reports = arena_malloc(r->report_room * sizeof(*old));
	memset(r->reports, 0, r->report_room * sizeof(*old));
	for (size_t i = 0; i < room; i++)
		if (old[i].key[0])
			r->reports[report_place(r, old[i].key)] = old[i];
	free(old);
}

static const struct seen_report *
report_find(struct repeats *r, const uint64_t key[static 2])
{
	const struct seen_report *found;

	grow_reports(r);
	found = &r->reports[report_place(r, key)];
	return found->key[0] ? found : NULL;
}

/*
 * Periods.
 */

static size_t
period_place(const struct repeats *r, uint64_t hash)
{
	size_t i = hash & (r->period_room - 1);

	while (r->periods[i] && r->periods[i] != hash)
		i = (i + 1) & (r->period_room - 1);
	return i;
}

/* Adds a period to the set; false if it is there. */
static bool
add_period(struct repeats *r, uint64_t hash)
{
	if ((r->nperiods + 1) * 4 > r->period_room * 3) {
		uint64_t *old = r->periods;
		size_t room = r->period_room;

		r->period_room = room ? room * 2 : ROOM_MIN;
		r->periods = arena_malloc(r->period_room * sizeof(*old));
		memset(r->periods, 0, r->period_room * sizeof(*old));
		for (size_t i = 0; i < room; i++)
			if (old[i])
				r->periods[period_place(r, old[i])] = old[i];
		free(old);
	}
	if (r->periods[period_place(r, hash)])
		return false;
	r->periods[period_place(r, hash)] = hash;
	r->nperiods++;
	return true;
}

static size_t
pair_place(const struct repeats *r, uint64_t key)
{
	size_t i = key & (r->pair_room - 1);

	while (r->pairs[i].key && r->pairs[i].key != key)
		i = (i + 1) & (r->pair_room - 1);
	return i;
}

/* The intervals of a reporter and domain. */
static struct intervals *
intervals_of(struct repeats *r, uint64_t key)
{
	struct intervals *found;

	if ((r->npairs + 1) * 4 > r->pair_room * 3) {
		struct intervals *old = r->pairs;
		size_t room = r->pair_room;

		r->pair_room = room ? room * 2 : ROOM_MIN;
		r->pairs = arena_malloc(r->pair_room * sizeof(*old));
		memset(r->pairs, 0, r->pair_room * sizeof(*old));
		for (size_t i = 0; i < room; i++)
			if (old[i].key)
				r->pairs[pair_place(r, old[i].key)] = old[i];
		free(old);
	}
	found = &r->pairs[pair_place(r, key)];
	r->npairs += !found->key;
	found->key = key;
	return found;
}

/* The first interval that ends at this time or later: all are in order, and
 * none touches the next. */
static size_t
first_from(const struct intervals *list, int64_t time)
{
	size_t low = 0, high = list->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->list[middle].end < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Replaces the intervals from i to j by one. */
static void
replace(struct intervals *list, size_t i, size_t j, struct interval by)
{
	if (list->n == list->room) {
		list->room = list->room ? list->room * 2 : 1;
		list->list =
		    arena_realloc(list->list, list->room * sizeof(*list->list));
	}
	memmove(list->list + i + 1, list->list + j,
	    (list->n - j) * sizeof(*list->list));
	list->list[i] = by;
	list->n = list->n - (j - i) + 1;
}

/*
 * Adds a period, and joins it with those that it overlaps or touches. What was
 * joined overlaps a period that is within it, as that is not one of those
 * joined. A period that ends at 23:59:59 touches one that begins at 0:00:00, so
 * that a daily reporter has one interval; a period of just the second between
 * them would be told, too.
 */
static bool
add_interval(struct intervals *list, struct interval p)
{
	bool overlap = false;
	size_t i = first_from(list, p.begin - 1), j = i;

	for (; j < list->n && list->list[j].begin <= p.end + 1; j++) {
		const struct interval *old = &list->list[j];

		overlap |= old->begin < p.end && p.begin < old->end;
	}
	if (j > i) {
		struct interval first = list->list[i], last = list->list[j - 1];

		replace(list, i, j,
		    (struct interval){
			first.begin < p.begin ? first.begin : p.begin,
			last.end > p.end ? last.end : p.end});
	} else {
		replace(list, i, j, p);
	}
	return overlap;
}

/* Times that reports have are far from the limits of their type; others have no
 * overlaps. */
static bool
is_period(const struct aggregate_metadata *m)
{
	return m->has_begin && m->has_end && m->begin < m->end &&
	    m->begin > INT64_MIN / 2 && m->end < INT64_MAX / 2;
}

static bool
overlaps(struct tally *t, const struct aggregate_report *report)
{
	const struct aggregate_metadata *m = &report->metadata;
	struct hashing h;
	uint64_t pair;

	if (!is_period(m))
		return false;
	start(&h, &t->hash_key[0]);
	add_text(&h, tally_reporter(m));
	add_text(&h, report->policy.domain);
	pair = hash_of(&h);
	add_number(&h, (uint64_t)m->begin);
	add_number(&h, (uint64_t)m->end);
	return add_period(&t->repeats, hash_of(&h)) &&
	    add_interval(intervals_of(&t->repeats, pair),
		(struct interval){m->begin, m->end});
}

/*
 * One report.
 */

static void
compute_key(struct tally *t, const struct aggregate_report *report)
{
	const struct aggregate_metadata *m = &report->metadata;
	struct hashing h;

	start(&h, &t->hash_key[0]);
	add_text(&h, tally_reporter(m));
	add_text(&h, report->policy.domain);
	add_text(&h, m->report_id);
	add_number(&h, m->has_begin + 2u * m->has_end);
	add_number(&h, m->has_begin ? (uint64_t)m->begin : 0);
	add_number(&h, m->has_end ? (uint64_t)m->end : 0);
	t->current.key[0] = hash_of(&h);
	h.key = &t->hash_key[1];
	t->current.key[1] = hash_of(&h);
}

static uint64_t
policy_content(struct tally *t, const struct aggregate_policy *p)
{
	struct hashing h;

	start(&h, &t->hash_key[0]);
	add_word(&h, p->p);
	add_word(&h, p->sp);
	add_word(&h, p->np);
	add_word(&h, p->adkim);
	add_word(&h, p->aspf);
	add_text(&h, p->fo);
	add_word(&h, p->testing);
	add_number(&h, p->has_pct ? p->pct : UINT64_MAX);
	return hash_of(&h);
}

void
repeats_begin(
    struct tally *t, const struct aggregate_report *report, struct span file)
{
	const struct seen_report *first;

	t->current.has_key = !span_empty(report->metadata.report_id) &&
	    !span_empty(tally_reporter(&report->metadata));
	if (t->current.has_key) {
		compute_key(t, report);
		t->current.content = policy_content(t, &report->policy);
		first = report_find(&t->repeats, t->current.key);
		t->current.repeat.duplicate = first != NULL;
		if (first)
			t->current.repeat.first = span_of(first->file);
	}
	if (t->current.repeat.duplicate)
		return;
	if (t->options.keep_files && file.p)
		t->current.file = arena_cstr(t->arena, file);
	t->current.repeat.overlap = overlaps(t, report);
}

/* Sums do not depend on the order of records. */
void
repeats_record(struct tally *t, const struct aggregate_record *record)
{
	struct hashing h;

	if (!t->current.has_key)
		return;
	start(&h, &t->hash_key[0]);
	add_number(&h, record->count);
	add_text(&h, record->source_ip);
	add_word(&h, record->disposition);
	add_word(&h, record->dkim);
	add_word(&h, record->spf);
	add_text(&h, record->header_from);
	add_text(&h, record->envelope_from);
	add_text(&h, record->envelope_to);
	add_number(&h, record->ndkim << 16 | record->nreasons);
	for (size_t i = 0; i < record->nreasons; i++) {
		add_word(&h, record->reasons[i].type);
		add_text(&h, record->reasons[i].comment);
	}
	for (size_t i = 0; i < record->ndkim; i++) {
		add_text(&h, record->dkim_results[i].domain);
		add_text(&h, record->dkim_results[i].selector);
		add_word(&h, record->dkim_results[i].result);
	}
	for (size_t i = 0; i < record->nspf; i++) {
		add_text(&h, record->spf_results[i].domain);
		add_word(&h, record->spf_results[i].scope);
		add_word(&h, record->spf_results[i].result);
	}
	t->current.content += hash_of(&h);
}

void
repeats_end(struct tally *t)
{
	const struct current *c = &t->current;
	struct repeats *r = &t->repeats;
	struct seen_report *at;

	if (!c->has_key)
		return;
	at = &r->reports[report_place(r, c->key)];
	if (c->repeat.duplicate) {
		t->current.repeat.differs = at->content != c->content;
		return;
	}
	*at = (struct seen_report){{c->key[0], c->key[1]}, c->content, c->file};
	r->nreports++;
}
