/* authid: evaluating DKIM and SPF for the domains that they authenticate. */
/* SPDX-License-Identifier: ISC */

#include "auth/authid.h"

#include "base/domain.h"
#include "auth/authid_internal.h"
#include "base/limit.h"
#include "spf/spf_trace.h"

/*
 * Evaluation.
 */

static void
begin_evaluation(struct authid_job *job, struct sink *const **sinks, size_t *n)
{
	const struct dkim_policy dkim = {.max_signatures = LIMIT_SIGNATURES,
	    .verbose = job->policy.verbose,
	    .now = job->policy.now,
	    .keys = job->policy.keys};

	job->dkim = dkim_verify_begin(job->m, job->dns, &dkim);
	*n = dkim_verify_sinks(job->dkim, sinks);
	job->query.receiver = job->policy.receiver;
	job->query.now = job->policy.now;
	job->known =
	    spf_identify(&job->envelope, SPF_MAILFROM, job->arena, &job->query);
	if (job->known)
		spf_prefetch(&job->query, job->dns, job->arena);
}

/* RFC 9989 3.2.4: evaluates SPF for MAIL FROM. If the client or MAIL FROM is
 * not known, the result tells so and no identifier is added. */
static void
evaluate_spf(
    const struct authid_job *job, struct authids *out, struct result *r)
{
	struct spf_policy policy = {
	    .lookup_limit = LIMIT_SPF_LOOKUPS, .void_limit = LIMIT_SPF_VOIDS};
	struct arena *a = job->arena;
	struct spf_trace trace;
	struct spf_verdict v;

	spf_trace_init(&trace, a);
	if (job->policy.verbose)
		policy.observer = &trace.observer;
	if (job->known)
		spf_check(&job->query, &policy, job->dns, a, &v);
	else
		spf_not_identified(&job->envelope, SPF_MAILFROM, a, &v);
	spf_result(&v, &job->envelope, SPF_MAILFROM, a, r);
	if (trace.root)
		r->detail = spf_trace_lines(
		    &trace, &policy, &v, job->policy.columns, a, &r->ndetail);
	out->has_spf = job->known;
	if (job->known)
		authid_add(job, out,
		    (struct authid){.is_spf = true,
			.code = r->code,
			.domain = domain_normal(job->query.domain, a),
			.local = job->query.local});
}

/* Returns the domain of i= of a result, or absent. */
static struct span
auid_domain_of(const struct result *r, struct arena *a)
{
	for (size_t i = 0; i < r->nproperties; i++)
		if (span_eq(span_of(r->properties[i].name), SPAN("header.i")))
			return authid_domain_of(r->properties[i].value, a);
	return SPAN_NONE;
}

/* Adds the result of a signature. "none" means that the message has no
 * signature (RFC 8601 2.7.1). The domain of i= is kept only if it is d= or a
 * subdomain of it (RFC 6376 3.5). */
static void
evaluate_dkim(const struct authid_job *job, struct authids *out,
    const struct result *r, struct span signed_names)
{
	struct authid id = {.code = r->code,
	    .domain = r->domain,
	    .auid_domain = auid_domain_of(r, job->arena),
	    .signed_names = signed_names,
	    .is_unchecked = dkim_is_unchecked(span_of(r->why.id))};

	if (!domain_within(id.auid_domain, id.domain))
		id.auid_domain = SPAN_NONE;
	if (id.code != RESULT_NONE)
		authid_add(job, out, id);
}

/* Returns h= of the signature of the result with index i. */
static struct span
signed_names_of(const struct authid_job *job, size_t i)
{
	const struct dkim_signature *s =
	    dkim_verify_signature(job->dkim, i + 1);

	return s ? s->names : SPAN_NONE;
}

/* Evaluates SPF first. All keys have been prefetched, and waiting for one whose
 * servers do not answer leaves no time for the lookups of an SPF record. */
static void
evaluate(const struct authid_job *job, struct authids *out)
{
	struct arena *a = job->arena;
	const struct result *dkim;
	struct result spf = {0}, *list;
	size_t n;

	evaluate_spf(job, out, &spf);
	n = dkim_verify_end(job->dkim, &dkim);
	list = ARENA_ARRAY(a, struct result, 1 + n);
	list[0] = spf;
	for (size_t i = 0; i < n; i++) {
		list[1 + i] = dkim[i];
		evaluate_dkim(job, out, &dkim[i], signed_names_of(job, i));
	}
	out->results = list;
	out->nresults = 1 + n;
	out->found = true;
}

/*
 * The interface.
 */

struct authid_job *
authid_begin(const struct message *m, const struct envelope *envelope,
    struct dns *dns, const struct authid_policy *policy,
    struct sink *const **sinks, size_t *n)
{
	struct authid_job *job = ARENA_NEW(m->arena, struct authid_job);

	*job = (struct authid_job){.m = m,
	    .arena = m->arena,
	    .envelope = *envelope,
	    .dns = dns,
	    .policy = *policy};
	*sinks = NULL;
	*n = 0;
	if (policy->trust == AUTHID_EVALUATE)
		begin_evaluation(job, sinks, n);
	return job;
}

static size_t
list_domains(const struct authid_job *job, bool auids, struct span *list)
{
	const struct span sender = job->envelope.sender;
	size_t n = 0;

	for (size_t i = 1; job->dkim && i <= LIMIT_SIGNATURES; i++) {
		const struct dkim_signature *s =
		    dkim_verify_signature(job->dkim, i);

		if (s)
			list[n++] = auids ? s->auid_domain : s->domain;
	}
	if (job->known && (!auids || !sender.p || sender.len))
		list[n++] = domain_normal(job->query.domain, job->arena);
	return n;
}

size_t
authid_domains(
    const struct authid_job *job, struct span list[static AUTHID_DOMAINS])
{
	return list_domains(job, false, list);
}

size_t
authid_auid_domains(
    const struct authid_job *job, struct span list[static AUTHID_DOMAINS])
{
	return list_domains(job, true, list);
}

void
authid_end(struct authid_job *job, struct authids *out)
{
	*out = (struct authids){.found = false};
	if (job->dkim)
		evaluate(job, out);
	else
		authid_take_fields(job, out);
}
