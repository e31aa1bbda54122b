#include <string.h>

#include "authres.h"
#include "checker_run.h"

void
checker_remove_forged(struct checker_run *run, struct message *m)
{
	run->forged = 0;
	for (size_t i = 0; i < m->fields; i++) {
		struct field *f = &m->field[i];

		f->dropped = authres_is_ours(f->name, f->body, run->normal_id,
				 run->c->method, run->keep_authres, m->arena) ||
		    span_caseeq(f->name, run->c->removes);
		run->forged += f->dropped;
	}
}

struct sink *
checker_strip(
    struct checker_run *run, const struct message *m, struct sink *next)
{
	if (!m->too_large && !m->loose)
		return NULL;
	return authres_strip_new(next, run->normal_id, run->c->method,
	    run->keep_authres, run->c->removes, m->field_eol);
}

/* The time that counts; false if --now=received found none. */
static bool
message_time(struct checker_run *run, const struct message *m, int64_t *now)
{
	const struct envelope_trust *trust = &run->trust;
	struct received found;

	*now = run->now;
	if (!run->now_received)
		return true;
	if (received_find(m, trust->received_by, trust->relays, trust->nrelays,
		m->arena, &found) == SIZE_MAX ||
	    !found.has_date)
		return false;
	*now = found.date;
	return true;
}

static void
too_large(struct checker_run *run, struct checker_outcome *o)
{
	struct result *r = ARENA_NEW(run->memory, struct result);

	*r = (struct result){.method = run->c->method,
	    .code = RESULT_PERMERROR,
	    .why = {"header-too-large",
		SPAN("the header is over 8 MiB or 100000 fields")}};
	o->list = r;
	o->n = 1;
}

static void
add_note(struct checker_outcome *o, const char *id, struct span words,
    struct arena *a)
{
	struct result *copy = ARENA_ARRAY(a, struct result, o->n);

	memcpy(copy, o->list, o->n * sizeof(*copy));
	for (size_t i = 0; i < o->n; i++)
		result_note(&copy[i], id, words);
	o->list = copy;
}

/* For who writes nothing but the field, what claims to be ours and is not in
 * the header is counted in passing. */
static int
read_body(struct checker_run *run, struct message *m, struct sink *const *sinks,
    size_t n)
{
	struct sink nowhere = sink_to_nowhere();
	struct sink *strip = run->c->mode == CHECKER_HEADER
	    ? checker_strip(run, m, &nowhere)
	    : NULL;
	struct sink **all = ARENA_ARRAY(run->memory, struct sink *, n + 1);
	int rc;

	for (size_t i = 0; i < n; i++)
		all[i] = sinks[i];
	all[n] = strip;
	if (strip)
		sink_put(strip, m->separator);
	rc = message_body(
	    m, all, n + (strip != NULL), run->c->mode == CHECKER_FILTER);
	if (strip)
		run->forged += authres_strip_removed(strip);
	authres_strip_free(strip);
	return rc;
}

struct checker_message
checker_message(const struct checker_run *run)
{
	return (struct checker_message){.tool = run->c->tool,
	    .envelope = run->c->given,
	    .receiver = run->id,
	    .dns = run->dns,
	    .arena = run->memory,
	    .now = run->now,
	    .explain = run->verbose || run->c->explains};
}

int
checker_judge(
    struct checker_run *run, struct message *m, struct checker_outcome *o)
{
	struct checker_message cm = checker_message(run);
	struct sink *const *sinks;
	bool has_time;
	size_t n;

	*o = (struct checker_outcome){.envelope = cm.envelope};
	if (m->too_large) {
		too_large(run, o);
		return read_body(run, m, NULL, 0);
	}
	cm.m = m;
	has_time = message_time(run, m, &cm.now);
	if (run->c->takes_envelope)
		envelope_find(&cm.envelope, m, &run->trust, m->arena);
	o->envelope = cm.envelope;
	o->state = run->c->begin(&cm, &sinks, &n);
	if (read_body(run, m, sinks, n) < 0)
		return -1;
	o->n = run->c->end(o->state, &o->list);
	if (!has_time)
		add_note(o, "no-received-date",
		    SPAN("no trusted Received field has a date: the clock "
			 "of this host was used"),
		    m->arena);
	return 0;
}

void
checker_judge_query(struct checker_run *run, const struct checker_message *cm,
    struct checker_outcome *o)
{
	static const struct span not_given = {"not given", 9};
	struct sink *const *sinks;
	size_t n;

	*o = (struct checker_outcome){.envelope = cm->envelope};
	if (!o->envelope.ip_from.p)
		o->envelope.ip_from = not_given;
	if (!o->envelope.helo_from.p)
		o->envelope.helo_from = not_given;
	if (!o->envelope.sender_from.p)
		o->envelope.sender_from = not_given;
	o->state = run->c->begin(cm, &sinks, &n);
	o->n = run->c->end(o->state, &o->list);
}

/* The results of the tool's own method stand first. */
static size_t
own_results(const struct checker_run *run, const struct checker_outcome *o)
{
	size_t n = 0;

	while (n < o->n && !strcmp(o->list[n].method, run->c->method))
		n++;
	return n;
}

enum result_code
checker_verdict(const struct checker_run *run, const struct checker_outcome *o)
{
	size_t n = own_results(run, o);

	if (run->c->verdict_last && n)
		return o->list[n - 1].code;
	return result_verdict(
	    o->list, n, run->c->verdict_all, run->c->verdict_of);
}

int
checker_status(const struct checker_run *run, const struct checker_outcome *o)
{
	enum result_code verdict = checker_verdict(run, o);
	int own = 0;

	for (size_t i = own_results(run, o); i-- > 0;)
		if (o->list[i].code == verdict)
			own = o->list[i].status;
	return cli_verdict_status(verdict, own);
}
