/* members: prints members of JSON values as rows. */
/* SPDX-License-Identifier: ISC */

/*
 *	members PATH...
 *
 * Reads JSON values, one on each line, and prints a tab-separated row for each,
 * with the value at each path, such as "results/0/id": "-" for null, "?" if
 * there is no such member or the line is not JSON, `""` for the empty string,
 * and for an array or object the number of its members.
 */

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

static const json_t *
step(const json_t *json, struct span name)
{
	uint64_t index;

	if (json_is_array(json) && span_number(name, SIZE_MAX, &index))
		return json_array_get(json, (size_t)index);
	return json_object_getn(json, name.p, name.len);
}

static const json_t *
member(const json_t *json, const char *path)
{
	struct span rest = span_of(path);

	while (json && rest.p)
		json = step(json, span_cut(&rest, '/'));
	return json;
}

static void
add_value(struct buf *row, const json_t *json)
{
	switch (json ? (int)json_typeof(json) : -1) {
	case -1:
		buf_char(row, '?');
		break;
	case JSON_NULL:
		buf_char(row, '-');
		break;
	case JSON_STRING:
		if (!json_string_length(json))
			buf_str(row, "\"\"");
		buf_escaped(row,
		    (struct span){
			json_string_value(json), json_string_length(json)});
		break;
	case JSON_INTEGER:
		buf_printf(
		    row, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
		break;
	case JSON_REAL:
		buf_printf(row, "%.3f", json_real_value(json));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		buf_str(row, json_is_true(json) ? "true" : "false");
		break;
	default:
		buf_printf(row, "%zu",
		    json_is_array(json) ? json_array_size(json)
					: json_object_size(json));
	}
}

static void
print_row(const char *line, char **path)
{
	json_t *json = json_loads(line, JSON_DECODE_ANY, NULL);
	struct arena *a = arena_new();
	struct buf row = BUF(a);

	for (; *path; path++) {
		add_value(&row, member(json, *path));
		if (path[1])
			buf_char(&row, '\t');
	}
	printf(SPAN_FMT "\n", SPAN_ARG(buf_span(&row)));
	arena_free(a);
	json_decref(json);
}

int
main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;

	(void)argc;
	while (getline(&line, &size, stdin) >= 0)
		print_row(line, argv + 1);
	free(line);
	return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
