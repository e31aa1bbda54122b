/*
 * check: what vbr-check arranges: trusted certifiers, what is authenticated
 * of a message, whether one vouches for it, and the field that says so. See
 * checker.h for the hooks.
 *	tool.c		the hooks
 *	check_options.c	certifiers and --on-pass
 */
#ifndef CHECK_H
#define CHECK_H

#include "tool/checker.h"
#include "auth/authid.h"
#include "vbr/vbr.h"

struct check {
	struct vbr_policy policy;
	struct vbr_certifier *certifier; /* what the policy's are, to be added
					    to */
	struct authid_policy authid;     /* trust_options.h */
	struct span domain, type;        /* of a query; normal form */
	struct span on_pass; /* a field without its line end, or absent */
};

/* Adds certifiers by preference, each once: of --certifier, then of a file,
 * HOST or HOST/a a line, "#" before a comment, or NULL. Usage errors and a file
 * that is not so (66, 78) end the program. */
void check_add_certifiers(struct check *e, const struct cli_list *list,
    const char *file, struct arena *a);

/*
 * Sets on_pass, "NAME: VALUE", and returns the name. A usage error: not of that
 * form, not in printable ASCII, over LIMIT_LINE, or a name whose fields are not
 * ours to remove: of RFC 5322 3.6, MIME, DKIM, ARC, Authentication-Results,
 * VBR-Info.
 */
struct span
check_set_on_pass(struct check *e, const char *text, struct arena *a);

/* Of struct checker, whose tool is a struct check. */
void *check_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n);
size_t check_end(void *state, const struct result **results);
void check_json(void *state, json_t *object);
struct span check_fields(void *state, const char *eol);

#endif
