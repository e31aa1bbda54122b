/* canonical: write the octets that a signature covers. */
/* SPDX-License-Identifier: ISC */

#include "canonical.h"

#include "base/die.h"

struct sink *
canonical_begin(const struct canonical_choice *what, const struct message *m,
    const struct dkim_verifier *v, struct sink *out)
{
	const struct dkim_signature *s = dkim_verify_signature(v, what->index);

	if (!s) {
		warn("--canonical: signature %d does not exist, or cannot be "
		     "verified",
		    (int)what->index);
		return NULL;
	}
	if (!what->is_header)
		return dkim_canonical_body(s, out, m->arena);
	dkim_canonical_header(m, s, out, m->arena);
	return NULL;
}
