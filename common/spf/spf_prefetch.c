/* spf_prefetch: queries sent before the evaluation needs their answers. */
/* SPDX-License-Identifier: ISC */

#include "base/limit.h"
#include "spf/spf_internal.h"

/* Returns how many more lookups may be prefetched. Those that proved
 * unnecessary still count, so that a record made to waste queries cannot cause
 * more than the limit; nor can one that leads to the same names over and over,
 * which sends nothing. */
static uint64_t
budget(const struct spf_eval *e)
{
	uint64_t explore = e->policy->explore;
	uint64_t used = (explore ? e->questions : e->lookups) + e->prefetched;
	uint64_t limit = explore ? explore : e->policy->lookup_limit;
	uint64_t left = used < limit ? limit - used : 0;
	uint64_t sendable = spf_sendable(e);

	return left < sendable ? left : sendable;
}

/* Is the term known to match without a query? */
static bool
matches_without_query(const struct spf_eval *e, const struct spf_term *t)
{
	if (t->kind == SPF_IP4 || t->kind == SPF_IP6)
		return ip_within(&e->q->ip, &t->network);
	return t->kind == SPF_ALL;
}

/* Gets the first query of a term. False: evaluation is needed to know it, as
 * with macros, or it is not to be prefetched (exists, ptr). */
static bool
first_query(const struct spf_eval *e, const struct spf_prefetched *a,
    const struct spf_term *t, struct span *name, enum dns_type *type)
{
	const struct spf_macros none = {.ip = e->q->ip};

	switch (t->kind) {
	case SPF_INCLUDE:
	case SPF_REDIRECT:
		*type = DNS_TXT;
		break;
	case SPF_MX:
		*type = DNS_MX;
		break;
	case SPF_A:
		*type = spf_address_type(e);
		break;
	default:
		return false;
	}
	*name = a->domain;
	if (t->domain.p)
		*name = spf_macro_target(t->domain, &none, e->arena);
	return true;
}

static void
prefetch_term(struct spf_eval *e, const struct spf_prefetched *a, size_t i)
{
	const struct spf_term *t = &a->record->terms[i];
	struct span name;
	enum dns_type type;

	if (spf_macro_uses(t->domain, NULL) ||
	    !first_query(e, a, t, &name, &type))
		return;
	dns_prefetch(e->dns, name, type);
	a->term[i].sent = true;
	e->prefetched++;
}

/* Prefetches for the terms of a record that is not evaluated yet. */
static void
prefetch_terms(struct spf_eval *e, const struct spf_prefetched *a)
{
	const struct spf_record *r = a->record;
	uint64_t left = budget(e);

	for (size_t i = 0; i < r->nterms && left; i++) {
		const struct spf_term *t = &r->terms[i];

		if (!e->policy->explore && matches_without_query(e, t))
			break;
		if (!spf_term_queries(t) || a->term[i].sent ||
		    (t->kind == SPF_REDIRECT && r->all))
			continue;
		left--;
		prefetch_term(e, a, i);
	}
}

static struct spf_prefetched *
prefetched_new(const struct spf_record *r, struct span domain, struct arena *a)
{
	struct spf_prefetched *prefetched = ARENA_NEW(a, struct spf_prefetched);

	prefetched->record = r;
	prefetched->domain = domain;
	prefetched->term =
	    ARENA_ARRAY(a, struct spf_prefetched_term, r->nterms);
	return prefetched;
}

/* Returns what was prefetched for the frame's record
 * before its evaluation, or NULL. */
static struct spf_prefetched *
find_prefetched(const struct spf_frame *f)
{
	struct spf_prefetched *inner =
	    f->parent ? f->parent->prefetched->term[f->parent->at].inner : NULL;

	return inner && span_eq(inner->record->text, f->record->text) ? inner
								      : NULL;
}

void
spf_prefetch_record(struct spf_eval *e, struct spf_frame *f)
{
	f->prefetched = find_prefetched(f);
	if (!f->prefetched)
		f->prefetched = prefetched_new(f->record, f->domain, e->arena);
	prefetch_terms(e, f->prefetched);
}

/*
 * Following the answers that have arrived.
 */

/* Reads the record that an include or redirect= leads to. NULL if there is
 * none, or it is malformed. */
static struct spf_prefetched *
read_inner(
    struct spf_eval *e, const struct dns_answer *answer, struct span domain)
{
	struct spf_record *r = ARENA_NEW(e->arena, struct spf_record);
	struct span text, wrong;

	if (spf_record_select(answer, &text) != SPF_PASS ||
	    spf_record_parse(text, e->arena, r, &wrong) != SPF_PASS)
		return NULL;
	return prefetched_new(r, domain, e->arena);
}

/* Prefetches the addresses of mail exchangers, if evaluation will need them.
 * They do not count as lookups, but as queries of an exploration. */
static void
prefetch_hosts(struct spf_eval *e, const struct dns_answer *answer)
{
	struct span name;

	if (answer->nrecords > LIMIT_SPF_NAMES)
		return;
	for (size_t i = 0; i < answer->nrecords && spf_sendable(e); i++)
		if (dns_name_octets(answer->records[i].data, e->arena, &name))
			dns_prefetch(e->dns, name, spf_address_type(e));
}

static void
follow_term(struct spf_eval *e, const struct spf_prefetched *a, size_t i)
{
	struct spf_prefetched_term *at = &a->term[i];
	const struct dns_answer *answer;
	struct span name;
	enum dns_type type;

	if (!at->sent || at->followed ||
	    !first_query(e, a, &a->record->terms[i], &name, &type))
		return;
	answer = dns_ready(e->dns, name, type);
	if (!answer)
		return;
	at->followed = true;
	if (type == DNS_MX)
		prefetch_hosts(e, answer);
	if (type != DNS_TXT)
		return;
	at->inner = read_inner(e, answer, name);
	if (at->inner)
		prefetch_terms(e, at->inner);
}

/* depth is that of check_host() in the evaluation. */
static void
follow(struct spf_eval *e, const struct spf_prefetched *a, unsigned depth)
{
	for (size_t i = 0; i < a->record->nterms && depth < LIMIT_SPF_DEPTH;
	     i++) {
		follow_term(e, a, i);
		if (a->term[i].sent && a->term[i].inner)
			follow(e, a->term[i].inner, depth + 1);
	}
}

void
spf_prefetch_follow(void *arg)
{
	struct spf_eval *e = arg;

	for (const struct spf_frame *f = e->frame; f; f = f->parent)
		follow(e, f->prefetched, f->depth);
}
