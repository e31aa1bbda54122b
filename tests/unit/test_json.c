/* test_json: JSON objects within a size. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "dns/dns_json.h"
#include "tool/output.h"

static void
octets_that_are_no_text_are_escaped(void **state)
{
	static const struct {
		struct span octets;
		const char *json;
	} cases[] = {
	    {{NULL, 0}, "null"},
	    {{"", 0}, "\"\""},
	    {{"v=spf1 -all", 11}, "\"v=spf1 -all\""},
	    {{"a\"b\\c", 5}, "\"a\\\"b\\\\c\""},
	    {{"a\0b\n", 4}, "\"a\\\\x00b\\\\x0a\""},
	    {{"\xc3\xa9", 2}, "\"\\u00E9\""},
	    {{"\xff", 1}, "\"\\\\xff\""},
	    {{"\xc3", 1}, "\"\\\\xc3\""},
	    {{"a\x7f", 2}, "\"a\\\\x7f\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		json_t *text = json_text(cases[i].octets, a);
		char *dump =
		    json_dumps(text, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);

		assert_string_equal(dump, cases[i].json);
		free(dump);
		json_decref(text);
		arena_free(a);
	}
}

static void
an_answer_has_its_records_in_zone_file_form(void **state)
{
	struct arena *a = arena_new();
	struct dns_rr record = {.owner = SPAN("a.example"),
	    .type = DNS_A,
	    .data = SPAN("\300\0\2\1")};
	const struct dns_answer answer = {.name = SPAN("a.example"),
	    .type = DNS_A,
	    .status = DNS_DATA,
	    .records = &record,
	    .nrecords = 1};
	json_t *object = dns_answer_json(&answer, a);
	char *dump = json_dumps(object, OUTPUT_DUMP);

	(void)state;
	assert_string_equal(dump,
	    "{\"name\":\"a.example\",\"type\":\"A\","
	    "\"status\":\"data\","
	    "\"records\":[\"a.example. IN A 192.0.2.1\"]}");
	free(dump);
	json_decref(object);
	arena_free(a);
}

/* Returns an object with a member of n octets beside its results. */
static json_t *
object_with(size_t n, struct arena *a)
{
	char *text = arena_alloc(a, n + 1);

	memset(text, 'x', n);
	return json_pack("{s:i, s:[{s:s, s:s, s:{s:s}}], s:s, s:s}", "schema",
	    1, "results", "method", "dkim", "tree", "t", "properties",
	    "header.d", "a.example", "dns", text, "envelope", "e");
}

static size_t
octets_of(const json_t *object)
{
	char *dump = json_dumps(object, OUTPUT_DUMP);
	size_t n = strlen(dump);

	free(dump);
	return n;
}

static const char *
omitted(json_t *object, size_t i)
{
	return json_string_value(
	    json_array_get(json_object_get(object, "truncated"), i));
}

static void
what_fits_stays_as_it_is(void **state)
{
	struct arena *a = arena_new();
	json_t *object = object_with(1000, a), *copy = json_deep_copy(object);

	(void)state;
	output_fit(object, octets_of(object));
	assert_true(json_equal(object, copy));
	json_decref(object);
	json_decref(copy);
	arena_free(a);
}

static void
the_largest_member_goes_first(void **state)
{
	struct arena *a = arena_new();
	json_t *object = object_with(1000, a);

	(void)state;
	output_fit(object, octets_of(object) - 1);
	assert_null(json_object_get(object, "dns"));
	assert_non_null(json_object_get(object, "envelope"));
	assert_string_equal(omitted(object, 0), "dns");
	assert_null(omitted(object, 1));
	json_decref(object);
	arena_free(a);
}

static void
results_stay_whatever_goes(void **state)
{
	static const char *const names[] = {
	    "dns", "results.details", "results.properties"};
	struct arena *a = arena_new();
	json_t *object = object_with(1000, a), *result;

	(void)state;
	output_fit(object, 1);
	for (size_t i = 0; i < COUNT(names); i++)
		assert_string_equal(omitted(object, i), names[i]);
	result = json_array_get(json_object_get(object, "results"), 0);
	assert_non_null(json_object_get(result, "method"));
	assert_int_equal(json_object_size(result), 1);
	assert_non_null(json_object_get(object, "schema"));
	assert_non_null(json_object_get(object, "envelope")); /* small */
	json_decref(object);
	arena_free(a);
}

static void
of_properties_the_long_ones_go_first(void **state)
{
	char text[514] = "";
	json_t *object, *properties;

	(void)state;
	memset(text, 'x', 513);
	object = json_pack("{s:[{s:{s:s, s:s}}]}", "results", "properties",
	    "header.i", text, "header.d", text + 1);
	properties = json_object_get(
	    json_array_get(json_object_get(object, "results"), 0),
	    "properties");
	output_fit(object, 900);
	assert_null(json_object_get(properties, "header.i"));
	assert_non_null(json_object_get(properties, "header.d"));
	assert_string_equal(omitted(object, 0), "results.properties.long");
	json_decref(object);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(octets_that_are_no_text_are_escaped),
	    cmocka_unit_test(an_answer_has_its_records_in_zone_file_form),
	    cmocka_unit_test(what_fits_stays_as_it_is),
	    cmocka_unit_test(the_largest_member_goes_first),
	    cmocka_unit_test(results_stay_whatever_goes),
	    cmocka_unit_test(of_properties_the_long_ones_go_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
