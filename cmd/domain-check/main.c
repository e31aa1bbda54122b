/* domain-check: is a domain's mail set-up sound? */
/* SPDX-License-Identifier: ISC */
/* Identifiers: SPF_FINDINGS DMARC_FINDINGS BIMI_FINDINGS KEY_FINDINGS */
/* Identifiers: DKIM_FINDINGS MX_FINDINGS TLS_FINDINGS */

#include "job.h"

#include <jansson.h>

#include "base/limit.h"
#include "tool/output.h"

static const struct cli_tool help = {"[OPTION...] DOMAIN...",
    "Checks a domain's mail set-up: SPF, DKIM keys, DMARC, and what is beside.",
    {"domain-check example.org", "domain-check -z zone -s r1 example.org"},
    "selector only json quiet verbose nameserver zone"};

/* Removes the findings that were there before, or are accepted. */
static void
remove_known(const struct job *job, struct mail_setup *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->findings.n; i++) {
		const struct finding f = s->findings.list[i];

		if ((!job->baseline ||
			!baseline_has(job->baseline, &f, job->memory)) &&
		    (!job->ignore || !ignore_has(job->ignore, s->domain, &f)))
			s->findings.list[n++] = f;
	}
	s->findings.n = n;
}

static void
write_domain(const struct job *job, const struct mail_setup *s, bool is_first)
{
	static void (*const forms[])(
	    const struct job *, const struct mail_setup *) = {
	    [JOB_SCREEN] = show,
	    [JOB_JSON] = show_json,
	    [JOB_SARIF] = show_sarif,
	    [JOB_GITHUB] = show_github,
	};

	if (job->form == JOB_STATUS)
		return;
	if (job->form == JOB_SCREEN && !is_first)
		screen_line(&job->out, SPAN(""));
	forms[job->form](job, s);
}

/* Returns the verdict on a domain. */
static enum result_code
check(const struct job *job, size_t i)
{
	struct span domain = job->ndomains ? job->domains[i] : SPAN_NONE;
	struct mail_setup_method method = subjects_method(job, i);
	struct mail_setup s;
	enum result_code verdict;

	mail_setup(&method, domain, &s);
	remove_known(job, &s);
	verdict = status_of(job, &s);
	if (!cli_is_deferred(verdict))
		write_domain(job, &s, i == 0);
	return verdict;
}

/* Checks all domains. Returns the verdict that decides. */
static enum result_code
check_all(const struct job *job)
{
	enum result_code run = RESULT_PASS;

	for (size_t i = 0; i == 0 || i < job->ndomains; i++) {
		enum result_code verdict;

		dns_begin(job->method.dmarc.dns);
		arena_reset(job->memory);
		verdict = job->policy ? policy_check(job, job->domains[i])
				      : check(job, i);
		if (cli_verbose && job->form == JOB_SCREEN &&
		    !cli_is_deferred(verdict))
			output_dns(
			    &job->out, job->method.dmarc.dns, job->memory);
		run = status_first(run, verdict);
	}
	return run;
}

int
main(int argc, char **argv)
{
	struct job job = {.arena = cli_begin(argv[0])};
	const char **operand =
	    cli_read(argc, argv, &help, options_sections, job.arena);
	enum result_code run;

	/* Out of memory, jansson would leave members out. */
	json_set_alloc_funcs(arena_malloc, free);
	cli_drains_stdin(false);
	cli_settle();
	options_read(&job, operand);
	job.memory = arena_new();
	job.method.dmarc.arena = job.memory;
	job.method.dmarc.dns = cli_dns_open(job.arena);
	/* Strangers choose most of what is queried, the user the selectors. */
	dns_limit(job.method.dmarc.dns, LIMIT_DNS_QUESTIONS + job.nselectors);
	if (job.form == JOB_SARIF)
		show_sarif_begin();
	run = check_all(&job);
	if (job.form == JOB_SARIF)
		show_sarif_end();
	cli_dns_close(job.method.dmarc.dns);
	cli_close_stdout();
	arena_free(job.memory);
	psl_free(job.suffixes);
	return cli_verdict_status(run, 0);
}
