/* dkim_verbose: what the verification used, as lines for --verbose. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "base/base64.h"
#include "dkim/dkim_internal.h"

static void
show_body(const struct dkim_signature *s, const struct digest *body,
    struct result *r, struct arena *a)
{
	if (s->has_length)
		result_detail(r,
		    arena_printf(a,
			"body: %" PRIu64 " octets in canonical form, l=%" PRIu64
			" (RFC 6376 3.5)",
			body->total, s->length),
		    a);
	else
		result_detail(r,
		    arena_printf(a,
			"body: %" PRIu64 " octets in canonical form",
			body->total),
		    a);
	result_detail(r,
	    arena_printf(a,
		"body hash: signed " SPAN_FMT ", computed " SPAN_FMT
		" (RFC 6376 3.7)",
		SPAN_ARG(base64_encode(s->body_hash, a)),
		SPAN_ARG(base64_encode(body->value, a))),
	    a);
}

/* Shows the h= list; names that selected no field are in brackets. */
static void
show_header(const struct message *m, const struct dkim_signature *s,
    struct result *r, struct arena *a)
{
	const struct field **next =
	    ARENA_ARRAY(a, const struct field *, m->nnames);
	struct span names = s->names, name;
	struct buf b = BUF(a);

	for (size_t i = 0; i < m->nnames; i++)
		next[i] = &m->fields[m->names[i].lowest];
	while (taglist_item(&names, ':', &name)) {
		const struct field *f = message_lowest(m, name);
		bool there = f && next[f->name_id];

		if (span_empty(name))
			continue;
		if (there)
			next[f->name_id] = message_above(m, next[f->name_id]);
		buf_str(&b, there ? " " : " [");
		buf_add(&b, name);
		buf_str(&b, there ? "" : "]");
	}
	result_detail(r,
	    arena_printf(a, "header fields signed:" SPAN_FMT " (RFC 6376 5.4)",
		SPAN_ARG(buf_span(&b))),
	    a);
}

void
dkim_verbose(const struct message *m, const struct dkim_signature *s,
    const struct digest *body, struct result *r)
{
	struct arena *a = m->arena;

	if (!body)
		return;
	result_detail(r,
	    arena_printf(a,
		"canonicalization: header %s, body %s (RFC 6376 3.4)",
		canon_name(s->header), canon_name(s->body)),
	    a);
	result_detail(r,
	    arena_printf(a, "key: " SPAN_FMT " (RFC 6376 3.6.2.1)",
		SPAN_ARG(dkim_key_name(s->selector, s->domain, a))),
	    a);
	if (s->has_time)
		result_detail(
		    r, arena_printf(a, "signed at %" PRId64, s->time), a);
	if (s->has_expiry)
		result_detail(
		    r, arena_printf(a, "expires at %" PRId64, s->expiry), a);
	show_header(m, s, r, a);
	show_body(s, body, r, a);
}
