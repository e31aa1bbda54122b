/* fixture_answer: what a zone or an answer contains, as text. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_ANSWER_H
#define FIXTURE_ANSWER_H

#include "unit.h"

#include "base/buf.h"
#include "dns/dns_internal.h"

/* Returns what a zone has for a name: "data|a. IN A 192.0.2.1|RECORD" or "no
 * such name". */
static inline struct span
said_by(const struct dns_zone *z, const char *name, enum dns_type type,
    struct arena *a)
{
	struct dns_reply reply;
	struct buf b = BUF(a);
	struct span canonical;

	dns_name_raw(span_of(name), a, &canonical);
	dns_zone_lookup(z, canonical, type, a, &reply);
	buf_str(&b, dns_status_words(reply.status));
	for (size_t i = 0; i < reply.nrecords; i++) {
		buf_char(&b, '|');
		buf_add(&b, dns_rr_text(&reply.records[i], a));
	}
	return buf_span(&b);
}

/* Returns an answer as "data>CANONICAL|RECORD|RECORD". */
static inline struct span
text_of(const struct dns_answer *answer, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, dns_status_words(answer->status));
	if (!span_eq(answer->canonical, answer->name)) {
		buf_char(&b, '>');
		buf_add(&b, answer->canonical);
	}
	for (size_t i = 0; i < answer->nrecords; i++) {
		buf_char(&b, '|');
		buf_add(&b, dns_rr_text(&answer->records[i], a));
	}
	return buf_span(&b);
}

static inline void
expect(struct dns *d, const char *name, enum dns_type type, const char *text)
{
	struct arena *a = arena_new();
	struct span said = text_of(dns_query(d, span_of(name), type), a);

	if (!span_eq(said, span_of(text)))
		fail_msg("%s %d: " SPAN_FMT ", not %s", name, (int)type,
		    SPAN_ARG(said), text);
	arena_free(a);
}

struct question {
	const char *name;
	enum dns_type type;
	const char *expect;
};

static inline void
check(struct dns *d, const struct question *q, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect(d, q[i].name, q[i].type, q[i].expect);
}

#endif
