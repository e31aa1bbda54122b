/* verify: verifies the signatures of one message. */
/* SPDX-License-Identifier: ISC */

#include "verify.h"

/* The state of one message: the verifier, what --canonical writes, and what
 * --explain needs. */
struct state {
	struct dkim_verifier *verifier;
	struct explain_message *explain; /* or NULL */
	struct sink **sinks;
	size_t n;
	struct sink_file out;
};

static void
add_sink(struct state *s, struct sink *sink)
{
	if (sink)
		s->sinks[s->n++] = sink;
}

/* --explain sets cm->verbose, too. */
void *
verify_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n)
{
	const struct verify *run = cm->tool;
	struct dkim_policy policy = run->policy;
	struct state *s = ARENA_NEW(cm->m->arena, struct state);
	struct sink *const *hashes;

	policy.verbose = cli_verbose;
	policy.now = cm->now;
	s->verifier = dkim_verify_begin(cm->m, cm->dns, &policy);
	s->n = dkim_verify_sinks(s->verifier, &hashes);
	s->sinks = ARENA_ARRAY(cm->m->arena, struct sink *, s->n + 2);
	for (size_t i = 0; i < s->n; i++)
		s->sinks[i] = hashes[i];
	s->out = sink_to_file(stdout);
	if (run->canonical.index)
		add_sink(s,
		    canonical_begin(
			&run->canonical, cm->m, s->verifier, &s->out.sink));
	if (run->explain)
		s->explain =
		    explain_message_begin(run->explain, cm, s->verifier);
	if (s->explain)
		add_sink(s, explain_message_sink(s->explain, s->n > 0));
	*sinks = s->sinks;
	*n = s->n;
	return s;
}

size_t
verify_end(void *state, const struct result **results)
{
	struct state *s = state;
	size_t n = dkim_verify_end(s->verifier, results);

	if (s->explain)
		*results = explain_message_end(s->explain, *results, n);
	return n;
}

void
verify_json(void *state, json_t *object)
{
	struct state *s = state;

	if (s->explain)
		explain_message_json(s->explain, object);
}

void
verify_conclude(void *tool, const struct screen *to, struct arena *a)
{
	const struct verify *run = tool;

	if (run->explain)
		explain_run_conclude(run->explain, to, a);
}
