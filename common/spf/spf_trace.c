/* spf_trace: records what check_host() does as a tree. */
/* SPDX-License-Identifier: ISC */

#include "spf/spf_trace.h"

#include <assert.h>

/* The observer is the first member of the trace. */
static struct spf_trace *
trace_of(struct spf_observer *o)
{
	return (struct spf_trace *)o;
}

/* Returns the step that is being evaluated, or NULL. */
static struct spf_step *
open_step(const struct spf_trace *t)
{
	struct spf_trace_check *v = t->at;

	return v && v->open ? &v->steps[v->nsteps - 1] : NULL;
}

static void
on_enter(struct spf_observer *o, struct span domain)
{
	struct spf_trace *t = trace_of(o);
	struct spf_trace_check *v = ARENA_NEW(t->arena, struct spf_trace_check);
	struct spf_step *step = open_step(t);

	v->parent = t->at;
	v->domain = domain;
	if (step)
		step->check = v;
	if (!t->at)
		t->root = v;
	t->at = v;
}

/* The query for exp=, after the evaluation, is not part of any step. */
static void
on_answer(struct spf_observer *o, const struct dns_answer *answer)
{
	struct spf_trace *t = trace_of(o);
	struct spf_step *step = open_step(t);

	if (step) {
		*ARENA_PUSH(t->arena, step->answers, step->nanswers) = answer;
	} else if (t->at && !t->at->record) {
		t->at->answer = answer;
	}
}

static void
on_record(struct spf_observer *o, const struct spf_record *record)
{
	trace_of(o)->at->record = record;
}

static void
on_term(struct spf_observer *o, const struct spf_term *term, bool live)
{
	struct spf_trace *t = trace_of(o);
	struct spf_trace_check *v = t->at;

	assert(!v->open);
	*ARENA_PUSH(t->arena, v->steps, v->nsteps) =
	    (struct spf_step){.term = term, .live = live};
	v->open = true;
}

static void
on_target(struct spf_observer *o, struct span target)
{
	struct spf_step *step = open_step(trace_of(o));

	assert(step);
	step->target = target;
}

/* RFC 7208 4.6.2: the first term that matches, or is in error, decides. */
static void
on_term_end(struct spf_observer *o, enum spf_match match, unsigned lookups)
{
	struct spf_trace *t = trace_of(o);
	struct spf_step *step = open_step(t);

	assert(step);
	step->match = match;
	step->lookups = lookups;
	step->decides =
	    !t->at->decided && (match == SPF_MATCH || match == SPF_ERROR);
	if (step->decides)
		t->at->decided = true;
	t->at->open = false;
}

static void
on_leave(struct spf_observer *o, enum spf_reason reason, struct span detail)
{
	struct spf_trace *t = trace_of(o);

	assert(!t->at->open);
	t->at->reason = reason;
	t->at->detail = detail;
	t->at = t->at->parent;
}

void
spf_trace_init(struct spf_trace *t, struct arena *a)
{
	*t = (struct spf_trace){
	    .observer = {.enter = on_enter,
		.answer = on_answer,
		.record = on_record,
		.term = on_term,
		.target = on_target,
		.term_end = on_term_end,
		.leave = on_leave},
	    .arena = a,
	};
}

unsigned
spf_trace_lookups(const struct spf_trace_check *v)
{
	unsigned sum = 0;

	for (size_t i = 0; i < v->nsteps; i++)
		sum += v->steps[i].lookups;
	return sum;
}

const struct spf_step **
spf_trace_steps(const struct spf_trace_check *v, struct arena *a)
{
	const struct spf_step **list =
	    ARENA_ARRAY(a, const struct spf_step *, v->record->nterms);

	for (size_t i = 0; i < v->nsteps; i++) {
		const struct spf_step *s = &v->steps[i];

		assert(s->term >= v->record->terms &&
		    s->term < v->record->terms + v->record->nterms);
		list[s->term - v->record->terms] = s;
	}
	return list;
}
