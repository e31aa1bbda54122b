/* checker_modes: write results as a field, as lines or as JSON. */
/* SPDX-License-Identifier: ISC */

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "mail/authres.h"
#include "tool/checker_internal.h"
#include "tool/output.h"

/*
 * Filter and header mode.
 */

/* Is the envelope to be shown? Not if the tool takes none, or a query has none;
 * but always for queries of a list, whose errors it shows. */
static bool
has_envelope(const struct checker_run *run, const struct envelope *e)
{
	return run->c->takes_envelope &&
	    (!run->c->query || run->c->next || e->has_ip || e->helo.p ||
		e->sender.p);
}

static void
show_detail(struct checker_run *run, const struct checker_outcome *o,
    const struct result *r, const struct screen *to)
{
	if (!run->verbose && !run->c->always_verbose)
		return;
	if (has_envelope(run, &o->envelope) && !run->c->no_envelope &&
	    r == o->list && run->verbose)
		output_envelope(to, &o->envelope, run->memory);
	output_detail(to, r, run->memory);
}

static void
detail_to_stderr(struct checker_run *run, const struct checker_outcome *o)
{
	for (size_t i = 0; i < o->n; i++) {
		output_line(&run->err, &o->list[i], SPAN_NONE, run->memory);
		show_detail(run, o, &o->list[i], &run->err);
	}
	output_dns(&run->err, run->dns, run->memory);
}

static struct span
compose(
    struct checker_run *run, const struct checker_outcome *o, const char *eol)
{
	struct span field =
	    authres_compose(run->id, o->list, o->n, eol, run->memory);
	struct buf b = BUF(run->memory);

	if (!run->c->fields || !o->state)
		return field;
	buf_add(&b, field);
	buf_add(&b, run->c->fields(o->state, eol));
	return buf_span(&b);
}

static void
write_filtered(struct checker_run *run, struct message *m, struct span field)
{
	struct sink_file out = sink_to_file(stdout);
	struct sink *strip;

	if (run->c->mode == CHECKER_HEADER) {
		sink_put(&out.sink, field);
		return;
	}
	strip = checker_strip(run, m, &out.sink);
	cli_put_message(m, field, &out.sink, strip);
	authres_strip_free(strip);
}

static void
warn_of_forged(const struct checker_run *run)
{
	struct span name = run->c->strip_field;

	warn("%zu Authentication-Results field(s) with the authserv-id of this "
	     "host%s" SPAN_FMT " must be removed, which -H cannot do",
	    run->forged, name.p ? ", or fields " : "", SPAN_ARG(name));
}

int
checker_filter(struct checker_run *run)
{
	struct message m;
	struct source source;
	struct checker_outcome o;
	struct span field;

	dns_begin(run->dns);
	cli_read_message(&m, &source, true, run->memory);
	checker_remove_forged(run, &m);
	if (checker_evaluate(run, &m, &o) < 0)
		die(EX_IOERR, "cannot read or keep the message: %s",
		    strerror(errno));
	field = compose(run, &o, m.eol);
	if (run->verbose)
		detail_to_stderr(run, &o);
	if (cli_is_deferred(checker_verdict(run, &o)))
		die_quietly(EX_TEMPFAIL);
	cli_dns_close(run->dns); /* may end the program: before any output */
	if (run->forged && run->c->mode == CHECKER_HEADER)
		warn_of_forged(run);
	write_filtered(run, &m, field);
	message_free(&m);
	return 0;
}

/*
 * Report, JSON and status mode.
 */

static void
set_failed(struct checker_run *run, int status)
{
	run->failed = true;
	if (!run->status)
		run->status = status;
}

static void
report_as_json(
    struct checker_run *run, struct span name, const struct checker_outcome *o)
{
	const struct output_subject subject = {
	    name, o->now, o->message_id, o->size};
	json_t *object = output_object(&subject, o->list, o->n,
	    run->verbose ? run->dns : NULL, run->memory);

	if (has_envelope(run, &o->envelope))
		json_object_set_new(object, "envelope",
		    output_json_envelope(&o->envelope, run->memory));
	if (run->c->json && o->state)
		run->c->json(o->state, object);
	output_json(object, stdout);
}

static void
report_as_lines(
    struct checker_run *run, struct span label, const struct checker_outcome *o)
{
	for (size_t i = 0; i < o->n; i++) {
		output_line(&run->out, &o->list[i], label, run->memory);
		show_detail(run, o, &o->list[i], &run->out);
	}
	if (run->verbose)
		output_dns(&run->out, run->dns, run->memory);
}

static void
report(struct checker_run *run, struct span name, bool named,
    const struct checker_outcome *o)
{
	if (run->c->writes_stdout || run->c->mode == CHECKER_STATUS)
		return;
	if (run->c->mode == CHECKER_JSON)
		report_as_json(run, name, o);
	else if (named && run->results_column)
		checker_table_row(run, name, o);
	else
		report_as_lines(run, named ? name : SPAN_NONE, o);
}

/* Counts a message that was evaluated and reported. */
static void
count_outcome(struct checker_run *run, const struct checker_outcome *o)
{
	enum result_code verdict = checker_verdict(run, o);

	if (ferror(stdout))
		cli_close_stdout(); /* ends the program (74) */
	run->verdicts[verdict]++;
	if (verdict != RESULT_PASS)
		set_failed(run, checker_status(run, o));
}

/* Reports a failure to people on stderr, after the place that names the
 * operand, if there is one, and to programs as a JSON object in the place of
 * the message's. */
static void
not_evaluated(struct checker_run *run, struct span where, struct span name,
    int status, const char *why)
{
	warn(SPAN_FMT "%s" SPAN_FMT ": %s", SPAN_ARG(where),
	    where.len ? ": " : "", SPAN_ARG(name), why);
	if (run->c->mode == CHECKER_JSON)
		output_json(output_failure(name, why, run->memory), stdout);
	run->unread++;
	set_failed(run, cli_status(status));
}

static void
visit_failed(struct input_visitor *v, struct span where, struct span name,
    const char *why)
{
	not_evaluated((struct checker_run *)v, where, name, EX_NOINPUT, why);
}

/* A read error of an operand has the status of one that cannot be opened. */
static void
not_read(struct checker_run *run, struct span operand, struct span name)
{
	not_evaluated(run, SPAN(""), name,
	    span_eq(operand, SPAN("-")) ? EX_IOERR : EX_NOINPUT,
	    strerror(errno));
}

static void
visit_message(struct input_visitor *v, struct span operand, struct span name,
    bool named, struct source *source)
{
	struct checker_run *run = (struct checker_run *)v;
	struct message m;
	struct checker_outcome o;

	arena_reset(run->memory);
	dns_begin(run->dns);
	switch (message_read(&m, source, run->memory)) {
	case MESSAGE_EMPTY:
		not_evaluated(
		    run, SPAN(""), name, EX_DATAERR, "the input is empty");
		return;
	case MESSAGE_NO_FIELD:
		if (source->fd == 0)
			cli_drain_stdin();
		not_evaluated(run, SPAN(""), name, EX_DATAERR,
		    arena_printf(
			run->memory, "not a message: %s", message_beginning(&m))
			.p);
		return;
	case MESSAGE_READ:
		not_read(run, operand, name);
		return;
	case MESSAGE_OK:
	case MESSAGE_TOO_LARGE:
		break;
	}
	checker_remove_forged(run, &m);
	if (checker_evaluate(run, &m, &o) < 0) {
		not_read(run, operand, name);
		return;
	}
	report(run, name, named, &o);
	count_outcome(run, &o);
	message_free(&m);
}

static void
visit_empty(struct input_visitor *v, struct span folder)
{
	(void)v;
	warn(SPAN_FMT ": no messages in this folder", SPAN_ARG(folder));
}

static void
visit_file(struct input_visitor *v, const char *path)
{
	const struct checker *c = ((const struct checker_run *)v)->c;

	if (c->file)
		c->file(path);
}

/* Several messages are a table on a terminal, unless there is more to show of
 * each than a row holds. */
static void
plan(struct input_visitor *v, size_t longest)
{
	struct checker_run *run = (struct checker_run *)v;

	if (run->c->mode == CHECKER_REPORT && run->out.width && !run->verbose &&
	    !run->c->always_verbose)
		checker_table_plan(run, longest);
}

static int
exit_status(const struct checker_run *run)
{
	if (run->failed)
		return run->status;
	return cli_verdict_status(
	    run->verdicts[RESULT_PASS] ? RESULT_PASS : RESULT_NONE, 0);
}

int
checker_report(struct checker_run *run, const struct input *in)
{
	run->visitor = (struct input_visitor){.message = visit_message,
	    .failed = visit_failed,
	    .empty = visit_empty,
	    .file = visit_file,
	    .plan = in->naming == INPUT_DEFAULT ? plan : NULL};
	input_walk(in, &run->visitor, run->arena);
	cli_dns_close(run->dns);
	checker_summary(run);
	return exit_status(run);
}

/*
 * Queries.
 */

static bool
next_query(struct checker_run *run, struct checker_message *cm, bool first)
{
	arena_reset(run->memory);
	dns_begin(run->dns);
	*cm = checker_message(run);
	return run->c->next ? run->c->next(cm) : first;
}

/* Writes the field of a query, unless --defer makes its verdict temporary. */
static void
write_query_field(struct checker_run *run, const struct checker_outcome *o)
{
	struct sink_file out = sink_to_file(stdout);

	if (run->verbose)
		detail_to_stderr(run, o);
	if (!cli_is_deferred(checker_verdict(run, o)))
		sink_put(&out.sink, compose(run, o, "\n"));
}

int
checker_query(struct checker_run *run)
{
	struct checker_message cm;
	struct checker_outcome o;

	for (bool first = true; next_query(run, &cm, first); first = false) {
		checker_evaluate_query(run, &cm, &o);
		if (run->c->mode == CHECKER_HEADER)
			write_query_field(run, &o);
		else
			report(run, SPAN_NONE, false, &o);
		count_outcome(run, &o);
	}
	cli_dns_close(run->dns);
	return exit_status(run);
}
