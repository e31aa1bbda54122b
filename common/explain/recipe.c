/* recipe: how to get the original back, the header and the body. */
/* SPDX-License-Identifier: ISC */

#include "explain/recipe_internal.h"

/* Sets a part, or the reason why there is none. */
static void
set(struct recipe *whole, const char *key, struct recipe part)
{
	if (whole->steps && part.steps) {
		json_object_set_new(whole->steps, key, part.steps);
		return;
	}
	if (part.steps)
		json_decref(part.steps);
	if (!whole->steps)
		return;
	json_decref(whole->steps);
	*whole = (struct recipe){NULL, part.reason};
}

/* Why nothing is known that a recipe could tell, or NULL. */
static const char *
nothing(const struct explanation *x)
{
	bool header = x->header == EXPLAIN_REPAIRED;
	bool body = x->body == EXPLAIN_REPAIRED;

	if (!x->signature)
		return "the signature cannot be read";
	if (!header && x->header != EXPLAIN_INTACT)
		return "the header that was signed is not known";
	if (!header && x->body == EXPLAIN_INTACT)
		return "the message is as it was signed";
	if (!header && !body)
		return "the body that was signed is not known";
	return NULL;
}

struct recipe
recipe_of(const struct message *m, struct span body,
    const struct explanation *x, struct arena *a)
{
	const struct header_found *h = &x->header_found;
	struct recipe whole = {NULL, nothing(x)};

	if (whole.reason)
		return whole;
	whole.steps = json_object();
	if (x->header == EXPLAIN_REPAIRED && h->nchanges)
		set(&whole, "h",
		    recipe_header(
			m, x->signature->header, h->changes, h->nchanges, a));
	if (x->body == EXPLAIN_REPAIRED)
		set(&whole, "b", recipe_body(body, &x->body_found.edits, a));
	else if (x->body != EXPLAIN_INTACT && whole.steps)
		json_object_set_new(whole.steps, "b", json_null());
	return whole;
}
