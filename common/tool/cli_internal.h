/* cli_internal: what the files of cli share. For the files of cli alone. */
/* SPDX-License-Identifier: ISC */
#ifndef CLI_INTERNAL_H
#define CLI_INTERNAL_H

#include "base/screen.h"
#include "tool/cli.h"

/* The subcommands that help lists; NULL: none. */
extern const struct cli_command *cli_commands;

/* Write to stdout what --help, and what -h shows. */
void cli_help(const struct cli_tool *tool, const struct cli_section *sections);
void
cli_main_help(const struct cli_tool *tool, const struct cli_section *sections);

#endif
