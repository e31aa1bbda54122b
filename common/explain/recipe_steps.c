/* recipe_steps: the steps of a recipe, which copy or give data. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/limit.h"
#include "explain/recipe_internal.h"

/* What an object of jansson takes, with the memory beside it. */
#define OBJECT 250u

static bool
take(struct recipe_room *room, size_t octets)
{
	if (room->reason)
		return false;
	if (octets > room->left) {
		room->reason = RECIPE_TOO_LONG;
		return false;
	}
	room->left -= octets;
	return true;
}

struct recipe_steps
recipe_steps(struct recipe_room *room)
{
	take(room, OBJECT);
	return (struct recipe_steps){.room = room, .list = json_array()};
}

static void
add_step(struct recipe_steps *s, const char *key, json_t *value)
{
	json_t *step = json_object();

	json_object_set_new(step, key, value);
	json_array_append_new(s->list, step);
}

void
recipe_copy(struct recipe_steps *s, uint64_t number)
{
	json_t *pair;

	if (s->copy && s->copied_to + 1 == number) {
		json_integer_set(s->copy, (json_int_t)number);
		s->copied_to = number;
		return;
	}
	if (!take(s->room, 4 * OBJECT))
		return;
	pair = json_array();
	json_array_append_new(pair, json_integer((json_int_t)number));
	json_array_append_new(pair, json_integer((json_int_t)number));
	add_step(s, "c", pair);
	s->copy = json_array_get(pair, 1);
	s->copied_to = number;
	s->data = NULL;
}

/* Why a text is not a string of a recipe, or NULL. The draft excludes CR and
 * LF (5.1, 5.2) and signs ASCII (13). NUL ends a string for some programs, and
 * jansson writes DEL as it is. */
static const char *
refusal(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (ascii_is_8bit(c))
			return "its strings cannot hold 8-bit text";
		if (c == '\r' || c == '\n')
			return "its strings cannot hold a CR or LF";
		if (c == '\0' || c == 0x7f)
			return "its strings cannot hold a NUL or DEL";
	}
	return NULL;
}

void
recipe_data(struct recipe_steps *s, struct span text)
{
	if (!take(s->room, (s->data ? 1 : 4) * OBJECT + text.len))
		return;
	s->room->reason = refusal(text);
	if (s->room->reason)
		return;
	if (!s->data) {
		s->data = json_array();
		add_step(s, "d", s->data);
	}
	json_array_append_new(s->data, json_stringn(text.p, text.len));
	s->copy = NULL;
}

struct recipe
recipe_end(const struct recipe_room *room, json_t *steps)
{
	if (!room->reason)
		return (struct recipe){steps, NULL};
	json_decref(steps);
	return (struct recipe){NULL, room->reason};
}
