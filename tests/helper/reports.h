/* reports: writes what the reader of mails and files tells, and counts it. */
/* SPDX-License-Identifier: ISC */
#ifndef REPORTS_H
#define REPORTS_H

#include <assert.h>
#include <inttypes.h>

#include "base/limit.h"
#include "report/reader.h"

/* Lines of text, one for each call, with tabs between the columns and "-" for
 * what is absent. The first ones are what is told, the last component of the
 * input's name, the number of the part, and the member. */
struct reports {
	struct reader *reader;
	struct buf log;
	bool is_quiet;     /* no log */
	bool no_offsets;   /* in it */
	bool is_too_large; /* something was refused for it */
	bool in_report;    /* between its begin and end */
	uint64_t in_one;   /* messages of a report so far */
	uint64_t reports, records, messages, failures, notes, refused_records,
	    refused, skipped;
};

static inline void
reports_text(struct reports *t, struct span s)
{
	buf_char(&t->log, '\t');
	if (s.p)
		buf_escaped(&t->log, s);
	else
		buf_char(&t->log, '-');
}

static inline void
reports_number(struct reports *t, bool has, int64_t n)
{
	if (has)
		buf_printf(&t->log, "\t%" PRId64, n);
	else
		buf_str(&t->log, "\t-");
}

/* Begins a line; false: nothing is to be written. */
static inline bool
reports_line(struct reports *t, const char *what)
{
	const struct reader_place *p = reader_place(t->reader);
	size_t slash = span_find_last(p->input, '/');

	assert(p->input.p);
	if (t->is_quiet)
		return false;
	buf_str(&t->log, what);
	reports_text(t,
	    slash < p->input.len ? span_from(p->input, slash + 1) : p->input);
	buf_printf(&t->log, "\t%u", p->part);
	reports_text(t, p->member);
	return true;
}

static inline void
reports_begin(void *context, const struct aggregate_report *r)
{
	struct reports *t = context;

	(void)r;
	assert(!t->in_report);
	t->in_report = true;
	t->in_one = 0;
	t->reports++;
}

static inline void
reports_record(void *context, const struct aggregate_report *r,
    const struct aggregate_record *record)
{
	struct reports *t = context;

	(void)r;
	assert(t->in_report);
	t->in_one += record->count;
	t->messages += record->count;
	t->records++;
}

static inline void
reports_aggregate_note(void *context, const struct aggregate_report *r,
    enum aggregate_note note, uint64_t line, uint64_t records,
    struct span words)
{
	struct reports *t = context;

	(void)r;
	(void)records;
	(void)words;
	assert(t->in_report);
	t->notes++;
	if (reports_line(t, "note"))
		buf_printf(&t->log, "\t%s\t%" PRIu64 "\n",
		    aggregate_note_id(note), line);
}

static inline void
reports_aggregate_refused(void *context, const struct aggregate_report *r,
    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
    struct span words)
{
	struct reports *t = context;

	(void)words;
	assert(r || records);
	t->refused_records += records;
	t->refused += !records;
	if (reports_line(t, "records"))
		buf_printf(&t->log, "\t%s\t%" PRIu64 "\t%" PRIu64 "\n",
		    aggregate_refusal_id(refusal), line, records);
}

static inline void
reports_end(void *context, const struct aggregate_report *r)
{
	struct reports *t = context;
	const struct aggregate_metadata *m = &r->metadata;

	assert(t->in_report);
	t->in_report = false;
	if (!reports_line(t, "report"))
		return;
	reports_text(t, m->org_name);
	reports_text(t, m->report_id);
	reports_text(t, r->policy.domain);
	reports_text(t, r->policy.p);
	reports_number(t, m->has_begin, m->begin);
	reports_number(t, m->has_end, m->end);
	buf_printf(&t->log, "\t%" PRIu64 "\t%" PRIu64 "\n",
	    r->records - r->refused, t->in_one);
}

static inline void
reports_failure(void *context, const struct failure *f)
{
	struct reports *t = context;

	assert(!t->in_report);
	t->failures++;
	if (!reports_line(t, "failure"))
		return;
	reports_text(t, f->feedback_type);
	reports_text(t, f->auth_failure);
	reports_text(t, f->source_ip);
	reports_text(t, f->reported_domain);
	reports_text(t, f->dkim_domain);
	reports_text(t, f->dkim_selector);
	reports_text(t, f->original_mail_from);
	reports_number(t, f->has_arrival, f->arrival_date);
	reports_text(t, f->identity_alignment);
	reports_text(t, f->delivery_result);
	buf_printf(&t->log, "\t%" PRIu64 "\n", f->incidents);
}

static inline void
reports_problem(
    struct reports *t, const char *what, const struct reader_problem *p)
{
	assert(!t->in_report && p->id && p->words.len);
	if (!reports_line(t, what))
		return;
	buf_printf(
	    &t->log, "\t%s\t%" PRIu64 "\t%" PRIu64, p->id, p->line, p->offset);
	reports_text(t, p->words);
	buf_char(&t->log, '\n');
}

static inline void
reports_note(void *context, const struct reader_problem *p)
{
	struct reports *t = context;

	t->notes++;
	reports_problem(t, "note", p);
}

static inline void
reports_refused(void *context, const struct reader_problem *p)
{
	struct reports *t = context;

	t->refused++;
	reports_problem(t, "refused", p);
}

static inline void
reports_skipped(void *context, enum reader_skipped why)
{
	static const char *const words[] = {
	    [READER_SKIPPED_MAIL] = "mail",
	    [READER_SKIPPED_TLS_REPORT] = "tls-report",
	    [READER_SKIPPED_UNREADABLE] = "unreadable",
	};
	struct reports *t = context;

	assert(!t->in_report);
	t->skipped++;
	if (reports_line(t, "skipped"))
		buf_printf(&t->log, "\t%s\n", words[why]);
}

static const struct reader_handler reports_handler = {
    {reports_begin, reports_record, reports_aggregate_note,
	reports_aggregate_refused, reports_end},
    reports_failure, reports_note, reports_refused, reports_skipped};

/* Puts octets into a sink in pieces of some size; 0: at once. */
static inline void
put_pieces(struct sink *to, struct span s, size_t piece)
{
	while (s.len) {
		size_t n = piece && piece < s.len ? piece : s.len;

		sink_put(to, span_upto(s, n));
		s = span_from(s, n);
	}
}

#endif
