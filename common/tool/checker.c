/* checker: read the options of a tool that checks, choose the mode, run it. */
/* SPDX-License-Identifier: ISC */

#include "tool/checker.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/domain.h"
#include "base/limit.h"
#include "tool/checker_internal.h"

static bool annotate, header_only, want_report, json, quiet, query;
static bool with_filename, no_filename, keep_authres, mbox, nul_separated,
    assume;
static const char *authserv_id, *now_text, *files_from, *received_by;
static const char *client_ip, *mail_from, *helo;
static struct cli_list trusted_relays;

static const struct cli_option mode_options[] = {
    {"annotate", 'a', CLI_FLAG, &annotate, NULL,
	"write the message with the result (default without operands)"},
    {"header", 'H', CLI_FLAG, &header_only, NULL,
	"write only the header field with the result"},
    {"report", 'r', CLI_FLAG, &want_report, NULL,
	"write a line for each result (default with operands)"},
    {"json", 'j', CLI_FLAG, &json, NULL,
	"write a JSON object for each message"},
    {"quiet", 'q', CLI_FLAG, &quiet, NULL,
	"write nothing: the exit status is the result"},
    {"verbose", 'v', CLI_FLAG, &cli_verbose, NULL,
	"show what led to each result"},
    {"files-from", 0, CLI_STRING, &files_from, "FILE",
	"read more operands from FILE, one per line"},
    {"null", '0', CLI_FLAG, &nul_separated, NULL,
	"operands in --files-from are separated by NUL"},
    {"mbox", 0, CLI_FLAG, &mbox, NULL, "read stdin as an mbox"},
    {"with-filename", 0, CLI_FLAG, &with_filename, NULL,
	"begin each line with the name of its file (-r)"},
    {"no-filename", 0, CLI_FLAG, &no_filename, NULL,
	"never begin a line with the name of a file (-r)"},
    {"authserv-id", 0, CLI_STRING, &authserv_id, "ID",
	"name of this host in Authentication-Results"},
    {"keep-authres", 0, CLI_FLAG, &keep_authres, NULL,
	"keep this host's Authentication-Results fields of other methods"},
    {"now", 0, CLI_STRING, &now_text, "TIME",
	"evaluate at TIME: seconds, RFC 3339, or received"},
    {"received-by", 0, CLI_STRING, &received_by, "HOST",
	"trust Received fields by HOST (default: the authserv-id)"},
    {"trusted-relays", 0, CLI_LIST, &trusted_relays, "CIDR,...",
	"skip Received fields of clients in these networks"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_option query_options[] = {
    {"query", 'Q', CLI_FLAG, &query, NULL,
	"evaluate what the options give, not a message"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_option envelope_options[] = {
    {"ip", 'i', CLI_STRING, &client_ip, "ADDRESS",
	"IP address of the SMTP client"},
    {"mail-from", 'f', CLI_STRING, &mail_from, "ADDRESS",
	"MAIL FROM address; <> is the null reverse-path"},
    {"helo", 'e', CLI_STRING, &helo, "NAME",
	"name that the client gave in HELO or EHLO"},
    {"assume-identities", 0, CLI_FLAG, &assume, NULL,
	"trust any Received and Return-Path field (-r, -j, -q)"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static bool
is_implied(bool (*implies)(void))
{
	return implies && implies();
}

/* Does an operand or an option name messages? */
static bool
names_messages(const char *const *operand)
{
	return *operand || files_from || mbox;
}

/* Is this run a query? */
static bool
is_query(const struct checker *c)
{
	return c->query_lacks && (query || is_implied(c->implies_query));
}

static enum checker_mode
query_mode(const struct checker *c, const char *const *operand)
{
	bool implied = is_implied(c->implies_query);

	if (annotate || want_report)
		cli_usage("a query takes neither -a nor -r");
	if (header_only && implied)
		cli_usage("-H is for a single query (-Q)");
	if (names_messages(operand) || received_by || trusted_relays.nitems ||
	    assume || (now_text && !strcmp(now_text, "received")))
		cli_usage("a query reads no message: it takes no operands, and "
			  "none of --mbox, --files-from, --received-by, "
			  "--trusted-relays, --assume-identities and "
			  "--now=received");
	if (!implied && c->query_lacks(c))
		cli_usage("-Q needs %s", c->query_lacks(c));
	if (header_only)
		return CHECKER_HEADER;
	return json ? CHECKER_JSON : quiet ? CHECKER_STATUS : CHECKER_REPORT;
}

static enum checker_mode
choose_mode(const struct checker *c, const char *const *operand)
{
	bool reports = is_implied(c->implies_report) || names_messages(operand);

	if (annotate + header_only + want_report + json + quiet > 1)
		cli_usage("at most one of -a, -H, -r, -j and -q");
	if (c->query)
		return query_mode(c, operand);
	if ((annotate || header_only) && reports)
		cli_usage("-%c reads one message from stdin: it takes no "
			  "operands, and no option that implies -r",
		    annotate ? 'a' : 'H');
	if (json)
		return CHECKER_JSON;
	if (quiet)
		return CHECKER_STATUS;
	if (header_only)
		return CHECKER_HEADER;
	return want_report || reports ? CHECKER_REPORT : CHECKER_FILTER;
}

static void
read_trust(struct checker_run *run)
{
	struct envelope_trust *trust = &run->trust;
	bool used = run->now_received || run->c->takes_envelope;

	if (!used && (received_by || trusted_relays.nitems))
		cli_usage("--received-by and --trusted-relays need "
			  "--now=received");
	if (assume && checker_writes_field(run->c->mode))
		cli_usage("--assume-identities works only with -r, -j and -q");
	trust->assume = assume;
	trust->received_by = received_by
	    ? domain_normal_id(span_of(received_by), run->arena)
	    : run->normal_id;
	trust->relays = cli_networks(
	    "--trusted-relays", &trusted_relays, run->arena, &trust->nrelays);
}

/* The first option whose value cannot be an identity, and why. */
static struct {
	const char *option, *wrong;
} fault;

/* Sets from, which tells where an identity is from and, if the value is
 * invalid, why the identity is not known. Such a value is mostly the client's,
 * passed on by a mail server. It is not replaced by what the message's fields
 * have: by sending it, a client could choose these. */
static bool
take_option(const char *option, struct span value, const char *wrong,
    struct span *from, struct arena *a)
{
	*from = arena_printf(a, "option %s%s%s", option,
	    wrong ? ", whose value " : "", wrong ? wrong : "");
	if (wrong && value.len && !fault.option) {
		fault.option = option;
		fault.wrong = wrong;
	}
	return !wrong;
}

static void
take_ip(struct envelope *e, struct arena *a)
{
	struct span text = span_of(client_ip);
	const char *wrong = ip_parse(text, &e->ip) ? NULL
	    : text.len                             ? "is not an address"
						   : "is empty";

	e->has_ip = take_option("-i", text, wrong, &e->ip_from, a);
}

static void
take_sender(struct envelope *e, struct arena *a)
{
	struct span sender = envelope_sender(span_of(mail_from), a);

	if (take_option(
		"-f", sender, envelope_fault(sender), &e->sender_from, a))
		e->sender = sender;
}

static void
take_helo(struct envelope *e, struct arena *a)
{
	struct span name = span_trim(span_of(helo));
	const char *wrong = name.len ? envelope_fault(name) : "is empty";

	if (take_option("-e", name, wrong, &e->helo_from, a))
		e->helo = name;
}

/* Blanks around the values of -e and -f are ignored. */
static void
read_envelope(struct envelope *e, struct arena *a)
{
	if (client_ip)
		take_ip(e, a);
	if (mail_from)
		take_sender(e, a);
	if (helo)
		take_helo(e, a);
}

/* Checks the identities of a query, which has nothing but its options: they
 * must be valid, and an empty -i or -e is ignored. */
static void
check_query(struct envelope *e)
{
	if (fault.option)
		cli_usage("%s: the value %s", fault.option, fault.wrong);
	if (!e->has_ip)
		e->ip_from = SPAN_NONE;
	if (!e->helo.p)
		e->helo_from = SPAN_NONE;
}

bool
checker_is_given(const struct checker *c)
{
	return c->given.ip_from.p || c->given.sender_from.p ||
	    c->given.helo_from.p;
}

static void
check_filename_options(const struct checker *c)
{
	cli_require(!with_filename || !no_filename,
	    "at most one of --with-filename and --no-filename");
	cli_require((!with_filename && !no_filename) ||
		(c->mode == CHECKER_REPORT && !c->query),
	    "--with-filename and --no-filename work only with -r");
}

/* Would the same options with -Q be a query? A tool that evaluates several
 * methods takes no envelope for one. */
static bool
may_be_query(const struct checker *c, const char *const *operand)
{
	if (!c->query_lacks || c->query_lacks(c) || names_messages(operand))
		return false;
	return !annotate && !(c->several_methods && checker_is_given(c));
}

/* Chooses the hint that the run may end with, and sets it unless that depends
 * on the messages. */
static enum checker_hint
choose_hint(
    const struct checker *c, const char *const *operand, struct arena *a)
{
	if (checker_hint_operands(c, operand, a))
		return CHECKER_HINT_OPERAND;
	if (c->query)
		return CHECKER_HINT_NONE;
	if (may_be_query(c, operand)) {
		cli_hint_at_end(want_report
			? "-Q instead of -r evaluates what the options give"
			: "-Q evaluates what the options give, without a "
			  "message");
		return CHECKER_HINT_QUERY;
	}
	return c->no_client_id && !received_by && !assume &&
		!checker_is_given(c)
	    ? CHECKER_HINT_CLIENT
	    : CHECKER_HINT_NONE;
}

static void
read_options(struct checker_run *run, const char *const *operand)
{
	struct checker *c = run->c;

	read_envelope(&c->given, run->arena);
	c->query = is_query(c);
	run->hint = choose_hint(c, operand, run->arena);
	if (c->query)
		check_query(&c->given);
	c->mode = choose_mode(c, operand);
	run->now_received = now_text && !strcmp(now_text, "received");
	run->now = cli_time(run->now_received ? NULL : now_text);
	run->id = cli_authserv_id(authserv_id, run->arena);
	run->normal_id = domain_normal_id(run->id, run->arena);
	read_trust(run);
	check_filename_options(c);
	if (keep_authres && (c->query || !checker_writes_field(c->mode)))
		cli_usage("--keep-authres works only with -a and -H");
	if (nul_separated && !files_from)
		cli_usage("-0 needs --files-from");
	run->keep_authres = keep_authres;
	run->verbose = cli_verbose;
	run->out = screen_of(stdout);
	run->err = screen_of(stderr);
}

/* Will a message be read from stdin, according to options and operands? */
static bool
reads_stdin(const struct checker *c, const char *const *operand)
{
	bool found = !*operand;

	for (; *operand; operand++)
		found = found || !strcmp(*operand, "-");
	return found && !files_from && !is_query(c);
}

static void
check_terminal(const struct checker *c, const char *const *operand)
{
	if (!c->query && !*operand && !files_from && isatty(0))
		cli_usage("stdin is a terminal: a message or an operand is "
			  "expected");
}

static const char **
parse(const struct checker *c, int argc, char **argv, struct arena *a)
{
	struct cli_section sections[7] = {{"Options:", c->options}};
	size_t n = 1;

	if (c->extra_options.title)
		sections[n++] = c->extra_options;
	if (c->takes_envelope)
		sections[n++] =
		    (struct cli_section){"Envelope:", envelope_options};
	if (c->query_lacks)
		sections[n++] = (struct cli_section){"Queries:", query_options};
	sections[n++] =
	    (struct cli_section){"Modes and messages:", mode_options};
	sections[n++] = (struct cli_section){"DNS:", cli_dns_options};
	return cli_read(argc, argv, c->help, sections, a);
}

static int
run_mode(struct checker_run *run, const char **operand)
{
	struct input in = {operand, files_from, nul_separated, mbox, false,
	    with_filename     ? INPUT_NAMED
		: no_filename ? INPUT_UNNAMED
			      : INPUT_DEFAULT};

	if (run->c->query)
		return checker_query(run);
	if (checker_writes_field(run->c->mode))
		return checker_filter(run);
	return checker_report(run, &in);
}

int
checker_main(struct checker *c, int argc, char **argv)
{
	struct checker_run run = {.c = c, .arena = cli_begin(argv[0])};
	const char **operand = parse(c, argc, argv, run.arena);
	const char *const *fixed = (const char *const *)operand;
	const char *hint;
	int status;

	/* Out of memory, jansson would leave members out. */
	json_set_alloc_funcs(arena_malloc, free);
	cli_drains_stdin(reads_stdin(c, fixed));
	cli_settle();
	read_options(&run, fixed);
	if (c->check)
		c->check(c, run.arena);
	run.keep_authres |= c->keep_authres;
	check_terminal(c, fixed);
	run.memory = arena_new();
	run.dns = cli_dns_open(run.arena);
	if (!c->query) /* a message's sender chooses what is queried */
		dns_limit(run.dns, LIMIT_DNS_QUESTIONS);
	hint = c->mode == CHECKER_FILTER ? checker_filter_hint(annotate) : NULL;
	status = run_mode(&run, operand);
	cli_close_stdout();
	if (hint)
		cli_hint("%s", hint);
	cli_hint_last();
	arena_free(run.memory);
	return status;
}
