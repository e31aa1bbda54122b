/* signers_verbose: what was chosen for the signatures, for --verbose. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "signers.h"

#include "base/buf.h"
#include "tool/inserter.h"

void
signers_explain_domain(struct span domain, const char *source, struct arena *a)
{
	inserter_explain(arena_printf(
	    a, "domain: " SPAN_FMT ", %s", SPAN_ARG(domain), source));
}

void
signers_explain_key(const struct signer *s, struct arena *a)
{
	struct span name = dkim_key_name(s->who.selector, s->who.domain, a);

	/* The location is last: what follows a secret in it is hidden. */
	inserter_explain(
	    arena_printf(a, "key: " SPAN_FMT ", %s, %u bits, from " SPAN_FMT,
		SPAN_ARG(name), key_type_name(key_private_type(s->who.key)),
		key_private_bits(s->who.key), SPAN_ARG(s->location)));
}

void
signers_explain_missing(struct span shown, struct arena *a)
{
	inserter_explain(arena_printf(a,
	    "no file " SPAN_FMT ": the line does not match", SPAN_ARG(shown)));
}

void
signers_explain_unlisted(
    const char *table, struct span author, const char *why, struct arena *a)
{
	inserter_explain(author.p
		? arena_printf(a, "not signed: %s does not list " SPAN_FMT,
		      table, SPAN_ARG(author))
		: arena_printf(a, "not signed: no author domain: %s", why));
}

/* Splits h= into the names that select a field, and those beyond the fields of
 * their name, which are oversigned. */
static void
split_names(const struct message *m, struct span names, struct buf *chosen,
    struct buf *over)
{
	uint32_t *used = ARENA_ARRAY(m->arena, uint32_t, m->nnames);
	struct span name;

	while (taglist_item(&names, ':', &name)) {
		const struct field *f = message_lowest(m, name);
		bool selects = f && used[f->name_id] < message_count(m, name);
		struct buf *b = selects ? chosen : over;

		if (selects)
			used[f->name_id]++;
		buf_char(b, ' ');
		buf_add(b, name);
	}
	if (!over->len)
		buf_str(over, " none");
}

void
signers_explain_style(
    const struct message *m, const struct dkim_sign_options *style)
{
	struct arena *a = m->arena;
	struct buf chosen = BUF(a), over = BUF(a);

	inserter_explain(arena_printf(a,
	    "canonicalization: header %s, body %s (RFC 6376 3.4)",
	    canon_name(style->header), canon_name(style->body)));
	if (style->auid.p)
		inserter_explain(
		    arena_printf(a, "i=: " SPAN_FMT, SPAN_ARG(style->auid)));
	if (style->has_time)
		inserter_explain(
		    arena_printf(a, "signed at %" PRId64, style->time));
	if (style->expiry)
		inserter_explain(
		    arena_printf(a, "expires at %" PRId64, style->expiry));
	split_names(m, style->names, &chosen, &over);
	inserter_explain(
	    arena_printf(a, "header fields signed:" SPAN_FMT " (RFC 6376 5.4)",
		SPAN_ARG(buf_span(&chosen))));
	inserter_explain(
	    arena_printf(a, "oversigned:" SPAN_FMT " (RFC 6376 8.15)",
		SPAN_ARG(buf_span(&over))));
}
