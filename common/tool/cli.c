/* cli: options, exit statuses and the streams. */
/* SPDX-License-Identifier: ISC */

#include "tool/cli_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <popt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/die.h"
#include "base/limit.h"
#include "base/nearest.h"
#include "tool/cli_complaint.h"
#include "tool/cli_escape.h"

static bool drains = true;
static bool defer;
static const char *exit_map;

#define UNMAPPED (-1)

/* The names that --exit-map accepts: verdicts, in the order of enum
 * result_code, then failures of the tool. */
static struct {
	const char *name;
	int status; /* of sysexits.h, or UNMAPPED for a verdict */
	int mapped; /* by --exit-map, or UNMAPPED */
} exit_table[] = {
    {"pass", UNMAPPED, UNMAPPED},
    {"fail", UNMAPPED, UNMAPPED},
    {"softfail", UNMAPPED, UNMAPPED},
    {"neutral", UNMAPPED, UNMAPPED},
    {"policy", UNMAPPED, UNMAPPED},
    {"none", UNMAPPED, UNMAPPED},
    {"permerror", UNMAPPED, UNMAPPED},
    {"temperror", EX_TEMPFAIL, UNMAPPED},
    {"usage", EX_USAGE, UNMAPPED},
    {"dataerr", EX_DATAERR, UNMAPPED},
    {"noinput", EX_NOINPUT, UNMAPPED},
    {"software", EX_SOFTWARE, UNMAPPED},
    {"oserr", EX_OSERR, UNMAPPED},
    {"ioerr", EX_IOERR, UNMAPPED},
    {"noperm", EX_NOPERM, UNMAPPED},
    {"config", EX_CONFIG, UNMAPPED},
};
#define EXITS (COUNT(exit_table))

/* Opens /dev/null in place of closed streams, lest a file get their number. As
 * stdin it cannot be read and as stdout not be written, so that no message is
 * lost with status 0. */
static void
open_streams(void)
{
	static const int mode[] = {O_WRONLY, O_RDONLY, O_WRONLY};

	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", mode[fd]); /* the lowest free: fd */
}

void
cli_drain_stdin(void)
{
	struct source source;
	struct stat st;

	if (fstat(0, &st) < 0 ||
	    (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode)))
		return;
	if (source_init(&source, 0) == 0)
		source_drain(&source);
}

static int
end_early(int status)
{
	cli_hint_last(); /* people need not wait for the end of stdin */
	if (drains)
		cli_drain_stdin();
	return cli_status(status);
}

/* A failed assert is an internal error: its status is EX_SOFTWARE, mapped as
 * any other. */
static void
end_by_abort(int signal_number)
{
	(void)signal_number;
	_exit(cli_status(EX_SOFTWARE));
}

/* Never read: for leak checkers, which find by it what lives until the end. */
static struct arena *run_arena __attribute__((used));

/* Touches the end of a stack of LIMIT_STACK. */
static __attribute__((noinline)) void
touch_stack(void)
{
	volatile char room[LIMIT_STACK];

	room[0] = 0;
	(void)room[0];
}

/* Makes the kernel map the stack while there is memory, as arena_probe() has
 * found out: if it had to grow when memory has run out, the kernel would end
 * the program by SIGSEGV. A stack that may not grow so far is left as it is. */
static void
grow_stack(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) == 0 &&
	    limit.rlim_cur >= 2 * LIMIT_STACK)
		touch_stack();
}

struct arena *
cli_begin(const char *path)
{
	open_streams();
	setenv("TZ", "UTC0", 1); /* no leap seconds: RFC 6376 3.5, t= */
	die_init(path);
	die_hook(end_early);
	signal(SIGPIPE, SIG_IGN); /* write errors instead: 74 */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGABRT, end_by_abort);
	arena_probe();
	grow_stack();
	run_arena = arena_new();
	return run_arena;
}

void
cli_drains_stdin(bool yes)
{
	drains = yes;
}

bool
cli_is_deferred(enum result_code verdict)
{
	return defer && verdict == RESULT_TEMPERROR;
}

int
cli_verdict_status(enum result_code verdict, int own)
{
	int mapped = exit_table[verdict].mapped;

	if (mapped != UNMAPPED)
		return mapped;
	return own ? own : result_status(verdict);
}

/* Is this a failure that --defer makes temporary? Usage errors and bad input
 * are not. */
static bool
is_deferrable(int status)
{
	return status == EX_NOINPUT || status == EX_SOFTWARE ||
	    status == EX_OSERR || status == EX_IOERR || status == EX_NOPERM ||
	    status == EX_CONFIG;
}

int
cli_status(int status)
{
	if (defer && is_deferrable(status))
		status = EX_TEMPFAIL;
	for (size_t i = 0; i < EXITS; i++)
		if (exit_table[i].status == status &&
		    exit_table[i].mapped != UNMAPPED)
			return exit_table[i].mapped;
	return status;
}

/* Ends the program: there is no such name in --exit-map. */
static _Noreturn void
exit_name_unknown(struct span name)
{
	struct nearest near = NEAREST(name);

	for (size_t i = 0; i < EXITS; i++)
		nearest_try(&near, exit_table[i].name);
	cli_usage("--exit-map: not the name of a status: " SPAN_FMT NEAREST_FMT,
	    SPAN_ARG(name), NEAREST_ARG(near.word));
}

/* An item of --exit-map: NAME=STATUS. */
static void
parse_exit(struct span item)
{
	struct span number = item, name = span_cut(&number, '=');
	uint64_t status;
	size_t i = 0;

	if (!number.p)
		cli_usage(
		    "--exit-map: not NAME=STATUS: " SPAN_FMT, SPAN_ARG(item));
	while (i < EXITS && !span_eq(name, span_of(exit_table[i].name)))
		i++;
	if (i == EXITS)
		exit_name_unknown(name);
	if (!span_number(number, 255, &status))
		cli_usage("--exit-map: not a number from 0 to 255: " SPAN_FMT,
		    SPAN_ARG(item));
	exit_table[i].mapped = (int)status;
}

static void
parse_exit_map(const char *text)
{
	struct span rest = span_of(text);

	while (rest.p)
		parse_exit(span_cut(&rest, ','));
}

void
cli_close_stdout(void)
{
	if (fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0)
		die(EX_IOERR, "cannot write to stdout: %s",
		    errno ? strerror(errno) : "write error");
}

/* The table for popt is made from struct cli_option, without popt's string
 * targets, which leak when an option is given twice. */

static bool want_help, want_main_help, want_version;
static const char *color;

static const struct cli_option common_options[] = {
    {"defer", 0, CLI_FLAG, &defer, NULL,
	"on temperror and local failures write nothing, exit 75"},
    {"exit-map", 0, CLI_STRING, &exit_map, "NAME=STATUS,...",
	"use other exit statuses; NAME: pass, fail, softfail, neutral, policy, "
	"none, permerror, temperror, usage, dataerr, noinput, software, oserr, "
	"ioerr, noperm, config"},
    {"color", 0, CLI_STRING, &color, "auto|always|never",
	"colour what people read (default auto: on a terminal)"},
    {NULL, 'h', CLI_FLAG, &want_main_help, NULL, "show the main options"},
    {"help", 0, CLI_FLAG, &want_help, NULL, "show all options"},
    {"version", 0, CLI_FLAG, &want_version, NULL, "show the version"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section common_section = {
    "Common options:", common_options};

static const struct cli_tool *this_tool;
static const struct cli_section *all_sections;

/* Returns the sections with the common one before the end. */
static const struct cli_section *
add_common(const struct cli_section *sections, struct arena *a)
{
	size_t n = 0;
	struct cli_section *all;

	while (sections[n].title)
		n++;
	all = ARENA_ARRAY(a, struct cli_section, n + 2);
	memcpy(all, sections, n * sizeof(*all));
	all[n] = common_section;
	return all;
}

/* All options in one list; popt's val is an index into it, plus 1. */
struct registry {
	const struct cli_option **options;
	size_t noptions;
	struct arena *arena;
};

static unsigned
popt_kind(const struct cli_option *o)
{
	return o->kind == CLI_FLAG || (o->kind == CLI_REFUSED && !o->arg)
	    ? POPT_ARG_NONE
	    : POPT_ARG_STRING;
}

/* popt has them in one table; their groups are for --help alone. */
static struct poptOption *
popt_table(struct registry *r, const struct cli_section *sections)
{
	struct poptOption *table;

	for (; sections->title; sections++)
		for (const struct cli_option *o = sections->option;
		     o->kind != CLI_END; o++)
			*ARENA_PUSH(r->arena, r->options, r->noptions) = o;
	table = ARENA_ARRAY(r->arena, struct poptOption, r->noptions + 1);
	for (size_t i = 0; i < r->noptions; i++)
		table[i] = (struct poptOption){.longName = r->options[i]->name,
		    .shortName = r->options[i]->letter,
		    .argInfo = popt_kind(r->options[i]),
		    .val = (int)i + 1};
	return table;
}

static poptContext context; /* static: reachable for leak checkers */

static void
set_option(const struct cli_option *o, const char *value, struct arena *a)
{
	struct cli_list *list = o->target;
	uint64_t *number = o->target;
	unsigned least = o->kind == CLI_NUMBER ? 1 : 0;

	switch (o->kind) {
	case CLI_FLAG:
		*(bool *)o->target = true;
		break;
	case CLI_STRING:
		*(const char **)o->target = value;
		break;
	case CLI_LIST:
		*ARENA_PUSH(a, list->items, list->nitems) = value;
		break;
	case CLI_NUMBER:
	case CLI_COUNT:
		if (!span_number(span_of(value), INT32_MAX, number) ||
		    *number < least)
			complaint_set(arena_printf(a,
			    "--%s: not a number from %u to %d: %s", o->name,
			    least, INT32_MAX, value)
					  .p);
		break;
	case CLI_REFUSED:
		complaint_set(arena_printf(a, "%s--%s: %s",
		    o->letter ? arena_printf(a, "-%c, ", o->letter).p : "",
		    o->name, o->help)
				  .p);
		break;
	case CLI_END:
		assert(!"an option without a kind");
	}
}

static void
read_options(const struct registry *r)
{
	int rc;

	while ((rc = poptGetNextOpt(context)) != -1) {
		char *value = poptGetOptArg(context);

		assert(rc < 0 || (r->options && (size_t)rc <= r->noptions));
		if (rc > 0)
			set_option(r->options[rc - 1],
			    value ? cli_unescape(value, r->arena) : NULL,
			    r->arena);
		else
			complaint_of_option(rc,
			    cli_unescape(
				poptBadOption(context, POPT_BADOPTION_NOALIAS),
				r->arena),
			    r->options, r->noptions, r->arena);
		free(value);
	}
}

/* Shows --help, -h or --version, on stdout, and ends the program. */
static void
show_help(void)
{
	if (!want_help && !want_main_help && !want_version)
		return;
	if (want_help)
		cli_help(this_tool, all_sections);
	else if (want_main_help)
		cli_main_help(this_tool, all_sections);
	else
		printf("%s (vouch) %s\n", die_program(), VERSION);
	poptFreeContext(context);
	drains = false;
	cli_close_stdout();
	exit(0);
}

static const char **
copy_operands(struct arena *a)
{
	const char **operand = poptGetArgs(context), **list = NULL;
	size_t n = 0;

	for (; operand && *operand; operand++)
		*ARENA_PUSH(a, list, n) = cli_unescape(*operand, a);
	*ARENA_PUSH(a, list, n) = NULL;
	return list;
}

const char **
cli_read(int argc, char **argv, const struct cli_tool *tool,
    const struct cli_section *sections, struct arena *a)
{
	struct registry r = {.arena = a};
	struct poptOption *table;

	this_tool = tool;
	all_sections = add_common(sections, a);
	table = popt_table(&r, all_sections);

	context = poptGetContext(die_program(), argc,
	    cli_escape(argc, (const char *const *)argv, a), table, 0);
	if (!context)
		arena_exhausted();
	read_options(&r);
	return copy_operands(a);
}

static void
set_colours(void)
{
	static const char *const names[] = {[SCREEN_AUTO] = "auto",
	    [SCREEN_ALWAYS] = "always",
	    [SCREEN_NEVER] = "never",
	    NULL};

	screen_set_colours((enum screen_colours)cli_choice(
	    "--color", color, names, run_arena));
}

void
cli_settle(void)
{
	if (exit_map)
		parse_exit_map(exit_map);
	if (color)
		set_colours();
	if (complaint_get())
		cli_usage("%s", complaint_get());
	show_help();
	context = poptFreeContext(context);
}

void
cli_parse(int argc, char **argv, const struct cli_tool *tool,
    const struct cli_section *sections, struct arena *a)
{
	const char **operands = cli_read(argc, argv, tool, sections, a);

	if (complaint_get() && *operands)
		drains = false; /* operands: the input is not stdin */
	if (*operands)
		complaint_set(arena_printf(a,
		    "%s: unexpected operand: the message is read from stdin",
		    *operands)
				  .p);
	cli_settle();
}
