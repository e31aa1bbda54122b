/* spf_lint_walk: the evaluation, and its dead ends. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>

#include "base/domain.h"
#include "base/limit.h"
#include "lint/spf_lint_internal.h"

/*
 * Records and answers that evaluation reached.
 */

bool
spf_lint_depends(const struct spf_term *t)
{
	return spf_macro_uses(t->domain, "slhipvcrt");
}

/* Is the name within FINDING_NOBODY, where nothing exists? */
static bool
is_made_up(const struct spf_lint_job *job, struct span name)
{
	return job->nobody && domain_within(name, job->domain);
}

/* Adds the finding for an include or redirect= that leads to no well-formed
 * record. */
static void
check_dead_end(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_step *step)
{
	const struct spf_trace_check *v = step->check;
	const struct result_reason *why = &spf_reasons[v->reason];
	const struct spf_term *t = step->term;
	const struct dns_rr *rr = spf_lint_rr(v->answer);
	enum spf_finding kind;

	if (why->code == RESULT_TEMPERROR) {
		spf_lint_add_at(job, p, t, SPF_FINDING_DNS,
		    spf_lint_answer(job, t, v->answer));
		job->out->findings.failed = RESULT_TEMPERROR;
	} else if (why->code == RESULT_NONE) {
		if (spf_lint_depends(t) || is_made_up(job, v->domain))
			return;
		kind = t->kind == SPF_INCLUDE ? SPF_FINDING_INCLUDE_NONE
					      : SPF_FINDING_REDIRECT_NONE;
		spf_lint_hint(job,
		    spf_lint_add_at(job, p, t, kind,
			spf_lint_words(job, t->text, why->words)),
		    t->text);
	} else if (v->reason == SPF_LOOP) {
		spf_lint_add_at(job, p, t, SPF_FINDING_LOOP, t->text);
	} else if (v->reason == SPF_SEVERAL) {
		spf_lint_several(job, v->domain, v->answer);
	} else if (rr) {
		spf_lint_syntax(job, v->domain, rr, rr->data);
	}
}

/*
 * Void lookups (RFC 7208 4.6.4).
 */

static void
push_empty(struct spf_lint_job *job, struct spf_walk *w,
    const struct spf_lint_record *p, const struct spf_step *step,
    const struct dns_answer *answer)
{
	*ARENA_PUSH(job->arena, w->empty, w->voids) =
	    (struct spf_empty){*p, step, answer};
}

/* How many lookups of a term find nothing for some clients, whatever this one
 * got: those of clients without a reverse name, of which nothing is known. */
static size_t
least_voids(const struct spf_term *t)
{
	size_t n = t->kind == SPF_PTR || spf_lint_depends(t);

	/* RFC 7208 5.5, 7.3: %{p} is "unknown" after a void lookup. */
	return spf_term_queries(t) ? n + spf_macro_uses(t->domain, "p") : 0;
}

/* Checks an answer to a term. Those about the client's names (PTR) are not the
 * domain's fault. */
static void
check_answer(struct spf_lint_job *job, struct spf_walk *w,
    const struct spf_lint_record *p, const struct spf_step *step,
    const struct dns_answer *answer)
{
	const struct spf_term *t = step->term;

	if (t->kind == SPF_PTR || answer->type == DNS_PTR ||
	    is_made_up(job, answer->name))
		return;
	if (dns_unknown(answer->status)) {
		spf_lint_add_at(job, p, t, SPF_FINDING_DNS,
		    spf_lint_answer(job, t, answer));
		job->out->findings.failed = RESULT_TEMPERROR;
	}
	if (answer->status == DNS_NODATA || answer->status == DNS_NXDOMAIN)
		push_empty(job, w, p, step, answer);
	if (answer->type != DNS_MX)
		return;
	if (answer->nrecords > LIMIT_SPF_NAMES)
		spf_lint_add_at(job, p, t, SPF_FINDING_MX, t->text);
	/* RFC 7505 3 */
	if (p->own && answer->nrecords == 1 && !answer->records[0].data.len)
		spf_lint_add_at(job, p, t, SPF_FINDING_NULL_MX, t->text);
}

static void
check_answers(struct spf_lint_job *job, struct spf_walk *w,
    const struct spf_lint_record *p, const struct spf_step *step)
{
	size_t least = w->voids + least_voids(step->term);

	for (size_t i = 0; i < step->nanswers; i++)
		check_answer(job, w, p, step, step->answers[i]);
	while (w->voids < least)
		push_empty(job, w, p, step, NULL);
}

/* exists that matches this client, which nobody is, matches every client: its
 * name is fixed, or a wildcard's. By the local part, it may be for one sender.
 */
static void
check_exists(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_step *step)
{
	if (step->term->kind == SPF_EXISTS && step->match == SPF_MATCH &&
	    step->term->qualifier == '+' && p->passes &&
	    !spf_macro_uses(step->term->domain, "sl"))
		spf_lint_add_at(
		    job, p, step->term, SPF_FINDING_PASS_ALL, step->term->text);
}

/*
 * The walk.
 */

static void
push_record(struct spf_lint_job *job, struct spf_walk *w,
    const struct spf_lint_record *p)
{
	*ARENA_PUSH(job->arena, w->records, w->nrecords) = *p;
}

static void
walk_step(struct spf_lint_job *job, struct spf_walk *w,
    const struct spf_lint_record *p, const struct spf_step *step)
{
	const struct spf_trace_check *v = step->check;
	bool redirect = step->term->kind == SPF_REDIRECT;
	size_t top =
	    p->check->parent ? p->top : (size_t)(step - p->check->steps);
	/* Terms below it count with their own records, if reached. */
	unsigned lookups = step->lookups - (v ? spf_trace_lookups(v) : 0);
	const struct spf_lint_record inner = {.check = v,
	    .rr = v ? spf_lint_rr(v->answer) : NULL,
	    .top = top,
	    .own = p->own && redirect,
	    .passes = p->passes && step->term->qualifier == '+'};

	w->lookups += lookups;
	w->cost[top] += lookups;
	check_answers(job, w, p, step);
	check_exists(job, p, step);
	if (v && v->record)
		push_record(job, w, &inner);
	else if (v)
		check_dead_end(job, p, step);
}

/* Walks through all records level by level, without recursion: each step pushes
 * the records that it leads to. */
static void
walk_all(struct spf_lint_job *job, struct spf_walk *w,
    const struct spf_trace_check *root)
{
	const struct spf_lint_record first = {
	    .check = root, .rr = job->rr, .own = true, .passes = true};

	w->cost = ARENA_ARRAY(job->arena, unsigned, root->nsteps);
	push_record(job, w, &first);
	for (size_t i = 0; i < w->nrecords; i++) {
		const struct spf_lint_record p = w->records[i];

		for (size_t k = 0; k < p.check->nsteps; k++)
			if (spf_term_is_reached(
				p.check->record, p.check->steps[k].term))
				walk_step(job, w, &p, &p.check->steps[k]);
	}
}

void
spf_lint_walk(struct spf_lint_job *job, size_t client, struct spf_walk *w)
{
	const struct spf_query q = spf_whole_query(job->domain, client);
	struct spf_trace trace;
	const struct spf_policy policy = {.lookup_limit = LIMIT_SPF_LOOKUPS,
	    .void_limit = LIMIT_SPF_VOIDS,
	    .record = job->out->record,
	    .explore = LIMIT_SPF_TREE,
	    .observer = &trace.observer};

	spf_trace_init(&trace, job->arena);
	*w = (struct spf_walk){.nrecords = 0};
	spf_check(&q, &policy, job->dns, job->arena, &w->verdict);
	assert(trace.root && trace.root->record);
	walk_all(job, w, trace.root);
}
