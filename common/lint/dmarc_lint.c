/* dmarc_lint: errors and risks in DMARC records. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "lint/mx_lint.h"

/*
 * Queries that are known early.
 */

static void
prefetch_mail(const struct dmarc_method *method, struct span host)
{
	mail_host_prefetch(method->dns, host);
	dns_prefetch_limited(method->dns, host, DNS_A);
	dns_prefetch_limited(method->dns, host, DNS_AAAA);
}

/* Prefetches what any record needs: whether the domain exists (np=), the walk
 * from below, and whether a report address in it would get mail. */
void
dmarc_lint_prefetch(const struct dmarc_method *method, struct span domain)
{
	struct span org = dmarc_lint_registered(method, domain);
	struct dmarc_method own = *method;

	own.record_of = domain;
	dmarc_walk_prefetch(&own, domain);
	dmarc_walk_prefetch(&own, dmarc_lint_below_name(method, domain));
	if (!method->record.p)
		dmarc_lint_around_prefetch(method, domain);
	dmarc_lint_alias_prefetch(method, domain);
	dmarc_lint_alias_prefetch(method, org);
	dns_prefetch(method->dns, domain, DNS_A);
	prefetch_mail(method, domain);
	prefetch_mail(method, org);
}

/* Prefetches what the records met on the way need: each may be the one that
 * applies, or be joined with others. */
static void
prefetch_reports(const struct dmarc_lint_job *job)
{
	const struct dmarc_walk *w = &job->out->walk;

	for (size_t i = 0; i < w->nlevels && !job->nobody; i++) {
		const struct dmarc_level *l = &w->levels[i];
		size_t n = l->answer ? l->answer->nrecords : 0;

		for (size_t j = 0; j < n; j++) {
			struct span text = l->answer->records[j].data;
			struct dmarc_record r;

			if (!dmarc_is_record(text))
				continue;
			dmarc_record_parse(text, job->arena, &r);
			dmarc_lint_reports_prefetch(&job->method, &r,
			    (struct dmarc_owner){l->domain, w->org});
		}
	}
}

/*
 * The way up.
 */

static size_t
count_records(const struct dns_answer *answer)
{
	size_t n = 0;

	for (size_t i = 0; i < answer->nrecords; i++)
		n += dmarc_is_record(answer->records[i].data);
	return n;
}

static void
check_level(struct dmarc_lint_job *job, const struct dmarc_level *l)
{
	struct findings *f = &job->out->findings;

	if (!l->answer) {
		dmarc_lint_text(job, l->domain, job->method.record);
		return;
	}
	if (l->found == DMARC_FOUND_FAILED)
		dmarc_lint_unanswered(job, l->domain, l->answer);
	for (size_t i = 0; i < l->answer->nrecords; i++) {
		f->record = &l->answer->records[i];
		dmarc_lint_text(job, l->domain, f->record->data);
	}
	f->record = dmarc_lint_source(l);
	if (l->found == DMARC_FOUND_SEVERAL)
		dmarc_lint_add(job, DMARC_FINDING_SEVERAL, l->domain,
		    arena_printf(
			job->arena, "%zu records", count_records(l->answer)));
	f->record = NULL;
	dmarc_lint_alias(job, l);
}

/* Walks up to the record that applies. A given record ends the walk if it was
 * given without a domain, or is not a DMARC record. */
static void
walk(struct dmarc_lint_job *job)
{
	struct dmarc_walk *w = &job->out->walk;

	dmarc_walk_begin(&job->method, job->domain, w);
	if (job->nobody ||
	    (!w->levels->answer && w->levels->found != DMARC_FOUND_RECORD)) {
		w->complete = true;
		w->org = job->domain;
		w->how = "the domain itself";
	}
	dmarc_walk_complete(&job->method, w);
	prefetch_reports(job);
	for (size_t i = 0; i < w->nlevels; i++)
		check_level(job, &w->levels[i]);
	job->out->applies = dmarc_walk_policy(w);
	job->out->org = w->org;
}

/*
 * All checks.
 */

/* Adds that no record applies, unless a finding has given the reason. */
static void
check_absence(struct dmarc_lint_job *job)
{
	const struct dmarc_walk *w = &job->out->walk;

	if (w->failed || w->levels->found == DMARC_FOUND_SEVERAL)
		return;
	dmarc_lint_add(job, DMARC_FINDING_NO_RECORD, w->domain, SPAN_NONE);
	job->out->findings.failed = RESULT_NONE;
}

/* Finds the policy for mail that fails, as a receiver would. */
static void
evaluate(struct dmarc_lint_job *job)
{
	struct dmarc_lint *out = job->out;
	struct dmarc_verdict *v = &out->verdict;

	if (!out->applies)
		return;
	dmarc_eval(&job->method, job->domain, NULL, 0, 0, v);
	if (dmarc_code(v) == RESULT_TEMPERROR) /* does the domain exist? */
		dmarc_lint_unanswered(job, job->domain,
		    dns_query(job->method.dns, job->domain, DNS_A));
	if (dmarc_code(v) != RESULT_FAIL)
		return;
	out->policy = v->policy;
	out->tag = v->tag;
	out->policy_domain = v->applies->domain;
}

static void
check(struct dmarc_lint_job *job)
{
	struct dmarc_lint *out = job->out;

	*out = (struct dmarc_lint){.findings = FINDINGS(job->arena, "dmarc")};
	walk(job);
	if (!job->method.record.p)
		dmarc_lint_around(job);
	if (out->applies)
		dmarc_lint_record(job);
	else
		check_absence(job);
	evaluate(job);
	dmarc_lint_below(job);
}

void
dmarc_lint(const struct dmarc_method *method, struct span domain,
    struct dmarc_lint *out)
{
	struct dmarc_lint_job job = {.method = *method,
	    .arena = method->arena,
	    .domain = domain.p ? domain : FINDING_NOBODY,
	    .nobody = !domain.p,
	    .out = out};

	job.method.record_of = job.domain;
	if (!job.nobody)
		dmarc_lint_prefetch(&job.method, job.domain);
	check(&job);
}

void
dmarc_lint_try(const struct dmarc_method *method, struct span domain,
    struct dmarc_lint *out)
{
	struct dmarc_lint_job job = {.method = *method,
	    .arena = method->arena,
	    .domain = domain,
	    .out = out};

	check(&job);
}
