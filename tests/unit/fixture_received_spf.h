/* fixture_received_spf: envelopes, and Received-SPF fields on one line. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_RECEIVED_SPF_H
#define FIXTURE_RECEIVED_SPF_H

#include "fixture_arena.h"

#include "base/buf.h"
#include "spf/spf.h"

#define HOST SPAN("mx.example.org")

static inline struct envelope
envelope(struct span helo, struct span sender)
{
	struct envelope e = {.has_ip = true, .helo = helo, .sender = sender};

	assert_true(ip_parse(SPAN("192.0.2.1"), &e.ip));
	return e;
}

/* The field on one line, each fold as one blank, without its line end. */
static inline struct span
unfold(struct span field, struct span eol, struct arena *a)
{
	struct buf b = BUF(a);

	while (field.len) {
		size_t n = span_find(field, eol.p[0]);

		buf_add(&b, span_upto(field, n));
		field = span_from(field, n);
		assert_true(span_starts(field, eol));
		field = span_from(field, eol.len);
		if (field.len) {
			assert_int_equal(field.p[0], '\t');
			field = span_from(field, 1);
			buf_char(&b, ' ');
		}
	}
	return buf_span(&b);
}

#endif
