/*
 * cli_escape: the arguments of a program in a form in which popt finds nothing
 * but options, and back. popt replaces "!#:+" in the value of an option by
 * another argument, or looks for one for ever, and takes the "=" of "-f=x"
 * away; a value is data, often a stranger's (a HELO, a MAIL FROM).
 */
#ifndef CLI_ESCAPE_H
#define CLI_ESCAPE_H

#include "base/arena.h"

/* All arguments, but for the program's name, without "!", and without "=" after
 * a single "-". A list in the arena, which ends with NULL as argv does. */
const char **cli_escape(int argc, const char *const *argv, struct arena *a);

/* What an argument, or a part of one that popt cut out, was before. */
const char *cli_unescape(const char *text, struct arena *a);

#endif
