/* evaluation: evaluate DMARC for one message or query. */
/* SPDX-License-Identifier: ISC */

#include "auth/evaluation.h"

#include "base/digest.h"
#include "base/domain.h"

/* How many labels a domain may have below the name that it shares with the
 * author domain, for its walk to be prefetched: signatures that will not pass
 * must not cost many queries. */
#define PREFETCH_LABELS 2

/* Could both domains be of one organization, by their names alone?
 * Organizational domains of a single label are too rare to be prefetched. */
static bool
may_align(struct span domain, struct span author)
{
	size_t shared;

	while (author.p && !domain_within(domain, author))
		author = domain_parent(author);
	shared = domain_labels(author);
	return shared > 1 && domain_labels(domain) <= shared + PREFETCH_LABELS;
}

/* Does the limit leave enough queries to walk all these domains? A prefetch may
 * turn out to be unneeded, and must not use up a query that is needed. */
static bool
have_room(const struct evaluation *e, const struct span *domain, size_t n)
{
	size_t queries = 0;

	for (size_t i = 0; i < n; i++) {
		size_t labels = domain_labels(domain[i]);

		queries += labels < DMARC_LEVELS ? labels : DMARC_LEVELS;
	}
	return queries <= dns_left(e->method.dns);
}

/* Prefetches the walks of domains that may turn out to be aligned with an
 * author domain. With a public suffix list there is no walk. */
static void
prefetch_walks(const struct evaluation *e)
{
	struct span list[AUTHID_DOMAINS];
	bool walks = e->from.reason == DMARC_PASS && !e->method.psl;
	size_t n = walks ? authid_domains(e->job, list) : 0;
	struct dmarc_method method = e->method;

	method.is_limited = true;
	if (!have_room(e, list, n))
		return;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < e->from.ndomains; k++)
			if (may_align(list[i], e->from.domains[k])) {
				dmarc_walk_prefetch(&method, list[i]);
				break;
			}
}

/* Prefetches what the records that have arrived make necessary, for all author
 * domains. */
static void
follow_prefetched(void *arg)
{
	struct evaluation *e = arg;
	struct dmarc_method method = e->method;

	for (size_t i = 0; i < e->from.ndomains; i++) {
		method.record_of = e->from.domains[i];
		e->settled[i] = e->settled[i] ||
		    dmarc_eval_prefetch(&method, e->from.domains[i]);
	}
}

/* Adds a sink for the text after an unterminated header, which some programs
 * take for header: its From fields are read, too, after forged fields are
 * removed. */
static void
add_below(struct evaluation *e, struct sink *const **sinks, size_t *n)
{
	struct sink **all = ARENA_ARRAY(e->method.arena, struct sink *, *n + 1);

	for (size_t i = 0; i < *n; i++)
		all[i] = (*sinks)[i];
	e->below = dmarc_below(e->m, e->method.arena);
	e->strip = authres_strip_new(
	    &e->below.sink, &e->removal, message_header_eol(e->m));
	sink_put(e->strip, e->m->separator);
	all[(*n)++] = e->strip;
	*sinks = all;
}

static void
begin(struct evaluation *e, const struct envelope *envelope,
    const struct authid_policy *policy, struct sink *const **sinks, size_t *n)
{
	const struct dmarc_authors *from = &e->from;

	dmarc_authors(e->m, e->method.arena, &e->from);
	dmarc_walk_prefetch_levels(
	    &e->method, from->domains, from->ndomains, 0, 1);
	e->job = authid_begin(e->m, envelope, e->method.dns, policy, sinks, n);
	dmarc_walk_prefetch_levels(
	    &e->method, from->domains, from->ndomains, 1, DMARC_LEVELS);
	prefetch_walks(e);
	if (message_header_unterminated(e->m))
		add_below(e, sinks, n);
}

struct evaluation *
evaluation_begin(const struct message *m, const struct dmarc_method *method,
    const struct envelope *envelope, const struct authid_policy *policy,
    const struct authres_removal *removal, struct sink *const **sinks,
    size_t *n)
{
	struct evaluation *e = ARENA_NEW(method->arena, struct evaluation);

	e->m = m;
	e->method = *method;
	e->removal = *removal;
	begin(e, envelope, policy, sinks, n);
	return e;
}

struct evaluation *
evaluation_given(const struct dmarc_method *method, struct span author,
    const struct dmarc_identifier *list, size_t n)
{
	struct evaluation *e = ARENA_NEW(method->arena, struct evaluation);

	e->method = *method;
	e->from.domains = ARENA_NEW(method->arena, struct span);
	*e->from.domains = author;
	e->from.ndomains = 1;
	e->given = list;
	e->ngiven = n;
	return e;
}

/*
 * Evaluation.
 */

static const struct dmarc_identifier *
list_identifiers(const struct authids *found, struct arena *a)
{
	struct dmarc_identifier *list =
	    ARENA_ARRAY(a, struct dmarc_identifier, found->n);

	for (size_t i = 0; i < found->n; i++) {
		const struct authid *from = &found->list[i];

		list[i] = (struct dmarc_identifier){
		    .mechanism = from->is_spf ? DMARC_SPF : DMARC_DKIM,
		    .code = from->code,
		    .domain = from->domain,
		    .from_auid = from->from_auid,
		    .is_unchecked = from->is_unchecked};
	}
	return list;
}

/* The number that pct= is compared with (RFC 7489 6.6.4), 0 to 99: a hash of
 * the header, so that sending the same message again does not change it. */
static unsigned
sample(const struct evaluation *e)
{
	struct digest *d;

	if (!e->method.rfc7489 || !e->m)
		return 0;
	d = digest_new(DIGEST_SHA256, UINT64_MAX, e->method.arena);
	for (size_t i = 0; i < e->m->nfields; i++)
		sink_put(&d->sink, e->m->fields[i].raw);
	sink_end(&d->sink);
	if (!d->value.p) /* forbidden by GnuTLS's configuration */
		return 0;
	return ((unsigned char)d->value.p[0] << 8 |
		   (unsigned char)d->value.p[1]) %
	    100;
}

/* Replaces a fail if the trusted fields had no results to take. */
static void
note_missing(const struct evaluation *e, struct dmarc_verdict *v)
{
	if (e->job && !e->found.found &&
	    dmarc_reasons[v->reason].code == RESULT_FAIL)
		v->reason = DMARC_NO_RESULTS;
}

/* Replaces a fail if what could not be parsed of trusted fields may have a
 * pass. */
static void
note_unreadable(const struct evaluation *e, struct dmarc_verdict *v)
{
	if (dmarc_reasons[v->reason].code != RESULT_FAIL ||
	    !(e->found.nunread || e->found.unread_rest))
		return;
	dmarc_walk_complete(&e->method, &v->walk);
	if (!v->walk.org.p ||
	    authid_may_have_passed(&e->found, v->walk.org, e->method.arena))
		v->reason = DMARC_UNREADABLE;
}

/* Evaluates an author domain, or a domain in a From field that cannot be
 * parsed. */
static void
evaluate_one(struct evaluation *e, struct span domain,
    const struct dmarc_identifier *list, size_t n, unsigned number,
    struct dmarc_verdict *v)
{
	e->method.record_of = domain;
	if (e->from.reason != DMARC_PASS) {
		dmarc_eval_unread(&e->method, domain, &e->from, number, v);
		return;
	}
	dmarc_eval(&e->method, domain, list, n, number, v);
	note_missing(e, v);
	note_unreadable(e, v);
}

static void
evaluate(struct evaluation *e)
{
	const struct dmarc_identifier *list = e->given;
	size_t n = e->ngiven;
	unsigned number = sample(e);

	if (e->job) {
		list = list_identifiers(&e->found, e->method.arena);
		n = e->found.n;
	}
	e->verdict = ARENA_ARRAY(
	    e->method.arena, struct dmarc_verdict, e->from.ndomains);
	for (size_t i = 0; i < e->from.ndomains; i++)
		evaluate_one(
		    e, e->from.domains[i], list, n, number, &e->verdict[i]);
	e->chosen = dmarc_combine(e->verdict, e->from.ndomains);
}

/* The verdict that decides, or that of a message whose author domains cannot be
 * evaluated. */
static void
decide(struct evaluation *e)
{
	e->none = (struct dmarc_verdict){
	    .reason = e->from.reason, .detail = e->from.detail};
	e->decides = &e->none;
	if (!e->from.ndomains)
		return;
	evaluate(e);
	if (e->from.reason == DMARC_PASS || e->verdict[e->chosen].raised)
		e->decides = &e->verdict[e->chosen];
}

void
evaluation_end(struct evaluation *e)
{
	authres_strip_free(e->strip);
	if (e->below.text.len)
		dmarc_authors_below(
		    e->m, buf_span(&e->below.text), e->method.arena, &e->from);
	dns_on_arrival(e->method.dns, follow_prefetched, e);
	if (e->job)
		authid_end(e->job, &e->found);
	decide(e);
	dns_on_arrival(e->method.dns, NULL, NULL);
}
