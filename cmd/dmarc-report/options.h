/* options: the options of dmarc-report. Ends the program for a usage error, as
 * cli.h does. */
/* SPDX-License-Identifier: ISC */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "authentic.h"
#include "job.h"

/* For cli_read(). */
extern const struct cli_section options_sections[];

/* Sets the members of a job that options determine, and the policy of
 * --authentic. */
void options_read(struct job *job, struct authentic_policy *authentic);

/* Returns what is to be read. */
struct input options_input(const char **operand);

#endif
