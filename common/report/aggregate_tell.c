/* aggregate_tell: what the handler is told. */
/* SPDX-License-Identifier: ISC */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/domain.h"
#include "report/aggregate_internal.h"

#define ID(name, id) id,

static const char *const note_ids[] = {AGGREGATE_NOTES(ID)};
static const char *const refusal_ids[] = {AGGREGATE_REFUSALS(ID)};

const char *
aggregate_note_id(enum aggregate_note note)
{
	return note_ids[note];
}

const char *
aggregate_refusal_id(enum aggregate_refusal refusal)
{
	return refusal_ids[refusal];
}

const char *
aggregate_quoted(struct aggregate *a, struct span text)
{
	struct buf b = BUF(a->words_arena);

	arena_reset(a->words_arena);
	buf_short(&b, text, LIMIT_SHOWN_PIECE);
	return arena_cstr(a->words_arena, buf_span(&b));
}

static __attribute__((format(printf, 2, 0))) size_t
write_words(char *words, const char *format, va_list list)
{
	int n = vsnprintf(words, NOTE_WORDS, format, list);

	if (n < 0)
		return 0;
	return n < NOTE_WORDS ? (size_t)n : NOTE_WORDS - 1;
}

/* The words of the first place are kept. */
static __attribute__((format(printf, 4, 0))) void
keep_words(struct aggregate *a, enum aggregate_note note, uint64_t line,
    const char *format, va_list list)
{
	struct pending_note *p = &a->notes[note];

	if (p->len)
		return;
	p->line = line;
	p->record = a->report.records;
	p->len = write_words(p->words, format, list);
}

void
aggregate_note_report(
    struct aggregate *a, enum aggregate_note note, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	keep_words(a, note, a->line, format, list);
	va_end(list);
	a->report.notes |= AGGREGATE_BIT(note);
}

void
aggregate_note_record(
    struct aggregate *a, enum aggregate_note note, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	keep_words(a, note, a->record->line, format, list);
	va_end(list);
	a->record->notes |= AGGREGATE_BIT(note);
}

void
aggregate_note_mended(
    struct aggregate *a, enum aggregate_note note, const char *words)
{
	a->mended++;
	aggregate_note_report(a, note, "%s", words);
	if (!a->record)
		return;
	a->record->notes |= AGGREGATE_BIT(note);
	a->record_mended = true;
}

void
aggregate_unnote_record(struct aggregate *a)
{
	aggregate_notes notes = a->record->notes & ~a->report.notes;

	for (struct pending_note *p = a->notes; notes; p++, notes >>= 1)
		if ((notes & 1) && p->record == a->report.records)
			p->len = 0;
}

void
aggregate_spoil(struct aggregate *a, enum aggregate_refusal refusal,
    const char *format, ...)
{
	va_list list;

	if (a->is_bad)
		return;
	a->is_bad = true;
	a->bad = refusal;
	va_start(list, format);
	write_words(a->bad_words, format, list);
	va_end(list);
}

static void
tell_refused(struct aggregate *a, enum aggregate_refusal refusal, uint64_t line,
    uint64_t records, const char *words)
{
	if (a->handler->refused)
		a->handler->refused(a->context,
		    a->report_open &&
			    refusal != AGGREGATE_REFUSED_TOO_MANY_REFUSED
			? &a->report
			: NULL,
		    refusal, line, records, span_of(words));
}

static void
tell_begin(struct aggregate *a)
{
	if (a->begun)
		return;
	a->begun = true;
	if (a->handler->begin)
		a->handler->begin(a->context, &a->report);
}

void
aggregate_refuse(struct aggregate *a, enum aggregate_refusal refusal,
    uint64_t line, uint64_t records, const char *words)
{
	a->report.records += records;
	a->report.refused += records;
	if (a->told == LIMIT_REPORT_REFUSALS) {
		a->untold += records;
		return;
	}
	a->told++;
	if (a->has_metadata && a->has_policy)
		tell_begin(a);
	tell_refused(a, refusal, line, records, words);
}

void
aggregate_stop(
    struct aggregate *a, enum aggregate_refusal refusal, const char *words)
{
	a->stopped = true;
	tell_refused(a, refusal, a->line, 0, words);
}

/* Counts a record's notes for the report. */
static void
count_notes(struct aggregate *a, aggregate_notes notes)
{
	a->report.notes |= notes;
	for (size_t i = 0; notes; i++, notes >>= 1)
		a->notes[i].records += notes & 1;
}

/* What depends on the policy. */
static void
complete(struct aggregate *a)
{
	struct aggregate_record *r = a->record;
	struct span domain = a->report.policy.domain;

	r->notes |= a->report.notes & AGGREGATE_BIT(AGGREGATE_ODD_POLICY);
	if (!r->header_from.p) {
		r->header_from = domain;
		aggregate_note_record(a, AGGREGATE_NO_HEADER_FROM,
		    "without header_from, taken for the policy's domain");
	} else if (domain.p && !span_eq(r->header_from, domain) &&
	    !domain_within(r->header_from, domain)) {
		aggregate_note_record(a, AGGREGATE_OTHER_DOMAIN,
		    "header_from is not within the policy's domain: %s",
		    aggregate_quoted(a, r->header_from));
	}
}

static void
tell_record(struct aggregate *a)
{
	tell_begin(a);
	complete(a);
	if (a->record->notes)
		count_notes(a, a->record->notes);
	if (a->handler->record)
		a->handler->record(a->context, &a->report, a->record);
	a->record = NULL;
}

/* Counts a record that is refused later, with others. */
static void
count_refused(struct aggregate *a, uint64_t *n, uint64_t *line)
{
	if (!(*n)++)
		*line = a->record->line;
	aggregate_unnote_record(a);
	a->record = NULL;
}

void
aggregate_tell_record(struct aggregate *a)
{
	if (a->report.records >= LIMIT_REPORT_RECORDS) {
		count_refused(a, &a->over, &a->over_line);
		return;
	}
	if (a->is_late) {
		count_refused(a, &a->late, &a->late_line);
		return;
	}
	a->report.records++;
	if (a->has_metadata && a->has_policy) {
		tell_record(a);
		return;
	}
	*ARENA_PUSH(a->held_arena, a->held, a->nheld) = a->record;
	a->record = NULL;
}

void
aggregate_tell_held(struct aggregate *a)
{
	for (size_t i = 0; i < a->nheld; i++) {
		a->record = a->held[i];
		a->arena = a->held_arena;
		tell_record(a);
	}
	a->nheld = 0;
	a->held = NULL;
	arena_reset(a->held_arena);
}

static void
tell_notes(struct aggregate *a)
{
	for (size_t i = 0; i < AGGREGATE_NOTE_COUNT; i++) {
		const struct pending_note *n = &a->notes[i];

		if ((a->report.notes & AGGREGATE_BIT(i)) && a->handler->note)
			a->handler->note(a->context, &a->report,
			    (enum aggregate_note)i, n->line, n->records,
			    (struct span){n->words, n->len});
	}
}

/* Records that were only counted. */
static void
refuse_counted(struct aggregate *a)
{
	if (a->late)
		aggregate_refuse(a, AGGREGATE_REFUSED_LATE_METADATA,
		    a->late_line, a->late,
		    "too many records before report_metadata and "
		    "policy_published");
	if (a->over)
		aggregate_refuse(a, AGGREGATE_REFUSED_TOO_LARGE, a->over_line,
		    a->over, "too many records in one report");
	a->late = a->over = 0;
}

void
aggregate_tell_end(struct aggregate *a)
{
	uint64_t line = a->line;

	if (!a->report_open)
		return;
	a->line = a->report.line;
	if (!a->has_metadata || !a->has_policy)
		aggregate_note_report(a, AGGREGATE_ORDER, "no %s",
		    a->has_metadata ? "policy_published" : "report_metadata");
	tell_begin(a);
	aggregate_tell_held(a);
	refuse_counted(a);
	if (!a->report.records && !a->stopped)
		aggregate_note_report(
		    a, AGGREGATE_NO_RECORDS, "the report has no records");
	tell_notes(a);
	if (a->handler->end)
		a->handler->end(a->context, &a->report);
	a->line = line;
	a->report_open = false;
	a->report = (struct aggregate_report){0};
	memset(a->notes, 0, sizeof(a->notes));
}
