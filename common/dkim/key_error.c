/* key_error: why a key could not be read or written. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key_internal.h"

void
key_loading_end(struct key_loading *l)
{
	gnutls_memset(l->password, 0, sizeof(l->password));
}

bool
key_fail(struct key_loading *l, int status, const char *words)
{
	*l->error = (struct key_error){status, l->source->location, words};
	return false;
}
