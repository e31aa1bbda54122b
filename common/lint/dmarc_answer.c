/* dmarc_answer: what DMARC protects, and whether reports arrive. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/buf.h"

/* What an answer is made from. */
struct facts {
	const struct dmarc_method *method;
	const struct dmarc_lint *lint;
	struct arena *arena;
};

static struct question
answer(enum answer answer, struct span proof)
{
	return (struct question){.answer = answer, .proof = proof};
}

/* "_dmarc.example.org TXT: SERVFAIL" */
static struct span
failure_words(const struct dns_answer *a, struct arena *arena)
{
	return ARENA_JOIN(arena, a->name, SPAN(" "),
	    span_of(dns_type_name(a->type, arena)), SPAN(": "),
	    span_of(dns_status_words(a->status)));
}

/* "p=reject of example.org" */
static struct span
policy_words(const struct facts *f, const char *tag, enum dmarc_policy policy,
    struct span domain)
{
	return arena_printf(f->arena, "%s=%s of " SPAN_FMT, tag,
	    dmarc_policy_name(policy), SPAN_ARG(domain));
}

/* Why a record protects nothing, whatever its policy; absent: it may. */
static struct span
weak_words(const struct facts *f, const struct dmarc_level *l)
{
	struct arena *a = f->arena;

	if (dmarc_lint_is_void(f->method, &l->record))
		return ARENA_JOIN(a, SPAN("the record of "), l->domain,
		    SPAN(" has an invalid policy, and all count as none"));
	if (f->method->rfc7489 && l->record.pct < 100)
		return arena_printf(a, "pct=%u of " SPAN_FMT, l->record.pct,
		    SPAN_ARG(l->domain));
	if (!f->method->rfc7489 && l->record.testing)
		return ARENA_JOIN(a, SPAN("t=y of "), l->domain,
		    SPAN(" requests less of receivers than its policy"));
	return SPAN_NONE;
}

/* Why no record applies to whom the walk is for. */
static struct question
answer_absence(
    const struct facts *f, const struct dmarc_walk *w, const char *below)
{
	struct arena *a = f->arena;

	if (w->failed)
		return answer(
		    ANSWER_NOT_KNOWN, failure_words(w->failed->answer, a));
	for (size_t i = 0; i < w->nlevels; i++)
		if (w->levels[i].found == DMARC_FOUND_SEVERAL)
			return answer(ANSWER_NO,
			    ARENA_JOIN(a,
				SPAN("several DMARC records at _dmarc."),
				w->levels[i].domain,
				SPAN(": receivers ignore all of them")));
	return answer(ANSWER_NO,
	    ARENA_JOIN(a, SPAN("no DMARC record applies to "), span_of(below),
		f->lint->walk.domain));
}

/*
 * exact-domain
 */

/* It is not known whether the domain exists, and so, which of two policies
 * applies. */
static struct question
answer_either(const struct facts *f)
{
	const struct dmarc_verdict *v = &f->lint->verdict;
	const struct dmarc_record *r = &v->applies->record;
	bool sp = dmarc_lint_protects(f->method, r, r->sp);
	bool np = dmarc_lint_protects(f->method, r, r->np);
	struct span words =
	    arena_printf(f->arena, "%s=%s or np=%s of " SPAN_FMT,
		r->has_sp ? "sp" : "p", dmarc_policy_name(r->sp),
		dmarc_policy_name(r->np), SPAN_ARG(v->applies->domain));

	if (sp == np)
		return answer(sp ? ANSWER_YES : ANSWER_NO, words);
	return answer(ANSWER_NOT_KNOWN,
	    ARENA_JOIN(f->arena, words, SPAN(": "), v->detail, SPAN(": "),
		span_of(dmarc_reasons[v->reason].words)));
}

static struct question
answer_exact(const struct facts *f)
{
	const struct dmarc_verdict *v = &f->lint->verdict;
	struct span weak;

	if (!f->lint->applies)
		return answer_absence(f, &f->lint->walk, "");
	if (dmarc_code(v) == RESULT_TEMPERROR)
		return answer_either(f);
	weak = weak_words(f, v->applies);
	if (!weak.p)
		weak =
		    policy_words(f, v->tag, v->published, v->applies->domain);
	return answer(
	    dmarc_lint_protects(f->method, &v->applies->record, v->published)
		? ANSWER_YES
		: ANSWER_NO,
	    weak);
}

/*
 * subdomains
 */

/* "p=none of a.example.org", "p=none of a.example.org, and 3 others below" */
static struct question
answer_weak(const struct facts *f)
{
	const struct dmarc_lint_weak *weak = f->lint->weak;
	bool is_wild = span_eq(weak->domain, f->lint->below.domain);
	size_t others = f->lint->nweak - 1;
	struct buf b = BUF(f->arena);

	buf_printf(&b, "%s of ", weak->why);
	buf_add(&b, is_wild ? SPAN("a wildcard record") : weak->domain);
	if (others)
		buf_printf(&b, ", and %zu other%s below", others,
		    others == 1 ? "" : "s");
	return answer(ANSWER_NO, buf_span(&b));
}

/* "sp=reject, np=reject of example.org" */
static struct question
answer_record(const struct facts *f)
{
	const struct dmarc_level *l = f->lint->below_applies;
	const struct dmarc_record *r = &l->record;
	const char *sp = r->has_sp ? "sp" : "p";
	bool old = f->method->rfc7489;
	struct span words = weak_words(f, l);

	if (words.p)
		return answer(ANSWER_NO, words);
	words = policy_words(f, sp, r->sp, l->domain);
	if (!old && r->has_np)
		words = arena_printf(f->arena, "%s=%s and np=%s of " SPAN_FMT,
		    sp, dmarc_policy_name(r->sp), dmarc_policy_name(r->np),
		    SPAN_ARG(l->domain));
	return answer(dmarc_lint_protects(f->method, r, r->sp) &&
		    (old || dmarc_lint_protects(f->method, r, r->np))
		? ANSWER_YES
		: ANSWER_NO,
	    words);
}

/* Adds where the suffix list has another organizational domain than the walk:
 * receivers that use it find other records. */
static struct span
with_disagreement(const struct facts *f, struct span proof)
{
	struct dmarc_method by_list = *f->method;
	struct span org = f->lint->walk.org;
	struct dmarc_walk w;

	if (!f->method->compare || f->method->psl || !org.p)
		return proof;
	by_list.psl = f->method->compare;
	dmarc_walk_org(&by_list, f->lint->walk.domain, &w);
	if (span_eq(w.org, org))
		return proof;
	return ARENA_JOIN(f->arena, proof,
	    SPAN("; the organizational domain is "), org,
	    SPAN(" by the walk, "), w.org, SPAN(" by the public suffix list"));
}

static struct question
answer_subdomains(const struct facts *f)
{
	const struct dmarc_lint *l = f->lint;
	struct question q;

	if (l->below_applies)
		q = answer_record(f);
	else
		q = answer_absence(
		    f, l->below.nlevels ? &l->below : &l->walk, "names below ");
	if (q.answer != ANSWER_NO && l->nweak)
		q = answer_weak(f);
	q.proof = with_disagreement(f, q.proof);
	return q;
}

/*
 * reports
 */

static struct question
answer_reports(const struct facts *f)
{
	const struct dmarc_lint *l = f->lint;
	const struct dmarc_level *at = l->applies;
	struct arena *a = f->arena;

	if (!at)
		return answer_absence(f, &l->walk, "");
	if (l->works)
		return answer(ANSWER_YES,
		    ARENA_JOIN(a, SPAN("rua="), l->address,
			arena_printf(a, " of " SPAN_FMT, SPAN_ARG(at->domain)),
			span_of(l->works > 1 ? ", and others" : "")));
	if (l->unknown)
		return answer(ANSWER_NOT_KNOWN,
		    ARENA_JOIN(a,
			SPAN("not all addresses of rua= could be checked in "
			     "the record of "),
			at->domain));
	if (dmarc_lint_find(&at->record, "rua").p)
		return answer(ANSWER_NO,
		    ARENA_JOIN(a,
			SPAN("no address of rua= works in the "
			     "record of "),
			at->domain));
	return answer(ANSWER_NO,
	    ARENA_JOIN(a, SPAN("no rua= in the record of "), at->domain));
}

void
dmarc_answers(const struct dmarc_method *method, const struct dmarc_lint *l,
    struct question q[QUESTION_COUNT])
{
	const struct facts f = {method, l, method->arena};

	q[QUESTION_EXACT_DOMAIN] = answer_exact(&f);
	q[QUESTION_SUBDOMAINS] = answer_subdomains(&f);
	q[QUESTION_REPORTS] = answer_reports(&f);
}
