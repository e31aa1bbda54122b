/* dmarc_lint_record: the tags and policies of the record that applies. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/limit.h"
#include "base/taglist.h"

static void
add_tag(struct dmarc_lint_job *job, enum dmarc_finding kind, const char *name)
{
	dmarc_lint_tag(job, kind, job->out->applies, name);
}

/*
 * Flaws.
 */

/* Adds the finding for a flaw; dmarc_lint_reports() has those of rua= and
 * ruf=. */
static void
check_flaw(struct dmarc_lint_job *job, const struct dmarc_flaw *flaw)
{
	if (flaw->kind == DMARC_FLAW_VALUE &&
	    (dmarc_lint_is_named(flaw->tag, "rua") ||
		dmarc_lint_is_named(flaw->tag, "ruf")))
		return;
	finding_add_near(&job->out->findings,
	    &dmarc_findings[dmarc_lint_kind(flaw)], job->out->applies->domain,
	    flaw->tag, dmarc_lint_near(flaw));
}

static void
check_flaws(struct dmarc_lint_job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;
	const char *last = NULL;

	for (size_t i = 0; i < r->nflaws; i++) {
		const struct dmarc_flaw *flaw = &r->flaws[i];

		if (job->method.rfc7489 && flaw->kind == DMARC_FLAW_OBSOLETE)
			continue;
		/* Of several flaws of a tag only the first is reported. */
		if (flaw->tag.p != last)
			check_flaw(job, flaw);
		last = flaw->tag.p;
	}
}

/* RFC 7489 6.4, dmarc-record, wants p= there; RFC 9989 4.8 does not. */
static void
check_order(struct dmarc_lint_job *job)
{
	struct span rest = job->out->applies->record.text, tag;

	taglist_item(&rest, ';', &tag);
	while (taglist_item(&rest, ';', &tag) && !tag.len)
		;
	if (tag.len && !dmarc_lint_is_named(tag, "p") &&
	    job->out->applies->record.has_p)
		add_tag(job, DMARC_FINDING_ORDER, "p");
}

/*
 * Policies.
 */

bool
dmarc_lint_is_void(
    const struct dmarc_method *method, const struct dmarc_record *r)
{
	return method->rfc7489 ? r->bad_old_policy || !r->has_p : r->bad_policy;
}

bool
dmarc_lint_is_testing(
    const struct dmarc_method *method, const struct dmarc_record *r)
{
	return method->rfc7489 ? r->pct < 100 : r->testing;
}

bool
dmarc_lint_protects(const struct dmarc_method *method,
    const struct dmarc_record *r, enum dmarc_policy policy)
{
	return policy >= DMARC_POLICY_QUARANTINE &&
	    !dmarc_lint_is_void(method, r) && !dmarc_lint_is_testing(method, r);
}

/* RFC 9989 4.7: sp= and np= are only used in the record of an organizational
 * domain, or of a public suffix for domains below it that have no record. */
static bool
is_for_subdomains(const struct dmarc_lint_job *job)
{
	const struct dmarc_level *l = job->out->applies;

	return (l->record.psd == DMARC_PSD_Y && !job->method.rfc7489) ||
	    span_eq(l->domain, job->out->walk.org);
}

static void
check_gaps(struct dmarc_lint_job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;

	if (r->sp < r->p)
		add_tag(job, DMARC_FINDING_SUBDOMAINS, "sp");
	if (!job->method.rfc7489 && r->np < r->p)
		add_tag(
		    job, DMARC_FINDING_NONEXISTENT, r->has_np ? "np" : "sp");
}

static void
check_subdomains(struct dmarc_lint_job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;

	if (!job->out->walk.org.p)
		return;
	if (is_for_subdomains(job)) {
		check_gaps(job);
		return;
	}
	if (r->has_sp)
		add_tag(job, DMARC_FINDING_NO_EFFECT, "sp");
	if (r->has_np && !job->method.rfc7489)
		add_tag(job, DMARC_FINDING_NO_EFFECT, "np");
}

/* A policy that is weaker than p= has a finding that says so. */
static void
check_none(struct dmarc_lint_job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;
	bool subdomains = job->out->walk.org.p && is_for_subdomains(job);

	if (r->p == DMARC_POLICY_NONE && r->has_p &&
	    (job->out->applies == job->out->walk.levels || !r->has_sp))
		add_tag(job, DMARC_FINDING_POLICY_NONE, "p");
	if (!subdomains || r->p != DMARC_POLICY_NONE)
		return;
	if (r->has_sp && r->sp == DMARC_POLICY_NONE)
		add_tag(job, DMARC_FINDING_POLICY_NONE, "sp");
	if (r->has_np && r->np == DMARC_POLICY_NONE && !job->method.rfc7489)
		add_tag(job, DMARC_FINDING_POLICY_NONE, "np");
}

static void
check_testing(struct dmarc_lint_job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;
	bool none = r->p == DMARC_POLICY_NONE && r->sp == DMARC_POLICY_NONE &&
	    r->np == DMARC_POLICY_NONE;

	if (r->testing) /* RFC 9989 4.7, t */
		add_tag(job,
		    none ? DMARC_FINDING_NO_EFFECT : DMARC_FINDING_TESTING,
		    "t");
}

/* RFC 7489 6.3 has pct=, but neither np=, psd= nor t=. */
static void
check_old_tags(struct dmarc_lint_job *job)
{
	static const char *const unknown[] = {"np", "psd", "t"};
	const struct dmarc_record *r = &job->out->applies->record;

	for (size_t i = 0; i < COUNT(unknown); i++)
		if (dmarc_lint_find(r, unknown[i]).p)
			add_tag(job, DMARC_FINDING_NO_EFFECT, unknown[i]);
	if (r->pct < 100)
		add_tag(job, DMARC_FINDING_SAMPLED, "pct");
}

static void
check_policies(struct dmarc_lint_job *job)
{
	const struct dmarc_record *r = &job->out->applies->record;
	struct span where = job->out->applies->domain;

	/* All policies are ignored (RFC 9989 4.10.1). */
	if (job->method.rfc7489 ? r->bad_old_policy : r->bad_policy)
		return;
	if (!r->has_p)
		dmarc_lint_add(job, DMARC_FINDING_NO_POLICY, where, SPAN_NONE);
	if (r->p == DMARC_POLICY_NONE && !r->nrua)
		dmarc_lint_add(job, DMARC_FINDING_MONITORING, where, SPAN_NONE);
	check_none(job);
	check_subdomains(job);
	if (job->method.rfc7489)
		check_old_tags(job);
	else
		check_testing(job);
}

/* RFC 9989 4.7, psd: without it the record is that of an organization. */
static void
check_suffix(struct dmarc_lint_job *job)
{
	const struct dmarc_level *l = job->out->applies;
	bool is_suffix = dmarc_lint_is_suffix(&job->method, l->domain);

	if (job->method.rfc7489)
		return;
	if (l->record.psd == DMARC_PSD_Y && !is_suffix)
		add_tag(job, DMARC_FINDING_PSD, "psd");
	if (l->record.psd == DMARC_PSD_U && is_suffix)
		dmarc_lint_add(job, DMARC_FINDING_SUFFIX, l->domain, SPAN_NONE);
}

void
dmarc_lint_record(struct dmarc_lint_job *job)
{
	const struct dmarc_level *l = job->out->applies;
	const struct dmarc_record *r = &l->record;

	job->out->findings.record = dmarc_lint_source(l);
	check_flaws(job);
	if (r->gap.p)
		dmarc_lint_add(job, DMARC_FINDING_GAP, l->domain, r->gap);
	check_order(job);
	check_policies(job);
	dmarc_lint_reports(job);
	if (!r->nruf && r->fo.p) /* RFC 9989 4.7, fo */
		add_tag(job, DMARC_FINDING_NO_EFFECT, "fo");
	check_suffix(job);
	if (r->text.len > LIMIT_SPF_RECORD)
		dmarc_lint_add(job, DMARC_FINDING_SIZE, l->domain,
		    arena_printf(job->arena, "%zu octets", r->text.len));
	job->out->findings.record = NULL;
}
