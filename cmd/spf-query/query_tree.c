/* query_tree: --tree -d: what a domain's record costs, without a client. */
/* SPDX-License-Identifier: ISC */

#include "query.h"

#include "base/json.h"
#include "spf/spf_trace.h"
#include "tool/output.h"

struct state {
	const struct query *q;
	struct checker_message cm;
	struct spf_whole whole;
	struct result result;
};

static void *
begin(const struct checker_message *cm, struct sink *const **sinks, size_t *n)
{
	struct state *s = ARENA_NEW(cm->arena, struct state);

	(void)sinks;
	*n = 0;
	s->q = cm->tool;
	s->cm = *cm;
	return s;
}

/* The result is a pass if every client can be evaluated, whatever comes out. */
static enum spf_reason
reason_of(const struct spf_whole *w, const struct spf_policy *policy)
{
	for (size_t i = 0; i < SPF_WHOLE_CLIENTS; i++) {
		enum spf_reason reason = w->cost[i].verdict.reason;
		enum result_code code = spf_reasons[reason].code;

		if (!w->cost[i].trace.root->record ||
		    code == RESULT_TEMPERROR || code == RESULT_PERMERROR)
			return reason;
	}
	return w->worse->lookups > policy->lookup_limit ? SPF_LOOKUP_LIMIT
	    : w->worse->voids > policy->void_limit      ? SPF_VOID_LIMIT
							: SPF_PASS;
}

static void
put_tree(const struct state *s)
{
	const struct screen out = screen_of(stdout);
	struct arena *a = s->cm.arena;
	size_t n;
	const struct result_line *line =
	    spf_whole_lines(&s->whole, &s->q->policy, s->cm.columns + 2, a, &n);

	for (size_t i = 0; i < n; i++) {
		struct screen_text t = SCREEN_TEXT(a);

		screen_add(&t, line[i].role, line[i].text);
		screen_put(&out, &t);
	}
	if (s->cm.verbose)
		output_dns(&out, s->cm.dns, a);
}

static void
put_json(const struct state *s, enum spf_reason reason)
{
	const struct spf_cost *c = s->whole.worse;
	struct arena *a = s->cm.arena;

	output_json(json_pack("{s:i, s:o, s:s?, s:s, s:I, s:I, s:o}",
			JSON_MEMBER("schema", 1),
			JSON_MEMBER("domain", json_text(s->q->domain, a)),
			JSON_MEMBER("id", spf_reasons[reason].id),
			JSON_MEMBER("clients", c->family),
			JSON_MEMBER("lookups", (json_int_t)c->lookups),
			JSON_MEMBER("voids", (json_int_t)c->voids),
			JSON_MEMBER("tree", spf_trace_json(&c->trace, a))),
	    stdout);
}

static size_t
end(void *state, const struct result **results)
{
	struct state *s = state;
	enum spf_reason reason;

	spf_whole(
	    s->q->domain, &s->q->policy, s->cm.dns, s->cm.arena, &s->whole);
	reason = reason_of(&s->whole, &s->q->policy);
	if (s->q->mode == CHECKER_JSON)
		put_json(s, reason);
	else if (s->q->mode == CHECKER_REPORT)
		put_tree(s);
	s->result =
	    (struct result){.method = "spf", .code = spf_reasons[reason].code};
	*results = &s->result;
	return 1;
}

void
query_show_domain(struct checker *c)
{
	c->begin = begin;
	c->end = end;
	c->writes_stdout = true;
	c->always_verbose = false;
}
