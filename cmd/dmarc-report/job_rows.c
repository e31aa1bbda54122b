/* job_rows: -j: an object for each record, note, refusal, failure report. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include "base/jsonline.h"
#include "base/limit.h"

static void
text(struct buf *b, const char *name, struct span s)
{
	jsonline_short(b, name, s, LIMIT_JSON_TEXT);
}

static void
number_if(struct buf *b, const char *name, bool has, int64_t n)
{
	if (has)
		jsonline_number(b, name, n);
	else
		jsonline_null(b, name);
}

/* Begins an object; line is 0 if there is none. */
static struct buf *
begin(struct job *job, const char *type, uint64_t line)
{
	struct buf *b = &job->row;

	b->len = 0;
	jsonline_open(b, NULL, '{');
	jsonline_number(b, "schema", 1);
	jsonline_text(b, "type", span_of(type));
	jsonline_text(b, "file", job->name);
	number_if(b, "line", line > 0, (int64_t)line);
	return b;
}

/* Errors are left to ferror(). */
static void
end(struct job *job)
{
	jsonline_end(&job->row);
	progress_hide(&job->progress);
	fwrite(job->row.p, 1, job->row.len, stdout);
}

/*
 * A record.
 */

static void
add_metadata(struct buf *b, const struct aggregate_metadata *m)
{
	text(b, "org_name", m->org_name);
	text(b, "email", m->email);
	text(b, "extra_contact_info", m->extra_contact_info);
	text(b, "report_id", m->report_id);
	number_if(b, "begin", m->has_begin, m->begin);
	number_if(b, "end", m->has_end, m->end);
	text(b, "generator", m->generator);
}

static void
add_policy(struct buf *b, const struct aggregate_policy *p)
{
	text(b, "domain", p->domain);
	text(b, "discovery_method", p->discovery_method);
	text(b, "p", p->p);
	text(b, "sp", p->sp);
	text(b, "np", p->np);
	text(b, "adkim", p->adkim);
	text(b, "aspf", p->aspf);
	number_if(b, "pct", p->has_pct, p->pct);
	text(b, "fo", p->fo);
	text(b, "testing", p->testing);
}

void
job_row_report(struct job *job, const struct aggregate_report *report)
{
	struct buf *b = &job->row_report;

	b->len = 0;
	add_metadata(b, &report->metadata);
	add_policy(b, &report->policy);
}

static void
add_row(struct buf *b, const struct aggregate_record *r)
{
	const struct aggregate_reason none = {SPAN_NONE, SPAN_NONE};
	const struct aggregate_reason *reason =
	    r->nreasons ? r->reasons : &none;

	text(b, "source_ip", r->source_ip);
	jsonline_number(b, "count", (int64_t)r->count);
	text(b, "disposition", r->disposition);
	text(b, "dkim", r->dkim);
	text(b, "spf", r->spf);
	text(b, "reason_type", reason->type);
	text(b, "reason_comment", reason->comment);
	text(b, "header_from", r->header_from);
	text(b, "envelope_from", r->envelope_from);
	text(b, "envelope_to", r->envelope_to);
}

/* The results that the verdict selects. */
static void
add_selected(struct buf *b, const struct verdict *v)
{
	const struct aggregate_dkim no_dkim = {.domain = SPAN_NONE};
	const struct aggregate_spf no_spf = {.domain = SPAN_NONE};
	const struct aggregate_dkim *dkim =
	    v->dkim_result ? v->dkim_result : &no_dkim;
	const struct aggregate_spf *spf =
	    v->spf_result ? v->spf_result : &no_spf;

	text(b, "dkim_domain", dkim->domain);
	text(b, "dkim_selector", dkim->selector);
	text(b, "dkim_result", dkim->result);
	text(b, "spf_domain", spf->domain);
	text(b, "spf_scope", spf->scope);
	text(b, "spf_result", spf->result);
}

static void
add_reasons(struct buf *b, const struct aggregate_record *r)
{
	jsonline_open(b, "reasons", '[');
	for (size_t i = 0; i < r->nreasons; i++) {
		jsonline_open(b, NULL, '{');
		text(b, "type", r->reasons[i].type);
		text(b, "comment", r->reasons[i].comment);
		jsonline_close(b, '}');
	}
	jsonline_close(b, ']');
}

static void
add_dkim_results(struct buf *b, const struct aggregate_record *r)
{
	jsonline_open(b, "dkim_results", '[');
	for (size_t i = 0; i < r->ndkim; i++) {
		const struct aggregate_dkim *d = &r->dkim_results[i];

		jsonline_open(b, NULL, '{');
		text(b, "domain", d->domain);
		text(b, "selector", d->selector);
		text(b, "result", d->result);
		text(b, "human_result", d->human_result);
		jsonline_close(b, '}');
	}
	jsonline_close(b, ']');
}

static void
add_spf_results(struct buf *b, const struct aggregate_record *r)
{
	jsonline_open(b, "spf_results", '[');
	for (size_t i = 0; i < r->nspf; i++) {
		const struct aggregate_spf *s = &r->spf_results[i];

		jsonline_open(b, NULL, '{');
		text(b, "domain", s->domain);
		text(b, "scope", s->scope);
		text(b, "result", s->result);
		text(b, "human_result", s->human_result);
		jsonline_close(b, '}');
	}
	jsonline_close(b, ']');
}

static void
add_notes(struct buf *b, aggregate_notes notes)
{
	jsonline_open(b, "notes", '[');
	for (unsigned i = 0; i < AGGREGATE_NOTE_COUNT; i++)
		if (notes & AGGREGATE_BIT(i))
			jsonline_text(b, NULL,
			    span_of(aggregate_note_id((enum aggregate_note)i)));
	jsonline_close(b, ']');
}

void
job_row_record(struct job *job, const struct aggregate_record *record)
{
	const struct verdict *verdict = tally_selected(job->tally);
	struct buf *b;

	if (!verdict)
		return;
	b = begin(job, "record", record->line);
	buf_add(b, buf_span(&job->row_report));
	add_row(b, record);
	add_selected(b, verdict);
	add_reasons(b, record);
	add_dkim_results(b, record);
	add_spf_results(b, record);
	add_notes(b, record->notes);
	end(job);
}

/*
 * What else is told.
 */

static void
put_told(struct job *job, const char *type, const char *id, uint64_t line,
    uint64_t records, struct span words)
{
	struct buf *b = begin(job, type, line);

	jsonline_text(b, "id", span_of(id));
	jsonline_number(b, "records", (int64_t)records);
	text(b, "reason", words);
	end(job);
}

void
job_row_note(struct job *job, const char *id, uint64_t line, uint64_t records,
    struct span words)
{
	put_told(job, "note", id, line, records, words);
}

void
job_row_refused(struct job *job, const char *id, uint64_t line,
    uint64_t records, struct span words)
{
	put_told(job, "refused", id, line, records, words);
}

void
job_row_failure(struct job *job, const struct failure *f)
{
	struct buf *b = begin(job, "failure-report", 0);

	text(b, "feedback_type", f->feedback_type);
	text(b, "auth_failure", f->auth_failure);
	text(b, "source_ip", f->source_ip);
	text(b, "reported_domain", f->reported_domain);
	text(b, "dkim_domain", f->dkim_domain);
	text(b, "dkim_selector", f->dkim_selector);
	text(b, "original_mail_from", f->original_mail_from);
	number_if(b, "arrival_date", f->has_arrival, f->arrival_date);
	text(b, "identity_alignment", f->identity_alignment);
	text(b, "delivery_result", f->delivery_result);
	end(job);
}
