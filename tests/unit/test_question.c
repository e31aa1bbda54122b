/* test_question: names of questions and answers, and records as zone lines. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "lint/question.h"

static void
questions_and_answers_have_names(void **state)
{
	static const char *const ids[QUESTION_COUNT] = {
	    "exact-domain", "subdomains", "spf", "dkim", "reports"};

	(void)state;
	for (size_t i = 0; i < QUESTION_COUNT; i++)
		assert_string_equal(question_id((enum question_id)i), ids[i]);
	assert_string_equal(question_answer(ANSWER_YES), "yes");
	assert_string_equal(question_answer(ANSWER_NO), "no");
	assert_string_equal(question_answer(ANSWER_NOT_KNOWN), "not known");
}

/* RFC 1035 3.3 */
static void
a_text_is_split_into_strings_of_255_octets(void **state)
{
	static const struct {
		size_t octets, strings;
	} cases[] = {{0, 1}, {1, 1}, {254, 1}, {255, 1}, {256, 2}, {510, 2},
	    {511, 3}, {1000, 4}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		char text[1000];
		struct span line;
		size_t quotes = 0;

		memset(text, 'x', sizeof(text));
		line = question_zone_line(
		    SPAN("a.example"), (struct span){text, cases[i].octets}, a);
		assert_true(span_starts(line, SPAN("a.example. IN TXT \"")));
		for (size_t k = 0; k < line.len; k++)
			quotes += line.p[k] == '"';
		assert_int_equal(quotes, 2 * cases[i].strings);
		arena_free(a);
	}
}

static void
octets_that_end_a_string_are_escaped(void **state)
{
	struct arena *a = arena_new();
	struct span line =
	    question_zone_line(SPAN("a.example"), SPAN("a\"\\\n;"), a);

	(void)state;
	assert_string_equal(
	    arena_cstr(a, line), "a.example. IN TXT \"a\\\"\\\\\\010;\"");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(questions_and_answers_have_names),
	    cmocka_unit_test(a_text_is_split_into_strings_of_255_octets),
	    cmocka_unit_test(octets_that_end_a_string_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
