/*
 * inserter: the common part of the tools that add a field, as checker.h is of
 * those that check: they read a message from stdin and write it to stdout with
 * the field on top. The order of calls is inserter_check(), inserter_read(),
 * the choice of the field, inserter_body(), inserter_write(). Ends the program
 * as cli.h does.
 */
/* SPDX-License-Identifier: ISC */
#ifndef INSERTER_H
#define INSERTER_H

#include "tool/cli.h"

/* -a, -H, -v and --no-warnings. */
extern const struct cli_option inserter_options[];

struct inserter {
	struct message m;
	struct source source;
	/* The author domain (RFC 5322 3.6.2): the only domain of the only From
	 * field, in normal form; or absent, and why tells the reason in
	 * words. */
	struct span author;
	const char *why;
};

/* Is -H given: write only the added fields? */
bool inserter_header_only(void);

/* Is --no-warnings not given? */
bool inserter_has_warnings(void);

/* Warns, as warn() does, unless --no-warnings is given. */
void
inserter_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For -v: writes a line on what was chosen, or the DNS queries, indented on
 * stderr; nothing without -v. The line is escaped, and a secret hidden with all
 * that follows it, as die_show() does. */
void inserter_explain(struct span line);
void inserter_explain_dns(const struct dns *dns, struct arena *a);

/* Checks for usage errors: both modes at once, options of the DNS
 * though it is not queried. option is the one that makes the tool query it
 * ("--verify"), queries whether it is given. */
void inserter_check(bool queries, const char *option);

/* Returns the domain given to -d in normal form; absent if text is NULL. What
 * is not a domain name, or has one label, is a usage error: such a domain
 * cannot sign (RFC 6376 3.5), nor be vouched for (RFC 5518 4). */
struct span inserter_domain(const char *text, struct arena *a);

/* The complaint about an author domain of one label, as which the message is
 * not to be signed or vouched for: a warning, or if refuse the end of the
 * program (65). words tell what it cannot do. */
void inserter_one_label(bool refuse, const char *words, struct span domain);

/* Reads the header of the message on stdin; see cli_read_message(). */
void inserter_read(struct inserter *in, struct arena *a);

/* Reads its body into n sinks, and keeps it if it will be written. */
void inserter_body(struct inserter *in, struct sink *const *sinks, size_t n);

/* Writes the added fields, which may be absent, and unless -H is given the
 * message; ends the program with 0, or 74 if that fails. */
_Noreturn void inserter_write(struct inserter *in, struct span added);

#endif
