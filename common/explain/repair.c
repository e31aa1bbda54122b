/* repair: the budget of a search. */
/* SPDX-License-Identifier: ISC */

#include "explain/repair.h"

bool
budget_take(struct budget *b, uint64_t octets)
{
	uint64_t cost = octets + BUDGET_TRY;

	if (cost > b->octets) {
		b->spent = true;
		return false;
	}
	b->octets -= cost;
	b->tries++;
	return true;
}
