/* mail_setup: all sections of one domain, and its score. */
/* SPDX-License-Identifier: ISC */

#include "lint/mail_setup_internal.h"

/*
 * Sections.
 */

static void
check_dmarc(const struct mail_setup_job *job, struct mail_setup *s)
{
	struct dmarc_method method = job->method->dmarc;

	if (!job->method->asked[MAIL_SETUP_DMARC])
		return;
	method.record = job->method->dmarc_record;
	dmarc_lint(&method, job->domain, &s->dmarc);
	dmarc_questions(&method, &s->dmarc, s->questions);
}

static void
check_dkim(struct mail_setup_job *job, struct mail_setup *s)
{
	if (!job->method->asked[MAIL_SETUP_DKIM])
		return;
	mail_setup_guess(job);
	dkim_lint(job->dns, job->arena, job->domain, job->selectors,
	    job->nselectors, &s->dkim);
	s->questions[QUESTION_DKIM] = s->dkim.question;
}

static void
check_mx(const struct mail_setup_job *job, struct mail_setup *s)
{
	if (job->method->asked[MAIL_SETUP_MX])
		mx_lint(job->domain, job->dns, job->arena, &s->mx);
}

static void
check_spf(const struct mail_setup_job *job, struct mail_setup *s)
{
	if (!job->method->asked[MAIL_SETUP_SPF])
		return;
	spf_lint(job->domain, job->method->spf_record, job->dns, job->arena,
	    &s->spf);
	spf_question(
	    &s->spf, job->dns, job->arena, &s->questions[QUESTION_SPF]);
}

static void
check_beside(struct mail_setup_job *job, struct mail_setup *s)
{
	if (!job->domain.p)
		return;
	if (job->method->asked[MAIL_SETUP_MX])
		job->beside.mx = &s->mx;
	if (job->method->asked[MAIL_SETUP_DMARC])
		job->beside.dmarc = beside_dmarc_of(&s->dmarc.walk);
	beside(&job->beside, job->domain, &s->beside);
}

/* Keys and reports are not needed where no mail is sent. */
static void
settle_silence(struct mail_setup *s)
{
	static const char *const settled[] = {
	    "no-key", "no-keys", "key-revoked"};
	const struct question silent = {.answer = ANSWER_YES,
	    .proof = SPAN("the domain sends no mail: its SPF record is "
			  "v=spf1 -all, its policy reject, and it has no "
			  "key")};

	s->questions[QUESTION_DKIM] = s->questions[QUESTION_REPORTS] = silent;
	for (size_t i = 0; i < COUNT(settled); i++)
		finding_drop(&s->dkim.findings, "dkim", settled[i]);
	finding_drop(&s->dmarc.findings, "dmarc", "no-reports");
}

/* Does the domain state that it sends no mail, and has it no key to sign with?
 * Whether it has MX records does not matter. */
static bool
sends_no_mail(
    const struct mail_setup_method *method, const struct mail_setup *s)
{
	return method->asked[MAIL_SETUP_SPF] &&
	    method->asked[MAIL_SETUP_DMARC] && method->asked[MAIL_SETUP_DKIM] &&
	    s->spf.sends_nothing && s->dmarc.policy == DMARC_POLICY_REJECT &&
	    s->questions[QUESTION_EXACT_DOMAIN].answer == ANSWER_YES &&
	    !s->dkim.has_key && s->dkim.findings.failed == RESULT_PASS;
}

/*
 * The whole.
 */

static void
join_findings(struct mail_setup *s)
{
	const struct findings *const lists[] = {&s->spf.findings,
	    &s->dmarc.findings, &s->dkim.findings, &s->mx.findings,
	    &s->beside.findings};

	for (size_t i = 0; i < COUNT(lists); i++) {
		finding_join(&s->findings, lists[i]);
		if (lists[i]->failed == RESULT_TEMPERROR)
			s->findings.failed = RESULT_TEMPERROR;
	}
}

static bool
has_nothing(const struct mail_setup_method *method, const struct mail_setup *s)
{
	const bool *asked = method->asked;

	return s->findings.failed == RESULT_PASS &&
	    (asked[MAIL_SETUP_SPF] || asked[MAIL_SETUP_DMARC] ||
		asked[MAIL_SETUP_MX]) &&
	    (!asked[MAIL_SETUP_SPF] || s->spf.findings.failed == RESULT_NONE) &&
	    (!asked[MAIL_SETUP_DMARC] ||
		s->dmarc.findings.failed == RESULT_NONE) &&
	    !s->dkim.has_key && !s->mx.nrecords;
}

static void
count_score(struct mail_setup *s)
{
	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		enum answer answer = s->questions[i].answer;

		s->of += answer != ANSWER_NOT_ASKED;
		s->low += answer == ANSWER_YES;
		s->high += answer == ANSWER_YES || answer == ANSWER_NOT_KNOWN;
	}
}

static struct mail_setup_job
job_of(const struct mail_setup_method *method, struct span domain)
{
	struct mail_setup_job job = {.method = method,
	    .dns = method->dmarc.dns,
	    .arena = method->dmarc.arena,
	    .domain = domain,
	    .beside = {.dns = method->dmarc.dns,
		.arena = method->dmarc.arena,
		.tls = method->asked[MAIL_SETUP_TLS],
		.bimi = method->asked[MAIL_SETUP_DMARC],
		.dnssec = method->asked[MAIL_SETUP_TLS],
		.mta_sts_policy = method->mta_sts_policy}};

	if (method->asked[MAIL_SETUP_VBR]) {
		job.beside.certifiers = method->certifiers;
		job.beside.ncertifiers = method->ncertifiers;
	}
	for (size_t i = 0; i < method->nselectors; i++)
		*ARENA_PUSH(job.arena, job.selectors, job.nselectors) =
		    method->selectors[i];
	return job;
}

/* SPF comes last of those that wait, as its queries are prefetched while the
 * others wait for theirs; DNSSEC, of what is beside, counts all answers. */
void
mail_setup(const struct mail_setup_method *method, struct span domain,
    struct mail_setup *out)
{
	struct mail_setup_job job = job_of(method, domain);

	*out = (struct mail_setup){.domain = domain.p ? domain : FINDING_NOBODY,
	    .findings = FINDINGS(method->dmarc.arena, NULL)};
	mail_setup_ahead(&job);
	check_dmarc(&job, out);
	check_dkim(&job, out);
	check_mx(&job, out);
	mail_setup_ahead_end(&job);
	check_spf(&job, out);
	check_beside(&job, out);
	if (sends_no_mail(method, out))
		settle_silence(out);
	join_findings(out);
	out->nothing = has_nothing(method, out);
	count_score(out);
}
