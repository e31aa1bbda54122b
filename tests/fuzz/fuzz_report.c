/* fuzz_report: reads reports in mails and archives. */
/* SPDX-License-Identifier: ISC */

/* What is told does not depend on how the octets are split, but for offsets in
 * gzip that is bad, and how much of an archive that is too large comes out.
 * Nothing is lost silently: of each input something is told. */

#include "fuzz.h"

#include "../helper/reports.h"

#define MAX ((uint64_t)256 << 10)

static struct reports
told_of(struct span input, size_t piece, struct arena *a)
{
	static struct reports t;
	struct sink *sink;

	if (!t.reader)
		t.reader = reader_new(&reports_handler, &t, MAX, 0);
	t = (struct reports){
	    .reader = t.reader, .log = BUF(a), .no_offsets = true};
	sink = reader_begin(t.reader, SPAN("in"));
	put_pieces(sink, input, piece);
	sink_end(sink);
	assert(!t.in_report && !reader_error(t.reader));
	assert(
	    t.reports + t.failures + t.refused + t.refused_records + t.skipped >
	    0);
	return t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct span input = fuzz_span(data, size);
	struct reports whole = told_of(input, 0, a);
	struct reports pieces = told_of(input, size % 7 + 1, a);

	assert(whole.is_too_large == pieces.is_too_large);
	assert(whole.is_too_large ||
	    span_eq(buf_span(&whole.log), buf_span(&pieces.log)));
	return 0;
}
