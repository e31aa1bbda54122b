/* header: the search for a header that was signed. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_internal.h"

static const struct header_repair *const tables[] = {
    header_signature_repairs,
    header_text_repairs,
    header_field_repairs,
    NULL,
};

struct header_found
header_find(const struct message *m, const struct header_witness *w,
    struct span fields, struct budget *budget, struct arena *a)
{
	const struct header h = {
	    .m = m,
	    .s = w->signature,
	    .signature = (size_t)(w->signature->field - m->fields),
	    .mime = fields,
	    .body = w->body,
	    .intact = w->intact,
	    .arena = a,
	};

	return header_search(&h, w, tables, budget, a);
}

/* A header as it is written. */
struct writing {
	const struct message *m;
	struct sink *to;
	struct span last; /* field */
};

/* Ends the last line if it has no end. A CR that ends it stays one. */
static void
put_line_end(struct writing *w)
{
	char c = w->last.len ? w->last.p[w->last.len - 1] : '\n';

	if (c == '\r')
		sink_put(w->to, SPAN("\r\n"));
	else if (c != '\n')
		sink_put(w->to, span_of(w->m->field_eol));
}

static void
put_field(struct writing *w, struct span raw)
{
	put_line_end(w);
	sink_put(w->to, raw);
	w->last = raw;
}

/* Writes what is inserted above a field. Returns the change after that. */
static size_t
put_inserted(struct writing *w, const struct header_change *changes, size_t n,
    size_t at, size_t index)
{
	while (at < n && changes[at].index == index &&
	    changes[at].action == HEADER_INSERT)
		put_field(w, changes[at++].raw);
	return at;
}

void
header_put(const struct message *m, const struct header_change *changes,
    size_t n, struct sink *to)
{
	struct writing w = {.m = m, .to = to};
	size_t at = 0;

	for (size_t i = 0; i < m->nfields; i++) {
		at = put_inserted(&w, changes, n, at, i);
		if (at == n || changes[at].index != i)
			put_field(&w, m->fields[i].raw);
		else if (changes[at++].action == HEADER_REPLACE)
			put_field(&w, changes[at - 1].raw);
	}
	put_inserted(&w, changes, n, at, m->nfields);
}
