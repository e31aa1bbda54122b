/* dmarc-report: tell what DMARC's reports say (RFC 9990, RFC 9991). */
/* SPDX-License-Identifier: ISC */
/* Identifiers: AGGREGATE_NOTES AGGREGATE_REFUSALS UNPACK_REASONS ZIP_REASONS */

#include "base/die.h"
#include "dmarc/dmarc.h"
#include "options.h"
#include "senders.h"

static const struct cli_tool help = {"[OPTION...] [FILE...]",
    "Tells what DMARC's reports say of a domain's mail (RFC 9990, RFC 9991).",
    {"dmarc-report Maildir", "dmarc-report --compare=7d --fail reports/"},
    "by since domain fail plot csv compare expect spf dkim json verbose quiet"};

static void
expect(struct job *job)
{
	static const char *const words[] = {[TALLY_NOT_MET] = "not met",
	    [TALLY_NO_MESSAGES] = "not met: there are no messages",
	    [TALLY_NO_EARLIER] =
		"not met: without earlier messages, new sources are not known"};

	for (size_t i = 0; i < job->nexpectations; i++) {
		const struct job_expectation *e = &job->expectations[i];
		enum tally_met met = tally_expect(job->tally, &e->parsed);

		if (met == TALLY_MET)
			continue;
		warn("--expect=%s: %s", e->text, words[met]);
		job_fail(job, 1);
	}
}

static void
show(struct job *job)
{
	switch (job->form) {
	case JOB_SCREEN:
		if (job->options.compare)
			show_compare(job);
		else if (job->has_by)
			show_list(job);
		else
			show_screen(job);
		break;
	case JOB_PLOT:
		show_plot(job);
		break;
	case JOB_CSV:
		show_csv(job);
		break;
	case JOB_JSON:
	case JOB_STATUS:
		break;
	}
	job_show_doubts(job);
}

/* --spf, --dkim: the limit of queries for a mail does not apply to them. */
static void
query(struct job *job)
{
	if (job->options.senders || job->options.keys)
		dns_limit(job->dns, SIZE_MAX);
	if (job->options.senders)
		senders_tell(job, job->dns);
	if (job->options.keys)
		keys_tell(job, job->dns);
}

int
main(int argc, char **argv)
{
	struct job job = {.arena = cli_begin(argv[0])};
	const char **operand =
	    cli_read(argc, argv, &help, options_sections, job.arena);
	struct input in = options_input(operand);
	struct authentic_policy authentic;
	psl_ctx_t *public_suffixes;

	cli_settle();
	options_read(&job, &authentic);
	public_suffixes = psl_latest(NULL);
	job.options.psl = public_suffixes;
	job.memory = arena_new();
	job.failures.arena = job.arena;
	if (job.is_authentic || job.options.senders || job.options.keys)
		job.dns = cli_dns_open(job.arena);
	if (job.is_authentic)
		job.authentic = authentic_new(&authentic, job.dns);
	job_read(&job, &in);
	show(&job);
	query(&job);
	expect(&job);
	if (job.dns)
		cli_dns_close(job.dns);
	cli_close_stdout();
	authentic_free(job.authentic);
	tally_free(job.tally);
	psl_free(public_suffixes);
	arena_free(job.memory);
	return job.status ? cli_status(job.status) : 0;
}
