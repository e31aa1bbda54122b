/* fixture_arena: an arena as the state of each test. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_ARENA_H
#define FIXTURE_ARENA_H

#include "unit.h"

#include "base/arena.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static inline int
setup(void **state)
{
	*state = arena_new();
	return 0;
}

static inline int
teardown(void **state)
{
	arena_free(*state);
	return 0;
}

#endif
