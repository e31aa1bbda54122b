/* test_result: results and the verdict of several. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "mail/result.h"

static void
every_code_has_its_name_and_exit_status(void **state)
{
	static const struct {
		const char *name;
		int status;
	} c[RESULT_CODES] = {
	    [RESULT_PASS] = {"pass", 0},
	    [RESULT_FAIL] = {"fail", 1},
	    [RESULT_SOFTFAIL] = {"softfail", 2},
	    [RESULT_NEUTRAL] = {"neutral", 2},
	    [RESULT_POLICY] = {"policy", 2},
	    [RESULT_NONE] = {"none", 3},
	    [RESULT_PERMERROR] = {"permerror", 4},
	    [RESULT_TEMPERROR] = {"temperror", 75},
	};

	(void)state;
	for (int i = 0; i < RESULT_CODES; i++) {
		enum result_code code = (enum result_code)i, parsed;

		assert_string_equal(result_name(code), c[i].name);
		assert_int_equal(result_status(code), c[i].status);
		assert_true(result_parse(span_of(c[i].name), &parsed));
		assert_int_equal(parsed, code);
	}
}

static void
other_names_are_no_codes(void **state)
{
	static const char *const c[] = {
	    "", "passed", "pas", "Pass", "error", " pass", "hardfail"};
	enum result_code code;

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		assert_false(result_parse(span_of(c[i]), &code));
	assert_false(result_parse(SPAN_NONE, &code));
	assert_false(result_parse(SPAN("pass\0"), &code));
}

static void
notes_and_properties_keep_their_order(void **state)
{
	struct result r = {.method = "dkim"};

	(void)state;
	for (int i = 0; i < RESULT_NOTES; i++)
		result_note(&r, i % 2 ? "odd" : "even", SPAN("words"));
	result_property(&r, "header.x", SPAN_NONE, RESULT_VALUE);
	assert_int_equal(r.nproperties, 0);
	for (int i = 0; i < RESULT_PROPERTIES; i++)
		result_property(&r, "header.d", SPAN(""), RESULT_ADDRESS);
	assert_int_equal(r.nnotes, RESULT_NOTES);
	assert_int_equal(r.nproperties, RESULT_PROPERTIES);
	assert_string_equal(r.notes[1].id, "odd");
	assert_true(span_eq(r.notes[0].words, SPAN("words")));
	assert_string_equal(r.properties[0].name, "header.d");
	assert_int_equal(r.properties[0].kind, RESULT_ADDRESS);
}

/* From the strongest to the weakest, if none passes. */
static const enum result_code order[] = {RESULT_TEMPERROR, RESULT_FAIL,
    RESULT_POLICY, RESULT_PERMERROR, RESULT_NEUTRAL, RESULT_SOFTFAIL,
    RESULT_NONE};

static void
no_result_at_all_is_none(void **state)
{
	(void)state;
	assert_int_equal(
	    result_verdict(NULL, 0, false, SPAN_NONE), RESULT_NONE);
	assert_int_equal(
	    result_verdict(NULL, 0, true, SPAN("example.org")), RESULT_NONE);
}

static void
one_result_is_the_verdict(void **state)
{
	(void)state;
	for (int i = 0; i < RESULT_CODES; i++) {
		struct result r = {.code = (enum result_code)i};

		assert_int_equal(result_verdict(&r, 1, false, SPAN_NONE), i);
		assert_int_equal(result_verdict(&r, 1, true, SPAN_NONE), i);
	}
}

static void
without_a_pass_the_strongest_is_the_verdict_in_any_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(order); i++)
		for (size_t k = 0; k < COUNT(order); k++) {
			struct result list[] = {
			    {.code = order[i]}, {.code = order[k]}};

			assert_int_equal(
			    result_verdict(list, 2, false, SPAN_NONE),
			    order[i < k ? i : k]);
			assert_int_equal(
			    result_verdict(list, 2, true, SPAN_NONE),
			    order[i < k ? i : k]);
		}
}

static void
one_pass_is_enough_unless_all_must_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(order); i++) {
		struct result list[] = {
		    {.code = RESULT_PASS}, {.code = order[i]}};

		assert_int_equal(
		    result_verdict(list, 2, false, SPAN_NONE), RESULT_PASS);
		assert_int_equal(
		    result_verdict(list, 2, true, SPAN_NONE), order[i]);
		list[0].code = order[i];
		list[1].code = RESULT_PASS;
		assert_int_equal(
		    result_verdict(list, 2, false, SPAN_NONE), RESULT_PASS);
		list[0].code = RESULT_PASS;
		assert_int_equal(
		    result_verdict(list, 2, true, SPAN_NONE), RESULT_PASS);
	}
}

static void
only_a_pass_of_the_required_domain_counts(void **state)
{
	struct span org = SPAN("example.org");
	struct result ours = {
	    .code = RESULT_PASS, .domain = SPAN("Example.ORG")};
	struct result below = {
	    .code = RESULT_PASS, .domain = SPAN("a.example.org")};
	struct result nobody = {.code = RESULT_PASS};
	struct result fail = {.code = RESULT_FAIL, .domain = SPAN("x.test")};
	struct result list[2];

	(void)state;
	assert_int_equal(result_verdict(&ours, 1, false, org), RESULT_PASS);
	assert_int_equal(result_verdict(&below, 1, false, org), RESULT_NONE);
	assert_int_equal(result_verdict(&nobody, 1, false, org), RESULT_NONE);
	assert_int_equal(result_verdict(&fail, 1, false, org), RESULT_FAIL);
	list[0] = below;
	list[1] = fail;
	assert_int_equal(result_verdict(list, 2, false, org), RESULT_FAIL);
	list[1] = ours;
	assert_int_equal(result_verdict(list, 2, false, org), RESULT_PASS);
	assert_int_equal(result_verdict(list, 2, true, org), RESULT_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_code_has_its_name_and_exit_status),
	    cmocka_unit_test(other_names_are_no_codes),
	    cmocka_unit_test(notes_and_properties_keep_their_order),
	    cmocka_unit_test(no_result_at_all_is_none),
	    cmocka_unit_test(one_result_is_the_verdict),
	    cmocka_unit_test(
		without_a_pass_the_strongest_is_the_verdict_in_any_order),
	    cmocka_unit_test(one_pass_is_enough_unless_all_must_pass),
	    cmocka_unit_test(only_a_pass_of_the_required_domain_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
