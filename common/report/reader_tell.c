/* reader_tell: what the handler is told. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "report/reader_internal.h"

void
reader_found_report(struct reader *r)
{
	for (unsigned i = 0; i < r->nstreams; i++) {
		r->streams[i]->has_report = true;
		r->streams[i]->found->report = true;
	}
}

void
reader_skip(struct reader *r, enum reader_skipped why)
{
	if (r->handler->skipped)
		r->handler->skipped(r->context, why);
}

void
reader_note(struct reader *r, const struct reader_problem *problem)
{
	if (r->handler->note)
		r->handler->note(r->context, problem);
}

void
reader_refuse_now(struct reader_stream *s, const struct reader_problem *problem)
{
	struct reader *r = s->of;

	s->found->refused = true;
	s->damaged = true;
	if (r->handler->refused)
		r->handler->refused(r->context, problem);
}

void
reader_refuse(
    struct reader_stream *s, const struct reader_problem *problem, bool weak)
{
	s->damaged = true;
	if (weak) {
		if (!s->found->candidate.problem.id)
			reader_keep(s->of, &s->found->candidate, problem);
	} else if (s->claims || s->has_report) {
		reader_refuse_now(s, problem);
	} else {
		s->found->unreadable = true;
	}
}

/* Copies as much as there is room for. */
static void
keep(struct span *s, char *room, size_t size)
{
	if (!s->p)
		return;
	s->len = s->len < size ? s->len : size;
	memcpy(room, s->p, s->len);
	s->p = room;
}

void
reader_keep(struct reader *r, struct reader_kept *kept,
    const struct reader_problem *problem)
{
	kept->problem = *problem;
	kept->place = r->place;
	keep(&kept->problem.words, kept->words, sizeof(kept->words));
	keep(&kept->place.member, kept->member, sizeof(kept->member));
	keep(&kept->place.name, kept->name, sizeof(kept->name));
}

void
reader_refuse_kept(struct reader_stream *s, struct reader_kept *kept)
{
	struct reader *r = s->of;
	struct reader_place place = r->place;

	r->place = kept->place;
	reader_refuse(s, &kept->problem, false);
	r->place = place;
	kept->problem.id = NULL;
}

/*
 * What the reader of aggregate reports tells, of the innermost stream.
 */

static struct reader_stream *
innermost(const struct reader *r)
{
	return r->streams[r->nstreams - 1];
}

/* The archives that a report came out of, and are cut off. */
static void
note_cut_off(struct reader *r)
{
	for (unsigned i = 0; i < r->nstreams; i++) {
		struct reader_kept *pending = &r->streams[i]->pending;

		if (!pending->problem.id)
			continue;
		pending->problem.id = aggregate_note_id(AGGREGATE_CUT_OFF);
		reader_note(r, &pending->problem);
		pending->problem.id = NULL;
	}
}

static void
on_begin(void *context, const struct aggregate_report *report)
{
	struct reader *r = context;

	if (r->rehearsing)
		return;
	note_cut_off(r);
	reader_found_report(r);
	if (r->handler->aggregate.begin)
		r->handler->aggregate.begin(r->context, report);
}

static void
on_record(void *context, const struct aggregate_report *report,
    const struct aggregate_record *record)
{
	const struct reader *r = context;

	if (!r->rehearsing && r->handler->aggregate.record)
		r->handler->aggregate.record(r->context, report, record);
}

static void
on_note(void *context, const struct aggregate_report *report,
    enum aggregate_note note, uint64_t line, uint64_t records,
    struct span words)
{
	struct reader *r = context;

	if (r->rehearsing) {
		r->mended |= note <= AGGREGATE_TRAILING_OCTETS &&
		    note != AGGREGATE_CUT_OFF;
		return;
	}
	if (note == AGGREGATE_CUT_OFF)
		innermost(r)->damaged = true;
	if (r->handler->aggregate.note)
		r->handler->aggregate.note(
		    r->context, report, note, line, records, words);
}

/* XML in a mail need not be a report, but in an archive that claims it. */
static void
on_refused(void *context, const struct aggregate_report *report,
    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
    struct span words)
{
	struct reader *r = context;
	struct reader_stream *s = innermost(r);

	if (r->rehearsing)
		return;
	if (!report && !records) {
		struct reader_problem problem = {
		    .id = aggregate_refusal_id(refusal),
		    .words = words,
		    .line = line,
		};

		reader_refuse(s, &problem,
		    !s->claims_itself && !(s->is_packed && s->claims));
		return;
	}
	s->damaged = true;
	s->found->refused = true;
	if (r->handler->aggregate.refused)
		r->handler->aggregate.refused(
		    r->context, report, refusal, line, records, words);
}

static void
on_end(void *context, const struct aggregate_report *report)
{
	const struct reader *r = context;

	if (!r->rehearsing && r->handler->aggregate.end)
		r->handler->aggregate.end(r->context, report);
}

const struct aggregate_handler reader_aggregate = {
    on_begin, on_record, on_note, on_refused, on_end};
