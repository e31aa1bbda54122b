/* header_search_internal: the state of a search. For the files of header_search
 * alone. */
/* SPDX-License-Identifier: ISC */
#ifndef HEADER_SEARCH_INTERNAL_H
#define HEADER_SEARCH_INTERNAL_H

#include "repair/header_internal.h"

#include "base/siphash.h"

/* What repairs propose: a set of changes, and which repairs made it. */
struct header_candidate {
	struct header_set set;
	const struct header_repair *repairs[REPAIR_DEPTH]; /* in their order */
	unsigned cost; /* how many repairs there are */
	unsigned rank; /* the sum of theirs, more for a late proposal */
	size_t sequence;
	/* If it only gives a field another text: the index of the field, else
	 * SIZE_MAX; the text after each repair, and its canonical form. */
	size_t index;
	struct span texts[REPAIR_DEPTH];
	struct span canonical;
	/* If it changes several fields alike: what gives each its text, by
	 * index; else NULL. */
	const struct header_candidate *const *members;
	size_t nmembers;
	struct header_candidate *next; /* in its bucket */
};

/* Proposals are found again by their text in that many buckets. */
#define HEADER_SEARCH_BUCKETS 4096

struct header_search {
	const struct header *h;
	const struct header_repair *const *tables;
	struct budget *budget;
	struct header_try *try;
	struct arena *arena;   /* of what lives as long as the search */
	struct arena *scratch; /* of what one repair makes */
	/* By cost, sorted by rank. */
	struct header_candidate **level[REPAIR_DEPTH + 1];
	size_t nlevel[REPAIR_DEPTH + 1];
	size_t candidates, octets; /* of all levels */
	uint64_t allowance;        /* octets of the budget for proposals */
	struct siphash_key key;
	struct header_candidate *buckets[HEADER_SEARCH_BUCKETS];
};

/* Finds the candidates of a cost; those of lower costs are known. */
void header_search_propose(struct header_search *s, unsigned cost);

/* Describes what was found. */
struct header_found header_search_result(const struct header *h,
    const struct header_candidate *const *found, size_t n, struct arena *a);

#endif
