/* repair: the budget of a search, and what helps against what it found. */
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

enum repair_advice
repair_advice_of(const struct repair *r)
{
	return r->kind->advice == REPAIR_ADVICE_LIST &&
		dkim_never_signed(r->name)
	    ? REPAIR_ADVICE_TRACE
	    : r->kind->advice;
}
