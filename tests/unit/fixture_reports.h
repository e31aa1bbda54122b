/* fixture_reports: mails with reports in them, and what is told of them. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_REPORTS_H
#define FIXTURE_REPORTS_H

#include "fixture_aggregate.h"
#include "fixture_pack.h"

#include "../helper/reports.h"
#include "base/base64.h"

/* A report of three messages in one record, and what is told of it after its
 * place. */
#define REPORT HEAD GOOD("3") STOP
#define TOLD \
	"\texample.net\t1\texample.org\tnone\t1793491200\t1793577599\t1\t3\n"

#define CLAIM  "Subject: Report Domain: example.org Submitter: example.net\n"
#define MIXED  "Content-Type: multipart/mixed; boundary=b\n"
#define OPEN   "\n--b\n"
#define CLOSE  "\n--b--\n"
#define GZIP   "Content-Type: application/gzip\n"
#define BASE64 "Content-Transfer-Encoding: base64\n"
#define NAMED                               \
	"Content-Disposition: attachment; " \
	"filename=\"a!example.org!1!2.xml.gz\"\n"

/* Returns base64 in lines of 76, which end in eol. */
static inline struct span
base64_lines(struct span octets, const char *eol, struct arena *a)
{
	struct span text = base64_encode(octets, a);
	struct buf b = BUF(a);

	while (text.len) {
		size_t n = text.len < 76 ? text.len : 76;

		buf_add(&b, span_upto(text, n));
		buf_str(&b, eol);
		text = span_from(text, n);
	}
	return buf_span(&b);
}

/* Returns a mail of a header and one part, with its header, in base64. */
static inline struct span
mail_of(
    const char *header, const char *part, struct span octets, struct arena *a)
{
	return ARENA_JOIN(a, span_of(header), SPAN(MIXED OPEN), span_of(part),
	    SPAN(BASE64 "\n"), base64_lines(octets, "\n", a), SPAN(CLOSE));
}

/* Returns what is told of an input with the name "in", read in pieces of some
 * size by a reader with a limit. */
static inline struct span
told_pieces(struct span input, uint64_t max, size_t piece, struct arena *a)
{
	struct reports t = {.log = BUF(a)};
	struct sink *sink;

	t.reader = reader_new(&reports_handler, &t, max, 0);
	for (int i = 0; i < 2; i++) { /* the same again, with what is kept */
		t.log.len = 0;
		sink = reader_begin(t.reader, SPAN("in"));
		put_pieces(sink, input, piece);
		sink_end(sink);
		assert_false(t.in_report);
	}
	assert_int_equal(reader_error(t.reader), 0);
	reader_free(t.reader);
	return buf_span(&t.log);
}

static inline struct span
told_limit(struct span input, uint64_t max, struct arena *a)
{
	static const size_t pieces[] = {1, 7, 1000};
	struct span whole = told_pieces(input, max, 0, a);

	for (size_t i = 0; i < COUNT(pieces); i++)
		same("in pieces", told_pieces(input, max, pieces[i], a),
		    arena_cstr(a, whole));
	return whole;
}

/* The same with the usual limit, however the input is split. */
static inline struct span
told_of(struct span input, struct arena *a)
{
	return told_limit(input, LIMIT_UNPACK_SIZE, a);
}

#endif
