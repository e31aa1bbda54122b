/* cli_command: tools with subcommands, each with options of its own. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/die.h"
#include "tool/cli_internal.h"

static const struct cli_section no_sections[] = {{NULL, NULL}};

static const char **
names_of(const struct cli_command *c, struct arena *a)
{
	const char **names = NULL;
	size_t n = 0;

	for (; c->name; c++)
		*ARENA_PUSH(a, names, n) = c->name;
	*ARENA_PUSH(a, names, n) = NULL;
	return names;
}

/* Is a later argument a subcommand? */
static bool
comes_later(int argc, char **argv, const struct cli_command *commands)
{
	for (int i = 2; i < argc; i++)
		for (const struct cli_command *c = commands; c->name; c++)
			if (!strcmp(argv[i], c->name))
				return true;
	return false;
}

/* Ends the program: there is no subcommand, but options of all tools, such as
 * --help, or a word that is not one. */
static _Noreturn void
no_command(int argc, char **argv, const struct cli_tool *tool,
    const struct cli_command *commands, struct arena *a)
{
	const char **operands;

	if (comes_later(argc, argv, commands))
		cli_usage("%s: options come after the command", argv[1]);
	cli_commands = commands;
	operands = cli_read(argc, argv, tool, no_sections, a);
	cli_settle();
	if (!*operands)
		cli_usage("a command is missing");
	cli_no_choice("command", span_of(*operands), names_of(commands, a), a);
}

int
cli_run_command(int argc, char **argv, const struct cli_tool *tool,
    const struct cli_command *commands, struct arena *a)
{
	const struct cli_command *c = commands;
	const char **operands;
	int status;

	cli_drains_stdin(false);
	while (c->name && (argc < 2 || strcmp(argv[1], c->name)))
		c++;
	if (!c->name)
		no_command(argc, argv, tool, commands, a);
	die_name(arena_printf(a, "%s %s", die_program(), c->name).p);
	operands = cli_read(argc - 1, argv + 1, c->tool, c->sections, a);
	cli_settle();
	status = c->run(operands, a);
	cli_close_stdout();
	return cli_status(status);
}
