/* job_authentic: which reports count with --authentic, how many do not. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include "base/die.h"

bool
job_doubts(struct job *job, const struct aggregate_report *report)
{
	const struct reader_place *place = reader_place(job->reader);

	if (job->authentic)
		job->doubt = authentic_check(
		    job->authentic, report, place->part && !place->nested);
	return job->doubt != AUTHENTIC_OK;
}

void
job_tell_doubt(struct job *job, const struct aggregate_report *report)
{
	uint64_t line = report ? report->line : 0;
	uint64_t records = report ? report->records - report->refused : 0;
	bool dns = !authentic_error(job->authentic);

	job->input.not_authentic++;
	job->input.no_mail += job->doubt == AUTHENTIC_NO_MAIL;
	job->input.unknown += job->doubt == AUTHENTIC_UNKNOWN;
	if (job->doubt == AUTHENTIC_UNKNOWN)
		job_fail(job, dns ? EX_TEMPFAIL : EX_NOINPUT);
	job_note(job, AUTHENTIC_NOTE_ID, line, records,
	    authentic_words(job->authentic));
}

const struct aggregate_report *
job_told(struct job *job, const struct aggregate_report *report)
{
	if (!job->authentic)
		return report;
	job->told = *report;
	job->told.metadata.org_name = authentic_reporter(job->authentic);
	return &job->told;
}

/* "4 reports are not authentic and do not count: 1 is not in mail, 2 could not
 * be evaluated now" */
static struct span
doubts(const struct job_input *in, struct arena *a)
{
	struct buf b = BUF(a);

	buf_add(&b, show_number(in->not_authentic, a));
	buf_str(&b,
	    in->not_authentic == 1
		? " report is not authentic and does not count"
		: " reports are not authentic and do not count");
	if (in->no_mail) {
		buf_str(&b, ": ");
		buf_add(&b, show_number(in->no_mail, a));
		buf_str(&b, in->no_mail == 1 ? " is" : " are");
		buf_str(&b, " not in mail");
	}
	if (in->unknown) {
		buf_str(&b, in->no_mail ? ", " : ": ");
		buf_add(&b, show_number(in->unknown, a));
		buf_str(&b, " could not be evaluated now");
	}
	return buf_span(&b);
}

void
job_show_doubts(struct job *job)
{
	struct span text;

	if (!job->input.not_authentic || job->form == JOB_JSON ||
	    job->form == JOB_STATUS)
		return;
	text = doubts(&job->input, job->memory);
	if (job->form == JOB_SCREEN)
		screen_line(&job->out, text);
	else
		warn_text(text);
}
