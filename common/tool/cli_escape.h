/*
 * cli_escape: escapes arguments so that popt leaves their values alone, and
 * back. popt replaces "!#:+" in the value of an option by another argument, or
 * loops forever in search of one, and removes the "=" of "-f=x". Values are
 * data, often from untrusted senders (HELO, MAIL FROM).
 */
/* SPDX-License-Identifier: ISC */
#ifndef CLI_ESCAPE_H
#define CLI_ESCAPE_H

#include "base/arena.h"

/* Returns, in the arena, a list like argv with escaped arguments: those after
 * the program's name have no "!", and those with a single "-" have no "=". */
const char **cli_escape(int argc, const char *const *argv, struct arena *a);

/* Restores an argument, or a part of one that popt has cut out. */
const char *cli_unescape(const char *text, struct arena *a);

#endif
