/* spf_lint_limits: the numbers of lookups and void lookups. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"
#include "lint/spf_lint_internal.h"

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
    struct spf_lint_job *job, const struct spf_walk w[static SPF_WHOLE_CLIENTS])
{
	const struct spf_walk *worse = &w[w[1].lookups > w[0].lookups];

	job->out->lookups = worse->lookups;
	if (worse->lookups > LIMIT_SPF_LOOKUPS)
		spf_lint_add(
		    job, SPF_FINDING_LOOKUPS, lookups_text(job, worse));
	else if (worse->lookups + 1 >= LIMIT_SPF_LOOKUPS)
		spf_lint_add(
		    job, SPF_FINDING_LOOKUPS_NEAR, lookups_text(job, worse));
}

/* "no such name", "no AAAA of mx.b.example" */
static void
write_answer(struct buf *b, struct spf_lint_job *job, const struct spf_empty *x)
{
	const struct dns_answer *answer = x->answer;
	struct span target = x->step->target, name;

	if (!answer) {
		buf_str(b,
		    x->step->term->kind == SPF_PTR
			? "a client without a reverse name"
			: "depends on the client");
		return;
	}
	if (answer->status == DNS_NODATA)
		buf_printf(b, "no %s", dns_type_name(answer->type, job->arena));
	else
		buf_str(b, dns_status_words(answer->status));
	name = spf_lint_name(job, answer->name);
	if (!span_caseeq(name, target.p ? target : x->record.check->domain)) {
		buf_str(b, " of ");
		buf_add(b, name);
	}
}

/* "a:a.example: no such name", "mx of b.example: no AAAA of mx.b.example" */
static void
write_void(struct buf *b, struct spf_lint_job *job, const struct spf_empty *x)
{
	buf_add(b, x->step->term->text);
	if (x->record.check->parent) {
		buf_str(b, " of ");
		buf_add(b, x->record.check->domain);
	}
	buf_str(b, ": ");
	write_answer(b, job, x);
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
	for (size_t i = 0; i < w->voids; i++) {
		const struct spf_empty *y = &w->empty[i];

		if (y->answer && x->answer &&
		    span_eq(y->record.check->domain, x->record.check->domain) &&
		    span_eq(y->step->term->text, x->step->term->text) &&
		    span_eq(y->answer->name, x->answer->name))
			return true;
	}
	return false;
}

/* A host that does not exist can come to exist, by the will of others, unless
 * it is below the domain. */
static void
check_dangling(struct spf_lint_job *job, const struct spf_empty *x)
{
	const struct spf_term *t = x->step->term;

	if (x->answer->status == DNS_NXDOMAIN && x->record.passes &&
	    t->qualifier == '+' && (t->kind == SPF_A || t->kind == SPF_MX) &&
	    !domain_within(x->answer->name, job->domain))
		spf_lint_add_at(job, &x->record, t, SPF_FINDING_DANGLING,
		    spf_lint_answer(job, t, x->answer));
}

/* A host without addresses of one family is not an error, though it counts
 * against the limit. What a name made from the client's finds cannot be
 * foreseen. */
static void
check_void(struct spf_lint_job *job, const struct spf_walk *other,
    const struct spf_empty *x)
{
	const struct spf_term *t = x->step->term;

	if (spf_lint_depends(t) || !has_empty(other, x))
		return;
	spf_lint_add_at(job, &x->record, t, SPF_FINDING_VOID,
	    spf_lint_answer(job, t, x->answer));
	check_dangling(job, x);
}

static void
check_voids(
    struct spf_lint_job *job, const struct spf_walk w[static SPF_WHOLE_CLIENTS])
{
	size_t worse = w[1].voids > w[0].voids;
	size_t voids = w[worse].voids, others = w[!worse].voids;
	const char *family = spf_whole_clients[worse].family;

	job->out->voids = (unsigned)voids;
	if (voids > LIMIT_SPF_VOIDS)
		spf_lint_add(job, SPF_FINDING_VOIDS,
		    voids_text(job, &w[worse],
			others > LIMIT_SPF_VOIDS ? NULL : family));
	else if (voids == LIMIT_SPF_VOIDS)
		spf_lint_add(job, SPF_FINDING_VOIDS_NEAR,
		    voids_text(job, &w[worse],
			others == LIMIT_SPF_VOIDS ? NULL : family));
	for (size_t i = 0; i < w[0].voids; i++)
		check_void(job, &w[1], &w[0].empty[i]);
}

void
spf_lint_limits(
    struct spf_lint_job *job, const struct spf_walk w[static SPF_WHOLE_CLIENTS])
{
	check_lookups(job, w);
	check_voids(job, w);
}
