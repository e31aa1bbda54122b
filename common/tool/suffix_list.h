/* suffix_list: the options --org-domain, --psl and --rfc7489, by which a public
 * suffix list finds organizational domains, not the walk of RFC 9989. */
/* SPDX-License-Identifier: ISC */
#ifndef SUFFIX_LIST_H
#define SUFFIX_LIST_H

#include <libpsl.h>

#include "base/arena.h"

/* The values of these options, as they were given: a target for each. */
struct suffix_list {
	const char *org_domain, *psl;
	bool rfc7489;
};

/* Returns the list that these options select: that in the file of --psl, else
 * the system's; NULL if they select the walk. Options that do not go together
 * are a usage error. Ends the program if the file cannot be read (66) or is not
 * such a list (78). */
psl_ctx_t *suffix_list_read(const struct suffix_list *options, struct arena *a);

#endif
