/* show_list: --by and --compare: one list. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

void
show_list(struct job *job)
{
	(void)job;
}
void
show_plot(struct job *job)
{
	(void)job;
}
void
show_csv(struct job *job)
{
	(void)job;
}
void
job_row_record(const struct job *job, const struct aggregate_report *report,
    const struct aggregate_record *record)
{
	(void)job;
	(void)report;
	(void)record;
}
void
job_row_note(const struct job *job, const struct aggregate_report *report,
    const char *id, uint64_t line, uint64_t records, struct span words)
{
	(void)job;
	(void)report;
	(void)id;
	(void)line;
	(void)records;
	(void)words;
}
void
job_row_refused(const struct job *job, const struct aggregate_report *report,
    const char *id, uint64_t line, uint64_t records, struct span words)
{
	(void)job;
	(void)report;
	(void)id;
	(void)line;
	(void)records;
	(void)words;
}
void
job_row_failure(const struct job *job, const struct failure *failure)
{
	(void)job;
	(void)failure;
}
