/* dmarc_walk: the DNS Tree Walk and organizational domains. */
/* SPDX-License-Identifier: ISC */

#include "base/domain.h"
#include "dmarc/dmarc.h"

#include <assert.h>

/* The first step shortens longer names to this many labels (RFC 9989 4.10). */
#define LABELS_LEFT 7

static struct span
record_name(struct span domain, struct arena *a)
{
	return arena_printf(a, "_dmarc." SPAN_FMT, SPAN_ARG(domain));
}

/* Returns the next name to query (RFC 9989 4.10, steps 4 and 7); absent after a
 * name of one label. */
static struct span
next_target(struct span domain)
{
	do
		domain = domain_parent(domain);
	while (domain_labels(domain) > LABELS_LEFT);
	return domain;
}

/* Returns the registered domain by the list; for a public suffix, and a name
 * that is not below one, the name itself. */
static struct span
registered(const psl_ctx_t *psl, struct span domain, struct arena *a)
{
	const char *found = psl_registrable_domain(psl, arena_cstr(a, domain));

	return found ? arena_span(a, span_of(found)) : domain;
}

static bool
is_what_if(const struct dmarc_method *method, struct span domain)
{
	return method->record.p && span_eq(domain, method->record_of);
}

static void
prefetch(const struct dmarc_method *method, struct span domain)
{
	struct span name = record_name(domain, method->arena);

	if (is_what_if(method, domain))
		return;
	if (method->is_limited)
		dns_prefetch_limited(method->dns, name, DNS_TXT);
	else
		dns_prefetch(method->dns, name, DNS_TXT);
}

/* Returns the name of a level, counted from the domain (0) up; absent above the
 * last. */
static struct span
target_at(const struct dmarc_method *method, struct span domain, size_t level)
{
	if (method->psl)
		return level == 0 ? domain
		    : level == 1
		    ? registered(method->psl, domain, method->arena)
		    : SPAN_NONE;
	while (domain.p && level--)
		domain = next_target(domain);
	return domain;
}

void
dmarc_walk_prefetch_levels(const struct dmarc_method *method,
    const struct span *domain, size_t n, size_t from, size_t to)
{
	for (size_t level = from; level < to; level++)
		for (size_t i = 0; i < n; i++) {
			struct span at = target_at(method, domain[i], level);

			if (at.p)
				prefetch(method, at);
		}
}

void
dmarc_walk_prefetch(const struct dmarc_method *method, struct span domain)
{
	dmarc_walk_prefetch_levels(method, &domain, 1, 0, DMARC_LEVELS);
}

/*
 * One name.
 */

/* RFC 9989 4.10, steps 2 and 6. */
static enum dmarc_found
select_record(const struct dns_answer *answer, struct span *text)
{
	size_t found = 0;

	if (dns_unknown(answer->status))
		return DMARC_FOUND_FAILED;
	for (size_t i = 0; i < answer->nrecords; i++)
		if (dmarc_is_record(answer->records[i].data)) {
			*text = answer->records[i].data;
			found++;
		}
	return found > 1 ? DMARC_FOUND_SEVERAL
	    : found      ? DMARC_FOUND_RECORD
			 : DMARC_FOUND_NONE;
}

static const struct dns_answer *
query_record(const struct dmarc_method *method, struct span domain)
{
	static const struct dns_answer not_here = {.status = DNS_TIMEOUT};
	struct span name = record_name(domain, method->arena);
	const struct dns_answer *answer;

	if (!method->only_ready)
		return method->is_limited
		    ? dns_query_limited(method->dns, name, DNS_TXT)
		    : dns_query(method->dns, name, DNS_TXT);
	answer = dns_ready(method->dns, name, DNS_TXT);
	if (!answer)
		prefetch(method, domain);
	return answer ? answer : &not_here;
}

static void
find_record(const struct dmarc_method *method, struct dmarc_level *l)
{
	struct span text = SPAN_NONE;

	if (is_what_if(method, l->domain)) {
		text = method->record;
		l->found = dmarc_is_record(text) ? DMARC_FOUND_RECORD
						 : DMARC_FOUND_NONE;
	} else {
		l->answer = query_record(method, l->domain);
		l->found = select_record(l->answer, &text);
	}
	if (l->found == DMARC_FOUND_RECORD)
		dmarc_record_parse(text, method->arena, &l->record);
}

static struct dmarc_level *
add_level(
    const struct dmarc_method *method, struct dmarc_walk *w, struct span domain)
{
	struct dmarc_level *l = &w->levels[w->nlevels++];

	assert(w->nlevels <= DMARC_LEVELS);
	*l = (struct dmarc_level){.domain = domain};
	find_record(method, l);
	if (l->found == DMARC_FOUND_FAILED)
		w->failed = l;
	return l;
}

/*
 * Organizational domains.
 */

/* Does the walk stop at this level (RFC 9989 4.10, steps 2 and 6)? */
static bool
stops(const struct dmarc_level *l)
{
	return l->found == DMARC_FOUND_FAILED ||
	    (l->found == DMARC_FOUND_RECORD && l->record.psd != DMARC_PSD_U);
}

/* Returns the name one label below an ancestor of a domain. */
static struct span
below(struct span domain, struct span ancestor)
{
	while (domain_labels(domain) > domain_labels(ancestor) + 1)
		domain = domain_parent(domain);
	return domain;
}

/* Applies the three rules of RFC 9989 4.10.2 to the last record of the walk.
 * Those before it have psd=u: any other value ends the walk. */
static void
select_org(struct dmarc_walk *w)
{
	const struct dmarc_level *last = NULL;

	for (size_t i = 0; i < w->nlevels; i++)
		if (w->levels[i].found == DMARC_FOUND_RECORD)
			last = &w->levels[i];
	if (!last) {
		w->org = w->domain;
		w->how = "no record on the way up: the domain itself";
	} else if (last->record.psd == DMARC_PSD_N) {
		w->org = last->domain;
		w->how = "its record has psd=n";
	} else if (last->record.psd == DMARC_PSD_Y && last != w->levels) {
		w->org = below(w->domain, last->domain);
		w->how = "one label below the record with psd=y";
	} else {
		w->org = last->domain;
		w->how = "the topmost record on the way up";
	}
}

static void
walk_up(const struct dmarc_method *method, struct dmarc_walk *w)
{
	struct dmarc_level *l = &w->levels[w->nlevels - 1];

	while (!stops(l)) {
		struct span target = next_target(l->domain);

		if (!target.p)
			break;
		l = add_level(method, w, target);
	}
	if (!w->failed)
		select_org(w);
}

/* Finds the organizational domain by the list (RFC 7489 3.2). */
static void
list_org(const struct dmarc_method *method, struct dmarc_walk *w)
{
	w->org = registered(method->psl, w->domain, method->arena);
	w->how = span_eq(w->org, w->domain)
	    ? "by the public suffix list, the domain itself"
	    : "by the public suffix list, one label below a suffix";
}

/* Is the next name to be queried? Several records at one name end the search by
 * RFC 7489 6.6.3, step 5. */
static bool
continues(const struct dmarc_method *method, const struct dmarc_walk *w)
{
	enum dmarc_found found = w->levels[w->nlevels - 1].found;

	return found == DMARC_FOUND_NONE ||
	    (found == DMARC_FOUND_SEVERAL && !method->rfc7489);
}

/* Finds records by the list: at the domain, at its organizational domain and at
 * the public suffix (RFC 9989 4.10.1), the last not by RFC 7489 6.6.3, steps 1
 * to 5. */
static void
look_up(const struct dmarc_method *method, struct dmarc_walk *w)
{
	struct span suffix;

	list_org(method, w);
	suffix = domain_parent(w->org);
	if (!span_eq(w->org, w->domain) && continues(method, w))
		add_level(method, w, w->org);
	if (!method->rfc7489 && suffix.p && continues(method, w))
		add_level(method, w, suffix);
}

void
dmarc_walk_begin(
    const struct dmarc_method *method, struct span domain, struct dmarc_walk *w)
{
	*w = (struct dmarc_walk){.domain = domain};
	add_level(method, w, domain);
}

void
dmarc_walk_complete(const struct dmarc_method *method, struct dmarc_walk *w)
{
	if (w->complete)
		return;
	w->complete = true;
	if (method->psl)
		look_up(method, w);
	else
		walk_up(method, w);
}

bool
dmarc_walk_is_over(const struct dmarc_walk *w)
{
	return w->failed && w->failed->answer->status == DNS_LIMIT;
}

void
dmarc_walk_org(
    const struct dmarc_method *method, struct span domain, struct dmarc_walk *w)
{
	if (method->psl) {
		*w = (struct dmarc_walk){.domain = domain, .complete = true};
		list_org(method, w);
	} else {
		dmarc_walk_begin(method, domain, w);
		dmarc_walk_complete(method, w);
	}
}

const struct dmarc_level *
dmarc_walk_policy(const struct dmarc_walk *w)
{
	const struct dmarc_level *last = &w->levels[w->nlevels - 1];

	assert(w->nlevels);
	if (w->levels[0].found == DMARC_FOUND_RECORD)
		return w->levels;
	if (!w->complete || w->failed)
		return NULL;
	for (size_t i = 1; i < w->nlevels; i++)
		if (w->levels[i].found == DMARC_FOUND_RECORD &&
		    span_eq(w->levels[i].domain, w->org))
			return &w->levels[i];
	/* The record of a public suffix, which ends the walk. */
	if (last->found == DMARC_FOUND_RECORD &&
	    last->record.psd == DMARC_PSD_Y)
		return last;
	return NULL;
}
