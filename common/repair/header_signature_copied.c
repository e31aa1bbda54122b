/* header_signature_copied: fields as the signer has copied them (z=). */
/* SPDX-License-Identifier: ISC */

#include "repair/header_signature_internal.h"

#include "base/limit.h"

/* A field of z=, and where it was. */
struct copy {
	struct span name; /* as written */
	struct span raw;  /* the field that was signed */
	bool matched;     /* the message has it */
};

struct copies {
	const struct header *h;
	struct arena *arena;
	struct copy *list;
	size_t n;
	/* By index of fields: those that a copy is of, and their canonical form
	 * once it is needed. */
	bool *taken;
	struct span *forms;
	struct header_change *changes;
	size_t nchanges;
};

/* Reads "name:value" of z= (RFC 6376 3.5), in dkim-quoted-printable. What is
 * malformed is left out. */
static void
add_copy(struct copies *c, struct span text)
{
	struct span value = text, name = span_trim(span_cut(&value, ':'));
	struct span eol = span_of(c->h->m->field_eol);
	struct buf b = BUF(c->arena);

	if (!name.len || !value.p || c->n == LIMIT_SIGNED_FIELDS ||
	    !dkim_qp_decode(value, c->arena, &value))
		return;
	buf_add(&b, name);
	buf_str(&b, ":");
	field_put_lines(&b, value, eol);
	buf_add(&b, eol);
	*ARENA_PUSH(c->arena, c->list, c->n) =
	    (struct copy){name, buf_span(&b), false};
}

static bool
is_text(const struct copies *c, size_t index, struct span text)
{
	struct span *form = &c->forms[index];

	if (!form->p)
		*form = header_canonical(
		    c->h, c->h->m->fields[index].raw, c->arena);
	return span_eq(*form, text);
}

/* Returns the lowest field of this name that is not taken, and has this text
 * unless it is absent; or NULL. */
static const struct field *
find_field(const struct copies *c, struct span name, struct span text)
{
	const struct message *m = c->h->m;
	const struct field *f = message_lowest(m, name);
	size_t left = LIMIT_SIGNED_FIELDS;

	for (; f && left; f = message_above(m, f), left--) {
		size_t index = (size_t)(f - m->fields);

		if (!c->taken[index] && index != c->h->signature &&
		    (!text.p || is_text(c, index, text)))
			return f;
	}
	return NULL;
}

/* Takes the fields that are as signed. */
static void
match(struct copies *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct copy *copy = &c->list[i];
		const struct field *f = find_field(
		    c, copy->name, header_canonical(c->h, copy->raw, c->arena));

		copy->matched = f;
		if (f)
			c->taken[f - c->h->m->fields] = true;
	}
}

/* A copy without a field that is equal replaces another field of its name; if
 * there is none, the field was lost. */
static void
add_change(struct copies *c, const struct copy *copy)
{
	const struct message *m = c->h->m;
	const struct field *f = find_field(c, copy->name, SPAN_NONE);
	struct header_change *change;

	change = ARENA_PUSH(c->arena, c->changes, c->nchanges);
	*change = (struct header_change){HEADER_INSERT, m->nfields, copy->raw};
	if (!f)
		return;
	change->action = HEADER_REPLACE;
	change->index = (size_t)(f - m->fields);
	c->taken[change->index] = true;
}

/* Finds what has to be changed to get the fields of z=. Those of one name are
 * there as h= selects them, from the bottom up, or in the order of the header:
 * upward is false. */
static struct copies
read_copies(const struct header *h, bool upward, struct arena *a)
{
	struct copies c = {.h = h, .arena = a};
	struct taglist list;
	struct span rest = SPAN_NONE;

	if (taglist_parse(h->s->field->body, a, &list) == TAGLIST_OK)
		rest = taglist_value(&list, "z");
	if (!rest.p)
		return c;
	c.taken = ARENA_ARRAY(a, bool, h->m->nfields);
	c.forms = ARENA_ARRAY(a, struct span, h->m->nfields);
	while (rest.p)
		add_copy(&c, span_cut(&rest, '|'));
	match(&c);
	for (size_t i = 0; i < c.n; i++) {
		const struct copy *copy = &c.list[upward ? i : c.n - 1 - i];

		if (!copy->matched)
			add_change(&c, copy);
	}
	return c;
}

/* Proposes all changes of this kind together, and each alone. */
static void
propose(const struct copies *c, enum header_action action,
    struct header_proposals *p)
{
	struct header_change *list =
	    ARENA_ARRAY(c->arena, struct header_change, c->nchanges);
	size_t n = 0;

	for (size_t i = 0; i < c->nchanges; i++)
		if (c->changes[i].action == action)
			list[n++] = c->changes[i];
	if (n > 1)
		header_propose(p, list, n);
	for (size_t i = 0; i < n; i++)
		header_propose(p, &list[i], 1);
}

void
signature_copied(const struct header *h, struct header_proposals *p)
{
	for (int upward = 1; upward >= 0; upward--) {
		struct copies c = read_copies(h, upward, p->arena);

		propose(&c, HEADER_REPLACE, p);
	}
}

void
signature_copied_lost(const struct header *h, struct header_proposals *p)
{
	struct copies c = read_copies(h, true, p->arena);

	propose(&c, HEADER_INSERT, p);
}
