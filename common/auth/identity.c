#include "auth/identity.h"

#include "base/domain.h"
#include "auth/identity_job.h"
#include "base/limit.h"
#include "spf/spf_trace.h"

/*
 * Judging.
 */

static void
begin_judging(struct identity_job *job, struct sink *const **sinks, size_t *n)
{
	const struct dkim_policy dkim = {.max_signatures = LIMIT_SIGNATURES,
	    .explain = job->policy.explain,
	    .now = job->policy.now};

	job->dkim = dkim_verify_begin(job->m, job->dns, &dkim);
	*n = dkim_verify_sinks(job->dkim, sinks);
	job->query.receiver = job->policy.receiver;
	job->query.now = job->policy.now;
	job->known =
	    spf_identify(&job->envelope, SPF_MAILFROM, job->arena, &job->query);
	if (job->known)
		spf_prefetch(&job->query, job->dns, job->arena);
}

/* RFC 9989 3.2.4: MAIL FROM. What nobody knows has a result, and is not
 * judged. */
static void
judge_spf(
    const struct identity_job *job, struct identities *out, struct result *r)
{
	struct spf_policy policy = {
	    .lookup_limit = LIMIT_SPF_LOOKUPS, .void_limit = LIMIT_SPF_VOIDS};
	struct arena *a = job->arena;
	struct spf_trace trace;
	struct spf_verdict v;

	spf_trace_init(&trace, a);
	if (job->policy.explain)
		policy.observer = &trace.observer;
	if (job->known)
		spf_check(&job->query, &policy, job->dns, a, &v);
	else
		spf_not_identified(&job->envelope, SPF_MAILFROM, a, &v);
	spf_result(&v, &job->envelope, SPF_MAILFROM, a, r);
	if (trace.root)
		r->explain =
		    spf_trace_lines(&trace, &policy, &v, a, &r->explains);
	out->has_spf = job->known;
	if (job->known)
		identity_add(job, out,
		    (struct identity){.is_spf = true,
			.code = r->code,
			.domain = domain_normal(job->query.domain, a),
			.local = job->query.local});
}

/* The domain of i=, if there is one. */
static struct span
agent_of(const struct result *r, struct arena *a)
{
	for (size_t i = 0; i < r->properties; i++)
		if (span_eq(span_of(r->property[i].name), SPAN("header.i")))
			return identity_domain_of(r->property[i].value, a);
	return SPAN_NONE;
}

/* A signature that was judged. "none" is none (RFC 8601 2.7.1). RFC 6376 3.5:
 * the domain of i= is d= or below it, so that another, which does not pass, is
 * not kept. */
static void
judge_dkim(const struct identity_job *job, struct identities *out,
    const struct result *r, struct span signed_names)
{
	struct identity id = {.code = r->code,
	    .domain = r->domain,
	    .agent = agent_of(r, job->arena),
	    .signed_names = signed_names,
	    .is_unchecked = dkim_is_unchecked(span_of(r->why.id))};

	if (!domain_within(id.agent, id.domain))
		id.agent = SPAN_NONE;
	if (id.code != RESULT_NONE)
		identity_add(job, out, id);
}

/* h= of the signature of a result. */
static struct span
signed_names_of(const struct identity_job *job, size_t i)
{
	const struct dkim_signature *s =
	    dkim_verify_signature(job->dkim, i + 1);

	return s ? s->names : SPAN_NONE;
}

/* SPF first: all keys are asked for already, and one that nobody answers for
 * leaves no time for the questions that follow from an SPF record. */
static void
judge(const struct identity_job *job, struct identities *out)
{
	struct arena *a = job->arena;
	const struct result *dkim;
	struct result spf = {0}, *list;
	size_t n;

	judge_spf(job, out, &spf);
	n = dkim_verify_end(job->dkim, &dkim);
	list = ARENA_ARRAY(a, struct result, 1 + n);
	list[0] = spf;
	for (size_t i = 0; i < n; i++) {
		list[1 + i] = dkim[i];
		judge_dkim(job, out, &dkim[i], signed_names_of(job, i));
	}
	out->result = list;
	out->results = 1 + n;
	out->found = true;
}

/*
 * The face.
 */

struct identity_job *
identity_begin(const struct message *m, const struct envelope *envelope,
    struct dns *dns, const struct identity_policy *policy,
    struct sink *const **sinks, size_t *n)
{
	struct identity_job *job = ARENA_NEW(m->arena, struct identity_job);

	*job = (struct identity_job){.m = m,
	    .arena = m->arena,
	    .envelope = *envelope,
	    .dns = dns,
	    .policy = *policy};
	*sinks = NULL;
	*n = 0;
	if (policy->trust == IDENTITY_JUDGE)
		begin_judging(job, sinks, n);
	return job;
}

static size_t
expect(const struct identity_job *job, bool agents, struct span *list)
{
	const struct span sender = job->envelope.sender;
	size_t n = 0;

	for (size_t i = 1; job->dkim && i <= LIMIT_SIGNATURES; i++) {
		const struct dkim_signature *s =
		    dkim_verify_signature(job->dkim, i);

		if (s)
			list[n++] = agents ? s->identity_domain : s->domain;
	}
	if (job->known && (!agents || !sender.p || sender.len))
		list[n++] = domain_normal(job->query.domain, job->arena);
	return n;
}

size_t
identity_expect(
    const struct identity_job *job, struct span list[static IDENTITY_EXPECTED])
{
	return expect(job, false, list);
}

size_t
identity_expect_agents(
    const struct identity_job *job, struct span list[static IDENTITY_EXPECTED])
{
	return expect(job, true, list);
}

void
identity_end(struct identity_job *job, struct identities *out)
{
	*out = (struct identities){.found = false};
	if (job->dkim)
		judge(job, out);
	else
		identity_take_fields(job, out);
}
