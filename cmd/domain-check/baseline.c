/* baseline: the findings of an earlier run, by its output of -j. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/json.h"

struct baseline {
	struct span *keys; /* sorted */
	size_t n;
};

/* Returns what makes a finding the same one, as JSON has it. */
static struct span
key_of(const char *section, const char *id, const char *where, const char *what,
    struct arena *a)
{
	struct span nul = {"", 1};

	return ARENA_JOIN(a, span_of(section), nul, span_of(id), nul,
	    span_of(where), nul, what ? SPAN("=") : SPAN(""), span_of(what));
}

static int
compare(const void *a, const void *b)
{
	return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* Adds a finding. Returns false if it is not one. */
static bool
add_finding(struct baseline *b, const json_t *finding, struct arena *a)
{
	const json_t *what = json_object_get(finding, "what");
	const char *section, *id, *where;

	section = json_string_value(json_object_get(finding, "section"));
	id = json_string_value(json_object_get(finding, "id"));
	where = json_string_value(json_object_get(finding, "where"));
	if (!section || !id || !where ||
	    !(json_is_string(what) || json_is_null(what)))
		return false;
	*ARENA_PUSH(a, b->keys, b->n) =
	    key_of(section, id, where, json_string_value(what), a);
	return true;
}

/* Adds the findings of a line. One that was too large may have none. */
static bool
add_line(struct baseline *b, struct span line, struct arena *a)
{
	json_t *object = json_loadb(line.p, line.len, 0, NULL);
	json_t *list = json_object_get(object, "findings"), *finding;
	bool good = json_is_array(list) || json_object_get(object, "truncated");
	size_t i;

	good = good && json_object_get(object, "questions");
	json_array_foreach(list, i, finding) good =
	    good && add_finding(b, finding, a);
	json_decref(object);
	return good;
}

const struct baseline *
baseline_read(const char *path, struct arena *a)
{
	struct baseline *b = ARENA_NEW(a, struct baseline);
	struct span rest = cli_file(path, a);

	for (size_t number = 1; rest.p; number++) {
		struct span line = span_trim(span_cut(&rest, '\n'));

		if (line.len && !add_line(b, line, a))
			die(EX_CONFIG,
			    "%s:%zu: not an object that domain-check -j wrote",
			    path, number);
	}
	if (b->n)
		qsort(b->keys, b->n, sizeof(*b->keys), compare);
	return b;
}

bool
baseline_has(const struct baseline *b, const struct finding *f, struct arena *a)
{
	json_t *where = json_text(f->where, a), *what = json_text(f->what, a);
	struct span key = key_of(f->section, f->kind->id,
	    json_string_value(where), json_string_value(what), a);
	bool found =
	    b->n && bsearch(&key, b->keys, b->n, sizeof(*b->keys), compare);

	json_decref(where);
	json_decref(what);
	return found;
}
