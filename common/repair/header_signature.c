/* header_signature: repairs of the signature field itself. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_signature_internal.h"

#include "base/ascii.h"
#include "base/base64.h"

/* Returns the value with the octets of a part of it replaced. */
static struct span
replaced(const struct signature_text *t, struct span part, struct span by,
    struct arena *a)
{
	const char *end = t->value.p + t->value.len;

	return ARENA_JOIN(a, span_between(t->value.p, part.p), by,
	    span_between(part.p + part.len, end));
}

/* Writes base64 over that of a text of the same length, whose white space
 * stays. */
static struct span
overwritten(struct span text, struct span base64, struct arena *a)
{
	char *p = arena_cstr(a, text);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_space(p[i]) && n < base64.len)
			p[i] = base64.p[n++];
	return (struct span){p, text.len};
}

/* bh= was damaged or replaced, and the body is as it was signed. */
static void
restore_hash(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct signature_text t;
	const struct tag *bh;
	struct span base64;

	if (!h->body.p || span_eq(h->body, h->s->body_hash) ||
	    !signature_read(&t, h, index, raw))
		return;
	bh = taglist_find(&t.list, "bh");
	if (!bh)
		return;
	base64 = base64_encode(h->body, p->arena);
	if (arena_without(p->arena, bh->value, ascii_is_space).len ==
	    base64.len)
		signature_propose(&t, p,
		    replaced(&t, bh->value,
			overwritten(bh->value, base64, p->arena), p->arena));
	signature_propose(&t, p, replaced(&t, bh->value, base64, p->arena));
}

/* How the letters of a name in h= are written. */

static struct span
name_lower(const struct header *h, struct span name, struct arena *a)
{
	(void)h;
	return arena_lower(a, name);
}

/* The first letter of each word in upper case. */
static struct span
name_title(const struct header *h, struct span name, struct arena *a)
{
	return header_capital(name_lower(h, name, a), "-", a);
}

/* As the field has it. */
static struct span
name_of_field(const struct header *h, struct span name, struct arena *a)
{
	const struct field *f = message_lowest(h->m, name);

	return f ? f->name : name_title(h, name, a);
}

static struct span (*const spellings[])(
    const struct header *h, struct span name, struct arena *a) = {
    name_of_field,
    name_lower,
    name_title,
};

/* The names in h= were written in another case, which matters: it is a
 * value. */
static void
restore_names(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct signature_text t;
	const struct tag *tag;

	if (!signature_read(&t, h, index, raw))
		return;
	tag = taglist_find(&t.list, "h");
	for (size_t i = 0; tag && i < COUNT(spellings); i++) {
		struct span rest = tag->value, item;
		const char *at = rest.p;
		struct buf b = BUF(p->arena);

		while (taglist_item(&rest, ':', &item)) {
			buf_add(&b, span_between(at, item.p));
			buf_add(&b, spellings[i](h, item, p->arena));
			at = item.p + item.len;
		}
		buf_add(&b, span_between(at, tag->value.p + tag->value.len));
		signature_propose(
		    &t, p, replaced(&t, tag->value, buf_span(&b), p->arena));
	}
}

/* How the tags of a field are written: what is around "=", after the colon of
 * the name, after ";", and in the lists of h= and the base64 of bh=. */
struct spacing {
	bool close;          /* the values of h= and bh= have no white space */
	struct span colon;   /* in h=, if they have none */
	struct span equals;  /* or absent: as it is */
	struct span first;   /* or absent: as it is */
	struct span between; /* or absent: as it is */
};

static const struct spacing spacings[] = {
    {.close = true},
    {.close = true, .colon = {" ", 1}},
    {.equals = {"", 0}},
    {.equals = {" ", 1}},
    {.between = {" ", 1}},
    {.between = {"", 0}},
    {.close = true, .between = {" ", 1}},
    {.close = true, .between = {"", 0}},
    {.first = {" ", 1}},
    {.first = {"", 0}},
};

/* Writes the value of a list with a blank after each colon. */
static void
put_list(struct buf *b, struct span list, struct span blank)
{
	struct span item;

	while (taglist_item(&list, ':', &item)) {
		buf_add(b, item);
		if (list.p) {
			buf_str(b, ":");
			buf_add(b, blank);
		}
	}
}

static void
put_tag(struct buf *b, const struct tag *tag, const struct spacing *s)
{
	const char *end = tag->name.p + tag->name.len;

	buf_add(b, tag->name);
	if (s->equals.p) {
		buf_add(b, s->equals);
		buf_str(b, "=");
		buf_add(b, s->equals);
	} else {
		buf_add(b, span_between(end, tag->value.p));
	}
	if (s->close && span_eq(tag->name, SPAN("h")))
		put_list(b, tag->value, s->colon);
	else if (s->close && span_eq(tag->name, SPAN("bh")))
		buf_add(b, arena_without(b->arena, tag->value, ascii_is_space));
	else
		buf_add(b, tag->value);
}

/* Blanks were lost or added. That matters to both canonicalizations, but that
 * relaxed makes one of several. */
static void
restore_blanks(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct signature_text t;

	if (!signature_read(&t, h, index, raw))
		return;
	for (size_t i = 0; i < COUNT(spacings); i++) {
		const struct spacing *s = &spacings[i];
		struct buf b = BUF(p->arena);
		const char *at = t.value.p;

		for (size_t k = 0; k < t.list.ntags; k++) {
			const struct tag *tag = &t.list.tags[k];
			struct span blank = k ? s->between : s->first;

			if (k && blank.p)
				buf_str(&b, ";");
			buf_add(&b,
			    blank.p ? blank : span_between(at, tag->name.p));
			put_tag(&b, tag, s);
			at = tag->value.p + tag->value.len;
		}
		buf_add(&b, span_between(at, t.value.p + t.value.len));
		signature_propose(&t, p, buf_span(&b));
	}
}

/* The name of the field, as signers write it. */
static const struct span field_names[] = {
    {"DKIM-Signature", 14},
    {"Dkim-Signature", 14},
    {"dkim-signature", 14},
};

static void
restore_name(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	size_t length = field_names[0].len;

	if (index != h->signature || h->s->header != CANON_SIMPLE)
		return;
	for (size_t i = 0; i < COUNT(field_names); i++)
		header_propose_text(p, h, index,
		    ARENA_JOIN(
			p->arena, field_names[i], span_from(raw, length)));
}

const struct header_repair header_signature_repairs[] = {
    {{"field-changed", "changed {field} from {was} to {after}",
	 REPAIR_ADVICE_RELAY, 0},
	NULL, signature_copied},
    {{"field-lost", "removed {field}", REPAIR_ADVICE_RELAY, 1}, NULL,
	signature_copied_lost},
    {{"signature-bh", "damaged the signature where it describes the body",
	 REPAIR_ADVICE_RELAY, 1},
	restore_hash, NULL},
    {{"signature-unfolded", "changed the line breaks of the signature field",
	 REPAIR_ADVICE_RELAXED, 4},
	signature_unfold, NULL},
    {{"signature-name",
	 "changed the letter case of the name of the signature field",
	 REPAIR_ADVICE_RELAXED, 5},
	restore_name, NULL},
    {{"signature-blanks", "changed the spacing in the signature field",
	 REPAIR_ADVICE_RELAY, 6},
	restore_blanks, NULL},
    {{"signature-folded", "changed the line breaks of the signature field",
	 REPAIR_ADVICE_RELAXED, 7},
	signature_fold, NULL},
    {{"signature-names", "changed the letter case in the signature field",
	 REPAIR_ADVICE_RELAY, 7},
	restore_names, NULL},
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
};
