/* repair: the budget of a search. */
/* SPDX-License-Identifier: ISC */

#include "repair/repair.h"

bool
budget_take(struct budget *b, uint64_t octets)
{
	if (b->octets < BUDGET_TRY || b->octets - BUDGET_TRY < octets) {
		b->spent = true;
		return false;
	}
	b->octets -= octets + BUDGET_TRY;
	b->tries++;
	return true;
}

bool
budget_work(struct budget *b, uint64_t octets)
{
	bool is_enough = octets <= b->octets;

	b->octets -= is_enough ? octets : b->octets;
	b->spent = b->spent || !is_enough;
	return is_enough;
}
