/* job: read the operands, and hand on what is in them. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/domain.h"
#include "tool/cli.h"
#include "mail/spool.h"

/* Statuses in the order of dmarc-report(1): an earlier one is kept. */
static int
rank(int status)
{
	static const int order[] = {EX_NOINPUT, EX_TEMPFAIL, 1, EX_DATAERR};

	for (size_t i = 0; i < COUNT(order); i++)
		if (order[i] == status)
			return (int)i;
	return (int)COUNT(order);
}

void
job_fail(struct job *job, int status)
{
	if (rank(status) < rank(job->status))
		job->status = status;
}

/* Warns of what is refused, or noted with -v; at most a line each. */
static void
tell(struct job *job, const char *id, uint64_t line, uint64_t records,
    struct span words)
{
	const struct reader_place *place = reader_place(job->reader);
	struct buf b = BUF(job->memory);

	buf_add(&b, job->name);
	if (place->name.p || place->part) {
		buf_str(&b, ": part ");
		buf_printf(&b, "%u", place->part);
	}
	if (place->member.p) {
		buf_str(&b, ": ");
		buf_short(&b, place->member, 60);
	}
	if (line)
		buf_printf(&b, ":%llu", (unsigned long long)line);
	buf_printf(&b, ": %s: ", id);
	buf_add(&b, words);
	if (records > 1)
		buf_printf(&b, " (%llu records)", (unsigned long long)records);
	progress_hide(&job->progress);
	warn_text(buf_span(&b));
}

static void
refuse(struct job *job, const char *id, uint64_t line, uint64_t records,
    struct span words)
{
	if (job->dry)
		return;
	if (records)
		job->input.refused_records += records;
	else
		job->input.refused++;
	job_fail(job, EX_DATAERR);
	if (job->form == JOB_JSON)
		job_row_refused(job, id, line, records, words);
	if (job->form != JOB_STATUS)
		tell(job, id, line, records, words);
}

void
job_note(struct job *job, const char *id, uint64_t line, uint64_t records,
    struct span words)
{
	if (job->form == JOB_JSON)
		job_row_note(job, id, line, records, words);
	if (job->verbose && job->form == JOB_SCREEN)
		tell(job, id, line, records, words);
}

/*
 * The handler of the reader.
 */

/* --strict: is the report that begins one that has notes? */
static bool
is_refused(struct job *job)
{
	size_t i = job->report++;

	return job->strict && i < job->nfound && job->found[i];
}

static void
on_begin(void *context, const struct aggregate_report *report)
{
	struct job *job = context;

	if (job->dry) {
		*ARENA_PUSH(job->memory, job->found, job->nfound) = 0;
		return;
	}
	job->counted = !is_refused(job);
	if (job_doubts(job, report))
		job->counted = false;
	if (!job->counted)
		return;
	job->repeat = tally_begin(job->tally, job_told(job, report), job->name);
	if (job->form == JOB_JSON)
		job_row_report(job, report);
	if (job->repeat.overlap)
		job_note(job, "overlap", report->line, 0,
		    SPAN("the period overlaps that of another report"));
}

static void
on_record(void *context, const struct aggregate_report *report,
    const struct aggregate_record *record)
{
	struct job *job = context;

	if (job->dry || !job->counted)
		return;
	tally_record(job->tally, job_told(job, report), record);
	if (job->form == JOB_JSON)
		job_row_record(job, record);
}

static void
on_note(void *context, const struct aggregate_report *report,
    enum aggregate_note note, uint64_t line, uint64_t records,
    struct span words)
{
	struct job *job = context;

	(void)report;
	if (job->dry) {
		if (job->nfound)
			job->found[job->nfound - 1] |= AGGREGATE_BIT(note);
		return;
	}
	job_note(job, aggregate_note_id(note), line, records, words);
}

static void
on_refused(void *context, const struct aggregate_report *report,
    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
    struct span words)
{
	(void)report;
	refuse(context, aggregate_refusal_id(refusal), line, records, words);
}

/* Notes that tell of mended XML. */
#define MENDED                                         \
	(AGGREGATE_BIT(AGGREGATE_UNCLOSED_TAG) |       \
	    AGGREGATE_BIT(AGGREGATE_STRAY_MARKUP) |    \
	    AGGREGATE_BIT(AGGREGATE_BAD_UTF8) |        \
	    AGGREGATE_BIT(AGGREGATE_BAD_DECLARATION) | \
	    AGGREGATE_BIT(AGGREGATE_BAD_ENTITY) |      \
	    AGGREGATE_BIT(AGGREGATE_CUT_OFF))

static void
show_report(struct job *job, const struct aggregate_report *report)
{
	const struct aggregate_metadata *m = &report->metadata;
	struct screen_text t = SCREEN_TEXT(job->memory);

	screen_add(&t, SCREEN_PLAIN, tally_reporter(m));
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN, report->policy.domain);
	screen_str(&t, SCREEN_PLAIN, ", ");
	screen_add(&t, SCREEN_PLAIN,
	    show_day(m->has_begin ? tally_day_of(m->begin) : TALLY_NO_DAY,
		job->memory));
	screen_str(&t, SCREEN_PLAIN, ", id ");
	screen_add(&t, SCREEN_PLAIN, m->report_id);
	progress_hide(&job->progress);
	screen_str(&t, SCREEN_PLAIN, m->generator.p ? ", by " : "");
	screen_add(&t, SCREEN_PLAIN, m->generator);
	screen_put(&job->out, &t);
}

static void
note_duplicate(struct job *job, const struct aggregate_report *report)
{
	struct span first = job->repeat.first; /* known with -v */

	job_note(job, job->repeat.differs ? "duplicate-differs" : "duplicate",
	    report->line, report->records - report->refused,
	    ARENA_JOIN(job->memory, SPAN("the same report was read before"),
		span_of(first.p ? ", in " : ""), first));
}

/* --strict. The report and its records are counted as refused. */
static void
refuse_report(struct job *job, const struct aggregate_report *report)
{
	uint64_t records = report->records - report->refused;

	job->input.refused += records != 0; /* else refuse() counts it */
	refuse(job, "strict", report->line, records,
	    SPAN("the report has a note, and --strict is given"));
}

static void
on_end(void *context, const struct aggregate_report *report)
{
	struct job *job = context;

	if (job->dry)
		return;
	if (job->doubt != AUTHENTIC_OK) {
		job_tell_doubt(job, report);
		return;
	}
	if (!job->counted) {
		refuse_report(job, report);
		return;
	}
	job->input.noted += report->notes != 0;
	job->input.mended += (report->notes & MENDED) != 0;
	job->repeat = tally_end(job->tally, job_told(job, report));
	if (job->repeat.duplicate)
		note_duplicate(job, report);
	if (job->verbose && job->form == JOB_SCREEN)
		show_report(job, job_told(job, report));
}

/* -d: is the message that failed one of the domain? */
static bool
is_selected(const struct job *job, const struct failure *failure)
{
	return span_empty(job->options.domain) ||
	    domain_within(failure->reported_domain, job->options.domain);
}

static void
on_failure(void *context, const struct failure *failure)
{
	struct job *job = context;

	if (job->dry || !is_selected(job, failure))
		return;
	if (job_doubts(job, NULL)) {
		job_tell_doubt(job, NULL);
		return;
	}
	failures_add(&job->failures, failure, job->memory);
	if (job->form == JOB_JSON)
		job_row_failure(job, failure);
}

static void
on_input_note(void *context, const struct reader_problem *p)
{
	struct job *job = context;

	if (job->dry)
		return;
	job_note(job, p->id, p->line, 0, p->words);
}

static void
on_input_refused(void *context, const struct reader_problem *p)
{
	refuse(context, p->id, p->line, 0, p->words);
}

static void
on_skipped(void *context, enum reader_skipped why)
{
	struct job *job = context;

	if (job->dry)
		return;
	job->input.mails += why == READER_SKIPPED_MAIL;
	job->input.tls += why == READER_SKIPPED_TLS_REPORT;
	job->input.unreadable += why == READER_SKIPPED_UNREADABLE;
}

static const struct reader_handler handler = {
    .aggregate = {on_begin, on_record, on_note, on_refused, on_end},
    .failure = on_failure,
    .note = on_input_note,
    .refused = on_input_refused,
    .skipped = on_skipped};

/*
 * The operands.
 */

static void
visit_failed(struct input_visitor *v, struct span where, struct span name,
    const char *why)
{
	struct job *job = (struct job *)v;

	arena_reset(job->memory);
	job->name = name;
	if (job->form == JOB_JSON)
		job_row_refused(job, "unreadable", 0, 0, span_of(why));
	progress_hide(&job->progress);
	warn(SPAN_FMT "%s" SPAN_FMT ": %s", SPAN_ARG(where),
	    where.p ? ": " : "", SPAN_ARG(name), why);
	job_fail(job, EX_NOINPUT);
}

static void
visit_empty(struct input_visitor *v, struct span folder)
{
	(void)v;
	warn(SPAN_FMT ": no messages in this folder", SPAN_ARG(folder));
}

/* Reads what was read before once more. Returns 0, or -1 with errno. */
static int
read_again(struct job *job, const struct source *source)
{
	struct sink *sink = reader_begin(job->reader, job->name);
	char *room = arena_alloc(job->memory, SOURCE_CHUNK);
	off_t at = 0;
	ssize_t n;

	while ((n = source_reread(source, at, room, SOURCE_CHUNK)) > 0) {
		sink_put(sink, (struct span){room, (size_t)n});
		at += n;
	}
	sink_end(sink);
	return n < 0 ? -1 : 0;
}

/* Reads a source that can be read again twice: first only to find the reports
 * that have notes. A range of a file is read without moving its offset. */
static int
read_strictly(struct job *job, struct source *source)
{
	struct source range = *source;
	int rc;

	job->found = NULL;
	job->nfound = job->report = 0;
	job->dry = true;
	rc = reader_read(job->reader, job->name, source);
	job->dry = false;
	if (rc < 0)
		return -1;
	return source->is_range ? reader_read(job->reader, job->name, &range)
				: read_again(job, source);
}

/* Reads a source that, with --strict or --authentic, can be read again. */
static int
read_source(struct job *job, struct source *source)
{
	if (job->authentic)
		authentic_begin(job->authentic, source);
	return job->strict ? read_strictly(job, source)
			   : reader_read(job->reader, job->name, source);
}

/* The same for a pipe, which is copied to a file. */
static int
read_pipe(struct job *job, const struct source *pipe)
{
	struct source source;
	int copy = spool_to_file(pipe->fd, pipe->ahead), rc;

	if (copy < 0)
		die(EX_IOERR, "cannot copy the input: %s", strerror(errno));
	rc = source_init(&source, copy);
	if (rc == 0)
		rc = read_source(job, &source);
	close(copy);
	return rc;
}

static void
visit_message(struct input_visitor *v, struct span operand, struct span name,
    bool named, struct source *source)
{
	struct job *job = (struct job *)v;
	bool once = !job->strict && !job->authentic;
	int rc;

	(void)operand;
	(void)named;
	arena_reset(job->memory);
	job->name = name;
	progress_show(&job->progress, job->input.inputs++);
	rc = once || source->can_reread || source->is_range
	    ? read_source(job, source)
	    : read_pipe(job, source);
	if (reader_error(job->reader))
		die(EX_IOERR, "cannot use a temporary file: %s",
		    strerror(reader_error(job->reader)));
	if (rc < 0)
		job_fail(job, EX_NOINPUT);
	if (ferror(stdout))
		cli_close_stdout(); /* ends the program (74) */
}

static int
compare_operands(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
job_read(struct job *job, const struct input *in)
{
	size_t n = 0;

	while (in->operand[n])
		n++;
	qsort(in->operand, n, sizeof(*in->operand), compare_operands);
	job->visitor = (struct input_visitor){.message = visit_message,
	    .failed = visit_failed,
	    .empty = visit_empty};
	job->row = BUF(job->arena);
	job->row_report = BUF(job->arena);
	job->tally = tally_new(&job->options);
	job->reader =
	    reader_new(&handler, job, job->max_size, job->options.now);
	progress_begin(&job->progress, &job->err);
	input_walk(in, &job->visitor, job->arena);
	progress_hide(&job->progress);
	reader_free(job->reader);
	arena_reset(job->memory);
	if (tally_input(job->tally).overflow) {
		warn("over %llu messages: the others are not counted",
		    (unsigned long long)INT64_MAX);
		job_fail(job, EX_DATAERR);
	}
}
