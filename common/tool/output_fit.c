/* output_fit: make a JSON object small enough to be written. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "tool/output.h"

/* Members that are never removed: what was evaluated, and the results. */
static const char *const kept[] = {"schema", "file", "line", "query", "domain",
    "results", "error", "truncated"};
static const char *const kept_of_result[] = {
    "method", "result", "id", "reason", "notes", "properties"};

/* Only members, and values of properties, longer than this are removed. */
#define LONG 512u

struct fit {
	json_t *object;
	size_t limit;
};

static int
count(const char *p, size_t n, void *octets)
{
	(void)p;
	*(size_t *)octets += n;
	return 0;
}

static size_t
size_of(const json_t *value)
{
	size_t octets = 0;

	json_dump_callback(
	    value, count, &octets, OUTPUT_DUMP | JSON_ENCODE_ANY);
	return octets;
}

static bool
is_among(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(name, list[i]))
			return true;
	return false;
}

static bool
is_within(const struct fit *f)
{
	return size_of(f->object) <= f->limit;
}

void
output_leave_out(json_t *object, const char *name)
{
	json_t *list = json_object_get(object, "truncated");

	if (!list) {
		list = json_array();
		json_object_set_new(object, "truncated", list);
	}
	json_array_append_new(list, json_string(name));
}

/* The largest member that may be removed, or NULL. Small ones stay, such as the
 * time and the Message-ID, which tell what the object is about. */
static const char *
find_largest(json_t *object)
{
	const char *name, *largest = NULL;
	size_t most = LONG;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		size_t size = size_of(value);

		if (size <= most || is_among(name, kept, COUNT(kept)))
			continue;
		largest = name;
		most = size;
	}
	return largest;
}

static void
drop_members(struct fit *f)
{
	const char *name;

	while (!is_within(f) && (name = find_largest(f->object))) {
		output_leave_out(f->object, name);
		json_object_del(f->object, name);
	}
}

/* Removes from a result all members but the essential ones. */
static bool
drop_details(json_t *result)
{
	const char *name;
	bool dropped = false;
	json_t *value;
	void *next;

	json_object_foreach_safe(result, next, name, value)
	{
		if (is_among(name, kept_of_result, COUNT(kept_of_result)))
			continue;
		json_object_del(result, name);
		dropped = true;
	}
	return dropped;
}

/* Removes from a result the properties that are long. */
static bool
drop_long(json_t *result)
{
	json_t *properties = json_object_get(result, "properties"), *value;
	const char *name;
	bool dropped = false;
	void *next;

	json_object_foreach_safe(properties, next, name, value)
	{
		if (json_string_length(value) <= LONG)
			continue;
		json_object_del(properties, name);
		dropped = true;
	}
	return dropped;
}

static bool
drop_properties(json_t *result)
{
	return json_object_del(result, "properties") == 0;
}

/* Taken one after another until the object is small enough. */
static const struct {
	const char *name; /* of what is removed, for "truncated" */
	bool (*drop)(json_t *result);
} steps[] = {
    {"results.details", drop_details},
    {"results.properties.long", drop_long},
    {"results.properties", drop_properties},
};

void
output_fit(json_t *object, size_t limit)
{
	struct fit f = {.object = object, .limit = limit};
	json_t *results = json_object_get(object, "results"), *result;
	size_t i;

	drop_members(&f);
	for (size_t k = 0; k < COUNT(steps) && !is_within(&f); k++) {
		bool dropped = false;

		json_array_foreach(results, i, result) dropped |=
		    steps[k].drop(result);
		if (dropped)
			output_leave_out(object, steps[k].name);
	}
}
