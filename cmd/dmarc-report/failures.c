/* failures: failure reports, counted by source and reason. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limit.h"

/* Failure reports of one source and reason. */
struct failures_group {
	struct span source, reason, domain;
	uint64_t incidents;
};

/* The reason: what failed, and what did not align. */
static struct span
reason_of(const struct failure *f, struct arena *a)
{
	struct span what =
	    f->auth_failure.p ? f->auth_failure : f->feedback_type;

	if (!what.p)
		what = SPAN("not told");
	if (!f->identity_alignment.p ||
	    span_eq(f->identity_alignment, SPAN("none")))
		return what;
	return ARENA_JOIN(
	    a, what, SPAN(", not aligned: "), f->identity_alignment);
}

/* Returns the group, made if it is new; NULL if there are too many. */
static struct failures_group *
group_of(struct failures *all, struct span source, struct span reason,
    struct span domain)
{
	struct failures_group *g;

	for (size_t i = 0; i < all->n; i++) {
		g = &all->list[i];
		if (span_eq(g->source, source) && span_eq(g->reason, reason) &&
		    span_eq(g->domain, domain))
			return g;
	}
	if (all->n == LIMIT_FAILURE_GROUPS)
		return NULL;
	g = ARENA_PUSH(all->arena, all->list, all->n);
	*g = (struct failures_group){arena_span(all->arena, source),
	    arena_span(all->arena, reason), arena_span(all->arena, domain), 0};
	return g;
}

void
failures_add(struct failures *all, const struct failure *f, struct arena *a)
{
	struct failures_group *g = group_of(all,
	    f->source_ip.p ? f->source_ip : SPAN("no address"), reason_of(f, a),
	    f->reported_domain.p ? f->reported_domain : SPAN("no domain"));

	all->reports++;
	if (g)
		g->incidents += f->incidents;
	else
		all->others += f->incidents;
}

/* For qsort(): most first, then by source. */
static int
compare(const void *a, const void *b)
{
	const struct failures_group *x = a, *y = b;
	size_t n =
	    x->source.len < y->source.len ? x->source.len : y->source.len;
	int order = memcmp(x->source.p, y->source.p, n);

	if (x->incidents != y->incidents)
		return x->incidents > y->incidents ? -1 : 1;
	if (order)
		return order;
	return x->source.len < y->source.len ? -1
					     : x->source.len > y->source.len;
}

static void
put_group(struct job *job, const struct failures_group *g)
{
	struct arena *a = job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	struct span n = show_number(g->incidents, a);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_add(&t, SCREEN_PLAIN, g->source);
	screen_to_column(&t, 26 > n.len ? 26 - n.len : 0);
	screen_add(&t, SCREEN_PLAIN, n);
	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_add(&t, SCREEN_FAIL, g->reason);
	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_add(&t, SCREEN_PLAIN, g->domain);
	screen_put_hanging(&job->out, &t, 28);
}

void
failures_show(struct job *job)
{
	struct failures *all = &job->failures;
	size_t top = job->top && job->top < all->n ? (size_t)job->top : all->n;
	struct arena *a = job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	uint64_t rest = all->others;

	if (!all->reports)
		return;
	if (all->n)
		qsort(all->list, all->n, sizeof(*all->list), compare);
	fputc('\n', job->out.to);
	screen_str(&t, SCREEN_HEADING, "failure reports");
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN, show_number(all->reports, a));
	screen_put(&job->out, &t);
	for (size_t i = 0; i < all->n; i++) {
		if (i < top)
			put_group(job, &all->list[i]);
		else
			rest += all->list[i].incidents;
	}
	if (rest)
		screen_line(&job->out,
		    arena_printf(a, "  and others: " SPAN_FMT,
			SPAN_ARG(show_number(rest, a))));
}
