/*
 * die: messages on stderr, and the end of a failed run. Only cmd/, tool/ and
 * arena.c end the program; all other code returns its failure.
 */
/* SPDX-License-Identifier: ISC */
#ifndef DIE_H
#define DIE_H

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/span.h"

/* Sets the program's name, which begins each line; path is argv[0]. */
void die_init(const char *path);
const char *die_program(void);

/* Sets another name, which lives as long as the program: "dkim-key new". */
void die_name(const char *name);

/* Sets a function that die() calls once, before the program ends: it may tidy
 * up (drain stdin), and returns the exit status to use instead of status. */
void die_hook(int (*at_end)(int status));

/*
 * Writes "PROGRAM: " and the text to stderr as one line; the text has neither a
 * full stop nor a line end; what is over LIMIT_WARNING octets is cut, with
 * their number. Control characters and invalid UTF-8 are escaped,
 * so arguments may come from a message; secrets are hidden (see die_show()).
 */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warn_list(const char *format, va_list list)
    __attribute__((format(printf, 1, 0)));

/* The same for a text that may have NULs. */
void warn_text(struct span text);

/* The same for a line that explains: indented, without the program's name. */
void warn_detail(struct span text);

/* The same for a line that begins with "hint: " (cli_hint()). */
void warn_hint(struct span text);

/*
 * Writes a text escaped, as warn() does, up to the first secret in it: a query
 * attribute of a pkcs11 URL (RFC 7512) that is not known to be public, or what
 * follows "pin=" or "pin-value=" anywhere. A PIN may have any octet, so its end
 * is unknown: "***" replaces it and all the rest of the text.
 */
void die_show(struct span text, FILE *to);

/* Warns, then ends the program with the status that die_hook()'s function makes
 * of this one. */
_Noreturn void
die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Ends the program as die() does, silently. */
_Noreturn void die_quietly(int status);

#endif
