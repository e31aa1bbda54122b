/* mail_setup_ahead: what is queried before it is needed, all sections at once. */
/* SPDX-License-Identifier: ISC */

#include "lint/mail_setup_internal.h"

#include "spf/spf_record.h"

/* Returns the fixed names of include: and redirect= in the domain's record. */
static struct span *
included(
    const struct mail_setup_job *job, const struct dns_answer *txt, size_t *n)
{
	struct span text = job->method->spf_record, *list = NULL, fault;
	struct spf_record r;

	*n = 0;
	if (!text.p && spf_record_count(txt, &text) != 1)
		return NULL;
	spf_record_parse(text, job->arena, &r, &fault);
	for (size_t i = 0; i < r.nterms; i++) {
		const struct spf_term *t = &r.terms[i];

		if (t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT)
			*ARENA_PUSH(job->arena, list, *n) = t->domain;
	}
	return list;
}

/* Adds the selectors of the providers that MX and SPF records name, and starts
 * the queries for them. */
static void
guess(struct mail_setup_job *job, const struct dns_answer *mx,
    const struct dns_answer *txt)
{
	size_t before = job->nselectors, nhosts, nincludes;
	struct span *includes = included(job, txt, &nincludes);
	struct span *names = NULL;
	struct mx_host *hosts;

	nhosts = mx_lint_hosts(mx, job->arena, &hosts);
	names = ARENA_ARRAY(job->arena, struct span, nhosts);
	for (size_t i = 0; i < nhosts; i++)
		names[i] = hosts[i].name;
	dkim_lint_guess(names, nhosts, includes, nincludes, job->arena,
	    &job->selectors, &job->nselectors);
	job->guessed = true;
	if (job->nselectors > before)
		dkim_lint_prefetch(job->dns, job->arena, job->domain,
		    &job->selectors[before], job->nselectors - before);
}

void
mail_setup_guess(struct mail_setup_job *job)
{
	if (job->domain.p && !job->guessed)
		guess(job, dns_query(job->dns, job->domain, DNS_MX),
		    dns_query(job->dns, job->domain, DNS_TXT));
}

/* Starts the queries that follow from what has arrived. */
static void
follow(void *arg)
{
	struct mail_setup_job *job = arg;
	const bool *asked = job->method->asked;
	const struct dns_answer *mx, *txt;

	if (job->spf)
		spf_lint_follow(job->spf);
	if (asked[MAIL_SETUP_MX])
		mx_lint_prefetch_hosts(job->dns, job->domain, job->arena);
	if (!asked[MAIL_SETUP_DKIM] || job->guessed)
		return;
	mx = dns_ready(job->dns, job->domain, DNS_MX);
	txt = dns_ready(job->dns, job->domain, DNS_TXT);
	if (mx && txt)
		guess(job, mx, txt);
}

void
mail_setup_ahead(struct mail_setup_job *job)
{
	const bool *asked = job->method->asked;

	if (asked[MAIL_SETUP_SPF])
		job->spf = spf_lint_prefetch(
		    job->domain, job->method->spf_record, job->dns, job->arena);
	if (!job->domain.p)
		return;
	if (asked[MAIL_SETUP_DMARC])
		dmarc_lint_prefetch(&job->method->dmarc, job->domain);
	if (asked[MAIL_SETUP_DKIM]) {
		dkim_lint_prefetch(job->dns, job->arena, job->domain,
		    job->selectors, job->nselectors);
		dns_prefetch(job->dns, job->domain, DNS_MX);
		dns_prefetch(job->dns, job->domain, DNS_TXT);
	}
	if (asked[MAIL_SETUP_MX])
		mx_lint_prefetch(job->dns, job->domain);
	beside_prefetch(&job->beside, job->domain);
	dns_on_arrival(job->dns, follow, job);
}

void
mail_setup_ahead_end(struct mail_setup_job *job)
{
	if (job->domain.p)
		dns_on_arrival(job->dns, NULL, NULL);
}
