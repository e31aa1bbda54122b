/* checker_evaluate: evaluate one message or query, without forged fields. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/buf.h"
#include "mail/authres.h"
#include "tool/checker_internal.h"

/* The columns of details where nothing is folded. */
#define WIDTH_UNFOLDED 100u

static struct authres_removal
removal(const struct checker_run *run)
{
	return (struct authres_removal){.normal_id = run->normal_id,
	    .method = run->c->method,
	    .keep = run->keep_authres,
	    .other = run->c->strip_field};
}

void
checker_remove_forged(struct checker_run *run, struct message *m)
{
	const struct authres_removal what = removal(run);

	run->forged = authres_remove(&what, m);
}

struct sink *
checker_strip(
    struct checker_run *run, const struct message *m, struct sink *next)
{
	struct authres_removal what = removal(run);

	if (!m->too_large && !message_header_unterminated(m))
		return NULL;
	return authres_strip_new(next, &what, message_header_eol(m));
}

/* Sets the time of evaluation; false if --now=received found no date. */
static bool
message_time(
    const struct checker_run *run, const struct message *m, int64_t *now)
{
	const struct envelope_trust *trust = &run->trust;

	*now = run->now;
	return !run->now_received ||
	    received_find_date(
		m, trust->received_by, trust->relays, trust->nrelays, now);
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

static struct span
unfold(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != '\r' && text.p[i] != '\n')
			buf_char(&b, text.p[i]);
	return buf_span(&b);
}

/* The topmost Message-ID (RFC 5322 3.6.4), or absent. */
static struct span
message_id(const struct message *m)
{
	const struct field *above, *f = message_lowest(m, SPAN("Message-ID"));
	struct span text, inner;

	if (!f)
		return SPAN_NONE;
	while ((above = message_above(m, f)))
		f = above;
	text = unfold(f->body, m->arena);
	inner = span_from(text, span_find(text, '<'));
	if (inner.len && span_find(inner, '>') < inner.len)
		text =
		    span_between(inner.p + 1, inner.p + span_find(inner, '>'));
	text = span_trim(text);
	return text.len ? text : SPAN_NONE;
}

/* A sink that counts the octets of a body. */
struct counter {
	struct sink sink;
	uint64_t octets;
};

static void
counter_put(struct sink *self, const char *p, size_t n)
{
	(void)p;
	((struct counter *)self)->octets += n;
}

static void
counter_end(struct sink *self)
{
	(void)self;
}

/* Reads the body into n sinks and sets the size of the message. -H only counts
 * the forged fields; those after the header are counted in passing. */
static int
read_body(struct checker_run *run, struct message *m, struct sink *const *sinks,
    size_t n, uint64_t *size)
{
	struct counter counter = {{counter_put, counter_end}, 0};
	struct sink nowhere = sink_to_nowhere();
	struct sink *strip = run->c->mode == CHECKER_HEADER
	    ? checker_strip(run, m, &nowhere)
	    : NULL;
	struct sink **all = ARENA_ARRAY(run->memory, struct sink *, n + 2);
	int rc;

	for (size_t i = 0; i < n; i++)
		all[i] = sinks[i];
	all[n++] = &counter.sink;
	if (strip) {
		all[n++] = strip;
		sink_put(strip, m->separator);
	}
	rc = message_body(m, all, n, run->c->mode == CHECKER_FILTER);
	*size =
	    (uint64_t)(m->body.p - m->head.p) - m->mbox.len + counter.octets;
	if (strip)
		run->forged += authres_strip_removed(strip);
	authres_strip_free(strip);
	return rc;
}

/* Details are indented by two columns. */
static size_t
detail_columns(const struct checker_run *run)
{
	const struct screen *to =
	    checker_writes_field(run->c->mode) ? &run->err : &run->out;

	return (to->width ? to->width : WIDTH_UNFOLDED) - 2;
}

struct checker_message
checker_message(const struct checker_run *run)
{
	return (struct checker_message){.tool = run->c->tool,
	    .envelope = run->c->given,
	    .receiver = run->id,
	    .removal = removal(run),
	    .dns = run->dns,
	    .arena = run->memory,
	    .now = run->now,
	    .verbose = run->verbose || run->c->always_verbose,
	    .columns = detail_columns(run)};
}

/* Must the rest of a message that is not evaluated be read? It has to be
 * written, or a process that writes it to stdin expects a reader. Any other
 * operand may be endless, and is not read on. */
static bool
needs_rest(const struct checker_run *run, const struct message *m)
{
	return checker_writes_field(run->c->mode) || m->source->fd == 0;
}

int
checker_evaluate(
    struct checker_run *run, struct message *m, struct checker_outcome *o)
{
	struct checker_message cm = checker_message(run);
	struct sink *const *sinks;
	bool has_time;
	size_t n;

	*o = (struct checker_outcome){.envelope = cm.envelope, .now = cm.now};
	if (m->too_large) {
		too_large(run, o);
		return needs_rest(run, m) ? read_body(run, m, NULL, 0, &o->size)
					  : 0;
	}
	cm.m = m;
	has_time = message_time(run, m, &cm.now);
	o->now = cm.now;
	o->message_id = message_id(m);
	if (run->c->takes_envelope)
		envelope_find(&cm.envelope, m, &run->trust, m->arena);
	o->envelope = cm.envelope;
	if (source_is_read(m->source)) /* no lookup is awaited meanwhile */
		dns_hold(run->dns);
	o->state = run->c->begin(&cm, &sinks, &n);
	if (read_body(run, m, sinks, n, &o->size) < 0)
		return -1;
	o->n = run->c->end(o->state, &o->list);
	if (!has_time)
		add_note(o, "no-received-date",
		    SPAN("no trusted Received field has a date: the clock "
			 "of this host was used"),
		    m->arena);
	checker_hint_evaluated(run, o);
	return 0;
}

void
checker_evaluate_query(struct checker_run *run,
    const struct checker_message *cm, struct checker_outcome *o)
{
	static const struct span not_given = {"not given", 9};
	struct sink *const *sinks;
	size_t n;

	*o = (struct checker_outcome){.envelope = cm->envelope, .now = cm->now};
	if (!o->envelope.ip_from.p)
		o->envelope.ip_from = not_given;
	if (!o->envelope.helo_from.p)
		o->envelope.helo_from = not_given;
	if (!o->envelope.sender_from.p)
		o->envelope.sender_from = not_given;
	dns_hold(run->dns);
	o->state = run->c->begin(cm, &sinks, &n);
	o->n = run->c->end(o->state, &o->list);
}

/* The results of the tool's own method come first; returns how many. */
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
