/* explain_names: the fields that a phrase tells of. */
/* SPDX-License-Identifier: ISC */

#include "base/limit.h"
#include "base/utf8.h"
#include "explain/explain_internal.h"

/* Of more fields than that, only the first ones are named. */
#define NAMES       4u
#define NAMES_FIRST 2u

static void
put_name(struct buf *b, struct span name)
{
	struct span shown = utf8_upto(name, LIMIT_SHOWN_PIECE);

	if (!name.p)
		buf_str(b, "the body");
	buf_escaped(b, shown);
	if (shown.len < name.len)
		buf_str(b, "...");
}

size_t
explain_names(struct buf *b, const struct explain_about *w)
{
	size_t n = w->nnames, more = w->more;

	if (n > NAMES_FIRST && n + more > NAMES) {
		more += n - NAMES_FIRST;
		n = NAMES_FIRST;
	}
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_str(b, i + 1 < n || more ? ", " : " and ");
		put_name(b, w->names[i]);
	}
	if (more)
		buf_printf(b, " and %zu more", more);
	return more;
}
