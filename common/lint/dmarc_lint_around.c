/* dmarc_lint_around: misplaced records, wildcards and CNAMEs. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

/* Names at which records are published by mistake: front, then the domain, or
 * twice the domain if again. If a wildcard answers for such a name, it answers
 * for probe and the domain, too. */
static const struct misplaced {
	const char *front, *probe;
	bool again;
} misplaced_names[] = {
    {"", NULL, false},
    /* For control panels that add _dmarc, or the domain, on their own. */
    {"_dmarc._dmarc.", DMARC_LINT_PROBE "._dmarc.", false},
    {"_dmarc.", "_dmarc." DMARC_LINT_PROBE ".", true},
};
#define MISPLACED_NAMES (COUNT(misplaced_names))

static struct span
misplaced_name(struct span domain, const struct misplaced *p, struct arena *a)
{
	struct span name = ARENA_JOIN(a, span_of(p->front), domain);

	return p->again ? ARENA_JOIN(a, name, SPAN("."), domain) : name;
}

static struct span
probe_name(struct span domain, const struct misplaced *p, struct arena *a)
{
	return ARENA_JOIN(a, span_of(p->probe), domain);
}

void
dmarc_lint_around_prefetch(
    const struct dmarc_method *method, struct span domain)
{
	struct arena *a = method->arena;

	for (size_t i = 0; i < MISPLACED_NAMES; i++) {
		const struct misplaced *p = &misplaced_names[i];

		dns_prefetch(
		    method->dns, misplaced_name(domain, p, a), DNS_TXT);
		if (p->probe)
			dns_prefetch(
			    method->dns, probe_name(domain, p, a), DNS_TXT);
	}
}

static const struct dns_answer *
look_up(struct dmarc_lint_job *job, struct span name)
{
	const struct dns_answer *answer =
	    dns_query(job->method.dns, name, DNS_TXT);

	if (dns_unknown(answer->status))
		dmarc_lint_unanswered(job, job->domain, answer);
	return answer;
}

static bool
has_wildcard(struct dmarc_lint_job *job, const struct misplaced *p)
{
	const struct dns_answer *answer;

	if (!p->probe)
		return false;
	answer = look_up(job, probe_name(job->domain, p, job->arena));
	if (answer->status != DNS_DATA)
		return false;
	job->out->findings.record = answer->records;
	dmarc_lint_add(job, DMARC_FINDING_WILDCARD, job->domain,
	    ARENA_JOIN(
		job->arena, answer->name, SPAN(": "), answer->records->data));
	return true;
}

static void
check_misplaced(struct dmarc_lint_job *job, const struct misplaced *p)
{
	const struct dns_answer *answer;

	if (has_wildcard(job, p))
		return;
	answer = look_up(job, misplaced_name(job->domain, p, job->arena));
	for (size_t i = 0; i < answer->nrecords; i++) {
		job->out->findings.record = &answer->records[i];
		if (dmarc_is_record(answer->records[i].data))
			dmarc_lint_add(job, DMARC_FINDING_MISPLACED,
			    answer->name, answer->records[i].data);
	}
}

void
dmarc_lint_around(struct dmarc_lint_job *job)
{
	for (size_t i = 0; i < MISPLACED_NAMES; i++)
		check_misplaced(job, &misplaced_names[i]);
	job->out->findings.record = NULL;
}

/*
 * CNAMEs.
 */

static struct span
record_name(struct span domain, struct arena *a)
{
	return ARENA_JOIN(a, SPAN("_dmarc."), domain);
}

void
dmarc_lint_alias_prefetch(const struct dmarc_method *method, struct span domain)
{
	dns_prefetch(
	    method->dns, record_name(domain, method->arena), DNS_CNAME);
}

/* A name that has a CNAME leads elsewhere: where it does not, it should have
 * none. */
void
dmarc_lint_alias(struct dmarc_lint_job *job, const struct dmarc_level *l)
{
	const struct dns_answer *text = l->answer, *alias;
	bool leads;

	if (!text || dns_unknown(text->status))
		return;
	leads = !span_eq(text->canonical, text->name);
	if (leads ? text->status != DNS_NXDOMAIN : text->status != DNS_DATA)
		return;
	alias = dns_query(job->method.dns, text->name, DNS_CNAME);
	if (dns_unknown(alias->status))
		dmarc_lint_unanswered(job, l->domain, alias);
	job->out->findings.record = alias->records;
	if (leads)
		dmarc_lint_add(
		    job, DMARC_FINDING_DANGLING, l->domain, text->canonical);
	else if (alias->nrecords)
		dmarc_lint_add(
		    job, DMARC_FINDING_ALIAS, l->domain, alias->records->data);
	job->out->findings.record = NULL;
}
