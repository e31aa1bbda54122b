#include "checker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "authres.h"
#include "die.h"
#include "domain.h"
#include "input.h"
#include "received.h"
#include "report.h"

static bool annotate, header_only, want_report, json, quiet, verbose;
static bool keep_authres, mbox, nul_separated;
static const char *authserv_id, *now_text, *files_from, *received_by;
static struct cli_list trusted_relays;

static const struct cli_option mode_options[] = {
    {"annotate", 'a', CLI_FLAG, &annotate, NULL,
	"write the message with the result (default without operands)"},
    {"header", 'H', CLI_FLAG, &header_only, NULL,
	"write only the field with the result"},
    {"report", 'r', CLI_FLAG, &want_report, NULL,
	"one line a result (default with operands)"},
    {"json", 'j', CLI_FLAG, &json, NULL, "one JSON object a message"},
    {"quiet", 'q', CLI_FLAG, &quiet, NULL, "only the exit status"},
    {"verbose", 'v', CLI_FLAG, &verbose, NULL, "explain"},
    {"files-from", 0, CLI_STRING, &files_from, "FILE",
	"more operands, one a line"},
    {"null", '0', CLI_FLAG, &nul_separated, NULL, "they are separated by NUL"},
    {"mbox", 0, CLI_FLAG, &mbox, NULL, "stdin is an mbox"},
    {"authserv-id", 0, CLI_STRING, &authserv_id, "ID",
	"our name in Authentication-Results"},
    {"keep-authres", 0, CLI_FLAG, &keep_authres, NULL,
	"keep results of other methods under our name"},
    {"now", 0, CLI_STRING, &now_text, "TIME",
	"the time: seconds, RFC 3339, or received"},
    {"received-by", 0, CLI_STRING, &received_by, "HOST",
	"whose Received field is trusted (default: our name)"},
    {"trusted-relays", 0, CLI_LIST, &trusted_relays, "CIDR,...",
	"clients that are relays of ours"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

/* One run: what all its messages share. */
struct run {
	struct input_visitor visitor; /* first: a visitor is a run */
	struct checker *c;
	struct arena *arena;  /* of the run */
	struct arena *memory; /* of a message */
	struct dns *dns;
	int64_t now;
	bool now_received, colour;
	struct span id, normal_id; /* the authserv-id, and as it compares */
	struct span received_by;
	struct ip_network *trusted;
	size_t ntrusted;
	size_t passed, failed; /* messages; what cannot be read failed */
	size_t forged;         /* fields of this message under our name */
	int status; /* of the first that failed; 0s of --exit-map not counted */
};

static void
set_failed(struct run *run, int status)
{
	run->failed++;
	if (!run->status)
		run->status = status;
}

bool
checker_writes_field(enum checker_mode mode)
{
	return mode == CHECKER_FILTER || mode == CHECKER_HEADER;
}

static enum checker_mode
choose_mode(const struct checker *c, const char *const *operand)
{
	bool reports = c->implies_report && c->implies_report();

	if (annotate + header_only + want_report + json + quiet > 1)
		cli_usage("at most one of -a, -H, -r, -j and -q");
	reports = reports || *operand || files_from || mbox;
	if ((annotate || header_only) && reports)
		cli_usage("-%c reads one message on stdin: no operands, and "
			  "no option that reports",
		    annotate ? 'a' : 'H');
	if (json)
		return CHECKER_JSON;
	if (quiet)
		return CHECKER_STATUS;
	if (header_only)
		return CHECKER_HEADER;
	return want_report || reports ? CHECKER_REPORT : CHECKER_FILTER;
}

static struct span
own_id(struct arena *a)
{
	char host[256] = "";
	const char *id =
	    authserv_id ? authserv_id : getenv("VOUCH_AUTHSERV_ID");

	if (!authserv_id && (!id || !*id)) {
		if (gethostname(host, sizeof(host) - 1) < 0 || !*host)
			die(EX_OSERR, "this host has no name: --authserv-id");
		id = host;
	}
	if (!authres_is_id(span_of(id), a))
		cli_usage("--authserv-id: cannot be written: %s", id);
	return arena_span(a, span_of(id));
}

static void
add_networks(struct run *run, const char *list)
{
	struct span rest = span_of(list);

	while (rest.p) {
		struct span item = span_trim(span_cut(&rest, ','));

		run->trusted =
		    ARENA_PUSH(run->arena, run->trusted, run->ntrusted);
		if (!ip_parse_network(item, &run->trusted[run->ntrusted++]))
			cli_usage("--trusted-relays: not a list of networks: "
				  "%s",
			    list);
	}
}

static void
read_options(struct run *run, const char *const *operand)
{
	run->c->mode = choose_mode(run->c, operand);
	run->now_received = now_text && !strcmp(now_text, "received");
	run->now = cli_time(run->now_received ? NULL : now_text);
	run->id = own_id(run->arena);
	run->normal_id = domain_normal_id(run->id, run->arena);
	run->received_by = received_by
	    ? domain_normal_id(span_of(received_by), run->arena)
	    : run->normal_id;
	for (size_t i = 0; i < trusted_relays.items; i++)
		add_networks(run, trusted_relays.item[i]);
	if (!run->now_received && (received_by || trusted_relays.items))
		cli_usage("--received-by and --trusted-relays go with "
			  "--now=received");
	if (keep_authres && !checker_writes_field(run->c->mode))
		cli_usage("--keep-authres goes with -a and -H");
	if (nul_separated && !files_from)
		cli_usage("-0 goes with --files-from");
	run->colour =
	    run->c->mode == CHECKER_REPORT && isatty(1) && !getenv("NO_COLOR");
}

/* Removes what claims to be ours (RFC 8601 5). */
static void
remove_forged(struct run *run, struct message *m)
{
	run->forged = 0;
	for (size_t i = 0; i < m->fields; i++) {
		struct field *f = &m->field[i];

		f->dropped = authres_is_ours(f->name, f->body, run->normal_id,
		    run->c->method, keep_authres, m->arena);
		run->forged += f->dropped;
	}
}

/* The time that counts; false if --now=received found none. */
static bool
message_time(struct run *run, const struct message *m, int64_t *now)
{
	struct received found;

	*now = run->now;
	if (!run->now_received)
		return true;
	if (received_find(m, run->received_by, run->trusted, run->ntrusted,
		m->arena, &found) == SIZE_MAX ||
	    !found.has_date)
		return false;
	*now = found.date;
	return true;
}

/* What is said of one message. */
struct outcome {
	const struct result *list;
	size_t n;
};

static struct outcome
too_large(struct run *run)
{
	struct result *r = ARENA_NEW(run->memory, struct result);

	*r = (struct result){.method = run->c->method,
	    .code = RESULT_PERMERROR,
	    .why = {"header-too-large",
		SPAN("the header is over 8 MiB or 100000 fields")}};
	return (struct outcome){r, 1};
}

static struct outcome
add_note(struct outcome o, const char *id, struct span words, struct arena *a)
{
	struct result *copy = ARENA_ARRAY(a, struct result, o.n);

	memcpy(copy, o.list, o.n * sizeof(*copy));
	for (size_t i = 0; i < o.n; i++)
		result_note(&copy[i], id, words);
	return (struct outcome){copy, o.n};
}

/* A header that is too large is not judged; what in it claims to be ours is
 * counted in passing. */
static int
judge_large(struct run *run, struct message *m, struct outcome *o)
{
	struct sink nowhere = sink_to_nowhere();
	struct sink *strip = authres_strip_new(
	    &nowhere, run->normal_id, run->c->method, keep_authres);
	int rc = message_body(m, &strip, 1, run->c->mode == CHECKER_FILTER);

	run->forged = authres_strip_removed(strip);
	authres_strip_free(strip);
	*o = too_large(run);
	return rc;
}

/* Judges a message whose header was read. 0, or -1 with errno. */
static int
judge(struct run *run, struct message *m, struct outcome *o)
{
	struct checker_message cm = {m, run->dns, run->now, verbose};
	struct sink *const *sinks;
	bool has_time;
	size_t n;
	void *state;

	if (m->too_large)
		return judge_large(run, m, o);
	has_time = message_time(run, m, &cm.now);
	state = run->c->begin(&cm, &sinks, &n);
	if (message_body(m, sinks, n, run->c->mode == CHECKER_FILTER) < 0)
		return -1;
	o->n = run->c->end(state, &o->list);
	if (!has_time)
		*o = add_note(*o, "no-received-date",
		    SPAN("no trusted Received field has a date: the clock "
			 "of this host was used"),
		    m->arena);
	return 0;
}

static enum result_code
verdict(const struct run *run, const struct outcome *o)
{
	return result_verdict(
	    o->list, o->n, run->c->verdict_all, run->c->verdict_of);
}

/* Filter and header mode. */

static void
explain_all(struct run *run, const struct outcome *o, FILE *to)
{
	for (size_t i = 0; i < o->n; i++) {
		if (to == stderr)
			report_line(
			    &o->list[i], SPAN_NONE, false, to, run->memory);
		report_explain(&o->list[i], to);
	}
	report_dns(run->dns, to, run->memory);
}

static void
write_filtered(struct run *run, struct message *m, struct span field)
{
	struct sink_file out = sink_to_file(stdout);
	struct sink *strip = NULL;

	if (run->c->mode == CHECKER_HEADER) {
		sink_put(&out.sink, field);
		return;
	}
	if (m->too_large)
		strip = authres_strip_new(
		    &out.sink, run->normal_id, run->c->method, keep_authres);
	cli_put_message(m, field, &out.sink, strip);
	if (strip)
		authres_strip_free(strip);
}

static int
filter(struct run *run)
{
	struct message m;
	struct source source;
	struct outcome o;
	struct span field;

	dns_begin(run->dns);
	cli_read_message(&m, &source, true, run->memory);
	remove_forged(run, &m);
	if (judge(run, &m, &o) < 0)
		die(EX_IOERR, "cannot read or keep the message: %s",
		    strerror(errno));
	field = authres_compose(run->id, o.list, o.n, m.eol, run->memory);
	if (verbose)
		explain_all(run, &o, stderr);
	if (cli_is_deferred(verdict(run, &o)))
		die_quietly(EX_TEMPFAIL);
	cli_dns_close(run->dns); /* can fail: while nothing is written yet */
	if (run->forged && run->c->mode == CHECKER_HEADER)
		warn("%zu Authentication-Results field(s) under our name must "
		     "be removed: -H cannot",
		    run->forged);
	write_filtered(run, &m, field);
	message_free(&m);
	return 0;
}

/* Report, JSON and status mode. */

static void
visit_failed(struct input_visitor *v, struct span name)
{
	struct run *run = (struct run *)v;

	warn(SPAN_FMT ": %s", SPAN_ARG(name), strerror(errno));
	set_failed(run, cli_status(EX_NOINPUT));
}

static void
report(struct run *run, struct span name, struct span label,
    const struct outcome *o)
{
	if (run->c->raw || run->c->mode == CHECKER_STATUS)
		return;
	if (run->c->mode == CHECKER_JSON) {
		report_json(label.p ? label : name, o->list, o->n, run->dns,
		    stdout, run->memory);
		return;
	}
	for (size_t i = 0; i < o->n; i++) {
		report_line(
		    &o->list[i], label, run->colour, stdout, run->memory);
		if (verbose)
			report_explain(&o->list[i], stdout);
	}
	if (verbose)
		report_dns(run->dns, stdout, run->memory);
}

static void
not_judged(struct run *run, struct span name, int status, const char *why)
{
	warn(SPAN_FMT ": %s", SPAN_ARG(name), why);
	set_failed(run, cli_status(status));
}

/* An operand that cannot be read is as one that cannot be opened. */
static void
not_read(struct run *run, struct span name, struct span shown)
{
	not_judged(run, shown, span_eq(name, SPAN("-")) ? EX_IOERR : EX_NOINPUT,
	    strerror(errno));
}

static void
visit_message(struct input_visitor *v, struct span name, struct span label,
    struct source *source)
{
	struct run *run = (struct run *)v;
	struct span shown = label.p ? label : name;
	struct message m;
	struct outcome o;

	arena_reset(run->memory);
	dns_begin(run->dns);
	switch (message_read(&m, source, run->memory)) {
	case MESSAGE_EMPTY:
		not_judged(run, shown, EX_DATAERR, "the input is empty");
		return;
	case MESSAGE_NO_FIELD:
		source_drain(source);
		not_judged(run, shown, EX_DATAERR,
		    "no message: it does not begin with a field");
		return;
	case MESSAGE_READ:
		not_read(run, name, shown);
		return;
	case MESSAGE_OK:
	case MESSAGE_TOO_LARGE:
		break;
	}
	if (judge(run, &m, &o) < 0) {
		not_read(run, name, shown);
		return;
	}
	report(run, name, label, &o);
	if (ferror(stdout))
		cli_close_stdout(); /* nobody reads: 74, and no more work */
	if (verdict(run, &o) == RESULT_PASS)
		run->passed++;
	else
		set_failed(run, cli_verdict_status(verdict(run, &o)));
	message_free(&m);
}

static int
report_all(struct run *run, const char **operand)
{
	struct input in = {operand, files_from, nul_separated, mbox};

	run->visitor = (struct input_visitor){visit_message, visit_failed};
	input_walk(&in, &run->visitor, run->arena);
	cli_dns_close(run->dns);
	if (run->failed)
		return run->status;
	return cli_verdict_status(run->passed ? RESULT_PASS : RESULT_NONE);
}

/* Is stdin, as far as the operands say, a message? */
static bool
reads_stdin(const char *const *operand)
{
	bool found = !*operand;

	for (; *operand; operand++)
		found = found || !strcmp(*operand, "-");
	return found && !files_from;
}

static void
check_terminal(const char *const *operand)
{
	if (!*operand && !files_from && isatty(0))
		cli_usage("stdin is a terminal: a message or an operand is "
			  "expected");
}

int
checker_main(struct checker *c, int argc, char **argv)
{
	struct run run = {.c = c, .arena = cli_begin(argv[0])};
	const struct cli_section sections[] = {
	    {"Options:", c->options},
	    {"Modes and messages:", mode_options},
	    {"DNS:", cli_dns_options},
	    {NULL, NULL},
	};
	const char **operand =
	    cli_parse(argc, argv, c->synopsis, sections, run.arena);
	int status;

	cli_drains_stdin(reads_stdin((const char *const *)operand));
	read_options(&run, (const char *const *)operand);
	if (c->check)
		c->check(c, run.arena);
	check_terminal((const char *const *)operand);
	run.memory = arena_new();
	run.dns = cli_dns_open(run.arena);
	status = checker_writes_field(c->mode) ? filter(&run)
					       : report_all(&run, operand);
	cli_close_stdout();
	arena_free(run.memory);
	return status;
}
