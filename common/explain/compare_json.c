/* compare_json: a comparison as an object for programs. */
/* SPDX-License-Identifier: ISC */

#include "explain/compare_internal.h"

#include "base/json.h"
#include "base/limit.h"
#include "base/utf8.h"

/* Places in the body that have an object. */
#define LISTED_HUNKS 100u

static json_t *
short_text(struct span text, struct arena *a)
{
	return json_text(utf8_upto(text, LIMIT_JSON_TEXT), a);
}

static json_t *
field_text(const struct field *f, struct arena *a)
{
	return short_text(f ? field_chomp(f->raw) : SPAN_NONE, a);
}

static json_t *
field_object(const struct compare_field *f, struct arena *a)
{
	return json_pack("{s:o, s:s, s:b, s:b, s:o, s:o}",
	    JSON_MEMBER("name", short_text(f->name, a)),
	    JSON_MEMBER("state", compare_state_name(f->state)),
	    JSON_MEMBER("signed", f->is_signed),
	    JSON_MEMBER("hidden", f->is_hidden),
	    JSON_MEMBER("before", field_text(f->before, a)),
	    JSON_MEMBER("after", field_text(f->after, a)));
}

static json_t *
lines_object(uint64_t line, uint64_t n, struct span text, struct arena *a)
{
	return json_pack("{s:I, s:I, s:o}",
	    JSON_MEMBER("after_line", (json_int_t)line),
	    JSON_MEMBER("lines", (json_int_t)n),
	    JSON_MEMBER("text", short_text(n ? text : SPAN_NONE, a)));
}

static json_t *
hunk_object(const struct compare_hunk *h, struct arena *a)
{
	return json_pack("{s:b, s:o, s:o}", JSON_MEMBER("signed", h->is_signed),
	    JSON_MEMBER("before",
		lines_object(h->before_line, h->nbefore, h->before, a)),
	    JSON_MEMBER(
		"after", lines_object(h->after_line, h->nafter, h->after, a)));
}

static json_t *
fields_array(const struct comparison *c, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->nfields; i++)
		json_array_append_new(list, field_object(&c->fields[i], a));
	return list;
}

static json_t *
hunks_array(const struct comparison *c, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->nhunks && i < LISTED_HUNKS; i++)
		json_array_append_new(list, hunk_object(&c->hunks[i], a));
	return list;
}

json_t *
compare_json(const struct comparison *c, struct arena *a)
{
	size_t more = c->nhunks > LISTED_HUNKS ? c->nhunks - LISTED_HUNKS : 0;

	return json_pack("{s:b, s:b, s:b, s:o, s:I, s:I, s:o, s:I, s:b, s:I}",
	    JSON_MEMBER("has_signature", c->has_signature),
	    JSON_MEMBER("header_differs", c->header_differs),
	    JSON_MEMBER("body_differs", c->body_differs),
	    JSON_MEMBER("fields", fields_array(c, a)),
	    JSON_MEMBER("more_fields", (json_int_t)c->nleft),
	    JSON_MEMBER("same_fields", (json_int_t)c->nunsigned_same),
	    JSON_MEMBER("lines", hunks_array(c, a)),
	    JSON_MEMBER("more_lines", (json_int_t)more),
	    JSON_MEMBER("coarse", c->is_coarse),
	    JSON_MEMBER("hidden_lines", (json_int_t)c->nhidden));
}
