/*
 * cli_complaint: the first usage error among the options. Options after it are
 * read all the same: they determine the exit status (--exit-map), whether stdin
 * is read, and whether hints are written (-v).
 */
/* SPDX-License-Identifier: ISC */
#ifndef CLI_COMPLAINT_H
#define CLI_COMPLAINT_H

#include "tool/cli.h"

/* Sets the message, unless there is one already. It must live as long as the
 * program. */
void complaint_set(const char *message);

/* Returns the message, or NULL. */
const char *complaint_get(void);

/* Sets the message for an option that popt refuses: error is what
 * poptGetNextOpt() returned, argument the argument at fault. What it says about
 * the option, and the nearest name, are from the n options. */
void complaint_of_option(int error, const char *argument,
    const struct cli_option *const *options, size_t n, struct arena *a);

#endif
