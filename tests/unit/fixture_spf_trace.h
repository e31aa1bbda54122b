/* fixture_spf_trace: an invented evaluation, event by event. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_SPF_TRACE_H
#define FIXTURE_SPF_TRACE_H

#include "unit.h"

#include "base/buf.h"
#include "base/limit.h"
#include "spf/spf_trace.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

struct play {
	struct spf_trace trace;
	struct spf_policy policy;
	struct spf_verdict verdict;
	struct arena *arena;
};

static inline int
setup(void **state)
{
	struct play *p = calloc(1, sizeof(*p));

	p->arena = arena_new();
	p->policy = (struct spf_policy){
	    .lookup_limit = LIMIT_SPF_LOOKUPS,
	    .void_limit = LIMIT_SPF_VOIDS,
	    .explore = LIMIT_SPF_TREE,
	};
	spf_trace_init(&p->trace, p->arena);
	*state = p;
	return 0;
}

static inline int
teardown(void **state)
{
	struct play *p = *state;

	arena_free(p->arena);
	free(p);
	return 0;
}

/*
 * Events.
 */

static inline void
enter(struct play *p, const char *domain)
{
	p->trace.observer.enter(&p->trace.observer, span_of(domain));
}

static inline void
leave(struct play *p, enum spf_reason reason, struct span detail)
{
	p->trace.observer.leave(&p->trace.observer, reason, detail);
}

/* enter and record. */
static inline void
enter_record(struct play *p, const char *domain, const char *text)
{
	struct spf_record *r = ARENA_NEW(p->arena, struct spf_record);
	struct span wrong;

	assert_int_equal(
	    spf_record_parse(span_of(text), p->arena, r, &wrong), SPF_PASS);
	enter(p, domain);
	p->trace.observer.record(&p->trace.observer, r);
}

static inline void
term(struct play *p, size_t i, bool live)
{
	p->trace.observer.term(
	    &p->trace.observer, &p->trace.at->record->terms[i], live);
}

static inline void
target(struct play *p, const char *name)
{
	p->trace.observer.target(&p->trace.observer, span_of(name));
}

static inline void
end(struct play *p, enum spf_match match, unsigned lookups)
{
	p->trace.observer.term_end(&p->trace.observer, match, lookups);
}

/* A whole term that needs no lookup. */
static inline void
plain(struct play *p, size_t i, enum spf_match match)
{
	term(p, i, true);
	end(p, match, 0);
}

static inline struct dns_answer *
answer_status(struct play *p, const char *name, enum dns_type type,
    enum dns_status status)
{
	struct dns_answer *answer = ARENA_NEW(p->arena, struct dns_answer);

	answer->name = span_of(name);
	answer->type = type;
	answer->status = status;
	p->trace.observer.answer(&p->trace.observer, answer);
	return answer;
}

static inline void
add_record(struct play *p, struct dns_answer *answer, struct span data)
{
	struct dns_rr *r;

	r = ARENA_PUSH(p->arena, answer->records, answer->nrecords);
	*r = (struct dns_rr){
	    .owner = answer->name, .type = answer->type, .data = data};
	r->strings = ARENA_NEW(p->arena, struct span);
	r->strings[0] = data;
	r->nstrings = 1;
}

/* Names, texts, or addresses of 4 octets, in one string. */
static inline void
answer_data(struct play *p, const char *name, enum dns_type type,
    const char *const *data, size_t n)
{
	struct dns_answer *answer = answer_status(p, name, type, DNS_DATA);

	for (size_t i = 0; i < n; i++) {
		struct span s = span_of(data[i]);
		struct ip ip;

		if (type == DNS_A || type == DNS_AAAA) {
			assert_true(ip_parse(s, &ip));
			s = (struct span){(char *)ip.octet, 4};
			if (type == DNS_AAAA)
				s.len = 16;
			s = arena_span(p->arena, s);
		}
		add_record(p, answer, s);
	}
}

#define ANSWER(p, name, type, ...)                                           \
	answer_data((p), (name), (type), (const char *const[]){__VA_ARGS__}, \
	    COUNT(((const char *const[]){__VA_ARGS__})))

/*
 * The result.
 */

static inline void
assert_lines(struct play *p, const char *expected)
{
	struct buf b = BUF(p->arena);
	size_t n;
	struct result_line *line = spf_trace_lines(
	    &p->trace, &p->policy, &p->verdict, 98, p->arena, &n);

	for (size_t i = 0; i < n; i++) {
		buf_add(&b, line[i].text);
		buf_char(&b, '\n');
	}
	buf_char(&b, '\0');
	assert_string_equal(b.p, expected);
}

#endif
