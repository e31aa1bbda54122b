/* spf_eval: check_host(): finds a record, evaluates its terms in order. */
/* SPDX-License-Identifier: ISC */

#include "spf/spf_internal.h"

#include "base/domain.h"
#include "base/limit.h"

/* Calls the observer, if there is one. */
#define NOTIFY(e, event, ...)                                    \
	do {                                                     \
		struct spf_observer *o_ = (e)->policy->observer; \
		if (o_)                                          \
			o_->event(o_, __VA_ARGS__);              \
	} while (0)

/*
 * Finding the record.
 */

/* Is this domain's record under evaluation already? With the same client and
 * sender it would lead here again, until a limit ended it (RFC 7208 4.6.4). */
static bool
is_loop(const struct spf_frame *f)
{
	for (const struct spf_frame *p = f->parent; p; p = p->parent)
		if (span_eq(p->domain, f->domain))
			return true;
	return false;
}

static enum spf_reason
query_record(struct spf_eval *e, struct span domain, struct span *text)
{
	const struct dns_answer *answer = dns_query(e->dns, domain, DNS_TXT);

	e->questions++;
	NOTIFY(e, answer, answer);
	return spf_record_select(answer, text);
}

/* Sets the frame's record and returns SPF_PASS, or the reason why there is
 * none; *what is the term at fault. */
static enum spf_reason
find_record(struct spf_eval *e, struct spf_frame *f, struct span *what)
{
	struct span text = f->parent ? SPAN_NONE : e->policy->record;
	enum spf_reason reason;

	if (span_find(f->domain, '.') == f->domain.len)
		return SPF_BAD_DOMAIN; /* RFC 7208 4.3: one label */
	if (is_loop(f))
		return SPF_LOOP;
	if (f->depth > LIMIT_SPF_DEPTH)
		return SPF_DEPTH;
	if (text.p && !spf_is_record(text))
		return SPF_NO_RECORD;
	if (!text.p && (reason = query_record(e, f->domain, &text)) != SPF_PASS)
		return reason;
	f->record = ARENA_NEW(e->arena, struct spf_record);
	reason = spf_record_parse(text, e->arena, f->record, what);
	if (reason == SPF_PASS)
		NOTIFY(e, record, f->record);
	return reason;
}

/*
 * Terms in their order.
 */

/* Counts a lookup. False: it is over the limit. */
static bool
count_lookup(struct spf_eval *e)
{
	e->cost++;
	return !e->live || ++e->lookups <= e->policy->lookup_limit;
}

/* Sets the outcome: the directive matched (RFC 7208 4.6.2). */
static void
set_match(struct spf_eval *e, const struct spf_frame *f,
    const struct spf_term *t, struct spf_outcome *out)
{
	enum spf_reason reason = spf_term_result(t);

	spf_error(e, reason, t->text, f->domain, out);
	out->mechanism = t->text;
	if (reason == SPF_FAIL)
		out->exp = f->record->exp;
	out->domain = f->domain;
}

/* The term is over the limit of lookups: an error.
 * Exploring evaluates it all the same. */
static enum spf_match
explore_over_limit(struct spf_eval *e, const struct spf_frame *f,
    const struct spf_term *t, struct spf_outcome *out)
{
	struct spf_outcome ignored;

	if (e->policy->explore) {
		e->live = false;
		spf_term_evaluate(e, f, t, &ignored);
	}
	return spf_error(e, SPF_LOOKUP_LIMIT, t->text, f->domain, out);
}

static enum spf_match
evaluate_term(struct spf_eval *e, struct spf_frame *f, const struct spf_term *t,
    struct spf_outcome *out)
{
	unsigned before = e->cost;
	struct spf_prefetched_term *prefetched;
	enum spf_match match;

	NOTIFY(e, term, t, e->live);
	f->at = (size_t)(t - f->record->terms);
	prefetched = &f->prefetched->term[f->at];
	e->prefetched -= prefetched->sent;
	prefetched->sent = false;
	if (spf_term_queries(t) && !count_lookup(e))
		match = explore_over_limit(e, f, t, out);
	else
		match = spf_term_evaluate(e, f, t, out);
	if (match == SPF_MATCH && t->kind != SPF_REDIRECT)
		set_match(e, f, t, out);
	NOTIFY(e, term_end, match, e->cost - before);
	return match;
}

/* The evaluation of one record. */
struct record_eval {
	struct spf_frame *f;
	struct spf_outcome *out;
	bool live;    /* the verdict was open when it began */
	bool decided; /* out is set */
};

/* Evaluates the next term. The first that matches, or is in error, decides;
 * exploring evaluates those after it, too, without effect on the verdict. */
static void
evaluate_next(
    struct spf_eval *e, struct record_eval *re, const struct spf_term *t)
{
	struct spf_outcome end;
	enum spf_match match;

	if (re->decided && !e->policy->explore)
		return;
	e->live = re->live && !re->decided;
	match = evaluate_term(e, re->f, t, &end);
	if (re->decided || (match != SPF_MATCH && match != SPF_ERROR))
		return;
	*re->out = end;
	re->decided = true;
}

/* RFC 7208 4.6: evaluates directives in order, up to an "all", which voids
 * redirect=; else redirect= after them (4.6.3, 5.1, 6.1). */
static void
evaluate_record(
    struct spf_eval *e, struct spf_frame *f, struct spf_outcome *out)
{
	const struct spf_record *r = f->record;
	struct record_eval re = {f, out, e->live, false};

	e->frame = f;
	spf_prefetch_record(e, f);
	for (size_t i = 0; i < r->nterms; i++) {
		const struct spf_term *t = &r->terms[i];

		if (t->kind < SPF_REDIRECT && (!r->all || t <= r->all))
			evaluate_next(e, &re, t);
	}
	if (r->redirect && !r->all)
		evaluate_next(e, &re, r->redirect);
	e->live = re.live;
	e->frame = f->parent;
	if (!re.decided) /* RFC 7208 4.7 */
		spf_error(e, SPF_DEFAULT, SPAN_NONE, f->domain, out);
}

void
spf_check_host(struct spf_eval *e, const struct spf_frame *parent,
    struct span domain, struct spf_outcome *out)
{
	struct spf_frame f = {.parent = parent,
	    .depth = parent ? parent->depth + 1 : 0,
	    .domain = domain_normal_id(domain, e->arena)};
	struct span what = SPAN_NONE;
	enum spf_reason reason;

	NOTIFY(e, enter, f.domain);
	reason = find_record(e, &f, &what);
	if (reason == SPF_PASS)
		evaluate_record(e, &f, out);
	else
		spf_error(e, reason, what, f.domain, out);
	NOTIFY(e, leave, out->reason, out->detail);
}

/*
 * The whole evaluation.
 */

/* RFC 7208 6.2. Any fault means no explanation. */
static struct span
expand_explanation(struct spf_eval *e, const struct spf_outcome *end)
{
	struct spf_frame f = {.domain = end->domain};
	struct spf_macro_context context = {e, &f};
	struct spf_macros macros = spf_macros_in(&context);
	struct span target =
	    spf_macro_target(end->exp->domain, &macros, e->arena);
	const struct dns_answer *answer;
	struct span text;

	if (!target.p)
		return SPAN_NONE;
	answer = dns_query(e->dns, target, DNS_TXT);
	if (answer->status != DNS_DATA || answer->nrecords != 1 ||
	    !spf_macro_is_string(answer->records[0].data, true))
		return SPAN_NONE;
	text = spf_macro_expand(answer->records[0].data, &macros, e->arena);
	return span_is_ascii(text) ? text : SPAN_NONE;
}

/* Runs one evaluation with this policy. */
static void
evaluate(const struct spf_eval *begin, const struct spf_policy *policy,
    struct spf_verdict *v)
{
	struct spf_eval e = *begin;
	struct spf_outcome end = {
	    .reason = SPF_BAD_DOMAIN, .detail = e.q->domain};

	e.policy = policy;
	dns_on_arrival(e.dns, spf_prefetch_follow, &e);
	/* RFC 7208 4.3, RFC 8616 4 */
	if (e.sender_domain.p)
		spf_check_host(&e, NULL, e.sender_domain, &end);
	dns_on_arrival(e.dns, NULL, NULL);
	*v = (struct spf_verdict){.reason = end.reason,
	    .detail = end.detail,
	    .mechanism = end.mechanism,
	    .lookups = e.lookups,
	    .voids = e.voids};
	if (end.reason == SPF_FAIL && end.exp)
		v->explanation = expand_explanation(&e, &end);
}

/* Returns dns_sent() without the query for the record,
 * which may have been prefetched. */
static size_t
sent_before(const struct spf_eval *e, const struct spf_policy *policy)
{
	bool record = !policy->record.p && e->sender_domain.p;

	return dns_sent(e->dns) -
	    (record && dns_is_sent(e->dns, e->sender_domain, DNS_TXT));
}

void
spf_check(const struct spf_query *q, const struct spf_policy *policy,
    struct dns *dns, struct arena *a, struct spf_verdict *v)
{
	struct spf_policy plain = *policy;
	struct spf_verdict same;
	struct spf_eval begin = {.q = q,
	    .dns = dns,
	    .arena = a,
	    .sender_domain = domain_normal(q->domain, a),
	    .live = true};

	begin.sent_before = sent_before(&begin, policy);
	if (!policy->explore) {
		evaluate(&begin, policy, v);
		return;
	}
	/* Exploring queries more. It comes second, with the answers for the
	 * verdict in the cache, or it would take the verdict's time. */
	plain.explore = 0;
	plain.observer = NULL;
	evaluate(&begin, &plain, v);
	evaluate(&begin, policy, &same);
}
