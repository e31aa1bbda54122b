/* dkim_canonical: the canonical body that a signature covers. */
/* SPDX-License-Identifier: ISC */

#include "dkim/dkim.h"

/* A sink that passes on the first octets, as many as l= covers. */
struct limited {
	struct sink sink;
	struct sink *to;
	uint64_t left;
};

static void
limited_put(struct sink *self, const char *p, size_t n)
{
	struct limited *l = (struct limited *)self;

	if (n > l->left)
		n = (size_t)l->left;
	l->left -= n;
	sink_put(l->to, (struct span){p, n});
}

static void
limited_end(struct sink *self)
{
	sink_end(((struct limited *)self)->to);
}

struct sink *
dkim_canonical_body(
    const struct dkim_signature *s, struct sink *to, struct arena *a)
{
	struct limited *l = ARENA_NEW(a, struct limited);

	*l = (struct limited){{limited_put, limited_end}, to, s->length};
	return canon_body(s->body, &l->sink, a);
}
