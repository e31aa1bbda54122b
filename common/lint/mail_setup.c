/* mail_setup: all sections of one domain, and its score. */
/* SPDX-License-Identifier: ISC */

#include "lint/mail_setup.h"

static void
check_spf(const struct mail_setup_method *method, struct mail_setup *s)
{
	if (!method->asked[MAIL_SETUP_SPF])
		return;
	spf_lint(s->domain, method->spf_record, method->dmarc.dns,
	    method->dmarc.arena, &s->spf);
	finding_join(&s->findings, &s->spf.findings);
}

static void
check_dmarc(const struct mail_setup_method *method, struct mail_setup *s)
{
	struct dmarc_method dmarc = method->dmarc;

	if (!method->asked[MAIL_SETUP_DMARC])
		return;
	dmarc.record = method->dmarc_record;
	dmarc_lint(&dmarc, s->domain, &s->dmarc);
	finding_join(&s->findings, &s->dmarc.findings);
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

void
mail_setup(const struct mail_setup_method *method, struct span domain,
    struct mail_setup *out)
{
	*out = (struct mail_setup){
	    .domain = domain, .findings = FINDINGS(method->dmarc.arena, NULL)};
	check_spf(method, out);
	check_dmarc(method, out);
	count_score(out);
}
