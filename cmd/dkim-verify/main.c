/* dkim-verify: verify the DKIM signatures of messages (RFC 6376). */
/* SPDX-License-Identifier: ISC */
/* Identifiers: DKIM_REASONS DKIM_NOTE DNS_REASONS CONTEXT_REMARKS */
/* Identifiers: body_repair body_force header_repair repair_kind */

#include "canonical.h"
#include "explain.h"

#include "base/limit.h"

static uint64_t max_signatures = LIMIT_SIGNATURES;
static bool all, allow_body_length, honor_testing, legacy;
static const char *require_domain;
static struct canonical canonical;

static const struct cli_option options[] = {
    {"all", 0, CLI_FLAG, &all, NULL, "pass only if every signature passes"},
    {"require-domain", 0, CLI_STRING, &require_domain, "DOMAIN",
	"pass only if a signature of DOMAIN passes"},
    {"max-signatures", 0, CLI_NUMBER, &max_signatures, "N",
	"verify only the topmost N signatures (default 10)"},
    {"allow-body-length", 0, CLI_FLAG, &allow_body_length, NULL,
	"accept l=, which leaves the end of a body unsigned"},
    {"honor-testing", 0, CLI_FLAG, &honor_testing, NULL,
	"turn a pass by a key in testing (t=y) into neutral"},
    {"legacy", 0, CLI_FLAG, &legacy, NULL,
	"accept rsa-sha1 and small keys, as before RFC 8301 (-r, "
	"-j, -q)"},
    {"canonical", 0, CLI_STRING, &canonical.part, "header|body",
	"write the octets that a signature covers"},
    {"index", 0, CLI_NUMBER, &canonical.index, "N",
	"number of the signature for --canonical (default 1)"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

/* What all messages of a run share. */
struct tool {
	struct key_ring *keys;
	struct explain_run *explain; /* or NULL */
};

static bool
implies_report(void)
{
	return canonical.part || explain_run_wanted();
}

static void
check(struct checker *c, struct arena *a)
{
	canonical_check(&canonical, c->mode, a);
	if (legacy && checker_writes_field(c->mode))
		cli_usage("--legacy works only with -r, -j and -q");
	c->writes_stdout = canonical.part != NULL;
	c->verdict_all = all;
	c->verdict_of = cli_domain("--require-domain", require_domain, a);
	((struct tool *)c->tool)->explain = explain_run_check(c, a);
}

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
static void *
begin(const struct checker_message *cm, struct sink *const **sinks, size_t *n)
{
	const struct tool *tool = cm->tool;
	const struct dkim_policy policy = {max_signatures, allow_body_length,
	    honor_testing, legacy, cli_verbose, cm->now, tool->keys};
	struct state *s = ARENA_NEW(cm->m->arena, struct state);
	struct sink *const *hashes;

	s->verifier = dkim_verify_begin(cm->m, cm->dns, &policy);
	s->n = dkim_verify_sinks(s->verifier, &hashes);
	s->sinks = ARENA_ARRAY(cm->m->arena, struct sink *, s->n + 2);
	for (size_t i = 0; i < s->n; i++)
		s->sinks[i] = hashes[i];
	s->out = sink_to_file(stdout);
	add_sink(
	    s, canonical_begin(&canonical, cm->m, s->verifier, &s->out.sink));
	s->explain = explain_message_begin(tool->explain, cm, s->verifier);
	add_sink(s, explain_message_sink(s->explain, s->n > 0));
	*sinks = s->sinks;
	*n = s->n;
	return s;
}

static size_t
end(void *state, const struct result **results)
{
	struct state *s = state;
	size_t n = dkim_verify_end(s->verifier, results);

	*results = explain_message_end(s->explain, *results, n);
	return n;
}

static void
add_json(void *state, json_t *object)
{
	explain_message_json(((struct state *)state)->explain, object);
}

static void
conclude(void *tool, const struct screen *to, struct arena *a)
{
	explain_run_conclude(((struct tool *)tool)->explain, to, a);
}

static const struct cli_tool help = {"[OPTION...] [FILE...]",
    "Verifies DKIM signatures (RFC 6376): is the message as it was signed?",
    {"dkim-verify message",
	"dkim-verify -a --authserv-id=mx.example.net <message >annotated"},
    "explain all require-domain annotate report json quiet verbose authserv-id "
    "nameserver zone"};

int
main(int argc, char **argv)
{
	struct tool tool = {.keys = key_ring_new()};
	struct checker c = {.method = "dkim",
	    .help = &help,
	    .options = options,
	    .extra_options = {"Explanations:", explain_run_options},
	    .implies_report = implies_report,
	    .tool = &tool,
	    .check = check,
	    .begin = begin,
	    .end = end,
	    .json = add_json,
	    .conclude = conclude};
	int status = checker_main(&c, argc, argv);

	key_ring_free(tool.keys);
	return status;
}
