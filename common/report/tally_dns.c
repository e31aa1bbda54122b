/* tally_dns: what the DNS can be queried for: SPF of senders, keys. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>

#include "report/tally_internal.h"

/* Does a domain have the organizational domain of header_from or of the
 * policy's domain? */
static bool
is_own(struct tally *t, struct span domain,
    const struct aggregate_report *report,
    const struct aggregate_record *record)
{
	const struct span others[] = {
	    record->header_from, report->policy.domain};
	struct span org;

	if (span_empty(domain))
		return false;
	org = verdict_org(&t->orgs, domain);
	for (size_t i = 0; i < COUNT(others); i++)
		if (!span_empty(others[i]) &&
		    span_eq(org, verdict_org(&t->orgs, others[i])))
			return true;
	return false;
}

void
tally_count_sender(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record, const struct verdict *v,
    const uint64_t *n)
{
	struct span from = v->spf_result ? v->spf_result->domain : SPAN_NONE;
	struct span domain = report->policy.domain;
	struct key key = {.len = 0};
	bool own;

	if (span_empty(from))
		from = record->envelope_from;
	own = is_own(t, from, report, record);
	if (own)
		domain = from;
	else if (span_empty(domain))
		domain = record->header_from;
	key_sender(&key, domain, !own && !span_empty(from), record);
	tally_count(&t->senders, tally_group(&t->senders, &key), &key, 0, n);
}

/*
 * Keys.
 */

/* The signatures of a record. */
struct signatures {
	const struct aggregate_dkim *list;
	size_t n;
	bool own[LIMIT_REPORT_RESULTS];
};

/* Do two have one key? All of other organizations have. */
static bool
is_same(const struct signatures *s, size_t i, size_t k)
{
	if (!s->own[i] || !s->own[k])
		return s->own[i] == s->own[k];
	return span_eq(s->list[i].domain, s->list[k].domain) &&
	    span_eq(s->list[i].selector, s->list[k].selector);
}

/* Counts the one at i, unless one before it has the same key. */
static void
count_key(
    struct tally *t, const struct signatures *s, size_t i, uint64_t messages)
{
	uint64_t n[TALLY_DKIM + 1] = {0};
	struct key key = {.len = 0};

	for (size_t k = 0; k < i; k++)
		if (is_same(s, i, k))
			return;
	n[TALLY_MESSAGES] = messages;
	for (size_t k = i; k < s->n; k++)
		if (is_same(s, i, k) &&
		    span_eq(s->list[k].result, SPAN("pass")))
			n[TALLY_DKIM] = messages;
	key_text(&key, s->own[i] ? s->list[i].domain : SPAN_NONE);
	key_text(&key, s->own[i] ? s->list[i].selector : SPAN_NONE);
	tally_count(&t->keys, tally_group(&t->keys, &key), &key, 0, n);
}

void
tally_count_keys(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record, uint64_t messages)
{
	struct signatures s = {record->dkim_results, record->ndkim, {false}};

	assert(s.n <= LIMIT_REPORT_RESULTS);
	for (size_t i = 0; i < s.n; i++)
		s.own[i] = is_own(t, s.list[i].domain, report, record);
	for (size_t i = 0; i < s.n; i++)
		count_key(t, &s, i, messages);
}
