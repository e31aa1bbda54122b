/* test_repair: the budget of a search. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "repair/repair.h"

static void
a_try_costs_its_octets_and_a_block(void **state)
{
	struct budget b = {.octets = 1000 + BUDGET_TRY};

	(void)state;
	assert_true(budget_take(&b, 400));
	assert_int_equal(b.octets, 600);
	assert_int_equal(b.tries, 1);
	assert_false(b.spent);
}

static void
a_budget_allows_what_it_has_and_no_octet_more(void **state)
{
	struct budget b = {.octets = 100 + BUDGET_TRY};

	(void)state;
	assert_false(budget_take(&b, 101));
	assert_true(b.spent);
	assert_int_equal(b.octets, 100 + BUDGET_TRY);
	assert_int_equal(b.tries, 0);
	assert_true(budget_take(&b, 100));
	assert_int_equal(b.octets, 0);
	assert_false(budget_take(&b, 0));
	assert_int_equal(b.tries, 1);
}

static void
no_number_of_octets_is_taken_for_a_small_one(void **state)
{
	struct budget b = {.octets = 10000};

	(void)state;
	assert_false(budget_take(&b, UINT64_MAX));
	assert_false(budget_take(&b, UINT64_MAX - BUDGET_TRY + 1));
	assert_int_equal(b.octets, 10000);
	b.octets = BUDGET_TRY - 1;
	assert_false(budget_take(&b, 0));
}

static void
work_is_taken_and_is_not_a_try(void **state)
{
	struct budget b = {.octets = 10};

	(void)state;
	assert_true(budget_work(&b, 4));
	assert_true(budget_work(&b, 6));
	assert_false(b.spent);
	assert_int_equal(b.octets, 0);
	b.octets = 10;
	assert_false(budget_work(&b, 11));
	assert_true(b.spent);
	assert_int_equal(b.octets, 0);
	assert_int_equal(b.tries, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_try_costs_its_octets_and_a_block),
	    cmocka_unit_test(a_budget_allows_what_it_has_and_no_octet_more),
	    cmocka_unit_test(no_number_of_octets_is_taken_for_a_small_one),
	    cmocka_unit_test(work_is_taken_and_is_not_a_try),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
