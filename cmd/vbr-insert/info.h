/*
 * info: what vbr-insert arranges around a VBR-Info field: who vouches for
 * whom, whether they really do, what the message has already. Ends the program
 * as cli.h does.
 */
#ifndef INFO_H
#define INFO_H

#include "tool/cli.h"
#include "vbr/vbr.h"

struct info_options {
	const char *domain, *type, *table; /* or NULL */
	const struct cli_list *certifiers; /* in order */
};

/* Usage errors in options that need no message. */
void info_check(const struct info_options *o);

/*
 * What the field will say for a message of this author domain (absent: why
 * says so in words). No certifiers: the table does not list the domain.
 */
struct vbr_info info_choose(const struct info_options *o, struct span author,
    const char *why, struct arena *a);

/*
 * Looks at the VBR-Info fields that are there: another mc= is refused (65,
 * RFC 5518 4), one of the same domain, too, or is dropped with replace.
 */
void info_check_existing(
    const struct vbr_info *info, struct message *m, bool replace);

/* The field; one with a line over 998 octets is refused (65): mv= must not be
 * folded (RFC 5518 4). */
struct span
info_compose(const struct vbr_info *info, const char *eol, struct arena *a);

/* Leaves only the certifiers that vouch, by the DNS; warns of the others. A
 * temporary failure ends the program with --defer (75). */
void info_verify(struct vbr_info *info, struct dns *dns, struct arena *a);

#endif
