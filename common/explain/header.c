/* header: the search for a header that was signed. */
/* SPDX-License-Identifier: ISC */

#include "explain/header.h"

struct header_found
header_find(const struct message *m, const struct header_witness *w,
    struct span fields, struct budget *budget, struct arena *a)
{
	(void)m;
	(void)w;
	(void)fields;
	(void)budget;
	(void)a;
	return (struct header_found){.is_found = false};
}

static const struct header_change *
find_change(const struct header_change *changes, size_t n, size_t index)
{
	for (size_t i = 0; i < n; i++)
		if (changes[i].index == index &&
		    changes[i].action != HEADER_INSERT)
			return &changes[i];
	return NULL;
}

static void
put_inserted(const struct header_change *changes, size_t n, size_t index,
    struct sink *to)
{
	for (size_t i = 0; i < n; i++)
		if (changes[i].index == index &&
		    changes[i].action == HEADER_INSERT)
			sink_put(to, changes[i].raw);
}

void
header_put(const struct message *m, const struct header_change *changes,
    size_t n, struct sink *to)
{
	for (size_t i = 0; i < m->nfields; i++) {
		const struct header_change *c = find_change(changes, n, i);

		put_inserted(changes, n, i, to);
		if (!c)
			sink_put(to, m->fields[i].raw);
		else if (c->action == HEADER_REPLACE)
			sink_put(to, c->raw);
	}
	put_inserted(changes, n, m->nfields, to);
}
