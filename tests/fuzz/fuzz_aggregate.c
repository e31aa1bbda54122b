/* fuzz_aggregate: reads an aggregate report, whole and in small pieces. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>

#include "fuzz.h"
#include "report/aggregate_internal.h"

struct sums {
	uint64_t read, messages, refused, notes;
};

/* What is told must be texts, and consistent. */
static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
on_record(void *context, const struct aggregate_report *report,
    const struct aggregate_record *r)
{
	struct sums *sums = context;

	check(report->records > 0 && r->count <= LIMIT_REPORT_COUNT);
	check(r->ndkim <= LIMIT_REPORT_RESULTS && r->line > 0);
	sums->read++;
	sums->messages += r->count;
}

static void
on_note(void *context, const struct aggregate_report *report,
    enum aggregate_note note, uint64_t line, uint64_t records,
    struct span words)
{
	struct sums *sums = context;

	check((report->notes & AGGREGATE_BIT(note)) && words.len > 0);
	check(line > 0 && records <= report->records);
	sums->notes++;
}

static void
on_refused(void *context, const struct aggregate_report *report,
    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
    struct span words)
{
	struct sums *sums = context;

	(void)report;
	check(aggregate_refusal_id(refusal) && line > 0 && words.len > 0);
	sums->refused += records;
}

static const struct aggregate_handler handler = {
    .record = on_record, .note = on_note, .refused = on_refused};

static struct sums
read_pieces(struct span s, size_t piece)
{
	static struct aggregate *a;
	static struct sums sums;

	if (!a)
		a = aggregate_new(&handler, &sums, 1793600000);
	sums = (struct sums){0};
	a->chunk = piece;
	for (; s.len > piece; s = span_from(s, piece))
		aggregate_put(a, s.p, piece);
	aggregate_put(a, s.p, s.len);
	aggregate_end(a);
	return sums;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = fuzz_span(data, size);
	struct sums whole = read_pieces(s, 65536), pieces = read_pieces(s, 7);

	check(whole.read == pieces.read && whole.notes == pieces.notes);
	check(whole.messages == pieces.messages);
	check(whole.refused == pieces.refused);
	return 0;
}
