/* fixture_aggregate: reports in pieces of text, and what is told of them. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_AGGREGATE_H
#define FIXTURE_AGGREGATE_H

#include "fixture_arena.h"

#include <inttypes.h>

#include "report/aggregate_internal.h"

/* A report whose first record is in line 5. */
#define DECLARATION "<?xml version=\"1.0\"?>\n"
#define META                                                         \
	"<report_metadata><org_name>example.net</org_name>"          \
	"<email>d@example.net</email><report_id>1</report_id>"       \
	"<date_range><begin>1793491200</begin><end>1793577599</end>" \
	"</date_range></report_metadata>\n"
#define POLICY                                                      \
	"<policy_published><domain>example.org</domain><p>none</p>" \
	"</policy_published>\n"
#define START "<feedback>\n"
#define STOP  "</feedback>\n"
#define HEAD  DECLARATION START META POLICY
#define IP    "<source_ip>192.0.2.1</source_ip>"
#define N(n)  "<count>" n "</count>"
#define EVAL                                                \
	"<policy_evaluated><disposition>none</disposition>" \
	"<dkim>pass</dkim><spf>fail</spf></policy_evaluated>"
#define ROW(x) "<row>" x "</row>"
#define FROM   "<header_from>example.org</header_from>"
#define IDS    "<identifiers>" FROM "</identifiers>"
#define SIGNED                                                     \
	"<dkim><domain>example.org</domain><selector>s</selector>" \
	"<result>pass</result></dkim>"
#define MAILED  "<spf><domain>example.com</domain><result>pass</result></spf>"
#define AUTH    "<auth_results>" SIGNED MAILED "</auth_results>"
#define REC(x)  "<record>" x "</record>\n"
#define GOOD(n) REC(ROW(IP N(n) EVAL) IDS AUTH)

/* What was told, a line for each call, and sums. */
struct told {
	struct arena *arena;
	struct buf log;
	uint64_t read, messages, refused, reports, ended;
	aggregate_notes notes; /* of all reports */
	bool is_brief;         /* no log of records */
};

static inline void
log_text(struct told *t, struct span s)
{
	buf_char(&t->log, ' ');
	if (!s.p)
		buf_char(&t->log, '-');
	else
		buf_escaped(&t->log, s);
}

static inline void
log_time(struct told *t, bool has, int64_t time)
{
	if (has)
		buf_printf(&t->log, " %" PRId64, time);
	else
		buf_str(&t->log, " -");
}

static inline void
log_begin(void *context, const struct aggregate_report *r)
{
	struct told *t = context;
	const struct aggregate_metadata *m = &r->metadata;

	t->reports++;
	buf_str(&t->log, "report");
	log_text(t, m->org_name);
	log_text(t, m->report_id);
	log_text(t, r->policy.domain);
	log_text(t, r->policy.p);
	log_time(t, m->has_begin, m->begin);
	log_time(t, m->has_end, m->end);
	buf_char(&t->log, '\n');
}

static inline void
log_results(struct told *t, const struct aggregate_record *r)
{
	for (size_t i = 0; i < r->nreasons; i++) {
		buf_str(&t->log, ", reason");
		log_text(t, r->reasons[i].type);
		log_text(t, r->reasons[i].comment);
	}
	for (size_t i = 0; i < r->ndkim; i++) {
		buf_str(&t->log, ", dkim");
		log_text(t, r->dkim_results[i].domain);
		log_text(t, r->dkim_results[i].selector);
		log_text(t, r->dkim_results[i].result);
	}
	for (size_t i = 0; i < r->nspf; i++) {
		buf_str(&t->log, ", spf");
		log_text(t, r->spf_results[i].domain);
		log_text(t, r->spf_results[i].scope);
		log_text(t, r->spf_results[i].result);
	}
}

static inline void
log_notes(struct told *t, aggregate_notes notes)
{
	for (size_t i = 0; i < AGGREGATE_NOTE_COUNT; i++)
		if (notes & AGGREGATE_BIT(i))
			buf_printf(&t->log, " !%s",
			    aggregate_note_id((enum aggregate_note)i));
}

static inline void
log_record(void *context, const struct aggregate_report *report,
    const struct aggregate_record *r)
{
	struct told *t = context;

	assert_int_equal(report->index + 1, t->reports);
	t->read++;
	t->messages += r->count;
	if (t->is_brief)
		return;
	buf_printf(&t->log, "record %" PRIu64, r->line);
	log_text(t, r->source_ip);
	buf_printf(&t->log, "%s %" PRIu64, r->has_ip ? "" : "?", r->count);
	log_text(t, r->disposition);
	log_text(t, r->dkim);
	log_text(t, r->spf);
	log_text(t, r->header_from);
	log_text(t, r->envelope_from);
	log_results(t, r);
	log_notes(t, r->notes);
	buf_char(&t->log, '\n');
}

static inline void
log_note(void *context, const struct aggregate_report *r,
    enum aggregate_note note, uint64_t line, uint64_t records,
    struct span words)
{
	struct told *t = context;

	assert_int_not_equal(r->notes & AGGREGATE_BIT(note), 0);
	assert_int_not_equal(words.len, 0);
	t->notes |= AGGREGATE_BIT(note);
	buf_printf(&t->log, "note %" PRIu64 " %s %" PRIu64 "\n", line,
	    aggregate_note_id(note), records);
}

static inline void
log_refused(void *context, const struct aggregate_report *r,
    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
    struct span words)
{
	struct told *t = context;

	(void)r;
	assert_int_not_equal(words.len, 0);
	t->refused += records;
	buf_printf(&t->log, "refused %" PRIu64 " %s %" PRIu64 "\n", line,
	    aggregate_refusal_id(refusal), records);
}

static inline void
log_end(void *context, const struct aggregate_report *r)
{
	struct told *t = context;

	t->ended++;
	assert_int_equal(r->index + 1, t->ended);
}

static const struct aggregate_handler log_handler = {
    log_begin, log_record, log_note, log_refused, log_end};

/* Reads a stream in pieces of some size, which are passed to expat at once; 0:
 * whole. */
static inline struct told
read_pieces(struct span s, size_t piece, struct arena *arena)
{
	struct told t = {.arena = arena, .log = BUF(arena)};
	struct aggregate *a = aggregate_new(&log_handler, &t, 1793600000);
	size_t reports;

	if (piece)
		a->chunk = piece;
	while (piece && s.len > piece) {
		aggregate_put(a, s.p, piece);
		s = span_from(s, piece);
	}
	aggregate_put(a, s.p, s.len);
	reports = aggregate_end(a);
	assert_int_equal(reports, t.reports);
	assert_int_equal(t.ended, t.reports);
	aggregate_free(a);
	return t;
}

static inline struct told
read_report(struct span s, struct arena *arena)
{
	return read_pieces(s, 0, arena);
}

/* A stream, and what is told of it. */
struct reading {
	const char *what;
	struct span xml;
	const char *told;
};

static inline void
check_readings(const struct reading *list, size_t n, struct arena *arena)
{
	struct buf differs = BUF(arena);

	for (size_t i = 0; i < n; i++) {
		struct told t = read_report(list[i].xml, arena);
		struct span log = buf_span(&t.log);

		if (!span_eq(log, span_of(list[i].told)))
			buf_printf(&differs, "%s:\n" SPAN_FMT "not\n%s\n",
			    list[i].what, SPAN_ARG(log), list[i].told);
	}
	if (differs.len)
		fail_msg(SPAN_FMT, SPAN_ARG(buf_span(&differs)));
}

/* What is told of HEAD and of GOOD. */
#define TOLD_HEAD \
	"report example.net 1 example.org none 1793491200 1793577599\n"
#define TOLD_REC(line, n)                                                \
	"record " line " 192.0.2.1 " n " none pass fail example.org -, " \
	"dkim example.org s pass, spf example.com - pass"
#define TOLD_GOOD(line, n) TOLD_REC(line, n) "\n"

#endif
