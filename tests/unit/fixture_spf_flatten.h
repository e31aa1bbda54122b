/* fixture_spf_flatten: flattened records as text. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_SPF_FLATTEN_H
#define FIXTURE_SPF_FLATTEN_H

#include "base/buf.h"
#include "fixture_zone.h"
#include "base/limit.h"
#include "lint/spf_lint.h"
#include "spf/spf_flatten.h"

/* Returns the lines, each with a newline, or "identifier: detail". */
static inline struct span
flattened(struct span domain, struct span record, struct dns *d,
    struct arena *a, enum spf_reason *reason)
{
	struct buf b = BUF(a);
	struct span *lines, detail = SPAN_NONE;
	size_t nlines = 0;

	*reason = spf_flatten(domain, record, d, a, &lines, &nlines, &detail);
	if (*reason != SPF_PASS) {
		buf_printf(&b, "%s: ", spf_reasons[*reason].id);
		buf_add(&b, detail);
	}
	for (size_t i = 0; i < nlines; i++) {
		buf_add(&b, lines[i]);
		buf_char(&b, '\n');
	}
	return buf_span(&b);
}

/* Returns the number of lines; asserts that each is within the limits of a
 * record. */
static inline size_t
count_lines(struct span said, struct arena *a)
{
	struct dns *d = dns_of(said, a);
	size_t lines = 0;

	while (said.len) {
		struct span line = span_cut(&said, '\n');
		const struct dns_answer *answer =
		    dns_query(d, span_cut(&line, ' '), DNS_TXT);

		assert_int_equal(answer->nrecords, 1);
		assert_true(answer->records[0].data.len <= LIMIT_SPF_RECORD);
		lines++;
	}
	dns_free(d);
	return lines;
}

#endif
