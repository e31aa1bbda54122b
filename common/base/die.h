/*
 * die: what is said on stderr, and how a run that failed ends. Only cmd/, what
 * works for it alone (cli, checker, inserter, ...) and arena.c end the
 * program; everything else returns its failure.
 */
#ifndef DIE_H
#define DIE_H

#include <stdio.h>
#include <sysexits.h>

#include "base/span.h"

/* The name in front of each line; path is argv[0]. */
void die_init(const char *path);
const char *die_program(void);

/* A function that is asked, once, for the exit status before the program
 * ends by die(): it may tidy up (drain stdin) and map the status. */
void die_hook(int (*at_end)(int status));

/*
 * Writes "PROGRAM: " and the text to stderr as one line; the text has no full
 * stop and no line end. Control octets and 8-bit octets that are no UTF-8 are
 * escaped, so arguments may come from a message; secrets are hidden.
 */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same of a text that may have NULs. */
void warn_text(struct span text);

/*
 * What these do with their text: writes it escaped, up to a secret: the first
 * query attribute of a pkcs11 URL (RFC 7512) that is not known to be none, or
 * what follows "pin=" or "pin-value=" anywhere. As a PIN may have any octet,
 * "***" stands for it and for all the rest of the text.
 */
void die_show(struct span text, FILE *to);

/* warn(), then ends the program with this status as the hook maps it. */
_Noreturn void
die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Ends the program as die() does, without a word. */
_Noreturn void die_quietly(int status);

#endif
