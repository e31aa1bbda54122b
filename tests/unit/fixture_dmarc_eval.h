/* fixture_dmarc_eval: verdicts as text. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_DMARC_EVAL_H
#define FIXTURE_DMARC_EVAL_H

#include "fixture_dmarc.h"

#define MOST 4

/*
 * A verdict with a zone. The identifiers are words, MECHANISM=RESULT:DOMAIN,
 * "dkim-i" for one from header.i, "dkim-u" for one whose algorithm this host
 * forbids. Expected are the reason's identifier, the policy and the disposition
 * in three columns:
 *	pass reject none
 */
struct eval_case {
	const char *author, *identifiers;
	const char *expect;
};

static inline struct dmarc_identifier
identifier_of(struct span word)
{
	struct span mechanism = span_cut(&word, '=');
	struct span code = span_cut(&word, ':');
	struct dmarc_identifier id = {.mechanism = DMARC_DKIM, .domain = word};

	if (span_eq(mechanism, SPAN("spf")))
		id.mechanism = DMARC_SPF;
	id.from_auid = span_eq(mechanism, SPAN("dkim-i"));
	id.is_unchecked = span_eq(mechanism, SPAN("dkim-u"));
	assert_true(result_parse(code, &id.code));
	return id;
}

static inline size_t
identifiers_of(const char *words, struct dmarc_identifier list[static MOST])
{
	struct span rest = span_of(words);
	size_t n = 0;

	while (rest.len) {
		assert_true(n < MOST);
		list[n++] = identifier_of(span_cut(&rest, ' '));
	}
	return n;
}

static inline struct span
summary(const struct dmarc_verdict *v, struct arena *a)
{
	const struct result_reason *why = &dmarc_reasons[v->reason];
	bool has_policy = why->code == RESULT_PASS || why->code == RESULT_FAIL;
	struct buf b = BUF(a);

	buf_str(&b, why->id ? why->id : result_name(why->code));
	if (v->detail.p)
		buf_printf(&b, " " SPAN_FMT, SPAN_ARG(v->detail));
	if (!has_policy) {
		assert_int_equal(v->policy, DMARC_POLICY_NONE);
		assert_int_equal(v->disposition, DMARC_POLICY_NONE);
		return buf_span(&b);
	}
	buf_printf(&b, " %s=%s %s", v->tag, dmarc_policy_name(v->policy),
	    dmarc_policy_name(v->disposition));
	buf_printf(&b, "%s%s", v->lowered ? " lowered" : "",
	    v->sampled_out ? " out" : "");
	return buf_span(&b);
}

static inline void
check_one(struct world *w, const struct eval_case *c, unsigned sample)
{
	struct dmarc_identifier list[MOST];
	size_t n = identifiers_of(c->identifiers, list);
	struct dmarc_verdict v;

	dmarc_eval(&w->method, span_of(c->author), list, n, sample, &v);
	assert_true(span_eq(v.author, span_of(c->author)));
	same(arena_printf(w->arena, "%s: %s", c->author, c->identifiers).p,
	    summary(&v, w->arena), c->expect);
}

static inline void
check(struct world *w, const struct eval_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_one(w, &c[i], 50);
}

static inline void
check_zone(const char *zone, const struct eval_case *c, size_t n)
{
	struct world w = world_new(zone);

	check(&w, c, n);
	world_free(&w);
}

#endif
