/*
 * check: the work of vbr-check: it authenticates domains of a message, queries
 * the trusted certifiers and reports whether one vouches for it. See checker.h
 * for the functions of a checker.
 *	check.c		messages and queries
 *	check_options.c	reads certifiers and --on-pass
 */
/* SPDX-License-Identifier: ISC */
#ifndef CHECK_H
#define CHECK_H

#include "auth/authid.h"
#include "tool/checker.h"
#include "vbr/vbr.h"

struct check {
	struct vbr_policy policy;
	struct vbr_certifier *certifier; /* policy.certifiers, not const */
	struct authid_policy authid;     /* trust_options.h */
	struct span domain, type;        /* of a query; normal form */
	struct span on_pass; /* a field without its line end, or absent */
};

/* Adds certifiers, each once, in order of preference: those of --certifier,
 * then those of a file (or NULL), whose lines are HOST or HOST/a, with comments
 * after "#". Ends the program for a usage error, a file that cannot be read
 * (66) and an invalid line (78). */
void check_add_certifiers(struct check *e, const struct cli_list *list,
    const char *file, struct arena *a);

/*
 * Sets on_pass, "NAME: VALUE", and returns the name. It is a usage error if the
 * text is not of that form, not printable ASCII or over LIMIT_LINE, or if
 * fields of that name must not be removed: those of RFC 5322 3.6, MIME, DKIM,
 * ARC, Authentication-Results and VBR-Info.
 */
struct span
check_set_on_pass(struct check *e, const char *text, struct arena *a);

/* Functions of struct checker, whose tool is a struct check. */
void *check_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n);
size_t check_end(void *state, const struct result **results);
void check_json(void *state, json_t *object);
struct span check_fields(void *state, const char *eol);

#endif
