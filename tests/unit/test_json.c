#include "unit.h"

#include "json.h"

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
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(octets_that_are_no_text_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
