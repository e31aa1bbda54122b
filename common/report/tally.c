/* tally: reports and records, one after the other. */
/* SPDX-License-Identifier: ISC */

#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/domain.h"
#include "report/tally_internal.h"

struct tally *
tally_new(const struct tally_options *options)
{
	struct tally *t = arena_malloc(sizeof(*t));

	*t = (struct tally){.options = *options,
	    .arena = arena_new(),
	    .hash_key = {siphash_random_key(), siphash_random_key()},
	    .earliest = TALLY_NO_DAY};
	verdict_orgs_init(&t->orgs, options->psl);
	table_init(&t->groups, t, TALLY_COUNTERS);
	table_init(&t->sources, t, TALLY_PASSED + 1);
	table_init(&t->reporters, t, TALLY_COUNTERS);
	table_init(&t->domains, t, TALLY_COUNTERS);
	table_init(&t->policies, t, TALLY_COUNTERS);
	table_init(&t->days, t, TALLY_COUNTERS);
	table_init(&t->tuples, t, 0);
	table_init(&t->pairs, t, TALLY_MESSAGES + 1);
	table_init(&t->senders, t, TALLY_COUNTERS);
	table_init(&t->keys, t, TALLY_DKIM + 1);
	return t;
}

void
tally_free(struct tally *t)
{
	if (!t)
		return;
	table_release(&t->groups);
	table_release(&t->sources);
	table_release(&t->reporters);
	table_release(&t->domains);
	table_release(&t->policies);
	table_release(&t->days);
	table_release(&t->tuples);
	table_release(&t->pairs);
	table_release(&t->senders);
	table_release(&t->keys);
	repeats_release(&t->repeats);
	arena_free(t->arena);
	free(t);
}

/*
 * Counting.
 */

/* Returns the pair of a group and a tuple: usually the last one of the group.
 * NULL if there are too many. */
static struct group *
pair_of(struct tally *t, struct group *group, const struct group *tuple)
{
	uint32_t octets[2] = {group->index, tuple->index};
	struct span key = {(const char *)octets, sizeof(octets)};

	if (!group->link || !span_eq(group_key(group->link), key))
		group->link = table_group(&t->pairs,
		    siphash(&t->hash_key[0], octets, sizeof(octets)), key,
		    false);
	return group->link;
}

/* Counts what most messages of a group have. Where the tables have no room, it
 * is not known. */
static void
count_typical(struct tally *t, struct group *group,
    const struct aggregate_record *record, const struct verdict *v,
    const uint64_t *n)
{
	struct key key;
	struct group *tuple, *pair;

	key.len = 0;
	key_typical(&key, record, v);
	tuple = tally_group(&t->tuples, &key);
	pair = tuple ? pair_of(t, group, tuple) : NULL;
	if (pair)
		table_add(&t->pairs, pair, t->current.day, n);
}

static void
key_group(struct key *key, const struct tally *t,
    const struct aggregate_report *report,
    const struct aggregate_record *record, const struct verdict *v)
{
	switch (t->options.by) {
	case TALLY_BY_SOURCE:
		key_source(key, record);
		break;
	case TALLY_BY_NETWORK:
		key_network(key, record);
		break;
	case TALLY_BY_DOMAIN:
		key_text(key, record->header_from);
		break;
	case TALLY_BY_REPORTER:
		key_text(key, tally_reporter(&report->metadata));
		break;
	case TALLY_BY_DAY:
		key_day(key, t->current.day);
		break;
	case TALLY_BY_SELECTOR:
		key_selector(key, v);
		break;
	case TALLY_BY_POLICY:
		key_policy(key, &report->policy);
		break;
	default:
		key_text(key, record->disposition);
	}
}

/* By source, the group is usually the last one of the source. */
static struct group *
group_of_source(struct tally *t, struct group *source, const struct key *key)
{
	if (!source || t->options.by != TALLY_BY_SOURCE)
		return tally_group(&t->groups, key);
	if (!source->link || !span_eq(group_key(source->link), key_span(key)))
		source->link = tally_group(&t->groups, key);
	return source->link;
}

static void
count_group(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record, struct group *source,
    const struct verdict *v, const uint64_t *n)
{
	struct key key;
	struct group *g;

	key.len = 0;
	if (t->options.by_kind)
		key.octet[key.len++] = (char)v->kind;
	key_group(&key, t, report, record, v);
	g = tally_count(&t->groups, group_of_source(t, source, &key), &key,
	    t->options.by_kind, n);
	if (g)
		count_typical(t, g, record, v, n);
}

/* Notes that a source was seen, even if the record is not counted. */
static struct group *
see_source(struct tally *t, const struct key *key)
{
	struct group *g = tally_group(&t->sources, key);

	if (g && t->current.is_dated)
		group_seen(g, t->current.day);
	return g;
}

static void
set_counters(uint64_t n[static TALLY_COUNTERS],
    const struct aggregate_record *record, const struct verdict *v,
    uint64_t messages)
{
	memset(n, 0, TALLY_COUNTERS * sizeof(*n));
	n[TALLY_MESSAGES] = messages;
	n[TALLY_SPF] = v->spf ? messages : 0;
	n[TALLY_DKIM] = v->dkim ? messages : 0;
	n[TALLY_PASSED] = v->spf || v->dkim ? messages : 0;
	n[TALLY_REFUSED] = v->refused ? messages : 0;
	if (span_eq(record->disposition, SPAN("none")))
		n[TALLY_NONE] = messages;
	else if (span_eq(record->disposition, SPAN("quarantine")))
		n[TALLY_QUARANTINE] = messages;
	else if (span_eq(record->disposition, SPAN("reject")))
		n[TALLY_REJECT] = messages;
	n[TALLY_KIND + v->kind] = messages;
}

/*
 * A report.
 */

/* The day after a period. A period ends at 23:59:59 or at 0:00:00. */
static int32_t
day_after(const struct aggregate_report *report, int32_t day)
{
	const struct aggregate_metadata *m = &report->metadata;
	int32_t end = TALLY_NO_DAY;

	if (m->has_end && m->end < INT64_MAX &&
	    !(report->notes & AGGREGATE_BIT(AGGREGATE_ODD_PERIOD)))
		end = tally_day_of(m->end + 1);
	return end > day ? end : day + 1;
}

static int32_t
day_of(const struct tally *t, const struct aggregate_metadata *m)
{
	if (!m->has_begin ||
	    (t->options.now && m->begin > t->options.now + DAY_SECONDS))
		return TALLY_NO_DAY;
	return tally_day_of(m->begin);
}

/* Is the day counted, as far as is known yet? */
static bool
is_day_counted(const struct tally *t, int32_t day)
{
	const struct tally_bound *until = &t->options.until;

	if (day == TALLY_NO_DAY)
		return tally_has_all_days(t);
	return day >= tally_from(t) &&
	    (until->kind != TALLY_BOUND_DAY || day <= until->days);
}

static bool
is_day_seen(const struct tally *t, int32_t day)
{
	const struct tally_bound *until = &t->options.until;

	return day != TALLY_NO_DAY &&
	    (until->kind != TALLY_BOUND_DAY || day <= until->days);
}

struct tally_repeat
tally_begin(
    struct tally *t, const struct aggregate_report *report, struct span file)
{
	int32_t day = day_of(t, &report->metadata);

	t->input.reports++;
	t->current = (struct current){.number = t->input.reports, .day = day};
	repeats_begin(t, report, file);
	t->input.duplicates += t->current.repeat.duplicate;
	t->input.overlaps += t->current.repeat.overlap;
	if (t->current.repeat.duplicate)
		return t->current.repeat;
	if (day != TALLY_NO_DAY) {
		int32_t end = day_after(report, day);

		t->end = end > t->end ? end : t->end;
	}
	t->current.is_dated = is_day_seen(t, day);
	t->current.in_period = is_day_counted(t, day);
	t->current.is_seen = span_empty(t->options.domain);
	return t->current.repeat;
}

/* Limits a count so that no sum of counts is over INT64_MAX. */
static uint64_t
limited(struct tally *t, uint64_t messages)
{
	if (messages > INT64_MAX - t->messages) {
		messages = INT64_MAX - t->messages;
		t->input.overflow = true;
	}
	t->messages += messages;
	return messages;
}

/* What is known of the days of all messages of the domain. */
static void
see_day(struct tally *t)
{
	int32_t day = t->current.day;

	t->current.is_seen = true;
	if (t->current.is_dated &&
	    (t->earliest == TALLY_NO_DAY || day < t->earliest))
		t->earliest = day;
}

/* Is the record of the option's domain, and not of a duplicate? */
static bool
is_ours(const struct tally *t, const struct aggregate_record *record)
{
	const struct span *domain = &t->options.domain;

	return !t->current.repeat.duplicate &&
	    (span_empty(*domain) ||
		domain_within(record->header_from, *domain));
}

/* Sets the verdict of a record of a day that is counted. Returns false if the
 * options leave it out. */
static bool
select_record(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record)
{
	struct verdict *v = &t->current.verdict;

	*v = verdict_of(&t->orgs, &report->policy, record);
	t->current.is_selected = !t->options.fail || (!v->spf && !v->dkim);
	return t->current.is_selected;
}

/* Counts the messages of a record; source_key is that of source. */
static void
count_record(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record, struct group *source,
    const struct key *source_key, uint64_t messages)
{
	const struct verdict *v = &t->current.verdict;
	uint64_t n[TALLY_COUNTERS];

	set_counters(n, record, v, messages);
	tally_count(&t->sources, source, source_key, 0, n);
	count_group(t, report, record, source, v, n);
	if (t->options.senders)
		tally_count_sender(t, report, record, v, n);
	if (t->options.keys)
		tally_count_keys(t, report, record, messages);
	for (size_t i = 0; i < TALLY_COUNTERS; i++)
		t->current.n[i] += n[i];
	t->current.is_counted = true;
}

void
tally_record(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record)
{
	struct key source_key;
	struct group *source = NULL;
	uint64_t messages;

	t->current.is_selected = false;
	t->input.records++;
	repeats_record(t, record);
	if (!is_ours(t, record))
		return;
	messages = limited(t, record->count);
	source_key.len = 0;
	key_source(&source_key, record);
	if (messages) {
		see_day(t);
		source = see_source(t, &source_key);
	}
	if (!t->current.in_period) {
		if (t->current.day == TALLY_NO_DAY)
			t->input.undated += messages;
		return;
	}
	if (select_record(t, report, record) && messages)
		count_record(t, report, record, source, &source_key, messages);
}

const struct verdict *
tally_selected(const struct tally *t)
{
	return t->current.is_selected ? &t->current.verdict : NULL;
}

/* Counts the whole report in a table. */
static void
count_report(struct tally *t, struct table *table, const struct key *key)
{
	struct group *g = tally_group(table, key);

	if (g && t->current.is_dated)
		group_seen(g, t->current.day);
	if (t->current.is_counted)
		tally_count(table, g, key, 0, t->current.n);
}

struct tally_repeat
tally_end(struct tally *t, const struct aggregate_report *report)
{
	struct key key;

	repeats_end(t);
	t->input.differing += t->current.repeat.differs;
	if (t->current.repeat.duplicate || !t->current.is_seen)
		return t->current.repeat;
	key.len = 0;
	key_text(&key, tally_reporter(&report->metadata));
	count_report(t, &t->reporters, &key);
	key.len = 0;
	key_text(&key, report->policy.domain);
	count_report(t, &t->domains, &key);
	key.len = 0;
	key_policy(&key, &report->policy);
	count_report(t, &t->policies, &key);
	key.len = 0;
	key_day(&key, t->current.day);
	count_report(t, &t->days, &key);
	return t->current.repeat;
}

struct tally_input
tally_input(const struct tally *t)
{
	struct tally_input input = t->input;

	input.groups_full = t->groups.full;
	input.sources_full = t->sources.full;
	return input;
}
