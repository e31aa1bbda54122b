/*
 * inserter: what the tools that add a field have in common, as checker.h is it
 * for those that judge: a message on stdin, and on stdout the same with the
 * field on top. In this order: inserter_check(), inserter_read(), the choice of
 * the field, inserter_body(), inserter_write(). Ends the program as cli.h does.
 */
#ifndef INSERTER_H
#define INSERTER_H

#include "tool/cli.h"

/* -a and -H. */
extern const struct cli_option inserter_options[];

struct inserter {
	struct message m;
	struct source source;
	/* The author domain (RFC 5322 3.6.2): the one domain of From, in normal
	 * form; or absent, and why says it in words: no From, several, not one
	 * domain. */
	struct span author;
	const char *why;
};

/* Does -H say so: only the field? */
bool inserter_header_only(void);

/* Usage errors: operands, both modes, options of the DNS without the option
 * that asks it (asking: "--verify"). */
void inserter_check(const char *const *operand, bool asks, const char *asking);

/* The header of the message on stdin, see cli_read_message(). */
void inserter_read(struct inserter *in, struct arena *a);

/* Its body, which is kept if it will be written. */
void inserter_body(struct inserter *in, struct sink *const *sinks, size_t n);

/* Writes what is added (may be absent), then the message without -H, and ends
 * the program: 0, or 74. */
_Noreturn void inserter_write(struct inserter *in, struct span added);

#endif
