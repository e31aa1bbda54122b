/* dmarc_lint_below: the records of names below a domain. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include <stdlib.h>

#include "base/domain.h"
#include "base/limit.h"

struct span
dmarc_lint_below_name(const struct dmarc_method *method, struct span domain)
{
	return ARENA_JOIN(method->arena, SPAN(DMARC_LINT_PROBE "."), domain);
}

/*
 * Records of their own.
 */

/* Why mail of a domain with this record of its own is not protected; NULL: it
 * is. */
static const char *
weakness(const struct dmarc_method *method, const struct dmarc_record *r)
{
	if (dmarc_lint_protects(method, r, r->p))
		return NULL;
	if (dmarc_lint_is_void(method, r))
		return "an invalid policy";
	if (!r->has_p)
		return "no p=";
	return r->p == DMARC_POLICY_NONE ? "p=none"
	    : method->rfc7489            ? "pct="
					 : "t=y";
}

static void
add_finding(struct dmarc_lint_job *job, const struct dmarc_level *l)
{
	const struct dmarc_record *r = &l->record;
	struct dmarc_lint *out = job->out;

	out->findings.record = dmarc_lint_source(l);
	if (job->method.rfc7489 ? r->bad_old_policy : r->bad_policy)
		dmarc_lint_add(job, DMARC_FINDING_POLICY, l->domain, r->text);
	else if (!r->has_p)
		dmarc_lint_add(
		    job, DMARC_FINDING_NO_POLICY, l->domain, SPAN_NONE);
	else if (r->p == DMARC_POLICY_NONE)
		dmarc_lint_tag(job, DMARC_FINDING_POLICY_NONE, l, "p");
	else if (job->method.rfc7489)
		dmarc_lint_tag(job, DMARC_FINDING_SAMPLED, l, "pct");
	else
		dmarc_lint_tag(job, DMARC_FINDING_TESTING, l, "t");
	out->findings.record = NULL;
}

static void
add_weak(struct dmarc_lint_job *job, const struct dmarc_level *l)
{
	struct dmarc_lint *out = job->out;
	const char *why = weakness(&job->method, &l->record);
	bool is_known = l->domain.p == out->below.domain.p &&
	    finding_has(
		&out->findings, &dmarc_findings[DMARC_FINDING_WILDCARD]);

	if (!why)
		return;
	*ARENA_PUSH(job->arena, out->weak, out->nweak) =
	    (struct dmarc_lint_weak){l->domain, why};
	if (out->nweak <= LIMIT_LINT_NAMES && !is_known)
		add_finding(job, l);
}

/* Names of the zone file that may have a record. */
struct names {
	struct dmarc_lint_job *job;
	struct span *list;
	size_t n;
};

static void
found(void *arg, struct span name)
{
	static const struct span label = {"_dmarc.", 7};
	struct names *names = arg;
	struct span domain = names->job->domain, below;

	if (!span_starts(name, label))
		return;
	below = span_from(name, label.len);
	if (domain_within(below, domain) && !span_eq(below, domain))
		*ARENA_PUSH(names->job->arena, names->list, names->n) =
		    arena_span(names->job->arena, below);
}

static int
compare(const void *a, const void *b)
{
	return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

static void
check_names(struct dmarc_lint_job *job)
{
	struct names names = {.job = job};

	dns_zone_names(job->method.dns, job->domain, found, &names);
	if (names.n)
		qsort(names.list, names.n, sizeof(*names.list), compare);
	for (size_t i = 0; i < names.n; i++) {
		struct dmarc_walk w;

		dmarc_walk_begin(&job->method, names.list[i], &w);
		if (w.levels->found == DMARC_FOUND_RECORD)
			add_weak(job, w.levels);
	}
}

/*
 * All others.
 */

/* Walks up from a name that nobody has. Where a wildcard gives it a record, it
 * gives none to names that exist: they follow what is above. */
static void
walk_below(struct dmarc_lint_job *job)
{
	struct dmarc_walk *w = &job->out->below;

	dmarc_walk_begin(
	    &job->method, dmarc_lint_below_name(&job->method, job->domain), w);
	if (w->levels->found == DMARC_FOUND_RECORD) {
		add_weak(job, w->levels);
		w->levels->found = DMARC_FOUND_NONE;
	}
	dmarc_walk_complete(&job->method, w);
	if (w->failed)
		dmarc_lint_unanswered(job,
		    w->failed == w->levels ? job->domain : w->failed->domain,
		    w->failed->answer);
	job->out->below_applies = dmarc_walk_policy(w);
}

static bool
protects_below(const struct dmarc_method *method, const struct dmarc_level *l)
{
	return l && dmarc_lint_protects(method, &l->record, l->record.sp) &&
	    (method->rfc7489 ||
		dmarc_lint_protects(method, &l->record, l->record.np));
}

/* "sp=none of example.org" */
static struct span
below_words(struct dmarc_lint_job *job)
{
	const struct dmarc_level *l = job->out->below_applies;
	const struct dmarc_record *r = l ? &l->record : NULL;
	bool np = r && r->np < r->sp && !job->method.rfc7489;

	if (!l)
		return SPAN("no record applies to them");
	return arena_printf(job->arena, "%s=%s of " SPAN_FMT,
	    np              ? "np"
		: r->has_sp ? "sp"
			    : "p",
	    dmarc_policy_name(np ? r->np : r->sp), SPAN_ARG(l->domain));
}

/* The record of the domain itself protects it alone (RFC 9989 4.10.1). */
static void
check_own(struct dmarc_lint_job *job)
{
	const struct dmarc_level *l = job->out->applies,
				 *below = job->out->below_applies;

	if (job->out->below.failed || l != job->out->walk.levels ||
	    (below && span_eq(below->domain, l->domain)) ||
	    !dmarc_lint_protects(&job->method, &l->record, l->record.p))
		return;
	if (protects_below(&job->method, below) &&
	    below->record.sp >= l->record.p &&
	    (job->method.rfc7489 || below->record.np >= l->record.p))
		return;
	job->out->findings.record = dmarc_lint_source(l);
	dmarc_lint_add(
	    job, DMARC_FINDING_NOT_INHERITED, l->domain, below_words(job));
	job->out->findings.record = NULL;
}

/* Has a subdomain on the way up a record that is stricter than the one that
 * applies to the domain? */
static void
check_way(struct dmarc_lint_job *job)
{
	const struct dmarc_walk *w = &job->out->walk;

	for (size_t i = 1; i < w->nlevels; i++) {
		const struct dmarc_level *l = &w->levels[i];

		if (l == job->out->applies)
			break;
		if (l->found != DMARC_FOUND_RECORD || !job->out->tag ||
		    l->record.p <= job->out->policy)
			continue;
		job->out->findings.record = dmarc_lint_source(l);
		dmarc_lint_add(job, DMARC_FINDING_NOT_INHERITED, l->domain,
		    arena_printf(job->arena, "%s=%s of " SPAN_FMT,
			job->out->tag, dmarc_policy_name(job->out->policy),
			SPAN_ARG(job->out->policy_domain)));
	}
	job->out->findings.record = NULL;
}

void
dmarc_lint_below(struct dmarc_lint_job *job)
{
	if (job->nobody) {
		job->out->below_applies = job->out->applies;
		return;
	}
	walk_below(job);
	check_names(job);
	if (!job->out->applies)
		return;
	if (job->out->applies == job->out->walk.levels)
		check_own(job);
	else
		check_way(job);
}
