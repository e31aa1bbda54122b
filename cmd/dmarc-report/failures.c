/* failures: failure reports, counted by source and reason. */
/* SPDX-License-Identifier: ISC */

#include "show.h"

#include <stdlib.h>

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

/* For qsort(): most first, then by source, reason and domain. */
static int
compare(const void *a, const void *b)
{
	const struct failures_group *x = a, *y = b;
	int order;

	if (x->incidents != y->incidents)
		return x->incidents > y->incidents ? -1 : 1;
	order = span_cmp(x->source, y->source);
	if (!order)
		order = span_cmp(x->reason, y->reason);
	return order ? order : span_cmp(x->domain, y->domain);
}

/* Columns of the source, and the one at which its number ends. */
#define AT_SOURCE 2u
#define AT_END    28u

/* Octets of a text of a failure report that are shown. */
#define TEXT_OCTETS 64u

static void
add_short(struct screen_text *t, enum screen_role role, struct span text)
{
	struct buf b = BUF(t->text.arena);

	buf_short(&b, text, TEXT_OCTETS);
	screen_add(t, role, buf_span(&b));
}

static void
put_group(struct job *job, const struct failures_group *g)
{
	struct arena *a = job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	struct span n = show_number(g->incidents, a);

	screen_to_column(&t, AT_SOURCE);
	add_short(&t, SCREEN_PLAIN, g->source);
	screen_to_column(&t, AT_END > n.len ? AT_END - n.len : 0);
	screen_add(&t, SCREEN_PLAIN, n);
	screen_str(&t, SCREEN_PLAIN, "  ");
	add_short(&t, SCREEN_PLAIN, g->domain);
	screen_str(&t, SCREEN_PLAIN, ": ");
	add_short(&t, SCREEN_FAIL, g->reason);
	screen_put_hanging(&job->out, &t, AT_END + 2);
}

/* Writes the sum of the groups that are not shown, and of those for which there
 * was no room. */
static void
put_others(struct job *job, size_t top)
{
	const struct failures *all = &job->failures;
	uint64_t rest = all->others;
	struct span n;

	for (size_t i = top; i < all->n; i++)
		rest += all->list[i].incidents;
	if (!rest)
		return;
	n = show_number(rest, job->memory);
	screen_line(&job->out,
	    all->others ? ARENA_JOIN(job->memory, SPAN("  and others: "), n)
			: arena_printf(job->memory, "  and %zu more: " SPAN_FMT,
			      all->n - top, SPAN_ARG(n)));
}

void
failures_show(struct job *job)
{
	struct failures *all = &job->failures;
	size_t top = show_top(job, all->n);
	struct screen_text t = SCREEN_TEXT(job->memory);

	if (!all->reports)
		return;
	qsort(all->list, all->n, sizeof(*all->list), compare);
	fputc('\n', job->out.to);
	screen_str(&t, SCREEN_HEADING, "failure reports");
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN, show_number(all->reports, job->memory));
	screen_put(&job->out, &t);
	for (size_t i = 0; i < top; i++)
		put_group(job, &all->list[i]);
	put_others(job, top);
}
