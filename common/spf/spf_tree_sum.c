/* spf_tree_sum: the last lines of a tree, what all terms cost together. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "spf/spf_tree_internal.h"

static void
add_line(struct spf_tree *t, struct span text)
{
	spf_tree_line(t, 0, text, SCREEN_PLAIN);
}

static void
add_costs(struct spf_tree *t, const char *of, unsigned lookups, unsigned voids,
    const char *end)
{
	const struct spf_policy *p = t->policy;

	bool over = lookups > p->lookup_limit || voids > p->void_limit;

	spf_tree_line(t, 0,
	    arena_printf(t->arena,
		"%s%u of %" PRIu64 " lookups, %u of %" PRIu64 " void lookups%s",
		of, lookups, p->lookup_limit, voids, p->void_limit, end),
	    over ? SCREEN_OVER : SCREEN_PLAIN);
}

static void
add_excess(struct spf_tree *t, uint64_t n, uint64_t limit, const char *what)
{
	if (n > limit)
		add_line(t,
		    arena_printf(t->arena,
			"%" PRIu64 " %s%s too many: a client that no earlier "
			"term matches gets permerror; try domain-check",
			n - limit, what, n - limit == 1 ? "" : "s"));
}

static const char *
end_words(
    const struct spf_policy *p, unsigned lookups, unsigned voids, bool cut)
{
	return lookups > p->lookup_limit || voids > p->void_limit
	    ? ": OVER THE LIMIT"
	    : cut ? ": not all was queried"
		  : ": within the limits";
}

/* Adds the cost of all terms, which a client pays that no earlier term
 * matches. */
static void
add_whole(struct spf_tree *t, unsigned lookups, const struct spf_verdict *v)
{
	const struct spf_policy *p = t->policy;
	bool same = lookups == v->lookups && t->voids == v->voids && !t->cut;

	if (t->explored)
		add_line(t,
		    SPAN("in parentheses: not needed for this result, shown "
			 "for its cost"));
	if (!same)
		add_costs(t, "this client: ", v->lookups, v->voids, "");
	add_costs(t,
	    same         ? ""
		: t->cut ? "all terms: at least "
			 : "all terms: ",
	    lookups, t->voids, end_words(p, lookups, t->voids, t->cut));
	add_excess(t, lookups, p->lookup_limit, "lookup");
	add_excess(t, t->voids, p->void_limit, "void lookup");
}

struct result_line *
spf_trace_lines(const struct spf_trace *trace, const struct spf_policy *policy,
    const struct spf_verdict *v, size_t columns, struct arena *a, size_t *n)
{
	struct spf_tree t = {.policy = policy, .arena = a, .columns = columns};

	spf_tree_root(&t, trace);
	if (trace->root && trace->root->record && policy->explore)
		add_whole(&t, spf_trace_lookups(trace->root), v);
	else if (trace->root && trace->root->record)
		add_costs(&t, "", v->lookups, v->voids, "");
	*n = t.nlines;
	return t.lines;
}

/*
 * Without a client.
 */

static void
add_both(struct spf_tree *t, const struct spf_whole *w)
{
	const struct spf_cost *first = &w->cost[0];
	bool same = true;

	for (size_t i = 1; i < SPF_WHOLE_CLIENTS; i++)
		same = same && w->cost[i].lookups == first->lookups &&
		    w->cost[i].voids == first->voids;
	for (size_t i = 0; i < (same ? 1 : SPF_WHOLE_CLIENTS); i++) {
		const struct spf_cost *c = &w->cost[i];
		struct span of =
		    arena_printf(t->arena, "%s%s%s", same ? "" : c->family,
			same ? "" : " clients: ", c->cut ? "at least " : "");

		add_costs(t, of.p, c->lookups, c->voids,
		    end_words(t->policy, c->lookups, c->voids, c->cut));
	}
	add_excess(t, w->worse->lookups, t->policy->lookup_limit, "lookup");
	add_excess(t, w->worse->voids, t->policy->void_limit, "void lookup");
}

struct result_line *
spf_whole_lines(const struct spf_whole *w, const struct spf_policy *policy,
    size_t columns, struct arena *a, size_t *n)
{
	struct spf_tree t = {.policy = policy,
	    .arena = a,
	    .columns = columns,
	    .clientless = true};

	spf_tree_root(&t, &w->worse->trace);
	if (w->worse->trace.root->record)
		add_both(&t, w);
	*n = t.nlines;
	return t.lines;
}
