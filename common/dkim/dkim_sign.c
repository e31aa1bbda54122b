/* dkim_sign: makes a DKIM-Signature field of a message and a key. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "base/base64.h"
#include "dkim/dkim_internal.h"
#include "mail/fold.h"

static void
put_names(struct fold *f, struct span names)
{
	struct span name;
	bool first = true;

	fold_word(f, SPAN("h="));
	while (taglist_item(&names, ':', &name)) {
		if (first)
			fold_text(f, name);
		else
			fold_piece(f, name);
		first = false;
		fold_text(f, names.p ? SPAN(":") : SPAN(";"));
	}
}

/* Writes encoded text so that folds never split a "=XX". */
static void
put_encoded(struct fold *f, struct span text)
{
	while (text.len) {
		size_t n = text.p[0] == '=' ? 3 : 1;

		fold_piece(f, span_upto(text, n));
		text = span_from(text, n);
	}
}

/* z=: a copy of every signed field, name ":" value (RFC 6376 3.5). CRLFs in
 * folded values stay, encoded. */
static void
put_copied(struct fold *f, const struct message *m, struct span names)
{
	uint32_t *used = ARENA_ARRAY(m->arena, uint32_t, m->nnames);
	struct span name;
	bool first = true;

	fold_word(f, SPAN("z="));
	while (taglist_item(&names, ':', &name)) {
		const struct field *field = message_lowest(m, name);
		struct sink_buf body = sink_to_buf(m->arena);

		if (!field || used[field->name_id]++)
			continue;
		for (; field; field = message_above(m, field)) {
			body.buf.len = 0;
			canon_header(CANON_SIMPLE, field->body, &body.sink);
			body.buf.len -= 2;
			if (!first)
				fold_text(f, SPAN("|"));
			first = false;
			fold_piece(f, field->name);
			fold_text(f, SPAN(":"));
			put_encoded(f,
			    dkim_qp_encode(
				buf_span(&body.buf), true, m->arena));
		}
	}
	fold_text(f, SPAN(";"));
}

static void
put_times(struct fold *f, const struct dkim_sign_options *o, struct arena *a)
{
	if (o->has_time)
		fold_word(f, arena_printf(a, "t=%" PRId64 ";", o->time));
	if (o->expiry)
		fold_word(f, arena_printf(a, "x=%" PRId64 ";", o->expiry));
}

/* Returns the field with this signature; b= is empty for the hash. */
static struct span
compose(const struct message *m, const struct dkim_signing *signing,
    const struct dkim_sign_options *o, struct span body_hash,
    struct span signature)
{
	struct arena *a = m->arena;
	struct fold f = fold_begin(SPAN("DKIM-Signature"), m->eol, a);

	fold_word(&f, SPAN("v=1;"));
	fold_word(&f,
	    arena_printf(a, "a=%s-sha256;",
		key_type_name(key_private_type(signing->key))));
	fold_word(&f,
	    arena_printf(
		a, "c=%s/%s;", canon_name(o->header), canon_name(o->body)));
	fold_word(
	    &f, arena_printf(a, "d=" SPAN_FMT ";", SPAN_ARG(signing->domain)));
	fold_word(&f,
	    arena_printf(a, "s=" SPAN_FMT ";", SPAN_ARG(signing->selector)));
	if (o->auid.p)
		fold_word(&f,
		    arena_printf(a, "i=" SPAN_FMT ";",
			SPAN_ARG(dkim_qp_encode(o->auid, false, a))));
	put_times(&f, o, a);
	put_names(&f, o->names);
	if (o->copied)
		put_copied(&f, m, o->names);
	fold_word(&f, SPAN("bh="));
	fold_chars(&f, base64_encode(body_hash, a));
	fold_text(&f, SPAN(";"));
	fold_word(&f, SPAN("b="));
	if (signature.len)
		fold_chars(&f, base64_encode(signature, a));
	return fold_end(&f);
}

struct digest *
dkim_sign_body(enum canon body, struct arena *a, struct sink **sink)
{
	struct digest *d = digest_new(DIGEST_SHA256, UINT64_MAX, a);

	*sink = canon_body(body, &d->sink, a);
	return d;
}

struct span
dkim_sign(const struct message *m, const struct dkim_signing *signing,
    const struct dkim_sign_options *o, struct span body_hash)
{
	struct digest *d = digest_new(DIGEST_SHA256, UINT64_MAX, m->arena);
	struct span signature;

	dkim_put_header(m, o->header, o->names, NULL,
	    compose(m, signing, o, body_hash, SPAN_NONE), &d->sink, NULL);
	sink_end(&d->sink);
	if (!body_hash.p || !d->value.p)
		return SPAN_NONE;
	signature = key_sign(signing->key, d->value, m->arena);
	return signature.p ? compose(m, signing, o, body_hash, signature)
			   : SPAN_NONE;
}
