/* recipe_header: the recipe of a header, field by field. */
/* SPDX-License-Identifier: ISC */

#include "base/limit.h"
#include "explain/recipe_internal.h"

/* The steps of a name. */
struct name {
	const char *key; /* in lower case (draft 5.1) */
	struct recipe_steps steps;
	uint64_t fields; /* as received, from the bottom up to here */
};

struct header {
	const struct message *m;
	enum canon canon;
	struct arena *arena;
	struct recipe_room room;
	struct name **known; /* by name_id: NULL if no field was changed */
	struct name *others; /* names that the message does not have */
	size_t nothers;
	json_t *object;
};

static struct name
new_name(struct header *h, struct span name)
{
	struct name n = {
	    arena_lower(h->arena, name).p, recipe_steps(&h->room), 0};

	json_object_set_new(h->object, n.key, n.steps.list);
	return n;
}

static void
know(struct header *h, uint32_t id)
{
	if (h->known[id])
		return;
	h->known[id] = ARENA_NEW(h->arena, struct name);
	*h->known[id] = new_name(h, h->m->names[id].name);
}

/* Returns the steps of a name that the message does not have. There are few:
 * fields that were removed. */
static struct name *
other(struct header *h, struct span name)
{
	for (size_t i = 0; i < h->nothers; i++)
		if (span_caseeq(span_of(h->others[i].key), name))
			return &h->others[i];
	return NULL;
}

/* Notes the names that a change is about. */
static void
note(struct header *h, const struct header_change *c)
{
	const struct field *lowest;
	struct span name;

	if (c->action != HEADER_INSERT)
		know(h, h->m->fields[c->index].name_id);
	if (c->action == HEADER_DROP)
		return;
	name = field_split(c->raw).name;
	lowest = message_lowest(h->m, name);
	if (lowest)
		know(h, lowest->name_id);
	else if (h->nothers == LIMIT_SIGNED_FIELDS)
		h->room.reason = RECIPE_TOO_LONG;
	else if (!other(h, name))
		*ARENA_PUSH(h->arena, h->others, h->nothers) =
		    new_name(h, name);
}

/* The field that a "d" step gives has its name in lower case, and no folds:
 * enough for relaxed (draft 5.1). */
static void
put_field(struct header *h, struct span raw)
{
	struct field f = field_split(raw);
	const struct field *lowest = message_lowest(h->m, f.name);
	struct name *n = lowest ? h->known[lowest->name_id] : other(h, f.name);
	struct span value = field_unfold(f.body, h->arena);
	struct span given;

	if (!n)
		return;
	given = ARENA_JOIN(h->arena, span_of(n->key), SPAN(":"), value);
	if (h->canon == CANON_SIMPLE && !span_eq(given, field_chomp(raw)))
		h->room.reason = "it gives neither folds nor the case of "
				 "names, which c=simple signs";
	else
		recipe_data(&n->steps, value);
}

static void
copy_field(struct header *h, size_t index)
{
	struct name *n = h->known[h->m->fields[index].name_id];

	if (n)
		recipe_copy(&n->steps, n->fields);
}

/* Takes the field at an index as received, with the changes there: those up to
 * the n-th, which is the last. Returns how many changes are above it. */
static size_t
put_index(struct header *h, size_t index, const struct header_change *changes,
    size_t n)
{
	const struct header_change *own = NULL;
	size_t first = n;

	while (first && changes[first - 1].index == index)
		if (changes[--first].action != HEADER_INSERT)
			own = &changes[first];
	if (index < h->m->nfields && h->known[h->m->fields[index].name_id])
		h->known[h->m->fields[index].name_id]->fields++;
	if (index < h->m->nfields && !own)
		copy_field(h, index);
	else if (own && own->action == HEADER_REPLACE)
		put_field(h, own->raw);
	for (size_t i = n; i > first; i--)
		if (changes[i - 1].action == HEADER_INSERT)
			put_field(h, changes[i - 1].raw);
	return first;
}

struct recipe
recipe_header(const struct message *m, enum canon canon,
    const struct header_change *changes, size_t n, struct arena *a)
{
	struct header h = {.m = m,
	    .canon = canon,
	    .arena = a,
	    .room = RECIPE_ROOM,
	    .known = ARENA_ARRAY(a, struct name *, m->nnames),
	    .object = json_object()};

	for (size_t i = 0; i < n && !h.room.reason; i++)
		note(&h, &changes[i]);
	for (size_t i = m->nfields + 1; i-- && !h.room.reason;)
		n = put_index(&h, i, changes, n);
	return recipe_end(&h.room, h.object);
}
