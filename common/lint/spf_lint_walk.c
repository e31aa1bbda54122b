/* spf_lint_walk: the evaluation, its dead ends and limits. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"
#include "lint/spf_lint_internal.h"

/*
 * Clients that no record is meant to match, so that evaluation reaches its end:
 * the IPv4 dummy address (RFC 7600), which is never routed, and one of the IPv6
 * block whose packets are discarded (RFC 6666). Addresses for documentation
 * cannot be used, as records in documents and tests have them.
 */
static const struct {
	const char *name;
	struct ip ip;
} clients[SPF_LINT_CLIENTS] = {
    {"IPv4", {AF_INET, {192, 0, 0, 8}}},
    {"IPv6", {AF_INET6, {0x01, [15] = 8}}},
};

static void
add(struct spf_lint_job *job, enum spf_finding kind, struct span where,
    struct span what)
{
	spf_lint_add(&job->out->findings, kind, where, what);
}

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
	struct span where = p->check->domain, text = SPAN_NONE;
	size_t n = v->answer ? spf_record_count(v->answer, &text) : 0;

	if (why->code == RESULT_TEMPERROR) {
		add(job, SPF_FINDING_DNS, where,
		    spf_lint_answer(job, step->term, v->answer));
		job->out->findings.failed = RESULT_TEMPERROR;
	} else if (why->code == RESULT_NONE) {
		if (spf_lint_depends(step->term) || is_made_up(job, v->domain))
			return;
		add(job,
		    step->term->kind == SPF_INCLUDE ? SPF_FINDING_INCLUDE_NONE
						    : SPF_FINDING_REDIRECT_NONE,
		    where, spf_lint_words(job, step->term->text, why->words));
	} else if (v->reason == SPF_LOOP) {
		add(job, SPF_FINDING_LOOP, where, step->term->text);
	} else if (n > 1) {
		spf_lint_several(job, v->domain, n);
	} else if (n) {
		spf_lint_syntax(job, v->domain, text);
	}
}

/* Checks an answer to a term. Those about the client's names (PTR) are not the
 * domain's fault. */
static void
check_answer(struct spf_lint_job *job, struct spf_walk *w, struct span where,
    const struct spf_step *step, const struct dns_answer *answer)
{
	if (step->term->kind == SPF_PTR || answer->type == DNS_PTR ||
	    is_made_up(job, answer->name))
		return;
	if (dns_unknown(answer->status)) {
		add(job, SPF_FINDING_DNS, where,
		    spf_lint_answer(job, step->term, answer));
		job->out->findings.failed = RESULT_TEMPERROR;
	}
	/* RFC 7208 4.6.4 */
	if (answer->status == DNS_NODATA || answer->status == DNS_NXDOMAIN) {
		*ARENA_PUSH(job->arena, w->empty, w->voids) =
		    (struct spf_empty){where, step, answer};
	}
	if (answer->type == DNS_MX && answer->nrecords > LIMIT_SPF_NAMES)
		add(job, SPF_FINDING_MX, where, step->term->text);
}

/* exists with a fixed name that exists matches every client. */
static void
check_exists(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_step *step)
{
	if (step->term->kind == SPF_EXISTS && step->match == SPF_MATCH &&
	    step->term->qualifier == '+' && p->passes &&
	    !spf_lint_depends(step->term))
		add(job, SPF_FINDING_PASS_ALL, p->check->domain,
		    step->term->text);
}

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
	    .top = top,
	    .own = p->own && redirect,
	    .passes = p->passes && step->term->qualifier == '+'};

	w->lookups += lookups;
	w->cost[top] += lookups;
	for (size_t i = 0; i < step->nanswers; i++)
		check_answer(job, w, p->check->domain, step, step->answers[i]);
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
	    .check = root, .own = true, .passes = true};

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
	const struct spf_query q = {.ip = clients[client].ip,
	    .domain = job->domain,
	    .local = SPAN("postmaster"),
	    .helo = job->domain};
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

/*
 * Limits.
 */

/* "14 (include:a.example 12, mx 2)" */
static struct span
lookups_text(struct spf_lint_job *job, const struct spf_walk *w)
{
	const struct spf_trace_check *root = w->records[0].check;
	const char *between = " (";
	struct buf b = BUF(job->arena);

	buf_printf(&b, "%u", w->lookups);
	for (size_t i = 0; i < root->nsteps; i++)
		if (w->cost[i]) {
			buf_str(&b, between);
			buf_add(&b, root->steps[i].term->text);
			buf_printf(&b, " %u", w->cost[i]);
			between = ", ";
		}
	buf_char(&b, ')');
	return buf_span(&b);
}

static void
check_lookups(
    struct spf_lint_job *job, const struct spf_walk w[static SPF_LINT_CLIENTS])
{
	const struct spf_walk *worse = &w[w[1].lookups > w[0].lookups];

	job->out->lookups = worse->lookups;
	if (worse->lookups > LIMIT_SPF_LOOKUPS)
		add(job, SPF_FINDING_LOOKUPS, job->domain,
		    lookups_text(job, worse));
	else if (worse->lookups + 1 >= LIMIT_SPF_LOOKUPS)
		add(job, SPF_FINDING_LOOKUPS_NEAR, job->domain,
		    lookups_text(job, worse));
}

/* "a:a.example: no such name", "mx of b.example: no AAAA of mx.b.example" */
static void
write_void(struct buf *b, struct spf_lint_job *job, const struct spf_empty *x)
{
	const struct spf_step *step = x->step;
	struct span target = step->target.p ? step->target : x->where;
	struct span name = spf_lint_name(job, x->answer->name);

	buf_add(b, step->term->text);
	if (!span_eq(x->where, job->domain)) {
		buf_str(b, " of ");
		buf_add(b, x->where);
	}
	buf_str(b, ": ");
	if (x->answer->status == DNS_NODATA)
		buf_printf(
		    b, "no %s", dns_type_name(x->answer->type, job->arena));
	else
		buf_str(b, dns_status_words(x->answer->status));
	if (!span_caseeq(name, target)) {
		buf_str(b, " of ");
		buf_add(b, name);
	}
}

/* "3 for clients with IPv6 (a:a.example: no AAAA, ...)" */
static struct span
voids_text(
    struct spf_lint_job *job, const struct spf_walk *w, const char *family)
{
	struct buf b = BUF(job->arena);

	buf_printf(&b, "%zu", w->voids);
	if (family)
		buf_printf(&b, " for clients with %s", family);
	for (size_t i = 0; i < w->voids; i++) {
		buf_str(&b, i ? ", " : " (");
		write_void(&b, job, &w->empty[i]);
	}
	buf_char(&b, ')');
	return buf_span(&b);
}

/* Is the same lookup void for the other family, too? */
static bool
has_empty(const struct spf_walk *w, const struct spf_empty *x)
{
	for (size_t i = 0; i < w->voids; i++)
		if (span_eq(w->empty[i].where, x->where) &&
		    span_eq(
			w->empty[i].step->term->text, x->step->term->text) &&
		    span_eq(w->empty[i].answer->name, x->answer->name))
			return true;
	return false;
}

/* A host without addresses of one family is not an error, though it counts
 * against the limit. What a name made from the client's finds cannot be
 * foreseen. */
static void
check_voids(
    struct spf_lint_job *job, const struct spf_walk w[static SPF_LINT_CLIENTS])
{
	size_t worse = w[1].voids > w[0].voids;
	bool both = w[!worse].voids > LIMIT_SPF_VOIDS;

	job->out->voids = (unsigned)w[worse].voids;
	if (w[worse].voids > LIMIT_SPF_VOIDS)
		add(job, SPF_FINDING_VOIDS, job->domain,
		    voids_text(
			job, &w[worse], both ? NULL : clients[worse].name));
	for (size_t i = 0; i < w[0].voids; i++) {
		const struct spf_empty *x = &w[0].empty[i];

		if (!spf_lint_depends(x->step->term) && has_empty(&w[1], x))
			add(job, SPF_FINDING_VOID, x->where,
			    spf_lint_answer(job, x->step->term, x->answer));
	}
}

void
spf_lint_limits(
    struct spf_lint_job *job, const struct spf_walk w[static SPF_LINT_CLIENTS])
{
	check_lookups(job, w);
	check_voids(job, w);
}
