/* canonical: write the octets that a signature covers. */
/* SPDX-License-Identifier: ISC */

#include "canonical.h"

#include "base/die.h"

void
canonical_check(struct canonical *c, enum checker_mode mode, struct arena *a)
{
	static const char *const parts[] = {"header", "body", NULL};

	c->is_header = c->part && !cli_choice("--canonical", c->part, parts, a);
	if (c->part && mode != CHECKER_REPORT)
		cli_usage("--canonical takes none of -a, -H, -j and -q");
	if (c->index && !c->part)
		cli_usage("--index needs --canonical");
	c->index = c->index ? c->index : 1;
}

struct sink *
canonical_begin(const struct canonical *c, const struct message *m,
    const struct dkim_verifier *v, struct sink *out)
{
	const struct dkim_signature *s = dkim_verify_signature(v, c->index);

	if (!c->part)
		return NULL;
	if (!s) {
		warn("--canonical: signature %d does not exist, or cannot be "
		     "verified",
		    (int)c->index);
		return NULL;
	}
	if (!c->is_header)
		return dkim_canonical_body(s, out, m->arena);
	dkim_canonical_header(m, s, out, m->arena);
	return NULL;
}
