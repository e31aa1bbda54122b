/* explain_json: what was found about a signature, as an object for programs. */
/* SPDX-License-Identifier: ISC */

#include "base/json.h"
#include "base/limit.h"
#include "base/utf8.h"
#include "explain/explain_internal.h"
#include "explain/recipe.h"

struct object {
	json_t *json;
	struct arena *arena;
};

static void
set(struct object *o, const char *key, json_t *value)
{
	json_object_set_new(o->json, key, value);
}

static void
set_text(struct object *o, const char *key, struct span text)
{
	set(o, key, json_text(text, o->arena));
}

static void
set_number(struct object *o, const char *key, uint64_t number)
{
	set(o, key, json_integer((json_int_t)number));
}

static void
set_short(struct object *o, const char *key, struct span text)
{
	set_text(o, key, utf8_upto(text, LIMIT_JSON_TEXT));
}

/*
 * Lists.
 */

static json_t *
repair_json(const struct repair *r, struct arena *a)
{
	struct object o = {json_object(), a};
	bool in_body = !r->name.p;

	set_text(&o, "id", span_of(r->kind->id));
	set_text(&o, "where", in_body ? SPAN("body") : SPAN("header"));
	set_short(&o, "field", r->name);
	set_number(&o, "offset", r->offset);
	set_number(&o, "length", r->length);
	set_short(&o, "before", r->before);
	set_number(&o, "before_length", r->before.len);
	set_short(&o, "after", r->after);
	if (in_body)
		set_number(&o, "line", r->line);
	else
		set(&o, "line", json_null());
	set_number(&o, "places", r->places ? r->places : 1);
	set_text(&o, "words", explain_phrase(r, false, a));
	return o.json;
}

static json_t *
repairs_json(const struct explanation *x, struct arena *a)
{
	json_t *list = json_array();

	if (x->body == EXPLAIN_REPAIRED)
		for (size_t i = 0; i < x->body_found.nrepairs; i++)
			json_array_append_new(
			    list, repair_json(&x->body_found.repairs[i], a));
	if (x->header == EXPLAIN_REPAIRED)
		for (size_t i = 0; i < x->header_found.nrepairs; i++)
			json_array_append_new(
			    list, repair_json(&x->header_found.repairs[i], a));
	return list;
}

static json_t *
notes_json(const struct context *c, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->nnotes; i++) {
		const struct context_note *note = &c->notes[i];
		struct object o = {json_object(), a};

		set_text(&o, "id", span_of(note->kind->id));
		set_short(&o, "what", note->what);
		set_text(&o, "words", span_of(note->kind->words));
		json_array_append_new(list, o.json);
	}
	return list;
}

static json_t *
advice_json(const struct explanation *x, struct arena *a)
{
	struct explain_help helps[EXPLAIN_HELPS];
	size_t n = explain_advise(x, helps);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		struct object o = {json_object(), a};

		set_text(&o, "id", span_of(helps[i].id));
		set_text(&o, "who", span_of(helps[i].who));
		set_text(&o, "words", span_of(helps[i].words));
		json_array_append_new(list, o.json);
	}
	return list;
}

/*
 * Members.
 */

static const char *const states[] = {
    [EXPLAIN_UNKNOWN] = "unknown",
    [EXPLAIN_INTACT] = "intact",
    [EXPLAIN_REPAIRED] = "repaired",
    [EXPLAIN_NOT_FOUND] = "not-found",
};

static const char *const blocks[] = {
    [EXPLAIN_BLOCK_NONE] = NULL,
    [EXPLAIN_BLOCK_SOUND] = "sound",
    [EXPLAIN_BLOCK_OTHER] = "other",
};

/* The number of the signature field, from the top. */
static uint64_t
index_of(const struct message *m, const struct field *signature)
{
	uint64_t n = 1;

	while ((signature = message_above(m, signature)))
		n++;
	return n;
}

static void
set_signature(
    struct object *o, const struct message *m, const struct dkim_signature *s)
{
	if (s)
		set_number(o, "signature", index_of(m, s->field));
	else
		set(o, "signature", json_null());
	set_text(o, "domain", s ? s->domain : SPAN_NONE);
	set_text(o, "selector", s ? s->selector : SPAN_NONE);
}

static void
set_context(struct object *o, const struct context *c)
{
	struct object software = {json_object(), o->arena};

	set_text(&software, "kind", span_of(context_name(c->software)));
	set_short(&software, "name", c->name);
	set(o, "software", software.json);
	if (c->hop)
		set_short(o, "hop", explain_hop(c->hop, o->arena));
	else
		set(o, "hop", json_null());
	set(o, "notes", notes_json(c, o->arena));
}

static void
set_recipe(struct object *o, const struct message *m, struct span body,
    const struct explanation *x)
{
	struct recipe r = recipe_of(m, body, x, o->arena);

	set(o, "recipe", r.steps ? r.steps : json_null());
	set_text(o, "recipe_reason", span_of(r.reason));
}

json_t *
explain_json(const struct message *m, struct span body,
    const struct explanation *x, struct arena *a)
{
	struct object o = {json_object(), a};

	set_signature(&o, m, x->signature);
	set_text(&o, "sentence", explain_sentence(x, a));
	set_text(&o, "header", span_of(states[explain_header_state(x)]));
	set_text(&o, "body", span_of(states[x->body]));
	set_text(&o, "block", span_of(blocks[x->block]));
	set(&o, "bh_altered", json_boolean(x->bh_altered));
	set(&o, "repairs", repairs_json(x, a));
	set_context(&o, &x->context);
	set_number(&o, "tries", x->body_found.tries + x->header_found.tries);
	set(&o, "budget_spent", json_boolean(x->budget_spent));
	set(&o, "advice", advice_json(x, a));
	set_recipe(&o, m, body, x);
	return o.json;
}
