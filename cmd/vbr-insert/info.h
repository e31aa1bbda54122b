/*
 * info: the work of vbr-insert: it chooses what the VBR-Info field has,
 * verifies that the certifiers vouch, and checks the VBR-Info fields that are
 * there. Ends the program as cli.h does.
 */
/* SPDX-License-Identifier: ISC */
#ifndef INFO_H
#define INFO_H

#include "tool/cli.h"
#include "vbr/vbr.h"

struct info_options {
	const char *domain, *type, *table; /* each may be NULL */
	const struct cli_list *certifiers; /* in order */
	bool require; /* refuse a message that gets no field */
};

/* Checks for usage errors that show without the message. */
void info_check(const struct info_options *o);

/*
 * Chooses what the field will have, by the author domain (absent: why tells the
 * reason in words). Without certifiers, the table does not list the domain, or
 * it has one label, which is a warning, or with require a refusal (65).
 */
struct vbr_info info_choose(const struct info_options *o, struct span author,
    const char *why, struct arena *a);

/*
 * Checks the VBR-Info fields that are there. Refuses (65) one with another mc=
 * (RFC 5518 4) and one of the same domain, which it drops instead if replace.
 */
void info_check_existing(
    const struct vbr_info *info, struct message *m, bool replace);

/* Returns the field. Refuses (65) one with a line over 998 octets: mv= must not
 * be folded (RFC 5518 4). */
struct span
info_compose(const struct vbr_info *info, const char *eol, struct arena *a);

/* Queries the DNS, removes the certifiers that do not vouch, and warns of them.
 * With --defer, a temporary failure ends the program (75). */
void info_verify(struct vbr_info *info, struct dns *dns, struct arena *a);

#endif
